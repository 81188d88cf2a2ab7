#include <lineside/webhook_signature.hpp>

#include "portal/engine/access_log.hpp"
#include "portal/engine/alerts/alert_outbox.hpp"
#include "portal/engine/outgoing.hpp"
#include "portal/engine/records.hpp"
#include "rules/delivery_schedule.hpp"
#include "rules/https_url.hpp"
#include "rules/public_address.hpp"

#include <algorithm>
#include <utility>

// One attempt at a time: what it needs is read before, what it came to is written after.
namespace lineside {

namespace {

using rules::delivery_result;

struct outcome {
    delivery_result result = delivery_result::failed;
    std::string failure{};
};

/// What an attempt needs to know.
struct errand {
    store::account_row account{};
    delivery_record delivery{};
    std::optional<webhook_record> webhook{};
};

std::optional<errand> find_errand(store::snapshot& db, std::uint32_t account, const std::string& id) {
    auto d = find<delivery_record>(db, account, id);
    if (!d || d->status != delivery_status::waiting)
        return std::nullopt;
    errand e{db.account_by_key(account), std::move(*d), {}};
    if (e.delivery.channel == delivery_channel::webhook)
        e.webhook = find<webhook_record>(db, account, e.delivery.webhook);
    return e;
}

outcome call_host(const engine_core& core, const errand& e) {
    if (!core.options.delivery.on_alert)
        return {delivery_result::failed, "this program takes no alerts"};
    try {
        core.options.delivery.on_alert(event_from(e.delivery.body));
    } catch (...) {
        return {delivery_result::failed, "the program that takes alerts failed"};
    }
    return {delivery_result::delivered, {}};
}

outcome send_mail(const engine_core& core, const errand& e) {
    try {
        send(core.options.delivery, mail{e.delivery.to, e.delivery.subject, e.delivery.body, e.account.value.id});
    } catch (const error& why) {
        return {delivery_result::failed, why.what()};
    }
    return {delivery_result::delivered, {}};
}

bool may_call(const net::address_bytes& address, engine_webhooks::targets allowed) {
    switch (rules::scope_of(rules::ip_address{address})) {
    case rules::address_scope::everybody: return true;
    case rules::address_scope::loopback: return allowed == engine_webhooks::targets::loopback_too;
    case rules::address_scope::inside: break;
    }
    return false;
}

bool is_stopped(const stopper& stop) {
    try {
        stop.check();
        return false;
    } catch (const error&) {
        return true;
    }
}

outcome post(engine_core& core, const errand& e, instant now, const stopper& stop) {
    if (!e.webhook || !e.webhook->enabled)
        return {delivery_result::gone, "the webhook is not there any more"};
    const auto url = rules::parse_https_url(e.webhook->url);
    if (!url)
        return {delivery_result::failed, url.error().details.message};
    const secret key(core.identity->open(e.account.value.id, e.webhook->id, e.webhook->signing_secret));
    const auto signature = sign_webhook(std::span(&key, 1), e.delivery.id, now, e.delivery.body).value();
    const net::https_request request{
        .host = url->host,
        .port = url->port,
        .authority = url->authority(),
        .target = url->target,
        .headers = {{"Content-Type", "application/json"},
                    {"User-Agent", "Lineside"},
                    {"webhook-id", signature.id},
                    {"webhook-timestamp", signature.timestamp},
                    {"webhook-signature", signature.signature}},
        .body = e.delivery.body,
    };
    const auto& options = core.options.webhooks;
    const auto answer = core.alerts.poster.post(
        request, {.ca_file = options.ca_file,
                  .may_call = [&](const net::address_bytes& a) { return may_call(a, options.allowed); },
                  .cancelled = [&] { return is_stopped(stop); }});
    const auto result = rules::result_of_status(answer.status);
    return {result, result == delivery_result::delivered ? std::string()
                                                         : "the receiver said " + std::to_string(answer.status)};
}

outcome carry_out(engine_core& core, const errand& e, instant now, const stopper& stop) {
    try {
        switch (e.delivery.channel) {
        case delivery_channel::callback: return call_host(core, e);
        case delivery_channel::mail: return send_mail(core, e);
        case delivery_channel::webhook: return post(core, e, now, stop);
        }
    } catch (const error& why) {
        if (why.code() == errc::cancelled) {
            stop.check();
            throw;
        }
        return {delivery_result::failed, why.what()};
    }
    return {};
}

void disable_webhook(store::transaction& tx, std::uint32_t account, const std::string& id, instant now) {
    auto w = find<webhook_record>(tx, account, id);
    if (!w || !w->enabled)
        return;
    w->enabled = false;
    put(tx, account, *w);
    bury_deliveries(tx, account, id, "the receiver wants no more: 410");
    log_access(tx, account, the_operator(), now,
               {.action = "disable_webhook", .target = id, .detail = "the receiver said 410"});
}

void write_down(store::transaction& tx, engine_core& core, const errand& of, const outcome& what, instant now) {
    const auto account = of.account.key;
    auto d = find<delivery_record>(tx, account, of.delivery.id);
    // Given up or replayed in the meantime.
    if (!d || d->status != delivery_status::waiting)
        return;
    erase_due(tx, account, *d);
    ++d->attempts;
    d->last_failure = what.failure;
    d->next_attempt_at.reset();
    if (what.result == delivery_result::delivered) {
        d->status = delivery_status::delivered;
    } else if (what.result == delivery_result::gone) {
        d->status = delivery_status::dead;
    } else {
        d->next_attempt_at = rules::next_attempt(d->attempts, now, core.alerts.chance());
        d->status = d->next_attempt_at ? delivery_status::waiting : delivery_status::dead;
    }
    put(tx, account, *d);
    if (d->next_attempt_at)
        put_due(tx, account, *d);
    if (what.result == delivery_result::gone)
        disable_webhook(tx, account, d->webhook, now);
}

} // namespace

attempt_result attempt_delivery(engine_core& core, std::uint32_t account, const std::string& id, const stopper& stop) {
    const claimed_delivery ours(core.alerts, id);
    if (!ours)
        return attempt_result::not_ours;
    const auto e = find_errand(*core.db->read(), account, id);
    if (!e)
        return attempt_result::not_ours;
    const auto came = carry_out(core, *e, core.now(), stop);
    const auto tx = core.db->write();
    write_down(*tx, core, *e, came, core.now());
    tx->commit();
    return came.result == delivery_result::delivered ? attempt_result::delivered : attempt_result::failed;
}

} // namespace lineside
