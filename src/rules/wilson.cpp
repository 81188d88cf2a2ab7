#include "rules/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace lineside::rules {

share_interval wilson_interval(std::uint64_t hits, std::uint64_t samples) {
    if (samples == 0)
        return {};
    constexpr double z = 1.959963984540054; // 97.5 % of a normal distribution lie below
    const auto n = static_cast<double>(samples);
    const double p = static_cast<double>(hits) / n;
    const double spread = z * z / n;
    const double centre = (p + spread / 2) / (1 + spread);
    const double half = z / (1 + spread) * std::sqrt(p * (1 - p) / n + spread / (4 * n));
    // The ends are exact; rounding would leave dust there.
    return {hits == 0 ? 0 : std::max(0.0, centre - half), hits >= samples ? 1 : std::min(1.0, centre + half)};
}

} // namespace lineside::rules
