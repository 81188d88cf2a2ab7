#pragma once

#include <lineside/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lineside::rules {

/// Where a server of Lineside is.
struct base_url {
    bool secure = true;
    std::string host{}; ///< in lower case; an IPv6 address without brackets
    std::uint16_t port = 443;
    std::string prefix{};     ///< what stands before `/v1`: empty, or a path without a slash at its end
    bool is_loopback = false; ///< `localhost`, or an address of this machine

    bool operator==(const base_url&) const = default;
};

/// `https://` or `http://`, a host as `parse_https_url` takes it, and a path; no query, no user.
/// Errors: invalid_argument (field "base_url").
[[nodiscard]] result<base_url> parse_base_url(std::string_view text);

} // namespace lineside::rules
