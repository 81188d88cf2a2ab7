#pragma once

#include <lineside/layout.hpp>
#include <lineside/permission.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lineside::rules {

inline constexpr std::size_t most_widgets = 50;
/// A week of minutes, a year of hours.
inline constexpr std::uint64_t most_graph_points = 10'080;

/// Throws `lineside::error` (invalid_argument) whose field is the path of what is wrong, `widgets/3/width`.
void check_widgets(std::span<const widget> widgets);

/// What somebody must be allowed to see for the widget to show anything; unset: nothing in particular.
[[nodiscard]] std::optional<permission> needs(widget_kind k) noexcept;

/// The dashboard of whoever has not arranged one: channels, balance, checklist, alerts, the four graphs and the last
/// 24 hours, as far as they may be seen.
[[nodiscard]] std::vector<widget> default_widgets(permission_set may);

/// Those that may be seen.
[[nodiscard]] std::vector<widget> visible(std::vector<widget> widgets, permission_set may);

} // namespace lineside::rules
