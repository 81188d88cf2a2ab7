#include "portal/engine/identity/identity_state.hpp"

#include <lineside/error.hpp>

#include "portal/engine/engine_key.hpp"
#include "portal/engine/records.hpp"
#include "rules/base64.hpp"
#include "rules/mac.hpp"
#include "rules/sealing.hpp"
#include "rules/session_life.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace lineside {

namespace {

constexpr std::size_t most_waiting = 256;
constexpr std::size_t most_known = 4'096; // about 1 KB each
constexpr std::size_t most_names = 65'536;
constexpr std::size_t key_id_size = 4;
constexpr rules::argon2_cost cost_of_recovery_codes{4'096, 1, 1};

std::string to_text(std::string_view bytes) {
    return rules::to_base64(bytes, rules::base64_alphabet::standard, rules::padding::absent);
}
std::optional<std::string> from_text(std::string_view text) {
    return rules::parse_base64(text, rules::base64_alphabet::standard, rules::padding::absent);
}

std::string key_id(const secret& key) {
    return digest_of("key id " + std::string(key.reveal())).substr(0, key_id_size);
}

std::string place_of(const account_id& account, std::string_view contact) {
    return account.value() + '\0' + std::string(contact);
}

// The engine's own; it stays when the host gives one later, for what was sealed before.
secret own_key(store::store& db, bool needed) {
    const auto found = [](store::snapshot& s) {
        const auto kept = find<engine_key>(s, 0, engine_key::only);
        return kept ? secret(from_text(kept->key).value_or(std::string())) : secret();
    };
    if (auto key = found(*db.read()); !key.empty() || !needed)
        return key;
    const auto tx = db.write(); // the engine is being opened, so nobody else has made one since
    secret key(random_bytes(rules::sealing_key_size));
    put(*tx, 0, engine_key{std::string(engine_key::only), to_text(key.reveal())});
    tx->commit();
    return key;
}

rules::argon2_cost checked(const rules::argon2_cost& cost) {
    if (!rules::is_possible(cost))
        throw error(errc::invalid_argument, "a password costs 8 to 1048576 KiB and 1 to 64 passes",
                    "identity.password_memory_kib");
    return cost;
}

} // namespace

void turns::begin() {
    std::unique_lock lock(mutex_);
    if (free_ == 0) {
        if (waiting_ >= most_waiting_)
            throw error(errc::unavailable, "too many people sign in at this moment; try again");
        ++waiting_;
        freed_.wait(lock, [this] { return free_ > 0; });
        --waiting_;
    }
    --free_;
}

void turns::end() {
    {
        const std::lock_guard lock(mutex_);
        ++free_;
    }
    freed_.notify_one();
}

void instants_by_name::set(const std::string& name, instant t) {
    const std::lock_guard lock(mutex_);
    if (times_.size() >= most_)
        times_.clear();
    times_[name] = t;
}

std::optional<instant> instants_by_name::find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = times_.find(name);
    return found == times_.end() ? std::nullopt : std::optional(found->second);
}

void instants_by_name::forget(const std::string& name) {
    const std::lock_guard lock(mutex_);
    times_.erase(name);
}

bool instants_by_name::once_a_minute(const std::string& name, instant now) {
    const auto before = find(name);
    if (before && !rules::is_use_due(*before, now))
        return false;
    set(name, now);
    return true;
}

duration source_table::take(std::string_view address, instant now) {
    const auto source = rules::source_of(address);
    if (source.empty())
        return duration::zero();
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= most_ && !buckets_.contains(source))
        make_room(now);
    return rules::take_token(buckets_[source], limits_, now);
}

void source_table::give_back(std::string_view address) {
    const std::lock_guard lock(mutex_);
    if (const auto found = buckets_.find(rules::source_of(address)); found != buckets_.end())
        rules::give_back(found->second);
}

std::size_t source_table::size() const {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
}

void source_table::make_room(instant now) {
    std::erase_if(buckets_, [&](const auto& b) { return rules::is_full(b.second, limits_, now); });
    for (std::uint32_t few = 1; buckets_.size() >= most_; few *= 2)
        std::erase_if(buckets_, [&](const auto& b) { return b.second.taken <= few; });
}

identity_state::identity_state(const engine_identity& options, store::store& db)
    : sources({options.attempts_per_source, std::chrono::seconds(10)}, most_names),
      last_uses(most_names),
      refusals(most_names),
      known_sessions(most_known),
      known_keys(most_known),
      cost_(checked({options.password_memory_kib, options.password_passes, 1})),
      hashing_(std::max(1U, std::thread::hardware_concurrency()), most_waiting),
      host_key_(options.key.copy()) {
    if (!host_key_.empty() && host_key_.reveal().size() != rules::sealing_key_size)
        throw error(errc::invalid_argument, "the key has 32 bytes", "identity.key");
    if (options.issuer.empty() || options.issuer.find(':') != std::string::npos)
        throw error(errc::invalid_argument, "an issuer has a name without a colon", "identity.issuer");
    if (options.attempts_per_source == 0)
        throw error(errc::invalid_argument, "a source has at least one attempt", "identity.attempts_per_source");
    own_key_ = own_key(db, host_key_.empty());
}

std::string identity_state::hash(std::string_view password) {
    return hashing_.take(
        [&] { return to_string(rules::hash_password(password, random_bytes(rules::salt_size), cost_)); });
}

std::string identity_state::hash_recovery_code(std::string_view letters) {
    return hashing_.take([&] {
        return to_string(rules::hash_password(letters, random_bytes(rules::salt_size), cost_of_recovery_codes));
    });
}

bool identity_state::matches(std::string_view password, std::string_view phc) {
    const auto kept = rules::parse_phc(phc);
    const auto of =
        kept.value_or(rules::phc{cost_, std::string(rules::salt_size, 's'), std::string(rules::hash_size, 'h')});
    const bool same = hashing_.take([&] { return rules::is_password(password, of); });
    return same & kept.has_value(); // without a branch that tells what there was to compare with
}

std::string identity_state::seal(const account_id& account, std::string_view contact, std::string_view plain) const {
    const auto& key = host_key_.empty() ? own_key_ : host_key_;
    return to_text(key_id(key) + rules::seal(key.reveal(), random_bytes(rules::sealing_nonce_size),
                                             place_of(account, contact), plain));
}

std::string identity_state::open(const account_id& account, std::string_view contact, std::string_view sealed) const {
    const auto bytes = from_text(sealed).value_or(std::string());
    for (const auto* key : {&host_key_, &own_key_}) {
        if (key->empty() || bytes.substr(0, key_id_size) != key_id(*key))
            continue;
        const auto text = std::string_view(bytes).substr(key_id_size);
        if (auto plain = rules::open_sealed(key->reveal(), place_of(account, contact), text))
            return *std::move(plain);
    }
    throw error(errc::unavailable, "a two-factor secret cannot be read: the engine's key is another one than before");
}

std::vector<secret> identity_state::keys_for(std::string_view purpose) const {
    std::vector<secret> keys;
    for (const auto* key : {&host_key_, &own_key_})
        if (!key->empty())
            keys.emplace_back(rules::mac_of(key->reveal(), {purpose}));
    return keys;
}

std::string identity_state::slot_of(std::string_view login) const {
    const auto& key = host_key_.empty() ? own_key_ : host_key_;
    return to_hex(digest_of("slot " + std::string(key.reveal()) + std::string(login)).substr(0, 2));
}

} // namespace lineside
