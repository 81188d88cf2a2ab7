#include "rules/ip_range.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>

#include <arpa/inet.h>

namespace lineside::rules {

namespace {

constexpr std::uint8_t v4_prefix[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned v4_prefix_bits = 96;
constexpr unsigned all_bits = 128;

unsigned mask_of(unsigned bits) { return 0xffU << (8 - bits) & 0xffU; }

bool same_bits(const ip_address& a, const ip_address& b, unsigned prefix) {
    const std::size_t whole = prefix / 8;
    if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin()))
        return false;
    const unsigned rest = prefix % 8;
    return rest == 0 || ((a.bytes[whole] ^ b.bytes[whole]) & mask_of(rest)) == 0;
}

bool has_bits_beyond(const ip_address& a, unsigned prefix) {
    for (std::size_t i = 0; i < a.bytes.size(); ++i) {
        const unsigned before = static_cast<unsigned>(i) * 8;
        const unsigned kept = prefix <= before ? 0 : std::min(prefix - before, 8U);
        if ((a.bytes[i] & ~mask_of(kept) & 0xffU) != 0)
            return true;
    }
    return false;
}

} // namespace

bool ip_address::is_v4() const noexcept {
    return std::equal(std::begin(v4_prefix), std::end(v4_prefix), bytes.begin());
}

std::optional<ip_address> parse_ip(std::string_view text) {
    const std::string spelt(text);
    if (spelt.find('\0') != std::string::npos)
        return std::nullopt;
    ip_address a;
    if (::inet_pton(AF_INET6, spelt.c_str(), a.bytes.data()) == 1)
        return a;
    std::copy(std::begin(v4_prefix), std::end(v4_prefix), a.bytes.begin());
    if (::inet_pton(AF_INET, spelt.c_str(), a.bytes.data() + std::size(v4_prefix)) == 1)
        return a;
    return std::nullopt;
}

bool ip_range::contains(const ip_address& a) const noexcept { return same_bits(a, first, prefix); }

std::optional<ip_range> parse_ip_range(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_ip(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    ip_range range{*address, all_bits};
    if (slash == std::string_view::npos)
        return range;
    const auto digits = text.substr(slash + 1);
    const unsigned skipped = text.find(':') == std::string_view::npos ? v4_prefix_bits : 0;
    unsigned bits = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc{} || end != digits.data() + digits.size() || bits > all_bits - skipped)
        return std::nullopt;
    range.prefix = skipped + bits;
    if (has_bits_beyond(range.first, range.prefix))
        return std::nullopt;
    return range;
}

bool lets_in(std::span<const std::string> ranges, std::string_view address) {
    if (ranges.empty())
        return true;
    const auto from = parse_ip(address);
    return from && std::any_of(ranges.begin(), ranges.end(), [&](const std::string& text) {
               const auto range = parse_ip_range(text);
               return range && range->contains(*from);
           });
}

} // namespace lineside::rules
