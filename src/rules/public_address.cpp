#include "rules/public_address.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace lineside::rules {

namespace {

struct v4_range {
    std::uint32_t first;
    unsigned prefix;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24U | b << 16U | c << 8U | d; }

constexpr v4_range v4_inside[] = {
    {v4(0, 0, 0, 0), 8},        // this network
    {v4(10, 0, 0, 0), 8},       // private
    {v4(100, 64, 0, 0), 10},    // shared by carriers (CGNAT); a cloud's metadata
    {v4(169, 254, 0, 0), 16},   // link-local; most clouds' metadata
    {v4(172, 16, 0, 0), 12},    // private
    {v4(192, 0, 0, 0), 24},     // protocol assignments; a cloud's metadata
    {v4(192, 0, 2, 0), 24},     // documentation
    {v4(192, 88, 99, 0), 24},   // 6to4 relays, given up
    {v4(192, 168, 0, 0), 16},   // private
    {v4(198, 18, 0, 0), 15},    // benchmarks
    {v4(198, 51, 100, 0), 24},  // documentation
    {v4(203, 0, 113, 0), 24},   // documentation
    {v4(168, 63, 129, 16), 32}, // a cloud's own services
    {v4(224, 0, 0, 0), 4},      // multicast
    {v4(240, 0, 0, 0), 4},      // reserved, broadcast
};

address_scope scope_of_v4(std::uint32_t a) {
    if (a >> 24U == 127)
        return address_scope::loopback;
    const bool inside = std::any_of(std::begin(v4_inside), std::end(v4_inside), [a](const v4_range& r) {
        return a >> (32 - r.prefix) == r.first >> (32 - r.prefix);
    });
    return inside ? address_scope::inside : address_scope::everybody;
}

template <std::size_t N>
bool begins_with(const ip_address& a, const std::uint8_t (&bytes)[N]) {
    return std::equal(std::begin(bytes), std::end(bytes), a.bytes.begin());
}

std::uint32_t last_four(const ip_address& a) { return v4(a.bytes[12], a.bytes[13], a.bytes[14], a.bytes[15]); }

bool is_v6_loopback(const ip_address& a) {
    return a.bytes[15] == 1 && std::all_of(a.bytes.begin(), a.bytes.end() - 1, [](std::uint8_t b) { return b == 0; });
}

} // namespace

address_scope scope_of(const ip_address& a) noexcept {
    if (a.is_v4())
        return scope_of_v4(last_four(a));
    if (is_v6_loopback(a))
        return address_scope::loopback;
    // 64:ff9b::/96, NAT64: what a resolver of an IPv6-only network makes of IPv4 addresses. It leads to no loopback of ours.
    if (begins_with(a, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
        return scope_of_v4(last_four(a)) == address_scope::everybody ? address_scope::everybody : address_scope::inside;
    // Whatever else is not in 2000::/3 is no global unicast address.
    if (a.bytes[0] >> 5U != 1)
        return address_scope::inside;
    const bool inside = (begins_with(a, {0x20, 0x01}) && a.bytes[2] < 2)      // 2001::/23: Teredo, ORCHID, benchmarks
                        || begins_with(a, {0x20, 0x01, 0x0d, 0xb8})           // documentation
                        || begins_with(a, {0x20, 0x02})                       // 6to4
                        || (begins_with(a, {0x3f, 0xff}) && a.bytes[2] < 16); // 3fff::/20: documentation
    return inside ? address_scope::inside : address_scope::everybody;
}

} // namespace lineside::rules
