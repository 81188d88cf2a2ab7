#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

enum class totp_hash : std::uint8_t { sha1, sha256, sha512 };

/// What an authenticator has to know beside the key. The defaults are what every app can do.
struct totp_parameters {
    totp_hash hash = totp_hash::sha1;
    std::uint32_t digits = 6; ///< 6 to 8
    std::chrono::seconds period{30};

    bool operator==(const totp_parameters&) const = default;
};

/// Bytes of a new key: RFC 4226, R6.
inline constexpr std::size_t totp_key_size = 20;

/// The code of a counter, RFC 4226, 5.3, over the hash of RFC 6238.
[[nodiscard]] std::string hotp(std::string_view key, std::uint64_t counter, const totp_parameters& p = {});

/// The number of the time step that `t` is in, RFC 6238, 4.2; negative before 1970.
[[nodiscard]] std::int64_t totp_step(instant t, const totp_parameters& p = {});

/// The step whose code this is: the present one or the one before or after it, and later than `last`, the step accepted
/// last, so that a code is good once. Nothing: the code is refused. The time it takes does not depend on the key.
///
/// Should the clock be set back, codes are refused until it has caught up with `last`: a code stays good once.
[[nodiscard]] std::optional<std::int64_t> accept_totp(std::string_view key, std::string_view code, instant now,
                                                      std::optional<std::int64_t> last, const totp_parameters& p = {});

} // namespace lineside::rules
