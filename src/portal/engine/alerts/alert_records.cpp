#include "portal/engine/alerts/alert_records.hpp"

#include "portal/engine/records.hpp"

#include <algorithm>

namespace lineside {

std::string event_body(const alert_event& e) {
    std::string body;
    wire::append_json(body, e);
    return body;
}

alert_event event_from(std::string_view body) {
    return wire::parse_json<alert_event>(body, wire::missing_member::defaulted);
}

std::string event_name(alert_event_kind k) { return "alert." + std::string(to_string(k)); }

alert_rule shown(const alert_rule_record& r, const account_id& account) {
    auto rule = r.rule;
    rule.account = account;
    rule.id = r.id;
    return rule;
}

webhook shown(const webhook_record& r, const account_id& account) {
    return {account, r.id, r.url, r.events, r.created_at, r.enabled};
}

delivery shown(const delivery_record& r, const account_id& account) {
    delivery d;
    d.account = account;
    d.id = r.id;
    d.channel = r.channel;
    d.webhook = r.webhook;
    d.to = r.to;
    d.event = r.event;
    d.body = r.body;
    d.status = r.status;
    d.attempts = r.attempts;
    d.created_at = r.created_at;
    d.next_attempt_at = r.next_attempt_at;
    d.last_failure = r.last_failure;
    return d;
}

std::optional<permission> needed_for(alert_area a) noexcept {
    switch (a) {
    case alert_area::balance: return permission::view_balance;
    case alert_area::daily_spend: return permission::view_summary;
    default: return std::nullopt;
    }
}

bool may_see(const permission_set& may, alert_area a) noexcept {
    const auto needed = needed_for(a);
    return !needed || may.contains(*needed);
}

rules::alert_facts firing_alerts_of(store::snapshot& db, std::uint32_t account, const permission_set& may) {
    std::vector<std::string> fired;
    each<alert_state_record>(db, account, {}, store::scan_order::ascending, [&](const alert_state_record& s) {
        if (s.state.phase == rules::alert_phase::fired)
            fired.push_back(s.id);
        return true;
    });
    rules::alert_facts found;
    for (const auto& id : fired) {
        const auto rule = find<alert_rule_record>(db, account, id);
        if (!rule || !rule->rule.enabled || !may_see(may, rule->rule.area))
            continue;
        ++found.firing;
        found.worst = std::max(found.worst, rule->rule.level);
    }
    return found;
}

} // namespace lineside
