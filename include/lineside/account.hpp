#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/permission.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

enum class account_status : std::uint8_t {
    active,
    disabled, ///< its contacts and keys are shut out, its numbers stay
};

[[nodiscard]] LINESIDE_API std::string_view to_string(account_status s) noexcept;

/// A customer of the operator, with the company profile, which its contacts read and only the operator writes. Created by the operator, or on first sight of its id in call records.
struct account {
    account_id id{};
    /// Company name; the id where nobody gave one.
    std::string name{};
    /// ISO 4217, fixed once set: at creation, or by the first record that states one.
    std::string currency{};
    /// IANA zone of graphs and call lists; never moves Summary rows. "UTC" by default.
    std::string time_zone = "UTC";
    /// Configured channels; unset is "no limit configured", 0 is a real limit.
    std::optional<std::uint32_t> channel_limit{};
    /// Set by the engine.
    instant created_at{};

    std::string contact_name{};
    /// How far the balance may go below zero: 0 is prepaid, positive is credit, negative keeps a reserve. In the
    /// account's currency. Unset in a request: 0; in an answer: the asker may not see it.
    std::optional<money> debit_limit{};
    std::string tax{};    ///< as it stands on invoices: a rate, a number
    std::string paypal{}; ///< where the operator's PayPal payments of this customer come from
    /// BCP 47, of contacts that chose none.
    std::string language = "en";
    account_status status = account_status::active;
    /// What none of its contacts and keys may do, whatever their role.
    std::vector<permission> withheld{};

    bool operator==(const account&) const = default;
};

/// What the operator changes of an account; what is unset stays. The currency is fixed.
struct account_update {
    account_id account{};
    std::optional<std::string> name{};
    std::optional<std::string> time_zone{};
    std::optional<std::uint32_t> channel_limit{};
    bool no_channel_limit = false; ///< takes the limit away
    std::optional<std::string> contact_name{};
    std::optional<money> debit_limit{};
    std::optional<std::string> tax{};
    std::optional<std::string> paypal{};
    std::optional<std::string> language{};
    std::optional<account_status> status{};
    std::optional<std::vector<permission>> withheld{};
};

/// Which accounts to list, in the order of their ids.
struct account_query {
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

} // namespace lineside
