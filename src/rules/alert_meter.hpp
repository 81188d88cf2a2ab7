#pragma once

#include <lineside/alert.hpp>

#include "rules/alerting.hpp"
#include "rules/rollup.hpp"

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <vector>

namespace lineside::rules {

/// The end of a call in progress that was told live.
inline constexpr std::int64_t still_live = std::numeric_limits<std::int64_t>::max();

/// What a rule sees as time goes on, for one look now and for a replay of years alike: both are told the calls and ask
/// at instants that only go forward, so they cannot differ.
///
/// ASR, ACD, PDD and consecutive failures look at the calls that ended in (t - sample period, t]: by their start, the
/// failed ones of a minute would be known before the answered ones. CPS looks at the calls that started in
/// [t - sample period, t), channels at the most that were live in it. Daily spend is of calls that ended by t and
/// started on its UTC day; at midnight that is the day that ends. The balance is what was there, and payments, less
/// charges of calls that ended.
class alert_meter {
public:
    /// For looks from `first` on. `step`: see `evaluation_step`.
    alert_meter(alert_area area, duration sample_period, duration step, instant first);

    /// The start of calls that count at the first look; earlier ones change nothing, unless they end later.
    [[nodiscard]] instant earliest() const noexcept;
    /// In any order; before the look at which it is known: it ended, or for CPS started. A call that is stored without
    /// an end (`absent`) is none; one in progress that was told live (`still_live`) is one for CPS.
    void add(const call_facts& call);
    /// For channels: the most that were live at an instant of the step that begins then.
    void peak(instant begin, std::uint64_t count);
    /// A change of the credit available: the one at the beginning, a payment.
    void credit(instant at, nanos128 amount);
    /// `t` is a multiple of the step and not before the last.
    [[nodiscard]] observation look(instant t);

private:
    struct finished_call {
        std::int64_t end;
        std::int64_t start;
        bool answered;
    };
    // What a step of time came to.
    struct sums {
        std::uint64_t calls = 0;
        std::uint64_t answered = 0;
        std::uint64_t uncovered = 0;
        std::uint64_t talk_ms = 0;
        std::uint64_t pdd_ms = 0;
        std::uint64_t pdd_calls = 0;
    };
    // What is told about a step that is not over.
    struct bucket {
        sums sum{};
        nanos128 amount = 0;
        std::uint64_t peak = 0;
        std::vector<std::int64_t> seconds{}; // CPS: that calls started in
        std::vector<finished_call> ended{};  // consecutive failures
    };
    struct count_of_step {
        std::int64_t index;
        std::uint64_t count;
    };

    [[nodiscard]] std::int64_t step_at(std::int64_t t) const noexcept;
    /// Null: it is over.
    bucket* ahead_at(std::int64_t index);
    void add_started(const call_facts& call);
    void add_ended(const call_facts& call);
    void pass(bucket& b, std::int64_t index);
    void pass_peak(std::uint64_t peak, std::int64_t index);
    void pass_failures(std::vector<finished_call>& ended, std::int64_t index);
    void drop(std::int64_t index);

    const alert_area area_;
    const std::int64_t step_;
    const std::int64_t width_;             // steps of a sample period
    std::int64_t front_ = 0;               // index of the first step kept
    std::int64_t passed_ = 0;              // index of the first that is not over
    std::map<std::int64_t, bucket> ahead_; // by index; a call may end long after all that is looked at
    std::deque<sums> window_;              // from `front_` to `passed_`
    sums sum_;                             // of the window; of a spend: of its day
    nanos128 amount_ = 0;                  // the balance, or the spend of `day_`
    std::int64_t day_ = std::numeric_limits<std::int64_t>::min();
    std::deque<count_of_step> peaks_;     // falling: the front is the most of the window
    std::deque<count_of_step> failures_;  // of the steps since the last that had an answered call, it included
    std::uint64_t failures_in_a_row_ = 0; // their sum
};

} // namespace lineside::rules
