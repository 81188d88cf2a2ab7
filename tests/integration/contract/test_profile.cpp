#include "integration/contract/people.hpp"

namespace lineside::contract {
namespace {

LINESIDE_PEOPLE_ON_EVERY_PORTAL(profile);

profile_update new_email(std::string email, std::string_view with_password) {
    profile_update u;
    u.email = std::move(email);
    u.password = secret(with_password);
    return u;
}

verification_answer answer_of(const std::string& code, contact_address a = contact_address::email) {
    verification_answer v;
    v.address = a;
    v.code = secret(code);
    return v;
}

TEST_P(profile, five_fields_are_a_contacts_own) {
    add_account();
    const auto made = add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    EXPECT_EQ(robin->async_get_profile({}, block), made);
    profile_update u;
    u.name = "Robin Q. Example";
    u.department = "Billing";
    u.phone = "+49 30 123456";
    u.mobile = "+49 170 1234567";
    const auto changed = robin->async_update_profile(std::move(u), block);
    auto expected = made;
    expected.name = "Robin Q. Example";
    expected.department = "Billing";
    expected.phone = "+4930123456";
    expected.mobile = "+491701234567";
    EXPECT_EQ(changed, expected);
    EXPECT_EQ(robin->async_update_profile({}, block), expected) << "what is unset stays";
    profile_update clear;
    clear.phone = "";
    expected.phone = "";
    EXPECT_EQ(robin->async_update_profile(std::move(clear), block), expected);
    reopen();
    EXPECT_EQ(lineside().async_get_profile({acme, made.id}, block), expected);
}

TEST_P(profile, a_bad_field_changes_nothing) {
    add_account();
    const auto made = add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    profile_update u;
    u.name = "Somebody Else";
    u.mobile = "call me";
    EXPECT_EQ(
        failure_of([&] { return robin->async_update_profile(std::move(u), block); }, errc::invalid_argument).field,
        "mobile");
    EXPECT_EQ(robin->async_get_profile({}, block), made);
}

TEST_P(profile, is_the_askers_own_and_nobody_elses) {
    add_account();
    (void)add("robin@example.com", role::administrator);
    const auto other = add("other@example.com");
    const auto robin = sign_in("robin@example.com");
    (void)failure_of([&] { return robin->async_get_profile({acme, other.id}, block); }, errc::not_found);
    profile_update u;
    u.contact = other.id;
    u.name = "Hijacked";
    (void)failure_of([&] { return robin->async_update_profile(std::move(u), block); }, errc::not_found);
    preferences_update p;
    p.contact = other.id;
    p.language = "de";
    (void)failure_of([&] { return robin->async_set_preferences(p, block); }, errc::not_found);
    EXPECT_EQ(lineside().async_get_contact({acme, other.id}, block), other);
    (void)failure_of([&] { return nobody()->async_get_profile({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return nobody()->async_update_profile({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return nobody()->async_set_preferences({}, block); }, errc::unauthenticated);
    EXPECT_EQ(failure_of(
                  [&] {
                      return lineside().async_get_profile({acme, {}}, block);
                  },
                  errc::invalid_argument)
                  .field,
              "contact");
}

TEST_P(profile, an_api_key_has_none) {
    add_account();
    (void)add("admin@example.com", role::administrator);
    api_key_create k;
    k.name = "exporter";
    k.scopes = {permission::view_summary};
    k.password = secret(password);
    auto grant = sign_in("admin@example.com")->async_create_key(std::move(k), block);
    const auto key = lineside().as({std::move(grant.text), {}, {}});
    (void)failure_of([&] { return key->async_get_profile({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return key->async_get_layout({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return key->async_send_verification({}, block); }, errc::permission_denied);
}

TEST_P(profile, a_new_email_is_pending_until_it_is_verified) {
    add_account();
    (void)add("old@example.com");
    const auto robin = sign_in("old@example.com");
    const auto pending = robin->async_update_profile(new_email("New@example.com", password), block);
    EXPECT_EQ(pending.email, "old@example.com");
    EXPECT_EQ(pending.pending_email, "New@example.com");
    EXPECT_NO_THROW((void)sign_in("old@example.com"));
    (void)failure_of([&] { return sign_in("new@example.com"); }, errc::unauthenticated);

    (void)robin->async_send_verification({}, block);
    ASSERT_EQ(box().mails.size(), 1U);
    EXPECT_EQ(box().mails[0].to, "New@example.com");
    const auto done = robin->async_verify_contact(answer_of(code_in(box().mails[0].text)), block);
    EXPECT_EQ(done.email, "New@example.com");
    EXPECT_EQ(done.pending_email, "");
    EXPECT_TRUE(done.email_verified);
    EXPECT_NO_THROW((void)sign_in("new@example.com"));
    (void)failure_of([&] { return sign_in("old@example.com"); }, errc::unauthenticated);
    ASSERT_EQ(box().mails.size(), 2U) << "the address before learns of it";
    EXPECT_EQ(box().mails[1].to, "old@example.com");
    EXPECT_NE(box().mails[1].text.find("New@example.com"), std::string::npos);
    (void)add("old@example.com"); // it is free
}

TEST_P(profile, a_new_email_asks_for_the_password_and_an_old_one_does_not) {
    add_account();
    (void)add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    for (const auto* wrong : {"", "twenty blue kettles!"})
        EXPECT_EQ(failure_of([&] { return robin->async_update_profile(new_email("new@example.com", wrong), block); },
                             errc::unauthenticated)
                      .field,
                  "password");
    EXPECT_EQ(robin->async_get_profile({}, block).pending_email, "");
    (void)robin->async_update_profile(new_email("new@example.com", password), block);
    const auto back = robin->async_update_profile(new_email("Robin@Example.com", ""), block);
    EXPECT_EQ(back.pending_email, "") << "the present address takes the wish back";
    EXPECT_EQ(back.email, "robin@example.com");
}

TEST_P(profile, an_email_that_is_somebodys_login_is_refused) {
    add_account();
    add_account(account_id("other"));
    (void)add("robin@example.com");
    (void)add("taken@example.com", role::viewer, account_id("other"));
    const auto robin = sign_in("robin@example.com");
    EXPECT_EQ(failure_of([&] { return robin->async_update_profile(new_email("TAKEN@example.com", password), block); },
                         errc::conflict)
                  .field,
              "email");
}

TEST_P(profile, of_two_who_want_one_email_the_first_to_verify_it_has_it) {
    add_account();
    (void)add("a@example.com");
    (void)add("b@example.com");
    const auto a = sign_in("a@example.com");
    const auto b = sign_in("b@example.com");
    (void)a->async_update_profile(new_email("c@example.com", password), block);
    (void)b->async_update_profile(new_email("c@example.com", password), block);
    (void)a->async_send_verification({}, block);
    (void)b->async_send_verification({}, block);
    const auto code_a = code_in(box().mails.at(0).text);
    const auto code_b = code_in(box().mails.at(1).text);
    const auto [one, two] = race([&] { return a->async_verify_contact(answer_of(code_a), block); },
                                 [&] { return b->async_verify_contact(answer_of(code_b), block); });
    EXPECT_NE(one, two);
    EXPECT_EQ(a->async_get_profile({}, block).email, one ? "c@example.com" : "a@example.com");
    EXPECT_EQ(b->async_get_profile({}, block).email, two ? "c@example.com" : "b@example.com");
    EXPECT_EQ((one ? b : a)->async_get_profile({}, block).pending_email, "") << "it cannot have it any more";
}

TEST_P(profile, changing_the_mobile_takes_its_verification_away) {
    add_account();
    auto c = person("robin@example.com");
    c.mobile = "+491701234567";
    (void)add(std::move(c));
    const auto robin = sign_in("robin@example.com");
    (void)robin->async_send_verification({.address = contact_address::mobile}, block);
    EXPECT_TRUE(
        robin->async_verify_contact(answer_of(code_in(box().messages.at(0).text), contact_address::mobile), block)
            .mobile_verified);
    const auto set_mobile = [&](const char* number) {
        profile_update u;
        u.mobile = number;
        return robin->async_update_profile(std::move(u), block).mobile_verified;
    };
    EXPECT_TRUE(set_mobile("+49 170 123 4567")) << "the same number";
    EXPECT_FALSE(set_mobile("+491701234568"));
    EXPECT_FALSE(set_mobile("+491701234567")) << "it may be somebody else's by now";
}

TEST_P(profile, the_operators_word_is_enough_for_a_new_login) {
    add_account();
    const auto made = add("old@example.com");
    (void)add("taken@example.com");
    auto u = new_email("new@example.com", "");
    u.account = acme;
    u.contact = made.id;
    const auto changed = lineside().async_update_profile(std::move(u), block);
    EXPECT_EQ(changed.email, "new@example.com");
    EXPECT_FALSE(changed.email_verified);
    EXPECT_NO_THROW((void)sign_in("new@example.com"));
    (void)failure_of([&] { return sign_in("old@example.com"); }, errc::unauthenticated);
    auto taken = new_email("taken@example.com", "");
    taken.account = acme;
    taken.contact = made.id;
    (void)failure_of([&] { return lineside().async_update_profile(std::move(taken), block); }, errc::conflict);
}

TEST_P(profile, language_and_zone_are_kept_in_their_usual_form) {
    add_account();
    const auto made = add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    preferences_update p;
    p.language = "PT-br";
    p.time_zone = "Asia/Kolkata";
    auto changed = robin->async_set_preferences(p, block);
    EXPECT_EQ(changed.language, "pt-BR");
    EXPECT_EQ(changed.time_zone, "Asia/Kolkata");
    p.language = "";
    p.time_zone.reset();
    changed = robin->async_set_preferences(p, block);
    EXPECT_EQ(changed.language, "");
    EXPECT_EQ(changed.time_zone, "Asia/Kolkata");
    p.language = "no language";
    EXPECT_EQ(failure_of([&] { return robin->async_set_preferences(p, block); }, errc::invalid_argument).field,
              "language");
    p.language.reset();
    p.time_zone = "Mars/Base";
    EXPECT_EQ(failure_of([&] { return robin->async_set_preferences(p, block); }, errc::invalid_argument).field,
              "time_zone");
}

} // namespace
} // namespace lineside::contract
