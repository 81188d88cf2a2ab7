#pragma once

#include <lineside/dispute.hpp>

#include "cli/paint.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace lineside::cli {

/// A comparison for people, as lines: both sides' totals, what explains the difference, the classes, a bar for every
/// day, the worst hours, and the calls that the report names. Bars take what is left of `width`.
[[nodiscard]] std::vector<std::string> draw(const dispute_report& report, std::size_t width, const painter& paint);

} // namespace lineside::cli
