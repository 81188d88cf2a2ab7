#pragma once

#include <lineside/call_import.hpp>

#include "portal/launch.hpp"
#include "portal/ledger.hpp"

namespace lineside {

/// Reads a stream of call records into the ledger. Reading and storing go on side by side: one further thread commits
/// while the calling one reads on. Throws `lineside::error`.
[[nodiscard]] import_report import_records(ledger& to, import_request request, std::size_t batch_calls,
                                           const stopper& stop);

} // namespace lineside
