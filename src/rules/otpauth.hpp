#pragma once

#include <lineside/error.hpp>

#include "rules/totp.hpp"

#include <string>
#include <string_view>

namespace lineside::rules {

/// What an authenticator scans.
struct otpauth {
    std::string issuer{};  ///< shown beside the login; UTF-8 without a colon
    std::string account{}; ///< the login
    std::string key{};     ///< bytes
    totp_parameters totp{};

    bool operator==(const otpauth&) const = default;
};

/// `otpauth://totp/Issuer:account?secret=...&issuer=...`, percent-encoded.
[[nodiscard]] std::string to_uri(const otpauth& o);

/// Reads one; parameters it does not know are passed over. Errors: invalid_argument (and what is wrong).
[[nodiscard]] result<otpauth> parse_otpauth(std::string_view uri);

} // namespace lineside::rules
