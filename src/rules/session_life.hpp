#pragma once

#include <lineside/time.hpp>

#include <algorithm>
#include <chrono>

namespace lineside::rules {

inline constexpr duration session_idle = std::chrono::minutes(30);
inline constexpr duration session_longest = std::chrono::hours(12);
/// How exactly the last use of a session or key is kept in the database.
inline constexpr duration use_grain = std::chrono::minutes(1);

/// A session lives for 30 minutes after its last use and 12 hours in all. One whose last use lies 30 minutes in the
/// future belongs to a clock that was set back: nobody knows how old it is, so it has ended too.
[[nodiscard]] constexpr bool is_session_live(instant created, instant last_used, instant now) {
    return now < created + session_longest && now < last_used + session_idle && last_used < now + session_idle;
}

/// When it ends if it is not used again.
[[nodiscard]] constexpr instant session_end(instant created, instant last_used) {
    return std::min(created + session_longest, last_used + session_idle);
}

/// The last use that is known is old enough to be written anew.
[[nodiscard]] constexpr bool is_use_due(instant written, instant now) {
    return now >= written + use_grain || now < written - use_grain;
}

} // namespace lineside::rules
