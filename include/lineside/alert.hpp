#pragma once

#include <lineside/checklist.hpp>
#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/page.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

enum class alert_area : std::uint8_t {
    balance, ///< credit available, in the account's currency
    asr,     ///< %
    acd,     ///< s
    pdd,     ///< ms
    cps,     ///< calls started in the busiest second
    channels,
    consecutive_failures, ///< attempts in a row that were not answered
    daily_spend,          ///< charges since midnight UTC, in the account's currency
};
enum class alert_operator : std::uint8_t { less, less_or_equal, equal, greater_or_equal, greater };

[[nodiscard]] LINESIDE_API std::string_view to_string(alert_area a) noexcept;
/// "<" "<=" "=" ">=" ">"
[[nodiscard]] LINESIDE_API std::string_view to_string(alert_operator o) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<alert_area> parse_alert_area(std::string_view text);
[[nodiscard]] LINESIDE_API result<alert_operator> parse_alert_operator(std::string_view text);

/// Local times of day between which nothing is sent; across midnight where `from` is later than `to`. What is held back
/// is sent at their end if it still holds.
struct quiet_hours {
    std::uint32_t from_minute = 0; ///< of the day, 0 to 1,439
    std::uint32_t to_minute = 0;
    std::string zone{}; ///< IANA; empty: the account's

    bool operator==(const quiet_hours&) const = default;
};

struct alert_rule {
    account_id account{};
    std::string id{}; ///< assigned by the engine
    std::string title{};
    alert_area area = alert_area::asr;
    alert_operator op = alert_operator::less;
    double threshold = 0;
    /// Once fired, fires again only after the value was beyond this (above it for < and <=, below for > and >=); unset:
    /// after the value was no longer beyond the threshold.
    std::optional<double> reset_threshold{};
    /// Whole minutes, 1 minute to 31 days; of no meaning for balance and daily_spend. ASR, ACD, PDD and consecutive
    /// failures are of the calls that ended in it, CPS and channels are the most that were seen in it.
    duration sample_period = std::chrono::hours(1);
    /// Fewer calls decide nothing; for ASR, ACD (answered ones), PDD (those that report it) and consecutive failures. For
    /// ASR with < <= > >= the calls have to be enough, too, for the whole Wilson interval to be beyond the threshold.
    std::uint32_t minimum_samples = 1;
    duration repeat_period = std::chrono::hours(24); ///< at most one notification in it; 1 minute to 31 days
    severity level = severity::warning;
    std::vector<std::string> recipients{}; ///< e-mail addresses, at most 20
    std::optional<lineside::quiet_hours> quiet{};
    bool enabled = true;
    instant created_at{};

    bool operator==(const alert_rule&) const = default;
};

struct alert_rule_key {
    account_id account{};
    std::string rule{};
};

struct alert_rule_query {
    account_id account{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

enum class alert_event_kind : std::uint8_t { fired, repeated, held_back, reset, tested };

[[nodiscard]] LINESIDE_API std::string_view to_string(alert_event_kind k) noexcept;

/// A line of an account's alert history. Those that fired, repeated or were tested were sent; the others are kept alone.
struct alert_event {
    account_id account{};
    std::uint64_t number = 0; ///< from 1, without gaps
    instant at{};
    std::string rule{};
    std::string title{};
    alert_area area = alert_area::asr;
    alert_event_kind kind = alert_event_kind::fired;
    severity level = severity::warning;
    std::optional<double> value{};
    std::uint64_t samples = 0;
    double threshold = 0;
    std::string text{}; ///< why, in words

    bool operator==(const alert_event&) const = default;
};

/// Newest first.
struct alert_event_query {
    account_id account{};
    std::string rule{}; ///< empty: of all
    time_range range{}; ///< left at its default: all there are
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

enum class alert_test_delivery : std::uint8_t { simulate, send };

[[nodiscard]] LINESIDE_API std::string_view to_string(alert_test_delivery d) noexcept;

struct alert_test_request {
    account_id account{};
    std::string rule{};
    alert_test_delivery delivery = alert_test_delivery::simulate;
};

/// What the rule sees now and what it would do.
struct alert_test {
    alert_event event{};
    bool would_fire = false;
    std::vector<std::string> recipients{};
    std::string message{}; ///< what would be sent

    bool operator==(const alert_test&) const = default;
};

/// At most 366 days, and 600,000 looks of the rule.
struct alert_backtest_request {
    alert_rule rule{}; ///< stored or not
    time_range range{};
    /// Sees how far it has come, on the operation's thread.
    std::function<void(instant)> on_progress{};
};

/// What the rule would have done had it looked at every step, each call been reported when it ended and, for CPS and
/// channels, when it started.
struct alert_backtest {
    time_range range{};
    std::uint64_t evaluations = 0;
    std::uint64_t fired = 0; ///< times anybody would have been told, repetitions included
    std::uint64_t held_back = 0;
    std::vector<alert_event> events{}; ///< at most 10,000

    bool operator==(const alert_backtest&) const = default;
};

struct work_request {
    /// Deliveries to try at most, 1 to 10,000; those to one slow receiver take 5 s each.
    std::uint32_t most_deliveries = 1'000;
};

/// What the clock brought: alerts evaluated, deliveries made, old things given up.
struct work_report {
    std::uint64_t evaluated = 0;
    std::uint64_t fired = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    std::uint64_t waiting = 0;
    std::optional<instant> next_due{}; ///< run again then; unset: no rule and no delivery waits

    bool operator==(const work_report&) const = default;
};

} // namespace lineside
