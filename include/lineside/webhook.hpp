#pragma once

#include <lineside/id.hpp>
#include <lineside/page.hpp>
#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// Where events of an account are posted to, signed as Standard Webhooks (see webhook_signature.hpp for a receiver's
/// side): a JSON object `{"type": "alert.fired", "timestamp": ..., "data": alert_event}`. Events are "alert.fired",
/// "alert.repeated" and "alert.tested".
struct webhook {
    account_id account{};
    std::string id{};
    std::string url{};                 ///< https, to a public address
    std::vector<std::string> events{}; ///< "alert.fired" ...; empty: all
    instant created_at{};
    bool enabled = true; ///< the engine turns it off when the receiver says 410

    bool operator==(const webhook&) const = default;
};

struct webhook_create {
    account_id account{};
    std::string url{};
    std::vector<std::string> events{};
};

/// The signing secret, `whsec_...`, is shown once.
struct webhook_grant {
    lineside::webhook webhook{};
    secret signing_secret{};
};

struct webhook_key {
    account_id account{};
    std::string webhook{};
};

struct webhook_query {
    account_id account{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

enum class delivery_status : std::uint8_t { waiting, delivered, dead };

[[nodiscard]] LINESIDE_API std::string_view to_string(delivery_status s) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<delivery_status> parse_delivery_status(std::string_view text);

enum class delivery_channel : std::uint8_t { callback, mail, webhook };

[[nodiscard]] LINESIDE_API std::string_view to_string(delivery_channel c) noexcept;

/// Something on its way to somebody. It is written together with what it tells, and made at least once: after a kill in
/// the middle it may come twice, with the same id. Kept for 30 days.
struct delivery {
    account_id account{};
    std::string id{}; ///< the header webhook-id: the same in every attempt
    delivery_channel channel = delivery_channel::webhook;
    std::string webhook{}; ///< id; of webhooks
    std::string to{};      ///< a URL, an e-mail address, or nothing
    std::string event{};   ///< "alert.fired" ...
    std::string body{};    ///< of the webhook, or the mail's text
    delivery_status status = delivery_status::waiting;
    std::uint32_t attempts = 0;
    instant created_at{};
    std::optional<instant> next_attempt_at{};
    std::string last_failure{};

    bool operator==(const delivery&) const = default;
};

/// Newest first.
struct delivery_query {
    account_id account{};
    std::optional<delivery_status> status{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

/// Sends a dead or delivered one again, with the same id.
struct delivery_key {
    account_id account{};
    std::string delivery{};
};

} // namespace lineside
