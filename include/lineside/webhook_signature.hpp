#pragma once

#include <lineside/error.hpp>
#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace lineside {

/// The three headers of a webhook as Standard Webhooks names them, for its sender and its receiver.
struct webhook_headers {
    std::string id{};        ///< `webhook-id`: the same however often it is sent, so that a receiver acts once
    std::string timestamp{}; ///< `webhook-timestamp`: of this attempt, seconds since 1970
    std::string signature{}; ///< `webhook-signature`: `v1,<base64>`, several apart by spaces while secrets change

    bool operator==(const webhook_headers&) const = default;
};

/// How far a timestamp may lie from the receiver's clock, so that what was recorded cannot be sent again much later.
inline constexpr duration webhook_tolerance = std::chrono::minutes(5);

/// A new signing secret: `whsec_` and 24 to 64 bytes in base64.
/// Errors: invalid_argument (`key` is shorter or longer).
[[nodiscard]] LINESIDE_API result<secret> make_webhook_secret(std::string_view key);

/// Signs `id.timestamp.body` with HMAC-SHA-256, once with each secret. Errors: invalid_argument (a secret is none, there
/// is none, or the id has a full stop or is empty).
[[nodiscard]] LINESIDE_API result<webhook_headers> sign_webhook(std::span<const secret> secrets, std::string_view id,
                                                                instant at, std::string_view body);

/// Whether one of the receiver's secrets made one of the signatures, of exactly this body, and not long ago. Gives the
/// time it was sent. Compares in constant time.
/// Errors: unauthenticated (act as if nothing had come), invalid_argument (a secret is none).
[[nodiscard]] LINESIDE_API result<instant> verify_webhook(std::span<const secret> secrets,
                                                          const webhook_headers& headers, std::string_view body,
                                                          instant now, duration tolerance = webhook_tolerance);

/// With one secret.
[[nodiscard]] inline result<instant> verify_webhook(const secret& signing_secret, const webhook_headers& headers,
                                                    std::string_view body, instant now,
                                                    duration tolerance = webhook_tolerance) {
    return verify_webhook(std::span(&signing_secret, 1), headers, body, now, tolerance);
}

} // namespace lineside
