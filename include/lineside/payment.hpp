#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/page.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside {

/// Only completed payments count in the balance.
enum class payment_status : std::uint8_t { pending, completed, cancelled };

[[nodiscard]] LINESIDE_API std::string_view to_string(payment_status s) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<payment_status> parse_payment_status(std::string_view text);

/// Money a customer paid (positive) or spent on a purchase (negative).
struct payment {
    account_id account{};
    std::string id{};
    instant created_at{};
    std::optional<instant> completed_at{};
    std::optional<instant> cancelled_at{};
    money total{}; ///< in the account's currency
    payment_status status = payment_status::pending;
    std::string method{}; ///< "bank transfer", "card" ...
    /// Text from a `#` on is private to the operator: a customer sees what stands before it.
    std::string description{};
    std::string reference{}; ///< host-chosen, unique in the account where given

    bool operator==(const payment&) const = default;
};

struct payment_create {
    account_id account{};
    money total{};
    payment_status status = payment_status::pending; ///< counts at once where completed
    std::string method{};
    std::string description{};
    /// Creating a payment again with the reference of one that is the same gives that one.
    std::string reference{};
};

/// A customer says that a bank transfer is on its way: a pending payment.
struct transfer_announcement {
    account_id account{};
    money total{}; ///< above zero
    std::string description{};
    std::string reference{};
};

struct payment_key {
    account_id account{};
    std::string payment{};
};

/// Newest first.
struct payment_query {
    account_id account{};
    std::optional<payment_status> status{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

} // namespace lineside
