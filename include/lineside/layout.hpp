#pragma once

#include <lineside/contact.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

enum class widget_kind : std::uint8_t { channel_count, balance, graph, summary_table, checklist, alerts };

[[nodiscard]] LINESIDE_API std::string_view to_string(widget_kind k) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<widget_kind> parse_widget_kind(std::string_view text);

/// One piece of a dashboard. Widgets stand in their order, in rows of four columns.
struct widget {
    std::string id{}; ///< unique in the layout
    widget_kind kind = widget_kind::graph;
    std::optional<lineside::metric> metric{};   ///< of a graph
    std::optional<summary_period> period{};     ///< of a summary table
    std::uint32_t width = 1;                    ///< columns, 1 to 4
    std::uint32_t height = 1;                   ///< rows, 1 to 4
    std::optional<std::uint32_t> range_hours{}; ///< how far back a graph looks, 1 to 8,784
    std::optional<time_step> step{};            ///< of a graph
    std::string zone{};                         ///< IANA; empty: the contact's

    bool operator==(const widget&) const = default;
};

struct layout_query {
    account_id account{};
    contact_id contact{};
};

struct layout {
    account_id account{};
    contact_id contact{};
    std::vector<widget> widgets{}; ///< at most 50
    bool customised = false;       ///< false: the default

    bool operator==(const layout&) const = default;
};

} // namespace lineside
