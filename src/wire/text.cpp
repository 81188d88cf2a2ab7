#include "wire/text.hpp"

#include <algorithm>
#include <cmath>

namespace lineside::wire {

namespace {

constexpr auto digit_pairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

} // namespace

std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto tail = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const auto lead = at(0);
    const auto next = at(1);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool fits = (lead != 0xE0 || next >= 0xA0) && (lead != 0xED || next < 0xA0);
        return fits && tail(1) && tail(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool fits = (lead != 0xF0 || next >= 0x90) && (lead != 0xF4 || next < 0x90);
        return fits && tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

void text_writer::two(unsigned n) {
    *at_++ = digit_pairs[2 * n];
    *at_++ = digit_pairs[2 * n + 1];
}

void text_writer::decimal(double number) {
    room(32);
    // Nearly every number here has at most three decimals. Decimals of up to 15 digits are all different as doubles, so
    // one that divides back to the number is its shortest text, found in a fraction of the general way's time.
    if (const double scaled = number * 1000; std::abs(scaled) < 1e15) {
        const auto n = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        if (static_cast<double>(n) / 1000 == number) {
            if (n < 0)
                *at_++ = '-';
            const auto magnitude = static_cast<std::uint64_t>(n < 0 ? -n : n);
            at_ = std::to_chars(at_, buffer_.end(), magnitude / 1000).ptr;
            if (const auto rest = static_cast<unsigned>(magnitude % 1000); rest != 0) {
                *at_++ = '.';
                *at_++ = static_cast<char>('0' + rest / 100);
                two(rest % 100);
                while (at_[-1] == '0')
                    --at_;
            }
            return;
        }
    }
    at_ = std::to_chars(at_, buffer_.end(), number).ptr;
}

void text_writer::civil(instant t) {
    using namespace std::chrono;
    const auto midnight = floor<days>(t);
    const year_month_day date{midnight};
    const auto year = static_cast<int>(date.year());
    room(32);
    const auto ms = static_cast<unsigned>((t - midnight).count());
    two(static_cast<unsigned>(year) / 100);
    two(static_cast<unsigned>(year) % 100);
    *at_++ = '-';
    two(static_cast<unsigned>(date.month()));
    *at_++ = '-';
    two(static_cast<unsigned>(date.day()));
    *at_++ = 'T';
    two(ms / 3'600'000);
    *at_++ = ':';
    two(ms / 60'000 % 60);
    *at_++ = ':';
    two(ms / 1'000 % 60);
    *at_++ = '.';
    *at_++ = static_cast<char>('0' + ms % 1'000 / 100);
    two(ms % 100);
}

void text_writer::time(instant t) {
    civil(std::clamp(t, first_written, last_written));
    *at_++ = 'Z';
}

void text_writer::time(instant t, std::chrono::seconds offset) {
    civil(std::clamp(t, first_written, last_written) + offset);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    const auto magnitude = static_cast<unsigned>(minutes < 0 ? -minutes : minutes);
    *at_++ = minutes < 0 ? '-' : '+';
    two(magnitude / 60);
    *at_++ = ':';
    two(magnitude % 60);
}

void text_writer::amount(const money& m) {
    room(40);
    // Magnitudes in unsigned arithmetic: the most negative amount has no positive twin.
    const bool negative = m.units < 0 || m.nanos < 0;
    const auto units = static_cast<std::uint64_t>(m.units);
    auto nanos = static_cast<unsigned>(m.nanos < 0 ? -m.nanos : m.nanos);
    if (negative)
        *at_++ = '-';
    at_ = std::to_chars(at_, buffer_.end(), negative ? 0 - units : units).ptr;
    *at_++ = '.';
    two(nanos / 10'000'000);
    nanos %= 10'000'000;
    for (unsigned place = 1'000'000; nanos != 0; nanos %= place, place /= 10)
        *at_++ = static_cast<char>('0' + nanos / place);
}

} // namespace lineside::wire
