#pragma once

#include "portal/engine/identity/identity_state.hpp"
#include "portal/engine/identity/principal.hpp"
#include "rules/throttle.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>

namespace lineside {

class engine_core;

/// Failures at a login that nobody has, so that it is slowed down like somebody's and cannot be told from one. There are
/// 65,536 such documents at most: a login has one of them, which it takes over from whoever had it before.
struct stranger_record {
    static constexpr std::string_view kind = "stranger";

    std::string id{};     ///< the slot
    std::string digest{}; ///< of the login
    rules::failure_count failures{};
};

[[nodiscard]] stranger_record stranger_of(store::snapshot& db, const identity_state& identity, std::string_view email);

/// Takes one of the attempts of where they come from. Errors: exhausted.
void take_attempt(engine_core& core, const principal& who, std::string_view action);

} // namespace lineside
