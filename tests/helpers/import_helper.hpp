#pragma once

#include <lineside/call.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace lineside::test {

/// What the helper's clock says: its calls are in time, so that they go through the journal.
inline constexpr instant helper_now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10) + std::chrono::hours(12);

inline call helper_call(std::size_t batch, std::size_t index) {
    call c;
    c.source = "helper";
    c.call_id = std::to_string(batch) + "-" + std::to_string(index);
    c.account_id = account_id(index % 3 == 0 ? "acme" : "beta");
    c.start_time = helper_now - std::chrono::minutes(batch % 1'000) - std::chrono::seconds(index);
    c.end_time = c.start_time + std::chrono::seconds(30);
    c.outcome = call_outcome::busy;
    return c;
}

/// New calls, and every third time a correction of the batch before.
inline std::vector<call> helper_batch(std::size_t batch, std::size_t calls) {
    std::vector<call> made;
    for (std::size_t i = 0; i < calls; ++i)
        made.push_back(helper_call(batch, i));
    if (batch % 3 == 2) {
        made.push_back(helper_call(batch - 1, 0));
        made.back().hangup_cause = "corrected";
    }
    return made;
}

} // namespace lineside::test
