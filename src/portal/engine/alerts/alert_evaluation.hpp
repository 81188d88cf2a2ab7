#pragma once

#include <lineside/id.hpp>

#include "portal/engine/alerts/alert_records.hpp"
#include "portal/engine/engine_core.hpp"
#include "rules/alerting.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace lineside {

/// What a rule of an account makes of what it sees.
[[nodiscard]] rules::alert_decision decide(const account& of, const alert_rule& rule, const rules::observation& seen,
                                           const rules::alert_state& state);

/// What is to be said about it; without a number yet.
[[nodiscard]] alert_event event_about(const account& of, const alert_rule& rule, const rules::observation& seen,
                                      alert_event_kind kind, std::string text);

enum class which_rules : std::uint8_t {
    due, ///< that have not looked since their last step
    all,
};

struct evaluation_report {
    std::uint64_t evaluated = 0;
    std::uint64_t fired = 0; ///< times that somebody is to be told
    std::optional<instant> next_look{};
};

/// Lets the rules of an account look at its numbers, and writes down what they come to: state, history and what is to be
/// delivered, in one transaction. Nothing is written where nothing happened. Errors: cancelled, storage.
evaluation_report evaluate_alerts(engine_core& core, const account_id& account, which_rules which, const stopper& stop);

enum class arrival : std::uint8_t {
    calls,       ///< may change what rules have looked at already
    live_events, ///< count from the next look on
};

/// After something arrived for these accounts: evaluates their rules and hands what fired to the host's callback. Mails
/// and webhooks wait for `run_due_work`. Costs a look where an account has no rules. Never fails: what it leaves undone,
/// `run_due_work` does. Not to be called while the thread has a snapshot or a transaction.
void after_arrival(engine_core& core, const std::set<std::string, std::less<>>& accounts, arrival what) noexcept;

/// Hands a delivery that was just written to the host's callback; one that fails is tried again by `run_due_work`.
void tell_host(engine_core& core, std::uint32_t account, const std::string& delivery);

} // namespace lineside
