#include "integration/contract/identity_test.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

// Passwords: changed, given and chosen anew by mail.
namespace lineside::contract {

LINESIDE_ON_EVERY_PORTAL_WITH(passwords, identity_test);

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
