#include <lineside/webhook_signature.hpp>

#include "integration/contract/alerting.hpp"
#include "support/https_receiver.hpp"

#include <set>
#include <thread>

namespace lineside::contract {
namespace {

class webhook_test : public alerting_test {
protected:
    test::https_receiver receiver;

    webhook_test() {
        settings.delivery.on_alert = {};
        settings.webhooks.allowed = engine_webhooks::targets::loopback_too;
        settings.webhooks.ca_file = receiver.ca_file();
    }

    webhook_grant hook(std::string url, std::vector<std::string> events = {}, account_id account = acme) {
        return lineside().async_create_webhook({std::move(account), std::move(url), std::move(events)}, block);
    }
    webhook_grant hook() { return hook(receiver.url()); }
    /// Sends a test of a rule that was made for it and does nothing else.
    void send_something(const std::string& title = "Quality", const account_id& account = acme) {
        auto r = low_asr(title);
        r.account = account;
        r.enabled = false;
        (void)lineside().async_test_alert_rule({account, make(r).id, alert_test_delivery::send}, block);
    }
    [[nodiscard]] delivery only_delivery() {
        const auto all = deliveries();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? delivery() : all.front();
    }
    [[nodiscard]] static webhook_headers headers_of(const test::received_post& p) {
        return {p.header("webhook-id"), p.header("webhook-timestamp"), p.header("webhook-signature")};
    }
    delivery replay(const std::string& id) { return lineside().async_replay_delivery({acme, id}, block); }
};

LINESIDE_ON_EVERY_PORTAL_WITH(webhooks, webhook_test);

// ---- over TLS

TEST_P(webhooks, an_alert_arrives_signed) {
    add_account();
    const auto made = hook(receiver.url("/hooks/lineside?of=acme"));
    EXPECT_TRUE(made.signing_secret.reveal().starts_with("whsec_"));
    EXPECT_TRUE(made.webhook.id.starts_with("wh-")) << made.webhook.id;
    (void)make(low_asr());
    arrive(0, 40);
    EXPECT_TRUE(receiver.posts().empty()) << "the work brings it";
    const auto report = work();
    EXPECT_EQ(report.delivered, 1U);
    EXPECT_EQ(report.failed, 0U);
    EXPECT_EQ(report.waiting, 0U);

    const auto posts = receiver.posts();
    ASSERT_EQ(posts.size(), 1U);
    const auto& p = posts.front();
    EXPECT_EQ(p.target, "/hooks/lineside?of=acme");
    EXPECT_EQ(p.header("content-type"), "application/json");
    EXPECT_TRUE(p.body.starts_with(R"({"type":"alert.fired","timestamp":"2026-03-10T12:00:00.000Z","data":{)"))
        << p.body;
    EXPECT_NE(p.body.find(R"("account":"acme")"), std::string::npos) << p.body;
    EXPECT_NE(p.body.find(R"("samples":40)"), std::string::npos) << p.body;
    EXPECT_EQ(verify_webhook(made.signing_secret, headers_of(p), p.body, clock.now()).value(), clock.now());
    EXPECT_FALSE(verify_webhook(made.signing_secret, headers_of(p), p.body + " ", clock.now()));
    EXPECT_FALSE(verify_webhook(hook().signing_secret, headers_of(p), p.body, clock.now()))
        << "not with another secret";

    const auto d = only_delivery();
    EXPECT_EQ(d.id, p.header("webhook-id"));
    EXPECT_EQ(d.channel, delivery_channel::webhook);
    EXPECT_EQ(d.webhook, made.webhook.id);
    EXPECT_EQ(d.to, receiver.url("/hooks/lineside?of=acme"));
    EXPECT_EQ(d.event, "alert.fired");
    EXPECT_EQ(d.body, p.body);
    EXPECT_EQ(d.status, delivery_status::delivered);
    EXPECT_EQ(d.attempts, 1U);
    EXPECT_FALSE(d.next_attempt_at);
    EXPECT_TRUE(d.last_failure.empty());
    (void)work();
    EXPECT_EQ(receiver.posts().size(), 1U);
}

TEST_P(webhooks, get_the_events_they_want) {
    add_account();
    (void)hook(receiver.url("/all"));
    (void)hook(receiver.url("/tests"), {"alert.tested"});
    (void)hook(receiver.url("/alerts"), {"alert.fired", "alert.repeated"});
    (void)make(low_asr());
    arrive(0, 40);
    send_something("Another");
    (void)work();
    std::multiset<std::string> targets;
    for (const auto& p : receiver.posts())
        targets.insert(p.target);
    EXPECT_EQ(targets, (std::multiset<std::string>{"/all", "/all", "/alerts", "/tests"}));
}

TEST_P(webhooks, are_not_told_over_a_connection_that_is_not_to_be_trusted) {
    settings.webhooks.ca_file.clear();
    add_account();
    (void)hook();
    send_something();
    EXPECT_EQ(work().failed, 1U);
    EXPECT_NE(only_delivery().last_failure.find("certificate"), std::string::npos) << only_delivery().last_failure;
    EXPECT_TRUE(receiver.posts().empty());
}

TEST_P(webhooks, are_not_told_to_somebody_else_than_the_certificate_names) {
    add_account();
    (void)hook(receiver.url_of_localhost());
    send_something();
    EXPECT_EQ(work().failed, 1U);
    EXPECT_NE(only_delivery().last_failure.find("certificate"), std::string::npos) << only_delivery().last_failure;
    EXPECT_TRUE(receiver.posts().empty());
}

TEST_P(webhooks, redirects_are_not_followed) {
    add_account();
    (void)hook();
    for (const unsigned status : {301U, 302U, 307U, 308U}) {
        receiver.answer_with({status, {{"Location", receiver.url("/elsewhere")}}, {}});
        send_something(std::to_string(status));
        EXPECT_EQ(work().failed, 1U) << status;
    }
    EXPECT_EQ(receiver.posts().size(), 4U);
    for (const auto& p : receiver.posts())
        EXPECT_EQ(p.target, "/hook");
}

// ---- whom a customer may have called

TEST_P(webhooks, to_addresses_that_are_not_public_are_refused) {
    settings.webhooks.allowed = engine_webhooks::targets::public_addresses;
    add_account();
    for (const auto* bad : {"https://127.0.0.1/",
                            "https://10.1.2.3/",
                            "https://192.168.0.1/",
                            "https://172.16.0.1/x",
                            "https://169.254.169.254/latest/meta-data",
                            "https://100.64.0.1/",
                            "https://0.0.0.0/",
                            "https://[::1]/",
                            "https://[fd00::1]/",
                            "https://[fe80::1]/",
                            "https://[::ffff:127.0.0.1]/",
                            "https://[64:ff9b::7f00:1]/",
                            "https://2130706433/",
                            "https://0x7f.1/",
                            "https://127.1/",
                            "http://example.com/",
                            "https://",
                            "https://user:secret@example.com/",
                            "https://example.com/#x",
                            "https://example.com:0/",
                            "ftp://example.com/",
                            "https://exa mple.com/",
                            "https://example.com/\r\nX: y"})
        EXPECT_EQ(failure_of([&] { return hook(bad).webhook; }, errc::invalid_argument).field, "url") << bad;
    EXPECT_EQ(hook("https://example.com/hook").webhook.url, "https://example.com/hook");
    EXPECT_EQ(hook("https://192.0.1.1:8443/").webhook.url, "https://192.0.1.1:8443/");
    EXPECT_EQ(
        failure_of([&] { return hook("https://example.com/", {"alert.reset"}).webhook; }, errc::invalid_argument).field,
        "events");
    EXPECT_EQ(failure_of(
                  [&] {
                      return hook("https://example.com/", {"alert.fired", "alert.fired"}).webhook;
                  },
                  errc::invalid_argument)
                  .field,
              "events");
}

TEST_P(webhooks, a_name_that_stands_for_a_private_address_is_not_called) {
    settings.webhooks.allowed = engine_webhooks::targets::public_addresses;
    add_account();
    (void)hook(receiver.url_of_localhost());
    send_something();
    EXPECT_EQ(work().failed, 1U);
    EXPECT_NE(only_delivery().last_failure.find("no address that may be called"), std::string::npos)
        << only_delivery().last_failure;
    EXPECT_TRUE(receiver.posts().empty());
}

// ---- when a receiver fails

TEST_P(webhooks, that_fail_are_tried_again_on_schedule_with_the_same_id_and_end_as_dead_letters) {
    add_account();
    const auto made = hook();
    receiver.answer_with({.status = 500});
    send_something();
    const duration waits[] = {seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(10)};
    std::uint32_t attempts = 0;
    for (const auto wait : waits) {
        EXPECT_EQ(work().failed, 1U);
        const auto d = only_delivery();
        EXPECT_EQ(d.status, delivery_status::waiting);
        EXPECT_EQ(d.attempts, ++attempts);
        EXPECT_EQ(d.last_failure, "the receiver said 500");
        const auto next = d.next_attempt_at.value();
        EXPECT_GE(next, clock.now() + wait);
        EXPECT_LE(next, clock.now() + wait * 6 / 5);
        const auto early = [&] {
            clock.set(next - duration(1));
            return work();
        }();
        EXPECT_EQ(early.failed, 0U) << "not before its time";
        EXPECT_EQ(early.waiting, 1U);
        clock.set(next);
    }
    const auto last = work();
    EXPECT_EQ(last.failed, 1U);
    EXPECT_EQ(last.waiting, 0U);
    clock.advance(days(2));
    EXPECT_EQ(work().failed, 0U);

    const auto dead = deliveries({.status = delivery_status::dead});
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].attempts, 8U);
    EXPECT_FALSE(dead[0].next_attempt_at);
    std::set<std::string> ids;
    std::set<std::string> times;
    for (const auto& p : receiver.posts()) {
        ids.insert(p.header("webhook-id"));
        times.insert(p.header("webhook-timestamp"));
    }
    EXPECT_EQ(receiver.posts().size(), 8U);
    EXPECT_EQ(ids, std::set<std::string>{dead[0].id});
    EXPECT_EQ(times.size(), 8U) << "each attempt is signed with its own time";

    receiver.answer_with({.status = 200});
    const auto again = replay(dead[0].id);
    EXPECT_EQ(again.id, dead[0].id);
    EXPECT_EQ(again.status, delivery_status::waiting);
    EXPECT_EQ(work().delivered, 1U);
    const auto p = receiver.posts().back();
    EXPECT_EQ(p.header("webhook-id"), dead[0].id);
    EXPECT_EQ(p.body, dead[0].body);
    EXPECT_TRUE(verify_webhook(made.signing_secret, headers_of(p), p.body, clock.now()));
    EXPECT_EQ(only_delivery().status, delivery_status::delivered);
}

TEST_P(webhooks, a_delivered_one_is_sent_again_once_a_minute) {
    add_account();
    (void)hook();
    send_something();
    (void)work();
    const auto id = only_delivery().id;
    (void)replay(id);
    EXPECT_EQ(replay(id).status, delivery_status::waiting) << "it is on its way already";
    (void)work();
    EXPECT_EQ(receiver.posts().size(), 2U);
    (void)failure_of([&] { return replay(id); }, errc::exhausted);
    clock.advance(minutes(1));
    (void)replay(id);
    (void)work();
    EXPECT_EQ(receiver.posts().size(), 3U);
}

TEST_P(webhooks, a_receiver_that_is_gone_is_never_called_again) {
    add_account();
    const auto made = hook();
    receiver.answer_with({.status = 500});
    send_something("First");
    (void)work();
    receiver.answer_with({.status = 410});
    send_something("Second");
    EXPECT_EQ(work().failed, 1U);
    EXPECT_FALSE(lineside().async_list_webhooks({acme}, block).items.at(0).enabled);
    EXPECT_EQ(deliveries({.status = delivery_status::dead}).size(), 2U) << "what waited for it is given up";
    EXPECT_EQ(work().waiting, 0U);
    send_something("Third");
    clock.advance(days(1));
    (void)work();
    EXPECT_EQ(receiver.posts().size(), 2U);
    EXPECT_EQ(deliveries().size(), 2U);
    EXPECT_EQ(failure_of([&] { return replay(deliveries().front().id); }, errc::conflict).field, "delivery");
    const auto log = lineside().async_list_access_log({.account = acme}, block).items;
    EXPECT_TRUE(std::any_of(log.begin(), log.end(), [&](const auto& e) {
        return e.action == "disable_webhook" && e.target == made.webhook.id;
    }));
}

TEST_P(webhooks, that_are_deleted_give_up_what_waits) {
    add_account();
    const auto made = hook();
    send_something();
    (void)lineside().async_delete_webhook({acme, made.webhook.id}, block);
    EXPECT_EQ(work().waiting, 0U);
    EXPECT_TRUE(receiver.posts().empty());
    EXPECT_EQ(only_delivery().status, delivery_status::dead);
    EXPECT_EQ(only_delivery().last_failure, "the webhook was deleted");
    (void)failure_of([&] { return lineside().async_delete_webhook({acme, made.webhook.id}, block); }, errc::not_found);
}

// ---- what is on its way

TEST_P(webhooks, what_was_committed_is_delivered_after_the_process_ended) {
    settings.delivery.on_alert = [this](const alert_event& e) {
        if (host_fails)
            throw std::runtime_error("no");
        told.push_back(e);
    };
    host_fails = true;
    add_account();
    const auto made = hook();
    auto r = low_asr();
    r.recipients = {"noc@example.com"};
    (void)make(r);
    arrive(0, 40);
    reopen();
    host_fails = false;
    clock.advance(seconds(10));
    EXPECT_EQ(work().delivered, 3U);
    EXPECT_EQ(told.size(), 1U);
    EXPECT_EQ(box().mails.size(), 1U);
    ASSERT_EQ(receiver.posts().size(), 1U);
    const auto p = receiver.posts().front();
    EXPECT_TRUE(verify_webhook(made.signing_secret, headers_of(p), p.body, clock.now())) << "the secret was kept too";
}

TEST_P(webhooks, two_that_do_the_work_at_once_deliver_each_once) {
    add_account();
    (void)hook();
    for (int i = 0; i < 12; ++i)
        send_something(std::to_string(i));
    std::uint64_t others = 0;
    std::thread other([&] { others = work().delivered; });
    const auto own = work().delivered;
    other.join();
    EXPECT_EQ(own + others, 12U);
    std::set<std::string> ids;
    for (const auto& p : receiver.posts())
        ids.insert(p.header("webhook-id"));
    EXPECT_EQ(ids.size(), 12U);
    EXPECT_EQ(receiver.posts().size(), 12U);
}

TEST_P(webhooks, a_run_makes_no_more_deliveries_than_it_is_asked_to) {
    add_account();
    (void)hook();
    for (int i = 0; i < 3; ++i)
        send_something(std::to_string(i));
    const auto some = lineside().async_run_due_work({.most_deliveries = 2}, block);
    EXPECT_EQ(some.delivered, 2U);
    EXPECT_EQ(some.waiting, 1U);
    EXPECT_EQ(some.next_due, clock.now());
    EXPECT_EQ(work().delivered, 1U);
    for (const std::uint32_t bad : {0U, 10'001U})
        EXPECT_EQ(failure_of([&] { return lineside().async_run_due_work({bad}, block); }, errc::invalid_argument).field,
                  "most_deliveries");
}

TEST_P(webhooks, receivers_that_fail_take_no_turn_from_another_account) {
    const account_id other("other");
    add_account();
    add_account(other);
    receiver.answer_with(
        [](const test::received_post& p) { return test::given_answer{.status = p.target == "/bad" ? 500U : 204U}; });
    (void)hook(receiver.url("/bad"));
    (void)hook(receiver.url("/good"), {}, other);
    for (int i = 0; i < 9; ++i)
        send_something(std::to_string(i));
    send_something("Quality", other);
    const auto report = work();
    EXPECT_EQ(report.failed, 5U);
    EXPECT_EQ(report.delivered, 1U);
    const auto posts = receiver.posts();
    ASSERT_GE(posts.size(), 2U);
    EXPECT_EQ(posts[1].target, "/good") << "accounts take turns";
    EXPECT_EQ(work().failed, 4U) << "the rest comes with the next run";
}

TEST_P(webhooks, deliveries_are_listed_newest_first_page_by_page) {
    add_account();
    (void)hook();
    for (int i = 0; i < 5; ++i) {
        clock.advance(seconds(1));
        send_something(std::to_string(i));
    }
    const auto all = deliveries();
    ASSERT_EQ(all.size(), 5U);
    EXPECT_GT(all.front().created_at, all.back().created_at);
    for (const std::uint32_t limit : {1U, 2U, 5U, 6U}) {
        std::vector<delivery> listed;
        delivery_query q{.account = acme, .limit = limit};
        do {
            const auto page = lineside().async_list_deliveries(q, block);
            EXPECT_LE(page.items.size(), limit);
            listed.insert(listed.end(), page.items.begin(), page.items.end());
            q.cursor = page.next;
        } while (!q.cursor.empty());
        EXPECT_EQ(listed, all);
    }
    EXPECT_TRUE(deliveries({.status = delivery_status::dead}).empty());
    (void)failure_of([&] { return lineside().async_list_deliveries({.account = acme, .limit = 0}, block); },
                     errc::invalid_argument);
    (void)failure_of([&] { return lineside().async_list_deliveries({.account = acme, .cursor = "x"}, block); },
                     errc::invalid_argument);
}

TEST_P(webhooks, deliveries_are_kept_for_thirty_days) {
    add_account();
    (void)hook();
    send_something();
    (void)work();
    clock.advance(days(30));
    (void)work();
    EXPECT_EQ(deliveries().size(), 1U);
    reopen();
    clock.advance(minutes(1));
    (void)work();
    EXPECT_TRUE(deliveries().empty());
}

// ---- whose they are

TEST_P(webhooks, are_listed_oldest_first_and_at_most_twenty) {
    add_account();
    for (int i = 0; i < 20; ++i) {
        clock.advance(seconds(1));
        (void)hook(receiver.url("/" + std::to_string(i)));
    }
    (void)failure_of([&] { return hook().webhook; }, errc::exhausted);
    std::vector<std::string> urls;
    webhook_query q{acme, {}, 7};
    do {
        const auto page = lineside().async_list_webhooks(q, block);
        for (const auto& w : page.items)
            urls.push_back(w.url);
        q.cursor = page.next;
    } while (!q.cursor.empty());
    ASSERT_EQ(urls.size(), 20U);
    for (std::size_t i = 0; i < urls.size(); ++i)
        EXPECT_EQ(urls[i], receiver.url("/" + std::to_string(i)));
}

TEST_P(webhooks, of_another_account_are_not_there) {
    add_account();
    add_account(account_id("other"));
    (void)add("admin@other.example", role::administrator, account_id("other"));
    const auto stranger = sign_in("admin@other.example");
    const auto made = hook();
    send_something();
    (void)work();
    const auto d = only_delivery();
    for (const auto& of : {acme, account_id("other"), account_id()}) {
        (void)failure_of([&] { return stranger->async_delete_webhook({of, made.webhook.id}, block); }, errc::not_found);
        (void)failure_of([&] { return stranger->async_replay_delivery({of, d.id}, block); }, errc::not_found);
    }
    (void)failure_of([&] { return stranger->async_list_webhooks({acme}, block); }, errc::not_found);
    (void)failure_of([&] { return stranger->async_list_deliveries({.account = acme}, block); }, errc::not_found);
    (void)failure_of(
        [&] {
            return stranger->async_create_webhook({acme, receiver.url(), {}}, block).webhook;
        },
        errc::not_found);
    EXPECT_TRUE(stranger->async_list_webhooks({}, block).items.empty());
    EXPECT_TRUE(stranger->async_list_deliveries({}, block).items.empty());
}

TEST_P(webhooks, tell_what_whoever_made_them_may_see) {
    add_account();
    (void)add("manager@example.com", role::manager);
    (void)add("tech@example.com", role::technician);
    const auto manager = sign_in("manager@example.com");
    const auto tech = sign_in("tech@example.com");
    (void)manager->async_create_webhook({{}, receiver.url("/manager"), {}}, block);
    (void)tech->async_create_webhook({{}, receiver.url("/tech"), {}}, block);
    (void)make(rule(alert_area::balance, alert_operator::less_or_equal, 0, "No credit"));
    (void)work();
    ASSERT_EQ(receiver.posts().size(), 1U);
    EXPECT_EQ(receiver.posts()[0].target, "/manager");
    clock.advance(minutes(1));
    (void)make(low_asr());
    arrive(0, 40);
    (void)work();
    EXPECT_EQ(receiver.posts().size(), 3U);

    EXPECT_EQ(manager->async_list_deliveries({}, block).items.size(), 3U);
    EXPECT_EQ(tech->async_list_deliveries({}, block).items.size(), 2U);
    const auto of_balance = deliveries().back();
    (void)failure_of([&] { return tech->async_replay_delivery({{}, of_balance.id}, block); }, errc::not_found);
    (void)manager->async_replay_delivery({{}, of_balance.id}, block);
}

TEST_P(webhooks, what_the_hosts_program_is_told_is_the_operators_to_see) {
    settings.delivery.on_alert = [](const alert_event&) {};
    add_account();
    (void)add("admin@example.com", role::administrator);
    const auto admin = sign_in("admin@example.com");
    send_something();
    const auto d = only_delivery();
    EXPECT_EQ(d.channel, delivery_channel::callback);
    EXPECT_TRUE(admin->async_list_deliveries({}, block).items.empty());
    (void)failure_of([&] { return admin->async_replay_delivery({{}, d.id}, block); }, errc::not_found);
}

TEST_P(webhooks, changes_are_in_the_access_log_without_what_may_be_secret) {
    add_account();
    const auto made = hook(receiver.url("/hooks/s3cr3t"));
    send_something();
    (void)work();
    (void)replay(only_delivery().id);
    (void)lineside().async_delete_webhook({acme, made.webhook.id}, block);
    std::set<std::string> actions;
    for (const auto& e : lineside().async_list_access_log({.account = acme}, block).items) {
        actions.insert(e.action);
        EXPECT_EQ(e.detail.find("s3cr3t"), std::string::npos) << e.detail;
        EXPECT_EQ(e.detail.find("whsec_"), std::string::npos) << e.detail;
    }
    for (const auto* action : {"create_webhook", "replay_delivery", "delete_webhook"})
        EXPECT_TRUE(actions.contains(action)) << action;
}

} // namespace
} // namespace lineside::contract
