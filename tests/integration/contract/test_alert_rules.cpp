#include "integration/contract/alerting.hpp"

#include <limits>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(alert_rules, alerting_test);

using enum alert_event_kind;
using kinds_of = std::vector<alert_event_kind>;

TEST_P(alert_rules, what_was_made_is_read_back) {
    add_account();
    auto wanted = low_asr();
    wanted.reset_threshold = 60;
    wanted.sample_period = minutes(15);
    wanted.minimum_samples = 20;
    wanted.repeat_period = hours(2);
    wanted.level = severity::error;
    wanted.recipients = {"noc@example.com"};
    wanted.quiet = quiet_hours{22 * 60, 6 * 60, "Europe/Berlin"};
    const auto made = make(wanted);
    EXPECT_TRUE(made.id.starts_with("ar-")) << made.id;
    wanted.id = made.id;
    wanted.created_at = noon;
    EXPECT_EQ(made, wanted);
    EXPECT_EQ(lineside().async_list_alert_rules({acme}, block).items, std::vector{wanted});
    reopen();
    EXPECT_EQ(lineside().async_list_alert_rules({acme}, block).items, std::vector{wanted});
}

TEST_P(alert_rules, bad_fields_are_refused_naming_them) {
    add_account();
    const auto refused = [&](auto spoil) {
        auto r = low_asr();
        spoil(r);
        return failure_of([&] { return make(r); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(refused([](auto& r) { r.title.clear(); }), "title");
    EXPECT_EQ(refused([](auto& r) { r.title = "a\r\nBcc: x@example.com"; }), "title");
    EXPECT_EQ(refused([](auto& r) { r.title.assign(257, 'x'); }), "title");
    EXPECT_EQ(refused([](auto& r) { r.threshold = std::numeric_limits<double>::quiet_NaN(); }), "threshold");
    EXPECT_EQ(refused([](auto& r) { r.threshold = 101; }), "threshold");
    EXPECT_EQ(refused([](auto& r) { r.reset_threshold = 40; }), "reset_threshold");
    EXPECT_EQ(refused([](auto& r) { r.sample_period = seconds(90); }), "sample_period");
    EXPECT_EQ(refused([](auto& r) { r.repeat_period = seconds(59); }), "repeat_period");
    EXPECT_EQ(refused([](auto& r) { r.quiet = quiet_hours{60, 60, {}}; }), "quiet");
    EXPECT_EQ(refused([](auto& r) { r.recipients = {"nobody"}; }), "recipients");
    EXPECT_EQ(refused([](auto& r) { r.recipients = {"a@example.com", "A@Example.com"}; }), "recipients");
    EXPECT_EQ(refused([](auto& r) {
                  for (int i = 0; i < 21; ++i)
                      r.recipients.push_back("r" + std::to_string(i) + "@example.com");
              }),
              "recipients");
    auto nowhere = low_asr();
    nowhere.quiet = quiet_hours{60, 120, "Mars/Olympus"};
    (void)failure_of([&] { return make(nowhere); }, errc::invalid_argument);
    EXPECT_TRUE(lineside().async_list_alert_rules({acme}, block).items.empty());
}

TEST_P(alert_rules, have_titles_of_their_own_in_an_account) {
    add_account();
    add_account(account_id("other"));
    (void)make(low_asr("A"));
    auto b = make(low_asr("B"));
    EXPECT_EQ(failure_of([&] { return make(low_asr("A")); }, errc::conflict).field, "title");
    b.title = "A";
    EXPECT_EQ(failure_of([&] { return change(b); }, errc::conflict).field, "title");
    auto elsewhere = low_asr("A");
    elsewhere.account = account_id("other");
    EXPECT_EQ(make(elsewhere).title, "A");
}

TEST_P(alert_rules, are_at_most_two_hundred_in_an_account) {
    add_account();
    for (int i = 0; i < 200; ++i)
        (void)make(low_asr(std::to_string(i)));
    (void)failure_of([&] { return make(low_asr("one more")); }, errc::exhausted);
}

TEST_P(alert_rules, are_listed_oldest_first_page_by_page) {
    add_account();
    for (int i = 0; i < 5; ++i) {
        clock.advance(seconds(1));
        (void)make(low_asr(std::to_string(i)));
    }
    for (const std::uint32_t limit : {1U, 2U, 5U, 6U}) {
        std::string titles;
        alert_rule_query q{acme, {}, limit};
        do {
            const auto page = lineside().async_list_alert_rules(q, block);
            EXPECT_LE(page.items.size(), limit);
            for (const auto& r : page.items)
                titles += r.title;
            q.cursor = page.next;
        } while (!q.cursor.empty());
        EXPECT_EQ(titles, "01234");
    }
    (void)failure_of([&] { return lineside().async_list_alert_rules({acme, {}, 0}, block); }, errc::invalid_argument);
}

TEST_P(alert_rules, remember_what_happened_while_their_condition_stays) {
    add_account();
    auto r = make(low_asr());
    arrive(0, 40);
    ASSERT_EQ(told.size(), 1U);
    r.title = "Another title";
    r.level = severity::error;
    r.recipients = {"noc@example.com"};
    EXPECT_EQ(change(r), r);
    clock.advance(minutes(1));
    arrive(0, 40);
    EXPECT_EQ(told.size(), 1U) << "it is the same alert";
    r.threshold = 40;
    (void)change(r);
    (void)work();
    ASSERT_EQ(told.size(), 2U) << "it is another one";
    EXPECT_EQ(told[1].title, "Another title");
    EXPECT_EQ(told[1].kind, fired);
}

TEST_P(alert_rules, that_are_off_look_at_nothing_and_on_again_tell_no_sooner) {
    add_account();
    auto r = low_asr();
    r.repeat_period = hours(1);
    r = make(r);
    arrive(0, 40);
    ASSERT_EQ(told.size(), 1U);
    r.enabled = false;
    (void)change(r);
    clock.advance(minutes(10));
    arrive(0, 40);
    EXPECT_EQ(work(), work_report());
    r.enabled = true;
    (void)change(r);
    arrive(0, 40);
    EXPECT_EQ(told.size(), 1U);
    clock.set(noon + hours(1));
    (void)work();
    EXPECT_EQ(told.size(), 2U);
}

TEST_P(alert_rules, that_are_deleted_leave_their_history) {
    add_account();
    const auto r = make(low_asr());
    arrive(0, 40);
    (void)lineside().async_delete_alert_rule({acme, r.id}, block);
    EXPECT_TRUE(lineside().async_list_alert_rules({acme}, block).items.empty());
    EXPECT_EQ(kinds(), kinds_of{fired});
    (void)failure_of([&] { return lineside().async_delete_alert_rule({acme, r.id}, block); }, errc::not_found);
    (void)failure_of([&] { return change(r); }, errc::not_found);
    (void)failure_of([&] { return lineside().async_test_alert_rule({acme, r.id}, block); }, errc::not_found);
    clock.advance(days(2));
    arrive(0, 40);
    EXPECT_EQ(work().evaluated, 0U);
    EXPECT_EQ(told.size(), 1U);
}

TEST_P(alert_rules, changes_are_in_the_access_log_and_repeats_are_not) {
    add_account();
    auto r = make(low_asr());
    r.threshold = 45;
    (void)change(r);
    (void)change(r);
    (void)lineside().async_test_alert_rule({acme, r.id}, block);
    (void)lineside().async_test_alert_rule({acme, r.id, alert_test_delivery::send}, block);
    (void)lineside().async_delete_alert_rule({acme, r.id}, block);
    std::vector<std::string> actions;
    for (const auto& e : lineside().async_list_access_log({.account = acme}, block).items) {
        EXPECT_TRUE(e.target == r.id || e.action == "create_account") << e.target;
        actions.push_back(e.action);
    }
    std::reverse(actions.begin(), actions.end());
    EXPECT_EQ(actions, (std::vector<std::string>{"create_account", "create_alert_rule", "update_alert_rule",
                                                 "test_alert_rule", "delete_alert_rule"}));
}

TEST_P(alert_rules, of_another_account_are_not_there) {
    add_account();
    add_account(account_id("other"));
    (void)add("admin@other.example", role::administrator, account_id("other"));
    const auto stranger = sign_in("admin@other.example");
    auto r = make(low_asr());
    (void)lineside().async_test_alert_rule({acme, r.id, alert_test_delivery::send}, block);
    for (const auto& of : {acme, account_id("other"), account_id()}) {
        const auto expect_not_found = [&](auto run) { (void)failure_of(run, errc::not_found); };
        expect_not_found([&] { return stranger->async_test_alert_rule({of, r.id}, block); });
        expect_not_found([&] { return stranger->async_delete_alert_rule({of, r.id}, block); });
        expect_not_found([&] {
            auto mine = r;
            mine.account = of;
            return stranger->async_update_alert_rule(mine, block);
        });
    }
    (void)failure_of([&] { return stranger->async_create_alert_rule(r, block); }, errc::not_found);
    (void)failure_of([&] { return stranger->async_list_alert_rules({acme}, block); }, errc::not_found);
    (void)failure_of([&] { return stranger->async_list_alert_events({.account = acme}, block); }, errc::not_found);
    (void)failure_of(
        [&] {
            return stranger->async_backtest_alert_rule({r, {noon - hours(1), noon}, {}}, block);
        },
        errc::not_found);
    EXPECT_TRUE(stranger->async_list_alert_rules({}, block).items.empty());
    EXPECT_TRUE(stranger->async_list_alert_events({}, block).items.empty());
    (void)failure_of([&] { return stranger->async_run_due_work({}, block); }, errc::permission_denied);
}

TEST_P(alert_rules, about_money_are_for_those_who_may_see_it) {
    add_account();
    (void)add("manager@example.com", role::manager);
    (void)add("tech@example.com", role::technician);
    (void)add("viewer@example.com", role::viewer);
    const auto manager = sign_in("manager@example.com");
    const auto tech = sign_in("tech@example.com");
    const auto viewer = sign_in("viewer@example.com");
    auto low = rule(alert_area::balance, alert_operator::less_or_equal, 0, "No credit");
    const auto d = failure_of([&] { return tech->async_create_alert_rule(low, block); }, errc::permission_denied);
    EXPECT_EQ(d.field, "area");
    (void)failure_of(
        [&] {
            return tech->async_backtest_alert_rule({low, {noon - hours(1), noon}, {}}, block);
        },
        errc::permission_denied);
    low = manager->async_create_alert_rule(low, block);
    auto own = tech->async_create_alert_rule(low_asr(), block);
    own.area = alert_area::balance;
    (void)failure_of([&] { return tech->async_update_alert_rule(own, block); }, errc::permission_denied);
    (void)work();
    ASSERT_EQ(kinds(), kinds_of{fired});

    EXPECT_EQ(manager->async_list_alert_rules({}, block).items.size(), 2U);
    EXPECT_EQ(manager->async_list_alert_events({}, block).items.size(), 1U);
    EXPECT_EQ(tech->async_list_alert_rules({}, block).items.size(), 1U);
    EXPECT_TRUE(tech->async_list_alert_events({}, block).items.empty());
    (void)failure_of([&] { return tech->async_test_alert_rule({acme, low.id}, block); }, errc::not_found);
    (void)failure_of([&] { return tech->async_delete_alert_rule({acme, low.id}, block); }, errc::not_found);
    low.recipients = {};
    low.area = alert_area::asr;
    low.threshold = 50;
    (void)failure_of([&] { return tech->async_update_alert_rule(low, block); }, errc::not_found);
    const auto fired_in = [](const checklist& l) {
        return std::any_of(l.items.begin(), l.items.end(), [](const auto& i) { return i.code == "alerts_fired"; });
    };
    EXPECT_TRUE(fired_in(manager->async_get_checklist({}, block)));
    EXPECT_FALSE(fired_in(tech->async_get_checklist({}, block)));

    (void)failure_of([&] { return viewer->async_list_alert_rules({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return viewer->async_create_alert_rule(low_asr(), block); }, errc::permission_denied);
}

TEST_P(alert_rules, of_a_customer_mail_its_own_verified_people_and_no_strangers) {
    add_account();
    add_account(account_id("other"));
    (void)add("admin@example.com", role::administrator);
    (void)add("robin@example.com", role::viewer);
    (void)add("admin@other.example", role::administrator, account_id("other"));
    verify(*sign_in("admin@other.example"));
    const auto admin = sign_in("admin@example.com");
    auto r = low_asr();
    for (const auto* stranger : {"victim@elsewhere.example", "admin@other.example", "robin@example.com"}) {
        r.recipients = {stranger};
        EXPECT_EQ(failure_of([&] { return admin->async_create_alert_rule(r, block); }, errc::invalid_argument).field,
                  "recipients")
            << stranger;
    }
    const auto robin = sign_in("robin@example.com");
    verify(*robin);
    r.recipients = {"Robin@example.com"};
    r = admin->async_create_alert_rule(r, block);

    // Whom the operator named may stay, and nobody else comes in that way.
    r.recipients.push_back("noc@elsewhere.example");
    r = change(r);
    r.title = "By the customer";
    EXPECT_EQ(admin->async_update_alert_rule(r, block).recipients.size(), 2U);
    r.recipients.push_back("victim@elsewhere.example");
    (void)failure_of([&] { return admin->async_update_alert_rule(r, block); }, errc::invalid_argument);
}

TEST_P(alert_rules, mail_no_contact_that_was_disabled) {
    add_account();
    const auto robin = add("robin@example.com", role::manager);
    auto r = low_asr();
    r.recipients = {"robin@example.com", "noc@example.com"};
    (void)make(r);
    contact_update off{.account = acme, .contact = robin.id};
    off.status = contact_status::disabled;
    (void)lineside().async_update_contact(off, block);
    arrive(0, 40);
    (void)work();
    ASSERT_EQ(box().mails.size(), 1U);
    EXPECT_EQ(box().mails[0].to, "noc@example.com");
}

} // namespace
} // namespace lineside::contract
