#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::contract {
namespace {

class review_test : public identity_test {
protected:
    review review_of(const account_id& account = acme, std::optional<instant> end = {}) {
        return lineside().async_get_review({account, end, {}}, block);
    }
    // Somebody's at the account, with these permissions and no others.
    std::shared_ptr<portal> with_permissions(std::vector<permission> may) {
        api_key_create k;
        k.account = acme;
        k.name = "reader";
        k.scopes = std::move(may);
        auto grant = lineside().async_create_key(std::move(k), block);
        return as(grant.text);
    }
    session_grant sign_in_with(std::string_view program, std::string_view from = home) {
        auto request = attempt(good_password, {}, from);
        request.user_agent = program;
        return lineside().async_sign_in(std::move(request), block);
    }
    void fail(std::size_t times, std::string_view from = home) {
        for (; times > 0; --times) {
            (void)refused(errc::unauthenticated, other_password, {}, from);
            clock.advance(seconds(100));
        }
    }
    static std::vector<std::string> codes(const review& r) {
        std::vector<std::string> all;
        for (const auto& a : *r.anomalies)
            all.push_back(a.code);
        return all;
    }
};

using names = std::vector<std::string>;

std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        ++n;
    return n;
}

// Calls of a week that ends at `end`, each day `attempts`, of which `answered` last `talk`.
void add_week(std::vector<call>& to, instant end, int attempts, int answered, duration talk, std::string_view number) {
    for (int day = 1; day <= 7; ++day)
        for (int i = 0; i < attempts; ++i) {
            const auto id = std::string(number) + to_string(end) + std::to_string(day) + "/" + std::to_string(i);
            const auto start = end - days(day) + minutes(i);
            auto c = i < answered ? answered_call(id, start, talk) : failed_call(id, start);
            c.destination = number;
            to.push_back(std::move(c));
        }
}

} // namespace

LINESIDE_ON_EVERY_PORTAL_WITH(review_operation, review_test);

// ---- which week

TEST_P(review_operation, is_of_the_seven_days_before_now_or_before_the_instant_it_is_asked_for) {
    add_ann();
    EXPECT_EQ(review_of().week, (time_range{clock.now() - days(7), clock.now()}));
    const auto then = clock.now() - days(30);
    EXPECT_EQ(review_of(acme, then).week, (time_range{then - days(7), then}));
    const auto d = failure_of([&] { return review_of(acme, clock.now() + duration(1)); }, errc::invalid_argument);
    EXPECT_EQ(d.field, "at");
    EXPECT_EQ(failure_of([&] { return review_of(acme, instant()); }, errc::invalid_argument).field, "at");
}

TEST_P(review_operation, of_an_account_that_is_not_there_is_not_found) {
    EXPECT_EQ(failure_of([&] { return review_of(); }, errc::not_found).field, "account");
}

// ---- sign-ins

TEST_P(review_operation, counts_the_sign_ins_of_the_week_alone) {
    add_ann();
    (void)sign_in();
    (void)refused(errc::unauthenticated, other_password);
    const auto first = clock.now() + duration(1);
    clock.advance(days(8));
    (void)sign_in();
    (void)sign_in();
    clock.advance(duration(1));
    const auto now = review_of();
    EXPECT_EQ(now.sign_ins, 2U);
    EXPECT_EQ(now.failed_sign_ins, 0U);
    const auto then = review_of(acme, first);
    EXPECT_EQ(then.sign_ins, 1U);
    EXPECT_EQ(then.failed_sign_ins, 1U);
}

TEST_P(review_operation, takes_the_first_half_of_a_sign_in_with_two_factors_for_no_failure) {
    add_ann();
    const auto ann = as(sign_in().token);
    const auto factor = enrol(*ann);
    (void)refused(errc::unauthenticated, good_password); // a code is needed too
    (void)sign_in(code_of(factor.key));
    clock.advance(duration(1));
    const auto r = review_of();
    EXPECT_EQ(r.sign_ins, 2U);
    EXPECT_EQ(r.failed_sign_ins, 0U);
}

TEST_P(review_operation, tells_of_a_network_and_of_a_program_that_are_new) {
    const auto ann = add_ann();
    (void)sign_in_with("Firefox/115.0");
    clock.advance(days(9));
    (void)sign_in_with("Firefox/121.0");
    (void)sign_in_with("python-requests/2.31", elsewhere);
    clock.advance(duration(1));
    const auto r = review_of();
    ASSERT_EQ(codes(r), (names{"new_network", "new_program"}));
    const auto& network = r.anomalies->at(0);
    EXPECT_EQ(network.who, "contact " + ann.id.value());
    EXPECT_EQ(network.source, elsewhere);
    EXPECT_EQ(network.text, "Ann Smithers signed in from 198.51.100.9, a network not seen before (198.51.100.0/24).");
    EXPECT_NE(r.html.find("python-requests/2.31"), std::string::npos);
}

TEST_P(review_operation, tells_of_a_burst_of_failures_once) {
    const auto ann = add_ann();
    fail(6);
    const auto r = review_of();
    ASSERT_EQ(codes(r), names{"failed_burst"});
    EXPECT_EQ(r.anomalies->at(0).who, "contact " + ann.id.value());
    EXPECT_EQ(r.anomalies->at(0).text, "Ann Smithers: 5 failed sign-ins within 10 minutes. (192.0.2.7)");
    EXPECT_EQ(r.failed_sign_ins, 6U);
}

TEST_P(review_operation, tells_of_wrong_codes_after_the_right_password) {
    add_ann();
    const auto ann = as(sign_in().token);
    (void)enrol(*ann);
    for (int i = 0; i < 3; ++i)
        (void)refused(errc::unauthenticated, good_password, "000000");
    clock.advance(duration(1));
    EXPECT_EQ(codes(review_of()), names{"failed_codes"});
}

TEST_P(review_operation, says_whether_the_access_log_is_what_was_written) {
    add_ann();
    const auto r = review_of();
    ASSERT_TRUE(r.log.has_value());
    EXPECT_TRUE(r.log->intact);
    EXPECT_EQ(*r.log, lineside().async_verify_access_log({acme}, block));
}

// ---- changes

TEST_P(review_operation, lists_changes_to_people_rights_and_keys_newest_first_whoever_made_them) {
    const auto ann = add_ann();
    auto session = as(sign_in().token);
    clock.advance(minutes(1));
    (void)session->async_change_password(change(good_password, other_password), block);
    clock.advance(minutes(1));
    contact_update role{.account = acme, .contact = ann.id};
    role.role = role::manager;
    (void)lineside().async_update_contact(std::move(role), block);
    clock.advance(minutes(1));
    (void)with_permissions({permission::view_company});
    (void)session->async_set_preferences({.language = "de"}, block); // concerns nobody else
    clock.advance(duration(1));
    const auto r = review_of();
    names done;
    for (const auto& e : *r.changes)
        done.push_back(e.who + " " + e.action);
    EXPECT_EQ(done, (names{"operator create_key", "operator update_contact",
                           "contact " + ann.id.value() + " change_password", "operator create_contact"}));
    EXPECT_EQ(r.changes->at(1).detail, "role administrator to manager");
}

TEST_P(review_operation, lists_no_change_that_was_refused) {
    add_ann(role::manager);
    const auto session = as(sign_in().token);
    (void)failure_of([&] { return session->async_create_contact({.name = "X", .email = "x@acme.example"}, block); },
                     errc::permission_denied);
    clock.advance(duration(1));
    EXPECT_EQ(review_of().changes->size(), 1U);
}

TEST_P(review_operation, lists_the_hundred_newest_changes_and_says_so) {
    const auto ann = add_ann();
    for (int i = 0; i < 101; ++i) {
        contact_update u{.account = acme, .contact = ann.id};
        u.role = i % 2 == 0 ? role::manager : role::administrator;
        (void)lineside().async_update_contact(std::move(u), block);
    }
    clock.advance(duration(1));
    const auto r = review_of();
    EXPECT_EQ(r.changes->size(), 100U);
    EXPECT_EQ(r.changes->front().number, 103U);
    EXPECT_NE(r.html.find("Only the newest are shown: 100."), std::string::npos);
}

// ---- calls

TEST_P(review_operation, shows_each_day_of_both_weeks) {
    add_ann();
    const auto end = clock.now();
    auto open = open_call("open", end - hours(1));
    (void)import({answered_call("a", end - days(14), seconds(60)), answered_call("b", end - duration(1), seconds(30)),
                  failed_call("c", end - days(1)), answered_call("too early", end - days(14) - duration(1), seconds(9)),
                  answered_call("too late", end, seconds(9)), open});
    const auto r = review_of();
    ASSERT_EQ(r.days->size(), 14U);
    EXPECT_EQ(r.days->at(0), (review_day{end - days(14), 1, 1, 100.0, 60.0}));
    EXPECT_EQ(r.days->at(1), (review_day{end - days(13), 0, 0, {}, {}}));
    EXPECT_EQ(r.days->at(13), (review_day{end - days(1), 2, 1, 50.0, 30.0}));
}

TEST_P(review_operation, does_not_know_the_asr_of_a_source_that_hides_its_failures) {
    add_ann();
    (void)import({answered_call("a", clock.now() - hours(1), seconds(60))}, attempt_coverage::answered_only);
    const auto r = review_of();
    EXPECT_EQ(r.days->at(13).answered, 1U);
    EXPECT_FALSE(r.days->at(13).asr.has_value());
}

TEST_P(review_operation, tells_what_moved_in_all_and_by_country) {
    add_ann();
    std::vector<call> calls;
    add_week(calls, clock.now() - days(7), 40, 20, seconds(60), "4930123456789");
    add_week(calls, clock.now(), 40, 8, seconds(60), "4930123456789");
    add_week(calls, clock.now() - days(7), 40, 20, seconds(60), "442071234567");
    add_week(calls, clock.now(), 40, 20, seconds(30), "442071234567");
    (void)import(calls);
    const auto r = review_of();
    EXPECT_EQ(*r.movers, (std::vector<metric_move>{{metric::asr, "", 50.0, 35.0, 560},
                                                   {metric::acd, "", 60.0, 38.57, 196},
                                                   {metric::asr, "49", 50.0, 20.0, 280},
                                                   {metric::acd, "44", 60.0, 30.0, 140}}));
}

// ---- alerts

TEST_P(review_operation, has_the_alerts_of_the_week) {
    add_ann();
    alert_rule rule;
    rule.account = acme;
    rule.title = "Calls fail";
    rule.area = alert_area::consecutive_failures;
    rule.op = alert_operator::greater_or_equal;
    rule.threshold = 3;
    (void)lineside().async_create_alert_rule(rule, block);
    clock.advance(minutes(2));
    (void)import({failed_call("a", clock.now() - minutes(1)), failed_call("b", clock.now() - seconds(50)),
                  failed_call("c", clock.now() - seconds(40))});
    clock.advance(minutes(1));
    (void)lineside().async_run_due_work({}, block);
    clock.advance(duration(1));
    const auto r = review_of();
    ASSERT_EQ(r.alerts->size(), 1U);
    EXPECT_EQ(r.alerts->at(0).title, "Calls fail");
    EXPECT_EQ(r.alerts->at(0).kind, alert_event_kind::fired);
    EXPECT_NE(r.html.find("Calls fail"), std::string::npos);
    clock.advance(days(8));
    EXPECT_TRUE(review_of().alerts->empty());
}

// ---- what waits

TEST_P(review_operation, names_contacts_that_wait_to_be_verified) {
    const auto ann = add_ann();
    clock.advance(duration(1)); // the week ends before now
    auto r = review_of();
    ASSERT_EQ(r.unverified->size(), 1U);
    EXPECT_EQ(r.unverified->at(0).id, ann.id);
    (void)lineside().async_verify_contact({acme, ann.id, contact_address::email, {}}, block);
    EXPECT_TRUE(review_of().unverified->empty());
    set_status(add("off@acme.example", role::viewer), contact_status::disabled);
    EXPECT_TRUE(review_of().unverified->empty()) << "who cannot sign in need not verify anything";
}

TEST_P(review_operation, names_keys_that_end_within_thirty_days_and_secrets_that_do) {
    add_ann();
    const auto make = [&](std::string name, std::optional<instant> end) {
        api_key_create k;
        k.account = acme;
        k.name = std::move(name);
        k.scopes = {permission::view_company};
        k.expires_at = end;
        return lineside().async_create_key(std::move(k), block).key.id;
    };
    const auto soon = make("soon", clock.now() + days(29));
    (void)make("later", clock.now() + days(31));
    const auto rotated = make("for ever", std::nullopt);
    const auto gone = make("revoked", clock.now() + days(3));
    (void)lineside().async_rotate_key({acme, rotated, hours(24), {}}, block);
    (void)lineside().async_revoke_key({acme, gone}, block);
    const auto end = clock.now() + duration(1);
    clock.set(end);
    EXPECT_EQ(*review_of().expiring,
              (std::vector<expiring_thing>{{"api_key_secret", rotated, "for ever", end - duration(1) + hours(24)},
                                           {"api_key", soon, "soon", end - duration(1) + days(29)}}));
}

// ---- who may see what

TEST_P(review_operation, is_for_those_who_may_see_it_and_of_their_own_account) {
    add_ann();
    (void)lineside().async_create_account({.id = account_id("rival")}, block);
    (void)failure_of([&] { return lineside().as({})->async_get_review({acme, {}, {}}, block); }, errc::unauthenticated);
    const auto no = with_permissions({permission::view_access_log, permission::view_graphs});
    (void)failure_of([&] { return no->async_get_review({}, block); }, errc::permission_denied);
    const auto yes = with_permissions({permission::view_review});
    EXPECT_EQ(yes->async_get_review({}, block).account, acme);
    (void)failure_of([&] { return yes->async_get_review({account_id("rival"), {}, {}}, block); }, errc::not_found);
}

TEST_P(review_operation, lacks_each_part_that_the_asker_could_not_look_up_elsewhere) {
    add_ann();
    std::vector<call> calls;
    add_week(calls, clock.now() - days(7), 40, 20, seconds(60), "4930123456789");
    add_week(calls, clock.now(), 40, 8, seconds(60), "4930123456789");
    (void)import(calls);
    clock.advance(duration(1)); // the week ends before now
    const auto none = with_permissions({permission::view_review})->async_get_review({}, block);
    EXPECT_FALSE(none.sign_ins || none.failed_sign_ins || none.anomalies || none.changes || none.log);
    EXPECT_FALSE(none.days || none.movers || none.alerts || none.unverified || none.expiring);
    EXPECT_EQ(count_of(none.html, "<h2>"), 0U);
    EXPECT_EQ(none.html.find("Zeppelin"), std::string::npos) << "the company's name is for view_company";
    EXPECT_EQ(none.html.find("Smithers"), std::string::npos);

    const auto with = [&](std::vector<permission> more) {
        more.push_back(permission::view_review);
        return with_permissions(std::move(more))->async_get_review({}, block);
    };
    const auto log = with({permission::view_access_log});
    EXPECT_TRUE(log.sign_ins && log.failed_sign_ins && log.anomalies && log.changes && log.log);
    EXPECT_FALSE(log.days || log.movers || log.alerts || log.unverified || log.expiring);
    EXPECT_EQ(log.html.find("Smithers"), std::string::npos) << "names of people are for view_contacts";
    const auto graphs = with({permission::view_graphs});
    EXPECT_TRUE(graphs.days && graphs.movers && !graphs.movers->empty());
    for (const auto& m : *graphs.movers)
        EXPECT_EQ(m.destination, "") << "destinations are for view_calls";
    const auto called = with({permission::view_graphs, permission::view_calls});
    EXPECT_GT(called.movers->size(), graphs.movers->size());
    const auto people = with({permission::view_contacts});
    EXPECT_TRUE(people.unverified && !people.unverified->empty());
    const auto keys = with({permission::manage_keys});
    EXPECT_TRUE(keys.expiring.has_value());
    const auto alerts = with({permission::view_alerts});
    EXPECT_TRUE(alerts.alerts.has_value());
}

TEST_P(review_operation, hides_alerts_about_money_from_those_who_may_not_see_it) {
    add_ann();
    alert_rule rule;
    rule.account = acme;
    rule.title = "Money";
    rule.area = alert_area::balance;
    rule.op = alert_operator::less_or_equal;
    rule.threshold = 0;
    (void)lineside().async_create_alert_rule(rule, block);
    clock.advance(minutes(2));
    (void)lineside().async_run_due_work({}, block);
    clock.advance(duration(1));
    EXPECT_EQ(review_of().alerts->size(), 1U);
    const auto r = with_permissions({permission::view_review, permission::view_alerts})->async_get_review({}, block);
    EXPECT_TRUE(r.alerts->empty());
    EXPECT_EQ(r.html.find("Money"), std::string::npos);
}

TEST_P(review_operation, has_nothing_of_another_account) {
    add_ann();
    (void)lineside().async_create_account({.id = account_id("rival")}, block);
    (void)add("eve@rival.example", role::administrator, account_id("rival"));
    auto foreign = failed_call("x", clock.now() - hours(1));
    foreign.account_id = account_id("rival");
    (void)import({foreign});
    clock.advance(duration(1));
    const auto r = review_of();
    EXPECT_EQ(r.days->at(13).attempts, 0U);
    EXPECT_EQ(r.unverified->size(), 1U);
    for (const auto& e : *r.changes)
        EXPECT_EQ(e.account, acme);
    EXPECT_EQ(review_of(account_id("rival")).days->at(13).attempts, 1U);
}

// ---- the page

TEST_P(review_operation, speaks_the_language_of_whoever_asks) {
    add_ann();
    const auto ann = as(sign_in().token);
    (void)ann->async_set_preferences({.language = "de-AT"}, block);
    const auto r = ann->async_get_review({}, block);
    EXPECT_EQ(r.language, "de");
    EXPECT_NE(r.html.find("<html lang=\"de\" dir=\"ltr\">"), std::string::npos);
    EXPECT_NE(r.html.find("Wochenrückblick"), std::string::npos);
    const auto arabic = ann->async_get_review({.language = "ar"}, block);
    EXPECT_NE(arabic.html.find("<html lang=\"ar\" dir=\"rtl\">"), std::string::npos);
    EXPECT_EQ(
        failure_of([&] { return ann->async_get_review({.language = "not a tag!"}, block); }, errc::invalid_argument)
            .field,
        "language");
}

TEST_P(review_operation, names_the_accounts_zone_and_shows_its_times) {
    (void)lineside().async_create_account({.id = acme, .time_zone = "Asia/Kolkata"}, block);
    const auto r = review_of();
    EXPECT_EQ(r.zone, "Asia/Kolkata");
    EXPECT_NE(r.html.find("All times: Asia/Kolkata"), std::string::npos);
    EXPECT_NE(r.html.find("2026-03-10 17:30"), std::string::npos);
}

TEST_P(review_operation, escapes_everything_that_came_from_outside) {
    const std::string nasty = "<script>alert('x')</script>\"&";
    (void)lineside().async_create_account({.id = acme, .name = nasty}, block);
    contact_create c{.account = acme, .name = nasty, .email = std::string(ann_email)};
    c.role = role::administrator;
    c.password = secret(good_password);
    (void)lineside().async_create_contact(std::move(c), block);
    (void)sign_in_with("Firefox");
    (void)sign_in_with(nasty, elsewhere);
    api_key_create k;
    k.account = acme;
    k.name = nasty;
    k.scopes = {permission::view_company};
    k.expires_at = clock.now() + days(2);
    (void)lineside().async_create_key(std::move(k), block);
    clock.advance(duration(1));
    const auto r = review_of();
    ASSERT_EQ(codes(r), (names{"new_network", "new_program"}));
    EXPECT_EQ(r.html.find("<script"), std::string::npos);
    EXPECT_EQ(r.html.find("alert('x')"), std::string::npos);
    // The company twice, in the heading and the title; the contact, the program and the key.
    EXPECT_GE(count_of(r.html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"), 6U);
}

TEST_P(review_operation, needs_nothing_but_itself) {
    add_ann();
    const auto html = review_of().html;
    for (const auto* needs : {"<script", "<link", "<img", "src=", "href=", "url(", "@import", "javascript:", "onload"})
        EXPECT_EQ(html.find(needs), std::string::npos) << needs;
    EXPECT_TRUE(html.starts_with("<!doctype html>"));
}

} // namespace lineside::contract
