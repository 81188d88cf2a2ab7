#include "rules/password_policy.hpp"

#include "rules/common_passwords.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace lineside::rules {

namespace {

using code_points = std::u32string;

// Nothing where the text is not UTF-8 (overlong forms and surrogates are not).
std::optional<code_points> decoded(std::string_view text) {
    code_points out;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || i + size > text.size())
            return std::nullopt;
        char32_t c = size == 1 ? first : first & (0xffU >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0U) != 0x80)
                return std::nullopt;
            c = c << 6U | (next & 0x3fU);
        }
        constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return std::nullopt;
        out += c;
        i += size;
    }
    return out;
}

// Small letters, of the scripts that names at carriers are mostly written in.
char32_t folded(char32_t c) {
    const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
    if (within(U'A', U'Z') || (within(0xc0, 0xde) && c != 0xd7) || within(0x391, 0x3a9) || within(0x410, 0x42f))
        return c + 32; // ASCII, Latin-1, Greek, Cyrillic
    if (within(0x400, 0x40f))
        return c + 80;
    const bool even_is_capital = within(0x100, 0x137) || within(0x14a, 0x177) || within(0x460, 0x4ff);
    const bool odd_is_capital = within(0x139, 0x148) || within(0x179, 0x17e);
    if ((even_is_capital && c % 2 == 0) || (odd_is_capital && c % 2 == 1))
        return c + 1; // Latin Extended-A, more Cyrillic
    return c;
}

code_points folded(code_points text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char32_t c) { return folded(c); });
    return text;
}

bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || c >= 0x80; }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// --- what guessers try first

// Letters that were written as digits and signs.
code_points undisguised(code_points text) {
    constexpr std::u32string_view shown = U"0134578@$!+|";
    constexpr std::u32string_view meant = U"oleastbasitl";
    for (auto& c : text)
        if (const auto at = shown.find(c); at != std::u32string_view::npos)
            c = meant[at];
    return text;
}

// The characters from `at` on that follow each other in the alphabet, the digits, a row of keys, or are the same.
std::size_t row_at(const code_points& text, std::size_t at) {
    constexpr std::u32string_view rows[] = {U"abcdefghijklmnopqrstuvwxyz",
                                            U"01234567890",
                                            U"qwertyuiop",
                                            U"asdfghjkl",
                                            U"zxcvbnm",
                                            U"qwertzuiop",
                                            U"yxcvbnm",
                                            U"azertyuiop",
                                            U"qsdfghjklm",
                                            U"wxcvbn",
                                            U"!@#$%^&*()",
                                            U"!\"\u00a7$%&/()="};
    std::size_t longest = 1;
    while (at + longest < text.size() && text[at + longest] == text[at])
        ++longest;
    for (const auto row : rows) {
        for (auto key = row.find(text[at]); key != std::u32string_view::npos; key = row.find(text[at], key + 1)) {
            std::size_t up = 1;
            while (at + up < text.size() && key + up < row.size() && text[at + up] == row[key + up])
                ++up;
            std::size_t down = 1;
            while (at + down < text.size() && down <= key && text[at + down] == row[key - down])
                ++down;
            longest = std::max({longest, up, down});
        }
    }
    return longest;
}

std::string ascii(const code_points& text, std::size_t at, std::size_t size) {
    std::string out;
    for (const auto c : text.substr(at, size))
        out += c < 0x80 ? static_cast<char>(c) : '?';
    return out;
}

// What a text costs a guesser who knows words, rows and habits: the cheapest way to put it together.
constexpr unsigned cost_of_word = 20;
constexpr unsigned cost_of_row = 10;
constexpr unsigned cost_of_sign = 4; // a digit, a space or a sign
constexpr unsigned cost_of_letter = 20;
constexpr unsigned too_cheap = 44; // two words and a sign, a word and a year, eight digits of a date
constexpr std::size_t shortest_row = 3;

unsigned cost_of(const code_points& text) {
    // Some of a password may be in disguise and some not: "passw0rd2024".
    const auto meant = undisguised(text);
    std::vector<unsigned> cost(text.size() + 1, ~0U);
    cost[0] = 0;
    const auto reach = [&](std::size_t end, unsigned c) { cost[end] = std::min(cost[end], c); };
    for (std::size_t at = 0; at < text.size(); ++at) {
        reach(at + 1, cost[at] + (is_letter(text[at]) ? cost_of_letter : cost_of_sign));
        for (const auto* read : {&text, &meant}) {
            for (auto size = row_at(*read, at); size >= shortest_row; --size)
                reach(at + size, cost[at] + cost_of_row);
            const auto rest = ascii(*read, at, longest_common_word);
            for (std::size_t size = 1; size <= rest.size(); ++size)
                if (is_common_word(std::string_view(rest).substr(0, size)))
                    reach(at + size, cost[at] + cost_of_word);
        }
    }
    return cost.back();
}

// "abcabcabc": the same few characters again and again.
bool is_repeat(const code_points& text) {
    constexpr std::size_t longest_unit = 6;
    for (std::size_t unit = 1; unit <= longest_unit && unit * 2 <= text.size(); ++unit)
        if (std::equal(text.begin() + static_cast<std::ptrdiff_t>(unit), text.end(), text.begin()))
            return true;
    return false;
}

bool is_guessed_first(const code_points& small) { return is_repeat(small) || cost_of(small) <= too_cheap; }

// --- one's own names

// The text itself and its words; what is shorter than four characters is in too many passwords by chance.
std::vector<code_points> parts_of(const code_points& text) {
    constexpr std::size_t shortest = 4;
    std::vector<code_points> parts;
    const auto add = [&](code_points part) {
        if (part.size() >= shortest)
            parts.push_back(std::move(part));
    };
    add(text);
    code_points word;
    for (const auto c : text) {
        if (is_letter(c) || is_digit(c)) {
            word += c;
        } else {
            add(word);
            word.clear();
        }
    }
    add(std::move(word));
    return parts;
}

std::string own_fault(const code_points& small, const own_text& own) {
    const auto text = decoded(own.text);
    for (const auto& part : parts_of(folded(text.value_or(code_points()))))
        if (small.find(part) != code_points::npos)
            return "the password contains " + std::string(own.what) + " or a part of it";
    return {};
}

} // namespace

std::string password_fault(std::string_view password, second_factor factor, std::span<const own_text> own) {
    const auto text = decoded(password);
    if (!text)
        return "the password is not UTF-8";
    const auto shortest = factor == second_factor::on ? shortest_password_with_factor : shortest_password_alone;
    if (text->size() < shortest)
        return "the password has fewer than " + std::to_string(shortest) + " characters" +
               (factor == second_factor::on ? "" : "; several words that do not belong together are easy to remember");
    if (text->size() > longest_password)
        return "the password has more than " + std::to_string(longest_password) + " characters";
    const auto small = folded(*text);
    for (const auto& o : own)
        if (auto fault = own_fault(small, o); !fault.empty())
            return fault;
    if (is_guessed_first(small))
        return "the password is one that guessers try first: common words, rows of keys, repeats or dates";
    return {};
}

bool is_long_enough_alone(std::string_view password) {
    const auto text = decoded(password);
    return text && text->size() >= shortest_password_alone;
}

} // namespace lineside::rules
