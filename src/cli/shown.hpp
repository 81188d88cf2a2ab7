#pragma once

#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace lineside::cli {

// Values as people read them in tables. What is not reported is "-".

/// Two decimals.
[[nodiscard]] std::string shown(std::optional<double> number);
[[nodiscard]] std::string shown(std::optional<std::uint64_t> count);
[[nodiscard]] std::string shown(const std::optional<money>& amount);
/// `1:02:03`, hours without limit, the rest of a second cut.
[[nodiscard]] std::string shown_length(std::chrono::milliseconds length);
/// `2026-03-01 14:05:09` of the wall clock with that offset.
[[nodiscard]] std::string shown_time(instant t, std::chrono::seconds offset);

} // namespace lineside::cli
