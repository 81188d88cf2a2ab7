#pragma once

#include "portal/engine/calls/ledger.hpp"
#include "rules/rollup.hpp"
#include "store/store.hpp"

namespace lineside {

/// What all stored calls of an account were charged, in billionths: the sum of its Summary rows, exactly. Reads the rollups
/// of months and what came since, so that its cost grows with the months and not with the calls.
[[nodiscard]] rules::nanos128 read_charges(ledger_view& view, const store::account_row& account);

} // namespace lineside
