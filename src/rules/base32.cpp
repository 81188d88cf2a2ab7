#include "rules/base32.hpp"

#include <cstddef>

namespace lineside::rules {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t group = 8; // characters that hold whole bytes

} // namespace

std::string to_base32(std::string_view bytes, padding p) {
    std::string text;
    text.reserve((bytes.size() + 4) / 5 * group);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        held = held << 8U | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5)
            text += alphabet[held >> (bits - 5) & 31U];
    }
    if (bits > 0)
        text += alphabet[held << (5 - bits) & 31U];
    while (p == padding::present && text.size() % group != 0)
        text += '=';
    return text;
}

std::optional<std::string> parse_base32(std::string_view text, padding p) {
    std::string bytes;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text.substr(0, text.find('='))) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        held = held << 5U | static_cast<std::uint32_t>(value);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> bits & 255U);
        }
    }
    // Whatever is not as it would have been written: the number of characters, the padding, the unused bits.
    if (to_base32(bytes, p) != text)
        return std::nullopt;
    return bytes;
}

} // namespace lineside::rules
