#pragma once

#include <lineside/watch_update.hpp>

#include <span>

namespace lineside::rules {

/// What leads from one list to the other; empty where they hold the same. Calls are told apart by their keys and in any
/// order, rows by their starts and in order.
[[nodiscard]] live_call_changes changes_between(std::span<const live_call> before, std::span<const live_call> after);
[[nodiscard]] summary_changes changes_between(std::span<const summary_row> before, std::span<const summary_row> after);

} // namespace lineside::rules
