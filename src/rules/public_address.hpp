#pragma once

#include "rules/ip_range.hpp"

#include <cstdint>
#include <string_view>

namespace lineside::rules {

enum class address_scope : std::uint8_t {
    everybody, ///< reachable on the public Internet
    loopback,
    inside, ///< private, link-local, shared, multicast, reserved, documentation, a cloud's own ...
};

/// Whom an address belongs to, after the IANA registries of special-purpose addresses. An IPv4 address inside an IPv6
/// one (mapped, NAT64) is what that IPv4 address is; other ways to wrap one (6to4, Teredo, compatible) are `inside`.
[[nodiscard]] address_scope scope_of(const ip_address& a) noexcept;

} // namespace lineside::rules
