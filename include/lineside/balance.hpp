#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace lineside {

struct balance_query {
    account_id account{};
};

/// What an account has left. Members that the asker may not see are unset.
struct balance {
    account_id account{};
    std::string currency{};
    instant as_of{};
    money amount{};                  ///< completed payments - charges
    std::optional<money> payments{}; ///< completed
    std::optional<money> charges{};  ///< of all calls stored, as in the Summary
    money debit_limit{};
    money credit_available{};             ///< amount + debit limit
    money in_flight{};                    ///< what live calls have cost so far, where their rate is known
    money burn_per_minute{};              ///< what live calls cost each minute
    std::uint32_t calls_without_rate = 0; ///< live calls that in_flight does not know the cost of
    /// Until credit available less in flight is used up at the present burn; unset: nothing burns.
    std::optional<duration> time_to_zero{};
    std::string payment_link{}; ///< the host's template filled in; empty: none

    bool operator==(const balance&) const = default;
};

} // namespace lineside
