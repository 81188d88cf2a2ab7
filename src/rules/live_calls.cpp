#include "rules/live_calls.hpp"

#include <lineside/error.hpp>

#include <algorithm>
#include <array>
#include <string>

// What an event does to the call it is about.
namespace lineside::rules {

namespace {

// Digits told apart one by one; of a call with more of them only those newer than all before count.
constexpr std::size_t most_digit_events = 128;

std::uint64_t digit_key(const event_order& order) {
    return order.sequence != event_order::unnumbered ? order.sequence * 2 + 1
                                                     : static_cast<std::uint64_t>(order.at) * 2;
}

} // namespace

std::string currency_text(std::uint32_t code) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        if (const auto c = static_cast<char>(code >> static_cast<unsigned>(shift) & 0xffU); c != 0)
            text += c;
    return text;
}

live_calls::live_calls(const live_options& o) : options_(o), table_(o.seed) {}

bool live_calls::apply(const live_event& e, std::int64_t now) {
    advance(now);
    const std::uint64_t hash = table_.hash(e.key());
    return apply(e, table_.find(hash, e.key()), hash, now);
}

std::size_t live_calls::apply(std::span<const live_event> events, std::int64_t now) {
    advance(now);
    // Memory is waited for by several events at a time: where a call is, the call, its account, what that points at.
    constexpr std::size_t group = 32;
    std::array<std::uint64_t, group> hashes{};
    std::array<std::uint32_t, group> found{};
    std::size_t changed = 0;
    while (!events.empty()) {
        const auto some = events.first(std::min(group, events.size()));
        for (std::size_t i = 0; i < some.size(); ++i)
            table_.prefetch_slot(hashes[i] = table_.hash(some[i].key()));
        for (std::size_t i = 0; i < some.size(); ++i)
            table_.prefetch_record(hashes[i]);
        for (std::size_t i = 0; i < some.size(); ++i) {
            found[i] = table_.find(hashes[i], some[i].key());
            const auto account = found[i] == live_table::none ? some[i].account : table_[found[i]].account;
            if (account < accounts_.size())
                accounts_[account].prefetch();
        }
        for (std::size_t i = 0; i < some.size(); ++i) {
            // Nothing is forgotten in between, but what was not there may be now.
            const std::uint32_t at = found[i] != live_table::none ? found[i] : table_.find(hashes[i], some[i].key());
            changed += apply(some[i], at, hashes[i], now) ? 1U : 0U;
        }
        events = events.subspan(some.size());
    }
    return changed;
}

bool live_calls::apply(const live_event& e, std::uint32_t i, std::uint64_t hash, std::int64_t now) {
    switch (e.kind) {
    case call_event_kind::started: return on_started(i, e, hash, now);
    case call_event_kind::answered:
    case call_event_kind::digit: return on_progress(i, e, hash, now);
    case call_event_kind::ended: return on_ended(i, e, hash, now);
    }
    return false;
}

bool live_calls::on_started(std::uint32_t i, const live_event& e, std::uint64_t hash, std::int64_t now) {
    if (i == live_table::none) {
        if (e.account == 0)
            return false;
        begin(create(e, hash, live_stage::heard_of, now), e, now);
        return true;
    }
    auto& r = table_[i];
    const bool of_what_ended = r.has_end() && !e.order.after(r.end);
    switch (r.stage) {
    case live_stage::heard_of:
    case live_stage::refused:
        if (e.account == 0)
            return false;
        break;
    case live_stage::live: return !of_what_ended && merge_start(i, e);
    case live_stage::ghost:
        if (of_what_ended)
            return false;
        if (!e.order.after(r.start) || e.order.at <= r.over)
            return merge_start(i, e);
        break;
    case live_stage::ended:
        if (of_what_ended && r.started != absent)
            return merge_start(i, e);
        if (of_what_ended) { // its start at last: it was live for a while
            if (e.account == 0)
                return false;
            r.account = e.account;
            r.start = e.order;
            r.started = e.order.at;
            r.over = std::max(r.end.at, r.started);
            take_details(r, e, true);
            auto& history = of(r.account).history;
            history.start(r.started, open_);
            history.end(r.over, open_);
            return note_if(true, r);
        }
        if (e.account == 0 && r.account == 0)
            return false;
        break;
    }
    begin(i, e, now);
    return true;
}

bool live_calls::on_progress(std::uint32_t i, const live_event& e, std::uint64_t hash, std::int64_t now) {
    if (i == live_table::none) {
        i = create(e, hash, live_stage::heard_of, now);
        remember(heard_of_, i, now);
    }
    auto& r = table_[i];
    switch (r.stage) {
    case live_stage::heard_of: {
        const bool changed = take_progress(r, e);
        if (e.account == 0)
            return changed;
        // Its account is known, so it counts; when it started is still to be told.
        begin(i, e, now);
        r.start = {};
        return true;
    }
    case live_stage::live: return (!r.has_end() || e.order.after(r.end)) && take_progress(r, e);
    case live_stage::ghost: {
        if (r.has_end() && !e.order.after(r.end))
            return false;
        const bool changed = take_progress(r, e);
        return (e.order.at > r.over && revive(i, now)) || changed;
    }
    case live_stage::ended:
    case live_stage::refused: break;
    }
    return false;
}

bool live_calls::on_ended(std::uint32_t i, const live_event& e, std::uint64_t hash, std::int64_t now) {
    if (i == live_table::none) { // its start will come, and must not begin anything
        i = create(e, hash, live_stage::ended, now);
        table_[i].end = e.order;
        table_[i].over = e.order.at;
        remember(ended_, i, now);
        return true;
    }
    auto& r = table_[i];
    const bool older = (r.has_end() && !e.order.after(r.end)) || r.start.after(e.order);
    if (older || r.stage == live_stage::refused)
        return false;
    if (r.stage != live_stage::ended) {
        finish(i, e.order, now);
        return true;
    }
    r.end = e.order;
    const std::int64_t over = r.started == absent ? e.order.at : std::max(e.order.at, r.started);
    if (r.started != absent && over != r.over) {
        auto& history = of(r.account).history;
        history.undo_end(r.over, open_);
        history.end(over, open_);
    }
    r.over = over;
    return note_if(true, r);
}

// ---- from stage to stage --------------------------------------------------------------------------------------------

std::uint32_t live_calls::create(const live_event& e, std::uint64_t hash, live_stage stage, std::int64_t now) {
    const bool in_progress = stage == live_stage::heard_of;
    check_room(in_progress ? 1 : 0);
    const std::uint32_t i = table_.insert(hash, e.key(), e.cli, e.destination);
    auto& r = table_[i];
    r.stage = stage;
    r.heard = now;
    in_progress_ += in_progress ? 1 : 0;
    return i;
}

void live_calls::begin(std::uint32_t i, const live_event& e, std::int64_t now) {
    auto& r = table_[i];
    if (r.stage != live_stage::heard_of) { // again
        check_room(1);
        if (r.stage == live_stage::ghost)
            leave_ghosts(i);
        r.answered = absent;
        r.digits = 0;
        r.digit_events.clear();
    }
    if (e.account != 0)
        r.account = e.account;
    take_details(r, e, true);
    r.generation += 2; // what remembers it as something else is void
    r.heard = now;
    r.started = e.order.at;
    r.start = e.order;
    r.evidence = std::max(r.evidence, e.order.at);
    r.over = absent;
    set_stage(r, live_stage::live);
    list(i);
    count(r, 1);
    of(r.account).history.start(r.started, open_);
    watch(r);
}

void live_calls::finish(std::uint32_t i, const event_order& end, std::int64_t now) {
    auto& r = table_[i];
    const std::int64_t over = r.started == absent ? end.at : std::max(end.at, r.started);
    if (r.stage == live_stage::live) {
        count(r, -1);
        unlist(i);
        of(r.account).history.end(over, open_);
    } else if (r.stage == live_stage::ghost) { // it had been over all the time, or it went on
        leave_ghosts(i);
        auto& history = of(r.account).history;
        history.undo_end(r.over, open_);
        history.end(over, open_);
    }
    r.end = end;
    r.over = over;
    set_stage(r, live_stage::ended);
    remember(ended_, i, now);
}

void live_calls::make_ghost(std::uint32_t i, std::int64_t over, std::int64_t now) {
    auto& r = table_[i];
    r.over = std::max(over, r.started);
    count(r, -1);
    auto& account = of(r.account);
    account.history.end(r.over, open_);
    ++account.counts.ghosts;
    set_stage(r, live_stage::ghost);
    remember(ghosts_, i, now);
}

bool live_calls::revive(std::uint32_t i, std::int64_t now) {
    auto& r = table_[i];
    if (due_of(r) <= now || in_progress_ >= options_.most_calls)
        return false;
    auto& account = of(r.account);
    account.history.undo_end(r.over, open_);
    --account.counts.ghosts;
    r.over = absent;
    r.generation += 2; // what remembers it as a ghost is void
    set_stage(r, live_stage::live);
    count(r, 1);
    watch(r);
    return true;
}

void live_calls::leave_ghosts(std::uint32_t i) {
    --of(table_[i].account).counts.ghosts;
    unlist(i);
}

void live_calls::set_stage(live_record& r, live_stage to) noexcept {
    const auto in_progress = [](live_stage s) { return s == live_stage::heard_of || s == live_stage::live ? 1U : 0U; };
    in_progress_ = in_progress_ - in_progress(r.stage) + in_progress(to);
    r.stage = to;
}

void live_calls::check_room(std::size_t more) const {
    if (more != 0 && in_progress_ + more > options_.most_calls)
        throw error(errc::exhausted, "there are " + std::to_string(in_progress_) + " live calls; more than " +
                                         std::to_string(options_.most_calls) + " are not kept");
}

bool live_calls::has_room_for(std::span<const live_event> events) const noexcept {
    if (in_progress_ + events.size() <= options_.most_calls)
        return true;
    std::size_t more = 0;
    for (const auto& e : events) {
        if (e.kind == call_event_kind::ended)
            continue;
        const std::uint32_t i = table_.find(table_.hash(e.key()), e.key());
        const auto stage = i == live_table::none ? live_stage::refused : table_[i].stage;
        more += stage != live_stage::live && stage != live_stage::heard_of ? 1U : 0U;
    }
    return more == 0 || in_progress_ + more <= options_.most_calls;
}

// ---- what is known of a call ----------------------------------------------------------------------------------------

bool live_calls::merge_start(std::uint32_t i, const live_event& e) {
    auto& r = table_[i];
    const bool newer = e.order.after(r.start);
    bool changed = newer;
    if (newer && e.account != 0 && e.account != r.account && r.stage == live_stage::live)
        move_account(i, e.account);
    if (e.order.at < r.started) {
        move_start(r, e.order.at);
        changed = true;
    }
    changed = take_details(r, e, newer) || changed;
    if (newer)
        r.start = e.order;
    r.evidence = std::max(r.evidence, e.order.at);
    return note_if(changed, r);
}

void live_calls::move_start(live_record& r, std::int64_t to) {
    auto& history = of(r.account).history;
    history.undo_start(r.started, open_);
    history.start(to, open_);
    r.started = to;
    if (r.stage == live_stage::ended && r.over != std::max(r.end.at, to)) {
        history.undo_end(r.over, open_);
        r.over = std::max(r.end.at, to);
        history.end(r.over, open_);
    }
    if (r.stage == live_stage::live)
        watch(r);
}

void live_calls::move_account(std::uint32_t i, std::uint32_t to) {
    auto& r = table_[i];
    count(r, -1);
    unlist(i);
    of(r.account).history.undo_start(r.started, open_);
    r.account = to;
    of(to).history.start(r.started, open_);
    list(i);
    count(r, 1);
}

bool live_calls::take_details(live_record& r, const live_event& e, bool newer) {
    // What is not said stays.
    const auto takes = [newer](const auto& mine, const auto& theirs, const auto& nothing) {
        return theirs != nothing && mine != theirs && (newer || mine == nothing);
    };
    bool changed = false;
    const std::string_view nothing;
    const bool cli = takes(r.cli(), e.cli, nothing);
    if (const bool destination = takes(r.destination(), e.destination, nothing); cli || destination) {
        const std::string id(r.call_id());
        const std::string branch(r.branch());
        const std::string old_cli(r.cli());
        const std::string old_destination(r.destination());
        r.set_text(id, branch, cli ? e.cli : old_cli, destination ? e.destination : old_destination);
        changed = true;
    }
    if (takes(r.direction, e.direction, call_direction::unknown)) {
        r.direction = e.direction;
        changed = true;
    }
    if (e.rate != absent && (newer || r.rate == absent) && (r.rate != e.rate || r.currency != e.currency)) {
        const bool counted = r.stage == live_stage::live;
        if (counted)
            count(r, -1);
        r.rate = e.rate;
        r.currency = e.currency;
        if (counted)
            count(r, 1);
        changed = true;
    }
    return changed;
}

bool live_calls::take_progress(live_record& r, const live_event& e) {
    r.evidence = std::max(r.evidence, e.order.at);
    return note_if(e.kind == call_event_kind::answered ? take_answer(r, e.order.at) : take_digit(r, e.order), r);
}

bool live_calls::take_answer(live_record& r, std::int64_t at) {
    if (r.answered != absent && r.answered <= at)
        return false;
    const bool counted = r.stage == live_stage::live;
    if (counted)
        count(r, -1);
    r.answered = at;
    if (counted)
        count(r, 1);
    return true;
}

bool live_calls::take_digit(live_record& r, const event_order& order) {
    const std::uint64_t key = digit_key(order);
    auto& known = r.digit_events;
    if (known.size() == most_digit_events) {
        const auto newest = std::max_element(known.begin(), known.end());
        if (key <= *newest)
            return false;
        *newest = key;
        ++r.digits;
        return true;
    }
    if (std::find(known.begin(), known.end(), key) != known.end())
        return false;
    known.push_back(key);
    return true;
}

// ---- counts ---------------------------------------------------------------------------------------------------------

live_calls::account_state& live_calls::of(std::uint32_t account) {
    if (account >= accounts_.size())
        accounts_.resize(account + 1);
    return accounts_[account];
}

bool live_calls::note_if(bool changed, const live_record& r) {
    if (changed && r.account != 0)
        ++of(r.account).version;
    return changed;
}

void live_calls::count(const live_record& r, int sign) {
    auto& account = of(r.account);
    ++account.version;
    auto& counter = r.answered == absent ? account.counts.ringing : account.counts.answered;
    counter += static_cast<std::uint32_t>(sign);
    if (r.answered == absent || r.rate == absent)
        return;
    auto burn = std::find_if(account.burns.begin(), account.burns.end(),
                             [&](const live_burn& b) { return b.currency == r.currency; });
    if (burn == account.burns.end())
        burn = account.burns.insert(burn, {r.currency});
    burn->per_minute += static_cast<nanos128>(r.rate) * sign;
    burn->rate_by_answer += static_cast<nanos128>(r.rate) * sign * r.answered;
}

void live_calls::list(std::uint32_t i) {
    auto& calls = of(table_[i].account).calls;
    if (i >= positions_.size())
        positions_.resize(i + 1);
    positions_[i] = static_cast<std::uint32_t>(calls.size());
    calls.push_back(i);
}

void live_calls::unlist(std::uint32_t i) {
    auto& account = of(table_[i].account);
    ++account.version;
    auto& calls = account.calls;
    const std::uint32_t last = calls.back();
    calls[positions_[i]] = last;
    positions_[last] = positions_[i];
    calls.pop_back();
}

} // namespace lineside::rules
