#include "integration/contract/people.hpp"

namespace lineside::contract {
namespace {

class verification_test : public people_test {
protected:
    void add_robin() {
        add_account();
        auto c = person("robin@example.com");
        c.mobile = "+491701234567";
        made_ = add(std::move(c));
        robin_ = sign_in("robin@example.com");
    }
    [[nodiscard]] portal& robin() { return *robin_; }
    [[nodiscard]] const contact& made() const { return made_; }

    std::string mailed_code() {
        (void)robin().async_send_verification({}, block);
        return code_in(box().mails.back().text);
    }
    contact answer(const std::string& code, contact_address a = contact_address::email) {
        verification_answer v;
        v.address = a;
        v.code = secret(code);
        return robin().async_verify_contact(std::move(v), block);
    }
    void expect_refused(const std::string& code) {
        EXPECT_EQ(failure_of([&] { return answer(code); }, errc::invalid_argument).field, "code");
    }

private:
    std::shared_ptr<portal> robin_;
    contact made_;
};

LINESIDE_ON_EVERY_PORTAL_WITH(verification, verification_test);

TEST_P(verification, the_code_that_was_mailed_verifies_the_address_once) {
    add_robin();
    const auto sent = robin().async_send_verification({}, block);
    EXPECT_EQ(sent.to, "r***@example.com");
    EXPECT_EQ(sent.expires_at, clock.now() + minutes(10));
    const auto& m = box().mails.at(0);
    EXPECT_EQ(m.to, "robin@example.com");
    EXPECT_EQ(m.account, acme);
    EXPECT_FALSE(m.subject.empty());
    EXPECT_NE(m.text.find("Robin Example"), std::string::npos);
    const auto code = code_in(m.text);
    auto expected = made();
    expected.email_verified = true;
    EXPECT_EQ(answer(code), expected);
    expect_refused(code);
    (void)failure_of([&] { return robin().async_send_verification({}, block); }, errc::conflict);
    EXPECT_EQ(box().mails.size(), 1U);
    reopen();
    EXPECT_TRUE(lineside().async_get_contact({acme, made().id}, block).email_verified);
}

TEST_P(verification, a_mobile_is_verified_by_text_message) {
    add_robin();
    const auto sent = robin().async_send_verification({.address = contact_address::mobile}, block);
    EXPECT_EQ(sent.to, "+49***567");
    const auto& m = box().messages.at(0);
    EXPECT_EQ(m.to, "+491701234567");
    EXPECT_TRUE(box().mails.empty());
    const auto code = code_in(m.text);
    expect_refused(code); // it is not the e-mail address's
    EXPECT_TRUE(answer(code, contact_address::mobile).mobile_verified);
}

TEST_P(verification, without_a_mobile_there_is_nothing_to_verify) {
    add_account();
    (void)add("robin@example.com");
    EXPECT_EQ(failure_of(
                  [&] {
                      return sign_in("robin@example.com")
                          ->async_send_verification({.address = contact_address::mobile}, block);
                  },
                  errc::invalid_argument)
                  .field,
              "address");
}

TEST_P(verification, five_wrong_codes_spend_it) {
    add_robin();
    const auto code = mailed_code();
    for (int i = 0; i < 5; ++i)
        expect_refused(not_the(code));
    expect_refused(code);
    EXPECT_FALSE(robin().async_get_profile({}, block).email_verified);
    clock.advance(minutes(1));
    EXPECT_TRUE(answer(mailed_code()).email_verified);
}

TEST_P(verification, wrong_codes_stay_counted_when_the_portal_is_opened_again) {
    add_robin();
    const auto code = mailed_code();
    for (int i = 0; i < 5; ++i)
        expect_refused(not_the(code));
    reopen();
    const auto again = sign_in("robin@example.com");
    verification_answer v;
    v.code = secret(code);
    (void)failure_of([&] { return again->async_verify_contact(std::move(v), block); }, errc::invalid_argument);
}

TEST_P(verification, what_is_no_code_is_not_a_try) {
    add_robin();
    const auto code = mailed_code();
    for (const auto* bad : {"", "12345", "1234567", "abcdef", "123 45"})
        for (int i = 0; i < 2; ++i)
            expect_refused(bad);
    EXPECT_TRUE(answer(code.substr(0, 3) + " " + code.substr(3)).email_verified);
}

TEST_P(verification, a_code_is_good_for_ten_minutes) {
    add_robin();
    const auto code = mailed_code();
    clock.advance(minutes(10));
    expect_refused(code);
    const auto next = mailed_code();
    clock.advance(minutes(10) - duration(1));
    EXPECT_TRUE(answer(next).email_verified);
}

TEST_P(verification, a_fresh_code_takes_the_place_of_the_one_before) {
    add_robin();
    const auto first = mailed_code();
    clock.advance(minutes(1));
    const auto second = mailed_code();
    if (first != second)
        expect_refused(first);
    EXPECT_TRUE(answer(second).email_verified);
}

TEST_P(verification, one_code_a_minute_and_ten_a_day_are_sent) {
    add_robin();
    (void)mailed_code();
    clock.advance(seconds(30));
    const auto d = failure_of([&] { return robin().async_send_verification({}, block); }, errc::exhausted);
    EXPECT_NE(d.message.find("30 s"), std::string::npos) << d.message;
    for (int i = 0; i < 9; ++i) {
        clock.advance(minutes(2));
        (void)mailed_code();
    }
    clock.advance(minutes(2));
    (void)failure_of([&] { return robin().async_send_verification({}, block); }, errc::exhausted);
    EXPECT_EQ(box().mails.size(), 10U);
    EXPECT_NO_THROW((void)robin().async_send_verification({.address = contact_address::mobile}, block));
}

TEST_P(verification, a_code_that_could_not_be_sent_stays_good_and_is_sent_again_at_once) {
    add_robin();
    box().fails = true;
    (void)failure_of([&] { return robin().async_send_verification({}, block); }, errc::unavailable);
    const auto first = code_in(box().mails.at(0).text);
    box().fails = false;
    const auto second = mailed_code();
    EXPECT_EQ(box().mails.size(), 2U);
    // Both may have arrived, and tries at either count.
    if (not_the(first) != second)
        expect_refused(not_the(first));
    EXPECT_TRUE(answer(first).email_verified);
    expect_refused(second);
}

TEST_P(verification, a_portal_without_mailer_says_so) {
    settings.delivery = {};
    add_robin();
    (void)failure_of([&] { return robin().async_send_verification({}, block); }, errc::unavailable);
    (void)failure_of([&] { return robin().async_send_verification({.address = contact_address::mobile}, block); },
                     errc::unavailable);
}

TEST_P(verification, a_code_proves_the_address_it_was_sent_to_and_no_other) {
    add_robin();
    const auto code = mailed_code();
    profile_update u;
    u.email = "new@example.com";
    u.password = secret(password);
    (void)robin().async_update_profile(std::move(u), block);
    expect_refused(code);
    EXPECT_EQ(robin().async_get_profile({}, block).email, "robin@example.com");
}

TEST_P(verification, a_code_given_twice_at_the_same_time_is_accepted_once) {
    add_robin();
    const auto code = mailed_code();
    const auto give = [&] { return answer(code); };
    const auto [one, two] = race(give, give);
    EXPECT_NE(one, two);
}

TEST_P(verification, two_requests_at_the_same_time_send_one_code) {
    add_robin();
    const auto ask = [&] { return robin().async_send_verification({}, block); };
    const auto [one, two] = race(ask, ask);
    EXPECT_NE(one, two);
    EXPECT_EQ(box().mails.size(), 1U);
}

TEST_P(verification, mails_are_in_the_contacts_language_else_the_companys_else_english) {
    add_robin();
    (void)mailed_code();
    EXPECT_EQ(box().mails.back().subject, "Your confirmation code");
    account_update company;
    company.account = acme;
    company.language = "fr";
    (void)lineside().async_update_account(company, block);
    clock.advance(minutes(1));
    (void)mailed_code();
    EXPECT_EQ(box().mails.back().subject, "Votre code de confirmation");
    preferences_update p;
    p.language = "uk-UA";
    (void)robin().async_set_preferences(p, block);
    clock.advance(minutes(1));
    (void)mailed_code();
    EXPECT_EQ(box().mails.back().subject, "Ваш код підтвердження");
}

TEST_P(verification, the_operator_vouches_without_a_code_and_nobody_else_does) {
    add_robin();
    verification_answer v;
    v.account = acme;
    v.contact = made().id;
    EXPECT_TRUE(lineside().async_verify_contact(std::move(v), block).email_verified);
    verification_answer mobile;
    mobile.address = contact_address::mobile;
    (void)failure_of([&] { return robin().async_verify_contact(std::move(mobile), block); }, errc::invalid_argument);
    EXPECT_FALSE(robin().async_get_profile({}, block).mobile_verified);
}

TEST_P(verification, is_for_the_contact_itself_and_the_operator) {
    add_robin();
    (void)add("other@example.com", role::administrator);
    const auto other = sign_in("other@example.com");
    (void)failure_of([&] { return other->async_send_verification({acme, made().id}, block); }, errc::not_found);
    verification_answer v;
    v.contact = made().id;
    v.code = secret("123456");
    (void)failure_of([&] { return other->async_verify_contact(std::move(v), block); }, errc::not_found);
    (void)failure_of([&] { return nobody()->async_send_verification({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return nobody()->async_verify_contact({}, block); }, errc::unauthenticated);
    EXPECT_EQ(lineside().async_send_verification({acme, made().id}, block).to, "r***@example.com");
}

} // namespace
} // namespace lineside::contract
