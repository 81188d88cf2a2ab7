#include "rules/delivery_schedule.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace lineside::rules {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr duration waits[] = {seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(10)};
static_assert(std::size(waits) + 1 == most_attempts);
constexpr double most_jitter = 0.2;

} // namespace

delivery_result result_of_status(unsigned status) noexcept {
    if (status >= 200 && status < 300)
        return delivery_result::delivered;
    return status == 410 ? delivery_result::gone : delivery_result::failed;
}

std::optional<instant> next_attempt(std::uint32_t attempts, instant now, double chance) noexcept {
    if (attempts == 0)
        return now;
    if (attempts >= most_attempts)
        return std::nullopt;
    const auto wait = waits[attempts - 1];
    const auto longer = static_cast<double>(wait.count()) * most_jitter * std::clamp(chance, 0.0, 1.0);
    return now + wait + duration(static_cast<std::int64_t>(longer));
}

} // namespace lineside::rules
