#pragma once

#include <lineside/error.hpp>

#include <boost/json/error.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// Goes through a JSON text (RFC 8259) from its front to its end, value by value, without a tree of it. Everything
/// throws `lineside::error` (invalid_argument) where the text is none, is no UTF-8 or is nested more than 32 levels deep.
class json_cursor {
public:
    enum class kind : std::uint8_t { null, boolean, number, string, array, object };

    /// The text outlives it.
    explicit json_cursor(std::string_view text) noexcept
        : at_(text.data()),
          begin_(text.data()),
          end_(text.data() + text.size()) {}

    /// Of the value that is next.
    [[nodiscard]] kind next();

    // The next value, which is of this kind.
    void take_null() { take_word("null"); }
    [[nodiscard]] bool take_boolean();
    /// A part of the text, or of `room`, where what had to be unescaped is put.
    [[nodiscard]] std::string_view take_string(std::string& room);
    /// As it is written.
    [[nodiscard]] std::string_view take_number();
    /// Nothing: it is no integer in range. One may be written as 2.0 or 2e3, too.
    template <std::integral Integer>
    [[nodiscard]] std::optional<Integer> take_integer();
    /// The nearest one; infinite where it is out of range.
    [[nodiscard]] double take_double() { return double_of(take_number()); }

    /// Into an array; false: it has no elements, and is over.
    [[nodiscard]] bool enter_array() { return enter(']'); }
    /// Behind an element: whether there is another one; otherwise the array is over.
    [[nodiscard]] bool next_element() { return proceed(']'); }
    /// Into an object; false: it has no members, and is over. Otherwise the first one's name is next.
    [[nodiscard]] bool enter_object() { return enter('}'); }
    /// Behind a member: whether there is another one, whose name is next; otherwise the object is over.
    [[nodiscard]] bool next_member() { return proceed('}'); }
    /// The name of a member, as `take_string`; its value is next.
    [[nodiscard]] std::string_view take_name(std::string& room);
    /// Takes the name of a member if it is this one, written as json_writer does; false where `take_name` has to look.
    [[nodiscard]] bool take_name_if(std::string_view plain) noexcept;

    /// Past a value, whatever it is. Throws also where an object in it has a member twice.
    void skip();
    /// Nothing may follow.
    void finish();

    /// Where it is, to come back to: a place on the same level.
    [[nodiscard]] std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
    void go_to(std::size_t position) noexcept { at_ = begin_ + position; }
    [[nodiscard]] std::string_view text() const noexcept { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }

private:
    static constexpr unsigned deepest = 32;

    [[noreturn]] static void fail(boost::json::error why);
    static double double_of(std::string_view number) noexcept;

    void skip_space() noexcept {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
            ++at_;
    }
    void take_word(std::string_view word);
    std::string_view take_escaped(const char* from, std::string& room);
    void take_escape(std::string& to);
    unsigned take_code_unit();
    void take_utf8();
    void take_digits();
    bool enter(char close);
    bool proceed(char close);

    const char* at_;
    const char* begin_;
    const char* end_;
    unsigned depth_ = 0;
};

/// Throws where the text is no JSON, or an object in it has a member twice.
void check_json(std::string_view text);

[[noreturn]] void refuse_repeated(std::string_view name);
/// Of the members of an object: none may be there twice.
void check_names(std::vector<std::string> names);

inline json_cursor::kind json_cursor::next() {
    skip_space();
    if (at_ == end_)
        fail(boost::json::error::incomplete);
    switch (*at_) {
    case '"': return kind::string;
    case '{': return kind::object;
    case '[': return kind::array;
    case 'n': return kind::null;
    case 't':
    case 'f': return kind::boolean;
    default:
        if (*at_ != '-' && (*at_ < '0' || *at_ > '9'))
            fail(boost::json::error::syntax);
        return kind::number;
    }
}

inline bool json_cursor::proceed(char close) {
    skip_space();
    if (at_ == end_)
        fail(boost::json::error::incomplete);
    const char c = *at_++;
    if (c == ',') {
        skip_space();
        return true;
    }
    if (c != close)
        fail(boost::json::error::syntax);
    --depth_;
    return false;
}

inline std::string_view json_cursor::take_name(std::string& room) {
    if (at_ == end_)
        fail(boost::json::error::incomplete);
    if (*at_ != '"')
        fail(boost::json::error::syntax);
    const auto name = take_string(room);
    skip_space();
    if (at_ == end_)
        fail(boost::json::error::incomplete);
    if (*at_ != ':')
        fail(boost::json::error::syntax);
    ++at_;
    return name;
}

inline bool json_cursor::take_name_if(std::string_view plain) noexcept {
    const auto size = plain.size() + 3; // with quotes and the colon
    if (static_cast<std::size_t>(end_ - at_) < size || at_[0] != '"' || at_[size - 2] != '"' || at_[size - 1] != ':' ||
        std::memcmp(at_ + 1, plain.data(), plain.size()) != 0)
        return false;
    at_ += size;
    return true;
}

template <std::integral Integer>
std::optional<Integer> json_cursor::take_integer() {
    const auto number = take_number();
    const auto* last = number.data() + number.size();
    Integer n{};
    const auto [end, ec] = std::from_chars(number.data(), last, n);
    if (ec == std::errc{} && end == last)
        return n;
    if (number.find_first_of(".eE") == number.npos && number != "-0")
        return std::nullopt;
    const double x = double_of(number);
    const double limit = std::ldexp(1.0, std::numeric_limits<Integer>::digits); // the first that is too large
    if (!(x < limit && x >= (std::is_signed_v<Integer> ? -limit : 0.0)))
        return std::nullopt;
    n = static_cast<Integer>(x);
    return static_cast<double>(n) == x ? std::optional(n) : std::nullopt;
}

} // namespace lineside::wire
