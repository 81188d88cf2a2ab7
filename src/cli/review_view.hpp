#pragma once

#include <lineside/review.hpp>

#include "cli/paint.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace lineside::cli {

/// Draws a review for people: the numbers with their days, then what stands out, one section a part. A part that is
/// unset is left out.
[[nodiscard]] std::vector<std::string> draw(const review& r, std::size_t width, const painter& paint);

} // namespace lineside::cli
