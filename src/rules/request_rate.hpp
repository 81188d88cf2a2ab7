#pragma once

#include <chrono>
#include <cstdint>

namespace lineside::rules {

/// So many requests at once, and so many a second after that.
struct request_rate {
    std::uint32_t burst = 1;
    std::uint32_t per_second = 1;
};

struct rate_verdict {
    bool allowed = false;
    std::uint32_t remaining = 0;           ///< requests that would be allowed at once after this one
    std::chrono::nanoseconds wait{};       ///< until the next is allowed; 0: now
    std::chrono::nanoseconds until_full{}; ///< until the whole burst is there again
};

/// Who asked how much, in one number: the theoretical arrival time of the generic cell rate algorithm (ITU-T I.371 A.2),
/// nanoseconds of the clock that `now` is of. 0 has asked nothing.
using request_tally = std::int64_t;

[[nodiscard]] rate_verdict take_request(request_tally& tally, const request_rate& rate, std::int64_t now) noexcept;

} // namespace lineside::rules
