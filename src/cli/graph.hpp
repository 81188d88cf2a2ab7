#pragma once

#include <lineside/series.hpp>
#include <lineside/time.hpp>

#include "cli/paint.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cli {

/// An area stands on zero; a line has an axis around its values.
enum class graph_shape : std::uint8_t { area, line };

struct graph {
    std::string_view title;
    const lineside::series* series = nullptr;
    graph_shape shape = graph_shape::line;
    ink colour = ink::plain;
};

/// Draws a series over the range in Braille dots: a title with last, smallest and largest value, the plot of `rows`
/// lines with its axis, and the zone's hours below. Nothing to measure leaves a gap, and the axis is dotted there.
/// Every line is `width` columns wide.
[[nodiscard]] std::vector<std::string> draw(const graph& g, time_range range, std::size_t width, std::size_t rows,
                                            const painter& paint);

} // namespace lineside::cli
