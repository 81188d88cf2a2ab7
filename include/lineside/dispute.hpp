#pragma once

#include <lineside/call.hpp>
#include <lineside/call_import.hpp>
#include <lineside/data_export.hpp>
#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// One side of a comparison: a stream of records, or the stored calls of the account whose dispute it is.
struct dispute_side {
    /// Read as an import reads it, with its format, zone, fields, mode and `on_rejected`; nothing is stored. Where it
    /// names neither `account` nor `account_from`, records need not say whose they are. Unset: the stored calls.
    std::optional<import_request> records{};
    std::string only_account{}; ///< of the records only those that say they are this account's; empty: all
    std::string name{};         ///< what the report calls this side; default: the input's name, or "stored calls"
};

/// How a length of time is rounded before it is billed: to full seconds, or to increments such as 30/6 (at least 30
/// seconds, then steps of 6).
enum class duration_rounding : std::uint8_t { exact, up_to_seconds, increments };
enum class charge_rounding : std::uint8_t { exact, up, half_up, down };
/// Which calls are compared. `automatic`: all, but only the answered where one side has no others.
enum class dispute_population : std::uint8_t { automatic, all, answered };

[[nodiscard]] LINESIDE_API std::string_view to_string(duration_rounding r) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(charge_rounding r) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(dispute_population p) noexcept;

/// What differences are only rounding.
struct dispute_tolerance {
    /// Between the starts of one call on both sides, once the clocks agree. 0 to an hour.
    duration start_ms{std::chrono::seconds(10)};
    duration length_ms{}; ///< of billed time
    duration_rounding rounding = duration_rounding::exact;
    std::uint32_t first_increment_s = 60; ///< of `increments`: 30/6 is 30 ... 1 to 3,600
    std::uint32_t next_increment_s = 60;  ///< ... and 6. 1 to 3,600
    money charge{};                       ///< of one call; its currency is not looked at
    charge_rounding charge_mode = charge_rounding::exact;
    std::uint32_t charge_decimals = 4; ///< of `charge_mode`: 0 to 9
};

enum class difference_class : std::uint8_t {
    missing_in_ours,
    missing_in_theirs,
    length, ///< the charge, where it differs, only follows the billed time
    rating,
    length_and_rating,
    rounding, ///< explained by the tolerance
};

[[nodiscard]] LINESIDE_API std::string_view to_string(difference_class c) noexcept;

/// Two sets of calls and what counts as the same.
struct dispute_request {
    account_id account{}; ///< whose dispute it is; an operator may leave it empty where no side is stored
    dispute_side ours{};
    dispute_side theirs{};
    time_range range{}; ///< of our starts; left at its default: all
    dispute_population population = dispute_population::automatic;
    dispute_tolerance tolerance{};
    std::uint32_t limit = 100; ///< how many differing calls to name in the report, 0 to 10,000
    export_format evidence_format = export_format::csv;
    cell_safety evidence_safety = cell_safety::formula_safe;
    /// Takes every differing call, piece by piece, as `export_request::write` does; unset: none.
    std::function<void(std::string_view)> write_evidence{};
    /// Called every few tens of milliseconds, on the thread that compares; both inputs in one.
    std::function<void(const import_progress&)> on_progress{};
};

/// What was read of one side.
struct dispute_input {
    std::string name;
    record_format format = record_format::detect; ///< `detect`: stored calls
    std::string evidence;                         ///< why that format
    std::uint64_t read = 0;                       ///< rows; of stored calls: calls
    std::uint64_t rejected = 0;
    std::uint64_t folded = 0;        ///< rows that were further legs or retries of a call
    std::uint64_t other_account = 0; ///< calls of other accounts than `only_account`
    std::uint64_t not_compared = 0; ///< calls in progress, out of range, or not answered where only answered ones count
    std::vector<std::string> notes; ///< what the reader assumed

    bool operator==(const dispute_input&) const = default;
};

struct dispute_totals {
    std::uint64_t calls = 0;
    std::uint64_t answered = 0;
    duration talk_ms{};
    duration billed_ms{};          ///< talk time of calls that do not report it
    std::optional<money> charge{}; ///< unset: no call of this side reports one

    bool operator==(const dispute_totals&) const = default;
};

/// Ours less theirs.
struct dispute_amount {
    std::int64_t calls = 0;
    duration billed_ms{};
    std::optional<money> charge{}; ///< unset: not reported on both sides, so not compared

    bool operator==(const dispute_amount&) const = default;
};

struct dispute_class_total {
    difference_class kind = difference_class::rounding;
    std::string rule; ///< of `rounding`: the rule that explains it, "60/60 s"
    std::uint64_t count = 0;
    dispute_amount amount{};

    bool operator==(const dispute_class_total&) const = default;
};

/// A day or an hour, UTC. A call on both sides counts in the period of our start, one that is only theirs in that of its
/// start by our clock; so the classes add up exactly to the difference, and the difference is ours less theirs.
struct dispute_period {
    instant start{};
    dispute_totals ours{};
    dispute_totals theirs{};
    dispute_amount difference{};
    std::vector<dispute_class_total> classes{};

    bool operator==(const dispute_period&) const = default;
};

/// A call that differs, as far as it was compared.
struct dispute_call {
    difference_class kind = difference_class::rounding;
    std::optional<call> ours{};
    std::optional<call> theirs{};
    dispute_amount amount{};
    std::string text{}; ///< what differs, in words

    bool operator==(const dispute_call&) const = default;
};

/// How two sets of calls differ: total, day, hour, call. On each level the classes add up exactly to ours less theirs.
struct dispute_report {
    account_id account{};
    dispute_input our_input{};
    dispute_input their_input{};
    dispute_totals ours{};
    dispute_totals theirs{};
    dispute_amount difference{};
    std::uint64_t matched = 0;       ///< calls on both sides
    std::uint64_t matched_by_id = 0; ///< of those, with the same call id
    duration zone_shift_ms{};        ///< theirs less ours: whole quarter hours, as of a zone that was not stated
    duration clock_skew_ms{};        ///< theirs less ours beyond that: the median of the matched calls
    std::vector<dispute_class_total> classes{};
    std::vector<dispute_period> days{};  ///< those with calls
    std::vector<dispute_period> hours{}; ///< those that differ; of more than 2,000 the worst, in the order of time
    std::uint64_t differing_hours = 0;
    std::vector<dispute_call> calls{}; ///< the first `limit` that differ, in the order of time
    std::uint64_t differing_calls = 0;
    std::vector<std::string> findings{}; ///< patterns in words: "theirs is rounded up to 60/60 s"

    /// Nothing differs but by rounding.
    [[nodiscard]] bool agrees() const noexcept {
        for (const auto& c : classes)
            if (c.kind != difference_class::rounding)
                return false;
        return true;
    }
    bool operator==(const dispute_report&) const = default;
};

} // namespace lineside
