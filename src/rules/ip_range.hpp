#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lineside::rules {

/// An IPv4 or IPv6 address; IPv4 as `::ffff:a.b.c.d`, so that both spellings of an address are the same one.
struct ip_address {
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] bool is_v4() const noexcept;
    bool operator==(const ip_address&) const = default;
};

/// `192.0.2.7`, `2001:db8::7`; without zone or port.
[[nodiscard]] std::optional<ip_address> parse_ip(std::string_view text);

/// The addresses that begin with the same bits.
struct ip_range {
    ip_address first{};  ///< all later bits are 0
    unsigned prefix = 0; ///< bits of 128

    [[nodiscard]] bool contains(const ip_address& a) const noexcept;
    bool operator==(const ip_range&) const = default;
};

/// An address or a network in CIDR, `192.0.2.0/24`, `2001:db8::/32`; bits beyond the prefix must be 0.
[[nodiscard]] std::optional<ip_range> parse_ip_range(std::string_view text);

/// Whether a list of what `parse_ip_range` reads lets an address in. An empty list lets in everybody, even from an
/// address that is not known or not readable; any other list nobody of those.
[[nodiscard]] bool lets_in(std::span<const std::string> ranges, std::string_view address);

} // namespace lineside::rules
