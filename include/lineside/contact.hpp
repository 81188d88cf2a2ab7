#pragma once

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

enum class contact_status : std::uint8_t {
    active,
    disabled, ///< cannot sign in; sessions have ended
};

[[nodiscard]] LINESIDE_API std::string_view to_string(contact_status s) noexcept;

/// A person at a customer who may sign in to the portal. Texts are UTF-8 without control characters, at most 256 bytes.
struct contact {
    account_id account{};
    contact_id id{}; ///< assigned by the engine
    // The profile: what the contact edits.
    std::string name{};
    std::string email{}; ///< the login; unique among all contacts of the operator, letter case ignored
    std::string department{};
    std::string phone{};  ///< E.164, `+49301234567`, or empty
    std::string mobile{}; ///< likewise

    std::string pending_email{}; ///< wanted as the new login, once verified
    bool email_verified = false;
    bool mobile_verified = false;
    std::string language{};  ///< BCP 47; empty: the company's
    std::string time_zone{}; ///< IANA; empty: the company's
    lineside::role role = role::viewer;
    std::vector<permission> grants{};       ///< beside those of the role
    std::vector<permission> denials{};      ///< taken from those of the role
    std::vector<std::string> allowed_ips{}; ///< addresses and networks (CIDR) to sign in from; empty: any
    contact_status status = contact_status::active;
    bool two_factor = false;
    instant created_at{};

    bool operator==(const contact&) const = default;
};

/// A new contact. Without a password it is invited: `request_password_reset` lets it choose one.
struct contact_create {
    account_id account{};
    std::string name{};
    std::string email{};
    std::string department{};
    std::string phone{};
    std::string mobile{};
    std::string language{};
    std::string time_zone{};
    lineside::role role = role::viewer;
    std::vector<permission> grants{};
    std::vector<permission> denials{};
    std::vector<std::string> allowed_ips{};
    secret password{}; ///< empty: none yet
};

/// One contact.
struct contact_key {
    account_id account{};
    contact_id contact{};
};

/// Which contacts of an account to list, oldest first.
struct contact_query {
    account_id account{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

/// What whoever manages contacts changes of one; what is unset stays. The profile is the contact's own.
struct contact_update {
    account_id account{};
    contact_id contact{};
    std::optional<lineside::role> role{};
    std::optional<std::vector<permission>> grants{};
    std::optional<std::vector<permission>> denials{};
    std::optional<std::vector<std::string>> allowed_ips{};
    std::optional<contact_status> status{};
};

/// What a contact changes of itself; what is unset stays. `contact` is for the operator, who edits for somebody.
struct profile_update {
    account_id account{};
    contact_id contact{};
    std::optional<std::string> name{};
    std::optional<std::string> email{}; ///< stays pending until verified; needs `password`
    std::optional<std::string> department{};
    std::optional<std::string> phone{};
    std::optional<std::string> mobile{}; ///< a new one is not verified
    secret password{};
};

struct preferences_update {
    account_id account{};
    contact_id contact{};
    std::optional<std::string> language{};  ///< BCP 47; empty: back to the company's
    std::optional<std::string> time_zone{}; ///< IANA; empty: back to the company's
};

} // namespace lineside
