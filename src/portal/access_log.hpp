#pragma once

#include <lineside/access_log.hpp>

#include "portal/principal.hpp"
#include "store/store.hpp"

#include <string>

namespace lineside {

/// What an operation has to say about itself.
struct access_note {
    std::string_view action;
    std::string target{};
    std::string detail{};
    access_outcome outcome = access_outcome::done;
};

/// Appends to the log of the account (key; 0: the operator's own) within the transaction of what is logged.
void log_access(store::transaction& tx, std::uint32_t account, const principal& who, instant now, access_note what);

} // namespace lineside
