#pragma once

#include <lineside/error.hpp>

#include "rules/ip_range.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

/// A URL that may be posted to, in parts.
struct https_url {
    std::string host{};                  ///< in lower case; an IPv6 address without brackets
    std::optional<ip_address> address{}; ///< where the host is one
    std::uint16_t port = 443;
    std::string target{}; ///< path and query; at least "/"

    /// What stands in the header Host.
    [[nodiscard]] std::string authority() const;
    bool operator==(const https_url&) const = default;
};

/// Strict: `https`, a host name of letters, digits, hyphens and dots or an address in its usual spelling, no user, no
/// fragment, 2,048 bytes of ASCII at most. Errors: invalid_argument (field "url").
[[nodiscard]] result<https_url> parse_https_url(std::string_view text);

} // namespace lineside::rules
