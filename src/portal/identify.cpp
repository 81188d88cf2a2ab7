#include "portal/access_log.hpp"
#include "portal/api_keys.hpp"
#include "portal/engine_core.hpp"
#include "portal/principal.hpp"
#include "portal/proof.hpp"
#include "portal/sessions.hpp"
#include "rules/credentials.hpp"
#include "rules/ip_range.hpp"
#include "rules/session_life.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <optional>
#include <utility>

// Whom a credential stands for.
namespace lineside {

namespace {

/// What came of a look at the database.
struct finding {
    principal who;
    const char* refusal = nullptr;  ///< why it is nobody; null: it is somebody
    std::string credential{};       ///< which one, where it is known: the id of its document
    std::optional<instant> written; ///< its last use as the database knows it
    instant until = instant::max(); ///< when it ends if it is not used again
};

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// In which order things are refused is part of what a refusal tells: first what only the owner of the secret can learn.
finding find_session(engine_core& core, store::snapshot& db, std::string_view token, finding f, instant now) {
    f.refusal = "the credential is not known";
    const auto owner = db.find_name(session_space, to_hex(digest_of(token)));
    const auto s = owner ? find<session_record>(db, owner->account, owner->id) : std::nullopt;
    const auto contact = s ? find_contact(db, owner->account, s->contact()) : std::nullopt;
    if (!contact)
        return f;
    const auto row = db.account_by_key(owner->account);
    f.credential = s->id;
    f.written = s->last_used_at;
    f.until = rules::session_end(s->created_at, last_use_of(*core.identity, *s));
    f.who.account = row.value.id;
    f.who.account_key = row.key;
    f.who.contact = contact->id;
    f.who.session = s->public_id();
    f.who.may = permissions_of(*contact, row.value);
    if (!rules::is_session_live(s->created_at, last_use_of(*core.identity, *s), now))
        f.refusal = "the session has ended; sign in again";
    else if (row.value.status != account_status::active)
        f.refusal = "the account is disabled";
    else if (!contact->is_active()) // unreachable: disabling a contact ends its sessions
        f.refusal = "the login is disabled";
    else if (!rules::lets_in(contact->allowed_ips, f.who.source_ip))
        f.refusal = "this login is not used from here";
    else {
        f.refusal = nullptr;
        f.who.kind = principal::kind::contact;
    }
    return f;
}

finding find_key(store::snapshot& db, std::string_view text, finding f, instant now) {
    f.refusal = "the credential is not known";
    const auto parsed = rules::parse_api_key(text);
    const auto owner = parsed ? db.find_name(key_space, parsed->id) : std::nullopt;
    const auto k = owner ? find<key_record>(db, owner->account, owner->id) : std::nullopt;
    if (!k)
        return f;
    const auto digest = to_hex(digest_of(text));
    const bool present = same(digest, k->digest);
    const bool previous = same(digest, k->previous_digest);
    if (!present && !previous)
        return f;
    account company;
    if (owner->account != 0)
        company = db.account_by_key(owner->account).value;
    f.credential = k->id;
    f.written = k->last_used_at.value_or(instant::min());
    f.until = k->expires_at.value_or(instant::max());
    if (!present && k->previous_until)
        f.until = std::min(f.until, *k->previous_until);
    f.who.account = company.id;
    f.who.account_key = owner->account;
    f.who.key = k->id;
    f.who.may = k->may() - permission_set(company.withheld);
    if (k->revoked)
        f.refusal = "the key was revoked";
    else if (k->is_expired(now))
        f.refusal = "the key has expired";
    else if (!present && !k->has_previous(now))
        f.refusal = "the key has a new secret";
    else if (company.status != account_status::active)
        f.refusal = "the account is disabled";
    else {
        f.refusal = nullptr;
        f.who.kind = owner->account == 0 ? principal::kind::operators : principal::kind::key;
    }
    return f;
}

/// The use is remembered at once and written at most once a minute, and not while somebody else writes: nobody who asks
/// waits for that.
void note_use(engine_core& core, const finding& f, instant now) {
    core.identity->last_uses.set(f.credential, now);
    if (!rules::is_use_due(*f.written, now))
        return;
    try {
        const auto tx = core.db->try_write();
        if (!tx)
            return;
        if (f.who.kind == principal::kind::contact) {
            auto s = find<session_record>(*tx, f.who.account_key, f.credential);
            if (!s) // raced: it was ended since it was found
                return;
            s->last_used_at = now;
            put(*tx, f.who.account_key, *s);
        } else {
            auto k = find<key_record>(*tx, f.who.account_key, f.credential).value(); // revoked at most, never erased
            k.last_used_at = now;
            put(*tx, f.who.account_key, k);
        }
        tx->commit();
    } catch (const error&) { // it stays in memory, and the next use tries again
    }
}

[[noreturn]] void refuse_credential(engine_core& core, const finding& f, instant now) {
    const auto name = f.credential.empty() ? "unknown from " + rules::source_of(f.who.source_ip) : f.credential;
    if (core.identity->refusals.once_a_minute(name, now)) {
        auto who = f.who;
        who.kind = principal::kind::nobody;
        try {
            const auto tx = core.db->write();
            log_refused(*tx, who.account_key, who, now, "identify", f.credential, f.refusal);
            tx->commit();
        } catch (const error&) { // as on a full disk: it is refused all the same, and logged with the next one
            core.identity->refusals.forget(name);
        }
    }
    throw error(errc::unauthenticated, f.refusal);
}

finding look_up(engine_core& core, const credential& shown, instant now) {
    finding f;
    f.who.source_ip = shown.source_ip;
    f.who.user_agent = shown.user_agent;
    const auto token = shown.token.reveal();
    if (token.empty())
        return f;
    const auto db = core.db->read();
    return token.starts_with(rules::api_key_prefix) ? find_key(*db, token, std::move(f), now)
                                                    : find_session(core, *db, token, std::move(f), now);
}

} // namespace

principal identify(engine_core& core, const credential& shown) {
    const auto now = core.now();
    auto f = look_up(core, shown, now);
    if (f.refusal != nullptr)
        refuse_credential(core, f, now);
    if (!f.credential.empty())
        note_use(core, f, now);
    return std::move(f.who);
}

recognised recognise(engine_core& core, const credential& shown) {
    auto f = look_up(core, shown, core.now());
    if (f.refusal != nullptr)
        throw error(errc::unauthenticated, f.refusal);
    return {std::move(f.who), f.until};
}

void log_refusal(engine_core& core, const principal& who, std::string_view operation, const error& why) {
    if (who.kind == principal::kind::nobody)
        return;
    try {
        const auto tx = core.db->write();
        log_access(*tx, who.account_key, who, core.now(),
                   {.action = operation, .target = {}, .detail = why.what(), .outcome = access_outcome::refused});
        tx->commit();
    } catch (const error&) {
        return;
    }
}

} // namespace lineside
