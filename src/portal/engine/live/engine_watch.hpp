#pragma once

#include <lineside/watch.hpp>

#include "portal/engine/engine_core.hpp"

#include <memory>

namespace lineside {

/// Somebody's watch at an engine. `shown` null: the operator's.
[[nodiscard]] std::shared_ptr<watch> make_engine_watch(std::shared_ptr<engine_core> core,
                                                       std::shared_ptr<const credential> shown, watch_request request);

} // namespace lineside
