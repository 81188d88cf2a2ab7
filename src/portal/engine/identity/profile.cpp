#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/records.hpp"

#include <utility>

// What a contact keeps of itself.
namespace lineside {

namespace {

class edit {
public:
    void set(std::string& to, std::string from, const char* name) {
        if (from == to)
            return;
        to = std::move(from);
        say(name);
    }
    void say(const char* name) {
        changed_ += changed_.empty() ? "" : ", ";
        changed_ += name;
    }
    [[nodiscard]] const std::string& changed() const noexcept { return changed_; }

private:
    std::string changed_;
};

// The address is the login there is, or was a moment ago.
void give_up_pending(contact_record& c, const std::string& email, edit& e) {
    if (login_name(email) != login_name(c.email))
        throw error(errc::unauthenticated, "the login has just changed: another one needs the password", "password");
    e.set(c.pending_email, {}, "pending_email");
}

// A contact's new login waits until it is verified; the operator's word is enough, as it is for a new contact.
void want_email(store::transaction& tx, const principal& who, std::uint32_t account, contact_record& c,
                const std::string& email, edit& e) {
    const auto owner = tx.find_name(login_space, login_name(email));
    if (owner && *owner != store::name_owner{account, c.id})
        throw error(errc::conflict, "this e-mail address is a login already", "email");
    if (!who.is_operator()) {
        e.set(c.pending_email, email, "pending_email");
        return;
    }
    const auto before = login_name(c.email);
    (void)claim_login(tx, account, c.id, email);
    if (before != login_name(email))
        tx.release_name(login_space, before);
    c.pending_email.clear();
    c.email_verified_at.reset();
    e.set(c.email, email, "email");
}

} // namespace

contact desk::get_profile(contact_key request) {
    const auto db = core_.db->read();
    const auto known = contact_asked_about(*db, who_, request.account, request.contact);
    return shown(*db, known.account, known.contact);
}

contact desk::update_profile(profile_update request) {
    if (request.name)
        check_name(*request.name);
    bool confirmed = false;
    if (request.email) {
        check_email(*request.email);
        // Forms send what was not edited too: only a new address asks for the password.
        const auto known = contact_asked_about(*core_.db->read(), who_, request.account, request.contact);
        confirmed = login_name(*request.email) != login_name(known.contact.email);
        if (confirmed)
            confirm_password(core_, who_, request.password);
    }
    return change([&](store::transaction& tx) {
        auto [account, c] = contact_asked_about(tx, who_, request.account, request.contact);
        check_unchanged([&tx, &account = account, &c = c] { return shown(tx, account, c); });
        edit e;
        if (request.name)
            e.set(c.name, *std::move(request.name), "name");
        if (request.department)
            e.set(c.department, checked_text(*std::move(request.department), "department"), "department");
        if (request.phone)
            e.set(c.phone, checked_phone(*request.phone, "phone"), "phone");
        if (request.mobile) {
            auto mobile = checked_phone(*request.mobile, "mobile");
            if (mobile != c.mobile)
                c.mobile_verified_at.reset();
            e.set(c.mobile, std::move(mobile), "mobile");
        }
        if (request.email && !confirmed)
            give_up_pending(c, *request.email, e);
        else if (request.email)
            want_email(tx, who_, account.key, c, *request.email, e);
        put(tx, account.key, c);
        note(tx, account.key, {.action = "update_profile", .target = c.id, .detail = e.changed()});
        return shown(tx, account, c);
    });
}

contact desk::set_preferences(preferences_update request) {
    return change([&](store::transaction& tx) {
        auto [account, c] = contact_asked_about(tx, who_, request.account, request.contact);
        check_unchanged([&tx, &account = account, &c = c] { return shown(tx, account, c); });
        edit e;
        if (request.language)
            e.set(c.language, checked_language(*request.language), "language");
        if (request.time_zone)
            e.set(c.time_zone, checked_time_zone(*std::move(request.time_zone)), "time_zone");
        put(tx, account.key, c);
        note(tx, account.key, {.action = "set_preferences", .target = c.id, .detail = e.changed()});
        return shown(tx, account, c);
    });
}

} // namespace lineside
