#pragma once

#include <cstddef>
#include <vector>

namespace lineside::rules {

/// The first bucket of each group when `buckets` neighbours are merged into at most `max_points` groups of nearly equal
/// size, and `buckets` at the end. max_points 0 keeps every bucket.
[[nodiscard]] std::vector<std::size_t> merge_plan(std::size_t buckets, std::size_t max_points);

} // namespace lineside::rules
