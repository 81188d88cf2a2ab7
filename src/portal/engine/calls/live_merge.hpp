#pragma once

#include <lineside/time.hpp>

#include "portal/engine/calls/ledger.hpp"
#include "portal/engine/live/channels.hpp"
#include "rules/rollup.hpp"

#include <span>

namespace lineside {

/// Puts what was told live into the live channels of consecutive buckets [edges[i], edges[i+1]) of one account, worked out
/// from its records: a bucket that is not final gets the larger of both, a final one what was live on days without
/// records. Buckets that do not begin and end on a minute stay as they are.
void merge_live_history(channels& live, ledger_view& view, const store::account_row& account,
                        std::span<const instant> edges, std::span<rules::cell> cells, instant now);

} // namespace lineside
