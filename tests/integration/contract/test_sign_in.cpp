#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <thread>

// Who signs in, how often they may guess, and when a session ends.
namespace lineside::contract {

namespace {

class sign_in_test : public identity_test {
protected:
    sign_out_report end(portal& p, sign_out_scope scope, std::string session = {}) {
        return p.async_sign_out({.scope = scope, .session = std::move(session)}, block);
    }
    std::size_t live(portal& p) { return p.async_list_sessions({}, block).items.size(); }

    void set_status(const contact& c, contact_status status) {
        contact_update update{.account = c.account, .contact = c.id};
        update.status = status;
        (void)lineside().async_update_contact(std::move(update), block);
    }
    void allow(const contact& c, std::vector<std::string> ips) {
        contact_update update{.account = c.account, .contact = c.id};
        update.allowed_ips = std::move(ips);
        (void)lineside().async_update_contact(std::move(update), block);
    }
    password_change change(std::string_view from, std::string_view to) {
        password_change request;
        request.old_password = secret(from);
        request.new_password = secret(to);
        return request;
    }
    /// The token in the mail sent last.
    secret mailed_token() {
        const auto& text = mails.back().text;
        const auto at = text.find("https://portal.example/reset?t=");
        EXPECT_NE(at, std::string::npos) << text;
        return secret(std::string_view(text).substr(at + 31, 43));
    }
    void ask_reset(std::string_view email = ann_email, std::string_view from = home) {
        (void)lineside().async_request_password_reset({std::string(email), std::string(from)}, block);
    }
    password_reset answer(const secret& token, std::string_view password, std::string_view code = {}) {
        password_reset r;
        r.token = token.copy();
        r.new_password = secret(password);
        r.code = secret(code);
        r.source_ip = home;
        return r;
    }

    sign_in_test() { settings.reset_link = "https://portal.example/reset?t={token}"; }
};

LINESIDE_ON_EVERY_PORTAL_WITH(sign_in, sign_in_test);
LINESIDE_ON_EVERY_PORTAL_WITH(sessions, sign_in_test);
LINESIDE_ON_EVERY_PORTAL_WITH(passwords, sign_in_test);

} // namespace

// ---- signing in

TEST_P(sign_in, the_right_password_gives_a_token_that_is_the_contacts_portal) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    EXPECT_EQ(grant.contact, ann);
    EXPECT_EQ(grant.session.contact, ann.id);
    EXPECT_EQ(grant.session.account, acme);
    EXPECT_EQ(grant.session.source_ip, home);
    EXPECT_EQ(grant.session.user_agent, "test");
    EXPECT_EQ(grant.session.expires_at, clock.now() + minutes(30));
    EXPECT_EQ(grant.token.reveal().size(), 43U);
    const auto who = as(grant.token)->async_who_am_i({}, block);
    EXPECT_EQ(who.kind, "contact");
    EXPECT_EQ(who.account, acme);
    EXPECT_EQ(who.contact, ann);
    EXPECT_EQ(who.session, grant.session.id);
    EXPECT_EQ(who.permissions, permission_set::everything().list());
}

TEST_P(sign_in, letter_case_of_the_login_does_not_matter_and_that_of_the_password_does) {
    (void)add_ann();
    EXPECT_EQ(sign_in({}, home, "ANN@ACME.EXAMPLE").session.account, acme);
    std::string loud(good_password);
    std::transform(loud.begin(), loud.end(), loud.begin(), [](unsigned char c) { return std::toupper(c); });
    (void)refused(errc::unauthenticated, loud);
    (void)refused(errc::unauthenticated, std::string(good_password) + ' ');
}

TEST_P(sign_in, a_wrong_password_and_an_unknown_login_get_the_same_answers_all_the_way) {
    (void)add_ann();
    (void)lineside().async_create_contact({.account = acme, .name = "Bob", .email = "bob@acme.example"}, block);
    // Bob has no password yet, Eve does not exist. Each from a source of their own.
    const std::pair<const char*, const char*> people[] = {
        {ann_email.data(), "203.0.113.1"}, {"eve@acme.example", "203.0.113.2"}, {"bob@acme.example", "203.0.113.3"}};
    for (int i = 0; i < 12; ++i) {
        std::set<std::string> answers;
        for (const auto& [email, from] : people) {
            try {
                (void)lineside().async_sign_in(attempt(other_password, {}, from, email), block);
                ADD_FAILURE() << email;
            } catch (const error& e) {
                answers.insert(e.code().message() + '|' + e.what() + '|' + e.details().field);
            }
        }
        EXPECT_EQ(answers.size(), 1U) << i;
        if (i % 2 == 1)
            clock.advance(seconds(1));
    }
}

TEST_P(sign_in, failures_slow_a_login_down_and_a_success_forgets_them) {
    (void)add_ann();
    for (int i = 0; i < 5; ++i)
        (void)refused(errc::unauthenticated, other_password, {}, elsewhere);
    for (const auto wait : {1, 2, 4, 8}) {
        const auto d = refused(errc::exhausted, good_password, {}, elsewhere);
        EXPECT_NE(d.message.find(" " + std::to_string(wait) + " s"), std::string::npos) << d.message;
        clock.advance(seconds(wait) - duration(1));
        (void)refused(errc::exhausted, good_password, {}, elsewhere);
        clock.advance(duration(1));
        (void)refused(errc::unauthenticated, other_password, {}, elsewhere);
    }
    clock.advance(seconds(16));
    (void)sign_in({}, elsewhere);
    for (int i = 0; i < 5; ++i)
        (void)refused(errc::unauthenticated, other_password, {}, elsewhere);
    EXPECT_NE(refused(errc::exhausted, other_password, {}, elsewhere).message.find(" 1 s"), std::string::npos);
}

TEST_P(sign_in, the_wait_outlives_the_engine) {
    (void)add_ann();
    for (int i = 0; i < 6; ++i) {
        (void)refused(errc::unauthenticated, other_password);
        clock.advance(i < 5 ? seconds(1) : seconds(0));
    }
    reopen();
    (void)refused(errc::exhausted, good_password);
    clock.advance(seconds(2));
    (void)sign_in();
}

TEST_P(sign_in, a_stranger_cannot_lock_out_whoever_signed_in_from_home_before) {
    (void)add_ann();
    (void)sign_in();
    for (int i = 0; i < 90; ++i) {
        (void)refused(errc::unauthenticated, other_password, {}, "203.0.113." + std::to_string(i));
        clock.advance(minutes(15));
    }
    const auto closed = refused(errc::exhausted, good_password, {}, elsewhere);
    EXPECT_NE(closed.message.find("by mail"), std::string::npos) << closed.message;
    clock.advance(days(100));
    (void)refused(errc::exhausted, good_password, {}, elsewhere);
    (void)sign_in({}, home);
    (void)sign_in({}, elsewhere); // which forgot the failures
}

TEST_P(sign_in, a_closed_login_opens_with_a_password_chosen_by_mail_or_given_by_the_operator) {
    const auto ann = add_ann();
    const auto close = [&](std::string_view password) {
        for (int i = 0; i < 90; ++i) {
            (void)refused(errc::unauthenticated, "not " + std::string(password), {}, "203.0.113." + std::to_string(i));
            clock.advance(minutes(15));
        }
        (void)refused(errc::exhausted, password, {}, elsewhere);
    };
    close(good_password);
    ask_reset();
    (void)lineside().async_reset_password(answer(mailed_token(), other_password), block);
    (void)lineside().async_sign_in(attempt(other_password, {}, elsewhere), block);
    close(other_password);
    password_setting setting{.account = acme, .contact = ann.id};
    setting.password = secret(good_password);
    (void)lineside().async_set_password(std::move(setting), block);
    (void)sign_in({}, elsewhere);
}

TEST_P(sign_in, a_clock_set_back_shuts_nobody_out_for_longer_than_15_minutes) {
    (void)add_ann();
    for (int i = 0; i < 40; ++i) {
        (void)refused(errc::unauthenticated, other_password, {}, "203.0.113." + std::to_string(i));
        clock.advance(minutes(15));
    }
    clock.advance(-days(3000));
    (void)refused(errc::exhausted, good_password, {}, elsewhere);
    clock.advance(minutes(15));
    // The failure lies years ahead, and still the wait is counted from it: the operator is asked, or mail.
    (void)refused(errc::exhausted, good_password, {}, elsewhere);
}

TEST_P(sign_in, one_source_has_so_many_attempts_at_all_logins_together) {
    (void)add_ann();
    for (int i = 0; i < 30; ++i)
        (void)refused(errc::unauthenticated, other_password, {}, "2001:db8:7:7::" + std::to_string(i + 1),
                      "nobody" + std::to_string(i) + "@acme.example");
    EXPECT_NE(refused(errc::exhausted, good_password, {}, "2001:db8:7:7:8::1").message.find("10 s"), std::string::npos);
    (void)sign_in({}, "2001:db8:7:8::1");
    clock.advance(seconds(10));
    (void)sign_in({}, "2001:db8:7:7:8::1");
    (void)sign_in({}, "2001:db8:7:7:8::1"); // a good one takes nothing
    (void)refused(errc::unauthenticated, other_password, {}, "2001:db8:7:7:8::1");
    (void)refused(errc::exhausted, good_password, {}, "2001:db8:7:7:8::1");
}

TEST_P(sign_in, guesses_at_the_same_moment_are_no_more_than_guesses_one_by_one) {
    (void)add_ann();
    (void)lineside();
    std::atomic<int> judged = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 3; ++k) {
                try {
                    (void)lineside().async_sign_in(
                        attempt(other_password, {}, "203.0.113." + std::to_string(10 * i + k)), block);
                } catch (const error& e) {
                    judged += e.code() == errc::unauthenticated ? 1 : 0;
                }
            }
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(judged, 5);
}

TEST_P(sign_in, whoever_is_disabled_learns_so_only_with_the_right_password) {
    const auto ann = add_ann();
    set_status(ann, contact_status::disabled);
    EXPECT_EQ(refused(errc::unauthenticated, other_password).message, "the login or the password is wrong");
    EXPECT_EQ(refused(errc::unauthenticated, good_password).message, "the login is disabled");
    set_status(ann, contact_status::active);
    (void)sign_in();
    (void)lineside().async_update_account({.account = acme, .status = account_status::disabled}, block);
    EXPECT_EQ(refused(errc::unauthenticated, good_password).message, "the account is disabled");
}

TEST_P(sign_in, an_allow_list_holds_at_the_door_and_inside) {
    const auto ann = add_ann();
    allow(ann, {"192.0.2.0/24", "2001:db8::/32"});
    const auto grant = sign_in({}, "192.0.2.200");
    EXPECT_EQ(refused(errc::unauthenticated, good_password, {}, elsewhere).message, "this login is not used from here");
    (void)refused(errc::unauthenticated, good_password, {}, "");
    (void)sign_in({}, "2001:db8::1");
    EXPECT_TRUE(is_known(*as(grant.token, "192.0.2.1")));
    EXPECT_FALSE(is_known(*as(grant.token, elsewhere)));
    EXPECT_FALSE(is_known(*as(grant.token, "")));
}

TEST_P(sign_in, a_text_longer_than_any_password_is_refused_at_once) {
    EXPECT_EQ(refused(errc::invalid_argument, std::string(1025, 'x')).field, "password");
    EXPECT_EQ(refused(errc::invalid_argument, "x", {}, home, std::string(1025, 'x')).field, "email");
}

TEST_P(sign_in, every_attempt_is_in_the_log_with_where_it_came_from) {
    const auto ann = add_ann();
    (void)refused(errc::unauthenticated, other_password, {}, elsewhere);
    (void)refused(errc::unauthenticated, other_password, {}, elsewhere, "eve@acme.example");
    const auto grant = sign_in();
    const auto log = lineside().async_list_access_log({.account = acme}, block).items;
    ASSERT_GE(log.size(), 2U);
    EXPECT_EQ(log[0].action, "sign_in");
    EXPECT_EQ(log[0].outcome, access_outcome::done);
    EXPECT_EQ(log[0].who, "contact " + ann.id.value());
    EXPECT_EQ(log[0].target, grant.session.id);
    EXPECT_EQ(log[0].source_ip, home);
    EXPECT_EQ(log[0].user_agent, "test");
    EXPECT_EQ(log[1].action, "sign_in");
    EXPECT_EQ(log[1].outcome, access_outcome::refused);
    EXPECT_EQ(log[1].who, "nobody");
    EXPECT_EQ(log[1].target, ann.id.value());
    EXPECT_EQ(log[1].source_ip, elsewhere);
    EXPECT_EQ(log[1].detail, "wrong password");
    const auto own = lineside().async_list_access_log({}, block).items;
    ASSERT_FALSE(own.empty());
    EXPECT_EQ(own[0].detail, "unknown login");
    EXPECT_EQ(own[0].source_ip, elsewhere);
    for (const auto& entry : own)
        EXPECT_EQ(entry.target.find("eve"), std::string::npos) << "it might be a password typed into the wrong field";
}

TEST_P(sign_in, nobody_and_a_wrong_token_are_refused) {
    (void)add_ann();
    (void)failure_of([&] { return lineside().as({})->async_who_am_i({}, block); }, errc::unauthenticated);
    for (const auto* token : {"x", "lsk_", "lsk_k-1_x", "ASZLcJW63wQpTnOYveIHLFF2m8DlCi9UeZ7D6A0yV3w"})
        EXPECT_FALSE(is_known(*as(secret(token)))) << token;
    // Nobody may sign in, and that is how it begins.
    EXPECT_EQ(lineside().as({})->async_sign_in(attempt(good_password), block).session.account, acme);
}

// ---- sessions

TEST_P(sessions, a_session_ends_after_30_idle_minutes) {
    (void)add_ann();
    const auto grant = sign_in();
    const auto ann = as(grant.token);
    clock.advance(seconds(30)); // a use that is only remembered, not written
    EXPECT_TRUE(is_known(*ann));
    clock.advance(minutes(30) - duration(1));
    EXPECT_TRUE(is_known(*ann));
    clock.advance(minutes(30));
    EXPECT_FALSE(is_known(*ann));
}

TEST_P(sessions, a_session_ends_after_12_hours_however_busy) {
    (void)add_ann();
    const auto grant = sign_in();
    const auto ann = as(grant.token);
    for (int i = 0; i < 12 * 60 / 20 - 1; ++i) {
        clock.advance(minutes(20));
        ASSERT_TRUE(is_known(*ann)) << i;
    }
    EXPECT_EQ(ann->async_list_sessions({}, block).items[0].expires_at, grant.session.created_at + hours(12));
    clock.advance(minutes(20));
    EXPECT_FALSE(is_known(*ann));
}

TEST_P(sessions, a_session_outlives_its_engine_and_not_a_clock_set_back_far) {
    (void)add_ann();
    const auto grant = sign_in();
    clock.advance(minutes(29));
    EXPECT_TRUE(is_known(*as(grant.token)));
    reopen();
    clock.advance(minutes(29));
    EXPECT_TRUE(is_known(*as(grant.token)));
    clock.advance(-minutes(20));
    EXPECT_TRUE(is_known(*as(grant.token)));
    clock.advance(-hours(2));
    EXPECT_FALSE(is_known(*as(grant.token)));
}

TEST_P(sessions, each_sign_in_is_a_session_of_its_own_and_the_list_shows_them) {
    (void)add_ann();
    const auto first = sign_in();
    clock.advance(minutes(1));
    const auto second = sign_in({}, elsewhere);
    EXPECT_NE(first.token, second.token);
    EXPECT_NE(first.session.id, second.session.id);
    const auto list = as(second.token, elsewhere)->async_list_sessions({}, block).items;
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].id, first.session.id);
    EXPECT_FALSE(list[0].current);
    EXPECT_EQ(list[1].id, second.session.id);
    EXPECT_TRUE(list[1].current);
    EXPECT_EQ(list[1].source_ip, elsewhere);
}

TEST_P(sessions, signing_out_ends_this_one_all_others_all_or_one) {
    (void)add_ann();
    const auto a = sign_in();
    const auto b = sign_in();
    const auto c = sign_in();
    const auto d = sign_in();
    EXPECT_EQ(end(*as(a.token), sign_out_scope::current).ended, 1U);
    EXPECT_FALSE(is_known(*as(a.token)));
    EXPECT_EQ(end(*as(b.token), sign_out_scope::one, c.session.id).ended, 1U);
    EXPECT_FALSE(is_known(*as(c.token)));
    (void)failure_of([&] { return end(*as(b.token), sign_out_scope::one, c.session.id); }, errc::not_found);
    (void)failure_of([&] { return end(*as(b.token), sign_out_scope::one); }, errc::invalid_argument);
    EXPECT_EQ(end(*as(b.token), sign_out_scope::others).ended, 1U);
    EXPECT_FALSE(is_known(*as(d.token)));
    EXPECT_TRUE(is_known(*as(b.token)));
    const auto e = sign_in();
    EXPECT_EQ(end(*as(e.token), sign_out_scope::all).ended, 2U);
    EXPECT_FALSE(is_known(*as(b.token)));
    EXPECT_FALSE(is_known(*as(e.token)));
}

TEST_P(sessions, the_operator_lists_and_ends_those_of_a_contact) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    EXPECT_EQ(lineside().async_list_sessions({acme, ann.id}, block).items.size(), 1U);
    (void)failure_of([&] { return lineside().async_sign_out({.account = acme, .contact = ann.id}, block); },
                     errc::invalid_argument);
    EXPECT_EQ(
        lineside().async_sign_out({.account = acme, .contact = ann.id, .scope = sign_out_scope::all}, block).ended, 1U);
    EXPECT_FALSE(is_known(*as(grant.token)));
}

TEST_P(sessions, nobody_sees_or_ends_those_of_somebody_else) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    (void)add("bob@acme.example", role::administrator);
    const auto bob = as(sign_in({}, home, "bob@acme.example").token);
    (void)failure_of([&] { return bob->async_list_sessions({acme, ann.id}, block); }, errc::not_found);
    (void)failure_of([&] { return bob->async_sign_out({acme, ann.id, sign_out_scope::all}, block); }, errc::not_found);
    (void)failure_of([&] { return end(*bob, sign_out_scope::one, grant.session.id); }, errc::not_found);
    EXPECT_EQ(live(*bob), 1U);
    EXPECT_TRUE(is_known(*as(grant.token)));
}

TEST_P(sessions, disabling_a_contact_or_its_account_ends_them_at_once) {
    const auto ann = add_ann();
    const auto first = sign_in();
    set_status(ann, contact_status::disabled);
    EXPECT_FALSE(is_known(*as(first.token)));
    set_status(ann, contact_status::active);
    EXPECT_FALSE(is_known(*as(first.token))) << "it stays ended";
    const auto second = sign_in();
    (void)lineside().async_update_account({.account = acme, .status = account_status::disabled}, block);
    EXPECT_FALSE(is_known(*as(second.token)));
}

TEST_P(sessions, permissions_follow_the_contact_and_its_company_at_once) {
    const auto ann = add_ann(role::viewer);
    const auto grant = sign_in();
    const auto may = [&] { return permission_set(as(grant.token)->async_who_am_i({}, block).permissions); };
    EXPECT_EQ(may(), permissions_of(role::viewer));
    contact_update update{.account = acme, .contact = ann.id};
    update.grants = {permission::view_balance, permission::view_calls};
    update.denials = {permission::view_graphs};
    (void)lineside().async_update_contact(std::move(update), block);
    (void)lineside().async_update_account({.account = acme, .withheld = std::vector{permission::view_calls}}, block);
    EXPECT_EQ(may(), (permissions_of(role::viewer) | permission_set{permission::view_balance}) -
                         permission_set{permission::view_graphs});
    (void)failure_of([&] { return as(grant.token)->async_query_calls({.account = acme}, block); },
                     errc::permission_denied);
}

TEST_P(sessions, a_contact_has_fifty_at_most_and_the_oldest_ends) {
    (void)add_ann();
    const auto first = sign_in();
    clock.advance(duration(1));
    const auto second = sign_in();
    for (int i = 0; i < 49; ++i) {
        clock.advance(duration(1));
        (void)sign_in();
    }
    EXPECT_FALSE(is_known(*as(first.token)));
    EXPECT_TRUE(is_known(*as(second.token)));
    EXPECT_EQ(live(*as(second.token)), 50U);
}

TEST_P(sessions, a_refused_credential_is_in_the_log_once_a_minute) {
    (void)add_ann();
    const auto grant = sign_in();
    clock.advance(hours(1));
    const auto count = [&](const account_id& account) {
        const auto log = lineside().async_list_access_log({.account = account}, block).items;
        return std::count_if(log.begin(), log.end(), [](const access_entry& e) { return e.action == "identify"; });
    };
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(is_known(*as(grant.token)));
        EXPECT_FALSE(is_known(*as(secret("nonsense"))));
    }
    EXPECT_EQ(count(acme), 1);
    EXPECT_EQ(count({}), 1);
    clock.advance(minutes(1));
    EXPECT_FALSE(is_known(*as(grant.token)));
    EXPECT_EQ(count(acme), 2);
}

// ---- passwords

TEST_P(passwords, changing_one_needs_the_old_one_and_ends_the_other_sessions) {
    (void)add_ann();
    const auto other = sign_in();
    const auto grant = sign_in();
    const auto ann = as(grant.token);
    EXPECT_EQ(failure_of([&] { return ann->async_change_password(change("wrong", other_password), block); },
                         errc::unauthenticated)
                  .field,
              "password");
    (void)ann->async_change_password(change(good_password, other_password), block);
    EXPECT_TRUE(is_known(*ann));
    EXPECT_FALSE(is_known(*as(other.token)));
    (void)refused(errc::unauthenticated, good_password);
    (void)lineside().async_sign_in(attempt(other_password), block);
    ASSERT_FALSE(mails.empty());
    EXPECT_EQ(mails.back().to, ann_email);
}

TEST_P(passwords, which_sessions_end_is_the_contacts_choice) {
    (void)add_ann();
    const auto a = sign_in();
    const auto b = sign_in();
    auto only_this = change(good_password, other_password);
    only_this.sign_out = sign_out_scope::current;
    (void)as(a.token)->async_change_password(std::move(only_this), block);
    EXPECT_FALSE(is_known(*as(a.token)));
    EXPECT_TRUE(is_known(*as(b.token)));
    auto all = change(other_password, good_password);
    all.sign_out = sign_out_scope::all;
    (void)as(b.token)->async_change_password(std::move(all), block);
    EXPECT_FALSE(is_known(*as(b.token)));
    auto one = change(good_password, other_password);
    one.sign_out = sign_out_scope::one;
    const auto c = sign_in();
    (void)failure_of([&] { return as(c.token)->async_change_password(std::move(one), block); }, errc::invalid_argument);
}

TEST_P(passwords, guesses_at_the_old_one_are_slowed_down_with_those_at_the_door) {
    (void)add_ann();
    const auto grant = sign_in();
    for (int i = 0; i < 5; ++i)
        (void)failure_of([&] { return as(grant.token)->async_change_password(change("wrong", other_password), block); },
                         errc::unauthenticated);
    (void)failure_of(
        [&] { return as(grant.token)->async_change_password(change(good_password, other_password), block); },
        errc::exhausted);
    (void)refused(errc::exhausted, good_password);
}

TEST_P(passwords, a_bad_one_is_refused_with_the_reason_wherever_it_is_chosen) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    for (const auto* bad :
         {"short", "passwordpassword", "ann smithers kvbx rjhq", "zeppelin kvbx rjhq", "acme kvbx rjhqpf"}) {
        const auto d =
            failure_of([&] { return as(grant.token)->async_change_password(change(good_password, bad), block); },
                       errc::invalid_argument);
        EXPECT_EQ(d.field, "new_password");
        EXPECT_TRUE(d.message.starts_with("the password ")) << d.message;
        EXPECT_EQ(d.message.find("kvbx"), std::string::npos) << "a reason never quotes it";
        password_setting setting{.account = acme, .contact = ann.id};
        setting.password = secret(bad);
        EXPECT_EQ(
            failure_of([&] { return lineside().async_set_password(std::move(setting), block); }, errc::invalid_argument)
                .field,
            "password");
    }
}

TEST_P(passwords, the_operator_gives_one_and_sessions_end) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    const auto give = [&](portal& p) {
        password_setting setting{.account = acme, .contact = ann.id};
        setting.password = secret(other_password);
        return p.async_set_password(std::move(setting), block);
    };
    (void)failure_of([&] { return give(*as(grant.token)); }, errc::permission_denied);
    (void)give(lineside());
    EXPECT_FALSE(is_known(*as(grant.token)));
    (void)lineside().async_sign_in(attempt(other_password), block);
}

TEST_P(passwords, one_is_chosen_with_a_mailed_token_once) {
    (void)add_ann();
    const auto grant = sign_in();
    ask_reset();
    const auto token = mailed_token();
    EXPECT_EQ(mails.back().to, ann_email);
    EXPECT_EQ(mails.back().account, acme);
    EXPECT_EQ(failure_of([&] { return lineside().async_reset_password(answer(token, "short"), block); },
                         errc::invalid_argument)
                  .field,
              "new_password");
    (void)lineside().as({})->async_reset_password(answer(token, other_password), block);
    EXPECT_FALSE(is_known(*as(grant.token)));
    (void)lineside().async_sign_in(attempt(other_password), block);
    EXPECT_EQ(failure_of([&] { return lineside().async_reset_password(answer(token, good_password), block); },
                         errc::unauthenticated)
                  .field,
              "token");
}

TEST_P(passwords, a_mailed_token_is_good_for_half_an_hour_and_a_later_one_takes_its_place) {
    (void)add_ann();
    ask_reset();
    const auto first = mailed_token();
    clock.advance(minutes(1));
    ask_reset();
    const auto second = mailed_token();
    const auto fails = [&](const secret& token) {
        (void)failure_of([&] { return lineside().async_reset_password(answer(token, other_password), block); },
                         errc::unauthenticated);
    };
    fails(first);
    clock.advance(minutes(30));
    fails(second);
    ask_reset();
    const auto third = mailed_token();
    clock.advance(-minutes(31));
    fails(third);
    clock.advance(minutes(31) + minutes(30) - duration(1));
    (void)lineside().async_reset_password(answer(third, other_password), block);
}

TEST_P(passwords, eight_threads_with_one_token_choose_one_password) {
    (void)add_ann();
    ask_reset();
    const auto token = mailed_token();
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            try {
                (void)lineside().async_reset_password(answer(token, other_password), block);
                ++done;
            } catch (const error& e) {
                EXPECT_EQ(e.code(), errc::unauthenticated) << e.what();
            }
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(done, 1);
}

TEST_P(passwords, asking_for_a_mail_says_nothing_about_who_is_known) {
    const auto ann = add_ann();
    ask_reset("eve@acme.example");
    EXPECT_TRUE(mails.empty());
    for (int i = 0; i < 5; ++i)
        ask_reset();
    EXPECT_EQ(mails.size(), 1U) << "one a minute";
    for (int i = 0; i < 20; ++i) {
        clock.advance(minutes(1));
        ask_reset();
    }
    EXPECT_EQ(mails.size(), 10U) << "ten a day";
    clock.advance(days(1));
    set_status(ann, contact_status::disabled);
    ask_reset();
    EXPECT_EQ(mails.size(), 10U);
    for (int i = 0; i < 29; ++i)
        ask_reset("eve@acme.example", elsewhere);
    ask_reset("eve@acme.example", elsewhere);
    (void)failure_of(
        [&] {
            ask_reset("eve@acme.example", elsewhere);
            return 0;
        },
        errc::exhausted);
}

TEST_P(passwords, a_mailer_that_fails_changes_nothing_in_the_answer) {
    settings.delivery.mailer = [](const mail&) { throw std::runtime_error("no route to host"); };
    const auto ann = add_ann();
    ask_reset();
    ask_reset("eve@acme.example");
    const auto log = lineside().async_list_access_log({.account = acme}, block).items;
    EXPECT_EQ(log[0].action, "request_password_reset");
    EXPECT_EQ(log[0].outcome, access_outcome::refused);
    password_setting setting{.account = acme, .contact = ann.id};
    setting.password = secret(other_password);
    (void)lineside().async_set_password(std::move(setting), block); // and its notice is lost
    (void)lineside().async_sign_in(attempt(other_password), block);
}

TEST_P(passwords, without_a_mailer_there_is_no_reset) {
    settings.delivery = {};
    (void)add_ann();
    for (const auto* email : {ann_email.data(), "eve@acme.example"})
        (void)failure_of(
            [&] {
                ask_reset(email);
                return 0;
            },
            errc::unavailable);
}

TEST_P(passwords, an_invited_contact_chooses_its_first_one_by_mail) {
    (void)lineside().async_create_account({.id = acme}, block);
    (void)lineside().async_create_contact({.account = acme, .name = "Bo", .email = "bo@acme.example"}, block);
    ask_reset("bo@acme.example");
    (void)lineside().async_reset_password(answer(mailed_token(), good_password), block);
    (void)sign_in({}, home, "bo@acme.example");
}

} // namespace lineside::contract
