#include "portal/engine/alerts/alert_records.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/live/live_hub.hpp"
#include "portal/engine/records.hpp"
#include "rules/live_changes.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

// What is watched, as the operations show it, and to whom.
namespace lineside {

namespace {

constexpr std::uint32_t most_calls = 5'000; // the most that a page of list_live_calls has
// Steps that weigh more than the whole are no shorter way to it; few calls may change often.
constexpr std::size_t least_kept_weight = 1'024;
constexpr std::uint64_t most_looked_through = 1'000; // events at a time that are not the reader's to see

constexpr std::uint32_t operators = 0;
constexpr std::string_view tag_kind = "live";
constexpr std::string_view tag_id = "database";

template <class T>
bool same_but_for_time(T a, const T& b) {
    a.as_of = b.as_of;
    return a == b;
}

bool shows_the_same(const watch_update& a, const watch_update& b) {
    switch (a.topic) {
    case watch_topic::channels: return same_but_for_time(*a.channels, *b.channels);
    case watch_topic::balance: return same_but_for_time(*a.balance, *b.balance);
    case watch_topic::dashboard: return a.dashboard == b.dashboard;
    default: return false; // unreachable: these are told in steps
    }
}

bool precedes(const live_call& a, const live_call& b) {
    return std::tie(a.started_at, a.source, a.call_id, a.branch) <
           std::tie(b.started_at, b.source, b.call_id, b.branch);
}

operation::access access_of(watch_topic t) {
    switch (t) {
    case watch_topic::channels: return operation::get_channels::access;
    case watch_topic::live_calls: return operation::list_live_calls::access;
    case watch_topic::balance: return operation::get_balance::access;
    case watch_topic::alerts: return operation::list_alert_events::access;
    case watch_topic::summary: return operation::query_summary::access;
    case watch_topic::dashboard: return operation::get_layout::access;
    }
    throw error(errc::invalid_argument, "there is no such topic", "topics");
}

watch_update about(const alert_event& e, instant now) {
    watch_update u;
    u.topic = watch_topic::alerts;
    u.kind = watch_kind::event;
    u.at = now;
    u.alert = e;
    return u;
}

void check_topics(const std::vector<watch_topic>& topics) {
    if (topics.empty())
        throw error(errc::invalid_argument, "what is to be watched?", "topics");
    for (auto t = topics.begin(); t != topics.end(); ++t)
        if (std::find(topics.begin(), t, *t) != t)
            throw error(errc::invalid_argument, std::string(to_string(*t)) + " is named twice", "topics");
}

} // namespace

live_hub::finding live_hub::look(const live_topic& t) {
    if (t.topic == watch_topic::alerts)
        return look_at_alerts(t);
    const auto who = the_operator();
    const stopper never;
    desk d(core_, who, never);
    finding f;
    auto& u = f.whole;
    u.topic = t.topic;
    u.kind = watch_kind::snapshot;
    u.at = f.at = core_.now();
    watch_update step = u;
    step.kind = watch_kind::change;
    switch (t.topic) {
    case watch_topic::channels: u.channels = d.get_channels({t.account}); break;
    case watch_topic::balance: {
        auto b = d.get_balance({t.account});
        if (t.view == without_totals) {
            b.payments.reset();
            b.charges.reset();
        }
        u.balance = std::move(b);
        break;
    }
    case watch_topic::dashboard: {
        dashboard x;
        const contact_id contact(t.view);
        x.layout = d.get_layout({t.account, contact});
        x.checklist = d.get_checklist({t.account, contact, {}});
        u.dashboard = std::move(x);
        break;
    }
    case watch_topic::live_calls: {
        auto page = d.list_live_calls({t.account, live_call_filter::all, {}, most_calls});
        std::sort(page.items.begin(), page.items.end(), precedes);
        live_call_changes all{std::move(page.items), {}, !page.next.empty()};
        if (t.known) {
            auto changes = rules::changes_between(t.newest.live_calls->calls, all.calls);
            changes.more = all.more;
            f.changed = !changes.calls.empty() || !changes.ended.empty() || all.more != t.newest.live_calls->more;
            f.weight = std::max<std::size_t>(1, changes.calls.size() + changes.ended.size());
            f.most_weight = std::max(least_kept_weight, all.calls.size());
            step.live_calls = std::move(changes);
            f.step = std::move(step);
        }
        u.live_calls = std::move(all);
        return f;
    }
    case watch_topic::summary: {
        summary_changes all{d.query_summary({t.account, summary_period::live, f.at, {}}).rows, {}};
        if (t.known) {
            auto changes = rules::changes_between(t.newest.summary->rows, all.rows);
            f.changed = !changes.rows.empty() || !changes.gone.empty();
            f.weight = 1;
            f.most_weight = options_.kept_changes;
            step.summary = std::move(changes);
            f.step = std::move(step);
        }
        u.summary = std::move(all);
        return f;
    }
    case watch_topic::alerts: break; // unreachable: see above
    }
    f.changed = !t.known || !shows_the_same(u, t.newest);
    return f;
}

live_hub::finding live_hub::look_at_alerts(const live_topic& t) {
    finding f;
    f.at = core_.now();
    f.whole.topic = watch_topic::alerts;
    f.whole.at = f.at;
    const auto db = core_.db->read();
    f.history = db->last_entry(t.key, alert_stream);
    if (!t.known || f.history <= t.number)
        return f;
    const auto first = f.history - std::min<std::uint64_t>(f.history - t.number, options_.kept_changes) + 1;
    db->scan_entries(t.key, alert_stream, first, f.history, store::scan_order::ascending,
                     [&](std::uint64_t, std::string_view body) {
                         f.events.push_back(about(event_from(body), f.at));
                         return true;
                     });
    return f;
}

// What follows for a reader that the log has nothing for any more.
live_hub::page_of_history live_hub::read_history(const live_topic& t, std::uint64_t seen, const permission_set& may) {
    page_of_history page{seen, {}};
    const auto now = core_.now();
    const auto db = core_.db->read();
    db->scan_entries(t.key, alert_stream, seen + 1, std::numeric_limits<std::int64_t>::max(),
                     store::scan_order::ascending, [&](std::uint64_t number, std::string_view body) {
                         if (number != page.seen + 1) { // what was before it is forgotten
                             page.seen = number - 1;
                             auto& u = page.update.emplace();
                             u.topic = watch_topic::alerts;
                             u.kind = watch_kind::resync;
                             u.at = now;
                             return false;
                         }
                         page.seen = number;
                         const auto e = event_from(body);
                         if (may_see(may, e.area))
                             page.update = about(e, now);
                         return !page.update && page.seen - seen < most_looked_through;
                     });
    return page;
}

live_hub::entitlement live_hub::check(const watcher& w, bool first) {
    const auto& request = w.request;
    entitlement e;
    e.account = request.account;
    if (w.shown == nullptr) {
        e.who = the_operator();
    } else {
        if (first) // opening it is a use of the credential, watching is none
            (void)identify(core_, *w.shown);
        auto [who, until] = recognise(core_, *w.shown);
        e.who = std::move(who);
        e.until = until;
    }
    try {
        if (e.who.kind == principal::kind::nobody)
            check_access(e.who, operation::signed_in, "watch");
        if (first)
            check_topics(request.topics);
        for (const auto t : request.topics)
            check_access(e.who, access_of(t), "watch");
        keep_to_own(e.who, e.account);
    } catch (const error& why) {
        if (first)
            log_refusal(core_, e.who, "watch", why);
        throw;
    }
    const auto db = core_.db->read();
    const auto row = db->find_account(e.account.value());
    if (!row)
        throw error(errc::not_found, "there is no account '" + e.account.value() + "'", "account");
    e.key = row->key;
    for (const auto t : request.topics) {
        auto& seen = e.topics.emplace_back();
        seen.topic = t;
        if (t == watch_topic::dashboard)
            seen.view = contact_asked_about(*db, e.who, e.account, request.contact).contact.id;
        else if (t == watch_topic::balance &&
                 !(e.who.may.contains(permission::view_payments) && e.who.may.contains(permission::view_summary)))
            seen.view = without_totals;
    }
    return e;
}

// Tells the histories of two databases apart; made with the first watch.
std::uint64_t live_hub::database_tag() {
    if (const auto known = database_.load(); known != 0)
        return known;
    const auto read = [](const std::string& text) {
        std::uint64_t tag = 0;
        (void)std::from_chars(text.data(), text.data() + text.size(), tag, 16);
        return tag;
    };
    auto kept = core_.db->read()->find_record(operators, tag_kind, tag_id);
    if (!kept) {
        const auto tx = core_.db->write();
        kept = tx->find_record(operators, tag_kind, tag_id);
        if (!kept) {
            kept = to_hex(random_bytes(sizeof(std::uint64_t)));
            tx->put_record(operators, tag_kind, tag_id, *kept);
            tx->commit();
        }
    }
    database_.store(read(*kept));
    return database_.load();
}

} // namespace lineside
