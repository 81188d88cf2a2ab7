#include "cdr/fields.hpp"

#include <lineside/error.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace lineside::cdr {

namespace {

constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::int64_t nanos_per_unit = 1'000'000'000;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr unsigned days_in_month(std::int64_t y, unsigned m) noexcept {
    constexpr std::array<unsigned, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return m == 2 && leap ? 29 : days[m - 1];
}

/// Reads from the front of a text.
class cursor {
public:
    explicit cursor(std::string_view text) noexcept : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] bool done() const noexcept { return at_ == end_; }
    [[nodiscard]] char peek() const noexcept { return done() ? '\0' : *at_; }
    [[nodiscard]] bool skip(char c) noexcept {
        if (peek() != c || done())
            return false;
        ++at_;
        return true;
    }
    void next() noexcept { ++at_; }

    /// Between `least` and `most` digits.
    [[nodiscard]] bool digits(int least, int most, unsigned& value) noexcept {
        value = 0;
        int n = 0;
        for (; n < most && !done() && is_digit(*at_); ++n)
            value = value * 10 + static_cast<unsigned>(*at_++ - '0');
        return n >= least;
    }

private:
    const char* at_;
    const char* end_;
};

/// Digits of a fraction -> thousandths, the rest cut. False without any digit.
bool read_millis(cursor& in, std::int64_t& ms) noexcept {
    int n = 0;
    ms = 0;
    for (; is_digit(in.peek()); in.next(), ++n) {
        if (n < 3)
            ms = ms * 10 + (in.peek() - '0');
    }
    for (int i = n; i < 3; ++i)
        ms *= 10;
    return n > 0;
}

} // namespace

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

fault parse_integer(std::string_view text, std::int64_t& to) noexcept {
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    if (text.empty())
        return "is not a whole number";
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c))
            return "is not a whole number";
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, c - '0', &value)) {
            return "is too large";
        }
    }
    // Counted downwards, because there is one more negative number.
    if (!negative && value == INT64_MIN)
        return "is too large";
    to = negative ? value : -value;
    return nullptr;
}

fault parse_count(std::string_view text, std::int64_t& to, std::int64_t max) noexcept {
    if (text.empty())
        return "is not a whole number";
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c))
            return "is not a whole number of at least 0";
        value = value * 10 + (c - '0');
        if (value > max)
            return "is too large";
    }
    to = value;
    return nullptr;
}

fault parse_seconds(std::string_view text, std::int64_t& ms) noexcept {
    if (text.starts_with('-'))
        return "is negative";
    const auto point = std::min(text.find('.'), text.size());
    std::int64_t seconds = 0;
    if (point > 0 || text.size() < 2) {
        // Ten thousand years: nothing that is added to a time can overflow.
        if (const auto bad = parse_count(text.substr(0, point), seconds, 315'360'000'000))
            return bad;
    }
    std::int64_t fraction = 0;
    if (point < text.size()) {
        cursor in(text.substr(point + 1));
        if (!read_millis(in, fraction) && point == 0)
            return "is not a number of seconds";
        if (!in.done())
            return "is not a number of seconds";
    }
    ms = seconds * 1000 + fraction;
    return nullptr;
}

fault parse_nanos(std::string_view text, std::int64_t& nanos) noexcept {
    constexpr const char* not_decimal = "is not a decimal amount";
    bool negative = false;
    if (text.starts_with('-') || text.starts_with('+')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    std::int64_t value = 0;
    std::size_t digits = 0;
    std::size_t i = 0;
    for (; i < text.size() && is_digit(text[i]); ++i, ++digits) {
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text[i] - '0', &value)) {
            return "is too large an amount";
        }
    }
    if (__builtin_mul_overflow(value, nanos_per_unit, &value))
        return "is too large an amount";
    if (i < text.size() && text[i] == '.') {
        std::int64_t unit = nanos_per_unit;
        for (++i; i < text.size() && is_digit(text[i]); ++i, ++digits) {
            unit /= 10;
            if (unit == 0 && text[i] != '0')
                return "has more than nine decimals";
            if (__builtin_add_overflow(value, unit * (text[i] - '0'), &value))
                return "is too large an amount";
        }
    }
    if (digits == 0 || i != text.size())
        return not_decimal;
    nanos = negative ? -value : value;
    return nullptr;
}

fault parse_sip_code(std::string_view text, std::int32_t& to) noexcept {
    if (text.size() > 4 && equal_ignoring_case(text.substr(0, 4), "sip:")) {
        text.remove_prefix(4);
    } else if (text.size() > 8 && equal_ignoring_case(text.substr(0, 8), "SIP/2.0 ")) {
        text.remove_prefix(8);
        text = text.substr(0, text.find(' '));
    }
    std::int64_t code = 0;
    if (text.size() != 3 || parse_count(text, code, 699) != nullptr || code < 100)
        return "is not a SIP code (100 to 699)";
    to = static_cast<std::int32_t>(code);
    return nullptr;
}

bool valid_utf8(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned c = byte(i);
        if (c < 0x80) {
            ++i;
            continue;
        }
        const std::size_t more = c >= 0xC2 && c <= 0xDF ? 1 : (c & 0xF0) == 0xE0 ? 2 : c >= 0xF0 && c <= 0xF4 ? 3 : 0;
        if (more == 0 || text.size() - i <= more)
            return false;
        for (std::size_t k = 1; k <= more; ++k) {
            if ((byte(i + k) & 0xC0) != 0x80)
                return false;
        }
        // Overlong forms, surrogates, and what lies beyond U+10FFFF.
        const unsigned second = byte(i + 1);
        if ((c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F) || (c == 0xF0 && second < 0x90) ||
            (c == 0xF4 && second > 0x8F)) {
            return false;
        }
        i += more + 1;
    }
    return true;
}

fault check_text(std::string_view text, std::size_t max) noexcept {
    if (text.size() > max)
        return "is too long";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            return "has a control character in it";
    }
    if (!valid_utf8(text))
        return "is not UTF-8";
    return nullptr;
}

fault parse_time(std::string_view text, parsed_time& to) noexcept {
    constexpr const char* not_time = "is not a time";
    cursor in(text);
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!in.digits(4, 4, year))
        return not_time;
    const char dash = in.peek();
    if (dash != '-' && dash != '/')
        return not_time;
    // Spreadsheets drop leading zeros, switches do not.
    const int least = dash == '/' ? 1 : 2;
    in.next();
    if (!in.digits(least, 2, month) || !in.skip(dash) || !in.digits(least, 2, day))
        return not_time;
    if (!in.skip('T') && !in.skip(' '))
        return not_time;
    if (!in.digits(least, 2, hour) || !in.skip(':') || !in.digits(2, 2, minute))
        return not_time;
    std::int64_t millis = 0;
    to.minutes_only = !in.skip(':');
    if (!to.minutes_only) {
        if (!in.digits(2, 2, second))
            return not_time;
        if ((in.skip('.') || in.skip(',')) && !read_millis(in, millis))
            return not_time;
    }
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 ||
        second > 59) {
        return "is no time of the calendar";
    }

    std::int64_t offset_minutes = 0;
    to.local = false;
    (void)in.skip(' ');
    if (in.done()) {
        to.local = true;
    } else if (in.skip('Z') || in.skip('z') || (in.skip('U') && in.skip('T') && in.skip('C'))) {
        if (!in.done())
            return not_time;
    } else {
        const char sign = in.peek();
        if (sign != '+' && sign != '-')
            return not_time;
        in.next();
        unsigned offset_hour = 0, offset_minute = 0;
        if (!in.digits(2, 2, offset_hour))
            return not_time;
        if (!in.done()) {
            (void)in.skip(':');
            if (!in.digits(2, 2, offset_minute) || !in.done())
                return not_time;
        }
        if (offset_hour > 18 || offset_minute > 59)
            return "has an impossible offset";
        offset_minutes = static_cast<std::int64_t>(offset_hour) * 60 + offset_minute;
        if (sign == '-')
            offset_minutes = -offset_minutes;
    }
    to.ms = days_from_civil(year, month, day) * ms_per_day +
            ((static_cast<std::int64_t>(hour) * 60 + minute - offset_minutes) * 60 + second) * 1000 + millis;
    return nullptr;
}

fault parse_epoch(std::string_view text, std::int64_t& ms) noexcept {
    const auto point = std::min(text.find('.'), text.size());
    std::int64_t value = 0;
    if (const auto bad = parse_count(text.substr(0, point), value, 100'000'000'000'000'000))
        return bad;
    if (value == 0)
        return "is no time";
    // 10^11 seconds lie in the year 5138, 10^11 milliseconds in 1973, 10^14 microseconds too.
    if (value < 100'000'000'000) {
        return parse_seconds(text, ms);
    }
    if (point != text.size())
        return "is not a time since 1970";
    ms = value < 100'000'000'000'000 ? value : value / 1000;
    return nullptr;
}

namespace {
// What rows written by one switch may be out of order by.
constexpr std::int64_t disorder_ms = 60'000;
} // namespace

local_clock::pair local_clock::both(std::int64_t local_ms, std::uint64_t line) {
    if (!options_->zone) {
        throw error(errc::invalid_argument,
                    options_->name + ":" + std::to_string(line) +
                        ": the times are local ones without an offset; say which zone they are of (--zone, time_zone)",
                    "time_zone");
    }
    const auto first = options_->zone(local_ms, repeated_hour::first);
    if (first.kind == resolved_time::kind::unique)
        return {first.utc_ms, first.utc_ms};
    if (first.kind == resolved_time::kind::skipped) {
        if (skipped_++ == 0)
            skipped_line_ = line;
        return {first.utc_ms, first.utc_ms};
    }
    if (repeated_++ == 0)
        repeated_line_ = line;
    return {first.utc_ms, options_->zone(local_ms, repeated_hour::second).utc_ms};
}

std::int64_t local_clock::in_order(std::int64_t local_ms, std::uint64_t line) {
    const auto [first, second] = both(local_ms, line);
    if (previous_ == INT64_MIN)
        return remember(first);
    const bool backwards = trend_ < 0;
    const bool later = backwards ? second <= previous_ + disorder_ms : previous_ - disorder_ms > first;
    return remember(later ? second : first);
}

std::int64_t local_clock::remember(std::int64_t utc_ms) {
    if (previous_ != INT64_MIN && std::abs(utc_ms - previous_) > disorder_ms)
        trend_ += utc_ms > previous_ ? 1 : -1;
    previous_ = utc_ms;
    return utc_ms;
}

std::int64_t local_clock::end_in_order(std::int64_t local_ms, std::int64_t local_start_ms, std::int64_t length,
                                       std::uint64_t line) {
    if (length == absent || !options_->zone)
        return in_order(local_ms, line);
    const auto first = options_->zone(local_ms, repeated_hour::first);
    if (first.kind != decltype(first.kind)::repeated)
        return in_order(local_ms, line);
    const auto second = options_->zone(local_ms, repeated_hour::second).utc_ms;
    const auto start = options_->zone(local_start_ms, repeated_hour::first);
    const auto later_start = start.kind == decltype(start.kind)::repeated
                                 ? options_->zone(local_start_ms, repeated_hour::second).utc_ms
                                 : start.utc_ms;
    const auto misses = [&](std::int64_t end) {
        return std::min(std::abs(end - start.utc_ms - length), std::abs(end - later_start - length));
    };
    const auto first_misses = misses(first.utc_ms);
    const auto second_misses = misses(second);
    if (std::abs(first_misses - second_misses) <= disorder_ms)
        return in_order(local_ms, line);
    if (repeated_++ == 0)
        repeated_line_ = line;
    return remember(second_misses < first_misses ? second : first.utc_ms);
}

std::int64_t local_clock::not_before(std::int64_t local_ms, std::int64_t reference, std::uint64_t line) {
    const auto [first, second] = both(local_ms, line);
    return first >= reference ? first : second;
}

std::int64_t local_clock::before(std::int64_t local_ms, std::int64_t end, std::int64_t length, std::uint64_t line) {
    const auto [first, second] = both(local_ms, line);
    const auto wanted = end - length;
    return std::abs(second - wanted) < std::abs(first - wanted) ? second : first;
}

std::string local_clock::note() const {
    std::string text;
    if (repeated_ != 0) {
        text =
            std::to_string(repeated_) + " local times (first in line " + std::to_string(repeated_line_) +
            ") lie in an hour that the zone has twice; which one was decided by the calls' lengths and the order of the rows";
    }
    if (skipped_ != 0) {
        if (!text.empty())
            text += "; ";
        text += std::to_string(skipped_) + " local times (first in line " + std::to_string(skipped_line_) +
                ") lie in an hour that the zone skips; they were moved to the jump";
    }
    return text;
}

} // namespace lineside::cdr
