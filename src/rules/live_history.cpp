#include "rules/live_history.hpp"

#include <algorithm>
#include <numeric>

namespace lineside::rules {

std::int64_t live_history::balance() const noexcept {
    return std::accumulate(changes_.begin(), changes_.end(), base_,
                           [](std::int64_t sum, std::int64_t c) { return sum + sign_of(c); });
}

std::int64_t live_history::latest(std::int64_t open) const noexcept {
    return std::accumulate(changes_.begin(), changes_.end(), open,
                           [](std::int64_t last, std::int64_t c) { return std::max(last, time_of(key_of(c))); });
}

void live_history::skip(std::int64_t to) {
    std::erase_if(changes_, [&](std::int64_t c) {
        const bool closes = key_of(c) < start_key(to);
        base_ += closes ? sign_of(c) : 0;
        return closes;
    });
}

void live_history::take_sorted_until(std::int64_t to, std::vector<std::int64_t>& taken) {
    taken.clear();
    const auto rest = std::remove_if(changes_.begin(), changes_.end(), [&](std::int64_t c) {
        if (key_of(c) >= start_key(to))
            return false;
        taken.push_back(c);
        return true;
    });
    changes_.erase(rest, changes_.end());
    // Switches tell mostly in order.
    if (!std::is_sorted(taken.begin(), taken.end()))
        std::sort(taken.begin(), taken.end());
}

} // namespace lineside::rules
