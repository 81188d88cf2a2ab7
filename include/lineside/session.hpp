#pragma once

#include <lineside/contact.hpp>
#include <lineside/id.hpp>
#include <lineside/page.hpp>
#include <lineside/permission.hpp>
#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

struct sign_in_request {
    std::string email{};
    secret password{};
    secret code{};           ///< of the authenticator, or a recovery code; where two-factor is on
    std::string source_ip{}; ///< where they call from, as far as the host knows
    std::string user_agent{};
};

/// A signed-in contact. Ends after 30 minutes without use and 12 hours in any case.
struct session {
    std::string id{};
    account_id account{};
    contact_id contact{};
    instant created_at{};
    instant last_used_at{};
    instant expires_at{};
    std::string source_ip{};
    std::string user_agent{};
    bool current = false; ///< the one that asks

    bool operator==(const session&) const = default;
};

/// What signing in gives. The token is shown once: a credential for `portal::as`.
struct session_grant {
    secret token{};
    lineside::session session{};
    lineside::contact contact{};
};

enum class sign_out_scope : std::uint8_t { current, others, all, one };

[[nodiscard]] LINESIDE_API std::string_view to_string(sign_out_scope s) noexcept;

struct sign_out_request {
    account_id account{};
    contact_id contact{}; ///< for the operator: whose
    sign_out_scope scope = sign_out_scope::current;
    std::string session{}; ///< of `one`
};

struct sign_out_report {
    std::uint32_t ended = 0;

    bool operator==(const sign_out_report&) const = default;
};

struct identity_query {};

/// Whose portal this is.
struct identity {
    std::string kind{};   ///< "operator", "contact" or "key"
    account_id account{}; ///< empty: the operator
    std::optional<lineside::contact> contact{};
    std::string session{};                 ///< its id, where a contact signed in
    std::string key{};                     ///< its id, where an API key asks
    std::vector<permission> permissions{}; ///< what it may do now

    bool operator==(const identity&) const = default;
};

struct password_change {
    account_id account{};
    contact_id contact{};
    secret old_password{};
    secret new_password{};
    sign_out_scope sign_out = sign_out_scope::others; ///< which sessions end: current is none but this
};

/// The operator gives a contact a first or new password; its sessions end.
struct password_setting {
    account_id account{};
    contact_id contact{};
    secret password{};
};

/// Mails a link's token to the login if there is one; the answer is the same where there is none.
struct password_reset_request {
    std::string email{};
    std::string source_ip{};
};

struct password_reset {
    secret token{};
    secret new_password{};
    secret code{}; ///< where two-factor is on
    std::string source_ip{};
};

} // namespace lineside
