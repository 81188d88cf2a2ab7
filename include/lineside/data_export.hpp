#pragma once

#include <lineside/access_log.hpp>
#include <lineside/call.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>

namespace lineside {

enum class export_format : std::uint8_t { csv, tsv, ndjson };

/// Whether text cells that a spreadsheet would run as a formula are disarmed with a leading apostrophe.
enum class cell_safety : std::uint8_t { formula_safe, raw };
enum class header_row : std::uint8_t { present, omitted };

[[nodiscard]] LINESIDE_API std::string_view to_string(export_format f) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(cell_safety s) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(header_row h) noexcept;

/// The summary rows of every account of the portal, or of one.
struct summary_export {
    std::optional<account_id> account{}; ///< unset: all, in the order of their ids
    summary_period period = summary_period::live;
    std::optional<instant> at{};
    std::optional<time_range> range{};
};

/// Writes a table of any size in constant memory. Times are UTC, every row says so.
struct export_request {
    /// Of a call_query and an access_log_query, cursor and limit are ignored.
    std::variant<summary_export, call_query, series_query, access_log_query> what{};
    export_format format = export_format::csv;
    cell_safety safety = cell_safety::formula_safe;
    header_row header = header_row::present;
    /// Takes each piece in order. What it throws ends the export: a `lineside::error` reaches the caller as it is, any
    /// other exception as `errc::internal` with its message.
    std::function<void(std::string_view)> write{};
};

struct export_report {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;

    bool operator==(const export_report&) const = default;
};

} // namespace lineside
