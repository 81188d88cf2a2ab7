#pragma once

#include <lineside/access_log.hpp>

#include "portal/engine/identity/principal.hpp"
#include "portal/launch.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>

// The access log of an account (key; 0: the operator's own): entries of a stream, each with a hash over its text and the
// hash before it, and a document that names the newest.
namespace lineside {

/// What an operation has to say about itself.
struct access_note {
    std::string_view action;
    std::string target{};
    std::string detail{};
    access_outcome outcome = access_outcome::done;
};

/// Appends to the log of the account within the transaction of what is logged.
void log_access(store::transaction& tx, std::uint32_t account, const principal& who, instant now, access_note what);

/// Newest first, those of `range` (its default: all) and, unless 0, numbered below `before`; until `visit` returns false.
/// An entry that somebody damaged is shown as such, whatever the range.
void each_access_entry(store::snapshot& db, std::uint32_t account, time_range range, std::uint64_t before,
                       const stopper& stop, const std::function<bool(access_entry)>& visit);

/// Follows the chain from the first entry to the newest. Leaves the verdict's account to the caller.
[[nodiscard]] access_log_verdict check_chain(store::snapshot& db, std::uint32_t account, const account_id& id,
                                             const stopper& stop);

} // namespace lineside
