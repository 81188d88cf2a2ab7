#include "rules/request_rate.hpp"

#include <algorithm>

namespace lineside::rules {

rate_verdict take_request(request_tally& tally, const request_rate& rate, std::int64_t now) noexcept {
    const std::int64_t each = 1'000'000'000 / std::max<std::uint32_t>(rate.per_second, 1);
    const std::int64_t tolerance = each * (std::max<std::uint32_t>(rate.burst, 1) - std::int64_t{1});
    const auto arrival = std::max(tally, now);
    rate_verdict v;
    v.allowed = arrival - now <= tolerance;
    const auto next = v.allowed ? arrival + each : arrival;
    if (v.allowed)
        tally = next;
    const auto room = tolerance - (next - now);
    v.remaining = room < 0 ? 0 : static_cast<std::uint32_t>(room / each) + 1;
    v.wait = std::chrono::nanoseconds(room < 0 ? -room : 0);
    v.until_full = std::chrono::nanoseconds(next - now);
    return v;
}

} // namespace lineside::rules
