#include "portal/engine/access_log.hpp"
#include "portal/engine/engine_core.hpp"
#include "portal/engine/identity/api_keys.hpp"
#include "portal/engine/identity/principal.hpp"
#include "portal/engine/identity/proof.hpp"
#include "portal/engine/identity/sessions.hpp"
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

} // namespace

/// What the database says of a session.
struct known_session {
    session_record session;
    contact_record contact;
    store::account_row account;
    permission_set may;
};

/// Of an API key.
struct known_key {
    key_record key;
    std::uint32_t account_key = 0;
    account company;      // of the operator's keys: none
    bool present = false; // what was shown is its secret, and not the one before
};

namespace {

/// Where one looks.
enum class sources : std::uint8_t { memory_and_database, memory };

/// What is known of what was shown, from memory or with `read`; null where that is nothing.
template <class Known, class Read>
std::shared_ptr<const Known> look_at(engine_core& core, sources where, remembered<Known>& memory,
                                     const std::string& digest, Read read) {
    const auto changes = core.db->changes();
    auto known = memory.find(digest, changes);
    if (known || where == sources::memory)
        return known;
    const auto db = core.db->read();
    known = read(*db);
    if (known)
        memory.keep(digest, changes, known);
    return known;
}

std::shared_ptr<const known_session> read_session(store::snapshot& db, std::string_view digest) {
    const auto owner = db.find_name(session_space, to_hex(digest));
    auto s = owner ? find<session_record>(db, owner->account, owner->id) : std::nullopt;
    auto contact = s ? find_contact(db, owner->account, s->contact()) : std::nullopt;
    if (!contact)
        return nullptr;
    auto row = db.account_by_key(owner->account);
    const auto may = permissions_of(*contact, row.value);
    return std::make_shared<known_session>(known_session{*std::move(s), *std::move(contact), std::move(row), may});
}

std::shared_ptr<const known_key> read_key(store::snapshot& db, std::string_view text, std::string_view digest) {
    const auto parsed = rules::parse_api_key(text);
    const auto owner = parsed ? db.find_name(key_space, parsed->id) : std::nullopt;
    auto k = owner ? find<key_record>(db, owner->account, owner->id) : std::nullopt;
    if (!k)
        return nullptr;
    const auto hex = to_hex(digest);
    const bool present = same(hex, k->digest);
    if (!present && !same(hex, k->previous_digest))
        return nullptr;
    account company;
    if (owner->account != 0)
        company = db.account_by_key(owner->account).value;
    return std::make_shared<known_key>(known_key{*std::move(k), owner->account, std::move(company), present});
}

// In which order things are refused is part of what a refusal tells: first what only the owner of the secret can learn.
finding find_session(engine_core& core, sources where, std::string_view token, finding f, instant now) {
    f.refusal = "the credential is not known";
    const auto digest = digest_of(token);
    const auto known = look_at(core, where, core.identity->known_sessions, digest,
                               [&](store::snapshot& db) { return read_session(db, digest); });
    if (!known)
        return f;
    const auto& [s, contact, row, may] = *known;
    f.credential = s.id;
    f.written = s.last_used_at;
    const auto last_use = last_use_of(*core.identity, s);
    f.until = rules::session_end(s.created_at, last_use);
    f.who.account = row.value.id;
    f.who.account_key = row.key;
    f.who.contact = contact.id;
    f.who.session = s.public_id();
    f.who.may = may;
    if (!rules::is_session_live(s.created_at, last_use, now))
        f.refusal = "the session has ended; sign in again";
    else if (row.value.status != account_status::active)
        f.refusal = "the account is disabled";
    else if (!contact.is_active()) // unreachable: disabling a contact ends its sessions
        f.refusal = "the login is disabled";
    else if (!rules::lets_in(contact.allowed_ips, f.who.source_ip))
        f.refusal = "this login is not used from here";
    else {
        f.refusal = nullptr;
        f.who.kind = principal::kind::contact;
    }
    return f;
}

finding find_key(engine_core& core, sources where, std::string_view text, finding f, instant now) {
    f.refusal = "the credential is not known";
    const auto digest = digest_of(text);
    const auto known = look_at(core, where, core.identity->known_keys, digest,
                               [&](store::snapshot& db) { return read_key(db, text, digest); });
    if (!known)
        return f;
    const auto& k = known->key;
    f.credential = k.id;
    f.written = k.last_used_at.value_or(instant::min());
    f.until = k.expires_at.value_or(instant::max());
    if (!known->present)
        f.until = std::min(f.until, k.previous_until.value_or(f.until));
    f.who.account = known->company.id;
    f.who.account_key = known->account_key;
    f.who.key = k.id;
    f.who.may = k.may() - permission_set(known->company.withheld);
    if (k.revoked)
        f.refusal = "the key was revoked";
    else if (k.is_expired(now))
        f.refusal = "the key has expired";
    else if (!known->present && !k.has_previous(now))
        f.refusal = "the key has a new secret";
    else if (known->company.status != account_status::active)
        f.refusal = "the account is disabled";
    else {
        f.refusal = nullptr;
        f.who.kind = known->account_key == 0 ? principal::kind::operators : principal::kind::key;
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

finding look_up(engine_core& core, sources where, const credential& shown, instant now) {
    finding f;
    f.who.source_ip = shown.source_ip;
    f.who.user_agent = shown.user_agent;
    const auto token = shown.token.reveal();
    if (token.empty())
        return f;
    return token.starts_with(rules::api_key_prefix) ? find_key(core, where, token, std::move(f), now)
                                                    : find_session(core, where, token, std::move(f), now);
}

} // namespace

principal identify(engine_core& core, const credential& shown) {
    const auto now = core.now();
    auto f = look_up(core, sources::memory_and_database, shown, now);
    if (f.refusal != nullptr)
        refuse_credential(core, f, now);
    if (!f.credential.empty())
        note_use(core, f, now);
    return std::move(f.who);
}

std::optional<principal> identify_at_once(engine_core& core, const credential& shown) {
    const auto now = core.now();
    auto f = look_up(core, sources::memory, shown, now);
    if (f.refusal != nullptr)
        return std::nullopt;
    if (!f.credential.empty()) {
        if (rules::is_use_due(*f.written, now))
            return std::nullopt;
        core.identity->last_uses.set(f.credential, now);
    }
    return std::move(f.who);
}

recognised recognise(engine_core& core, const credential& shown) {
    auto f = look_up(core, sources::memory_and_database, shown, core.now());
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
