#pragma once

#include <lineside/money.hpp>
#include <lineside/payment.hpp>
#include <lineside/time.hpp>

#include "rules/rollup.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

// What an account has: payments in, charges out, and what lies between. Sums are exact in billionths and nothing is
// rounded but where a function says so.
namespace lineside::rules {

/// The largest single payment, in whole units either way.
inline constexpr std::int64_t most_units = 1'000'000'000'000'000;

/// Whether units and nanos agree in sign and nanos are less than a unit.
[[nodiscard]] bool is_amount(const money& m) noexcept;
[[nodiscard]] constexpr nanos128 to_nanos(const money& m) noexcept {
    return static_cast<nanos128>(m.units) * 1'000'000'000 + m.nanos;
}
[[nodiscard]] constexpr nanos128 to_nanos(const std::optional<money>& m) noexcept { return m ? to_nanos(*m) : 0; }
/// Exactly. Errors: invalid_argument (64 bits of whole units do not hold it).
[[nodiscard]] result<money> exact_money(nanos128 amount, std::string currency);
/// Errors: invalid_argument (128 bits do not hold it).
[[nodiscard]] result<nanos128> checked_sum(std::initializer_list<nanos128> amounts);

/// What payments and calls make of an account.
struct account_state {
    nanos128 balance = 0; ///< completed payments - charges
    nanos128 credit = 0;  ///< balance + debit limit: below zero new calls may be refused
};
/// `debit_limit`: 0 is prepaid, above zero is credit given, below zero keeps a reserve of a prepaid account.
/// Errors: invalid_argument.
[[nodiscard]] result<account_state> state_of(nanos128 payments, nanos128 charges, nanos128 debit_limit);

/// How long credit lasts that live calls use up, rounded down to a millisecond and at most 1,000 years: 0 where it is
/// used up already, unset where nothing burns.
[[nodiscard]] std::optional<duration> time_to_zero(nanos128 credit, nanos128 in_flight, nanos128 burn_per_minute);

// ---- payments

enum class payment_step : std::uint8_t { complete, cancel };

/// Where a payment goes: from pending once, then nowhere. Unset: it is there already.
/// Errors: conflict (it went the other way).
[[nodiscard]] result<std::optional<payment_status>> next_status(payment_status from, payment_step step);

/// What a customer sees of a description: what stands before the first `#`, without spaces around it.
[[nodiscard]] std::string_view public_part(std::string_view description) noexcept;

// ---- the link to pay by

/// What is to be paid so that nothing is owed: the balance's lack, rounded up to the currency's smallest coin, never below
/// zero.
[[nodiscard]] nanos128 amount_due(nanos128 balance, std::string_view currency) noexcept;
/// Decimals of a currency's smallest coin (ISO 4217): 2, or 0 as of JPY, or 3 as of KWD.
[[nodiscard]] unsigned decimals_of(std::string_view currency) noexcept;
/// Of an amount in whole coins, with as many decimals as the currency has: "12.50", "1250" of JPY.
[[nodiscard]] std::string coins(nanos128 amount, std::string_view currency);

/// What a template's places are filled with.
struct payment_link_values {
    std::string_view account;
    std::string_view amount;
    std::string_view currency;
    std::string_view payment; ///< its id, where the link is about one
};

/// A link is a URL of http or https whose places are {account}, {amount}, {currency} and {payment}, none of them in the
/// part that names the host. Empty is no link. Errors: invalid_argument (and why).
[[nodiscard]] result<void> check_payment_link(std::string_view pattern);
/// What is filled in is percent-encoded. `pattern` was checked.
[[nodiscard]] std::string payment_link(std::string_view pattern, const payment_link_values& values);

} // namespace lineside::rules
