#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// The three tables of the customer Summary. Always 24-hour UTC: the only numbers valid for billing.
enum class summary_period : std::uint8_t {
    live,    ///< hours, by default the last 24
    daily,   ///< UTC days, by default the last 31
    monthly, ///< UTC months, by default the last 12
};

[[nodiscard]] LINESIDE_API std::string_view to_string(summary_period p) noexcept;
[[nodiscard]] LINESIDE_API result<summary_period> parse_summary_period(std::string_view text);

/// How far a row may still move.
enum class row_state : std::uint8_t {
    open,        ///< its time is not over
    provisional, ///< over for less than 24 h
    final,       ///< over for 24 h or more, never corrected since
    restated,    ///< a corrected or late record changed it; `revision` counts how often
};

[[nodiscard]] LINESIDE_API std::string_view to_string(row_state s) noexcept;

struct summary_query {
    account_id account{};
    summary_period period = summary_period::live;
    /// The instant the default range ends at and the states are told for; unset: now.
    std::optional<instant> at{};
    /// Rows that touch this range instead of the period's default one.
    std::optional<time_range> range{};
};

/// One row. Unset is "not reported" or "nothing to divide by", never 0. Percentages and seconds as shown: two
/// decimals, half up.
struct summary_row {
    instant start{};
    instant end{};
    std::uint64_t attempts = 0;
    std::uint64_t answered = 0;
    std::optional<double> asr;      ///< percent
    std::optional<double> acd_s;    ///< seconds
    double talk_s = 0;              ///< seconds, exact to the millisecond
    std::optional<double> billed_s; ///< seconds; unset where there were calls and none reports it
    std::optional<std::uint64_t> dtmf_calls;
    std::optional<double> dtmf_percent;
    std::optional<money> charge; ///< unset where no call reports one and there were attempts
    std::string currency;
    row_state state = row_state::open;
    std::uint32_t revision = 0;
    std::uint32_t open_calls = 0; ///< started here and still in progress

    bool operator==(const summary_row&) const = default;
};

struct summary {
    account_id account;
    summary_period period = summary_period::live;
    instant as_of{};
    std::vector<summary_row> rows;

    bool operator==(const summary&) const = default;
};

/// The numeric columns of a summary row.
enum class summary_column : std::uint8_t {
    attempts,
    answered,
    asr,
    acd_s,
    talk_s,
    billed_s,
    dtmf_calls,
    dtmf_percent,
    charge,
};

[[nodiscard]] LINESIDE_API std::string_view to_string(summary_column c) noexcept;
[[nodiscard]] LINESIDE_API result<summary_column> parse_summary_column(std::string_view text);

/// A selection of cells of one column: rows [first_row, last_row) of the summary the query describes.
struct statistics_query {
    summary_query summary{};
    summary_column column = summary_column::attempts;
    std::uint32_t first_row = 0;
    std::optional<std::uint32_t> last_row{}; ///< unset: to the end
};

/// What the portal shows under a selection, and what it should be compared with. Decimal texts, exact: money and
/// counts as they are, ratios with two decimals half up.
struct selection_statistics {
    std::string column;
    std::uint64_t count = 0;                      ///< cells that hold a number
    std::optional<std::string> sum;               ///< of the shown values
    std::optional<std::string> average_of_values; ///< unweighted average of the shown values (an average of averages)
    std::optional<std::string> true_average;      ///< of the calls behind them: numerators over denominators

    bool operator==(const selection_statistics&) const = default;
};

} // namespace lineside
