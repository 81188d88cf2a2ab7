#include "rules/downsample.hpp"

#include <algorithm>

namespace lineside::rules {

std::vector<std::size_t> merge_plan(std::size_t buckets, std::size_t max_points) {
    const std::size_t groups = max_points == 0 ? buckets : std::min(buckets, max_points);
    std::vector<std::size_t> firsts(groups + 1);
    // The remainder is spread, not piled up at an end: every group is buckets / groups long, or one longer.
    for (std::size_t i = 0; i < groups; ++i)
        firsts[i] = i * (buckets / groups) + i * (buckets % groups) / groups;
    firsts[groups] = buckets;
    return firsts;
}

} // namespace lineside::rules
