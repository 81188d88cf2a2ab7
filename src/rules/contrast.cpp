#include "rules/contrast.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lineside::rules {

namespace {

double linear(std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(colour c) { return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue); }

} // namespace

std::optional<colour> parse_colour(std::string_view text) {
    if (text.size() != 7 || text.front() != '#')
        return std::nullopt;
    std::uint32_t rgb = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data() + 1, end, rgb, 16);
    if (failed != std::errc{} || stop != end)
        return std::nullopt;
    return colour{static_cast<std::uint8_t>(rgb >> 16U), static_cast<std::uint8_t>(rgb >> 8U & 255U),
                  static_cast<std::uint8_t>(rgb & 255U)};
}

double contrast(colour a, colour b) {
    const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
    return (lighter + 0.05) / (darker + 0.05);
}

std::string shown_contrast(double ratio) {
    const auto hundredths = static_cast<int>(ratio * 100);
    auto decimals = std::to_string(hundredths % 100);
    decimals.insert(0, 2 - decimals.size(), '0');
    return std::to_string(hundredths / 100) + '.' + decimals + ":1";
}

} // namespace lineside::rules
