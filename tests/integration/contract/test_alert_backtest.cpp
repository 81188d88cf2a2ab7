#include "integration/contract/alerting.hpp"

namespace lineside::contract {
namespace {

class backtest_test : public alerting_test {
protected:
    alert_backtest replay(alert_rule r, time_range range) {
        return lineside().async_backtest_alert_rule({std::move(r), range, {}}, block);
    }
    [[nodiscard]] diagnostics refused(alert_rule r, time_range range, errc why = errc::invalid_argument) {
        return failure_of([&] { return replay(r, range); }, why);
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(alert_backtests, backtest_test);

TEST_P(alert_backtests, say_when_a_rule_that_nobody_made_would_have_fired) {
    add_account();
    const auto night = at("2026-03-09T03:00:00Z");
    auto calls = ending(night, 0, 40);
    const auto better = ending(night + minutes(30), 200, 0);
    calls.insert(calls.end(), better.begin(), better.end());
    (void)import(calls);
    std::vector<instant> told_of;
    const auto r = lineside().async_backtest_alert_rule(
        {low_asr(), {night - hours(3), night + hours(21)}, [&](instant t) { told_of.push_back(t); }}, block);
    EXPECT_EQ(r.range, (time_range{night - hours(3), night + hours(21)}));
    EXPECT_EQ(r.evaluations, 24U * 60U);
    EXPECT_EQ(r.fired, 1U);
    EXPECT_EQ(r.held_back, 0U);
    ASSERT_EQ(r.events.size(), 2U);
    EXPECT_EQ(r.events[0].kind, alert_event_kind::fired);
    EXPECT_EQ(r.events[0].at, night);
    EXPECT_EQ(r.events[0].value, 0.0);
    EXPECT_EQ(r.events[0].samples, 40U);
    EXPECT_EQ(r.events[1].kind, alert_event_kind::reset);
    EXPECT_EQ(r.events[1].at, night + minutes(30));
    EXPECT_TRUE(std::is_sorted(told_of.begin(), told_of.end()));
    EXPECT_EQ(told_of.back(), night + hours(21));

    EXPECT_TRUE(history().empty()) << "nothing of it is kept";
    EXPECT_TRUE(deliveries().empty());
    EXPECT_TRUE(told.empty());
    EXPECT_TRUE(lineside().async_list_alert_rules({acme}, block).items.empty());
}

TEST_P(alert_backtests, hold_back_in_quiet_hours_as_the_clock_would) {
    add_account();
    const auto night = at("2026-03-09T03:00:00Z");
    (void)import(ending(night, 0, 40));
    auto r = low_asr();
    r.sample_period = hours(24);
    r.quiet = quiet_hours{22 * 60, 6 * 60, "Europe/Berlin"};
    const auto b = replay(r, {night - hours(3), night + hours(9)});
    EXPECT_EQ(b.fired, 1U);
    EXPECT_EQ(b.held_back, 1U);
    ASSERT_EQ(b.events.size(), 2U);
    EXPECT_EQ(b.events[0].at, night);
    EXPECT_EQ(b.events[1].at, night + hours(2)) << "06:00 in Berlin";
}

TEST_P(alert_backtests, know_nothing_of_what_is_still_to_come) {
    add_account();
    (void)import(ending(noon + hours(1), 0, 40));
    const auto r = replay(low_asr(), {noon - hours(1), noon + hours(2)});
    EXPECT_EQ(r.evaluations, 61U);
    EXPECT_EQ(r.fired, 0U);
}

TEST_P(alert_backtests, cover_a_year) {
    add_account();
    (void)import(ending(noon - days(200), 0, 40));
    auto r = low_asr();
    r.sample_period = hours(48);
    const auto b = replay(r, {noon - days(366), noon});
    EXPECT_EQ(b.evaluations, 366U * 24U) << "once an hour";
    EXPECT_EQ(b.fired, 2U) << "the second one after the repeat period of a day";
    EXPECT_EQ(refused(r, {noon - days(366) - duration(1), noon}).field, "range");
    EXPECT_EQ(refused(r, {noon, noon}).field, "range");
    EXPECT_EQ(refused(r, {}).field, "range");
    r.threshold = -1;
    EXPECT_EQ(refused(r, {noon - days(1), noon}).field, "threshold");
    r = low_asr();
    r.account = account_id("nobody");
    (void)refused(r, {noon - days(1), noon}, errc::not_found);
}

TEST_P(alert_backtests, let_the_host_ask_the_portal_meanwhile) {
    add_account();
    std::size_t asked = 0;
    const auto r = lineside().async_backtest_alert_rule(
        {low_asr(),
         {noon - days(2), noon},
         [&](instant) { asked += lineside().async_list_accounts({}, block).items.size(); }},
        block);
    EXPECT_EQ(r.evaluations, 2U * 24U * 60U);
    EXPECT_GE(asked, 1U);
}

// ---- the same as live

std::string in_words(const alert_event& e) {
    return to_string(e.at) + ' ' + std::string(to_string(e.kind)) + ' ' +
           (e.value ? std::to_string(*e.value) : std::string("-")) + " of " + std::to_string(e.samples) + ": " + e.text;
}

std::vector<std::string> in_words(const std::vector<alert_event>& events) {
    std::vector<std::string> all;
    for (const auto& e : events)
        all.push_back(in_words(e));
    return all;
}

// Across midnight. Calls are told live as they start and end, and stored at the end of the minute they ended in.
class live_and_replayed : public backtest_test {
protected:
    static constexpr int length = 75; // minutes
    const instant begin = at("2026-03-10T23:10:00Z");

    /// Calls of which some start in one second, and many fail for a while.
    [[nodiscard]] std::vector<call> some_calls(random_calls& random) const {
        std::vector<call> calls;
        for (int i = 0; i < 500; ++i) {
            auto start = begin + duration(random.number(1, length * 60'000 - 1));
            if (random.chance(3))
                start = std::chrono::floor<std::chrono::minutes>(start) + seconds(random.number(1, 9));
            const auto minute = (start - begin) / minutes(1);
            const bool outage = minute >= 20 && minute < 35;
            const auto id = "c" + std::to_string(i);
            auto c = !random.chance(outage ? 20 : 3) && (outage || random.chance(3))
                         ? failed_call(id, start)
                         : answered_call(id, start, duration(random.number(1, 400'000)));
            if (c.end_time->time_since_epoch() % minutes(1) == duration(0))
                *c.end_time += duration(1);
            if (random.chance(2))
                c.pdd_ms = duration(random.number(0, 6'000));
            if (random.chance(2))
                c = charged(c, "0." + std::to_string(random.number(10, 99)));
            calls.push_back(c);
        }
        return calls;
    }

    [[nodiscard]] static std::vector<alert_rule> rules_of_every_kind() {
        using enum alert_area;
        using enum alert_operator;
        std::vector<alert_rule> all;
        const auto add = [&](alert_area a, alert_operator o, double threshold, std::optional<double> reset,
                             duration sample, duration repeat) -> alert_rule& {
            auto r = rule(a, o, threshold, std::string(to_string(a)) + std::to_string(all.size()));
            r.reset_threshold = reset;
            r.sample_period = sample;
            r.repeat_period = repeat;
            return all.emplace_back(r);
        };
        add(asr, less, 45, std::nullopt, minutes(5), minutes(7));
        add(asr, less, 60, 62.5, minutes(15), hours(24)).minimum_samples = 60;
        add(asr, less_or_equal, 55, 70, minutes(10), minutes(3)).quiet = quiet_hours{23 * 60 + 20, 23 * 60 + 45, "UTC"};
        add(asr, greater, 55, std::nullopt, minutes(3), minutes(1));
        add(asr, less, 70, std::nullopt, hours(6), hours(24));
        add(acd, less, 170, 200, minutes(4), minutes(10)).minimum_samples = 5;
        add(pdd, greater, 3'100, 2'900, minutes(6), minutes(20)).minimum_samples = 10;
        add(cps, greater_or_equal, 3, std::nullopt, minutes(2), minutes(5));
        add(channels, greater_or_equal, 18, 15, minutes(1), minutes(4));
        add(channels, equal, 12, std::nullopt, minutes(1), minutes(1));
        add(consecutive_failures, greater_or_equal, 6, 3, minutes(10), minutes(2));
        add(balance, less, 20, 25, hours(1), minutes(30));
        add(daily_spend, greater_or_equal, 30, std::nullopt, hours(1), minutes(9));
        return all;
    }

    void play(const std::vector<call>& calls) {
        const auto tell = [&](const call& c, call_event_kind kind, instant when) {
            call_event e;
            e.kind = kind;
            e.source = c.source;
            e.call_id = c.call_id;
            e.at = when;
            e.account = acme;
            return e;
        };
        const auto pay = [&](std::string_view amount) {
            payment_create p;
            p.account = acme;
            p.total = parse_money(amount, "EUR").value();
            p.status = payment_status::completed;
            (void)lineside().async_create_payment(p, block);
        };
        clock.set(begin);
        pay("60");
        for (int minute = 0; minute <= length; ++minute) {
            const time_range past{begin + minutes(minute - 1), begin + minutes(minute)};
            std::vector<call_event> events;
            std::vector<call> ended;
            for (const auto& c : calls) {
                if (past.contains(c.start_time))
                    events.push_back(tell(c, call_event_kind::started, c.start_time));
                if (past.contains(*c.end_time)) {
                    events.push_back(tell(c, call_event_kind::ended, *c.end_time));
                    ended.push_back(c);
                }
            }
            std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
            clock.set(past.to - duration(1));
            (void)lineside().async_report_call_events({events}, block);
            clock.set(past.to);
            if (minute == 50)
                pay("30");
            (void)import(ended);
            (void)work();
        }
    }
};

class replayed_by_seed : public live_and_replayed {
protected:
    void run(std::uint64_t seed) {
        add_account();
        random_calls random(seed);
        clock.set(begin - seconds(30));
        std::vector<alert_rule> made;
        for (auto& r : rules_of_every_kind())
            made.push_back(make(std::move(r)));
        play(some_calls(random));
        std::size_t silent = 0;
        for (const auto& r : made) {
            const auto live = history({.rule = r.id});
            const auto b = replay(r, {begin, clock.now() + duration(1)});
            EXPECT_EQ(in_words(b.events), in_words(live)) << r.title;
            EXPECT_EQ(b.fired, static_cast<std::uint64_t>(std::count_if(told.begin(), told.end(),
                                                                        [&](const auto& e) { return e.rule == r.id; })))
                << r.title;
            silent += live.empty() ? 1 : 0;
        }
        EXPECT_LE(silent, 2U) << "rules that never did anything prove nothing";
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(alerts_replayed, replayed_by_seed);

TEST_P(alerts_replayed, do_what_they_did_live) { run(1); }
TEST_P(alerts_replayed, do_what_they_did_live_with_other_calls) { run(20'260'310); }

} // namespace
} // namespace lineside::contract
