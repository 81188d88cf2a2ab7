#pragma once

#include <cstdint>

namespace lineside::rules {

/// A share between 0 and 1, as far as few samples can tell.
struct share_interval {
    double low = 0;
    double high = 1;
};

/// The Wilson score interval at 95 %: where the true share of hits lies, `hits` of `samples` seen. Of no samples:
/// anywhere.
[[nodiscard]] share_interval wilson_interval(std::uint64_t hits, std::uint64_t samples);

} // namespace lineside::rules
