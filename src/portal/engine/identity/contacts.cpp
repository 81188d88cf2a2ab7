#include "portal/engine/identity/contacts.hpp"

#include <lineside/error.hpp>

#include "cdr/base.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/records.hpp"
#include "portal/engine/texts.hpp"
#include "rules/bcp47.hpp"
#include "rules/calendar.hpp"
#include "rules/email.hpp"
#include "rules/phone.hpp"

#include <algorithm>
#include <utility>

// Contacts: the people of a customer.
namespace lineside {

namespace {

constexpr std::size_t longest_text = 256;

} // namespace

permission_set permissions_of(const contact_record& c, const account& company) {
    return ((permissions_of(c.role) | permission_set(c.grants)) - permission_set(c.denials)) -
           permission_set(company.withheld);
}

std::optional<contact_record> find_contact(store::snapshot& db, std::uint32_t account_key, std::string_view id) {
    return find<contact_record>(db, account_key, id);
}

std::string login_name(std::string_view email) {
    std::string name(email);
    // Of ASCII alone: beyond it a server may tell letters apart, and folding must never make two people one.
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return name;
}

bool claim_login(store::transaction& tx, std::uint32_t account_key, std::string_view contact, std::string_view email) {
    return tx.claim_name(login_space, login_name(email), {account_key, std::string(contact)});
}

std::optional<contact_of_account> contact_of_login(store::snapshot& db, std::string_view email) {
    const auto owner = db.find_name(login_space, login_name(email));
    if (!owner)
        return std::nullopt;
    return contact_of_account{owner->account, find_contact(db, owner->account, owner->id).value()};
}

known_contact contact_named(store::snapshot& db, const account_id& account, const contact_id& contact) {
    auto row = db.find_account(account.value());
    if (!row)
        throw error(errc::not_found, "there is no account '" + account.value() + "'", "account");
    auto found = find_contact(db, row->key, contact.value());
    if (!found)
        throw error(errc::not_found, "there is no contact '" + contact.value() + "'", "contact");
    return {*std::move(row), *std::move(found)};
}

known_contact contact_asked_about(store::snapshot& db, const principal& who, const account_id& account,
                                  const contact_id& contact) {
    if (who.kind == principal::kind::key)
        throw error(errc::permission_denied, "an API key is no contact");
    if (who.kind == principal::kind::contact) {
        if (!contact.empty() && contact.value() != who.contact)
            throw error(errc::not_found, "there is no contact '" + contact.value() + "'", "contact");
        return contact_named(db, who.account, contact_id(who.contact));
    }
    if (contact.empty())
        throw error(errc::invalid_argument, "which contact?", "contact");
    return contact_named(db, account, contact);
}

contact shown(store::snapshot& db, const store::account_row& account, const contact_record& c) {
    contact x;
    x.account = account.value.id;
    x.id = contact_id(c.id);
    x.name = c.name;
    x.email = c.email;
    x.department = c.department;
    x.phone = c.phone;
    x.mobile = c.mobile;
    x.pending_email = c.pending_email;
    x.email_verified = c.email_verified_at.has_value();
    x.mobile_verified = c.mobile_verified_at.has_value();
    x.language = c.language;
    x.time_zone = c.time_zone;
    x.role = c.role;
    x.grants = c.grants;
    x.denials = c.denials;
    x.allowed_ips = c.allowed_ips;
    x.status = c.status;
    x.two_factor = has_two_factor(db, account.key, c.id);
    x.created_at = c.created_at;
    return x;
}

std::string_view language_of(const known_contact& known) {
    return text_language(known.contact.language.empty() ? known.account.value.language : known.contact.language);
}

void check_name(std::string_view name) {
    if (name.empty())
        throw error(errc::invalid_argument, "a contact has a name", "name");
    if (const auto* bad = cdr::check_text(name, longest_text); bad != nullptr)
        throw error(errc::invalid_argument, "the name " + std::string(bad), "name");
}

void check_email(std::string_view email) {
    const auto* bad = rules::email_fault(email);
    if (bad == nullptr)
        bad = cdr::check_text(email, longest_text);
    if (bad != nullptr)
        throw error(errc::invalid_argument, "the e-mail address " + std::string(bad), "email");
}

std::string checked_text(std::string text, const char* field) {
    if (const auto* bad = cdr::check_text(text, longest_text); bad != nullptr)
        throw error(errc::invalid_argument, std::string(field) + " " + bad, field);
    return text;
}

std::string checked_phone(std::string_view text, const char* field) {
    if (text.empty())
        return {};
    auto number = rules::parse_phone(text);
    if (!number)
        throw error(errc::invalid_argument, number.error().details.message, field);
    return *std::move(number);
}

std::string checked_language(std::string_view text) {
    return text.empty() ? std::string() : rules::parse_language(text).value();
}

std::string checked_time_zone(std::string text) {
    if (!text.empty() && !rules::zone::find(text))
        throw error(errc::invalid_argument, "there is no time zone '" + text + "'", "time_zone");
    return text;
}

} // namespace lineside
