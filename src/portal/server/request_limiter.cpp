#include "portal/server/request_limiter.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

namespace lineside {

namespace {

std::int64_t clock_now() {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

rules::rate_verdict request_tallies::take(std::uint64_t asker, const rules::request_rate& rate, std::int64_t now) {
    auto& mine = of(asker);
    const std::lock_guard lock(mine.mutex);
    if (mine.tallies.size() >= mine.looked_through_at && !mine.tallies.contains(asker)) {
        std::erase_if(mine.tallies, [&](const auto& t) { return t.second <= now; });
        mine.looked_through_at = std::clamp(2 * mine.tallies.size(), least_looked_through, most_of_shard);
        // All of them are asking: whoever comes now is not remembered, and not refused.
        if (mine.tallies.size() >= most_of_shard) {
            rules::request_tally unknown = 0;
            return rules::take_request(unknown, rate, now);
        }
    }
    return rules::take_request(mine.tallies[asker], rate, now);
}

std::optional<rules::rate_verdict> request_tallies::look(std::uint64_t asker, const rules::request_rate& rate,
                                                         std::int64_t now) {
    auto& mine = of(asker);
    const std::lock_guard lock(mine.mutex);
    const auto found = mine.tallies.find(asker);
    if (found == mine.tallies.end())
        return std::nullopt;
    auto tally = found->second;
    return rules::take_request(tally, rate, now);
}

void request_tallies::forget(std::uint64_t asker) {
    auto& mine = of(asker);
    const std::lock_guard lock(mine.mutex);
    mine.tallies.erase(asker);
}

rate_asker asker_of(std::string_view credential, std::string_view source) {
    const std::hash<std::string_view> hash;
    return {credential.empty() ? 0 : std::max<std::uint64_t>(hash(credential), 1), hash(source)};
}

rules::rate_verdict request_limiter::take(const rate_asker& who) {
    const auto now = clock_now();
    if (who.credential == 0)
        return sources_.take(who.source, rate_, now);
    if (!credentials_.look(who.credential, rate_, now))
        if (const auto refused = refused_.look(who.source, rate_, now); refused && !refused->allowed)
            return *refused;
    return credentials_.take(who.credential, rate_, now);
}

void request_limiter::count_refused(const rate_asker& who) {
    credentials_.forget(who.credential);
    (void)refused_.take(who.source, rate_, clock_now());
}

} // namespace lineside
