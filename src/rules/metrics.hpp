#pragma once

#include <lineside/money.hpp>
#include <lineside/series.hpp>

#include "rules/rollup.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lineside::rules {

/// A metric of a stretch of time, with the parts it is made of; see `series` for what they are per metric.
struct measure {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0; ///< 0: null
    double value = 0;             ///< NaN when null
};

/// `bucket_ms` is the length of the stretch, needed by live_channels_avg. ASR and NER are null where `uncovered` > 0.
/// For `charge` the numerator saturates and `charge_of` is exact.
[[nodiscard]] measure measure_of(const cell& c, metric m, std::int64_t bucket_ms);
[[nodiscard]] money to_money(nanos128 amount, std::string currency);

/// numerator * scale / denominator rounded half up to two decimals, as hundredths: exact integer arithmetic.
[[nodiscard]] std::int64_t ratio_hundredths(std::uint64_t numerator, std::uint64_t denominator, std::uint64_t scale);

} // namespace lineside::rules
