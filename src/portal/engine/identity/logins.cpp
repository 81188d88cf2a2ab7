#include "portal/engine/identity/logins.hpp"

#include <lineside/error.hpp>

#include "portal/engine/identity/identity_state.hpp"
#include "portal/engine/identity/proof.hpp"
#include "portal/engine/identity/sessions.hpp"
#include "portal/engine/records.hpp"

#include <algorithm>
#include <utility>

// What proves who a contact is, for those who keep contacts.
namespace lineside {

login_record login_of(store::snapshot& db, std::uint32_t account_key, std::string_view contact) {
    auto kept = find<login_record>(db, account_key, contact);
    if (kept)
        return *std::move(kept);
    login_record l;
    l.id = contact;
    return l;
}

bool has_two_factor(store::snapshot& db, std::uint32_t account_key, std::string_view contact) {
    return !login_of(db, account_key, contact).totp.empty();
}

std::size_t recovery_codes_left(store::snapshot& db, std::uint32_t account_key, std::string_view contact) {
    const auto codes = login_of(db, account_key, contact).recovery;
    return static_cast<std::size_t>(
        std::count_if(codes.begin(), codes.end(), [](const std::string& c) { return !c.empty(); }));
}

new_password checked_password(engine_core& core, const secret& password, rules::second_factor factor,
                              const contact_record& who, const account& company, const char* field) {
    const rules::own_text own[] = {
        {who.email, "the e-mail address"},
        {who.name, "the person's name"},
        {company.name, "the company's name"},
        {company.id.value(), "the account's name"},
    };
    if (const auto fault = rules::password_fault(password.reveal(), factor, own); !fault.empty())
        throw error(errc::invalid_argument, fault, field);
    return {core.identity->hash(password.reveal()), !rules::is_long_enough_alone(password.reveal())};
}

void give_password(store::transaction& tx, login_record& l, const new_password& password) {
    l.password = password.phc;
    l.short_password = password.is_short;
    l.strange = {};
    l.familiar = {};
    if (!l.reset.empty())
        tx.release_name(reset_space, l.reset);
    l.reset.clear();
    l.reset_failures = 0;
}

void put_password(store::transaction& tx, std::uint32_t account_key, std::string_view contact,
                  const new_password& password) {
    auto l = login_of(tx, account_key, contact);
    give_password(tx, l, password);
    put(tx, account_key, l);
}

void confirm_password(engine_core& core, const principal& who, const secret& password) {
    if (who.kind != principal::kind::contact)
        return;
    (void)prove(core, who, "confirm_password", who.account, contact_id(who.contact),
                {password.reveal(), {}, who.source_ip}, proof_needed::password,
                [](store::transaction&, const known_contact&, const login_record&) { return true; });
}

std::size_t end_sessions(store::transaction& tx, std::uint32_t account_key, std::string_view contact) {
    const auto all = sessions_of(tx, account_key, contact);
    for (const auto& s : all)
        end_session(tx, account_key, s);
    return all.size();
}

} // namespace lineside
