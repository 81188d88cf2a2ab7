#pragma once

#include <lineside/contact.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lineside {

enum class contact_address : std::uint8_t { email, mobile };

[[nodiscard]] LINESIDE_API std::string_view to_string(contact_address a) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<contact_address> parse_contact_address(std::string_view text);

/// Sends a code of 6 digits, good for 10 minutes and 5 tries; at most one a minute.
struct verification_request {
    account_id account{};
    contact_id contact{};
    contact_address address = contact_address::email;
};

struct verification_sent {
    std::string to{}; ///< the address, in part
    instant expires_at{};

    bool operator==(const verification_sent&) const = default;
};

struct verification_answer {
    account_id account{};
    contact_id contact{};
    contact_address address = contact_address::email;
    secret code{}; ///< empty: the operator vouches for the address
};

} // namespace lineside
