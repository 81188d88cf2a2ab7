#include "rules/watch_position.hpp"

#include <algorithm>
#include <charconv>

// "1.DATABASE.RUN.c12l15": the version, both in hexadecimal, and behind a topic's letter how far its reader is.
namespace lineside::rules {

namespace {

constexpr std::string_view letters = "clbasd"; // in the order of watch_topic
constexpr std::string_view version = "1.";
constexpr std::size_t longest = 256;

void append(std::string& to, std::uint64_t number, int base) {
    char digits[20];
    to.append(digits, std::to_chars(digits, digits + sizeof digits, number, base).ptr);
}

bool take(std::string_view& from, std::uint64_t& number, int base) {
    const auto [end, ec] = std::from_chars(from.data(), from.data() + from.size(), number, base);
    if (ec != std::errc{})
        return false;
    from.remove_prefix(static_cast<std::size_t>(end - from.data()));
    return true;
}

bool take(std::string_view& from, char c) {
    if (!from.starts_with(c))
        return false;
    from.remove_prefix(1);
    return true;
}

bool is_plain(std::string_view text) {
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.';
    });
}

bool is_other_version(std::string_view text) {
    std::uint64_t number = 0;
    return take(text, number, 10) && number > 1 && text.starts_with('.');
}

} // namespace

std::string to_text(const watch_position& p) {
    std::string text(version);
    append(text, p.database, 16);
    text += '.';
    append(text, p.run, 16);
    text += '.';
    for (std::size_t i = 0; i < p.numbers.size(); ++i)
        if (p.numbers[i]) {
            text += letters[i];
            append(text, *p.numbers[i], 10);
        }
    return text;
}

std::optional<watch_position> parse_watch_position(std::string_view text) {
    if (!is_plain(text))
        return std::nullopt;
    watch_position p;
    if (is_other_version(text))
        return p;
    if (!text.starts_with(version))
        return std::nullopt;
    text.remove_prefix(version.size());
    if (!take(text, p.database, 16) || !take(text, '.') || !take(text, p.run, 16) || !take(text, '.'))
        return std::nullopt;
    while (!text.empty()) {
        const auto topic = letters.find(text.front());
        text.remove_prefix(1);
        if (topic == std::string_view::npos || p.numbers[topic] || !take(text, p.numbers[topic].emplace(), 10))
            return std::nullopt;
    }
    return p;
}

} // namespace lineside::rules
