#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/records.hpp"
#include "rules/ip_range.hpp"

#include <algorithm>
#include <utility>

// What the operator and those who manage contacts do with them.
namespace lineside {

namespace {

constexpr std::size_t most_contacts = 5'000; // of one account
constexpr std::size_t most_allowed_ips = 100;

/// Role and overrides alone: what stays given should the company be given more.
permission_set own_permissions(const contact_record& c) {
    return (permissions_of(c.role) | permission_set(c.grants)) - permission_set(c.denials);
}

/// What the asker can hand on. Read in the transaction: the asker may have been changed a moment ago.
permission_set can_give(store::snapshot& db, const principal& who) {
    if (who.kind != principal::kind::contact)
        return who.may;
    const auto asker = find_contact(db, who.account_key, who.contact).value();
    if (asker.status != contact_status::active)
        throw error(errc::unauthenticated, "sign in again");
    const auto own = own_permissions(asker);
    if (!own.contains(permission::manage_contacts))
        throw error(errc::permission_denied, "managing contacts is not permitted to " + who.label());
    return own;
}

void check_not_above(permission_set wanted, permission_set most, std::string_view what) {
    const auto beyond = wanted - most;
    if (beyond.empty())
        return;
    throw error(errc::permission_denied,
                std::string(what) + ", such as " + std::string(to_string(beyond.list().front())), "role");
}

std::vector<std::string> checked_ranges(std::vector<std::string> ranges) {
    if (ranges.size() > most_allowed_ips)
        throw error(errc::invalid_argument, "an allow-list has at most 100 entries", "allowed_ips");
    for (const auto& r : ranges)
        if (!rules::parse_ip_range(r))
            throw error(errc::invalid_argument,
                        "'" + r.substr(0, 64) + "' is not an IP address or a network such as 192.0.2.0/24",
                        "allowed_ips");
    return ranges;
}

std::vector<permission> tidied(const std::vector<permission>& list) { return permission_set(list).list(); }

/// Somebody who can mend what others break.
bool is_administrator(const contact_record& c) {
    return c.status == contact_status::active && c.role == role::administrator &&
           own_permissions(c).contains(permission::manage_contacts);
}

bool has_other_administrator(store::snapshot& db, std::uint32_t account, const std::string& than) {
    bool found = false;
    each<contact_record>(db, account, {}, store::scan_order::ascending, [&](const contact_record& c) {
        found = c.id != than && is_administrator(c);
        return !found;
    });
    return found;
}

void check_room(store::snapshot& db, std::uint32_t account) {
    std::size_t count = 0;
    db.scan_records(account, contact_record::kind, {}, store::scan_order::ascending,
                    [&](const store::stored_record&) { return ++count < most_contacts; });
    if (count >= most_contacts)
        throw error(errc::exhausted, "an account has at most 5000 contacts");
}

contact_record record_of(contact_create& request, instant now) {
    contact_record c;
    check_name(request.name);
    check_email(request.email);
    c.id = new_id("c", now);
    c.name = std::move(request.name);
    c.email = std::move(request.email);
    c.department = checked_text(std::move(request.department), "department");
    c.phone = checked_phone(request.phone, "phone");
    c.mobile = checked_phone(request.mobile, "mobile");
    c.language = checked_language(request.language);
    c.time_zone = checked_time_zone(std::move(request.time_zone));
    c.role = request.role;
    c.grants = tidied(request.grants);
    c.denials = tidied(request.denials);
    c.allowed_ips = checked_ranges(std::move(request.allowed_ips));
    c.created_at = now;
    return c;
}

template <class T>
void set(T& to, std::optional<T>& from, const char* name, std::string& changed) {
    if (!from || *from == to)
        return;
    to = std::move(*from);
    changed += changed.empty() ? "" : ", ";
    changed += name;
}

void apply(contact_update& request, contact_record& c, std::string& changed) {
    if (request.role && *request.role != c.role) {
        changed = "role " + std::string(to_string(c.role)) + " to " + std::string(to_string(*request.role));
        c.role = *request.role;
    }
    if (request.grants)
        request.grants = tidied(*request.grants);
    if (request.denials)
        request.denials = tidied(*request.denials);
    if (request.allowed_ips)
        request.allowed_ips = checked_ranges(*std::move(request.allowed_ips));
    set(c.grants, request.grants, "grants", changed);
    set(c.denials, request.denials, "denials", changed);
    set(c.allowed_ips, request.allowed_ips, "allowed_ips", changed);
    if (request.status && *request.status != c.status) {
        c.status = *request.status;
        changed += (changed.empty() ? "" : ", ") + std::string(to_string(c.status));
    }
}

} // namespace

kept_answer<contact> desk::create_contact(contact_create request) {
    auto c = record_of(request, now_);
    const bool with_password = !request.password.empty();
    new_password password;
    if (with_password) {
        const auto company = account_named(request.account);
        password = checked_password(core_, request.password, rules::second_factor::off, c, company->value, "password");
    }
    return change([&](store::transaction& tx) {
        const auto account = account_named(tx, request.account);
        check_not_above(own_permissions(c), can_give(tx, who_), "a contact is given no more than its giver has");
        check_room(tx, account.key);
        if (!claim_login(tx, account.key, c.id, c.email))
            throw error(errc::conflict, "this e-mail address is a login already", "email");
        put(tx, account.key, c);
        if (with_password)
            put_password(tx, account.key, c.id, password);
        note(tx, account.key,
             {.action = "create_contact", .target = c.id, .detail = "role " + std::string(to_string(c.role))});
        return keep(tx, shown(tx, account, c));
    });
}

contact desk::get_contact(contact_key request) {
    const auto db = core_.db->read();
    const auto known = contact_named(*db, request.account, request.contact);
    return shown(*db, known.account, known.contact);
}

page<contact> desk::list_contacts(contact_query request) {
    if (request.limit < 1 || request.limit > 1'000)
        throw error(errc::invalid_argument, "a page has 1 to 1000 contacts", "limit");
    const auto db = core_.db->read();
    const auto account = account_named(*db, request.account);
    std::vector<contact_record> records;
    each<contact_record>(*db, account.key, {request.cursor, {}}, store::scan_order::ascending, [&](contact_record c) {
        records.push_back(std::move(c));
        return records.size() <= request.limit;
    });
    page<contact> answer;
    if (records.size() > request.limit) {
        records.pop_back();
        answer.next = records.back().id;
    }
    answer.items.reserve(records.size());
    for (const auto& c : records)
        answer.items.push_back(shown(*db, account, c));
    return answer;
}

contact desk::update_contact(contact_update request) {
    return change([&](store::transaction& tx) {
        auto [account, c] = contact_named(tx, request.account, request.contact);
        const auto most = can_give(tx, who_);
        check_not_above(own_permissions(c), most, "this contact may do what you may not");
        check_unchanged([&tx, &account = account, &c = c] { return shown(tx, account, c); });
        const bool was_administrator = is_administrator(c);
        std::string changed;
        apply(request, c, changed);
        check_not_above(own_permissions(c), most, "a contact is given no more than its giver has");
        if (was_administrator && !is_administrator(c) && !who_.is_operator() &&
            !has_other_administrator(tx, account.key, c.id))
            throw error(errc::conflict, "this is the last administrator; make somebody else one first");
        put(tx, account.key, c);
        if (c.status == contact_status::disabled)
            (void)end_sessions(tx, account.key, c.id);
        note(tx, account.key, {.action = "update_contact", .target = c.id, .detail = changed});
        return shown(tx, account, c);
    });
}

} // namespace lineside
