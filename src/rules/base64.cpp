#include "rules/base64.hpp"

#include <cstddef>

namespace lineside::rules {

namespace {

std::string_view characters(base64_alphabet a) {
    return a == base64_alphabet::standard ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                                          : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

} // namespace

std::string to_base64(std::string_view bytes, base64_alphabet a, padding p) {
    const auto alphabet = characters(a);
    std::string text;
    text.resize((bytes.size() * 8 + 5) / 6);
    auto* to = text.data();
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        held = held << 8U | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6)
            *to++ = alphabet[held >> (bits - 6) & 63U];
    }
    if (bits > 0)
        *to = alphabet[held << (6 - bits) & 63U];
    while (p == padding::present && text.size() % 4 != 0)
        text += '=';
    return text;
}

std::optional<std::string> parse_base64(std::string_view text, base64_alphabet a, padding p) {
    const auto alphabet = characters(a);
    std::string bytes;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text.substr(0, text.find('='))) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        held = held << 6U | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> bits & 255U);
        }
    }
    if (to_base64(bytes, a, p) != text)
        return std::nullopt;
    return bytes;
}

} // namespace lineside::rules
