#pragma once

#include <lineside/call.hpp>
#include <lineside/channel.hpp>

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

/// Calls that start, and those of the batches before: half of them are answered, then two of three end.
inline std::vector<call_event> helper_events(std::size_t batch, std::size_t events) {
    std::vector<call_event> made;
    const auto tell = [&](call_event_kind kind, std::size_t of_batch, std::size_t index) {
        call_event e;
        e.kind = kind;
        e.source = index % 5 == 0 ? "other" : "helper";
        e.call_id = std::to_string(of_batch) + "-" + std::to_string(index) + "@switch.example";
        e.at = helper_now - std::chrono::minutes(10) + std::chrono::milliseconds(batch);
        e.sequence = batch;
        if (kind == call_event_kind::started) {
            e.account = account_id(index % 3 == 0 ? "acme" : "beta");
            e.cli = "+442071838750";
        }
        made.push_back(std::move(e));
    };
    for (std::size_t i = 0; i < events / 2; ++i)
        tell(call_event_kind::started, batch, i);
    for (std::size_t i = 0; i < events / 2 && batch >= 1; i += 2)
        tell(call_event_kind::answered, batch - 1, i);
    for (std::size_t i = 0; i < events / 2 && batch >= 2; ++i)
        if (i % 3 != 0)
            tell(call_event_kind::ended, batch - 2, i);
    return made;
}

} // namespace lineside::test
