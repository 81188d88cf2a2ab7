#include "wire/json_pieces.hpp"

#include <charconv>

namespace lineside::wire {

namespace {

std::size_t length_of_string(std::string_view text) {
    std::size_t i = 1;
    while (text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
    return i + 1;
}

} // namespace

std::string_view first_value(std::string_view text) {
    std::size_t i = 0;
    for (int depth = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            i += length_of_string(text.substr(i)) - 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                break;
            --depth;
        } else if ((c == ',' || c == ':') && depth == 0) {
            break;
        }
    }
    return text.substr(0, i);
}

std::string unquoted(std::string_view string) {
    std::string text;
    for (std::size_t i = 1; i + 1 < string.size(); ++i) {
        if (string[i] != '\\') {
            text += string[i];
            continue;
        }
        switch (string[++i]) {
        case 'n': text += '\n'; break;
        case 'r': text += '\r'; break;
        case 't': text += '\t'; break;
        case 'u': {
            unsigned char c = 0;
            std::from_chars(string.data() + i + 1, string.data() + i + 5, c, 16);
            text += static_cast<char>(c);
            i += 4;
            break;
        }
        default: text += string[i];
        }
    }
    return text;
}

} // namespace lineside::wire
