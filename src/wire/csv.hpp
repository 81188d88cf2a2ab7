#pragma once

#include <lineside/access_log.hpp>
#include <lineside/call.hpp>
#include <lineside/data_export.hpp>
#include <lineside/dispute.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::wire {

// The rows of exports. They only refer to what they show. A pointer to a value stands for the columns of that value.

struct exported_summary_row {
    std::string_view account;
    std::string_view zone = "UTC"; ///< of the times of the row: the Summary knows no other
    const summary_row* row = nullptr;
};

struct exported_call {
    std::string_view zone = "UTC"; ///< of the times of the row
    const lineside::call* call = nullptr;
};

struct exported_access_entry {
    std::string_view zone = "UTC"; ///< of the time of the row
    const access_entry* entry = nullptr;
};

/// A local time of a zone; written with its offset from UTC.
struct local_time {
    instant at{};
    std::chrono::seconds offset{};
};

/// A number, or exactly where it is an amount of money.
struct point_value {
    double number = 0;
    const money* amount = nullptr;
};

struct exported_point {
    std::string_view account;
    lineside::metric metric = metric::attempts;
    std::string_view unit;
    std::string_view zone;
    instant time_utc{};
    local_time time_local;
    std::int32_t offset_s = 0;
    point_value value;
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    std::string_view currency;
};

/// A call that two sides tell differently. The members of a side that has no such call are unset.
struct exported_difference {
    std::string_view zone = "UTC"; ///< of the times of the row
    difference_class kind = difference_class::rounding;
    std::string_view text;
    std::optional<instant> our_start{};
    std::optional<instant> their_start{};
    std::optional<std::string_view> our_call_id{};
    std::optional<std::string_view> their_call_id{};
    std::optional<std::string_view> our_cli{};
    std::optional<std::string_view> their_cli{};
    std::optional<std::string_view> our_destination{};
    std::optional<std::string_view> their_destination{};
    std::optional<call_outcome> our_outcome{};
    std::optional<call_outcome> their_outcome{};
    std::optional<duration> our_talk_ms{};
    std::optional<duration> their_talk_ms{};
    std::optional<duration> our_billed_ms{};
    std::optional<duration> their_billed_ms{};
    std::optional<money> our_charge{};
    std::optional<money> their_charge{};
    std::int64_t difference_calls = 0;
    duration difference_billed_ms{};
    std::optional<money> difference_charge{};
    std::string_view currency;
};

/// The row refers to the call.
[[nodiscard]] exported_difference difference_of(const dispute_call& c);

/// Point `i` of a series, which must outlive it.
[[nodiscard]] exported_point point_of(const series& s, std::size_t i);

/// The columns' names as a row; nothing for NDJSON, where each row names them.
/// Row is one of those above, here and below.
template <class Row>
void append_header(std::string& out, export_format format);

/// One row with its newline. CSV as in RFC 4180 but with LF; TSV quotes in the same way. Unset is an empty cell, or
/// null in NDJSON. `safety` is about the text cells of CSV and TSV.
template <class Row>
void append_row(std::string& out, const Row& row, export_format format, cell_safety safety);

} // namespace lineside::wire
