#include "wire/json_cursor.hpp"

#include "wire/text.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace lineside::wire {

namespace json = boost::json;

namespace {

constexpr std::uint64_t every_byte(unsigned char c) { return std::uint64_t{c} * 0x0101010101010101U; }

// The high bit of each of eight bytes that ends a plain piece of a string: a quote, a backslash, a control character, or
// what is no ASCII. The first one is exact; a byte behind it may be taken for another.
std::uint64_t marks(std::uint64_t eight) {
    const auto if_zero = [](std::uint64_t x) { return x - every_byte(1); };
    const auto ends = if_zero(eight ^ every_byte('"')) | if_zero(eight ^ every_byte('\\')) | (eight - every_byte(0x20));
    return (ends | eight) & every_byte(0x80);
}

bool is_plain(char c) { return static_cast<unsigned char>(c) - 0x20U < 0x60U && c != '"' && c != '\\'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

const char* skip_plain(const char* at, const char* end) {
    while (end - at >= 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at, sizeof eight);
        if (const auto found = marks(eight); found != 0) {
            if constexpr (std::endian::native == std::endian::little)
                return at + std::countr_zero(found) / 8;
            break;
        }
        at += 8;
    }
    while (at != end && is_plain(*at))
        ++at;
    return at;
}

void append_utf8(std::string& to, unsigned c) {
    const auto last = [](unsigned x) { return static_cast<char>(0x80U | (x & 0x3FU)); };
    if (c < 0x80) {
        to += static_cast<char>(c);
    } else if (c < 0x800) {
        to += static_cast<char>(0xC0U | c >> 6U);
        to += last(c);
    } else if (c < 0x10000) {
        to += static_cast<char>(0xE0U | c >> 12U);
        to += last(c >> 6U);
        to += last(c);
    } else {
        to += static_cast<char>(0xF0U | c >> 18U);
        to += last(c >> 12U);
        to += last(c >> 6U);
        to += last(c);
    }
}

} // namespace

void json_cursor::fail(json::error why) {
    const auto ec = make_error_code(why);
    throw error(lineside::make_error_code(errc::invalid_argument),
                {"the document is not JSON: " + ec.message(), {}, {}, 0, ec});
}

void json_cursor::take_word(std::string_view word) {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (!word.starts_with(std::string_view(at_, std::min(word.size(), left))))
        fail(json::error::syntax);
    if (left < word.size())
        fail(json::error::incomplete);
    at_ += word.size();
}

bool json_cursor::take_boolean() {
    const bool yes = *at_ == 't';
    take_word(yes ? "true" : "false");
    return yes;
}

// --- Strings

std::string_view json_cursor::take_string(std::string& room) {
    const char* from = ++at_;
    at_ = skip_plain(at_, end_);
    if (at_ != end_ && *at_ == '"')
        return {from, static_cast<std::size_t>(at_++ - from)};
    return take_escaped(from, room);
}

std::string_view json_cursor::take_escaped(const char* from, std::string& room) {
    bool unescaped = false;
    room.clear();
    for (;;) {
        at_ = skip_plain(at_, end_);
        if (at_ == end_)
            fail(json::error::incomplete);
        if (*at_ == '\\') {
            room.append(from, at_);
            unescaped = true;
            take_escape(room);
            from = at_;
        } else if (*at_ == '"') {
            const std::string_view rest(from, static_cast<std::size_t>(at_++ - from));
            return unescaped ? std::string_view(room += rest) : rest;
        } else {
            take_utf8();
        }
    }
}

void json_cursor::take_escape(std::string& to) {
    if (++at_ == end_)
        fail(json::error::incomplete);
    switch (*at_++) {
    case '"': to += '"'; return;
    case '\\': to += '\\'; return;
    case '/': to += '/'; return;
    case 'b': to += '\b'; return;
    case 'f': to += '\f'; return;
    case 'n': to += '\n'; return;
    case 'r': to += '\r'; return;
    case 't': to += '\t'; return;
    case 'u': break;
    default: fail(json::error::syntax);
    }
    auto c = take_code_unit();
    if (c >= 0xDC00 && c < 0xE000)
        fail(json::error::illegal_leading_surrogate);
    if (c >= 0xD800 && c < 0xDC00) {
        take_word("\\u");
        const auto low = take_code_unit();
        if (low < 0xDC00 || low >= 0xE000)
            fail(json::error::illegal_trailing_surrogate);
        c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
    }
    append_utf8(to, c);
}

unsigned json_cursor::take_code_unit() {
    if (end_ - at_ < 4)
        fail(json::error::incomplete);
    unsigned unit = 0;
    const auto [end, ec] = std::from_chars(at_, at_ + 4, unit, 16);
    if (ec != std::errc{} || end != at_ + 4)
        fail(json::error::expected_hex_digit);
    at_ = end;
    return unit;
}

// Past a character that is no ASCII.
void json_cursor::take_utf8() {
    const auto size = sequence_length({at_, static_cast<std::size_t>(end_ - at_)});
    if (size < 2) // or a control character
        fail(json::error::syntax);
    at_ += size;
}

// --- Numbers

void json_cursor::take_digits() {
    if (at_ == end_)
        fail(json::error::incomplete);
    if (!is_digit(*at_))
        fail(json::error::syntax);
    while (at_ != end_ && is_digit(*at_))
        ++at_;
}

std::string_view json_cursor::take_number() {
    const char* from = at_;
    at_ += *at_ == '-' ? 1 : 0;
    if (at_ != end_ && *at_ == '0')
        ++at_;
    else
        take_digits();
    if (at_ != end_ && *at_ == '.') {
        ++at_;
        take_digits();
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
        ++at_;
        if (at_ != end_ && (*at_ == '+' || *at_ == '-'))
            ++at_;
        take_digits();
    }
    return {from, static_cast<std::size_t>(at_ - from)};
}

double json_cursor::double_of(std::string_view number) noexcept {
    double x = 0;
    const auto [end, ec] = std::from_chars(number.data(), number.data() + number.size(), x);
    if (ec == std::errc::result_out_of_range) {
        // Too small for a number is none; which of both it was the exponent's sign tells, or there is no exponent.
        const auto e = number.find_first_of("eE");
        const bool small =
            e == number.npos ? number.find_first_of("123456789") > number.find('.') : number[e + 1] == '-';
        x = small ? 0 : std::numeric_limits<double>::infinity();
        x = number.front() == '-' ? -x : x;
    }
    return x;
}

// --- Arrays and objects

bool json_cursor::enter(char close) {
    if (depth_ == deepest)
        fail(json::error::too_deep);
    ++at_;
    skip_space();
    if (at_ == end_)
        fail(json::error::incomplete);
    if (*at_ == close) {
        ++at_;
        return false;
    }
    ++depth_;
    return true;
}

void json_cursor::skip() {
    std::string room;
    switch (next()) {
    case kind::null: take_null(); break;
    case kind::boolean: (void)take_boolean(); break;
    case kind::number: (void)take_number(); break;
    case kind::string: (void)take_string(room); break;
    case kind::array:
        for (bool more = enter_array(); more; more = next_element())
            skip();
        break;
    case kind::object: {
        std::vector<std::string> names;
        for (bool more = enter_object(); more; more = next_member()) {
            names.emplace_back(take_name(room));
            skip();
        }
        check_names(std::move(names));
        break;
    }
    }
}

void json_cursor::finish() {
    skip_space();
    if (at_ != end_)
        fail(json::error::extra_data);
}

void check_json(std::string_view text) {
    json_cursor all(text);
    all.skip();
    all.finish();
}

void refuse_repeated(std::string_view name) {
    throw error(errc::invalid_argument, "the document has \"" + std::string(name) + "\" twice in an object");
}

void check_names(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
        refuse_repeated(*twice);
}

} // namespace lineside::wire
