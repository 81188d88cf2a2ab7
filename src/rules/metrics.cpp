#include "rules/metrics.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace lineside::rules {

namespace {

__extension__ using unsigned_wide = unsigned __int128;

constexpr nanos128 int64_max = std::numeric_limits<std::int64_t>::max();
constexpr nanos128 int64_min = std::numeric_limits<std::int64_t>::min();

std::int64_t saturated(nanos128 value) { return static_cast<std::int64_t>(std::clamp(value, int64_min, int64_max)); }

measure ratio(std::uint64_t numerator, std::uint64_t denominator, double scale = 1) {
    if (denominator == 0)
        return {0, 0, std::numeric_limits<double>::quiet_NaN()};
    return {saturated(numerator), saturated(denominator),
            static_cast<double>(numerator) * scale / static_cast<double>(denominator)};
}

measure null() { return ratio(0, 0); }

measure count(std::uint64_t n) { return ratio(n, 1); }

// A share of the attempts says nothing where failed attempts are missing.
measure share_of_attempts(const cell& c, std::uint64_t part) {
    return c.uncovered > 0 ? null() : ratio(part, c.attempts, 100);
}

// Nothing to report is 0; nobody who reports it is null.
bool dtmf_known(const cell& c) { return c.answered == 0 || c.dtmf_reported > 0; }
bool charge_known(const cell& c) { return c.attempts == 0 || c.charge_reported > 0; }

measure charge_of(const cell& c) { return {saturated(c.charge), 1, static_cast<double>(c.charge) / 1e9}; }

} // namespace

measure measure_of(const cell& c, metric m, std::int64_t bucket_ms) {
    switch (m) {
    case metric::live_channels: return count(c.live_peak);
    case metric::live_channels_avg: return ratio(c.live_ms, static_cast<std::uint64_t>(bucket_ms));
    case metric::attempts: return count(c.attempts);
    case metric::answered: return count(c.answered);
    case metric::asr: return share_of_attempts(c, c.answered);
    case metric::acd: return ratio(c.talk_ms, c.answered, 1e-3);
    case metric::ner: return share_of_attempts(c, c.effective);
    case metric::dtmf_calls: return dtmf_known(c) ? count(c.dtmf_calls) : null();
    case metric::dtmf_digits: return dtmf_known(c) ? count(c.dtmf_digits) : null();
    case metric::dtmf_percent: return ratio(c.dtmf_calls, c.dtmf_reported, 100);
    case metric::cps_peak: return count(c.cps_peak);
    // Like the peak, of all calls that started, be they over or not.
    case metric::cps_avg: return ratio(c.attempts + c.open_calls, static_cast<std::uint64_t>(bucket_ms), 1e3);
    case metric::pdd: return ratio(c.pdd_ms, c.pdd_reported);
    case metric::talk: return ratio(c.talk_ms, 1, 1e-3);
    case metric::charge: return charge_known(c) ? charge_of(c) : null();
    }
    return null();
}

money to_money(nanos128 amount, std::string currency) {
    constexpr nanos128 one = 1'000'000'000;
    return {saturated(amount / one), static_cast<std::int32_t>(amount % one), std::move(currency)};
}

std::int64_t ratio_hundredths(std::uint64_t numerator, std::uint64_t denominator, std::uint64_t scale) {
    const auto twice = unsigned_wide{numerator} * scale * 200 + denominator;
    const auto rounded = twice / (unsigned_wide{denominator} * 2);
    return static_cast<std::int64_t>(std::min(rounded, static_cast<unsigned_wide>(int64_max)));
}

} // namespace lineside::rules
