#include "rules/phone.hpp"

#include "model/names.hpp"

#include <cstddef>

namespace lineside::rules {

namespace {

constexpr std::size_t fewest_digits = 7; // of the smallest countries, with the country code
constexpr std::size_t most_digits = 15;  // E.164

bool separates(char c) { return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/'; }

} // namespace

result<std::string> parse_phone(std::string_view text) {
    if (!text.starts_with('+'))
        return wrong("a telephone number begins with + and the country code: +44 20 7946 0000");
    std::string number = "+";
    for (const char c : text.substr(1)) {
        if (c >= '0' && c <= '9')
            number += c;
        else if (!separates(c))
            return wrong("a telephone number has only digits after the +");
        if (number.size() > most_digits + 1)
            return wrong("a telephone number has at most 15 digits");
    }
    if (number.size() < fewest_digits + 1)
        return wrong("a telephone number has at least 7 digits, with the country code");
    if (number[1] == '0')
        return wrong("no country code begins with 0");
    return number;
}

} // namespace lineside::rules
