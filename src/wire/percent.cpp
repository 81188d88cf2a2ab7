#include "wire/percent.hpp"

#include <lineside/error.hpp>

#include "wire/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lineside::wire {

namespace {

constexpr bool stays(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~' || c == ':';
}

int digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
    throw error(errc::invalid_argument, std::string(name) + ' ' + std::string(why), std::string(name));
}

std::string decoded(std::string_view text, std::string_view name, bool plus_is_space) {
    std::string value;
    value.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                refuse(name, "has a % without two hexadecimal digits");
            value += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            value += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    for (std::size_t i = 0; i < value.size();) {
        const auto length = sequence_length(std::string_view(value).substr(i));
        if (length == 0)
            refuse(name, "is not UTF-8");
        if (static_cast<unsigned char>(value[i]) < 0x20 || value[i] == 0x7F)
            refuse(name, "has a control character");
        i += length;
    }
    return value;
}

} // namespace

void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    while (!text.empty()) {
        const auto staying = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), stays) - text.begin());
        out += text.substr(0, staying);
        text.remove_prefix(staying);
        if (text.empty())
            return;
        const auto byte = static_cast<unsigned char>(text.front());
        text.remove_prefix(1);
        out += '%';
        out += hex[byte >> 4U];
        out += hex[byte & 15U];
    }
}

void append_segment(std::string& out, std::string_view value) {
    if (value.empty() || value.front() == '~' || value.front() == '.')
        out += '~';
    append_encoded(out, value);
}

std::string read_segment(std::string_view segment, std::string_view name) {
    auto value = decoded(segment, name, false);
    if (value == "." || value == "..")
        refuse(name, "is a relative step");
    if (value.starts_with('~')) {
        value.erase(0, 1);
        if (!value.empty() && value.front() != '~' && value.front() != '.')
            refuse(name, "begins with a ~ that is not doubled");
    }
    return value;
}

std::string read_query_text(std::string_view text, std::string_view name) { return decoded(text, name, true); }

} // namespace lineside::wire
