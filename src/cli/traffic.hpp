#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

// How made-up calls behave. All arithmetic is in integers, so the same seed gives the same calls on every machine.
namespace lineside::cli {

// splitmix64 (Steele, Lea, Flood 2014): a bijection of 64-bit numbers that scatters them.
constexpr std::uint64_t scatter(std::uint64_t x) {
    x ^= x >> 30U;
    x *= 0xBF58476D1CE4E5B9U;
    x ^= x >> 27U;
    x *= 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

class random_source {
public:
    explicit random_source(std::uint64_t seed) noexcept : state_(scatter(seed)) {}

    std::uint64_t next() noexcept { return scatter(state_ += 0x9E3779B97F4A7C15U); }
    /// 0 to n - 1; n fits in 32 bits.
    std::uint64_t below(std::uint64_t n) noexcept { return ((next() >> 32U) * n) >> 32U; }
    bool chance(std::uint64_t percent) noexcept { return below(100) < percent; }
    /// About normal: the sum of twelve 16-bit numbers less its mean, in 1/65,536 of a standard deviation.
    std::int64_t normal() noexcept;
    /// Exponential with a mean of 1, in 1/65,536; at most 22 of it.
    std::int64_t exponential() noexcept;

private:
    std::uint64_t state_;
};

constexpr std::uint64_t answered_percent = 45; ///< of the attempts
constexpr std::uint64_t keyed_percent = 5;     ///< of the answered ones: the caller presses 1 to 12 digits
constexpr std::uint64_t most_digits = 12;

/// From start to answer: 1 to 15 s.
[[nodiscard]] std::chrono::milliseconds ring_time(random_source& random);
/// Log-normal with a median of 109 s and a mean of 180 s.
[[nodiscard]] std::chrono::milliseconds talk_time(random_source& random);

struct destination {
    std::string_view prefix;
    std::uint32_t digits;        ///< behind the prefix
    std::uint32_t price_per_min; ///< millionths of the currency's unit
};
constexpr std::array<destination, 8> destinations{{{"4420", 8, 9'500},
                                                   {"447", 9, 18'900},
                                                   {"1212", 7, 6'200},
                                                   {"1415", 7, 6'200},
                                                   {"4930", 8, 11'000},
                                                   {"4917", 9, 24'800},
                                                   {"331", 8, 8'700},
                                                   {"9198", 8, 14'300}}};

/// How an attempt that is not answered ends.
struct ending {
    std::uint32_t percent;
    std::string_view sip_code;
    std::uint32_t longest_ms; ///< from start to end
};
[[nodiscard]] const ending& ending_of(random_source& random);
/// From start to end.
[[nodiscard]] std::chrono::milliseconds try_time(random_source& random, const ending& how);

} // namespace lineside::cli
