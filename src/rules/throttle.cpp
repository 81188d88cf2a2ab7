#include "rules/throttle.hpp"

#include "rules/ip_range.hpp"

#include <algorithm>
#include <cstddef>

namespace lineside::rules {

namespace {

void refill(token_bucket& b, const bucket_limits& limits, instant now) {
    // A clock set back refills nothing and waits for nothing either.
    if (b.taken == 0 || now < b.since) {
        b.since = now;
        return;
    }
    const auto steps = (now - b.since) / limits.refill;
    if (steps >= b.taken) {
        b.taken = 0;
        b.since = now;
    } else {
        b.taken -= static_cast<std::uint32_t>(steps);
        b.since += steps * limits.refill;
    }
}

} // namespace

duration delay_after(std::uint32_t failures) {
    if (failures < free_failures)
        return duration::zero();
    constexpr std::uint32_t doublings = 10; // 1024 s: beyond the longest
    return std::min(longest_delay, first_delay * (1 << std::min(failures - free_failures, doublings)));
}

gate_state may_try(const failure_count& f, instant now, std::uint32_t most) {
    if (f.failures >= most)
        return {gate::closed, {}};
    const auto delay = delay_after(f.failures);
    const auto wait = std::min(f.last + delay - now, delay);
    return wait > duration::zero() ? gate_state{gate::waiting, wait} : gate_state{};
}

void count_failure(failure_count& f, instant now) {
    ++f.failures;
    f.last = now;
}

duration take_token(token_bucket& b, const bucket_limits& limits, instant now) {
    refill(b, limits, now);
    if (b.taken >= limits.burst)
        return b.since + limits.refill - now;
    ++b.taken;
    return duration::zero();
}

void give_back(token_bucket& b) {
    if (b.taken > 0)
        --b.taken;
}

bool is_full(const token_bucket& b, const bucket_limits& limits, instant now) {
    auto later = b;
    refill(later, limits, now);
    return later.taken == 0;
}

std::string source_of(std::string_view address) {
    constexpr std::size_t network_bytes = 8;
    constexpr std::size_t longest = 64;
    const auto ip = parse_ip(address);
    if (!ip)
        return std::string(address.substr(0, longest));
    const auto first = ip->is_v4() ? ip->bytes.begin() + 12 : ip->bytes.begin();
    const auto last = ip->is_v4() ? ip->bytes.end() : ip->bytes.begin() + network_bytes;
    constexpr char digits[] = "0123456789abcdef";
    std::string key(ip->is_v4() ? "4:" : "6:");
    for (auto byte = first; byte != last; ++byte) {
        key += digits[*byte >> 4U];
        key += digits[*byte & 15U];
    }
    return key;
}

} // namespace lineside::rules
