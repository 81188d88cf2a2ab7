#pragma once

#include "rules/live_history.hpp"

#include <ostream>

namespace lineside::rules {

inline void PrintTo(const live_minute& m, std::ostream* out) {
    *out << "account " << m.account << " minute " << m.start / minute_ms << " peak " << m.peak << " ms "
         << m.channel_ms;
}

} // namespace lineside::rules
