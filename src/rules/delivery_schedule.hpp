#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace lineside::rules {

/// What came of an attempt to deliver something.
enum class delivery_result : std::uint8_t {
    delivered,
    failed,
    gone, ///< the receiver says that it wants no more: 410
};

/// How an HTTP status is to be read: 2xx is delivered; redirects are not followed, so they fail.
[[nodiscard]] delivery_result result_of_status(unsigned status) noexcept;

/// Attempts that are made before a delivery is given up: at once, and after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
inline constexpr std::uint32_t most_attempts = 8;
inline constexpr duration longest_wait = std::chrono::hours(12); ///< between two attempts

/// When to try again after `attempts` failed ones; unset: never, it is dead. `chance`, 0 to 1, spreads what failed
/// together: each wait is made up to a fifth longer.
[[nodiscard]] std::optional<instant> next_attempt(std::uint32_t attempts, instant now, double chance) noexcept;

} // namespace lineside::rules
