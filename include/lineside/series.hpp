#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// What a series measures. Definitions: docs/guide/metrics.md.
enum class metric : std::uint8_t {
    live_channels,     ///< peak of calls in [start, end) within the bucket; channels
    live_channels_avg, ///< time-weighted average of the same; channels
    attempts,          ///< calls started (seizures); calls
    answered,          ///< of those, answered; calls
    asr,               ///< answered / attempts x 100 (ITU-T E.425); percent
    acd,               ///< talk time / answered; seconds
    ner,               ///< (answered + busy + no answer + rejected + abandoned) / attempts x 100 (E.425); percent
    dtmf_calls,        ///< answered calls with at least one digit; calls
    dtmf_digits,       ///< digits keyed; digits
    dtmf_percent,      ///< dtmf_calls / answered calls that report digits x 100; percent
    cps_peak,          ///< most calls started in one second; calls per second
    cps_avg,           ///< calls started / length of the bucket; calls per second
    pdd,               ///< mean post-dial delay of the calls that report it; milliseconds
    talk,              ///< talk time; seconds
    charge,            ///< charges; money
};

[[nodiscard]] LINESIDE_API std::string_view to_string(metric m) noexcept;
[[nodiscard]] LINESIDE_API result<metric> parse_metric(std::string_view text);
/// "channels", "calls", "%", "s", "ms", "digits", "calls/s", "money".
[[nodiscard]] LINESIDE_API std::string_view unit_of(metric m) noexcept;

struct series_query {
    account_id account{};
    lineside::metric metric = metric::attempts;
    /// Widened to whole buckets of the zone's calendar at both ends.
    time_range range{};
    time_step step = time_step::hour;
    /// IANA zone; empty: the account's.
    std::string zone{};
    /// 0: every bucket. Otherwise neighbours are merged (ratios by their parts, peaks as peaks) until no more remain.
    std::uint32_t max_points = 0;
};

/// A series as columns of equal length. `value[i]` is NaN where there is nothing to measure (null).
struct series {
    account_id account;
    lineside::metric metric = metric::attempts;
    std::string unit;
    std::string zone;
    time_step step = time_step::hour;
    std::vector<instant> time;          ///< start of each bucket
    std::vector<std::int32_t> offset_s; ///< the zone's offset from UTC at that start, seconds
    std::vector<double> value;          ///< in `unit`
    /// value = numerator / denominator (x 100 for percentages; talk and acd: numerator in ms; live_channels_avg: channel
    /// milliseconds / milliseconds; cps_avg: calls / milliseconds). A plain count has denominator 1; null has
    /// denominator 0.
    std::vector<std::int64_t> numerator;
    std::vector<std::int64_t> denominator;
    std::vector<money> amount;             ///< exact charges; empty for every other metric
    std::vector<std::uint32_t> open_calls; ///< calls started in the bucket and still in progress
};

} // namespace lineside
