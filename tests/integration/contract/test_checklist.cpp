#include "integration/contract/people.hpp"

namespace lineside::contract {
namespace {

class checklist_test : public people_test {
protected:
    [[nodiscard]] static const checklist_item* find(const checklist& c, std::string_view code) {
        const auto found =
            std::find_if(c.items.begin(), c.items.end(), [&](const checklist_item& i) { return i.code == code; });
        return found == c.items.end() ? nullptr : &*found;
    }
    [[nodiscard]] static std::vector<std::string> codes(const checklist& c) {
        std::vector<std::string> all;
        for (const auto& i : c.items)
            all.push_back(i.code);
        return all;
    }
    using list = std::vector<std::string>;
};

LINESIDE_ON_EVERY_PORTAL_WITH(checklists, checklist_test);

TEST_P(checklists, a_new_contact_is_reminded_of_what_is_its_own) {
    add_account();
    auto c = person("robin@example.com");
    c.mobile = "+491701234567";
    (void)add(std::move(c));
    const auto robin = sign_in("robin@example.com");
    const auto x = robin->async_get_checklist({}, block);
    EXPECT_EQ(x.account, acme);
    EXPECT_EQ(x.language, "en");
    EXPECT_EQ(codes(x), (list{"verify_email", "verify_mobile", "two_factor_off"}));
    EXPECT_EQ(x.items[0].severity, severity::warning);
    EXPECT_EQ(x.items[0].text, "The e-mail address robin@example.com is not verified.");
    EXPECT_FALSE(x.items[0].remedy.empty());
    EXPECT_EQ(x.items[1].text, "The mobile number +491701234567 is not verified.");
    EXPECT_EQ(x.items[2].severity, severity::info);
}

TEST_P(checklists, what_is_done_is_gone) {
    add_account();
    (void)add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    (void)robin->async_send_verification({}, block);
    verification_answer v;
    v.code = secret(code_in(box().mails.at(0).text));
    (void)robin->async_verify_contact(std::move(v), block);
    EXPECT_EQ(codes(robin->async_get_checklist({}, block)), (list{"two_factor_off"}));
    profile_update u;
    u.email = "new@example.com";
    u.password = secret(password);
    (void)robin->async_update_profile(std::move(u), block);
    const auto x = robin->async_get_checklist({}, block);
    EXPECT_EQ(codes(x), (list{"confirm_new_email", "two_factor_off"}));
    EXPECT_NE(x.items[0].text.find("new@example.com"), std::string::npos);
}

TEST_P(checklists, is_in_the_language_asked_for_else_the_contacts_else_the_companys) {
    add_account();
    (void)add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    account_update company;
    company.account = acme;
    company.language = "ja";
    (void)lineside().async_update_account(company, block);
    EXPECT_EQ(robin->async_get_checklist({}, block).language, "ja");
    preferences_update p;
    p.language = "de-AT";
    (void)robin->async_set_preferences(p, block);
    const auto german = robin->async_get_checklist({}, block);
    EXPECT_EQ(german.language, "de");
    EXPECT_EQ(german.items.at(0).text, "Die E-Mail-Adresse robin@example.com ist nicht bestätigt.");
    EXPECT_EQ(robin->async_get_checklist({.language = "fr-CA"}, block).language, "fr");
    EXPECT_EQ(robin->async_get_checklist({.language = "te"}, block).language, "en");
    EXPECT_EQ(failure_of([&] { return robin->async_get_checklist({.language = "no language"}, block); },
                         errc::invalid_argument)
                  .field,
              "language");
}

TEST_P(checklists, credit_is_an_item_for_those_who_may_see_it) {
    add_account();
    (void)add("billing@example.com", role::billing);
    (void)add("viewer@example.com", role::viewer);
    const auto billing = sign_in("billing@example.com");
    const auto viewer = sign_in("viewer@example.com");
    const auto x = billing->async_get_checklist({}, block);
    ASSERT_FALSE(x.items.empty());
    EXPECT_EQ(x.items[0].code, "credit_exhausted") << "the most severe comes first";
    EXPECT_EQ(x.items[0].text, "The credit is used up: 0.00 EUR available.");
    EXPECT_EQ(x.items[0].severity, severity::error);
    EXPECT_EQ(find(viewer->async_get_checklist({}, block), "credit_exhausted"), nullptr);

    account_update u;
    u.account = acme;
    u.debit_limit = money{100, 0, "EUR"};
    (void)lineside().async_update_account(u, block);
    EXPECT_EQ(find(billing->async_get_checklist({}, block), "credit_exhausted"), nullptr);
    (void)import({charged(answered_call("1", clock.now() - hours(1), seconds(60)), "95.00")});
    const auto low = billing->async_get_checklist({}, block);
    ASSERT_NE(find(low, "balance_low"), nullptr);
    EXPECT_EQ(find(low, "balance_low")->text, "The credit is running low: 5.00 EUR available.");

    u.withheld = {permission::view_balance};
    (void)lineside().async_update_account(u, block);
    EXPECT_EQ(find(billing->async_get_checklist({}, block), "balance_low"), nullptr);
}

TEST_P(checklists, pending_payments_are_counted) {
    add_account();
    (void)add("billing@example.com", role::billing);
    const auto billing = sign_in("billing@example.com");
    EXPECT_EQ(find(billing->async_get_checklist({}, block), "payment_pending"), nullptr);
    for (const auto* reference : {"a", "b"}) {
        transfer_announcement t;
        t.total = money{50, 0, "EUR"};
        t.reference = reference;
        (void)billing->async_announce_transfer(t, block);
    }
    const auto x = billing->async_get_checklist({}, block);
    ASSERT_NE(find(x, "payment_pending"), nullptr);
    EXPECT_EQ(find(x, "payment_pending")->text, "Pending payments: 2.");
}

TEST_P(checklists, a_company_without_number_block_is_told_until_it_has_one) {
    add_account();
    (void)add("tech@example.com", role::technician);
    const auto tech = sign_in("tech@example.com");
    EXPECT_NE(find(tech->async_get_checklist({}, block), "no_number_block"), nullptr);
    block_addition b;
    b.account = acme;
    (void)lineside().async_add_block(b, block);
    EXPECT_EQ(find(tech->async_get_checklist({}, block), "no_number_block"), nullptr);
}

TEST_P(checklists, a_key_that_expires_soon_is_named_to_those_who_manage_keys) {
    add_account();
    (void)add("admin@example.com", role::administrator);
    (void)add("manager@example.com", role::manager);
    const auto admin = sign_in("admin@example.com");
    for (const auto& [name, expires] :
         {std::pair{"nightly export", clock.now() + days(10)}, std::pair{"wallboard", clock.now() + days(300)}}) {
        api_key_create k;
        k.name = name;
        k.scopes = {permission::view_summary};
        k.expires_at = expires;
        k.password = secret(password);
        (void)admin->async_create_key(std::move(k), block);
    }
    const auto x = admin->async_get_checklist({}, block);
    ASSERT_NE(find(x, "key_expiring"), nullptr);
    EXPECT_EQ(find(x, "key_expiring")->text, "The API key nightly export expires on 2026-03-20.");
    EXPECT_EQ(find(sign_in("manager@example.com")->async_get_checklist({}, block), "key_expiring"), nullptr);
}

TEST_P(checklists, the_operator_sees_the_accounts_items_or_a_contacts) {
    add_account();
    const auto robin = add("robin@example.com");
    const auto own = lineside().async_get_checklist({.account = acme}, block);
    EXPECT_NE(find(own, "credit_exhausted"), nullptr);
    EXPECT_EQ(find(own, "verify_email"), nullptr);
    const auto as_robin = lineside().async_get_checklist({.account = acme, .contact = robin.id}, block);
    EXPECT_EQ(codes(as_robin), (list{"verify_email", "two_factor_off"})) << "a viewer sees no money";
    EXPECT_EQ(as_robin, sign_in("robin@example.com")->async_get_checklist({}, block));
}

TEST_P(checklists, are_each_contacts_own) {
    add_account();
    const auto other = add("other@example.com");
    (void)add("admin@example.com", role::administrator);
    const auto admin = sign_in("admin@example.com");
    (void)failure_of([&] { return admin->async_get_checklist({.contact = other.id}, block); }, errc::not_found);
    (void)failure_of([&] { return admin->async_get_checklist({.account = account_id("other")}, block); },
                     errc::not_found);
    (void)failure_of([&] { return nobody()->async_get_checklist({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return lineside().async_get_checklist({.account = account_id("none")}, block); },
                     errc::not_found);
}

TEST_P(checklists, an_account_without_money_is_not_told_that_it_has_none) {
    account a;
    a.id = acme;
    (void)lineside().async_create_account(a, block);
    EXPECT_EQ(find(lineside().async_get_checklist({.account = acme}, block), "credit_exhausted"), nullptr);
}

} // namespace
} // namespace lineside::contract
