#include "integration/contract/people.hpp"

namespace lineside::contract {
namespace {

LINESIDE_PEOPLE_ON_EVERY_PORTAL(brandings);

branding partner(std::string domain = "portal.partner.example") {
    branding b;
    b.domain = std::move(domain);
    b.name = "Partner Voice";
    b.logo_url = "https://partner.example/logo.svg";
    b.text_colour = "#101820";
    b.background_colour = "#fafafa";
    b.accent_colour = "#00529b";
    b.support_name = "Support desk";
    b.support_email = "help@partner.example";
    b.support_phone = "+442079460000";
    b.languages = {"de", "en"};
    return b;
}

TEST_P(brandings, what_was_set_is_read_back_by_anyone) {
    const auto kept = lineside().async_set_branding(partner(), block);
    EXPECT_EQ(kept, partner());
    EXPECT_EQ(nobody()->async_get_branding({"portal.partner.example"}, block), partner());
    EXPECT_EQ(nobody()->async_get_branding({"PORTAL.Partner.Example"}, block), partner());
    reopen();
    EXPECT_EQ(nobody()->async_get_branding({"portal.partner.example"}, block), partner());
}

TEST_P(brandings, a_domain_without_one_has_the_default) {
    const auto b = nobody()->async_get_branding({"nowhere.example"}, block);
    EXPECT_EQ(b.domain, "nowhere.example");
    EXPECT_FALSE(b.name.empty());
    EXPECT_FALSE(b.languages.empty());
    EXPECT_EQ(b.languages.front(), "en");
    EXPECT_EQ(nobody()->async_get_branding({"<script>"}, block).domain, "") << "what is no domain is not repeated";
    auto again = b;
    EXPECT_EQ(lineside().async_set_branding(again, block), b) << "the default is one that can be set";
}

TEST_P(brandings, what_is_left_empty_has_its_default) {
    branding b;
    b.domain = "Portal.Example";
    b.name = "Portal";
    const auto kept = lineside().async_set_branding(b, block);
    EXPECT_EQ(kept.domain, "portal.example");
    EXPECT_EQ(kept.text_colour.size(), 7U);
    EXPECT_EQ(kept.background_colour.size(), 7U);
    EXPECT_EQ(kept.accent_colour.size(), 7U);
    EXPECT_GE(kept.languages.size(), 11U);
}

TEST_P(brandings, too_little_contrast_is_refused_with_the_ratio) {
    auto b = partner();
    b.text_colour = "#777777";
    b.background_colour = "#ffffff";
    const auto d = failure_of([&] { return lineside().async_set_branding(b, block); }, errc::invalid_argument);
    EXPECT_EQ(d.field, "text_colour");
    EXPECT_NE(d.message.find("4.47:1"), std::string::npos) << d.message;
    b.text_colour = "#767676";
    EXPECT_EQ(lineside().async_set_branding(b, block).text_colour, "#767676");
}

TEST_P(brandings, bad_fields_are_refused_naming_them) {
    const auto field_after = [&](auto change) {
        auto b = partner();
        change(b);
        return failure_of([&] { return lineside().async_set_branding(b, block); }, errc::invalid_argument).field;
    };
    for (const auto* bad : {"", "a b", "-a.example", "a..b", "a.example:8080", "a/b", "münchen.example", "a.example."})
        EXPECT_EQ(field_after([&](auto& b) { b.domain = bad; }), "domain") << bad;
    EXPECT_EQ(field_after([](auto& b) { b.domain = std::string(64, 'a') + ".example"; }), "domain");
    EXPECT_EQ(field_after([](auto& b) { b.name.clear(); }), "name");
    for (const auto* bad : {"http://a.example/x", "javascript:alert(1)", "https://", "https:///x", "https://a b/x",
                            "https://a.example/\"onload=", "https://user@a.example/", "//a.example/x"})
        EXPECT_EQ(field_after([&](auto& b) { b.logo_url = bad; }), "logo_url") << bad;
    EXPECT_EQ(field_after([](auto& b) { b.text_colour = "black"; }), "text_colour");
    EXPECT_EQ(field_after([](auto& b) { b.background_colour = "#fff"; }), "background_colour");
    EXPECT_EQ(field_after([](auto& b) { b.accent_colour = "#12345g"; }), "accent_colour");
    EXPECT_EQ(field_after([](auto& b) { b.support_name = "a\nb"; }), "support_name");
    EXPECT_EQ(field_after([](auto& b) { b.support_email = "help"; }), "support_email");
    EXPECT_EQ(field_after([](auto& b) { b.support_phone = "0800"; }), "support_phone");
    EXPECT_EQ(field_after([](auto& b) { b.languages = {"de", "x"}; }), "languages");
    EXPECT_EQ(field_after([](auto& b) { b.languages = {"de", "DE"}; }), "languages");
    EXPECT_TRUE(lineside().async_list_brandings({}, block).items.empty());
}

TEST_P(brandings, are_listed_by_domain_page_by_page) {
    for (const auto* domain : {"c.example", "a.example", "b.example"})
        (void)lineside().async_set_branding(partner(domain), block);
    for (const std::uint32_t limit : {1U, 2U, 3U, 4U}) {
        std::vector<std::string> listed;
        branding_query q{{}, limit};
        do {
            const auto page = lineside().async_list_brandings(q, block);
            EXPECT_LE(page.items.size(), limit);
            for (const auto& b : page.items)
                listed.push_back(b.domain);
            q.cursor = page.next;
        } while (!q.cursor.empty());
        EXPECT_EQ(listed, (std::vector<std::string>{"a.example", "b.example", "c.example"}));
    }
    (void)failure_of([&] { return lineside().async_list_brandings({{}, 0}, block); }, errc::invalid_argument);
}

TEST_P(brandings, are_the_operators_to_set_and_list) {
    add_account();
    (void)add("admin@example.com", role::administrator);
    const auto admin = sign_in("admin@example.com");
    (void)failure_of([&] { return admin->async_set_branding(partner(), block); }, errc::permission_denied);
    (void)failure_of([&] { return admin->async_list_brandings({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return nobody()->async_set_branding(partner(), block); }, errc::unauthenticated);
    (void)failure_of([&] { return nobody()->async_list_brandings({}, block); }, errc::unauthenticated);
    EXPECT_EQ(admin->async_get_branding({"x.example"}, block).domain, "x.example");
}

} // namespace
} // namespace lineside::contract
