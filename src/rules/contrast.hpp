#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

struct colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    bool operator==(const colour&) const = default;
};

/// Reads `#rrggbb`, in letters of either case.
[[nodiscard]] std::optional<colour> parse_colour(std::string_view text);

/// How far two colours stand out from one another: 1 (not at all) to 21 (black on white), by WCAG 2.1, 1.4.3.
[[nodiscard]] double contrast(colour a, colour b);

/// The least contrast that text needs to be read by most (WCAG 2.1, level AA).
inline constexpr double readable_contrast = 4.5;

/// "4.47:1", cut after two decimals, so that what is below 4.5 never shows as 4.5.
[[nodiscard]] std::string shown_contrast(double ratio);

} // namespace lineside::rules
