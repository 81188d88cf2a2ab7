#pragma once

#include <lineside/contact.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

enum class severity : std::uint8_t { info, warning, error };

[[nodiscard]] LINESIDE_API std::string_view to_string(severity s) noexcept;

struct checklist_query {
    account_id account{};
    contact_id contact{};   ///< for the operator: as whom to look; empty: the account's items alone
    std::string language{}; ///< BCP 47; empty: the contact's
};

/// Something that waits for the customer.
struct checklist_item {
    std::string code{}; ///< stable: "verify_email"
    lineside::severity severity = severity::info;
    std::string text{};   ///< in the language asked for
    std::string remedy{}; ///< what to do about it, likewise

    bool operator==(const checklist_item&) const = default;
};

/// Computed when asked, most severe first.
struct checklist {
    account_id account{};
    std::string language{}; ///< of the texts
    std::vector<checklist_item> items{};

    bool operator==(const checklist&) const = default;
};

} // namespace lineside
