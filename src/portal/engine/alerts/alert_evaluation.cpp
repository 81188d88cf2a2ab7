#include "portal/engine/alerts/alert_evaluation.hpp"

#include "portal/engine/alerts/alert_outbox.hpp"
#include "portal/engine/alerts/alert_sight.hpp"
#include "portal/engine/records.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace lineside {

namespace {

struct rule_at_work {
    alert_rule_record rule{};
    rules::alert_state state{};
    rules::observation seen{};
};

struct account_at_work {
    store::account_row account{};
    std::vector<rule_at_work> rules{};
    std::optional<instant> next_look{}; ///< of rules that are not at work, too
};

bool is_due(const alert_memory& memory, const alert_rule_record& r, instant now) {
    const auto last = memory.evaluated_at(r.id);
    // After the clock went back it is due as well.
    return !last || *last > now || *last < rules::last_evaluation(r.rule, now);
}

account_at_work look(engine_core& core, const account_id& account, which_rules which, instant now,
                     const stopper& stop) {
    auto view = core.calls->view();
    account_at_work work;
    auto row = view.stored->find_account(account.value());
    if (!row)
        return work;
    work.account = *std::move(row);
    each<alert_rule_record>(*view.stored, work.account.key, {}, store::scan_order::ascending, [&](alert_rule_record r) {
        if (!r.rule.enabled)
            return true;
        const auto next = rules::last_evaluation(r.rule, now) + rules::evaluation_step(r.rule);
        work.next_look = std::min(work.next_look.value_or(next), next);
        if (which == which_rules::all || is_due(core.alerts, r, now))
            work.rules.push_back({std::move(r), {}, {}});
        return true;
    });
    if (work.rules.empty())
        return work;
    std::vector<const alert_rule*> wanted;
    wanted.reserve(work.rules.size());
    for (auto& w : work.rules) {
        if (auto s = find<alert_state_record>(*view.stored, work.account.key, w.rule.id))
            w.state = s->state;
        wanted.push_back(&w.rule.rule);
    }
    const auto seen = look_now(core, view, work.account, wanted, now, stop);
    for (std::size_t i = 0; i < seen.size(); ++i)
        work.rules[i].seen = seen[i];
    return work;
}

// What is kept of a state: when it looked last is in memory alone, since it changes with every look.
rules::alert_state kept(rules::alert_state s) {
    s.evaluated_at.reset();
    return s;
}

bool changes_something(const rules::alert_decision& d, const rules::alert_state& before) {
    return kept(d.next) != kept(before) || rules::event_of(d.outcome).has_value();
}

struct evaluated {
    evaluation_report report{};
    std::uint32_t account = 0;
    std::vector<std::string> for_host{}; ///< ids of deliveries
};

/// Within the transaction, with what is in the database now.
void settle(store::transaction& tx, engine_core& core, const account_at_work& of, const rule_at_work& w,
            evaluated& result) {
    const auto& account = of.account;
    const auto rule = find<alert_rule_record>(tx, account.key, w.rule.id);
    // Changed, or somebody looked later than this: their word counts. A clock that went back is no later look.
    if (!rule || rule->revision != w.rule.revision || !rule->rule.enabled)
        return;
    if (const auto last = core.alerts.evaluated_at(w.rule.id); last && *last > w.seen.at && *last <= core.now())
        return;
    const auto state = find<alert_state_record>(tx, account.key, w.rule.id).value_or(alert_state_record()).state;
    const auto r = shown(*rule, account.value.id);
    const auto d = decide(account.value, r, w.seen, state);
    if (kept(d.next) != kept(state))
        put(tx, account.key, alert_state_record{w.rule.id, d.next});
    const auto kind = rules::event_of(d.outcome);
    if (!kind)
        return;
    auto e = event_about(account.value, r, w.seen, *kind, d.reason);
    append_event(tx, account.key, e);
    if (!rules::notifies(d.outcome))
        return;
    ++result.report.fired;
    if (auto id = put_deliveries(tx, core, account, e, r.recipients, w.seen.at))
        result.for_host.push_back(*std::move(id));
}

evaluated evaluate(engine_core& core, const account_id& account, which_rules which, const stopper& stop) {
    evaluated e;
    const auto now = core.now();
    const auto work = look(core, account, which, now, stop);
    e.account = work.account.key;
    e.report.evaluated = work.rules.size();
    e.report.next_look = work.next_look;
    std::vector<const rule_at_work*> changing;
    for (const auto& w : work.rules)
        if (changes_something(decide(work.account.value, w.rule.rule, w.seen, w.state), w.state))
            changing.push_back(&w);
    if (!changing.empty()) {
        const auto tx = core.db->write();
        for (const auto* w : changing)
            settle(*tx, core, work, *w, e);
        tx->commit();
        core.hub->touch(account.value(), bits_of(watch_topic::alerts, watch_topic::dashboard));
    }
    for (const auto& w : work.rules)
        core.alerts.set_evaluated(w.rule.id, now);
    core.alerts.set_looked(account.value(), now);
    return e;
}

void evaluate_arrivals(engine_core& core, const account_id& account, arrival what) {
    const bool looked = core.alerts.looked_this_minute(account.value(), core.now());
    if (looked && (what == arrival::live_events || !core.alerts.has_time()))
        return;
    const auto begun = std::chrono::steady_clock::now();
    const auto e = evaluate(core, account, what == arrival::calls ? which_rules::all : which_rules::due, {});
    core.alerts.take_time(std::chrono::steady_clock::now() - begun);
    for (const auto& id : e.for_host)
        tell_host(core, e.account, id);
}

} // namespace

rules::alert_decision decide(const account& of, const alert_rule& rule, const rules::observation& seen,
                             const rules::alert_state& state) {
    const auto& zone = rule.quiet && !rule.quiet->zone.empty() ? rule.quiet->zone : of.time_zone;
    const auto quiet_zone = rules::zone::find_or_utc(zone);
    return rules::decide({rule, quiet_zone, of.currency}, seen, state);
}

alert_event event_about(const account& of, const alert_rule& rule, const rules::observation& seen,
                        alert_event_kind kind, std::string text) {
    alert_event e;
    e.account = of.id;
    e.at = seen.at;
    e.rule = rule.id;
    e.title = rule.title;
    e.area = rule.area;
    e.kind = kind;
    e.level = rule.level;
    e.value = seen.value;
    e.samples = seen.samples;
    e.threshold = rule.threshold;
    e.text = std::move(text);
    return e;
}

evaluation_report evaluate_alerts(engine_core& core, const account_id& account, which_rules which,
                                  const stopper& stop) {
    return evaluate(core, account, which, stop).report;
}

void after_arrival(engine_core& core, const std::set<std::string, std::less<>>& accounts, arrival what) noexcept {
    for (const auto& account : accounts) {
        try {
            if (core.alerts.watches(*core.db, account))
                evaluate_arrivals(core, account_id(account), what);
        } catch (...) {
            // What arrived is stored, and that is what was asked for; the clock brings the evaluation again.
            continue;
        }
    }
}

void tell_host(engine_core& core, std::uint32_t account, const std::string& delivery) {
    (void)attempt_delivery(core, account, delivery, {});
}

} // namespace lineside
