#pragma once

#include <lineside/alert.hpp>

#include "cli/paint.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace lineside::cli {

/// When a rule would have fired: a strip over the range, each column a stretch of it, with its legend and the times at
/// both ends. The strip is `width` columns wide, at least 44.
[[nodiscard]] std::vector<std::string> draw(const alert_backtest& b, std::size_t width, const painter& paint);

} // namespace lineside::cli
