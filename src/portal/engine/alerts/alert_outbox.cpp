#include "portal/engine/alerts/alert_outbox.hpp"

#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/records.hpp"
#include "rules/alerting.hpp"
#include "rules/calendar.hpp"
#include "rules/delivery_schedule.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

namespace lineside {

namespace {

constexpr auto kept_for = std::chrono::days(30);
constexpr std::size_t most_forgotten_at_once = 200;
constexpr std::size_t most_due_at_once = 100'000;

// Sorts by time: milliseconds with leading zeros, then what makes it the only one.
std::string due_id(instant at, std::uint32_t account, std::string_view delivery) {
    char text[32];
    std::snprintf(text, sizeof text, "%015lld-",
                  static_cast<long long>(std::max<std::int64_t>(at.time_since_epoch().count(), 0)));
    return text + std::to_string(account) + '-' + std::string(delivery);
}

// The time in an id.
instant due_at(const due_record& d) {
    std::int64_t ms = 0;
    std::from_chars(d.id.data(), d.id.data() + d.id.size(), ms);
    return instant(duration(ms));
}

bool is_wanted(const webhook_record& w, const alert_event& e, std::string_view name) {
    if (!w.enabled || (e.area == alert_area::balance && !w.sees_balance) ||
        (e.area == alert_area::daily_spend && !w.sees_spend))
        return false;
    return w.events.empty() || std::find(w.events.begin(), w.events.end(), name) != w.events.end();
}

// Whoever left a company no longer hears of it. Addresses of others are the operator's choice.
bool is_welcome(store::snapshot& db, std::uint32_t account, const std::string& address) {
    const auto known = contact_of_login(db, address);
    return !known || known->account_key != account || known->contact.is_active();
}

std::string webhook_body(const alert_event& e, std::string_view name) {
    // The name is one of ours and needs no escaping.
    return R"({"type":")" + std::string(name) + R"(","timestamp":")" + to_string(e.at) + R"(","data":)" +
           event_body(e) + '}';
}

outbox_record outbox_of(store::snapshot& db, std::uint32_t account) {
    return find<outbox_record>(db, account, outbox_record::only).value_or(outbox_record());
}

} // namespace

void append_event(store::transaction& tx, std::uint32_t account, alert_event& e) {
    e.number = tx.last_entry(account, alert_stream) + 1;
    tx.append_entry(account, alert_stream, event_body(e));
    if (e.number % 1'000 == 0 && e.number > most_alert_events)
        tx.erase_entries(account, alert_stream, e.number - most_alert_events);
}

bool has_old_deliveries(store::snapshot& db, std::uint32_t account, instant now) {
    bool found = false;
    each<delivery_record>(db, account, {}, store::scan_order::ascending, [&](const delivery_record& d) {
        found = d.created_at < now - kept_for;
        return false;
    });
    return found;
}

// Ids grow with time, so the oldest come first.
void forget_old_deliveries(store::transaction& tx, std::uint32_t account, instant now) {
    auto outbox = outbox_of(tx, account);
    const auto beyond = outbox.deliveries > most_deliveries ? outbox.deliveries - most_deliveries : 0;
    std::vector<delivery_record> old;
    each<delivery_record>(tx, account, {}, store::scan_order::ascending, [&](delivery_record d) {
        if (old.size() >= most_forgotten_at_once || (old.size() >= beyond && d.created_at >= now - kept_for))
            return false;
        old.push_back(std::move(d));
        return true;
    });
    if (old.empty())
        return;
    for (const auto& d : old) {
        erase_due(tx, account, d);
        (void)erase<delivery_record>(tx, account, d.id);
    }
    outbox.deliveries -= std::min<std::uint64_t>(outbox.deliveries, old.size());
    put(tx, account, outbox);
}

void put_due(store::transaction& tx, std::uint32_t account, const delivery_record& d) {
    put(tx, 0, due_record{due_id(*d.next_attempt_at, account, d.id), account, d.id});
}

void erase_due(store::transaction& tx, std::uint32_t account, const delivery_record& d) {
    if (d.next_attempt_at)
        (void)erase<due_record>(tx, 0, due_id(*d.next_attempt_at, account, d.id));
}

alert_mail mail_about(const alert_event& e, const account& to) {
    const auto zone = rules::zone::find_or_utc(to.time_zone);
    const auto at = std::chrono::floor<std::chrono::seconds>(e.at);
    const bool test = e.kind == alert_event_kind::tested;
    alert_mail m;
    m.subject = (test ? "Test: " : e.kind == alert_event_kind::repeated ? "Still: " : "") + e.title;
    m.text = e.text + ".\n\nAlert:    " + e.title + "\nLevel:    " + std::string(to_string(e.level)) +
             "\nAccount:  " + to.name + "\nTime:     " + to_string(instant(at), zone.offset_at(at)) + " (" +
             zone.name() + ")\n";
    if (test)
        m.text += "\nThis is a test that somebody asked for.\n";
    return m;
}

std::optional<std::string> put_deliveries(store::transaction& tx, engine_core& core, const store::account_row& account,
                                          const alert_event& e, const std::vector<std::string>& recipients,
                                          instant now) {
    const auto name = event_name(e.kind);
    auto outbox = outbox_of(tx, account.key);
    const auto add = [&](delivery_channel channel, std::string webhook, std::string to, std::string subject,
                         std::string body) {
        delivery_record d;
        d.id = new_id("msg", now);
        d.channel = channel;
        d.webhook = std::move(webhook);
        d.to = std::move(to);
        d.event = name;
        d.subject = std::move(subject);
        d.body = std::move(body);
        d.area = e.area;
        d.created_at = now;
        d.next_attempt_at = now;
        put(tx, account.key, d);
        put_due(tx, account.key, d);
        ++outbox.deliveries;
        return std::move(d.id);
    };
    std::optional<std::string> for_host;
    if (core.options.delivery.on_alert)
        for_host = add(delivery_channel::callback, {}, {}, {}, event_body(e));
    if (!recipients.empty()) {
        const auto mail = mail_about(e, account.value);
        for (const auto& to : recipients)
            if (is_welcome(tx, account.key, to))
                (void)add(delivery_channel::mail, {}, to, mail.subject, mail.text);
    }
    std::vector<webhook_record> hooks;
    each<webhook_record>(tx, account.key, {}, store::scan_order::ascending, [&](webhook_record w) {
        if (is_wanted(w, e, name))
            hooks.push_back(std::move(w));
        return true;
    });
    for (const auto& w : hooks)
        (void)add(delivery_channel::webhook, w.id, w.url, {}, webhook_body(e, name));
    put(tx, account.key, outbox);
    forget_old_deliveries(tx, account.key, now);
    core.alerts.watch(account.value.id.value());
    return for_host;
}

void bury_deliveries(store::transaction& tx, std::uint32_t account, const std::string& webhook, const char* why) {
    std::vector<delivery_record> waiting;
    each<delivery_record>(tx, account, {}, store::scan_order::ascending, [&](delivery_record d) {
        if (d.webhook == webhook && d.status == delivery_status::waiting)
            waiting.push_back(std::move(d));
        return true;
    });
    for (auto& d : waiting) {
        erase_due(tx, account, d);
        d.status = delivery_status::dead;
        d.next_attempt_at.reset();
        d.last_failure = why;
        put(tx, account, d);
    }
}

std::vector<due_record> due_deliveries(store::snapshot& db, instant now) {
    std::vector<due_record> due;
    const auto add = [&](due_record d) {
        due.push_back(std::move(d));
        return due.size() < most_due_at_once;
    };
    const auto until = due_id(now + duration(1), 0, {});
    each<due_record>(db, 0, {{}, until}, store::scan_order::ascending, add);
    // Nothing is put off for so long: the clock was ahead when it was.
    const auto beyond = due_id(now + rules::longest_wait + duration(1), 0, {});
    if (due.size() < most_due_at_once)
        each<due_record>(db, 0, {beyond, {}}, store::scan_order::ascending, add);
    return due;
}

due_outlook outlook_of(store::snapshot& db) {
    due_outlook outlook;
    db.scan_records(0, due_record::kind, {}, store::scan_order::ascending, [&](const store::stored_record& r) {
        if (outlook.waiting++ == 0)
            outlook.next = due_at(from_body<due_record>(r.body));
        return true;
    });
    return outlook;
}

} // namespace lineside
