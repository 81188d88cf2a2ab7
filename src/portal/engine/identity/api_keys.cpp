#include "portal/engine/identity/api_keys.hpp"

#include "cdr/base.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/identity/identity_state.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/records.hpp"
#include "rules/credentials.hpp"

#include <utility>

// API keys: what programs sign in with.
namespace lineside {

namespace {

constexpr duration longest_overlap = std::chrono::hours(24 * 30);

api_key shown(const key_record& k, const account_id& account, instant now) {
    api_key x;
    x.id = k.id;
    x.account = account;
    x.name = k.name;
    x.scopes = k.scopes;
    x.created_at = k.created_at;
    x.expires_at = k.expires_at;
    x.last_used_at = k.last_used_at;
    if (k.has_previous(now))
        x.previous_until = k.previous_until;
    x.revoked = k.revoked;
    return x;
}

void check_scopes(const key_record& k, const principal& who) {
    const auto beyond = k.may() - who.may;
    if (!beyond.empty())
        throw error(errc::permission_denied,
                    "a key may do no more than whoever makes it, and you may not " +
                        std::string(to_string(beyond.list().front())),
                    "scopes");
}

std::size_t count_keys(store::snapshot& db, std::uint32_t account) {
    std::size_t count = 0;
    db.scan_records(account, key_record::kind, {}, store::scan_order::ascending,
                    [&](const store::stored_record&) { return ++count < most_keys; });
    return count;
}

secret give_secret(key_record& k) {
    auto text = rules::make_api_key(k.id, random_bytes(rules::token_bytes));
    k.digest = to_hex(digest_of(text.reveal()));
    return text;
}

/// 0 and no name: the operator's own keys.
struct key_owner {
    std::uint32_t key = 0;
    account_id account{};
};

key_owner owner_named(store::snapshot& db, const account_id& account) {
    if (account.empty())
        return {};
    const auto row = db.find_account(account.value());
    if (!row)
        throw error(errc::not_found, "there is no account '" + account.value() + "'", "account");
    return {row->key, row->value.id};
}

key_record key_named(store::snapshot& db, const key_owner& owner, const std::string& id) {
    auto k = find<key_record>(db, owner.key, id);
    if (!k)
        throw error(errc::not_found, "there is no key '" + id.substr(0, 64) + "'", "key");
    return *std::move(k);
}

} // namespace

kept_answer<api_key_grant> desk::create_key(api_key_create request) {
    constexpr std::size_t longest_name = 256;
    if (const auto* bad = cdr::check_text(request.name, longest_name); request.name.empty() || bad != nullptr)
        throw error(errc::invalid_argument, "a key has a name of at most 256 bytes of UTF-8", "name");
    if (request.expires_at && *request.expires_at <= now_)
        throw error(errc::invalid_argument, "a key expires in the future", "expires_at");
    if (request.scopes.empty() && !request.account.empty())
        throw error(errc::invalid_argument, "a key may do something", "scopes");
    key_record k;
    k.name = std::move(request.name);
    k.scopes = permission_set(request.scopes).list();
    k.everything = request.scopes.empty();
    k.expires_at = request.expires_at;
    k.created_at = now_;
    k.created_by = who_.label();
    check_scopes(k, who_);
    confirm_password(core_, who_, request.password);
    return change([&](store::transaction& tx) {
        const auto owner = owner_named(tx, request.account);
        if (count_keys(tx, owner.key) >= most_keys)
            throw error(errc::exhausted, "an account has at most 1000 keys");
        k.id = new_id("k", now_);
        api_key_grant grant;
        grant.text = give_secret(k);
        if (!tx.claim_name(key_space, k.id, {owner.key, k.id})) // unreachable: ids hold random bits
            throw error(errc::internal, "two keys have one id");
        put(tx, owner.key, k);
        note(tx, owner.key, {.action = "create_key", .target = k.id, .detail = k.name});
        grant.key = shown(k, owner.account, now_);
        return keep(tx, std::move(grant));
    });
}

page<api_key> desk::list_keys(api_key_query request) {
    if (request.limit < 1 || request.limit > 1'000)
        throw error(errc::invalid_argument, "a page has 1 to 1000 keys", "limit");
    const auto db = core_.db->read();
    const auto owner = owner_named(*db, request.account);
    page<api_key> answer;
    each<key_record>(*db, owner.key, {request.cursor, {}}, store::scan_order::ascending, [&](const key_record& k) {
        if (answer.items.size() == request.limit) {
            answer.next = answer.items.back().id;
            return false;
        }
        auto x = shown(k, owner.account, now_);
        if (const auto used = core_.identity->last_uses.find(k.id))
            x.last_used_at = used;
        answer.items.push_back(std::move(x));
        return true;
    });
    return answer;
}

kept_answer<api_key_grant> desk::rotate_key(api_key_rotation request) {
    if (request.overlap < duration::zero() || request.overlap > longest_overlap)
        throw error(errc::invalid_argument, "the old secret works on for 0 to 30 days", "overlap");
    confirm_password(core_, who_, request.password);
    return change([&](store::transaction& tx) {
        const auto owner = owner_named(tx, request.account);
        auto k = key_named(tx, owner, request.key);
        check_scopes(k, who_); // else one would get a key that may do more than oneself
        if (k.revoked || k.is_expired(now_))
            throw error(errc::conflict, "this key has ended; create another one", "key");
        // Two secrets at most. Dropping the older one would cut off whoever still uses it, after a lost answer too.
        if (k.has_previous(now_) && request.overlap > duration::zero())
            throw error(errc::conflict,
                        "the secret before still works until " + to_string(*k.previous_until) +
                            "; wait, or rotate without overlap",
                        "overlap");
        k.previous_digest = request.overlap > duration::zero() ? k.digest : std::string();
        k.previous_until = request.overlap > duration::zero() ? std::optional(now_ + request.overlap) : std::nullopt;
        api_key_grant grant;
        grant.text = give_secret(k);
        put(tx, owner.key, k);
        note(tx, owner.key,
             {.action = "rotate_key",
              .target = k.id,
              .detail = k.previous_until ? "the old secret works until " + to_string(*k.previous_until)
                                         : "the old secret has ended"});
        grant.key = shown(k, owner.account, now_);
        return keep(tx, std::move(grant));
    });
}

acknowledged desk::revoke_key(api_key_revocation request) {
    change([&](store::transaction& tx) {
        const auto owner = owner_named(tx, request.account);
        auto k = key_named(tx, owner, request.key);
        if (k.revoked)
            return;
        k.revoked = true;
        put(tx, owner.key, k);
        note(tx, owner.key, {.action = "revoke_key", .target = k.id, .detail = k.name});
    });
    return {};
}

} // namespace lineside
