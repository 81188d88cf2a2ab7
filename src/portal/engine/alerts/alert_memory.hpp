#pragma once

#include <lineside/time.hpp>

#include "net/https_post.hpp"
#include "store/store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace lineside {

/// What an engine remembers about alerts between operations. Nothing of it is lost with it: after an opening, rules are
/// evaluated once more and deliveries that were in the middle are made again. Thread-safe; what takes the store must not
/// be called while the thread has a snapshot or a transaction.
class alert_memory {
public:
    /// Whether any account has rules or deliveries, or may have had some. Costs a load of a flag where none has.
    [[nodiscard]] bool watches_any(store::store& db);
    [[nodiscard]] bool watches(store::store& db, const std::string& account);
    /// In order.
    [[nodiscard]] std::vector<std::string> watched(store::store& db);
    /// Within the transaction that adds a rule or a delivery: watching an account for nothing costs a look.
    void watch(const std::string& account);

    /// Whether all rules of an account have looked at this minute's numbers.
    [[nodiscard]] bool looked_this_minute(const std::string& account, instant now) const;
    void set_looked(const std::string& account, instant at);
    [[nodiscard]] std::optional<instant> evaluated_at(const std::string& rule) const;
    void set_evaluated(const std::string& rule, instant at);
    /// The rule is another one from here on, or gone.
    void forget(const std::string& account, const std::string& rule);

    /// Evaluating again what was evaluated for this minute already may take a tenth of the time, no more: calls that are
    /// reported one by one must not cost an evaluation each.
    [[nodiscard]] bool has_time();
    void take_time(std::chrono::steady_clock::duration spent);

    /// Whoever claims a delivery attempts it; others leave it alone until it is let go.
    [[nodiscard]] bool claim(const std::string& delivery);
    void let_go(const std::string& delivery);

    /// 0 to 1.
    [[nodiscard]] double chance();

    const net::https_poster poster;

private:
    void load(store::store& db);

    std::atomic<bool> loaded_ = false;
    std::atomic<bool> watches_any_ = false;
    mutable std::mutex mutex_;                           // guards what follows
    std::unordered_map<std::string, instant> watched_;   // when all its rules looked last
    std::unordered_map<std::string, instant> evaluated_; // by rule
    std::unordered_set<std::string> claimed_;
    std::chrono::steady_clock::duration time_left_ = most_time;
    std::chrono::steady_clock::time_point counted_ = std::chrono::steady_clock::now();
    std::minstd_rand random_{std::random_device()()};

    static constexpr std::chrono::milliseconds most_time{250};
};

/// A delivery that is this one's to attempt.
class claimed_delivery {
public:
    claimed_delivery(alert_memory& memory, std::string id)
        : memory_(memory),
          id_(std::move(id)),
          is_ours_(memory.claim(id_)) {}
    claimed_delivery(const claimed_delivery&) = delete;
    claimed_delivery& operator=(const claimed_delivery&) = delete;
    ~claimed_delivery() {
        if (is_ours_)
            memory_.let_go(id_);
    }
    [[nodiscard]] explicit operator bool() const noexcept { return is_ours_; }

private:
    alert_memory& memory_;
    const std::string id_;
    const bool is_ours_;
};

} // namespace lineside
