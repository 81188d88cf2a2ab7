#pragma once

#include <lineside/error.hpp>
#include <lineside/export.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside {

/// A point in time: UTC, whole milliseconds.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// A length of time in whole milliseconds.
using duration = std::chrono::milliseconds;

/// A half-open range `[from, to)`: an instant equal to `to` is outside. Every range of Lineside is half-open.
struct time_range {
    instant from{};
    instant to{};

    [[nodiscard]] bool empty() const noexcept { return from >= to; }
    [[nodiscard]] bool contains(instant t) const noexcept { return from <= t && t < to; }
    bool operator==(const time_range&) const = default;
};

/// The width of one bucket of a time series. Days, weeks (from Monday) and months follow the calendar of the
/// query's zone, so a day may have 23, 23.5, 24 or 25 hours.
enum class time_step : std::uint8_t { minute, five_minutes, hour, day, week, month };

/// "1m", "5m", "1h", "1d", "1w", "1mo".
[[nodiscard]] LINESIDE_API std::string_view to_string(time_step step) noexcept;
/// Reads what `to_string` writes. Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<time_step> parse_time_step(std::string_view text);

/// Reads ISO 8601: `2026-03-01`, `2026-03-01T12:34`, `...:56`, `...:56.789`, each but the first with `Z` or an offset
/// `+02:00`, `+0200` or `+02`. A text without offset is UTC. Fractions beyond milliseconds are cut.
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<instant> parse_instant(std::string_view text);

/// Writes `2026-03-01T12:34:56.789Z`; with an offset from UTC, local time and that offset: `...T14:34:56.789+02:00`.
[[nodiscard]] LINESIDE_API std::string to_string(instant t);
[[nodiscard]] LINESIDE_API std::string to_string(instant t, std::chrono::seconds offset);

} // namespace lineside
