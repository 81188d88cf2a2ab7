#pragma once

#include <lineside/balance.hpp>
#include <lineside/money.hpp>
#include <lineside/payment.hpp>

#include "portal/engine/calls/ledger.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Payments and what they leave: an account's balance.
namespace lineside {

class engine_core;

/// A payment as the database keeps it. Ids grow with the order in which payments were made.
struct payment_record {
    static constexpr std::string_view kind = "payment";

    std::string id{}; ///< "pay-..."
    instant created_at{};
    std::optional<instant> completed_at{};
    std::optional<instant> cancelled_at{};
    money total{};
    payment_status status = payment_status::pending;
    payment_status created_as = payment_status::pending; ///< for telling a repeated request from another one
    std::string method{};
    std::string description{}; ///< with its private part
    std::string reference{};   ///< a name in `reference_space`
    std::string created_by{};  ///< as the access log names it
};

/// What an account's payments come to, moved in the transaction that moves a payment: a balance reads no payments.
struct funds_record {
    static constexpr std::string_view kind = "funds";
    static constexpr std::string_view only = "1";

    std::string id{only};
    money completed{};   ///< sum of the completed payments
    instant last_made{}; ///< the time in the newest payment's id
};

/// Ids of pending payments, as documents of this kind without a body.
inline constexpr std::string_view pending_kind = "pending_payment";
/// Names are `<account key>/<reference>`.
inline constexpr std::string_view reference_space = "payment";
/// Transfers that a customer has announced and nobody has completed or cancelled.
inline constexpr std::size_t most_announced = 100;

/// What an account has left now, everything included. Errors: not_found.
[[nodiscard]] balance balance_of(engine_core& core, const account_id& account);
/// The same of a view that is at hand; a database in memory is asked nothing else while one is.
[[nodiscard]] balance balance_of(engine_core& core, ledger_view& view, const store::account_row& account, instant now);

} // namespace lineside
