#include "net/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace lineside::net {

namespace {

using std::chrono::milliseconds;

constexpr unsigned first_time_reward = 1; // so that a quota that was used up comes back

bool throttles(unsigned status) { return status == 429; }
bool passes(unsigned status) {
    return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

// Reads a date of HTTP (RFC 9110 5.6.7) from front to back.
class date_reader {
public:
    explicit date_reader(std::string_view text) : left_(text) {}

    [[nodiscard]] bool at_end() const { return left_.empty(); }
    bool skip(std::string_view word) {
        if (!left_.starts_with(word))
            return false;
        left_.remove_prefix(word.size());
        return true;
    }
    // One of these names; its place among them.
    template <std::size_t N>
    std::optional<unsigned> one_of(const std::array<std::string_view, N>& names) {
        for (std::size_t i = 0; i < N; ++i)
            if (skip(names[i]))
                return static_cast<unsigned>(i);
        return std::nullopt;
    }
    std::optional<unsigned> number(std::size_t digits) {
        if (left_.size() < digits)
            return std::nullopt;
        unsigned n = 0;
        for (const char c : left_.substr(0, digits)) {
            if (c < '0' || c > '9')
                return std::nullopt;
            n = n * 10 + static_cast<unsigned>(c - '0');
        }
        left_.remove_prefix(digits);
        return n;
    }

private:
    std::string_view left_;
};

// The long ones first: each begins with a short one.
constexpr std::array<std::string_view, 14> days{"Monday",   "Tuesday", "Wednesday", "Thursday", "Friday",
                                                "Saturday", "Sunday",  "Mon",       "Tue",      "Wed",
                                                "Thu",      "Fri",     "Sat",       "Sun"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<std::chrono::seconds> read_time(date_reader& r) {
    const auto hour = r.number(2);
    const auto minute = r.skip(":") ? r.number(2) : std::nullopt;
    const auto second = r.skip(":") ? r.number(2) : std::nullopt;
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<instant> instant_of(std::optional<unsigned> year, std::optional<unsigned> month,
                                  std::optional<unsigned> day, std::optional<std::chrono::seconds> time) {
    if (!year || !month || !day || !time)
        return std::nullopt;
    const auto date = std::chrono::year(static_cast<int>(*year)) / std::chrono::month(*month + 1) / //
                      std::chrono::day(*day);
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + *time;
}

// Two digits are never more than fifty years ahead (RFC 9110 5.6.7).
std::optional<unsigned> whole_year(std::optional<unsigned> two_digits, instant now) {
    if (!two_digits)
        return std::nullopt;
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    const auto this_year = static_cast<unsigned>(std::max(0, static_cast<int>(today.year())));
    auto year = this_year - this_year % 100 + *two_digits;
    if (year > this_year + 50 && year >= 100)
        year -= 100;
    return year;
}

std::optional<instant> parse_date(std::string_view text, instant now) {
    date_reader r(text);
    if (!r.one_of(days))
        return std::nullopt;
    std::optional<instant> date;
    if (r.skip(", ")) {
        const auto day = r.number(2);
        if (r.skip(" ")) { // Sun, 06 Nov 1994 08:49:37 GMT
            const auto month = r.one_of(months);
            const auto year = r.skip(" ") ? r.number(4) : std::nullopt;
            const auto time = r.skip(" ") ? read_time(r) : std::nullopt;
            date = instant_of(year, month, day, time);
        } else if (r.skip("-")) { // Sunday, 06-Nov-94 08:49:37 GMT
            const auto month = r.one_of(months);
            const auto year = r.skip("-") ? whole_year(r.number(2), now) : std::nullopt;
            const auto time = r.skip(" ") ? read_time(r) : std::nullopt;
            date = instant_of(year, month, day, time);
        }
        if (!r.skip(" GMT"))
            return std::nullopt;
    } else if (r.skip(" ")) { // Sun Nov  6 08:49:37 1994
        const auto month = r.one_of(months);
        const auto day = r.skip("  ") ? r.number(1) : r.skip(" ") ? r.number(2) : std::nullopt;
        const auto time = r.skip(" ") ? read_time(r) : std::nullopt;
        const auto year = r.skip(" ") ? r.number(4) : std::nullopt;
        date = instant_of(year, month, day, time);
    }
    return r.at_end() ? date : std::nullopt;
}

} // namespace

bool retry_quota::take(unsigned cost) noexcept {
    if (left_ < cost)
        return false;
    left_ -= cost;
    return true;
}

void retry_quota::give_back(unsigned cost) noexcept { left_ = std::min(most_, left_ + std::min(most_, cost)); }

retry_step retry::resume(const attempt_outcome& o, instant now) {
    constexpr retry_step done{retry_step::action::done, {}};
    const bool repeatable = call_ == call::repeatable && !o.taken;
    switch (o.came) {
    case attempt_outcome::kind::answered: {
        if (!passes(o.status)) {
            quota_.give_back(std::max(paid_, first_time_reward));
            return done;
        }
        const auto asked = parse_retry_after(o.retry_after, now).value_or(milliseconds(0));
        return repeatable && asked <= policy_.longest_retry_after ? again(throttles(o.status), asked) : done;
    }
    case attempt_outcome::kind::unsent: return again(false, {});
    case attempt_outcome::kind::lost: return repeatable ? again(false, {}) : done;
    case attempt_outcome::kind::final: break;
    }
    return done;
}

retry_step retry::again(bool throttled, milliseconds asked) {
    const auto cost = throttled ? policy_.throttled_cost : policy_.retry_cost;
    if (attempt_ >= policy_.attempts || !quota_.take(cost))
        return {retry_step::action::done, {}};
    paid_ = cost;
    // Doubled for each retry before this one, as long as that matters.
    auto most = throttled ? policy_.throttled_base : policy_.base;
    for (unsigned i = 1; i < attempt_ && most < policy_.cap; ++i)
        most *= 2;
    most = std::min(most, policy_.cap);
    ++attempt_;
    // Any time up to it, so that those who failed together do not come back together.
    const auto some = milliseconds(static_cast<milliseconds::rep>(random_() % (most.count() + 1)));
    const auto pause = asked + some;
    return {pause.count() > 0 ? retry_step::action::wait : retry_step::action::send, pause};
}

std::optional<milliseconds> parse_retry_after(std::string_view value, instant now) {
    // Nobody waits longer than that, and nothing overflows.
    constexpr std::int64_t most_seconds = 1'000'000'000;
    std::int64_t seconds = 0;
    const auto* end = value.data() + value.size();
    if (!value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        const auto [at, ec] = std::from_chars(value.data(), end, seconds);
        return std::chrono::seconds(ec == std::errc() ? std::min(seconds, most_seconds) : most_seconds);
    }
    const auto date = parse_date(value, now);
    if (!date)
        return std::nullopt;
    return std::max(milliseconds(0), *date - now);
}

} // namespace lineside::net
