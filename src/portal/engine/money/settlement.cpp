#include "portal/engine/calls/ledger.hpp"
#include "portal/engine/calls/rollup_reader.hpp"
#include "store/rollup_blob.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <thread>

namespace lineside {

using store::day_number;

namespace {

constexpr std::size_t days_a_settlement = 4'096; // rolled up in one transaction

struct settled_day {
    std::uint32_t account = 0;
    day_number day = 0;
    std::string bytes;
    rules::cell sum;
};

// `days` in order of account and day.
void roll_up(store::store& db, std::span<settled_day> days) {
    const auto stored = db.read();
    day_roller roller;
    while (!days.empty()) {
        std::size_t n = 1;
        while (n < days.size() && days[n].account == days[0].account &&
               days[n].day == days[0].day + static_cast<day_number>(n))
            ++n;
        const auto account = stored->account_by_key(days[0].account);
        roller.run_days(*stored, account, days[0].day, days[n - 1].day, [&](day_number day, const day_cells& cells) {
            auto& d = days[static_cast<std::size_t>(day - days[0].day)];
            store::encode_cells(cells, d.bytes);
            for (const auto& c : cells)
                d.sum.merge(c);
        });
        days = days.subspan(n);
    }
}

// Half of the days on a thread of their own: rolling up is what an import waits for last.
void roll_up_in_parallel(store::store& db, std::span<settled_day> days) {
    constexpr std::size_t worth_a_thread = 256;
    if (days.size() < worth_a_thread) {
        roll_up(db, days);
        return;
    }
    std::exception_ptr failure;
    {
        const std::jthread helper([&] {
            try {
                roll_up(db, days.first(days.size() / 2));
            } catch (...) {
                failure = std::current_exception();
            }
        });
        roll_up(db, days.subspan(days.size() / 2));
    }
    if (failure)
        std::rethrow_exception(failure);
}

void put_month(store::transaction& tx, std::uint32_t account, day_number month, std::span<const settled_day> days) {
    std::array<rules::cell, 31> cells{};
    const auto length = static_cast<std::size_t>(next_month_of(month) - month);
    const auto whole = std::span(cells).first(length);
    std::array<rules::cell*, 31> targets{};
    for (std::size_t i = 0; i < length; ++i)
        targets[i] = &cells[i];
    for (const auto& d : days)
        targets[static_cast<std::size_t>(d.day - month)] = nullptr;
    tx.month_rollups(account, month, month, [&](day_number, std::string_view bytes) {
        store::merge_cells(bytes, store::cell_columns::all, std::span(targets).first(length));
    });
    for (const auto& d : days)
        cells[static_cast<std::size_t>(d.day - month)] = d.sum;
    std::string bytes;
    store::encode_cells(whole, bytes);
    tx.put_month_rollup(account, month, bytes);
}

} // namespace

std::size_t ledger::settle_some(const std::stop_token& stop) {
    const std::lock_guard turn(committing_);
    std::vector<settled_day> days;
    for (const auto& [account, day] : db_.read()->all_stale_days(days_a_settlement))
        days.push_back({account, day, {}, {}});
    if (days.empty() || stop.stop_requested())
        return 0;
    roll_up_in_parallel(db_, days);
    const auto tx = db_.write();
    for (auto first = days.begin(); first != days.end();) {
        const day_number month = month_of(first->day);
        const auto last = std::find_if(first, days.end(), [&](const settled_day& d) {
            return d.account != first->account || month_of(d.day) != month;
        });
        for (auto d = first; d != last; ++d) {
            tx->put_day_rollup(d->account, d->day, d->bytes);
            tx->unmark_stale(d->account, d->day);
        }
        put_month(*tx, first->account, month, {first, last});
        first = last;
    }
    tx->commit();
    return days.size();
}

} // namespace lineside
