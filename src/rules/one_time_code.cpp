#include "rules/one_time_code.hpp"

#include <algorithm>
#include <iterator>

namespace lineside::rules {

namespace {

constexpr duration day = std::chrono::hours(24);
constexpr std::uint64_t code_count = 1'000'000;

// What was sent in a time to come was sent by a clock that has been set back since: nobody waits for that.
std::vector<instant> of_last_day(const std::vector<instant>& sent, instant now) {
    std::vector<instant> recent;
    std::copy_if(sent.begin(), sent.end(), std::back_inserter(recent),
                 [&](instant t) { return t > now - day && t <= now + code_interval; });
    return recent;
}

// How old a code from the future is nobody knows, so its time is over too.
bool is_in_time(const code_state& s, instant now) {
    return now < s.issued_at + code_lifetime && s.issued_at < now + code_lifetime;
}

} // namespace

std::string make_code(std::string_view random) {
    // 64 bits into a million: the most likely code is likelier than the least by 10^-13.
    std::uint64_t n = 0;
    for (const char c : random)
        n = n << 8U | static_cast<unsigned char>(c);
    auto digits = std::to_string(n % code_count);
    digits.insert(0, code_digits - digits.size(), '0');
    return digits;
}

std::optional<std::string> tidy_code(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (c != ' ' && c != '-')
            return std::nullopt;
    }
    if (digits.size() != code_digits)
        return std::nullopt;
    return digits;
}

bool is_live(const code_state& s, instant now) {
    return s.issued_at != instant{} && !s.used && s.tries < code_tries && is_in_time(s, now);
}

instant next_sending(const code_state& s, instant now) {
    const auto recent = of_last_day(s.sent, now);
    if (recent.empty())
        return now;
    const auto after_minute = s.undelivered ? now : recent.back() + code_interval;
    if (recent.size() < codes_a_day)
        return after_minute;
    return std::max(after_minute, recent[recent.size() - codes_a_day] + day);
}

bool keeps_code_before(const code_state& s, instant now) { return s.undelivered && is_live(s, now); }

code_state after_sending(code_state s, instant now) {
    if (!keeps_code_before(s, now))
        s.tries = 0;
    s.sent = of_last_day(s.sent, now);
    s.sent.push_back(now);
    s.issued_at = now;
    s.undelivered = false;
    s.used = false;
    return s;
}

code_verdict try_code(code_state& s, bool matches, instant now) {
    if (s.issued_at == instant{} || s.used || !is_in_time(s, now))
        return code_verdict::expired;
    if (s.tries >= code_tries)
        return code_verdict::too_many_tries;
    if (matches) {
        s.used = true;
        return code_verdict::accepted;
    }
    ++s.tries;
    return s.tries >= code_tries ? code_verdict::too_many_tries : code_verdict::wrong;
}

} // namespace lineside::rules
