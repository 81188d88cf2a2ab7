#include "portal/engine/calls/segment_writer.hpp"

#include "portal/engine/calls/identity_table.hpp"
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

} // namespace

std::int64_t hour_end(std::int64_t instant_ms) noexcept { return hour_start(instant_ms) + hour_ms; }

namespace {

std::uint64_t month_key(std::uint32_t account, day_number month) {
    return static_cast<std::uint64_t>(account) << 32U | static_cast<std::uint32_t>(month);
}

} // namespace

bool sole_writers::is(std::uint32_t account, day_number month, std::int64_t run) const {
    const auto found = runs_.find(month_key(account, month));
    return found != runs_.end() && found->second == run;
}

void sole_writers::learn(std::uint32_t account, day_number month, std::int64_t run) {
    constexpr std::size_t most = std::size_t{1} << 16U;
    if (runs_.size() >= most)
        runs_.clear();
    runs_[month_key(account, month)] = run;
}

void sole_writers::wrote(std::uint32_t account, day_number month, std::int64_t run) {
    if (const auto found = runs_.find(month_key(account, month)); found != runs_.end() && found->second != run)
        runs_.erase(found);
}

void segment_writer::touch_days(store::account_row& account, day_number day, day_number last) {
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
    each_day(calls, [&](day_number day, auto part) {
        touch_days(account, day, last_day_of(day, part));
        add_day(account, day, part, nullptr, 0);
    });
}

void segment_writer::add(store::account_row& account, prepared_batch& batch, const prepared_batch::day_group& group) {
    touch_days(account, group.day, group.last_day);
    add_day(account, group.day, group.calls, &batch, group.first_part);
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
    const day_number first = store::day_of(month);
    if (is_final(next_month(month), now_) && !writers_.is(account.key, first, run_)) {
        const auto whole = tx_.segment_keys(account.key, first, store::day_of(next_month(month)) - 1);
        if (std::any_of(whole.begin(), whole.end(), by_others))
            raise_row(row_level::month, month);
        else
            writers_.learn(account.key, first, run_);
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

void segment_writer::add_day(store::account_row& account, day_number day, std::span<const stored_call* const> calls,
                             prepared_batch* batch, std::size_t first_part) {
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
        plan_parts(account.key, day, keys.back().part, all, nullptr, 0);
        return;
    }
    plan_parts(account.key, day, keys.empty() ? 0 : keys.back().part + 1, calls, batch, first_part);
}

void segment_writer::plan_parts(std::uint32_t account, day_number day, std::uint32_t part,
                                std::span<const stored_call* const> calls, prepared_batch* batch,
                                std::size_t first_part) {
    writers_.wrote(account, store::day_of(month_start(store::start_of(day))), run_);
    while (!calls.empty()) {
        const auto piece = calls.first(std::min(calls.size(), calls_a_part));
        planned_.push_back({account,
                            {day, part++, run_, static_cast<std::uint32_t>(piece.size())},
                            piece,
                            batch != nullptr ? &batch->part_at(first_part++) : nullptr});
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
        calls += p.prepared == nullptr ? p.calls.size() : 0;
    std::jthread helper;
    if (calls >= worth_a_thread)
        helper = std::jthread([&](const std::stop_token& stop) {
            try {
                store::segment_encoder encoder;
                for (std::size_t i = 0; i < parts.size() && !stop.stop_requested(); ++i) {
                    if (planned_[i].prepared != nullptr || parts[i].claimed.exchange(true))
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
        if (planned_[i].prepared != nullptr)
            parts[i].bytes = planned_[i].prepared->take(encoder_);
        else if (parts[i].claimed.exchange(true))
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
    touch_days(account, day, last_day_of(day, calls));
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
