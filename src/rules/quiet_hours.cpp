#include "rules/quiet_hours.hpp"

#include <chrono>
#include <cstdint>

namespace lineside::rules {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_ms = 86'400'000;

} // namespace

time_range quiet_stretch(const quiet_hours& q, const zone& z, instant t) {
    const auto local = (t + z.offset_at(t)).time_since_epoch().count();
    const auto today = std::chrono::floor<std::chrono::days>(duration(local)).count() * day_ms;
    // It may have begun the day before, and the wall clock may have jumped across midnight.
    for (const std::int64_t date : {today - day_ms, today, today + day_ms}) {
        const auto end_date = q.from_minute < q.to_minute ? date : date + day_ms;
        const time_range night{z.resolve(date + q.from_minute * minute_ms).first,
                               z.resolve(end_date + q.to_minute * minute_ms).second};
        if (night.contains(t))
            return night;
    }
    return {t, t};
}

} // namespace lineside::rules
