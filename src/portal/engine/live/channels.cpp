#include "portal/engine/live/channels.hpp"

#include <lineside/error.hpp>

#include "portal/engine/records.hpp"
#include "rules/metrics.hpp"
#include "store/codec.hpp"
#include "store/identity.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

namespace lineside {

namespace {

using rules::live_minute;

constexpr std::uint32_t operators = 0;
constexpr std::string_view stream = "live";
constexpr std::string_view day_kind = "live_day";
constexpr std::int64_t day_ms = 86'400'000;
// Entries are replaced by a checkpoint when they have become larger than this and than the last one.
constexpr std::size_t least_log_bytes = 4U << 20U;
constexpr std::int64_t flush_every_ms = 15 * 60'000;
constexpr std::size_t most_waiting_minutes = 65'536;

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }
std::int64_t day_start_of(std::int64_t t) {
    return ms(instant(std::chrono::floor<std::chrono::days>(instant(duration(t)))));
}

// Documents of days in the order of their ids.
std::string day_id(std::int64_t day_start) { return to_string(instant(duration(day_start))).substr(0, 10); }

rules::live_options rules_of(const engine_channels& o) {
    rules::live_options r;
    r.most_calls = std::numeric_limits<std::size_t>::max(); // until all that is kept is loaded
    r.longest_call = o.longest_call.count();
    r.lateness = o.lateness.count();
    r.snapshot_grace = o.snapshot_grace.count();
    const auto seed = random_bytes(sizeof r.seed);
    std::memcpy(&r.seed, seed.data(), sizeof r.seed);
    return r;
}

std::uint32_t greatest_account(const live_entry& e) {
    std::uint32_t greatest = e.account;
    const auto see = [&](std::uint32_t account) { greatest = std::max(greatest, account); };
    for (const auto& event : e.events)
        see(event.account);
    for (const auto& c : e.calls)
        see(c.call.account);
    for (const auto& c : e.kept_calls)
        see(c.call.account);
    for (const auto& a : e.state.accounts)
        see(a.account);
    return greatest;
}

} // namespace

channels::channels(store::store& db, const engine_channels& options, durability kept, instant now)
    : db_(db),
      options_(options),
      kept_(kept),
      calls_(rules_of(options)) {
    if (options.most_live_calls == 0)
        throw error(errc::invalid_argument, "an engine keeps at least one live call", "channels.most_live_calls");
    const auto check = [](duration d, const char* field) {
        if (d < duration(0) || d > std::chrono::days(366))
            throw error(errc::invalid_argument, "a length of time of at most a year is expected", field);
    };
    check(options.longest_call, "channels.longest_call");
    check(options.lateness, "channels.lateness");
    check(options.snapshot_grace, "channels.snapshot_grace");
    load();
    calls_.set_most_calls(options.most_live_calls);
    // What was held up while no engine ran may still change the minutes in which it happened.
    hold_until_ = ms(now) + options.lateness.count();
    calls_.hold_history(hold_until_);
    flushed_at_ = ms(now);
}

// ---- what is kept ---------------------------------------------------------------------------------------------------

void channels::load() {
    const auto stored = db_.read();
    std::uint32_t known = 0;
    stored->scan_entries(operators, stream, 1, std::numeric_limits<std::int64_t>::max(), store::scan_order::ascending,
                         [&](std::uint64_t, std::string_view bytes) {
                             auto e = decode_live_entry(bytes);
                             const bool checkpoint =
                                 e.what == live_entry::kind::checkpoint || e.what == live_entry::kind::checkpoint_calls;
                             (checkpoint ? checkpoint_bytes_ : log_bytes_) += bytes.size();
                             // Keys are dense: where the greatest is one, all are.
                             if (const auto key = greatest_account(e); key > known) {
                                 (void)stored->account_by_key(key);
                                 known = key;
                             }
                             play(std::move(e));
                             return true;
                         });
}

void channels::play(live_entry e) {
    std::vector<std::uint32_t> numbers;
    for (const auto name : e.sources)
        numbers.push_back(source_number(name));
    if (e.hold_until != absent)
        calls_.hold_history(e.hold_until);
    switch (e.what) {
    case live_entry::kind::events:
        for (auto& event : e.events)
            event.source = numbers[event.source];
        calls_.apply(e.events, e.now);
        break;
    case live_entry::kind::admission: {
        auto& call = e.events.front();
        call.source = numbers[call.source];
        // What was decided stands.
        const auto limit = e.admitted ? std::nullopt : std::optional<std::uint32_t>(0);
        calls_.admit(call, limit, e.stated == absent ? std::nullopt : std::optional(e.stated), e.now);
        break;
    }
    case live_entry::kind::snapshot:
        for (auto& c : e.calls)
            c.call.source = numbers.front();
        calls_.apply_snapshot(numbers.front(), e.account, e.at, e.calls, e.now);
        break;
    case live_entry::kind::checkpoint: calls_.restore(std::move(e.state)); break;
    case live_entry::kind::checkpoint_calls:
        for (const auto& c : e.kept_calls)
            calls_.restore(c);
        break;
    }
    // They may be in documents already: then they are the same.
    for (auto& m : calls_.take_minutes()) {
        waiting_[m.account].push_back(m);
        ++waiting_count_;
    }
}

std::uint32_t channels::source_number(std::string_view name) {
    if (const auto known = source_numbers_.find(name); known != source_numbers_.end())
        return known->second;
    const auto number = static_cast<std::uint32_t>(sources_.size());
    sources_.emplace_back(name);
    source_numbers_.emplace(name, number);
    return number;
}

// ---- changes --------------------------------------------------------------------------------------------------------

// Each of them is alone from its decision until its effect is there: what the log says in turn happened in this turn.

void channels::encode(live_entry& e) {
    if (kept_ == durability::none)
        return;
    e.hold_until = hold_until_;
    entry_.clear();
    encode_live_entry(e, entry_);
}

// On return what was encoded survives a kill.
void channels::commit() {
    if (kept_ == durability::none)
        return;
    const auto tx = db_.write();
    tx->append_entry(operators, stream, entry_);
    tx->commit();
    log_bytes_ += entry_.size();
    hold_until_ = absent;
}

void channels::advance(instant now) {
    calls_.advance(ms(now));
    for (auto& m : calls_.take_minutes()) {
        waiting_[m.account].push_back(m);
        ++waiting_count_;
    }
}

std::size_t channels::report(told batch, instant now) {
    const std::lock_guard turn(changing_);
    live_entry e;
    e.now = ms(now);
    e.sources = std::move(batch.sources);
    e.events = std::move(batch.events);
    encode(e);
    {
        const std::lock_guard sight(seeing_);
        advance(now);
        std::vector<std::uint32_t> numbers;
        numbers.reserve(e.sources.size());
        for (const auto name : e.sources)
            numbers.push_back(source_number(name));
        for (auto& event : e.events)
            event.source = numbers[event.source];
        if (!calls_.has_room_for(e.events))
            throw_exhausted();
    }
    commit();
    std::size_t changed = 0;
    {
        const std::lock_guard sight(seeing_);
        changed = calls_.apply(e.events, e.now);
    }
    keep_house(now);
    return changed;
}

live_snapshot_report channels::report_snapshot(std::string_view source, std::uint32_t account, instant at,
                                               std::vector<rules::listed_call> calls, instant now) {
    const std::lock_guard turn(changing_);
    live_entry e;
    e.what = live_entry::kind::snapshot;
    e.now = ms(now);
    e.sources.push_back(source);
    e.account = account;
    e.at = ms(at);
    e.calls = std::move(calls);
    encode(e);
    std::uint32_t number = 0;
    {
        const std::lock_guard sight(seeing_);
        advance(now);
        number = source_number(source);
        std::vector<rules::live_event> listed;
        listed.reserve(e.calls.size());
        for (auto& c : e.calls) {
            c.call.source = number;
            listed.push_back(c.call);
        }
        if (!calls_.has_room_for(listed))
            throw_exhausted();
    }
    commit();
    live_snapshot_report report;
    {
        const std::lock_guard sight(seeing_);
        report = calls_.apply_snapshot(number, account, e.at, e.calls, e.now);
    }
    keep_house(now);
    return report;
}

channels::admitted channels::admit(std::string_view source, rules::live_event call, std::optional<std::uint32_t> limit,
                                   std::optional<instant> stated, instant now) {
    const std::lock_guard turn(changing_);
    const auto starts = stated ? std::optional(ms(*stated)) : std::nullopt;
    rules::admitting answer;
    {
        const std::lock_guard sight(seeing_);
        advance(now);
        call.source = source_number(source);
        answer = calls_.would_admit(call, limit, starts);
        if (answer.known)
            return {answer, calls_.counts(call.account).in_use()};
        if (answer.admitted && !calls_.has_room_for(std::span(&call, 1)))
            throw_exhausted();
    }
    live_entry e;
    e.what = live_entry::kind::admission;
    e.now = ms(now);
    e.sources.push_back(source);
    e.events.push_back(call);
    e.events.front().source = 0;
    e.admitted = answer.admitted;
    e.stated = starts.value_or(absent);
    encode(e);
    commit();
    std::uint32_t in_use = 0;
    {
        const std::lock_guard sight(seeing_);
        calls_.admit(call, limit, starts, e.now);
        in_use = calls_.counts(call.account).in_use();
    }
    keep_house(now);
    return {answer, in_use};
}

void channels::throw_exhausted() const {
    throw error(errc::exhausted, "there would be more than the " + std::to_string(options_.most_live_calls) +
                                     " live calls that are kept");
}

// ---- upkeep ---------------------------------------------------------------------------------------------------------

// What was asked for is done and acknowledged; what fails here is done the next time.
void channels::keep_house(instant now) noexcept {
    const bool checkpoint = log_bytes_ > std::max(least_log_bytes, checkpoint_bytes_);
    std::size_t waiting = 0;
    {
        const std::lock_guard sight(seeing_);
        waiting = waiting_count_;
    }
    const bool flush = waiting != 0 && (waiting > most_waiting_minutes || ms(now) - flushed_at_ > flush_every_ms ||
                                        ms(now) < flushed_at_);
    if (!checkpoint && !flush)
        return;
    flushed_at_ = ms(now);
    try {
        {
            const std::lock_guard sight(seeing_);
            written_ = std::exchange(waiting_, {});
            waiting_count_ = 0;
        }
        const auto tx = db_.write();
        write_minutes(*tx);
        forget_days(*tx, day_start_of(ms(now)));
        const std::size_t bytes = checkpoint ? write_checkpoint(*tx, now) : 0;
        tx->commit();
        if (checkpoint) {
            checkpoint_bytes_ = bytes;
            log_bytes_ = 0;
        }
    } catch (...) {
        const std::lock_guard sight(seeing_);
        for (auto& [account, minutes] : written_) {
            auto& again = waiting_[account];
            again.insert(again.begin(), minutes.begin(), minutes.end());
            waiting_count_ += minutes.size();
        }
        written_.clear();
        log_bytes_ /= 2;
    }
}

std::size_t channels::write_checkpoint(store::transaction& tx, instant now) {
    std::vector<std::string> parts;
    {
        const std::lock_guard sight(seeing_);
        parts = encode_live_checkpoint(calls_, sources_, ms(now));
    }
    const std::uint64_t before = tx.last_entry(operators, stream);
    std::size_t bytes = 0;
    for (const auto& part : parts) {
        tx.append_entry(operators, stream, part);
        bytes += part.size();
    }
    tx.erase_entries(operators, stream, before);
    return bytes;
}

void channels::write_minutes(store::transaction& tx) {
    for (const auto& [account, minutes] : written_) {
        std::map<std::int64_t, std::map<std::int64_t, live_minute>> days;
        for (const auto& m : minutes)
            days[day_start_of(m.start)].insert_or_assign(m.start, m);
        for (auto& [day, fresh] : days) {
            std::vector<live_minute> all;
            const auto id = day_id(day);
            if (const auto body = tx.find_record(account, day_kind, id))
                decode_live_day(*body, account, day, all);
            for (const auto& m : all)
                fresh.try_emplace(m.start, m);
            all.clear();
            for (const auto& [start, m] : fresh)
                all.push_back(m);
            std::string body;
            encode_live_day(all, day, body);
            tx.put_record(account, day_kind, id, body);
        }
    }
}

void channels::forget_days(store::transaction& tx, std::int64_t today) {
    if (std::exchange(forgot_on_, today) == today)
        return;
    constexpr std::uint32_t some = 1'000;
    const auto oldest = day_id(today - static_cast<std::int64_t>(options_.history_days) * day_ms);
    std::string after;
    for (;;) {
        const auto accounts = tx.list_accounts(after, some);
        for (const auto& a : accounts) {
            std::vector<std::string> old;
            tx.scan_records(a.key, day_kind, {{}, oldest}, store::scan_order::ascending,
                            [&](const store::stored_record& r) {
                                old.emplace_back(r.id);
                                return true;
                            });
            for (const auto& id : old)
                tx.erase_record(a.key, day_kind, id);
        }
        if (accounts.size() < some)
            return;
        after = accounts.back().value.id.value();
    }
}

// ---- what can be seen -----------------------------------------------------------------------------------------------

channels::status channels::status_of(std::uint32_t account, instant now) {
    const std::lock_guard sight(seeing_);
    advance(now);
    return {calls_.counts(account), calls_.peak_since(account, day_start_of(ms(now)))};
}

std::uint32_t channels::in_use(std::uint32_t account, instant now) {
    const std::lock_guard sight(seeing_);
    advance(now);
    return calls_.counts(account).in_use();
}

std::uint64_t channels::version_of(std::uint32_t account, instant now) {
    const std::lock_guard sight(seeing_);
    advance(now);
    return calls_.version(account);
}

live_exposure channels::exposure_of(std::uint32_t account, const std::string& currency, instant now) {
    const std::lock_guard sight(seeing_);
    advance(now);
    rules::nanos128 locked = 0;
    rules::nanos128 per_minute = 0;
    for (const auto& burn : calls_.burns(account))
        if (burn.currency == 0 || burn.currency == rules::currency_code(currency)) {
            locked += burn.spent(ms(now));
            per_minute += burn.per_minute;
        }
    std::uint32_t unknown = 0;
    calls_.each_of(account, [&](const rules::live_record& r) {
        const bool known = r.rate != absent && (r.currency == 0 || r.currency == rules::currency_code(currency));
        unknown += r.stage == rules::live_stage::live && !known ? 1 : 0;
    });
    return {rules::to_money(locked, currency), rules::to_money(per_minute, currency), unknown};
}

std::vector<channels::placed_call> channels::list(std::uint32_t account, live_call_filter filter, const place& after,
                                                  std::size_t limit, instant now) {
    const std::lock_guard sight(seeing_);
    advance(now);
    std::vector<std::pair<place, const rules::live_record*>> found;
    calls_.each_of(account, [&](const rules::live_record& r) {
        const bool ghost = r.stage == rules::live_stage::ghost;
        if (filter != live_call_filter::all && ghost != (filter == live_call_filter::ghosts))
            return;
        const place at{r.started, store::hash_identity(r.source, r.call_id(), r.branch())};
        if (after < at)
            found.emplace_back(at, &r);
    });
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(limit, found.size()));
    std::partial_sort(found.begin(), end, found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<placed_call> page;
    for (auto i = found.begin(); i != end; ++i) {
        const auto& r = *i->second;
        auto& [at, c] = page.emplace_back();
        at = i->first;
        c.source = sources_[r.source];
        c.call_id = r.call_id();
        c.branch = r.branch();
        c.state = r.stage == rules::live_stage::ghost ? live_call_state::ghost
                  : r.answered == absent              ? live_call_state::ringing
                                                      : live_call_state::answered;
        c.started_at = instant(duration(r.started));
        if (r.answered != absent)
            c.answered_at = instant(duration(r.answered));
        c.cli = r.cli();
        c.destination = r.destination();
        c.direction = r.direction;
        c.dtmf_digits = r.digit_count();
        if (r.rate != absent)
            c.rate = rules::to_money(r.rate, rules::currency_text(r.currency));
    }
    return page;
}

std::vector<live_minute> channels::history(store::snapshot& stored, std::uint32_t account, std::int64_t from,
                                           std::int64_t to, instant now) {
    std::vector<live_minute> recent;
    {
        const std::lock_guard sight(seeing_);
        advance(now);
        for (const auto* minutes : {&written_, &waiting_})
            if (const auto mine = minutes->find(account); mine != minutes->end())
                recent.insert(recent.end(), mine->second.begin(), mine->second.end());
        const auto open = calls_.open_minutes(account, ms(now));
        recent.insert(recent.end(), open.begin(), open.end());
    }
    std::vector<live_minute> all;
    const auto before_first = day_id(day_start_of(from) - day_ms);
    const auto after_last = day_id(day_start_of(to - 1) + day_ms);
    stored.scan_records(account, day_kind, {before_first, after_last}, store::scan_order::ascending,
                        [&](const store::stored_record& r) {
                            const auto day = parse_instant(r.id);
                            if (!day)
                                store::throw_damaged("a day of live channels");
                            decode_live_day(r.body, account, ms(*day), all);
                            return true;
                        });
    // Of a minute that is there more than once the last one told is right.
    all.insert(all.end(), recent.begin(), recent.end());
    std::stable_sort(all.begin(), all.end(),
                     [](const live_minute& a, const live_minute& b) { return a.start < b.start; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        if ((i + 1 == all.size() || all[i + 1].start != all[i].start) && from <= all[i].start && all[i].start < to)
            all[kept++] = all[i];
    all.resize(kept);
    return all;
}

std::optional<std::uint32_t> channels::known_account(std::string_view id) {
    const std::lock_guard sight(seeing_);
    if (const auto known = accounts_.find(id); known != accounts_.end())
        return known->second;
    return std::nullopt;
}

void channels::learn_account(std::string_view id, std::uint32_t key) {
    const std::lock_guard sight(seeing_);
    accounts_.emplace(id, key);
}

} // namespace lineside
