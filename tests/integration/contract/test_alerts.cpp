#include "integration/contract/alerting.hpp"

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(alerts, alerting_test);

using enum alert_event_kind;
using kinds_of = std::vector<alert_event_kind>;

// ---- when a rule fires

TEST_P(alerts, fire_as_calls_arrive) {
    add_account();
    auto r = low_asr();
    r.minimum_samples = 10;
    r.level = severity::error;
    r = make(r);
    (void)import(ending(noon - minutes(10), 2, 38));
    ASSERT_EQ(told.size(), 1U) << "without any work by the clock";
    const auto& e = told.front();
    EXPECT_EQ(e.account, acme);
    EXPECT_EQ(e.rule, r.id);
    EXPECT_EQ(e.title, "Quality");
    EXPECT_EQ(e.kind, fired);
    EXPECT_EQ(e.area, alert_area::asr);
    EXPECT_EQ(e.level, severity::error);
    EXPECT_EQ(e.value, 5.0);
    EXPECT_EQ(e.samples, 40U);
    EXPECT_EQ(e.threshold, 50.0);
    EXPECT_EQ(e.at, noon);
    EXPECT_EQ(e.number, 1U);
    EXPECT_NE(e.text.find("2 of 40 calls answered"), std::string::npos) << e.text;
    EXPECT_EQ(history(), told);
    EXPECT_EQ(work().fired, 0U) << "it has looked at this minute";
}

TEST_P(alerts, fire_as_call_records_are_read) {
    add_account();
    (void)make(low_asr());
    (void)import_text(to_csv(ending(noon, 0, 40)));
    EXPECT_EQ(told.size(), 1U);
}

TEST_P(alerts, fire_on_the_clock) {
    add_account();
    (void)make(low_asr());
    clock.set(noon + seconds(30));
    arrive(0, 40);
    EXPECT_TRUE(told.empty()) << "the minute is not over";
    clock.set(noon + seconds(60));
    const auto report = work();
    EXPECT_EQ(report.evaluated, 1U);
    EXPECT_EQ(report.fired, 1U);
    EXPECT_EQ(report.delivered, 1U);
    EXPECT_EQ(report.next_due, noon + minutes(2));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().at, noon + minutes(1));
}

TEST_P(alerts, a_portal_without_rules_has_nothing_to_do) {
    add_account();
    arrive(0, 100);
    EXPECT_EQ(work(), work_report());
    EXPECT_TRUE(history().empty());
}

TEST_P(alerts, fire_again_only_after_the_value_was_beyond_the_reset_threshold) {
    add_account();
    auto r = low_asr();
    r.reset_threshold = 70;
    r.sample_period = minutes(10);
    r.repeat_period = minutes(1);
    (void)make(r);
    const auto after_ten_minutes_of = [&](std::size_t answered, std::size_t failed) {
        clock.advance(minutes(10));
        arrive(answered, failed);
        (void)work();
    };
    after_ten_minutes_of(10, 90);
    EXPECT_EQ(kinds(), kinds_of{fired});
    after_ten_minutes_of(60, 40);
    EXPECT_EQ(kinds(), kinds_of{fired}) << "60 % is neither below 50 % nor above 70 %";
    after_ten_minutes_of(10, 90);
    EXPECT_EQ(kinds(), (kinds_of{fired, repeated})) << "it was never over";
    after_ten_minutes_of(90, 10);
    EXPECT_EQ(kinds(), (kinds_of{fired, repeated, reset}));
    after_ten_minutes_of(60, 40);
    after_ten_minutes_of(10, 90);
    EXPECT_EQ(kinds(), (kinds_of{fired, repeated, reset, fired}));
    EXPECT_EQ(told.size(), 3U) << "a reset is kept and told nobody";
}

TEST_P(alerts, fewer_calls_than_the_minimum_decide_nothing) {
    add_account();
    auto r = low_asr();
    r.minimum_samples = 30;
    (void)make(r);
    arrive(0, 29);
    EXPECT_TRUE(told.empty());
    clock.advance(minutes(1));
    arrive(0, 1);
    EXPECT_EQ(told.size(), 1U);
}

TEST_P(alerts, an_asr_that_so_few_calls_may_have_by_chance_does_not_fire) {
    add_account();
    const auto r = make(low_asr());
    arrive(1, 2);
    EXPECT_TRUE(told.empty()) << "1 of 3 may well come from an ASR of 79 %";
    const auto seen = lineside().async_test_alert_rule({acme, r.id}, block);
    EXPECT_FALSE(seen.would_fire);
    EXPECT_NE(seen.event.text.find("so few calls"), std::string::npos) << seen.event.text;
    clock.advance(minutes(1));
    arrive(7, 20);
    EXPECT_EQ(told.size(), 1U) << "8 of 30 surely not";
}

TEST_P(alerts, tell_at_most_once_in_a_repeat_period) {
    add_account();
    auto r = low_asr();
    r.repeat_period = hours(1);
    (void)make(r);
    for (int minute = 0; minute <= 130; ++minute) {
        clock.set(noon + minutes(minute));
        arrive(0, 30);
        (void)work();
    }
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0].at, noon);
    EXPECT_EQ(told[1].at, noon + hours(1));
    EXPECT_EQ(told[2].at, noon + hours(2));
    EXPECT_EQ(kinds(), (kinds_of{fired, repeated, repeated}));
}

TEST_P(alerts, what_fires_again_within_the_repeat_period_is_held_back_until_its_end) {
    add_account();
    auto r = low_asr();
    r.sample_period = minutes(10);
    r.repeat_period = hours(1);
    (void)make(r);
    arrive(0, 100);
    clock.set(noon + minutes(20));
    arrive(100, 0);
    clock.set(noon + minutes(40));
    arrive(0, 100);
    EXPECT_EQ(kinds(), (kinds_of{fired, reset, held_back}));
    for (int minute = 41; minute <= 60; ++minute) {
        clock.set(noon + minutes(minute));
        arrive(0, 20);
    }
    EXPECT_EQ(kinds(), (kinds_of{fired, reset, held_back, fired}));
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1].at, noon + hours(1));
}

// ---- quiet hours

class quiet_test : public alerting_test {
protected:
    // 18:00 in Kolkata is half past twelve in UTC, and 07:00 half past one.
    void make_quiet_rule() {
        account a;
        a.id = acme;
        a.time_zone = "Asia/Kolkata";
        (void)lineside().async_create_account(a, block);
        auto r = low_asr();
        r.sample_period = hours(24);
        r.quiet = quiet_hours{18 * 60, 7 * 60, {}};
        (void)make(r);
    }
    const instant begin = noon + minutes(30);
    const instant end = noon + hours(13) + minutes(30);
};

LINESIDE_ON_EVERY_PORTAL_WITH(quiet_alerts, quiet_test);

TEST_P(quiet_alerts, are_held_back_and_sent_at_the_end_if_they_still_hold) {
    make_quiet_rule();
    clock.set(begin);
    arrive(0, 40);
    EXPECT_TRUE(told.empty());
    ASSERT_EQ(kinds(), kinds_of{held_back});
    EXPECT_NE(history().front().text.find("quiet until 2026-03-11 01:30"), std::string::npos) << history().front().text;
    clock.set(end - minutes(1));
    (void)work();
    EXPECT_TRUE(told.empty());
    clock.set(end);
    (void)work();
    EXPECT_EQ(kinds(), (kinds_of{held_back, fired}));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().at, end);
}

TEST_P(quiet_alerts, are_not_sent_where_it_is_over_by_then) {
    make_quiet_rule();
    clock.set(begin + hours(1));
    arrive(0, 40);
    clock.set(begin + hours(3));
    arrive(200, 0);
    clock.set(end);
    (void)work();
    EXPECT_EQ(kinds(), (kinds_of{held_back, reset}));
    EXPECT_TRUE(told.empty());
}

TEST_P(quiet_alerts, are_sent_at_once_at_the_look_before) {
    make_quiet_rule();
    clock.set(begin - minutes(5));
    arrive(0, 40);
    EXPECT_EQ(told.size(), 1U);
}

TEST_P(quiet_alerts, a_zone_of_the_rule_comes_before_the_accounts) {
    add_account();
    auto r = low_asr();
    r.quiet = quiet_hours{13 * 60, 14 * 60, "Europe/Berlin"};
    (void)make(r);
    arrive(0, 40);
    EXPECT_EQ(kinds(), kinds_of{held_back}) << "noon UTC is 13:00 in Berlin";
}

// ---- clocks and kills

TEST_P(alerts, a_clock_that_jumps_ahead_and_back_makes_nobody_be_told_twice) {
    add_account();
    auto r = low_asr();
    r.sample_period = days(31);
    r.recipients = {"noc@example.com"};
    (void)make(r);
    arrive(0, 40);
    (void)work();
    ASSERT_EQ(told.size(), 1U);
    for (const auto jump : {hours(23), -hours(23), hours(5), -hours(15), hours(10)}) {
        clock.advance(jump);
        (void)work();
        arrive(0, 5);
    }
    EXPECT_LT(clock.now(), noon + hours(24));
    EXPECT_EQ(told.size(), 1U);
    clock.set(noon + days(300));
    (void)work();
    clock.set(noon + minutes(5));
    (void)work();
    arrive(0, 5);
    EXPECT_EQ(told.size(), 1U);
    EXPECT_EQ(box().mails.size(), 1U);
}

TEST_P(alerts, a_delivery_that_failed_while_the_clock_was_ahead_is_not_forgotten) {
    add_account();
    const auto r = make(low_asr());
    host_fails = true;
    clock.set(noon + days(300));
    (void)lineside().async_test_alert_rule({acme, r.id, alert_test_delivery::send}, block);
    EXPECT_TRUE(told.empty());
    host_fails = false;
    clock.set(noon);
    EXPECT_EQ(work().delivered, 1U);
    EXPECT_EQ(told.size(), 1U);
}

TEST_P(alerts, what_a_rule_remembers_outlives_the_process) {
    add_account();
    auto r = low_asr();
    r.repeat_period = hours(1);
    (void)make(r);
    arrive(0, 40);
    ASSERT_EQ(told.size(), 1U);
    reopen();
    clock.advance(minutes(30));
    arrive(0, 40);
    (void)work();
    EXPECT_EQ(told.size(), 1U);
    reopen();
    clock.advance(minutes(30));
    (void)work();
    EXPECT_EQ(kinds(), (kinds_of{fired, repeated}));
}

// ---- what rules look at

TEST_P(alerts, look_at_the_credit_that_is_left) {
    add_account();
    payment_create p;
    p.account = acme;
    p.total = parse_money("100", "EUR").value();
    p.status = payment_status::completed;
    (void)lineside().async_create_payment(p, block);
    (void)make(rule(alert_area::balance, alert_operator::less, 20));
    auto c = ending(noon, 1, 0);
    c.front() = charged(c.front(), "80");
    (void)import(c);
    EXPECT_TRUE(told.empty()) << "20 is not below 20";
    c = ending(noon, 1, 0);
    c.front() = charged(c.front(), "0.01");
    (void)import(c);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().value, 19.99);
    EXPECT_NE(told.front().text.find("19.99 EUR"), std::string::npos) << told.front().text;
    (void)lineside().async_create_payment(p, block);
    clock.advance(minutes(1));
    (void)work();
    EXPECT_EQ(kinds(), (kinds_of{fired, reset}));
}

TEST_P(alerts, look_at_the_spend_of_the_utc_day) {
    add_account();
    auto r = rule(alert_area::daily_spend, alert_operator::greater_or_equal, 50);
    r.repeat_period = hours(1);
    (void)make(r);
    auto c = ending(noon, 2, 0);
    for (auto& one : c)
        one = charged(one, "25");
    (void)import(c);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().value, 50.0);
    clock.set(noon + hours(12));
    (void)work();
    EXPECT_EQ(kinds().back(), repeated) << "at midnight it is the day that ends";
    clock.advance(minutes(1));
    (void)work();
    EXPECT_EQ(kinds().back(), reset);
}

TEST_P(alerts, look_at_channels_and_calls_a_second_as_they_are_told_live) {
    add_account();
    (void)make(rule(alert_area::channels, alert_operator::greater, 2, "Channels"));
    (void)make(rule(alert_area::cps, alert_operator::greater_or_equal, 3, "Calls a second"));
    const auto start = [&](std::string id) {
        call_event e;
        e.kind = call_event_kind::started;
        e.source = "switch";
        e.call_id = std::move(id);
        e.at = clock.now();
        e.account = acme;
        (void)lineside().async_report_call_events({{e}}, block);
    };
    clock.advance(seconds(10));
    for (const auto* id : {"a", "b", "c"})
        start(id);
    EXPECT_TRUE(told.empty()) << "the minute is not over";
    clock.advance(minutes(1));
    start("d");
    ASSERT_EQ(told.size(), 2U) << "the first event of a minute looks at the one before";
    EXPECT_EQ(told_of(alert_area::channels), 3.0);
    EXPECT_EQ(told_of(alert_area::cps), 3.0);
}

TEST_P(alerts, look_at_the_minute_before_when_a_call_is_admitted_or_a_snapshot_comes) {
    add_account();
    auto r = rule(alert_area::channels, alert_operator::greater_or_equal, 1);
    r.repeat_period = minutes(1);
    (void)make(r);
    const auto admit = [&](std::string id) {
        admission_request a;
        a.account = acme;
        a.source = "switch";
        a.call_id = std::move(id);
        (void)lineside().async_admit_call(a, block);
    };
    admit("a");
    clock.advance(minutes(1));
    admit("b");
    EXPECT_EQ(told.size(), 1U);
    clock.advance(minutes(1));
    live_snapshot s;
    s.source = "switch";
    s.account = acme;
    s.at = clock.now();
    (void)lineside().async_report_live_calls(s, block);
    EXPECT_EQ(told.size(), 2U);
}

TEST_P(alerts, look_at_failures_in_a_row_acd_and_pdd) {
    add_account();
    (void)make(rule(alert_area::consecutive_failures, alert_operator::greater_or_equal, 5, "Row"));
    (void)make(rule(alert_area::acd, alert_operator::less, 30, "ACD"));
    (void)make(rule(alert_area::pdd, alert_operator::greater, 4'000, "PDD"));
    std::vector<call> calls;
    for (int i = 0; i < 4; ++i)
        calls.push_back(answered_call("short" + std::to_string(i), noon - minutes(30), seconds(10)));
    for (int i = 0; i < 5; ++i) {
        calls.push_back(failed_call("failed" + std::to_string(i), noon - minutes(20)));
        calls.back().pdd_ms = seconds(5);
    }
    (void)import(calls);
    EXPECT_EQ(told.size(), 3U);
    EXPECT_EQ(told_of(alert_area::consecutive_failures), 5.0);
    EXPECT_EQ(told_of(alert_area::acd), 10.0);
    EXPECT_EQ(told_of(alert_area::pdd), 5'000.0);
}

TEST_P(alerts, that_fire_are_in_the_checklist_until_they_are_reset) {
    add_account();
    auto r = low_asr();
    r.level = severity::error;
    r.sample_period = minutes(10);
    r = make(r);
    const auto item = [&]() -> std::optional<checklist_item> {
        const auto list = lineside().async_get_checklist({.account = acme}, block);
        const auto found = std::find_if(list.items.begin(), list.items.end(),
                                        [](const checklist_item& i) { return i.code == "alerts_fired"; });
        return found == list.items.end() ? std::nullopt : std::optional(*found);
    };
    EXPECT_FALSE(item());
    arrive(0, 40);
    ASSERT_TRUE(item());
    EXPECT_EQ(item()->severity, severity::error);
    clock.advance(minutes(20));
    arrive(100, 0);
    EXPECT_FALSE(item());
    clock.advance(minutes(20));
    arrive(0, 40);
    EXPECT_TRUE(item());
    r.enabled = false;
    (void)change(r);
    EXPECT_FALSE(item()) << "nobody looks at it any more";
}

// ---- trying out

TEST_P(alerts, a_simulated_test_says_what_it_sees_and_changes_nothing) {
    add_account();
    auto r = low_asr();
    r.recipients = {"noc@example.com"};
    r.quiet = quiet_hours{11 * 60, 13 * 60, "UTC"};
    r = make(r);
    arrive(0, 40);
    const auto before = history();
    ASSERT_EQ(before.size(), 1U);
    auto t = lineside().async_test_alert_rule({acme, r.id}, block);
    EXPECT_FALSE(t.would_fire) << "it is quiet now";
    r.quiet.reset();
    (void)change(r);
    t = lineside().async_test_alert_rule({acme, r.id}, block);
    EXPECT_TRUE(t.would_fire);
    EXPECT_EQ(t.event.kind, tested);
    EXPECT_EQ(t.event.value, 0.0);
    EXPECT_EQ(t.event.samples, 40U);
    EXPECT_EQ(t.recipients, r.recipients);
    EXPECT_NE(t.message.find("Test: Quality"), std::string::npos) << t.message;
    EXPECT_NE(t.message.find(t.event.text), std::string::npos) << t.message;
    EXPECT_EQ(history(), before);
    EXPECT_TRUE(deliveries().empty());
    EXPECT_TRUE(told.empty());
    EXPECT_TRUE(box().mails.empty());
    r.enabled = false;
    (void)change(r);
    EXPECT_FALSE(lineside().async_test_alert_rule({acme, r.id}, block).would_fire);
}

TEST_P(alerts, a_test_that_is_sent_reaches_everybody_once_a_minute) {
    add_account();
    auto r = low_asr();
    r.recipients = {"noc@example.com"};
    r = make(r);
    const alert_test_request send{acme, r.id, alert_test_delivery::send};
    const auto t = lineside().async_test_alert_rule(send, block);
    EXPECT_FALSE(t.would_fire);
    EXPECT_EQ(t.event.number, 1U);
    EXPECT_EQ(told, std::vector{t.event});
    (void)work();
    ASSERT_EQ(box().mails.size(), 1U);
    EXPECT_EQ(box().mails[0].subject, "Test: Quality");
    EXPECT_EQ(history(), std::vector{t.event});
    (void)failure_of([&] { return lineside().async_test_alert_rule(send, block); }, errc::exhausted);
    clock.advance(seconds(59));
    (void)failure_of([&] { return lineside().async_test_alert_rule(send, block); }, errc::exhausted);
    clock.advance(seconds(1));
    EXPECT_EQ(lineside().async_test_alert_rule(send, block).event.number, 2U);
    arrive(0, 40);
    EXPECT_EQ(kinds(), (kinds_of{tested, tested, fired})) << "a test does not count as having told";
}

// ---- history

TEST_P(alerts, history_is_listed_newest_first_page_by_page) {
    add_account();
    const auto a = make(low_asr("A"));
    const auto b = make(low_asr("B"));
    for (int i = 0; i < 7; ++i) {
        clock.set(noon + hours(i));
        (void)lineside().async_test_alert_rule({acme, i % 3 == 0 ? b.id : a.id, alert_test_delivery::send}, block);
    }
    const auto numbers = [&](alert_event_query q) {
        std::vector<std::uint64_t> all;
        q.account = acme;
        do {
            const auto page = lineside().async_list_alert_events(q, block);
            EXPECT_LE(page.items.size(), q.limit);
            for (const auto& e : page.items)
                all.push_back(e.number);
            q.cursor = page.next;
        } while (!q.cursor.empty());
        return all;
    };
    for (const std::uint32_t limit : {1U, 2U, 3U, 7U, 8U}) {
        alert_event_query q;
        q.limit = limit;
        EXPECT_EQ(numbers(q), (std::vector<std::uint64_t>{7, 6, 5, 4, 3, 2, 1}));
        q.rule = b.id;
        EXPECT_EQ(numbers(q), (std::vector<std::uint64_t>{7, 4, 1}));
        q.range = {noon + hours(1), noon + hours(6)};
        EXPECT_EQ(numbers(q), (std::vector<std::uint64_t>{4}));
        q.rule.clear();
        EXPECT_EQ(numbers(q), (std::vector<std::uint64_t>{6, 5, 4, 3, 2}));
    }
    const auto refused = [&](alert_event_query q) {
        q.account = acme;
        return failure_of([&] { return lineside().async_list_alert_events(q, block); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(refused({.limit = 0}), "limit");
    EXPECT_EQ(refused({.limit = 1'001}), "limit");
    EXPECT_EQ(refused({.cursor = "x"}), "cursor");
}

// ---- who is told

TEST_P(alerts, recipients_are_mailed_when_the_work_is_done) {
    account a;
    a.id = acme;
    a.name = "Acme Ltd";
    a.time_zone = "Europe/Berlin";
    (void)lineside().async_create_account(a, block);
    auto r = low_asr("Low ASR");
    r.recipients = {"noc@example.com", "boss@example.com"};
    (void)make(r);
    arrive(0, 40);
    EXPECT_TRUE(box().mails.empty());
    const auto report = work();
    EXPECT_EQ(report.delivered, 2U);
    EXPECT_EQ(report.waiting, 0U);
    ASSERT_EQ(box().mails.size(), 2U);
    const auto& m = box().mails[0];
    EXPECT_EQ(m.account, acme);
    EXPECT_EQ(m.subject, "Low ASR");
    EXPECT_NE(m.text.find("ASR is 0.00 % (0 of 40 calls answered), below 50.00 %"), std::string::npos) << m.text;
    EXPECT_NE(m.text.find("Acme Ltd"), std::string::npos) << m.text;
    EXPECT_NE(m.text.find("2026-03-10T13:00:00"), std::string::npos) << m.text;
    EXPECT_EQ(m.text, box().mails[1].text);
    EXPECT_NE(m.to, box().mails[1].to);
    (void)work();
    EXPECT_EQ(box().mails.size(), 2U);
}

TEST_P(alerts, a_callback_that_throws_is_called_again_later_and_fails_no_import) {
    add_account();
    (void)make(low_asr());
    host_fails = true;
    EXPECT_EQ(import(ending(noon, 0, 40)).imported, 40U);
    EXPECT_TRUE(told.empty());
    host_fails = false;
    const auto waiting = deliveries({.status = delivery_status::waiting});
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting[0].channel, delivery_channel::callback);
    EXPECT_EQ(waiting[0].attempts, 1U);
    EXPECT_FALSE(waiting[0].last_failure.empty());
    clock.set(waiting[0].next_attempt_at.value());
    EXPECT_EQ(work().delivered, 1U);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front(), history().front());
}

TEST_P(alerts, a_callback_may_ask_the_portal) {
    std::vector<std::size_t> seen;
    settings.delivery.on_alert = [&](const alert_event& e) {
        seen.push_back(lineside().async_list_alert_events({.account = e.account}, block).items.size());
        (void)import(ending(noon, 0, 1));
    };
    add_account();
    (void)make(low_asr());
    arrive(0, 40);
    EXPECT_EQ(seen, std::vector<std::size_t>{1});
}

} // namespace
} // namespace lineside::contract
