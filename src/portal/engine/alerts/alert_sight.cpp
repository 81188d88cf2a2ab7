#include "portal/engine/alerts/alert_sight.hpp"

#include "portal/engine/calls/live_merge.hpp"
#include "portal/engine/calls/rollup_reader.hpp"
#include "portal/engine/money/charges.hpp"
#include "portal/engine/money/money.hpp"
#include "portal/engine/records.hpp"
#include "rules/account_ledger.hpp"
#include "store/segment.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace lineside {

namespace {

using rules::alert_meter;
using store::day_number;

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }
instant at_ms(std::int64_t t) { return instant(duration(t)); }

// A call may have started this long before it ended: one midnight more than the longest one crossed.
duration lookback(const store::account_row& account) { return std::chrono::days(account.longest_days + 1); }

bool counts_starts(alert_area a) { return a == alert_area::cps || a == alert_area::channels; }

/// Calls by the day they started, each day's in no order; `end_of_day(instant)` after each day.
template <class Visit, class EndOfDay>
void each_call_by_day(ledger_view& view, const store::account_row& account, time_range range, const stopper& stop,
                      Visit visit, EndOfDay end_of_day) {
    const auto last = store::day_of(ms(range.to) - 1);
    std::vector<rules::call_facts> facts;
    for (auto day = store::day_of(ms(range.from)); day <= last; ++day) {
        stop.check();
        facts.clear();
        view.stored->segments(account.key, day, day, [&](const store::segment_key& key, std::string_view bytes) {
            store::decode_facts(bytes, key.day, facts);
        });
        for (const auto& f : facts)
            visit(f);
        each_pending(view.pending.get(), account.key, store::start_of(day), store::start_of(day + 1),
                     [&](const store::stored_call& call) { visit(facts_of(call)); });
        if (!end_of_day(at_ms(store::start_of(day + 1))))
            return;
    }
}

void add_live_calls(engine_core& core, const store::account_row& account, instant now, alert_meter& to) {
    constexpr std::size_t a_page = 5'000;
    channels::place after;
    for (;;) {
        const auto some = core.live->list(account.key, live_call_filter::in_use, after, a_page, now);
        for (const auto& c : some) {
            rules::call_facts f;
            f.start = ms(c.call.started_at);
            f.end = rules::still_live;
            to.add(f);
            after = c.at;
        }
        if (some.size() < a_page)
            return;
    }
}

/// The most channels in use in each step of [from, to), as the graph shows it.
void add_peaks(engine_core& core, ledger_view& view, const store::account_row& account, time_range range, duration step,
               instant now, alert_meter& to) {
    std::vector<instant> edges;
    for (auto t = range.from; t <= range.to; t += step)
        edges.push_back(t);
    if (edges.size() < 2)
        return;
    auto cells = read_cells(view, account, edges, store::cell_columns::live | store::cell_columns::open_calls);
    merge_live_history(*core.live, view, account, edges, cells, now);
    for (std::size_t i = 0; i < cells.size(); ++i)
        to.peak(edges[i], cells[i].live_peak);
}

double as_number(const money& m) { return static_cast<double>(rules::to_nanos(m)) / 1e9; }

/// The credit there was before the first of the calls that are told, and what payments made of it.
void add_credits(ledger_view& view, const store::account_row& account, instant first_call, instant now,
                 alert_meter& to) {
    const auto begin = std::chrono::floor<std::chrono::days>(first_call);
    // Calls of the future are few, and none of them is looked at.
    const instant edges[] = {begin, std::chrono::floor<std::chrono::days>(now) + std::chrono::days(400)};
    const auto told = read_cells(view, account, edges, store::cell_columns::charge).front().charge;
    to.credit(begin, rules::to_nanos(account.value.debit_limit) - (read_charges(view, account) - told));
    each<payment_record>(*view.stored, account.key, {}, store::scan_order::ascending, [&](const payment_record& p) {
        if (p.status == payment_status::completed)
            to.credit(p.completed_at.value_or(p.created_at), rules::to_nanos(p.total));
        return true;
    });
}

} // namespace

std::vector<rules::observation> look_now(engine_core& core, ledger_view& view, const store::account_row& account,
                                         std::span<const alert_rule* const> rules, instant now, const stopper& stop) {
    std::vector<rules::observation> seen(rules.size());
    struct meter_of_calls {
        std::size_t index;
        instant at;
        std::int64_t from; // start of the calls that matter
        alert_meter meter;
    };
    std::vector<meter_of_calls> by_calls;
    std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto& r = *rules[i];
        const auto step = rules::evaluation_step(r);
        const auto at = rules::last_evaluation(r, now);
        if (r.area == alert_area::balance) {
            seen[i] = {.at = now, .value = as_number(balance_of(core, view, account, now).credit_available)};
            continue;
        }
        alert_meter meter(r.area, r.sample_period, step, at);
        if (r.area == alert_area::channels) {
            add_peaks(core, view, account, {meter.earliest(), at}, step, now, meter);
            seen[i] = meter.look(at);
            continue;
        }
        const auto from = meter.earliest() - (counts_starts(r.area) ? duration(0) : lookback(account));
        if (r.area == alert_area::cps)
            add_live_calls(core, account, now, meter);
        earliest = std::min(earliest, ms(from));
        by_calls.push_back({i, at, ms(from), std::move(meter)});
    }
    if (!by_calls.empty())
        each_call_by_day(
            view, account, {at_ms(earliest), now + duration(1)}, stop,
            [&](const rules::call_facts& f) {
                for (auto& m : by_calls)
                    if (f.start >= m.from)
                        m.meter.add(f);
            },
            [](instant) { return true; });
    for (auto& m : by_calls)
        seen[m.index] = m.meter.look(m.at);
    for (auto& s : seen)
        s.at = now;
    return seen;
}

void look_back(engine_core& core, ledger_view& view, const store::account_row& account, const alert_rule& rule,
               time_range range, instant now, const stopper& stop,
               const std::function<bool(const rules::observation&)>& visit) {
    const auto step = rules::evaluation_step(rule);
    auto at = rules::last_evaluation(rule, range.from);
    if (at < range.from)
        at += step;
    // Nothing is known of what is still to come.
    const auto end = std::min(range.to, now + duration(1));
    if (at >= end)
        return;
    alert_meter meter(rule.area, rule.sample_period, step, at);
    const auto look_until = [&](instant limit) {
        for (; at < std::min(limit, end); at += step)
            if (!visit(meter.look(at)))
                return false;
        return true;
    };
    if (rule.area == alert_area::channels) {
        // A day at a time: a year has half a million minutes.
        for (auto from = meter.earliest(); from < end; from += std::chrono::days(1)) {
            stop.check();
            add_peaks(core, view, account, {from, from + std::chrono::days(1)}, step, now, meter);
            if (!look_until(from + std::chrono::days(1) + duration(1)))
                return;
        }
        (void)look_until(end);
        return;
    }
    const auto from = meter.earliest() - (counts_starts(rule.area) ? duration(0) : lookback(account));
    if (rule.area == alert_area::balance)
        add_credits(view, account, from, now, meter);
    each_call_by_day(
        view, account, {from, end}, stop,
        [&](const rules::call_facts& f) {
            // What was in progress then had been told live.
            meter.add(f);
        },
        look_until);
}

} // namespace lineside
