#include "portal/engine/money/charges.hpp"

#include "model/call_view.hpp"
#include "portal/engine/calls/rollup_reader.hpp"
#include "store/rollup_blob.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

namespace lineside {

namespace {

using store::day_number;

constexpr day_number first_of_all = std::numeric_limits<day_number>::min();
constexpr day_number last_of_all = std::numeric_limits<day_number>::max();

// As a rollup counts it: a call in progress counts nowhere.
void count(const rules::call_facts& call, rules::nanos128& sum) {
    if (call.end != absent && call.charge != absent)
        sum += call.charge;
}

} // namespace

rules::nanos128 read_charges(ledger_view& view, const store::account_row& account) {
    auto& stored = *view.stored;
    const auto stale = stored.stale_days(account.key, first_of_all, last_of_all); // ascending
    rules::cell sum;
    std::array<rules::cell*, 31> targets{};
    stored.month_rollups(account.key, first_of_all, last_of_all, [&](day_number month, std::string_view bytes) {
        const auto length = static_cast<std::size_t>(next_month_of(month) - month);
        std::fill(targets.begin(), targets.end(), &sum);
        for (auto day = std::lower_bound(stale.begin(), stale.end(), month);
             day != stale.end() && *day < month + static_cast<day_number>(length); ++day)
            targets[static_cast<std::size_t>(*day - month)] = nullptr;
        store::merge_cells(bytes, store::cell_columns::charge, std::span(targets).first(length));
    });

    // Days whose rollups lag behind, from their calls.
    std::vector<rules::call_facts> facts;
    for (const day_number day : stale) {
        facts.clear();
        stored.segments(account.key, day, day, [&](const store::segment_key&, std::string_view bytes) {
            store::decode_facts(bytes, day, facts);
        });
        for (const auto& f : facts)
            count(f, sum.charge);
    }
    // What waits in the journal are new calls of their own: one that corrects another is never there.
    each_pending(view.pending.get(), account.key, std::numeric_limits<std::int64_t>::min(),
                 std::numeric_limits<std::int64_t>::max(),
                 [&](const store::stored_call& c) { count(facts_of(c), sum.charge); });
    return sum.charge;
}

} // namespace lineside
