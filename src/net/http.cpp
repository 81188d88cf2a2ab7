#include "net/http.hpp"

#include <lineside/error.hpp>

#include <algorithm>
#include <array>

namespace lineside::net {

namespace {

constexpr std::array<bool, 256> token_bytes = [] {
    std::array<bool, 256> is{};
    for (char c = '0'; c <= '9'; ++c)
        is[static_cast<unsigned char>(c)] = true;
    for (char c = 'a'; c <= 'z'; ++c)
        is[static_cast<unsigned char>(c)] = is[static_cast<unsigned char>(c - 'a' + 'A')] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        is[static_cast<unsigned char>(c)] = true;
    return is;
}();

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void check_field(std::string_view name, std::string_view value) {
    if (!is_token(name))
        throw error(errc::invalid_argument, "the name of a header field is no token");
    if (!is_field_value(value))
        throw error(errc::invalid_argument,
                    "the header field " + std::string(name) + " has control characters or white space around its value",
                    std::string(name));
}

} // namespace

bool is_token(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return token_bytes[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) noexcept {
    if (text.empty())
        return true;
    // To the end whatever comes: so the compiler looks at many bytes at once.
    unsigned wrong = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        wrong |= static_cast<unsigned>(byte < 0x20U && c != '\t') | static_cast<unsigned>(byte == 0x7fU);
    }
    return wrong == 0 && !is_blank(text.front()) && !is_blank(text.back());
}

bool detail::same_without_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return x == y || lower(x) == lower(y); });
}

std::string_view without_blanks(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool lists_token(std::string_view list, std::string_view token) noexcept {
    bool listed = false;
    for_each_item(list, ',', [&](std::string_view one) { listed = listed || equal_without_case(one, token); });
    return listed;
}

http_fields::http_fields(std::initializer_list<field> all) {
    for (const auto& [name, value] : all)
        add(name, value);
}

std::optional<std::string_view> http_fields::find(std::string_view name) const noexcept {
    for (const auto& [n, value] : *this)
        if (equal_without_case(n, name))
            return value;
    return std::nullopt;
}

std::string_view http_fields::operator[](std::string_view name) const noexcept {
    return find(name).value_or(std::string_view());
}

std::size_t http_fields::count(std::string_view name) const noexcept {
    std::size_t n = 0;
    for (const auto& f : *this)
        n += equal_without_case(f.first, name) ? 1 : 0;
    return n;
}

void http_fields::add(std::string_view name, std::string_view value) {
    check_field(name, value);
    put(name, value);
}

bool http_fields::try_add(std::string_view name, std::string_view value) {
    if (!is_token(name) || !is_field_value(value))
        return false;
    put(name, value);
    return true;
}

void http_fields::set(std::string_view name, std::string_view value) {
    check_field(name, value);
    std::erase_if(places_, [&](const place& p) { return equal_without_case(at(p).first, name); });
    put(name, value);
}

void http_fields::put(std::string_view name, std::string_view value) {
    // What most messages have; to grow one by one is to move them again and again.
    constexpr std::size_t fields_at_first = 16;
    constexpr std::size_t text_at_first = 480;
    if (places_.capacity() == 0) {
        places_.reserve(fields_at_first);
        text_.reserve(text_at_first);
    }
    const auto here = static_cast<std::uint32_t>(text_.size());
    const auto middle = here + static_cast<std::uint32_t>(name.size());
    places_.push_back({here, middle, middle + static_cast<std::uint32_t>(value.size())});
    text_ += name;
    text_ += value;
}

} // namespace lineside::net
