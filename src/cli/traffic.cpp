#include "cli/traffic.hpp"

#include <bit>

namespace lineside::cli {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t one = 65'536; // of fixed-point numbers

// 2^(x / 65,536), for x of 0 to 32 times 65,536. The fraction by a parabola, 0.2 % off at most.
std::int64_t power_of_two(std::int64_t x) {
    const auto f = x & 0xFFFF;
    const auto fraction = one + (f * (43'003 + ((22'533 * f) >> 16))) / one;
    return (fraction << (x >> 16)) >> 16;
}

constexpr std::array<ending, 7> endings{{{26, "486", 9'000},
                                         {28, "480", 60'000},
                                         {20, "487", 40'000},
                                         {8, "603", 15'000},
                                         {10, "404", 1'500},
                                         {5, "503", 1'200},
                                         {3, "403", 800}}};

} // namespace

std::int64_t random_source::normal() noexcept {
    std::int64_t sum = -6 * 65'535;
    for (int i = 0; i < 3; ++i)
        for (std::uint64_t bits = next(), lane = 0; lane < 4; ++lane, bits >>= 16U)
            sum += static_cast<std::int64_t>(bits & 0xFFFFU);
    return sum;
}

// -ln of a uniform number of 32 bits. The binary logarithm of its mantissa by a parabola, 0.01 off at most.
std::int64_t random_source::exponential() noexcept {
    constexpr std::int64_t ln_of_2 = 45'426;
    constexpr std::int64_t bend = 22'610;
    const std::uint64_t uniform = (next() >> 32U) + 1;
    const auto power = static_cast<std::int64_t>(std::bit_width(uniform)) - 1;
    const auto f = static_cast<std::int64_t>((uniform << 16U >> power) & 0xFFFFU);
    const auto log2 = power * one + f + ((bend * (f * (one - f) >> 16)) >> 16);
    return ((32 * one - log2) * ln_of_2) >> 16;
}

milliseconds ring_time(random_source& random) {
    return milliseconds(1'000 + static_cast<std::int64_t>(random.below(14'000)));
}

// Log-normal with sigma = 1, whose mean is e^(1/2) times its median.
milliseconds talk_time(random_source& random) {
    constexpr std::int64_t log2_of_median = 1'097'000; // of 109 s in milliseconds, in 1/65,536
    constexpr std::int64_t log2_of_e = 94'548;
    return milliseconds(power_of_two(log2_of_median + ((random.normal() * log2_of_e) >> 16)));
}

const ending& ending_of(random_source& random) {
    const auto* how = endings.data();
    for (auto at = random.below(100); at >= how->percent; ++how)
        at -= how->percent;
    return *how;
}

milliseconds try_time(random_source& random, const ending& how) {
    return milliseconds(100 + static_cast<std::int64_t>(random.below(how.longest_ms)));
}

} // namespace lineside::cli
