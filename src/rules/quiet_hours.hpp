#pragma once

#include <lineside/alert.hpp>

#include "rules/calendar.hpp"

namespace lineside::rules {

/// The time around `t` in which nothing is sent; empty where `t` is not quiet. One stretch each night, whatever the wall
/// clock does: of an hour that is shown twice it begins with the first and ends with the second, and a time that is
/// skipped is the instant of the jump.
[[nodiscard]] time_range quiet_stretch(const quiet_hours& q, const zone& z, instant t);

} // namespace lineside::rules
