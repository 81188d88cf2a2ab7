#include "portal/engine/alerts/alert_evaluation.hpp"
#include "portal/engine/alerts/alert_outbox.hpp"
#include "portal/engine/alerts/alert_sight.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/records.hpp"
#include "rules/email.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

// Alert rules: kept, tried out, and what became of them.
namespace lineside {

namespace {

constexpr std::uint32_t most_a_page = 1'000;
constexpr std::size_t most_recipients = 20;
constexpr duration between_tests = std::chrono::minutes(1);
constexpr duration longest_backtest = std::chrono::days(366);
constexpr std::size_t most_backtest_events = 10'000;
constexpr std::uint64_t looks_a_check = 1'024;
constexpr std::uint64_t entries_a_check = 1'024;

[[noreturn]] void refuse(std::string why, const char* field) {
    throw error(errc::invalid_argument, std::move(why), field);
}

void check_limit(std::uint32_t limit) {
    if (limit < 1 || limit > most_a_page)
        refuse("a page has 1 to 1000 items", "limit");
}

// ---- what a rule may be

void check_area(alert_area a, const principal& who) {
    if (!may_see(who.may, a))
        throw error(errc::permission_denied,
                    "this alert tells what takes " + std::string(to_string(*needed_for(a))) + ", which you may not",
                    "area");
}

alert_rule checked(alert_rule r, const principal& who) {
    rules::check_alert_rule(r);
    check_area(r.area, who);
    if (r.title.empty())
        refuse("an alert has a title", "title");
    r.title = checked_text(std::move(r.title), "title");
    return r;
}

bool is_own_contact(store::snapshot& db, std::uint32_t account, const std::string& address) {
    const auto known = contact_of_login(db, address);
    return known && known->account_key == account && known->contact.is_active() &&
           known->contact.email_verified_at.has_value();
}

// A customer tells its own people, and whom the operator named before: nobody sends mails to strangers.
void check_recipients(store::snapshot& db, std::uint32_t account, std::vector<std::string>& recipients,
                      const std::vector<std::string>& before, const principal& who) {
    if (recipients.size() > most_recipients)
        refuse("an alert has at most 20 recipients", "recipients");
    std::vector<std::string> names;
    for (const auto& to : recipients) {
        if (const auto* bad = rules::email_fault(to))
            refuse("the e-mail address " + std::string(bad), "recipients");
        (void)checked_text(to, "recipients");
        auto name = login_name(to);
        if (std::find(names.begin(), names.end(), name) != names.end())
            refuse("the recipient " + to + " is named twice", "recipients");
        names.push_back(std::move(name));
        const bool is_known = std::find(before.begin(), before.end(), to) != before.end();
        if (!who.is_operator() && !is_known && !is_own_contact(db, account, to))
            refuse(to + " is no contact of yours with a verified e-mail address; your operator can name others",
                   "recipients");
    }
}

std::vector<alert_rule_record> rules_of(store::snapshot& db, std::uint32_t account) {
    std::vector<alert_rule_record> all;
    each<alert_rule_record>(db, account, {}, store::scan_order::ascending, [&](alert_rule_record r) {
        all.push_back(std::move(r));
        return true;
    });
    return all;
}

void check_title(const std::vector<alert_rule_record>& all, const alert_rule_record& of) {
    for (const auto& r : all)
        if (r.id != of.id && r.rule.title == of.rule.title)
            throw error(errc::conflict, "another alert has the title '" + of.rule.title + "'", "title");
}

// Whoever may not see its area does not learn that it is there.
alert_rule_record rule_named(store::snapshot& db, std::uint32_t account, const std::string& id, const principal& who,
                             const char* field) {
    auto r = find<alert_rule_record>(db, account, id);
    if (!r || !may_see(who.may, r->rule.area))
        throw error(errc::not_found, "there is no alert rule '" + id.substr(0, 64) + "'", field);
    return *std::move(r);
}

// A condition that is no longer the same has seen nothing yet. One that is off sees nothing, but whom it told when stays.
void carry_state(store::transaction& tx, std::uint32_t account, const alert_rule_record& r, const alert_rule& before) {
    if (!rules::same_condition(r.rule, before)) {
        (void)erase<alert_state_record>(tx, account, r.id);
    } else if (auto s = find<alert_state_record>(tx, account, r.id); s && !r.rule.enabled) {
        s->state = {.notified_at = s->state.notified_at};
        put(tx, account, *s);
    }
}

rules::alert_state state_of(store::snapshot& db, std::uint32_t account, const std::string& rule) {
    return find<alert_state_record>(db, account, rule).value_or(alert_state_record()).state;
}

} // namespace

kept_answer<alert_rule> desk::create_alert_rule(alert_rule request) {
    alert_rule_record r;
    r.rule = checked(std::move(request), who_);
    auto made = change([&](store::transaction& tx) {
        const auto account = account_named(tx, r.rule.account);
        const auto all = rules_of(tx, account.key);
        if (all.size() >= most_alert_rules)
            throw error(errc::exhausted, "an account has at most 200 alert rules");
        check_title(all, r);
        check_recipients(tx, account.key, r.rule.recipients, {}, who_);
        r.id = new_id("ar", now_);
        r.rule.id = r.id;
        r.rule.created_at = now_;
        put(tx, account.key, r);
        core_.alerts.watch(account.value.id.value());
        note(tx, account.key, {.action = "create_alert_rule", .target = r.id, .detail = r.rule.title});
        return keep(tx, shown(r, account.value.id));
    });
    core_.alerts.forget(made.value().account.value(), made.value().id);
    return made;
}

alert_rule desk::update_alert_rule(alert_rule request) {
    auto wanted = checked(std::move(request), who_);
    auto made = change([&](store::transaction& tx) {
        const auto account = account_named(tx, wanted.account);
        auto r = rule_named(tx, account.key, wanted.id, who_, "id");
        check_unchanged([&] { return shown(r, account.value.id); });
        const auto before = std::exchange(r.rule, std::move(wanted));
        r.rule.created_at = before.created_at;
        check_title(rules_of(tx, account.key), r);
        check_recipients(tx, account.key, r.rule.recipients, before.recipients, who_);
        if (r.rule == before)
            return shown(r, account.value.id);
        ++r.revision;
        put(tx, account.key, r);
        carry_state(tx, account.key, r, before);
        note(tx, account.key, {.action = "update_alert_rule", .target = r.id, .detail = r.rule.title});
        return shown(r, account.value.id);
    });
    core_.alerts.forget(made.account.value(), made.id);
    return made;
}

acknowledged desk::delete_alert_rule(alert_rule_key request) {
    change([&](store::transaction& tx) {
        const auto account = account_named(tx, request.account);
        const auto r = rule_named(tx, account.key, request.rule, who_, "rule");
        check_unchanged([&] { return shown(r, account.value.id); });
        (void)erase<alert_rule_record>(tx, account.key, r.id);
        (void)erase<alert_state_record>(tx, account.key, r.id);
        note(tx, account.key, {.action = "delete_alert_rule", .target = r.id, .detail = r.rule.title});
    });
    core_.alerts.forget(request.account.value(), request.rule);
    return {};
}

page<alert_rule> desk::list_alert_rules(alert_rule_query request) {
    check_limit(request.limit);
    const auto db = core_.db->read();
    const auto account = account_named(*db, request.account);
    page<alert_rule> answer;
    each<alert_rule_record>(*db, account.key, {request.cursor, {}}, store::scan_order::ascending,
                            [&](const alert_rule_record& r) {
                                if (!may_see(who_.may, r.rule.area))
                                    return true;
                                if (answer.items.size() == request.limit) {
                                    answer.next = answer.items.back().id;
                                    return false;
                                }
                                answer.items.push_back(shown(r, account.value.id));
                                return true;
                            });
    return answer;
}

// ---- trying out

kept_answer<alert_test> desk::test_alert_rule(alert_test_request request) {
    if (request.delivery > alert_test_delivery::send)
        refuse("the delivery is none", "delivery");
    alert_test answer;
    {
        auto view = core_.calls->view();
        const auto account = account_named(*view.stored, request.account);
        const auto rule = shown(rule_named(*view.stored, account.key, request.rule, who_, "rule"), account.value.id);
        const auto* one = &rule;
        const auto seen = look_now(core_, view, account, {&one, 1}, now_, stop_).front();
        auto d = decide(account.value, rule, seen, state_of(*view.stored, account.key, rule.id));
        answer.would_fire = rule.enabled && rules::notifies(d.outcome);
        answer.event = event_about(account.value, rule, seen, alert_event_kind::tested, std::move(d.reason));
        answer.recipients = rule.recipients;
        const auto mail = mail_about(answer.event, account.value);
        answer.message = mail.subject + "\n\n" + mail.text;
    }
    if (request.delivery == alert_test_delivery::simulate)
        return keep(std::move(answer));

    std::uint32_t key = 0;
    std::optional<kept_answer<alert_test>> kept;
    const auto for_host = change([&](store::transaction& tx) {
        const auto account = account_named(tx, request.account);
        key = account.key;
        auto r = rule_named(tx, account.key, request.rule, who_, "rule");
        if (r.tested_at && *r.tested_at <= now_ && now_ - *r.tested_at < between_tests)
            throw error(errc::exhausted, "a test of this alert was sent less than a minute ago; wait until " +
                                             to_string(*r.tested_at + between_tests));
        r.tested_at = now_;
        put(tx, account.key, r);
        append_event(tx, account.key, answer.event);
        note(tx, account.key, {.action = "test_alert_rule", .target = r.id, .detail = r.rule.title});
        auto told = put_deliveries(tx, core_, account, answer.event, r.rule.recipients, now_);
        kept.emplace(keep(tx, std::move(answer)));
        return told;
    });
    if (for_host)
        tell_host(core_, key, *for_host);
    return std::move(kept).value();
}

alert_backtest desk::backtest_alert_rule(alert_backtest_request request) {
    auto& rule = request.rule;
    rules::check_alert_rule(rule);
    check_area(rule.area, who_);
    if (request.range.from >= request.range.to)
        refuse("the range is empty", "range");
    if (request.range.to - request.range.from > longest_backtest)
        refuse("a back-test covers at most 366 days", "range");
    alert_backtest answer;
    answer.range = request.range;
    {
        auto view = core_.calls->view();
        const auto account = account_named(*view.stored, rule.account);
        rules::alert_state state;
        look_back(core_, view, account, rule, request.range, now_, stop_, [&](const rules::observation& seen) {
            if (++answer.evaluations % looks_a_check == 0) {
                stop_.check();
                // A database in memory is read in the writer's turn, in which the host must not be called.
                if (request.on_progress && !core_.in_memory())
                    request.on_progress(seen.at);
            }
            auto d = decide(account.value, rule, seen, state);
            state = d.next;
            const auto kind = rules::event_of(d.outcome);
            if (!kind)
                return true;
            answer.fired += rules::notifies(d.outcome) ? 1 : 0;
            answer.held_back += d.outcome == rules::alert_outcome::held_back ? 1 : 0;
            if (answer.events.size() < most_backtest_events) {
                answer.events.push_back(event_about(account.value, rule, seen, *kind, std::move(d.reason)));
                answer.events.back().number = answer.events.size();
            }
            return true;
        });
    }
    if (request.on_progress)
        request.on_progress(std::min(request.range.to, now_));
    return answer;
}

// ---- what happened

page<alert_event> desk::list_alert_events(alert_event_query request) {
    check_limit(request.limit);
    auto last = std::numeric_limits<std::uint64_t>::max();
    if (!request.cursor.empty()) {
        const char* const end = request.cursor.data() + request.cursor.size();
        const auto number = std::from_chars(request.cursor.data(), end, last);
        if (number.ec != std::errc{} || number.ptr != end || last == 0)
            refuse("the cursor is not of this query", "cursor");
        --last;
    }
    const bool always = request.range == time_range{};
    const auto db = core_.db->read();
    const auto account = account_named(*db, request.account);
    page<alert_event> answer;
    std::uint64_t looked_at = 0;
    // Clocks are set back now and then, so that events out of the range do not end it.
    db->scan_entries(account.key, alert_stream, 1, last, store::scan_order::descending,
                     [&](std::uint64_t, std::string_view body) {
                         if (++looked_at % entries_a_check == 0)
                             stop_.check();
                         auto e = event_from(body);
                         if ((!request.rule.empty() && e.rule != request.rule) || !may_see(who_.may, e.area) ||
                             !(always || request.range.contains(e.at)))
                             return true;
                         if (answer.items.size() == request.limit) {
                             answer.next = std::to_string(answer.items.back().number);
                             return false;
                         }
                         answer.items.push_back(std::move(e));
                         return true;
                     });
    return answer;
}

} // namespace lineside
