#pragma once

#include <lineside.h>
#include <lineside/portal.hpp>
#include <lineside/watch.hpp>

#include "failure.hpp"
#include "model/process.hpp"
#include "queue.hpp"

#include <memory>
#include <stop_token>
#include <string>

#include <sys/types.h>

namespace lineside {
class client;
class server;
} // namespace lineside

// What C's handles are. A child of the process that made them may only let them go: it has neither the threads nor the
// connections behind them, so there they are never destroyed.
namespace lineside::capi {

[[nodiscard]] inline bool is_inherited(pid_t owner) noexcept { return owner != this_process(); }
/// Throws `unavailable` in a child.
void check_owner(pid_t owner, const char* what);

[[nodiscard]] std::shared_ptr<queue_state> state_of(lineside_queue* queue);

/// The answer of that type, no longer the completion's; or null and the failure.
[[nodiscard]] void* take_answer(lineside_completion* c, const void* type, lineside_error*& failure);

} // namespace lineside::capi

struct lineside_portal {
    std::shared_ptr<lineside::portal> inner;
    /// Somebody's view: calls keep it alive. An engine or client itself is not kept, so that it can be closed.
    bool is_view = false;
    lineside::client* far = nullptr; ///< where it is a client itself
    pid_t owner = lineside::this_process();

    [[nodiscard]] std::shared_ptr<lineside::portal> kept() const { return is_view ? inner : nullptr; }
};

struct lineside_watch {
    std::shared_ptr<lineside::watch> inner;
    pid_t owner = lineside::this_process();
};

struct lineside_cancellation {
    std::stop_source source;
};

namespace lineside::capi {

[[nodiscard]] lineside_portal& usable(lineside_portal* portal);
[[nodiscard]] lineside_watch& usable(lineside_watch* watch);

} // namespace lineside::capi
