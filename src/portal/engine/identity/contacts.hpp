#pragma once

#include <lineside/account.hpp>
#include <lineside/contact.hpp>
#include <lineside/permission.hpp>
#include <lineside/time.hpp>

#include "portal/engine/identity/principal.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// A person of a customer, as the database keeps them. The password and what else proves who they are live elsewhere.
struct contact_record {
    static constexpr std::string_view kind = "contact";

    std::string id{}; ///< "c-..."
    std::string name{};
    std::string email{}; ///< the login, as it was typed; in the space "login" it stands folded
    std::string department{};
    std::string phone{};
    std::string mobile{};
    std::string pending_email{}; ///< becomes `email` once it is verified; claims nothing until then
    std::optional<instant> email_verified_at{};
    std::optional<instant> mobile_verified_at{};
    std::string language{};  ///< BCP 47; empty: the company's
    std::string time_zone{}; ///< IANA; empty: the company's
    lineside::role role = lineside::role::viewer;
    std::vector<permission> grants{};       ///< beyond the role
    std::vector<permission> denials{};      ///< of the role and the grants
    std::vector<std::string> allowed_ips{}; ///< addresses and prefixes to sign in from; empty: from anywhere
    contact_status status = contact_status::active;
    instant created_at{};

    [[nodiscard]] bool is_active() const noexcept { return status == contact_status::active; }
    bool operator==(const contact_record&) const = default;
};

/// What a contact may do: role, grants, denials, less what its company is not given.
[[nodiscard]] permission_set permissions_of(const contact_record& c, const account& company);

[[nodiscard]] std::optional<contact_record> find_contact(store::snapshot& db, std::uint32_t account_key,
                                                         std::string_view id);

/// The spelling under which an e-mail address is a name in the space `login_space`: letters of ASCII in lower case.
[[nodiscard]] std::string login_name(std::string_view email);
inline constexpr std::string_view login_space = "login";

/// Makes the e-mail address the contact's login. False: it is somebody else's.
[[nodiscard]] bool claim_login(store::transaction& tx, std::uint32_t account_key, std::string_view contact,
                               std::string_view email);

struct contact_of_account {
    std::uint32_t account_key = 0;
    contact_record contact{};
};

/// Whose login the e-mail address is, disabled contacts included.
[[nodiscard]] std::optional<contact_of_account> contact_of_login(store::snapshot& db, std::string_view email);

/// A contact and its company.
struct known_contact {
    store::account_row account{};
    contact_record contact{};
};

/// Of the account. Errors: not_found.
[[nodiscard]] known_contact contact_named(store::snapshot& db, const account_id& account, const contact_id& contact);

/// Whom a request is about that people make about themselves: the contact that asks; of the operator, the one it names.
/// Errors: not_found (also somebody else), invalid_argument (the operator names nobody), permission_denied (an API key
/// is nobody).
[[nodiscard]] known_contact contact_asked_about(store::snapshot& db, const principal& who, const account_id& account,
                                                const contact_id& contact);

/// As the portal shows it.
[[nodiscard]] contact shown(store::snapshot& db, const store::account_row& account, const contact_record& c);

/// Of texts for the contact: its own, else the company's, as far as there are texts in it.
[[nodiscard]] std::string_view language_of(const known_contact& known);

/// Reads what a contact may be: throws invalid_argument with the field. Puts numbers and tags into their usual form.
void check_name(std::string_view name);
void check_email(std::string_view email);
[[nodiscard]] std::string checked_text(std::string text, const char* field);
[[nodiscard]] std::string checked_phone(std::string_view text, const char* field);
[[nodiscard]] std::string checked_language(std::string_view text);
[[nodiscard]] std::string checked_time_zone(std::string text);

} // namespace lineside
