#pragma once

#include "cdr/reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace lineside::cdr {

/// Why a field could not be read, in words that follow the field's name; nullptr where it could.
using fault = const char*;

/// The limits of texts in a call.
inline constexpr std::size_t max_call_id = 512;
inline constexpr std::size_t max_account = 128;
inline constexpr std::size_t max_text = 512;
/// A call touches each day it lasts, so one of a thousand years is refused: a leap year.
inline constexpr std::int64_t max_length_ms = 31'622'400'000;

[[nodiscard]] fault parse_integer(std::string_view text, std::int64_t& to) noexcept;
/// Digits only, at most `max`.
[[nodiscard]] fault parse_count(std::string_view text, std::int64_t& to, std::int64_t max) noexcept;
/// Seconds with or without a fraction -> milliseconds; what is finer is cut. Not negative.
[[nodiscard]] fault parse_seconds(std::string_view text, std::int64_t& ms) noexcept;
/// `12`, `-0.5`, `.5`, `12.345678901` -> billionths, exactly: more than nine decimals (zeros apart) are refused.
[[nodiscard]] fault parse_nanos(std::string_view text, std::int64_t& nanos) noexcept;
/// 100 to 699; also `sip:486`, `SIP/2.0 486 Busy Here`.
[[nodiscard]] fault parse_sip_code(std::string_view text, std::int32_t& to) noexcept;
/// Not longer than `max` bytes, UTF-8, no control characters.
[[nodiscard]] fault check_text(std::string_view text, std::size_t max) noexcept;

[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Days from 1970-01-01 of a date of the Gregorian calendar.
[[nodiscard]] constexpr std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) noexcept {
    // The year begins in March, so that the leap day is its last.
    y -= m <= 2;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const auto yoe = static_cast<unsigned>(y - era * 400);
    const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

/// A time as it was written.
struct parsed_time {
    std::int64_t ms = 0;       ///< UTC where `local` is false, else the wall clock as if it were UTC
    bool local = false;        ///< without offset
    bool minutes_only = false; ///< without seconds: no length can be derived from it
};

/// ISO 8601 and SQL: `2026-03-01T12:34:56.789Z`, `2026-03-01 12:34:56.789123+00`, `...+02:00`, `...+0200`, `... UTC`,
/// without offset (local), and `2020/2/10 22:41[:05]` as spreadsheets write it. Fractions beyond milliseconds are cut.
[[nodiscard]] fault parse_time(std::string_view text, parsed_time& to) noexcept;

/// Since 1970 in seconds (also with a fraction), milliseconds or microseconds, told apart by magnitude. 0 is refused.
[[nodiscard]] fault parse_epoch(std::string_view text, std::int64_t& ms) noexcept;

/// Local times of one input, in the order of its rows.
///
/// Of the two instants of a repeated hour the one is meant that goes on from the row before, forwards or, in an export
/// that begins with the latest call, backwards; switches show a disorder of a minute. The first where nothing tells.
class local_clock {
public:
    /// `options` must outlive the clock.
    explicit local_clock(const reader_options& options) : options_(&options) {}

    [[nodiscard]] bool has_zone() const noexcept { return static_cast<bool>(options_->zone); }

    /// Throws `lineside::error` (invalid_argument, member time_zone) where the options have no zone.
    [[nodiscard]] std::int64_t in_order(std::int64_t local_ms, std::uint64_t line);
    /// The same, for the second and third time of a row: the first instant that is not before `reference`.
    [[nodiscard]] std::int64_t not_before(std::int64_t local_ms, std::int64_t reference, std::uint64_t line);
    /// The end of a call whose start and length (or `absent`) the row states: only where these leave it open which of
    /// two instants is meant does the order decide.
    [[nodiscard]] std::int64_t end_in_order(std::int64_t local_ms, std::int64_t local_start_ms, std::int64_t length,
                                            std::uint64_t line);
    /// For a row written at the end of the call: the instant that lies nearest to `length` before `end`.
    [[nodiscard]] std::int64_t before(std::int64_t local_ms, std::int64_t end, std::int64_t length, std::uint64_t line);

    /// What has to be said at the end of the input; empty where nothing has.
    [[nodiscard]] std::string note() const;

private:
    struct pair {
        std::int64_t first = 0;
        std::int64_t second = 0;
    };
    pair both(std::int64_t local_ms, std::uint64_t line);
    std::int64_t remember(std::int64_t utc_ms);

    const reader_options* options_;
    std::int64_t previous_ = INT64_MIN;
    std::int64_t trend_ = 0; ///< steps forwards less steps backwards
    std::uint64_t repeated_ = 0;
    std::uint64_t repeated_line_ = 0;
    std::uint64_t skipped_ = 0;
    std::uint64_t skipped_line_ = 0;
};

} // namespace lineside::cdr
