#include <lineside/error.hpp>

#include "rules/live_calls.hpp"

#include <algorithm>

// Everything but events: snapshots, admission, time, history and checkpoints.
namespace lineside::rules {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t day_ms = 86'400'000;

constexpr std::int64_t floor_to(std::int64_t t, std::int64_t width) {
    return t >= 0 ? t / width * width : -((-t + width - 1) / width) * width;
}

} // namespace

// ---- snapshots ------------------------------------------------------------------------------------------------------

live_snapshot_report live_calls::apply_snapshot(std::uint32_t source, std::uint32_t account, std::int64_t at,
                                                std::span<const listed_call> calls, std::int64_t now) {
    advance(now);
    live_snapshot_report report;
    if (source >= snapshots_.size())
        snapshots_.resize(source + 1, absent);
    if (at < std::min(snapshots_[source], now)) // one from a time to come is older than a clock that was set back
        return report;

    std::size_t more = 0;
    for (const auto& c : calls) {
        const std::uint32_t i = table_.find(table_.hash(c.call.key()), c.call.key());
        more += i == live_table::none || table_[i].stage == live_stage::refused ? 1U : 0U;
    }
    check_room(more);
    // One that was dated ahead must not make all others old.
    if (account == 0)
        snapshots_[source] = std::min(at, now);

    for (const auto& c : calls) {
        const std::uint64_t hash = table_.hash(c.call.key());
        std::uint32_t i = table_.find(hash, c.call.key());
        if (i == live_table::none)
            i = create(c.call, hash, live_stage::heard_of, now);
        switch (table_[i].stage) {
        case live_stage::heard_of:
        case live_stage::refused:
            begin(i, c.call, now);
            table_[i].start = {}; // whatever an event says is newer
            ++of(table_[i].account).counts.drift_added;
            ++report.added;
            break;
        case live_stage::live: ++report.confirmed; break;
        case live_stage::ghost:
            if (at > table_[i].over && revive(i, now)) {
                ++of(table_[i].account).counts.drift_added;
                ++report.added;
            }
            break;
        case live_stage::ended: continue; // its end overtook the list
        }
        confirm(i, c, at);
    }

    const auto missing = [&](std::uint32_t i) {
        const auto& r = table_[i];
        if (r.stage != live_stage::live || r.source != source || (account != 0 && r.account != account) ||
            r.evidence > at - options_.snapshot_grace)
            return;
        make_ghost(i, at, now);
        ++of(r.account).counts.drift_vanished;
        ++report.vanished;
    };
    if (account == 0)
        table_.each(missing);
    else
        for (const std::uint32_t i : of(account).calls)
            missing(i);
    return report;
}

void live_calls::confirm(std::uint32_t i, const listed_call& listed, std::int64_t at) {
    auto& r = table_[i];
    r.evidence = std::max(r.evidence, at);
    if (r.stage != live_stage::live)
        return;
    take_details(r, listed.call, false);
    if (listed.call.order.at < r.started)
        move_start(r, listed.call.order.at);
    if (listed.answered != absent)
        take_answer(r, listed.answered);
    if (listed.digits > r.digit_count())
        r.digits += listed.digits - r.digit_count();
    note_if(true, r);
}

// ---- admission ------------------------------------------------------------------------------------------------------

bool live_calls::begins_anew(const live_record& r, std::optional<std::int64_t> stated) const noexcept {
    switch (r.stage) {
    case live_stage::heard_of: return true;
    case live_stage::live:
    case live_stage::ghost: return false;
    case live_stage::ended:
    case live_stage::refused: break;
    }
    return stated && *stated > r.over;
}

admitting live_calls::would_admit(const live_event& call, std::optional<std::uint32_t> limit,
                                  std::optional<std::int64_t> stated) const {
    const std::uint32_t i = table_.find(table_.hash(call.key()), call.key());
    if (i != live_table::none && !begins_anew(table_[i], stated)) {
        const auto& r = table_[i];
        const bool foreign = r.account != 0 && r.account != call.account;
        return {!foreign && r.stage != live_stage::refused, true, foreign};
    }
    return {!limit || counts(call.account).in_use() < *limit, false, false};
}

admitting live_calls::admit(const live_event& call, std::optional<std::uint32_t> limit,
                            std::optional<std::int64_t> stated, std::int64_t now) {
    advance(now);
    const auto answer = would_admit(call, limit, stated);
    if (answer.known)
        return answer;
    live_event start = call;
    // The source's events come after this one even where its clock lags behind ours.
    start.order = {event_order::unnumbered, stated.value_or(now)};
    const std::uint64_t hash = table_.hash(call.key());
    std::uint32_t i = table_.find(hash, call.key());
    if (answer.admitted) {
        if (i == live_table::none)
            i = create(call, hash, live_stage::heard_of, now);
        begin(i, start, now);
        if (!stated)
            table_[i].start = {};
        return answer;
    }
    if (i == live_table::none)
        i = create(call, hash, live_stage::refused, now);
    else if (table_[i].stage == live_stage::heard_of)
        return answer; // the switch speaks of it already
    auto& r = table_[i];
    r.account = call.account;
    r.over = start.order.at;
    set_stage(r, live_stage::refused);
    remember(ended_, i, now);
    return answer;
}

// ---- time -----------------------------------------------------------------------------------------------------------

void live_calls::advance(std::int64_t now) {
    if (open_ == absent)
        open_ = floor_to(now - options_.lateness, minute_ms);
    // Nothing is due later than the longest call from now, unless the clock was set back.
    if (now >= next_age_ || (next_age_ != never && next_age_ - options_.longest_call > now + 2 * minute_ms))
        age(now);
    forget(ended_, options_.remember_ended, now);
    forget(heard_of_, options_.remember_ended, now);
    forget(ghosts_, options_.remember_ghost, now);
    close(now);
}

std::int64_t live_calls::due_of(const live_record& r) const noexcept {
    return std::min(r.started, r.heard) + options_.longest_call;
}

// Looking through all calls is done at most once a minute.
void live_calls::watch(const live_record& r) noexcept {
    next_age_ = std::min(next_age_, floor_to(due_of(r) + minute_ms - 1, minute_ms));
}

void live_calls::age(std::int64_t now) {
    next_age_ = never;
    table_.each([&](std::uint32_t i) {
        auto& r = table_[i];
        if (r.stage != live_stage::live)
            return;
        r.heard = std::min(r.heard, now);
        if (due_of(r) > now) {
            watch(r);
            return;
        }
        make_ghost(i, due_of(r), now);
        ++of(r.account).counts.aged_out;
    });
}

void live_calls::memory::push(const remembered& m) {
    if (first_ > items_.size() / 2) {
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    items_.push_back(m);
}

void live_calls::memory::set_back(std::int64_t now) {
    for (std::size_t i = first_; i < items_.size(); ++i)
        items_[i].since = std::min(items_[i].since, now);
}

void live_calls::remember(memory& where, std::uint32_t i, std::int64_t now) {
    auto& r = table_[i];
    r.generation += 2; // what remembered it before is void
    where.push({now, i, r.generation});
}

void live_calls::forget(memory& from, std::int64_t life, std::int64_t now) {
    if (!from.empty() && from.front().since - life > now)
        from.set_back(now);
    while (!from.empty() && (from.front().since + life <= now || from.size() > options_.most_calls)) {
        const auto m = from.front();
        from.pop();
        if (const auto* soon = from.ahead(8))
            table_.prefetch(soon->index);
        if (const auto* sooner = from.ahead(4))
            table_.prefetch_slot(table_[sooner->index].hash);
        const auto& r = table_[m.index];
        if (r.generation != m.generation)
            continue;
        if (r.stage == live_stage::ghost)
            leave_ghosts(m.index);
        in_progress_ -= r.stage == live_stage::heard_of ? 1 : 0;
        table_.erase(m.index);
    }
}

void live_calls::close(std::int64_t now) {
    const std::int64_t to = floor_to(now - options_.lateness, minute_ms);
    // A clock that was wrong for a while must not stop the history until it is right again.
    constexpr std::int64_t back = 3'600'000;
    if (to < open_ - back)
        open_ = to;
    if (hold_until_ > now + options_.lateness + back)
        hold_until_ = absent;
    if (to <= open_ || now < hold_until_)
        return;
    // Nor must one that jumps ahead by years make all their minutes.
    if (constexpr std::int64_t ahead = 7 * day_ms; to > open_ + ahead) {
        open_ = to - ahead;
        for (auto& account : accounts_)
            account.history.skip(open_);
    }
    for (std::uint32_t a = 0; a < accounts_.size(); ++a) {
        auto& account = accounts_[a];
        account.history.close(open_, to, buffer_, [&](live_minute m) {
            m.account = a;
            if (const auto day = floor_to(m.start, day_ms); day != account.peak_day) {
                account.peak_day = day;
                account.peak = 0;
            }
            account.peak = std::max(account.peak, m.peak);
            closed_minutes_.push_back(m);
        });
    }
    open_ = to;
}

// ---- what can be seen -----------------------------------------------------------------------------------------------

channel_counts live_calls::counts(std::uint32_t account) const noexcept {
    return account < accounts_.size() ? accounts_[account].counts : channel_counts();
}

std::span<const live_burn> live_calls::burns(std::uint32_t account) const noexcept {
    if (account >= accounts_.size())
        return {};
    return accounts_[account].burns;
}

std::uint32_t live_calls::peak_since(std::uint32_t account, std::int64_t midnight) {
    if (account >= accounts_.size())
        return 0;
    const auto& a = accounts_[account];
    std::uint32_t peak = std::max(a.counts.in_use(), a.peak_day == midnight ? a.peak : 0);
    const std::int64_t latest = std::min(a.history.latest(open_), open_ + 2 * day_ms);
    const std::int64_t to = floor_to(latest, minute_ms) + minute_ms;
    a.history.look(open_, to, buffer_, [&](const live_minute& m) {
        if (m.start >= midnight)
            peak = std::max(peak, m.peak);
    });
    return peak;
}

std::vector<live_minute> live_calls::take_minutes() { return std::exchange(closed_minutes_, {}); }

std::vector<live_minute> live_calls::open_minutes(std::uint32_t account, std::int64_t now) {
    std::vector<live_minute> minutes;
    if (account < accounts_.size() && open_ != absent)
        accounts_[account].history.look(open_, now, buffer_, [&](live_minute m) {
            m.account = account;
            minutes.push_back(m);
        });
    return minutes;
}

// ---- checkpoints ----------------------------------------------------------------------------------------------------

live_calls::kept_state live_calls::keep() const {
    kept_state state{open_, hold_until_, snapshots_, {}};
    for (std::uint32_t a = 0; a < accounts_.size(); ++a) {
        const auto& from = accounts_[a];
        if (from.history.base() != 0 || !from.history.changes().empty() || from.peak != 0)
            state.accounts.push_back({a,
                                      from.history.base(),
                                      from.peak_day,
                                      from.peak,
                                      {from.history.changes().begin(), from.history.changes().end()}});
    }
    return state;
}

kept_call live_calls::kept(const live_record& r, std::int64_t since) {
    kept_call c;
    c.call.direction = r.direction;
    c.call.source = r.source;
    c.call.account = r.account;
    c.call.currency = r.currency;
    c.call.call_id = r.call_id();
    c.call.branch = r.branch();
    c.call.cli = r.cli();
    c.call.destination = r.destination();
    c.call.order = r.start;
    c.call.rate = r.rate;
    c.stage = r.stage;
    c.started = r.started;
    c.answered = r.answered;
    c.over = r.over;
    c.heard = r.heard;
    c.evidence = r.evidence;
    c.since = since;
    c.end = r.end;
    c.digits = r.digits;
    c.digit_events = r.digit_events;
    return c;
}

void live_calls::restore(kept_state state) {
    open_ = state.open;
    hold_until_ = state.hold_until;
    snapshots_ = std::move(state.snapshots);
    for (auto& kept : state.accounts) {
        auto& account = of(kept.account);
        account.history.restore(kept.base, std::move(kept.changes));
        account.peak_day = kept.peak_day;
        account.peak = kept.peak;
    }
}

void live_calls::restore(const kept_call& from) {
    const auto& e = from.call;
    const std::uint64_t hash = table_.hash(e.key());
    if (table_.find(hash, e.key()) != live_table::none)
        throw error(errc::storage, "the database has a live call twice");
    const std::uint32_t i = table_.insert(hash, e.key(), e.cli, e.destination);
    auto& r = table_[i];
    r.stage = from.stage;
    r.direction = e.direction;
    r.account = e.account;
    r.currency = e.currency;
    r.rate = e.rate;
    r.start = e.order;
    r.end = from.end;
    r.started = from.started;
    r.answered = from.answered;
    r.over = from.over;
    r.heard = from.heard;
    r.evidence = from.evidence;
    r.digits = from.digits;
    r.digit_events = from.digit_events;
    const std::int64_t since = from.since;
    switch (r.stage) {
    case live_stage::heard_of:
        ++in_progress_;
        remember(heard_of_, i, since);
        break;
    case live_stage::live:
        ++in_progress_;
        list(i);
        count(r, 1);
        watch(r);
        break;
    case live_stage::ghost:
        list(i);
        ++of(r.account).counts.ghosts;
        remember(ghosts_, i, since);
        break;
    case live_stage::ended:
    case live_stage::refused: remember(ended_, i, since); break;
    }
}

} // namespace lineside::rules
