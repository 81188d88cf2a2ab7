#include "wire/header_text.hpp"

#include <algorithm>
#include <cstddef>

namespace lineside::wire {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool in_token(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || others.find(c) != others.npos;
}

bool in_quotes(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); }

} // namespace

bool same_word(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

void header_text::skip_blanks() { rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(" \t"))); }

bool header_text::at_end() {
    skip_blanks();
    return rest_.empty();
}

bool header_text::take(char c) {
    if (!rest_.starts_with(c))
        return false;
    rest_.remove_prefix(1);
    return true;
}

std::string_view header_text::token() {
    skip_blanks();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), in_token);
    const auto text = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(text.size());
    return text;
}

std::optional<std::string> header_text::quoted() {
    std::string value;
    for (std::size_t i = 1; i < rest_.size() && in_quotes(rest_[i]); ++i) {
        if (rest_[i] == '"') {
            rest_.remove_prefix(i + 1);
            return value;
        }
        if (rest_[i] == '\\' && (++i == rest_.size() || !in_quotes(rest_[i])))
            break;
        value += rest_[i];
    }
    return std::nullopt;
}

std::optional<header_text::named_value> header_text::parameter() {
    for (;;) {
        skip_blanks();
        const auto before = rest_;
        if (!take(';'))
            return std::nullopt;
        named_value found{token(), {}};
        if (found.name.empty()) {
            skip_blanks();
            if (rest_.empty() || rest_.front() == ';')
                continue;
        } else if (take('=')) {
            const bool is_quoted = rest_.starts_with('"');
            auto value = is_quoted ? quoted() : std::string(token());
            if (value && (is_quoted || !value->empty())) {
                found.value = *std::move(value);
                return found;
            }
        }
        rest_ = before; // so that the text is not at its end
        return std::nullopt;
    }
}

} // namespace lineside::wire
