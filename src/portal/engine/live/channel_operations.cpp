#include "cdr/base.hpp"
#include "portal/engine/alerts/alert_evaluation.hpp"
#include "portal/engine/desk.hpp"

#include <charconv>
#include <limits>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// Live calls and channels. What switches report is traffic, not administration: it is not in the access log.
namespace lineside {

namespace {

using rules::live_event;

constexpr std::size_t most_source_bytes = 128;
constexpr std::uint32_t most_calls_a_page = 5'000;
constexpr std::size_t most_events = 1'000'000;
constexpr instant latest = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }

// Checks a member of a request; `where` names it for people: "events[3]".
class checker {
public:
    checker(const char* list, std::size_t index) : list_(list), index_(index) {}
    /// Of the request itself.
    checker() = default;

    [[noreturn]] void refuse(const char* field, const std::string& why) const {
        std::string where;
        if (list_ != nullptr)
            where = std::string(list_) + '[' + std::to_string(index_) + "].";
        throw error(errc::invalid_argument, where + field + ": " + why, field);
    }
    void text(const char* field, const std::string& value, std::size_t most) const {
        if (const auto* bad = cdr::check_text(value, most); bad != nullptr && !value.empty())
            refuse(field, bad);
    }
    void needed(const char* field, const std::string& value, std::size_t most) const {
        if (value.empty())
            refuse(field, "is empty");
        text(field, value, most);
    }
    void time(const char* field, instant t) const {
        if (t <= instant() || t >= latest)
            refuse(field, "is no time of a call");
    }
    void direction(call_direction d) const {
        if (d > call_direction::internal)
            refuse("direction", "is none");
    }
    void rate(const std::optional<money>& rate, live_event& to) const {
        if (!rate)
            return;
        const auto nanos = static_cast<rules::nanos128>(rate->units) * 1'000'000'000 + rate->nanos;
        if (nanos < 0 || nanos > std::numeric_limits<std::int64_t>::max())
            refuse("rate", to_string(*rate) + " is out of range");
        if (!rate->currency.empty() && !parse_money("0", rate->currency))
            refuse("rate", "'" + rate->currency + "' is no currency");
        to.rate = static_cast<std::int64_t>(nanos);
        to.currency = rules::currency_code(rate->currency);
    }

    /// What events, listed calls and admissions have in common. The texts lie in `from`.
    template <class From>
    live_event event(const From& from) const {
        needed("call_id", from.call_id, cdr::max_call_id);
        text("branch", from.branch, cdr::max_text);
        text("cli", from.cli, cdr::max_text);
        text("destination", from.destination, cdr::max_text);
        direction(from.direction);
        live_event e;
        e.call_id = from.call_id;
        e.branch = from.branch;
        e.cli = from.cli;
        e.destination = from.destination;
        e.direction = from.direction;
        rate(from.rate, e);
        return e;
    }

private:
    const char* list_ = nullptr;
    std::size_t index_ = 0;
};

std::string write_cursor(const channels::place& p) { return std::to_string(p.start) + '-' + std::to_string(p.hash); }

channels::place read_cursor(const std::string& text) {
    channels::place p;
    if (text.empty())
        return p;
    const char* const end = text.data() + text.size();
    const auto start = std::from_chars(text.data(), end, p.start);
    if (start.ec == std::errc{} && start.ptr != end && *start.ptr == '-') {
        const auto hash = std::from_chars(start.ptr + 1, end, p.hash);
        if (hash.ec == std::errc{} && hash.ptr == end)
            return p;
    }
    throw error(errc::invalid_argument, "the cursor is not of this query", "cursor");
}

using named_accounts = std::vector<std::pair<const account_id*, std::uint32_t*>>;

void look_at_alerts(engine_core& core, const named_accounts& named) {
    if (!core.alerts.watches_any(*core.db))
        return;
    std::set<std::string, std::less<>> accounts;
    for (const auto& [id, key] : named)
        accounts.insert(id->value());
    after_arrival(core, accounts, arrival::live_events);
}

} // namespace

// Makes the accounts that are not there, as call records do.
void desk::find_live_accounts(const std::vector<std::pair<const account_id*, std::uint32_t*>>& wanted) {
    std::vector<std::pair<const account_id*, std::uint32_t*>> unknown;
    for (const auto& [id, key] : wanted) {
        if (const auto known = core_.live->known_account(id->value()))
            *key = *known;
        else
            unknown.emplace_back(id, key);
    }
    for (const auto& [id, key] : unknown) {
        const auto find = [&, of = id] { return core_.db->read()->find_account(of->value()); };
        auto row = find();
        if (!row) {
            account fresh;
            fresh.id = *id;
            fresh.name = id->value();
            try {
                (void)core_.calls->create_account(fresh, [&](store::transaction& tx, const store::account_row& made) {
                    note(tx, made.key,
                         {.action = "create_account", .target = made.value.id.value(), .detail = "by a live call"});
                });
            } catch (const error& e) {
                if (e.code() != errc::conflict) // somebody else was first: that will do
                    throw;
            }
            row = find();
        }
        *key = row.value().key;
        core_.live->learn_account(id->value(), *key);
    }
}

call_event_report desk::report_call_events(call_event_batch request) {
    const auto& events = request.events;
    if (events.size() > most_events)
        throw error(errc::invalid_argument, "a batch has at most 1,000,000 events", "events");
    channels::told told;
    told.events.reserve(events.size());
    std::unordered_map<std::string_view, std::uint32_t> sources;
    std::vector<std::pair<const account_id*, std::uint32_t*>> accounts;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& from = events[i];
        const checker check("events", i);
        check.needed("source", from.source, most_source_bytes);
        check.time("at", from.at);
        if (from.kind > call_event_kind::ended)
            check.refuse("kind", "is none");
        if (from.kind == call_event_kind::started)
            check.needed("account", from.account.value(), cdr::max_account);
        else
            check.text("account", from.account.value(), cdr::max_account);
        auto e = check.event(from);
        e.kind = from.kind;
        e.order = {from.sequence.value_or(rules::event_order::unnumbered), ms(from.at)};
        const auto source = sources.try_emplace(from.source, static_cast<std::uint32_t>(told.sources.size()));
        if (source.second)
            told.sources.push_back(from.source);
        e.source = source.first->second;
        told.events.push_back(e);
        if (!from.account.empty())
            accounts.emplace_back(&from.account, &told.events.back().account);
    }
    find_live_accounts(accounts);
    const auto applied = core_.live->report(std::move(told), now_);
    look_at_alerts(core_, accounts);
    return {applied, events.size() - applied};
}

live_snapshot_report desk::report_live_calls(live_snapshot request) {
    const checker whole;
    whole.needed("source", request.source, most_source_bytes);
    whole.time("at", request.at);
    std::uint32_t account = 0;
    if (request.account) {
        whole.needed("account", request.account->value(), cdr::max_account);
        account = account_named(*request.account)->key;
    }
    if (request.calls.size() > most_events)
        whole.refuse("calls", "a snapshot has at most 1,000,000 calls");
    std::vector<rules::listed_call> calls;
    calls.reserve(request.calls.size());
    std::vector<std::pair<const account_id*, std::uint32_t*>> accounts;
    for (std::size_t i = 0; i < request.calls.size(); ++i) {
        const auto& from = request.calls[i];
        const checker check("calls", i);
        if (!from.source.empty() && from.source != request.source)
            check.refuse("source", "is not the snapshot's");
        if (request.account && !from.account.empty() && from.account != *request.account)
            check.refuse("account", "is not the snapshot's");
        if (!request.account)
            check.needed("account", from.account.value(), cdr::max_account);
        const bool known = from.started_at != instant();
        if (known)
            check.time("started_at", from.started_at);
        auto& c = calls.emplace_back();
        c.call = check.event(from);
        c.call.account = account;
        c.call.order.at = ms(known ? from.started_at : request.at);
        if (from.answered_at) {
            check.time("answered_at", *from.answered_at);
            c.answered = ms(*from.answered_at);
        }
        c.digits = from.dtmf_digits;
        if (!request.account)
            accounts.emplace_back(&from.account, &c.call.account);
    }
    find_live_accounts(accounts);
    const auto report = core_.live->report_snapshot(request.source, account, request.at, std::move(calls), now_);
    if (request.account)
        accounts.emplace_back(&*request.account, nullptr);
    look_at_alerts(core_, accounts);
    return report;
}

admission desk::admit_call(admission_request request) {
    const checker check;
    check.needed("source", request.source, most_source_bytes);
    if (request.at != instant())
        check.time("at", request.at);
    auto call = check.event(request);
    const auto row = account_named(request.account);
    call.account = row->key;
    const auto limit = row->value.channel_limit;
    admission answer;
    answer.limit = limit;
    if (row->value.status == account_status::disabled) {
        answer.reason = "account_disabled";
        answer.in_use = core_.live->in_use(row->key, now_);
        return answer;
    }
    const auto stated = request.at == instant() ? std::nullopt : std::optional(request.at);
    const auto decided = core_.live->admit(request.source, call, limit, stated, now_);
    if (decided.answer.foreign)
        throw error(errc::conflict, "the call is in progress and another account's", "call_id");
    if (core_.alerts.watches_any(*core_.db))
        after_arrival(core_, {request.account.value()}, arrival::live_events);
    answer.admitted = decided.answer.admitted;
    answer.in_use = decided.in_use;
    if (!answer.admitted)
        answer.reason = "channel_limit";
    return answer;
}

channel_status desk::get_channels(channel_query request) {
    const auto row = account_named(request.account);
    const auto live = core_.live->status_of(row->key, now_);
    channel_status s;
    s.account = row->value.id;
    s.as_of = now_;
    s.in_use = live.counts.in_use();
    s.configured = row->value.channel_limit;
    s.ringing = live.counts.ringing;
    s.answered = live.counts.answered;
    s.ghosts = live.counts.ghosts;
    s.drift = live.counts.drift_added + live.counts.drift_vanished;
    s.drift_net = static_cast<std::int64_t>(live.counts.drift_added - live.counts.drift_vanished);
    s.aged_out = live.counts.aged_out;
    s.peak_today = live.peak_today;
    return s;
}

page<live_call> desk::list_live_calls(live_call_query request) {
    if (request.limit < 1 || request.limit > most_calls_a_page)
        throw error(errc::invalid_argument,
                    "limit is " + std::to_string(request.limit) + "; expected 1 to " +
                        std::to_string(most_calls_a_page),
                    "limit");
    if (request.filter > live_call_filter::all)
        throw error(errc::invalid_argument, "the filter is none", "filter");
    const auto after = read_cursor(request.cursor);
    const auto row = account_named(request.account);
    page<live_call> result;
    auto found = core_.live->list(row->key, request.filter, after, std::size_t{request.limit} + 1, now_);
    if (found.size() > request.limit) {
        found.pop_back();
        result.next = write_cursor(found.back().at);
    }
    for (auto& [at, call] : found) {
        call.account = row->value.id;
        result.items.push_back(std::move(call));
    }
    return result;
}

} // namespace lineside
