#include "cli/shown.hpp"

#include <array>
#include <charconv>

namespace lineside::cli {

std::string shown(std::optional<double> number) {
    if (!number)
        return "-";
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), *number, std::chars_format::fixed, 2);
    return end.ec == std::errc{} ? std::string(text.data(), end.ptr) : "?";
}

std::string shown(std::optional<std::uint64_t> count) { return count ? std::to_string(*count) : "-"; }

std::string shown(const std::optional<money>& amount) { return amount ? to_string(*amount) : "-"; }

std::string shown_length(std::chrono::milliseconds length) {
    const auto seconds = length.count() / 1000;
    const auto two = [](std::int64_t n) { return (n < 10 ? ":0" : ":") + std::to_string(n); };
    return std::to_string(seconds / 3600) + two(seconds / 60 % 60) + two(seconds % 60);
}

std::string shown_time(instant t, std::chrono::seconds offset) {
    auto text = to_string(t + offset).substr(0, 19);
    text[10] = ' ';
    return text;
}

} // namespace lineside::cli
