#include "portal/engine/calls/rollup_reader.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

namespace lineside {

namespace {

using store::day_ms;
using store::day_number;

constexpr std::int64_t minute_ms = 60'000;

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }

// Which days cannot be answered from rollups: they lag behind, or the journal reaches into them.
std::set<day_number> days_to_roll(ledger_view& view, const store::account_row& account, day_number first,
                                  day_number last) {
    const auto stale = view.stored->stale_days(account.key, first, last);
    std::set<day_number> days(stale.begin(), stale.end());
    each_pending(view.pending.get(), account.key, std::numeric_limits<std::int64_t>::min(),
                 std::numeric_limits<std::int64_t>::max(), [&](const store::stored_call& call) {
                     const day_number from = store::day_of(call.view.start);
                     const std::int64_t end = call.view.end == absent ? call.view.start : call.view.end - 1;
                     for (day_number day = std::max(from, first); day <= std::min(store::day_of(end), last); ++day)
                         days.insert(day);
                     if (first <= from && from <= last)
                         days.insert(from);
                 });
    return days;
}

bool all_multiples(std::span<const instant> edges, std::int64_t of) {
    return std::all_of(edges.begin(), edges.end(), [&](instant e) { return ms(e) % of == 0; });
}

// Finds the bucket of instants that come in order.
class bucket_cursor {
public:
    bucket_cursor(std::span<const instant> edges, std::span<rules::cell> buckets) : edges_(edges), buckets_(buckets) {}

    /// Null outside of all buckets.
    rules::cell* at(std::int64_t start) {
        if (start < ms(edges_.front()))
            return nullptr;
        while (at_ < buckets_.size() && ms(edges_[at_ + 1]) <= start)
            ++at_;
        return at_ < buckets_.size() ? &buckets_[at_] : nullptr;
    }
    void merge(std::int64_t start, const rules::cell& cell) {
        if (auto* bucket = at(start))
            bucket->merge(cell);
    }

private:
    std::span<const instant> edges_;
    std::span<rules::cell> buckets_;
    std::size_t at_ = 0;
};

class cell_reader {
public:
    cell_reader(ledger_view& view, const store::account_row& account, std::span<const instant> edges,
                store::cell_columns wanted)
        : view_(view),
          account_(account),
          edges_(edges),
          wanted_(wanted),
          buckets_(edges.size() - 1),
          first_(store::day_of(ms(edges.front()))),
          last_(store::day_of(ms(edges.back()) - 1)) {}

    std::vector<rules::cell> run() {
        if (!all_multiples(edges_, minute_ms))
            by_bucket();
        else if (!all_multiples(edges_, store::quarter_ms))
            by_minute();
        else if (!all_multiples(edges_, day_ms))
            by_quarter();
        else
            by_day();
        return std::move(buckets_);
    }

private:
    const pending_calls* pending() const { return view_.pending.get(); }

    // Zones whose offset had seconds, long ago: no stored width fits.
    void by_bucket() {
        for (std::size_t i = 0; i < buckets_.size(); ++i)
            roller_.run_range(*view_.stored, pending(), account_, ms(edges_[i]), ms(edges_[i + 1]),
                              ms(edges_[i + 1]) - ms(edges_[i]), std::span(buckets_).subspan(i, 1));
    }

    void by_minute() {
        bucket_cursor cursor(edges_, buckets_);
        const std::int64_t from = ms(edges_.front());
        const std::int64_t to = ms(edges_.back());
        std::vector<rules::cell> minutes;
        for (std::int64_t at = from; at < to; at += day_ms) {
            const std::int64_t until = std::min(to, at + day_ms);
            minutes.assign(static_cast<std::size_t>((until - at) / minute_ms), {});
            roller_.run_range(*view_.stored, pending(), account_, at, until, minute_ms, minutes);
            for (std::size_t i = 0; i < minutes.size(); ++i)
                if (!minutes[i].empty())
                    cursor.merge(at + static_cast<std::int64_t>(i) * minute_ms, minutes[i]);
        }
    }

    void by_quarter() {
        bucket_cursor cursor(edges_, buckets_);
        const auto fresh = days_to_roll(view_, account_, first_, last_);
        auto next = fresh.begin();
        const auto roll_until = [&](day_number day) {
            for (; next != fresh.end() && *next < day; ++next) {
                day_cells cells{};
                roller_.run(*view_.stored, pending(), account_, *next, store::quarter_ms, cells);
                for (std::size_t i = 0; i < cells.size(); ++i)
                    cursor.merge(quarter_start(*next, i), cells[i]);
            }
        };
        std::array<rules::cell*, store::quarters_a_day> targets{};
        view_.stored->day_rollups(account_.key, first_, last_, [&](day_number day, std::string_view bytes) {
            roll_until(day);
            if (fresh.contains(day))
                return;
            for (std::size_t i = 0; i < targets.size(); ++i)
                targets[i] = cursor.at(quarter_start(day, i));
            store::merge_cells(bytes, wanted_, targets);
        });
        roll_until(last_ + 1);
    }

    static std::int64_t quarter_start(day_number day, std::size_t i) {
        return store::start_of(day) + static_cast<std::int64_t>(i) * store::quarter_ms;
    }

    void by_day() {
        const auto fresh = days_to_roll(view_, account_, first_, last_);
        std::vector<rules::cell> days(static_cast<std::size_t>(last_ - first_ + 1));
        std::array<rules::cell*, 31> targets{};
        view_.stored->month_rollups(
            account_.key, month_of(first_), last_, [&](day_number month, std::string_view bytes) {
                const auto length = static_cast<std::size_t>(next_month_of(month) - month);
                for (std::size_t i = 0; i < length; ++i) {
                    const day_number day = month + static_cast<day_number>(i);
                    const bool wanted = first_ <= day && day <= last_ && !fresh.contains(day);
                    targets[i] = wanted ? &days[static_cast<std::size_t>(day - first_)] : nullptr;
                }
                store::merge_cells(bytes, wanted_, std::span(targets).first(length));
            });
        for (const day_number day : fresh) {
            day_cells cells{};
            roller_.run(*view_.stored, pending(), account_, day, store::quarter_ms, cells);
            auto& sum = days[static_cast<std::size_t>(day - first_)];
            for (const auto& c : cells)
                sum.merge(c);
        }
        bucket_cursor cursor(edges_, buckets_);
        for (std::size_t i = 0; i < days.size(); ++i)
            cursor.merge(store::start_of(first_ + static_cast<day_number>(i)), days[i]);
    }

    ledger_view& view_;
    const store::account_row& account_;
    std::span<const instant> edges_;
    store::cell_columns wanted_;
    std::vector<rules::cell> buckets_;
    day_number first_;
    day_number last_;
    day_roller roller_;
};

void sort_facts(std::vector<rules::call_facts>& facts) {
    const auto earlier = [](const auto& a, const auto& b) { return a.start < b.start; };
    if (!std::is_sorted(facts.begin(), facts.end(), earlier))
        std::sort(facts.begin(), facts.end(), earlier);
}

} // namespace

rules::call_facts facts_of(const store::stored_call& call) {
    const auto& v = call.view;
    return {v.start, v.end, v.talk, v.billed, v.pdd, v.charge, v.dtmf_digits, v.outcome, call.attempts_known};
}

void day_roller::run(store::snapshot& stored, const pending_calls* pending, const store::account_row& account,
                     day_number day, std::int64_t step_ms, std::span<rules::cell> out) {
    run_range(stored, pending, account, store::start_of(day), store::start_of(day + 1), step_ms, out);
}

void day_roller::run_range(store::snapshot& stored, const pending_calls* pending, const store::account_row& account,
                           std::int64_t from, std::int64_t to, std::int64_t step_ms, std::span<rules::cell> out) {
    facts_.clear();
    carried_.clear();
    const day_number first = store::day_of(from);
    const day_number last = store::day_of(to - 1);
    // Calls of earlier days may still be live; one day back is not enough for the longest of them.
    const auto lookback = static_cast<day_number>(account.longest_days);
    stored.segments(account.key, first - lookback, last, [&](const store::segment_key& key, std::string_view bytes) {
        if (key.day < first)
            store::decode_spans(bytes, key.day, from, carried_);
        else
            store::decode_facts(bytes, key.day, facts_);
    });
    each_pending(pending, account.key, std::numeric_limits<std::int64_t>::min(), to,
                 [&](const store::stored_call& call) { facts_.push_back(facts_of(call)); });
    // What started before the range only occupies channels; what starts after it is another range's.
    std::erase_if(facts_, [&](const rules::call_facts& f) {
        if (f.start < from && f.end != absent && f.end > from)
            carried_.push_back({f.start, f.end});
        return f.start < from || f.start >= to;
    });
    sort_facts(facts_);
    roller_.run(facts_, carried_, from, step_ms, out);
}

void day_roller::run_days(store::snapshot& stored, const store::account_row& account, day_number first, day_number last,
                          const std::function<void(day_number, const day_cells&)>& put) {
    facts_.clear();
    carried_.clear();
    day_number day = first;
    day_cells cells;
    const auto finish_day = [&] {
        sort_facts(facts_);
        roller_.run(facts_, carried_, store::start_of(day), store::quarter_ms, cells);
        put(day, cells);
        const std::int64_t midnight = store::start_of(++day);
        std::erase_if(carried_, [&](const rules::live_span& s) { return s.end <= midnight; });
        for (const auto& f : facts_)
            if (f.end != absent && f.end > midnight)
                carried_.push_back({f.start, f.end});
        facts_.clear();
    };
    const auto lookback = static_cast<day_number>(account.longest_days);
    stored.segments(account.key, first - lookback, last, [&](const store::segment_key& key, std::string_view bytes) {
        if (key.day < first) {
            store::decode_spans(bytes, key.day, store::start_of(first), carried_);
            return;
        }
        while (day < key.day)
            finish_day();
        store::decode_facts(bytes, key.day, facts_);
    });
    while (day <= last)
        finish_day();
}

std::vector<rules::cell> read_cells(ledger_view& view, const store::account_row& account,
                                    std::span<const instant> edges, store::cell_columns wanted) {
    if (edges.size() < 2)
        return {};
    return cell_reader(view, account, edges, wanted).run();
}

day_number month_of(day_number day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    const std::chrono::sys_days first = date.year() / date.month() / 1;
    return static_cast<day_number>(first.time_since_epoch().count());
}

day_number next_month_of(day_number day) { return month_of(month_of(day) + 32); }

} // namespace lineside
