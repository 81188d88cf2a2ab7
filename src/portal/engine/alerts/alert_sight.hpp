#pragma once

#include <lineside/alert.hpp>

#include "portal/engine/engine_core.hpp"
#include "rules/alert_meter.hpp"
#include "rules/alerting.hpp"
#include "store/store.hpp"

#include <functional>
#include <span>
#include <vector>

// What rules see of the stored calls: now, and as it would have been.
namespace lineside {

/// What each of the rules of an account sees at `now`, from one view. The observations' time is `now`; what they measure
/// ends at the rule's last step before.
[[nodiscard]] std::vector<rules::observation> look_now(engine_core& core, ledger_view& view,
                                                       const store::account_row& account,
                                                       std::span<const alert_rule* const> rules, instant now,
                                                       const stopper& stop);

/// What the rule would have seen at each of its steps within the range, in order; until `visit` returns false.
void look_back(engine_core& core, ledger_view& view, const store::account_row& account, const alert_rule& rule,
               time_range range, instant now, const stopper& stop,
               const std::function<bool(const rules::observation&)>& visit);

} // namespace lineside
