#include <lineside/time.hpp>

#include "model/names.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace lineside {

namespace {

// A cursor over the text: every step fails softly, so that the caller words one error.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
    [[nodiscard]] bool accept(char c) noexcept {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    // Exactly `digits` digits.
    [[nodiscard]] bool number(std::size_t digits, int& to) noexcept {
        if (rest_.size() < digits)
            return false;
        to = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9')
                return false;
            to = to * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(digits);
        return true;
    }
    // One to nine or more digits after the point, cut to milliseconds.
    [[nodiscard]] bool fraction(int& ms) noexcept {
        std::size_t n = 0;
        ms = 0;
        for (; n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n)
            if (n < 3)
                ms = ms * 10 + (rest_[n] - '0');
        for (std::size_t i = n; i < 3; ++i)
            ms *= 10;
        rest_.remove_prefix(n);
        return n > 0;
    }

private:
    std::string_view rest_;
};

bool scan_offset(scanner& in, std::chrono::minutes& offset) {
    if (in.done() || in.accept('Z') || in.accept('z'))
        return true;
    const bool plus = in.accept('+');
    if (!plus && !in.accept('-'))
        return false;
    int h = 0;
    int m = 0;
    if (!in.number(2, h) || h > 23)
        return false;
    if (!in.done()) {
        (void)in.accept(':');
        if (!in.number(2, m) || m > 59)
            return false;
    }
    offset = std::chrono::minutes(plus ? h * 60 + m : -(h * 60 + m));
    return true;
}

bool scan_instant(std::string_view text, instant& to) {
    using namespace std::chrono;
    scanner in(text);
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0;
    if (!in.number(4, y) || !in.accept('-') || !in.number(2, mo) || !in.accept('-') || !in.number(2, d))
        return false;
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok())
        return false;
    minutes offset{0};
    if (!in.done()) {
        if (!in.accept('T') && !in.accept('t') && !in.accept(' '))
            return false;
        if (!in.number(2, h) || !in.accept(':') || !in.number(2, mi) || h > 23 || mi > 59)
            return false;
        if (in.accept(':') && (!in.number(2, s) || s > 59))
            return false;
        if (in.accept('.') && !in.fraction(ms))
            return false;
        if (!scan_offset(in, offset))
            return false;
    }
    to = sys_days{date} + hours{h} + minutes{mi} + seconds{s} + milliseconds{ms} - offset;
    return in.done();
}

void put(std::string& to, int value, int digits) {
    std::array<char, 8> text{};
    for (int i = digits - 1; i >= 0; --i, value /= 10)
        text[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    to.append(text.data(), static_cast<std::size_t>(digits));
}

void put_civil(std::string& to, instant civil) {
    using namespace std::chrono;
    const auto midnight = floor<days>(civil);
    const year_month_day date{midnight};
    const auto ms = static_cast<int>((civil - midnight).count());
    put(to, static_cast<int>(date.year()), 4);
    to += '-';
    put(to, static_cast<int>(static_cast<unsigned>(date.month())), 2);
    to += '-';
    put(to, static_cast<int>(static_cast<unsigned>(date.day())), 2);
    to += 'T';
    put(to, ms / 3'600'000, 2);
    to += ':';
    put(to, ms / 60'000 % 60, 2);
    to += ':';
    put(to, ms / 1'000 % 60, 2);
    to += '.';
    put(to, ms % 1'000, 3);
}

} // namespace

result<instant> parse_instant(std::string_view text) {
    instant t;
    if (scan_instant(text, t))
        return t;
    return wrong("'" + std::string(text) + "' is not a time; expected ISO 8601 such as 2026-03-01T12:34:56Z");
}

std::string to_string(instant t) {
    std::string s;
    put_civil(s, t);
    s += 'Z';
    return s;
}

std::string to_string(instant t, std::chrono::seconds offset) {
    std::string s;
    put_civil(s, t + offset);
    // Offsets of whole minutes are all ISO 8601 can say; zones of before 1972 are rounded towards zero.
    const auto minutes = static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
    s += minutes < 0 ? '-' : '+';
    put(s, (minutes < 0 ? -minutes : minutes) / 60, 2);
    s += ':';
    put(s, (minutes < 0 ? -minutes : minutes) % 60, 2);
    return s;
}

} // namespace lineside
