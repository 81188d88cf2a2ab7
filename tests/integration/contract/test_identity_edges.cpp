#include "integration/contract/identity_test.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// The rare cases of people: what was sent while something else happened, and what is asked for without need.
namespace lineside::contract {

namespace {

class identity_edges_test : public identity_test {
protected:
    contact_id ann_{};

    void set_account(account_status status) {
        account_update update{.account = acme};
        update.status = status;
        (void)lineside().async_update_account(std::move(update), block);
    }
    void expect_token_refused(const secret& token) {
        EXPECT_EQ(failure_of([&] { return lineside().async_reset_password(answer(token, other_password), block); },
                             errc::unauthenticated)
                      .field,
                  "token");
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(identity_edges, identity_edges_test);

} // namespace

TEST_P(identity_edges, a_reset_mail_holds_the_bare_token_where_there_is_no_link) {
    settings.reset_link = "";
    (void)add_ann();
    ask_reset();
    const auto& text = mails.back().text;
    EXPECT_EQ(text.find("https://"), std::string::npos) << text;
    EXPECT_EQ(text.find("{token}"), std::string::npos) << text;
}

TEST_P(identity_edges, a_link_without_a_place_for_the_token_is_sent_as_it_is) {
    settings.reset_link = "https://portal.example/ask-your-operator";
    (void)add_ann();
    ask_reset();
    EXPECT_NE(mails.back().text.find(settings.reset_link), std::string::npos) << mails.back().text;
}

TEST_P(identity_edges, mails_about_passwords_are_in_the_contacts_own_language) {
    const auto ann = add_ann();
    ask_reset();
    preferences_update update{.account = acme, .contact = ann.id};
    update.language = "de";
    (void)lineside().async_set_preferences(std::move(update), block);
    clock.advance(minutes(2));
    ask_reset();
    ASSERT_EQ(mails.size(), 2U);
    EXPECT_NE(mails[0].subject, mails[1].subject);
}

TEST_P(identity_edges, a_password_is_changed_without_a_mailer_too) {
    settings.delivery = {};
    (void)add_ann();
    (void)as(sign_in().token)->async_change_password(change(good_password, other_password), block);
    EXPECT_FALSE(lineside().async_sign_in(attempt(other_password), block).token.empty());
}

TEST_P(identity_edges, resets_of_the_day_before_and_of_a_clock_set_back_do_not_count) {
    (void)add_ann();
    ask_reset();
    clock.advance(days(1));
    ask_reset();
    EXPECT_EQ(mails.size(), 2U);
    clock.advance(-days(3));
    ask_reset();
    EXPECT_EQ(mails.size(), 3U);
}

TEST_P(identity_edges, a_token_is_good_for_an_active_contact_of_an_active_account) {
    const auto ann = add_ann();
    ask_reset();
    const auto token = mailed_token();
    set_status(ann, contact_status::disabled);
    expect_token_refused(token);
    set_status(ann, contact_status::active);
    set_account(account_status::disabled);
    expect_token_refused(token);
    clock.advance(minutes(2));
    ask_reset();
    EXPECT_EQ(mails.size(), 1U) << "nor is another one sent";
    set_account(account_status::active);
    EXPECT_NO_THROW((void)lineside().async_reset_password(answer(token, other_password), block));
}

TEST_P(identity_edges, where_a_reset_comes_from_need_not_be_told) {
    (void)add_ann();
    ask_reset(ann_email, "");
    auto request = answer(mailed_token(), other_password);
    request.source_ip.clear();
    EXPECT_NO_THROW((void)lineside().async_reset_password(std::move(request), block));
}

TEST_P(identity_edges, a_session_that_has_ended_is_not_listed) {
    const auto ann = add_ann();
    (void)sign_in();
    clock.advance(minutes(20));
    (void)sign_in();
    clock.advance(minutes(20));
    EXPECT_EQ(lineside().async_list_sessions({acme, ann.id}, block).items.size(), 1U);
}

TEST_P(identity_edges, whose_sessions_must_be_said_by_the_operator_and_not_by_a_key) {
    (void)add_ann();
    EXPECT_EQ(failure_of([&] { return live(lineside()); }, errc::invalid_argument).field, "contact");
    EXPECT_EQ(failure_of(
                  [&] {
                      return lineside().async_get_contact({account_id("nobody"), contact_id("c-1")}, block);
                  },
                  errc::not_found)
                  .field,
              "account");
    api_key_create k{.account = acme, .name = "program", .scopes = permission_set::everything().list()};
    const auto program = as(lineside().async_create_key(std::move(k), block).text);
    (void)failure_of([&] { return live(*program); }, errc::permission_denied);
}

TEST_P(identity_edges, an_update_names_what_it_changed_and_nothing_else) {
    auto bob = add("bob@acme.example", role::viewer, (add_ann(), acme));
    const auto told = [&](contact_update update) {
        update.account = acme;
        update.contact = bob.id;
        (void)lineside().async_update_contact(std::move(update), block);
        return lineside().async_list_access_log({.account = acme}, block).items.at(0).detail;
    };
    contact_update same;
    same.role = role::viewer;
    same.status = contact_status::active;
    same.grants.emplace();
    EXPECT_EQ(told(same), "");
    contact_update both;
    both.role = role::billing;
    both.status = contact_status::disabled;
    EXPECT_EQ(told(both), "role viewer to billing, disabled");
    contact_update lists;
    lists.grants = {permission::view_alerts};
    lists.denials = {permission::view_calls};
    EXPECT_EQ(told(lists), "grants, denials");
}

TEST_P(identity_edges, where_a_code_went_is_told_in_part_however_short_the_address) {
    std::vector<std::string> texts;
    settings.delivery.texter = [&](const text_message& m) { texts.push_back(m.to); };
    (void)add_ann();
    contact_create request{.account = acme, .name = "Jo", .email = "\xd0\xb9\xd0\xbe@acme.example"};
    request.mobile = "+4912345";
    const auto jo = lineside().async_create_contact(std::move(request), block);
    const auto told = [&](contact_address a) {
        return lineside().async_send_verification({.account = acme, .contact = jo.id, .address = a}, block).to;
    };
    EXPECT_EQ(told(contact_address::email), "\xd0\xb9***@acme.example") << "the whole of a character";
    EXPECT_EQ(told(contact_address::mobile), "+49***") << "too short to show its end";
    EXPECT_EQ(texts, std::vector<std::string>{"+4912345"});
}

TEST_P(identity_edges, a_code_that_could_not_be_sent_says_nothing_of_one_sent_since) {
    bool once = true;
    settings.delivery.mailer = [&](const mail& m) {
        mails.push_back(m);
        if (!std::exchange(once, false))
            return;
        // While this one is on its way, another one is asked for and arrives.
        clock.advance(minutes(1));
        (void)lineside().async_send_verification({.account = acme, .contact = ann_}, block);
        throw std::runtime_error("the line is down");
    };
    ann_ = add_ann().id;
    const auto send = [&] { return lineside().async_send_verification({.account = acme, .contact = ann_}, block).to; };
    (void)failure_of(send, errc::unavailable);
    EXPECT_EQ(mails.size(), 2U);
    EXPECT_EQ(failure_of(send, errc::exhausted).field, "address") << "the other one did arrive";
}

TEST_P(identity_edges, an_operator_may_answer_with_the_code_and_vouches_only_for_what_there_is) {
    const auto ann = add_ann();
    (void)lineside().async_send_verification({.account = acme, .contact = ann.id}, block);
    const auto& text = mails.back().text;
    verification_answer v{.account = acme, .contact = ann.id};
    const auto at = text.find_first_of("0123456789");
    v.code = secret(std::string_view(text).substr(at, 6));
    EXPECT_TRUE(lineside().async_verify_contact(std::move(v), block).email_verified) << text;
    verification_answer mobile{.account = acme, .contact = ann.id, .address = contact_address::mobile};
    EXPECT_EQ(
        failure_of([&] { return lineside().async_verify_contact(std::move(mobile), block).id; }, errc::invalid_argument)
            .field,
        "address");
}

} // namespace lineside::contract
