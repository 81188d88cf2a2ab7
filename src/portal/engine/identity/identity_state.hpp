#pragma once

#include <lineside/engine.hpp>

#include "portal/engine/remembered.hpp"
#include "rules/password_hash.hpp"
#include "rules/throttle.hpp"
#include "store/store.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lineside {

/// Turns at something expensive: so many at once, and so many that wait.
class turns {
public:
    turns(std::size_t at_once, std::size_t most_waiting) : free_(at_once), most_waiting_(most_waiting) {}

    /// Runs it in a turn. Errors: unavailable (too many wait already).
    template <class Work>
    auto take(Work work) {
        begin();
        const ending e{*this};
        return work();
    }

private:
    struct ending {
        turns& of;
        ending(turns& t) : of(t) {}
        ending(const ending&) = delete;
        ending& operator=(const ending&) = delete;
        ~ending() { of.end(); }
    };

    void begin();
    void end();

    std::mutex mutex_;
    std::condition_variable freed_;
    std::size_t free_;
    std::size_t waiting_ = 0;
    const std::size_t most_waiting_;
};

/// Instants by name, of which so many are kept; where there are more, all are forgotten at once.
class instants_by_name {
public:
    explicit instants_by_name(std::size_t most) : most_(most) {}

    void set(const std::string& name, instant t);
    [[nodiscard]] std::optional<instant> find(const std::string& name) const;
    void forget(const std::string& name);
    /// Sets it if it was not within the minute before; whether it did.
    [[nodiscard]] bool once_a_minute(const std::string& name, instant now);

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, instant> times_;
    const std::size_t most_;
};

struct known_session;
struct known_key;

/// Attempts by where they come from. Sources that have not failed lately are not kept; where too many have, the tokens
/// of those that have the most left are forgotten.
class source_table {
public:
    source_table(rules::bucket_limits limits, std::size_t most) : limits_(limits), most_(most) {}

    /// 0, or how long to wait. An unknown source (empty) waits for nothing.
    [[nodiscard]] duration take(std::string_view address, instant now);
    void give_back(std::string_view address);
    [[nodiscard]] std::size_t size() const;

private:
    void make_room(instant now);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, rules::token_bucket> buckets_;
    const rules::bucket_limits limits_;
    const std::size_t most_;
};

/// What an engine needs for proving who somebody is, beside the database.
class identity_state {
public:
    /// Makes the engine's own key where the host gave none and there is none yet. Errors: invalid_argument.
    identity_state(const engine_identity& options, store::store& db);

    [[nodiscard]] const rules::argon2_cost& cost() const noexcept { return cost_; }
    /// With the engine's cost.
    [[nodiscard]] std::string hash(std::string_view password);
    /// A recovery code has 50 random bits, so a guess at it may cost less than one at a password.
    [[nodiscard]] std::string hash_recovery_code(std::string_view letters);
    /// What is no hash costs as much as one and is never right.
    [[nodiscard]] bool matches(std::string_view password, std::string_view phc);

    /// Texts for the database, for this contact only.
    [[nodiscard]] std::string seal(const account_id& account, std::string_view contact, std::string_view plain) const;
    /// Errors: unavailable (sealed with a key that the host did not give this time).
    [[nodiscard]] std::string open(const account_id& account, std::string_view contact, std::string_view sealed) const;

    /// Keys of 32 bytes that follow from the engine's: first of the one it has now, then of its own where the host has
    /// given another since.
    [[nodiscard]] std::vector<secret> keys_for(std::string_view purpose) const;

    /// A name for somebody unknown that says nothing about them: four hexadecimal digits.
    [[nodiscard]] std::string slot_of(std::string_view login) const;

    source_table sources;
    instants_by_name last_uses; ///< of sessions and keys, where newer than in the database
    instants_by_name refusals;  ///< of credentials, for the access log
    /// By the digest of what was shown, so that whoever asks one thing after the other is not looked up each time.
    remembered<known_session> known_sessions;
    remembered<known_key> known_keys;

private:
    rules::argon2_cost cost_;
    turns hashing_;
    secret host_key_;
    secret own_key_;
};

} // namespace lineside
