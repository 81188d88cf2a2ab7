#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <set>
#include <thread>
#include <utility>

// Who is let in, and how often they may guess.
namespace lineside::contract {

LINESIDE_ON_EVERY_PORTAL_WITH(signing_in, identity_test);

TEST_P(signing_in, the_right_password_gives_a_token_that_is_the_contacts_portal) {
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

TEST_P(signing_in, letter_case_of_the_login_does_not_matter_and_that_of_the_password_does) {
    (void)add_ann();
    EXPECT_EQ(sign_in({}, home, "ANN@ACME.EXAMPLE").session.account, acme);
    std::string loud(good_password);
    std::transform(loud.begin(), loud.end(), loud.begin(), [](unsigned char c) { return std::toupper(c); });
    (void)refused(errc::unauthenticated, loud);
    (void)refused(errc::unauthenticated, std::string(good_password) + ' ');
}

TEST_P(signing_in, a_wrong_password_and_an_unknown_login_get_the_same_answers_all_the_way) {
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

TEST_P(signing_in, failures_slow_a_login_down_and_a_success_forgets_them) {
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

TEST_P(signing_in, the_wait_outlives_the_engine) {
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

TEST_P(signing_in, a_stranger_cannot_lock_out_whoever_signed_in_from_home_before) {
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

TEST_P(signing_in, of_the_places_it_was_used_from_a_login_knows_the_last_eight) {
    (void)add_ann();
    for (int i = 0; i < 9; ++i)
        (void)sign_in({}, "198.51.100." + std::to_string(i));
    for (int i = 0; i < 90; ++i) {
        (void)refused(errc::unauthenticated, other_password, {}, "203.0.113." + std::to_string(i));
        clock.advance(minutes(15));
    }
    (void)refused(errc::exhausted, good_password, {}, "198.51.100.0");
    (void)sign_in({}, "198.51.100.1");
}

TEST_P(signing_in, a_closed_login_opens_with_a_password_chosen_by_mail_or_given_by_the_operator) {
    const auto ann = add_ann();
    const auto close = [&](std::string_view password) {
        for (int i = 0; i < 90; ++i) {
            (void)refused(errc::unauthenticated, "not " + std::string(password), {}, "203.0.113." + std::to_string(i));
            clock.advance(minutes(15));
        }
        (void)refused(errc::exhausted, password, {}, "203.0.113.99"); // where nobody signed in from
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

TEST_P(signing_in, a_clock_set_back_shuts_nobody_out_for_longer_than_15_minutes) {
    (void)add_ann();
    for (int i = 0; i < 40; ++i) {
        (void)refused(errc::unauthenticated, other_password, {}, "203.0.113." + std::to_string(i));
        clock.advance(minutes(15));
    }
    clock.advance(-days(3000));
    (void)refused(errc::exhausted, good_password, {}, elsewhere);
    clock.advance(minutes(15));
    (void)sign_in({}, elsewhere);
}

TEST_P(signing_in, one_source_has_so_many_attempts_at_all_logins_together) {
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

TEST_P(signing_in, guesses_at_the_same_moment_are_no_more_than_guesses_one_by_one) {
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

TEST_P(signing_in, whoever_is_disabled_learns_so_only_with_the_right_password) {
    const auto ann = add_ann();
    set_status(ann, contact_status::disabled);
    EXPECT_EQ(refused(errc::unauthenticated, other_password).message, "the login or the password is wrong");
    EXPECT_EQ(refused(errc::unauthenticated, good_password).message, "the login is disabled");
    set_status(ann, contact_status::active);
    (void)sign_in();
    (void)lineside().async_update_account({.account = acme, .status = account_status::disabled}, block);
    EXPECT_EQ(refused(errc::unauthenticated, good_password).message, "the account is disabled");
}

TEST_P(signing_in, an_allow_list_holds_at_the_door_and_inside) {
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

TEST_P(signing_in, a_text_longer_than_any_password_is_refused_at_once) {
    EXPECT_EQ(refused(errc::invalid_argument, std::string(1025, 'x')).field, "password");
    EXPECT_EQ(refused(errc::invalid_argument, "x", {}, home, std::string(1025, 'x')).field, "email");
}

TEST_P(signing_in, every_attempt_is_in_the_log_with_where_it_came_from) {
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

TEST_P(signing_in, nobody_and_a_wrong_token_are_refused) {
    (void)add_ann();
    (void)failure_of([&] { return lineside().as({})->async_who_am_i({}, block); }, errc::unauthenticated);
    for (const auto* token : {"x", "lsk_", "lsk_k-1_x", "ASZLcJW63wQpTnOYveIHLFF2m8DlCi9UeZ7D6A0yV3w"})
        EXPECT_FALSE(is_known(*as(secret(token)))) << token;
    // Nobody may sign in, and that is how it begins.
    EXPECT_EQ(lineside().as({})->async_sign_in(attempt(good_password), block).session.account, acme);
}

} // namespace lineside::contract
