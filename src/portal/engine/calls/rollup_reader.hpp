#pragma once

#include <lineside/time.hpp>

#include "portal/engine/calls/ledger.hpp"
#include "rules/rollup.hpp"
#include "store/rollup_blob.hpp"
#include "store/store.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace lineside {

using day_cells = std::array<rules::cell, store::quarters_a_day>;

/// Rolls up days of one account from its calls: the one place where calls become numbers. Keeps buffers between uses;
/// used by one thread at a time.
class day_roller {
public:
    /// `pending` may be null. `step_ms` divides a day; `out` covers it.
    void run(store::snapshot& stored, const pending_calls* pending, const store::account_row& account,
             store::day_number day, std::int64_t step_ms, std::span<rules::cell> out);
    /// The same over [from, to) of any length within one bucket or several equal ones.
    void run_range(store::snapshot& stored, const pending_calls* pending, const store::account_row& account,
                   std::int64_t from, std::int64_t to, std::int64_t step_ms, std::span<rules::cell> out);
    /// Quarter hours of days that follow each other, from stored calls alone: each segment is read once, where `run`
    /// reads those of earlier days again for every day. `put` is called for every day, in order.
    void run_days(store::snapshot& stored, const store::account_row& account, store::day_number first,
                  store::day_number last, const std::function<void(store::day_number, const day_cells&)>& put);

private:
    std::vector<rules::call_facts> facts_;
    std::vector<rules::live_span> carried_;
    rules::roller roller_;
};

/// What counts of a call.
[[nodiscard]] rules::call_facts facts_of(const store::stored_call& call);

/// Pending calls of an account that started in [from, to).
template <class Visit>
void each_pending(const pending_calls* pending, std::uint32_t account, std::int64_t from, std::int64_t to,
                  Visit visit) {
    if (pending == nullptr)
        return;
    for (const auto& batch : *pending) {
        auto at = std::lower_bound(batch->by_account.begin(), batch->by_account.end(), std::pair(account, 0U));
        for (; at != batch->by_account.end() && at->first == account; ++at) {
            const auto& call = batch->buffer.calls()[at->second];
            if (from <= call.view.start && call.view.start < to)
                visit(call);
        }
    }
}

/// The cells of consecutive buckets [edges[i], edges[i+1]) of one account. Reads the coarsest rollups the edges allow;
/// days that lag behind are rolled up on the way. Only `wanted` columns need be right.
[[nodiscard]] std::vector<rules::cell> read_cells(ledger_view& view, const store::account_row& account,
                                                  std::span<const instant> edges, store::cell_columns wanted);

/// The first day of the UTC month of `day`, and of the next month.
[[nodiscard]] store::day_number month_of(store::day_number day);
[[nodiscard]] store::day_number next_month_of(store::day_number day);

} // namespace lineside
