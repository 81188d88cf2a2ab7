#include <lineside/webhook_signature.hpp>

#include "portal/engine/alerts/alert_outbox.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/records.hpp"
#include "rules/https_url.hpp"
#include "rules/public_address.hpp"

#include <algorithm>
#include <utility>

// Webhooks, and what is on its way to them and others.
namespace lineside {

namespace {

constexpr std::uint32_t most_a_page = 1'000;
constexpr std::size_t secret_bytes = 32;
constexpr duration between_replays = std::chrono::minutes(1);
constexpr std::size_t deliveries_a_check = 1'024;

[[noreturn]] void refuse(std::string why, const char* field) {
    throw error(errc::invalid_argument, std::move(why), field);
}

void check_limit(std::uint32_t limit) {
    if (limit < 1 || limit > most_a_page)
        refuse("a page has 1 to 1000 items", "limit");
}

// A name is looked at when it is called, for it may stand for another address by then.
rules::https_url checked_url(const std::string& text, engine_webhooks::targets allowed) {
    auto url = rules::parse_https_url(text).value();
    if (!url.address)
        return url;
    const auto scope = rules::scope_of(*url.address);
    const bool loopback = scope == rules::address_scope::loopback;
    if (scope != rules::address_scope::everybody && !(loopback && allowed == engine_webhooks::targets::loopback_too))
        refuse("the URL's address is not a public one", "url");
    return url;
}

std::vector<std::string> checked_events(std::vector<std::string> events) {
    const std::string known[] = {event_name(alert_event_kind::fired), event_name(alert_event_kind::repeated),
                                 event_name(alert_event_kind::tested)};
    for (auto e = events.begin(); e != events.end(); ++e) {
        if (std::find(std::begin(known), std::end(known), *e) == std::end(known))
            refuse("'" + e->substr(0, 64) + "' is no event; there are alert.fired, alert.repeated and alert.tested",
                   "events");
        if (std::find(events.begin(), e, *e) != e)
            refuse("the event " + *e + " is named twice", "events");
    }
    return events;
}

std::size_t count_webhooks(store::snapshot& db, std::uint32_t account) {
    std::size_t count = 0;
    db.scan_records(account, webhook_record::kind, {}, store::scan_order::ascending,
                    [&](const store::stored_record&) { return ++count < most_webhooks; });
    return count;
}

webhook_record webhook_named(store::snapshot& db, std::uint32_t account, const std::string& id) {
    auto w = find<webhook_record>(db, account, id);
    if (!w)
        throw error(errc::not_found, "there is no webhook '" + id.substr(0, 64) + "'", "webhook");
    return *std::move(w);
}

// A URL's path may hold what its owner keeps secret, so the log has its host alone.
std::string host_of(const webhook_record& w) {
    const auto url = rules::parse_https_url(w.url);
    return url ? url->authority() : std::string();
}

// What the host's own program is told is the operator's.
bool may_see(const principal& who, const delivery_record& d) {
    return may_see(who.may, d.area) && (who.is_operator() || d.channel != delivery_channel::callback);
}

} // namespace

kept_answer<webhook_grant> desk::create_webhook(webhook_create request) {
    webhook_record w;
    (void)checked_url(request.url, core_.options.webhooks.allowed);
    w.url = std::move(request.url);
    w.events = checked_events(std::move(request.events));
    w.sees_balance = lineside::may_see(who_.may, alert_area::balance);
    w.sees_spend = lineside::may_see(who_.may, alert_area::daily_spend);
    w.created_at = now_;
    const secret key(random_bytes(secret_bytes));
    webhook_grant grant;
    grant.signing_secret = make_webhook_secret(key.reveal()).value();
    return change([&](store::transaction& tx) {
        const auto account = account_named(tx, request.account);
        if (count_webhooks(tx, account.key) >= most_webhooks)
            throw error(errc::exhausted, "an account has at most 20 webhooks");
        w.id = new_id("wh", now_);
        w.signing_secret = core_.identity->seal(account.value.id, w.id, grant.signing_secret.reveal());
        put(tx, account.key, w);
        note(tx, account.key, {.action = "create_webhook", .target = w.id, .detail = host_of(w)});
        grant.webhook = shown(w, account.value.id);
        return keep(tx, std::move(grant));
    });
}

page<webhook> desk::list_webhooks(webhook_query request) {
    check_limit(request.limit);
    const auto db = core_.db->read();
    const auto account = account_named(*db, request.account);
    page<webhook> answer;
    each<webhook_record>(*db, account.key, {request.cursor, {}}, store::scan_order::ascending,
                         [&](const webhook_record& w) {
                             if (answer.items.size() == request.limit) {
                                 answer.next = answer.items.back().id;
                                 return false;
                             }
                             answer.items.push_back(shown(w, account.value.id));
                             return true;
                         });
    return answer;
}

acknowledged desk::delete_webhook(webhook_key request) {
    change([&](store::transaction& tx) {
        const auto account = account_named(tx, request.account);
        const auto w = webhook_named(tx, account.key, request.webhook);
        (void)erase<webhook_record>(tx, account.key, w.id);
        bury_deliveries(tx, account.key, w.id, "the webhook was deleted");
        note(tx, account.key, {.action = "delete_webhook", .target = w.id, .detail = host_of(w)});
    });
    return {};
}

// ---- deliveries

page<delivery> desk::list_deliveries(delivery_query request) {
    check_limit(request.limit);
    if (request.status && *request.status > delivery_status::dead)
        refuse("the status is none", "status");
    const auto db = core_.db->read();
    const auto account = account_named(*db, request.account);
    page<delivery> answer;
    std::size_t looked_at = 0;
    each<delivery_record>(*db, account.key, {{}, request.cursor}, store::scan_order::descending,
                          [&](const delivery_record& d) {
                              if (++looked_at % deliveries_a_check == 0)
                                  stop_.check();
                              if ((request.status && d.status != *request.status) || !may_see(who_, d))
                                  return true;
                              if (answer.items.size() == request.limit) {
                                  answer.next = answer.items.back().id;
                                  return false;
                              }
                              answer.items.push_back(shown(d, account.value.id));
                              return true;
                          });
    return answer;
}

kept_answer<delivery> desk::replay_delivery(delivery_key request) {
    return change([&](store::transaction& tx) {
        const auto account = account_named(tx, request.account);
        auto d = find<delivery_record>(tx, account.key, request.delivery);
        if (!d || !may_see(who_, *d))
            throw error(errc::not_found, "there is no delivery '" + request.delivery.substr(0, 64) + "'", "delivery");
        // It is on its way already.
        if (d->status == delivery_status::waiting)
            return keep(tx, shown(*d, account.value.id));
        if (d->channel == delivery_channel::webhook) {
            const auto w = find<webhook_record>(tx, account.key, d->webhook);
            if (!w || !w->enabled)
                throw error(errc::conflict, "the webhook is deleted or turned off: create another one", "delivery");
        }
        if (d->replayed_at && *d->replayed_at <= now_ && now_ - *d->replayed_at < between_replays)
            throw error(errc::exhausted, "this was sent again less than a minute ago; wait until " +
                                             to_string(*d->replayed_at + between_replays));
        d->status = delivery_status::waiting;
        d->attempts = 0;
        d->next_attempt_at = now_;
        d->replayed_at = now_;
        put(tx, account.key, *d);
        put_due(tx, account.key, *d);
        core_.alerts.watch(account.value.id.value());
        note(tx, account.key, {.action = "replay_delivery", .target = d->id, .detail = d->event});
        return keep(tx, shown(*d, account.value.id));
    });
}

} // namespace lineside
