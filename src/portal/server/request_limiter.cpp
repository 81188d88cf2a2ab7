#include "portal/server/request_limiter.hpp"

#include <chrono>
#include <functional>

namespace lineside {

rules::rate_verdict request_limiter::take(std::string_view asker) {
    const std::uint64_t hash = std::hash<std::string_view>()(asker);
    const auto now = std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    auto& mine = all_[hash % shards];
    const std::lock_guard lock(mine.mutex);
    if (mine.tallies.size() >= most_of_shard && !mine.tallies.contains(hash)) {
        std::erase_if(mine.tallies, [&](const auto& t) { return t.second <= now; });
        // All of them are asking: whoever comes now is not remembered, and not refused.
        if (mine.tallies.size() >= most_of_shard) {
            rules::request_tally unknown = 0;
            return rules::take_request(unknown, rate_, now);
        }
    }
    return rules::take_request(mine.tallies[hash], rate_, now);
}

} // namespace lineside
