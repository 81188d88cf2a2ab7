#include "portal/engine/calls/live_merge.hpp"

#include "portal/engine/calls/rollup_reader.hpp"
#include "portal/engine/calls/segment_writer.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace lineside {

namespace {

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }

std::set<store::day_number> days_with_records(ledger_view& view, const store::account_row& account, std::int64_t from,
                                              std::int64_t to) {
    std::set<store::day_number> days;
    for (const auto& key : view.stored->segment_keys(account.key, store::day_of(from), store::day_of(to - 1)))
        days.insert(key.day);
    each_pending(view.pending.get(), account.key, store::start_of(store::day_of(from)),
                 store::start_of(store::day_of(to - 1) + 1),
                 [&](const store::stored_call& c) { days.insert(store::day_of(c.view.start)); });
    return days;
}

} // namespace

void merge_live_history(channels& live, ledger_view& view, const store::account_row& account,
                        std::span<const instant> edges, std::span<rules::cell> cells, instant now) {
    const auto whole = [](instant t) { return ms(t) % rules::minute_ms == 0; };
    if (cells.empty() || !std::all_of(edges.begin(), edges.end(), whole))
        return;
    const std::int64_t from = ms(edges.front());
    const std::int64_t to = ms(edges.back());
    const auto minutes = live.history(*view.stored, account.key, from, to, now);
    if (minutes.empty())
        return;
    const auto recorded = days_with_records(view, account, from, to);
    auto minute = minutes.begin();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::int64_t end = ms(edges[i + 1]);
        const bool final = is_final(end, ms(now));
        std::uint64_t peak = 0;
        std::uint64_t spent = 0;
        for (; minute != minutes.end() && minute->start < end; ++minute)
            if (!final || !recorded.contains(store::day_of(minute->start))) {
                peak = std::max<std::uint64_t>(peak, minute->peak);
                spent += minute->channel_ms;
            }
        auto& cell = cells[i];
        cell.live_peak = std::max(cell.live_peak, peak);
        // The days of a final bucket are either recorded or told live: what they have adds up.
        const bool some_days = final && store::day_of(end - 1) != store::day_of(ms(edges[i]));
        cell.live_ms = some_days ? cell.live_ms + spent : std::max(cell.live_ms, spent);
    }
}

} // namespace lineside
