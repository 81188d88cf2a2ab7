#include "portal/engine/alerts/alert_memory.hpp"

#include "portal/engine/alerts/alert_records.hpp"

#include <algorithm>
#include <chrono>

namespace lineside {

namespace {

constexpr instant never = instant::min();

} // namespace

// The snapshot comes before the mutex, as it does for whoever watches within a transaction.
void alert_memory::load(store::store& db) {
    if (loaded_.load(std::memory_order_acquire))
        return;
    const auto now = db.read();
    std::vector<std::string> found;
    for (const auto kind : {alert_rule_record::kind, outbox_record::kind}) {
        std::vector<std::uint32_t> keys;
        now->scan_all_records(kind, [&](const store::stored_record& r) {
            if (keys.empty() || keys.back() != r.account)
                keys.push_back(r.account);
            return true;
        });
        for (const auto key : keys)
            found.push_back(now->account_by_key(key).value.id.value());
    }
    const std::lock_guard guard(mutex_);
    for (auto& account : found)
        watched_.try_emplace(std::move(account), never);
    watches_any_.store(!watched_.empty(), std::memory_order_relaxed);
    loaded_.store(true, std::memory_order_release);
}

bool alert_memory::watches_any(store::store& db) {
    load(db);
    return watches_any_.load(std::memory_order_relaxed);
}

bool alert_memory::watches(store::store& db, const std::string& account) {
    if (!watches_any(db))
        return false;
    const std::lock_guard guard(mutex_);
    return watched_.contains(account);
}

std::vector<std::string> alert_memory::watched(store::store& db) {
    load(db);
    std::vector<std::string> all;
    const std::lock_guard guard(mutex_);
    all.reserve(watched_.size());
    for (const auto& [account, at] : watched_)
        all.push_back(account);
    std::sort(all.begin(), all.end());
    return all;
}

void alert_memory::watch(const std::string& account) {
    const std::lock_guard guard(mutex_);
    watched_.try_emplace(account, never);
    watches_any_.store(true, std::memory_order_relaxed);
}

bool alert_memory::looked_this_minute(const std::string& account, instant now) const {
    const std::lock_guard guard(mutex_);
    const auto found = watched_.find(account);
    // After the clock went back it has not.
    return found != watched_.end() && found->second <= now &&
           found->second >= std::chrono::floor<std::chrono::minutes>(now);
}

void alert_memory::set_looked(const std::string& account, instant at) {
    const std::lock_guard guard(mutex_);
    if (const auto found = watched_.find(account); found != watched_.end())
        found->second = at;
}

std::optional<instant> alert_memory::evaluated_at(const std::string& rule) const {
    const std::lock_guard guard(mutex_);
    const auto found = evaluated_.find(rule);
    return found == evaluated_.end() ? std::nullopt : std::optional(found->second);
}

void alert_memory::set_evaluated(const std::string& rule, instant at) {
    const std::lock_guard guard(mutex_);
    evaluated_[rule] = at;
}

void alert_memory::forget(const std::string& account, const std::string& rule) {
    const std::lock_guard guard(mutex_);
    evaluated_.erase(rule);
    if (const auto found = watched_.find(account); found != watched_.end())
        found->second = never;
}

bool alert_memory::has_time() {
    const std::lock_guard guard(mutex_);
    const auto now = std::chrono::steady_clock::now();
    time_left_ = std::min<std::chrono::steady_clock::duration>(time_left_ + (now - counted_) / 10, most_time);
    counted_ = now;
    return time_left_.count() > 0;
}

void alert_memory::take_time(std::chrono::steady_clock::duration spent) {
    const std::lock_guard guard(mutex_);
    time_left_ -= spent;
}

bool alert_memory::claim(const std::string& delivery) {
    const std::lock_guard guard(mutex_);
    return claimed_.insert(delivery).second;
}

void alert_memory::let_go(const std::string& delivery) {
    const std::lock_guard guard(mutex_);
    claimed_.erase(delivery);
}

double alert_memory::chance() {
    const std::lock_guard guard(mutex_);
    return std::uniform_real_distribution<>()(random_);
}

} // namespace lineside
