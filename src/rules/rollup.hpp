#pragma once

#include <lineside/call.hpp>

#include "rules/concurrency.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace lineside::rules {

/// Billionths of a currency unit; wide enough for any sum of any account.
__extension__ using nanos128 = __int128;

/// What counts of one call. `absent` (model/call_view.hpp) where the source does not report.
struct call_facts {
    std::int64_t start = 0;
    std::int64_t end = 0;         ///< absent: in progress
    std::int64_t talk = 0;        ///< ms
    std::int64_t billed = 0;      ///< ms or absent
    std::int64_t pdd = 0;         ///< ms or absent
    std::int64_t charge = 0;      ///< nanos or absent
    std::int64_t dtmf_digits = 0; ///< or absent
    call_outcome outcome = call_outcome::unknown;
    bool attempts_known = true;
};

/// Everything Lineside counts about a stretch of time of one account, in a form that adds up: counters are sums,
/// ratios are kept as their parts, peaks are maxima. A call counts in the stretch it started in; live channels count
/// where they are occupied. A call in progress counts in `open_calls` and nowhere else.
struct cell {
    std::uint64_t attempts = 0;
    std::uint64_t answered = 0;
    std::uint64_t effective = 0; ///< answered + busy + no answer + rejected + abandoned: NER's numerator
    std::uint64_t uncovered = 0; ///< attempts whose source does not record failed ones
    std::uint64_t open_calls = 0;
    std::uint64_t talk_ms = 0; ///< of the answered
    std::uint64_t billed_ms = 0;
    std::uint64_t billed_reported = 0; ///< calls that report billed time
    std::uint64_t pdd_ms = 0;
    std::uint64_t pdd_reported = 0;
    std::uint64_t dtmf_reported = 0; ///< answered calls that report their digits
    std::uint64_t dtmf_calls = 0;    ///< of those, with at least one
    std::uint64_t dtmf_digits = 0;
    std::uint64_t charge_reported = 0;
    nanos128 charge = 0;
    std::uint64_t cps_peak = 0; ///< most calls started in one second
    std::uint64_t live_peak = 0;
    std::uint64_t live_ms = 0; ///< channel milliseconds

    void merge(const cell& other) noexcept;
    [[nodiscard]] bool empty() const noexcept;
    bool operator==(const cell&) const = default;
};

/// Rolls calls up into equal cells. Keeps its buffers between uses; not thread-safe.
class roller {
public:
    /// `out[i]` is overwritten with the cell of [from + i*step_ms, from + (i+1)*step_ms); step_ms is a multiple of
    /// 1,000 and `from` of a second. `calls`, sorted by start, started within the cells; `carried` are the spans of
    /// calls that started before `from`. cps_peak counts open calls too; live channels count only calls that ended.
    void run(std::span<const call_facts> calls, std::span<const live_span> carried, std::int64_t from,
             std::int64_t step_ms, std::span<cell> out);

private:
    concurrency_sweep sweep_;
    std::vector<live_span> spans_;
    std::vector<live_channels> live_;
};

} // namespace lineside::rules
