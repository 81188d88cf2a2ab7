#pragma once

#include <lineside/call_import.hpp>

#include "portal/engine/calls/ledger.hpp"
#include "portal/launch.hpp"

#include <set>
#include <string>

namespace lineside {

/// Reads a stream of call records into the ledger. Reading and storing go on side by side: one further thread commits
/// while the calling one reads on. `accounts`: those the calls are of are added, unless it is null. Throws
/// `lineside::error`.
[[nodiscard]] import_report import_records(ledger& to, import_request request, std::size_t batch_calls,
                                           const stopper& stop, std::set<std::string, std::less<>>* accounts);

} // namespace lineside
