#include "portal/segment_writer.hpp"

#include "store/identity.hpp"

#include <algorithm>
#include <atomic>
#include <bitset>
#include <chrono>
#include <exception>
#include <stop_token>
#include <thread>
#include <tuple>
#include <unordered_map>

namespace lineside {

namespace {

using store::day_ms;
using store::day_number;
using store::stored_call;

// A part of a busy day stays small enough to be decoded for one page of a call list.
constexpr std::size_t calls_a_part = 16'384;
// Parts below this are joined with what follows, as long as the same import writes them.
constexpr std::size_t small_part = 256;
constexpr std::int64_t hour_ms = 3'600'000;

std::int64_t month_start(std::int64_t instant_ms) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{store::day_of(instant_ms)}}};
    const std::chrono::sys_days first = date.year() / date.month() / 1;
    return store::start_of(static_cast<day_number>(first.time_since_epoch().count()));
}

std::int64_t next_month(std::int64_t month_start_ms) { return month_start(month_start_ms + 32 * day_ms); }

std::int64_t hour_start(std::int64_t t) {
    const std::int64_t midnight = store::start_of(store::day_of(t));
    return midnight + (t - midnight) / hour_ms * hour_ms;
}

std::bitset<24> hours_of(std::span<const rules::call_facts> calls, day_number day) {
    std::bitset<24> hours;
    for (const auto& c : calls)
        hours.set(static_cast<std::size_t>((c.start - store::start_of(day)) / hour_ms));
    return hours;
}

// Calls visit(day, calls of that day) for calls sorted by start.
template <class Visit>
void each_day(std::span<const stored_call* const> calls, Visit visit) {
    while (!calls.empty()) {
        const day_number day = store::day_of(calls.front()->view.start);
        const auto end = std::find_if(calls.begin(), calls.end(),
                                      [&](const stored_call* c) { return store::day_of(c->view.start) != day; });
        const auto n = static_cast<std::size_t>(end - calls.begin());
        visit(day, calls.first(n));
        calls = calls.subspan(n);
    }
}

bool same_identity(const stored_call& a, const stored_call& b) {
    return a.source == b.source && a.view.call_id == b.view.call_id && a.view.branch == b.view.branch;
}

} // namespace

std::int64_t hour_end(std::int64_t instant_ms) noexcept { return hour_start(instant_ms) + hour_ms; }

bool comes_before(const stored_call& a, const stored_call& b) noexcept {
    return std::tie(a.view.start, a.view.call_id, a.view.branch, a.source) <
           std::tie(b.view.start, b.view.call_id, b.view.branch, b.source);
}

void sort_calls(std::span<const stored_call*> calls) {
    const auto before = [](const stored_call* a, const stored_call* b) { return comes_before(*a, *b); };
    // Records mostly come in order.
    if (!std::is_sorted(calls.begin(), calls.end(), before))
        std::sort(calls.begin(), calls.end(), before);
}

void segment_writer::touch_day(store::account_row& account, day_number day, std::span<const stored_call* const> calls) {
    // A call that ends exactly at midnight does not reach into the next day.
    std::int64_t end = store::start_of(day) + 1;
    for (const auto* c : calls)
        end = std::max(end, c->view.end == absent ? end : c->view.end);
    const day_number last = store::day_of(end - 1);
    for (day_number d = day; d <= last; ++d)
        stale_.emplace(account.key, d);
    account.longest_days = std::max(account.longest_days, static_cast<std::uint32_t>(last - day));
}

void segment_writer::raise(std::uint32_t account, std::int64_t start) {
    using store::row_level;
    const auto add = [&](row_level level, std::int64_t row) { raised_.insert({account, {level, row}}); };
    add(row_level::hour, hour_start(start));
    add(row_level::day, store::start_of(store::day_of(start)));
    add(row_level::month, month_start(start));
}

void segment_writer::restate(const store::account_row& account, const stored_call& call) {
    raise(account.key, call.view.start);
}

void segment_writer::add(store::account_row& account, std::span<const stored_call* const> calls) {
    each_day(calls, [&](day_number day, auto part) { add_day(account, day, part); });
}

void segment_writer::remove(store::account_row& account, std::span<const stored_call* const> calls) {
    each_day(calls, [&](day_number day, auto part) { remove_day(account, day, part); });
}

// Late calls restate what was final and what somebody else had written before: the hour, the day, the month.
void segment_writer::raise_late(const store::account_row& account, day_number day,
                                std::span<const store::segment_key> keys, std::span<const stored_call* const> calls) {
    using store::row_level;
    const auto by_others = [&](const store::segment_key& k) { return k.run != run_ || run_ == 0; };
    const auto raise_row = [&](row_level level, std::int64_t start) { raised_.insert({account.key, {level, start}}); };
    if (!is_final(store::start_of(day) + hour_ms, now_))
        return;
    const std::int64_t month = month_start(store::start_of(day));
    if (is_final(next_month(month), now_)) {
        const auto whole = tx_.segment_keys(account.key, store::day_of(month), store::day_of(next_month(month)) - 1);
        if (std::any_of(whole.begin(), whole.end(), by_others))
            raise_row(row_level::month, month);
    }
    if (std::none_of(keys.begin(), keys.end(), by_others))
        return;
    if (is_final(store::start_of(day + 1), now_))
        raise_row(row_level::day, store::start_of(day));
    std::vector<rules::call_facts> before;
    tx_.segments(account.key, day, day, [&](const store::segment_key& key, std::string_view bytes) {
        if (by_others(key))
            store::decode_facts(bytes, day, before);
    });
    const auto hours = hours_of(before, day);
    for (const auto* c : calls) {
        const std::int64_t hour = hour_start(c->view.start);
        if (hours[static_cast<std::size_t>((hour - store::start_of(day)) / hour_ms)] && is_final(hour + hour_ms, now_))
            raise_row(row_level::hour, hour);
    }
}

void segment_writer::add_day(store::account_row& account, day_number day, std::span<const stored_call* const> calls) {
    touch_day(account, day, calls);
    const auto keys = tx_.segment_keys(account.key, day, day);

    raise_late(account, day, keys, calls);
    if (!keys.empty() && keys.back().run == run_ && keys.back().calls + calls.size() <= small_part) {
        auto& before = kept_.emplace_back();
        tx_.segments(account.key, day, day, [&](const store::segment_key& key, std::string_view bytes) {
            if (key.part == keys.back().part)
                store::decode_segment(bytes, day, account.value.id.value(), before);
        });
        auto& all = joined_.emplace_back(calls.begin(), calls.end());
        for (const auto& c : before.calls)
            all.push_back(&c);
        sort_calls(all);
        plan_parts(account.key, day, keys.back().part, all);
        return;
    }
    plan_parts(account.key, day, keys.empty() ? 0 : keys.back().part + 1, calls);
}

void segment_writer::plan_parts(std::uint32_t account, day_number day, std::uint32_t part,
                                std::span<const stored_call* const> calls) {
    while (!calls.empty()) {
        const auto piece = calls.first(std::min(calls.size(), calls_a_part));
        planned_.push_back({account, {day, part++, run_, static_cast<std::uint32_t>(piece.size())}, piece});
        calls = calls.subspan(piece.size());
    }
}

// Making bytes of calls is much of a commit's work, and the database takes them one at a time: a helper makes them ahead
// of this thread, which writes them, and makes what the helper has not come to yet.
void segment_writer::write_planned() {
    constexpr std::size_t worth_a_thread = 4'096; // calls
    struct made_part {
        std::atomic<bool> claimed = false;
        std::atomic<bool> made = false;
        std::string bytes;
    };
    std::vector<made_part> parts(planned_.size());
    std::exception_ptr failure;
    std::atomic<bool> failed = false;
    const auto make = [&](std::size_t i, store::segment_encoder& encoder) {
        encoder.encode_segment(planned_[i].calls, planned_[i].key.day, parts[i].bytes);
    };
    std::size_t calls = 0;
    for (const auto& p : planned_)
        calls += p.calls.size();
    std::jthread helper;
    if (calls >= worth_a_thread)
        helper = std::jthread([&](const std::stop_token& stop) {
            try {
                store::segment_encoder encoder;
                for (std::size_t i = 0; i < parts.size() && !stop.stop_requested(); ++i) {
                    if (parts[i].claimed.exchange(true))
                        continue;
                    make(i, encoder);
                    parts[i].made = true;
                    parts[i].made.notify_one();
                }
            } catch (...) {
                failure = std::current_exception();
                failed = true;
                for (auto& p : parts) {
                    p.made = true;
                    p.made.notify_one();
                }
            }
        });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].claimed.exchange(true))
            parts[i].made.wait(false);
        else
            make(i, encoder_);
        if (failed)
            std::rethrow_exception(failure);
        tx_.put_segment(planned_[i].account, planned_[i].key, parts[i].bytes);
        std::string().swap(parts[i].bytes);
    }
}

void segment_writer::remove_day(store::account_row& account, day_number day,
                                std::span<const stored_call* const> calls) {
    std::unordered_multimap<std::uint64_t, const stored_call*> leaving;
    touch_day(account, day, calls);
    for (const auto* c : calls)
        leaving.emplace(store::hash_identity(c->source, c->view.call_id, c->view.branch), c);
    const auto leaves = [&](const stored_call& c) {
        const auto [first, last] = leaving.equal_range(store::hash_identity(c.source, c.view.call_id, c.view.branch));
        return std::any_of(first, last, [&](const auto& entry) { return same_identity(*entry.second, c); });
    };
    for (const auto& key : tx_.segment_keys(account.key, day, day)) {
        store::call_block block;
        tx_.segments(account.key, day, day, [&](const store::segment_key& k, std::string_view bytes) {
            if (k.part == key.part)
                store::decode_segment(bytes, day, account.value.id.value(), block);
        });
        std::vector<const stored_call*> rest;
        for (const auto& c : block.calls)
            if (!leaves(c))
                rest.push_back(&c);
        if (rest.size() == block.calls.size())
            continue;
        if (rest.empty()) {
            tx_.erase_segment(account.key, day, key.part);
            continue;
        }
        bytes_.clear();
        encoder_.encode_segment(rest, day, bytes_);
        auto smaller = key;
        smaller.calls = static_cast<std::uint32_t>(rest.size());
        tx_.put_segment(account.key, smaller, bytes_);
    }
}

void segment_writer::finish() {
    write_planned();
    for (const auto& [account, day] : stale_)
        tx_.mark_stale(account, day);
    for (const auto& [account, row] : raised_)
        tx_.raise_revision(account, row.first, row.second);
}

} // namespace lineside
