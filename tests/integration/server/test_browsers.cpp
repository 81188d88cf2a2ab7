// What a browser is told, and what a page of another site can make it do.

#include "integration/server/server_test.hpp"

#include <string>

namespace lineside::served {
namespace {

class browsers_test : public server_test {
protected:
    static constexpr const char* email = "robin@acme.example";

    void settle_robin() {
        add_account();
        (void)add(email);
    }
    [[nodiscard]] static asked sign_in_form() {
        return post("/v1/sessions", std::string(R"({"email":")") + email + R"(","password":")" + password + "\"}");
    }
    /// What a browser keeps after it signed in on a page of this site.
    [[nodiscard]] std::string cookie() {
        const auto a = ask(sign_in_form().with("Lineside-Session", "cookie").with("Sec-Fetch-Site", "same-origin"));
        EXPECT_EQ(a.status, 200U) << a.body;
        const auto set = a.field("set-cookie");
        return set.substr(0, set.find(';'));
    }
    [[nodiscard]] static asked with_cookie(const asked& q, const std::string& cookie) {
        return q.with("Cookie", cookie);
    }
};

LINESIDE_ON_A_SERVER_WITH(browsers, browsers_test);

TEST_P(browsers, a_session_in_a_cookie_is_nobody_elses_to_read) {
    settle_robin();
    const auto a = ask(sign_in_form().with("Lineside-Session", "cookie").with("Sec-Fetch-Site", "same-origin"));
    ASSERT_EQ(a.status, 200U) << a.body;
    const auto set = a.field("set-cookie");
    EXPECT_TRUE(set.starts_with("__Host-lineside="));
    const auto value = set.substr(16, set.find(';') - 16);
    EXPECT_GE(value.size(), 43U);
    EXPECT_EQ(set.substr(set.find(';')), "; Secure; HttpOnly; SameSite=Lax; Path=/");
    EXPECT_EQ(a.body.find(value), std::string::npos) << "scripts read answers";
    EXPECT_EQ(text_in(object_of(a.body), "token"), "");
    const auto who = ask(with_cookie(get("/v1/identity"), "theme=dark; __Host-lineside=" + value + "; lang=en"));
    EXPECT_EQ(who.status, 200U);
    EXPECT_NE(who.body.find("acme"), std::string::npos);
    EXPECT_EQ(ask(with_cookie(get("/v1/identity"), "lineside=" + value)).status, 401U);
    EXPECT_EQ(ask(with_cookie(get("/v1/identity"), "__Host-lineside=" + value + "x")).status, 401U);

    const auto token = ask(sign_in_form());
    EXPECT_EQ(token.field("set-cookie"), "") << "programs get the token itself";
    EXPECT_NE(text_in(object_of(token.body), "token"), "");
}

TEST_P(browsers, a_page_of_another_site_changes_nothing_with_the_cookie) {
    settle_robin();
    const auto mine = cookie();
    const auto change = [&](auto&&... field) {
        auto q = with_cookie(send_json("PUT", "/v1/preferences", R"({"language":"de"})"), mine);
        ((q = q.with(field.first, field.second)), ...);
        return ask(q).status;
    };
    using f = std::pair<std::string, std::string>;
    EXPECT_EQ(change(f("Sec-Fetch-Site", "cross-site")), 403U);
    EXPECT_EQ(change(f("Sec-Fetch-Site", "same-site")), 403U) << "a neighbour under the same domain";
    EXPECT_EQ(change(f("Sec-Fetch-Site", "none")), 403U);
    EXPECT_EQ(change(f("Sec-Fetch-Site", "cross-site"), f("Origin", "http://portal.example")), 403U);
    EXPECT_EQ(change(f("Origin", "https://evil.example")), 403U);
    EXPECT_EQ(change(f("Origin", "http://portal.example.evil.example")), 403U);
    EXPECT_EQ(change(f("Origin", "http://portal.example:81")), 403U);
    EXPECT_EQ(change(f("Origin", "https://portal.example")), 403U) << "this server is spoken to in plain HTTP";
    EXPECT_EQ(change(f("Origin", "null")), 403U);
    EXPECT_EQ(change(), 403U) << "nothing says where it comes from";
    EXPECT_EQ(change(f("Sec-Fetch-Site", "same-origin")), 200U);
    EXPECT_EQ(change(f("Origin", "http://portal.example")), 200U) << "a browser that is older than Sec-Fetch-Site";
    EXPECT_EQ(ask(with_cookie(get("/v1/identity"), mine).with("Sec-Fetch-Site", "cross-site")).status, 200U)
        << "reading changes nothing, and the other page cannot see it";
    // A bearer token is not sent by a browser on its own.
    const auto token = std::string(grant_of(email).token.reveal());
    EXPECT_EQ(ask(send_json("PUT", "/v1/preferences", "{}").by(token).with("Sec-Fetch-Site", "cross-site")).status,
              200U);
}

TEST_P(browsers, another_site_cannot_sign_a_browser_in) {
    settle_robin();
    const auto wanted = sign_in_form().with("Lineside-Session", "cookie");
    for (const auto* site : {"cross-site", "same-site", "none"}) {
        const auto a = ask(wanted.with("Sec-Fetch-Site", site));
        EXPECT_EQ(a.status, 403U) << site;
        EXPECT_EQ(a.field("set-cookie"), "");
    }
    EXPECT_EQ(ask(wanted).status, 403U);
    EXPECT_EQ(ask({"POST",
                   "/v1/sessions",
                   {{"Content-Type", "text/plain"}, {"Sec-Fetch-Site", "same-origin"}},
                   sign_in_form().body})
                  .status,
              415U)
        << "what a form can send is no request";
}

TEST_P(browsers, signing_out_takes_the_cookie_away) {
    settle_robin();
    const auto mine = cookie();
    const auto other = object_of(ask(sign_in_form()).body);
    const auto out = [&](const std::string& query) {
        return ask(with_cookie({"DELETE", "/v1/sessions" + query, {}}, mine).with("Sec-Fetch-Site", "same-origin"));
    };
    auto a = out("?scope=one&session=" + text_in(other.at("session").get_object(), "id"));
    EXPECT_EQ(a.status, 200U) << a.body;
    EXPECT_EQ(a.field("set-cookie"), "") << "another session has ended, not this one";
    EXPECT_EQ(ask(with_cookie(get("/v1/identity"), mine)).status, 200U);
    a = out("");
    EXPECT_EQ(a.status, 200U);
    EXPECT_EQ(a.field("set-cookie"), "__Host-lineside=; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    EXPECT_EQ(ask(with_cookie(get("/v1/identity"), mine)).status, 401U);
}

TEST_P(browsers, pages_of_the_sites_that_are_named_may_read_and_no_others) {
    served.allowed_origins = {"https://portal.partner.example", "http://localhost:8080"};
    add_account();
    const auto from = [&](const std::string& origin) {
        return ask_as_operator(get("/v1/accounts/acme").with("Origin", origin));
    };
    for (const auto* origin : {"https://portal.partner.example", "http://localhost:8080"}) {
        const auto a = from(origin);
        EXPECT_EQ(a.field("access-control-allow-origin"), origin);
        EXPECT_NE(a.field("access-control-expose-headers").find("ETag"), std::string::npos);
        EXPECT_EQ(a.field("access-control-allow-credentials"), "") << "cookies are for this site";
        EXPECT_EQ(a.field("vary"), "Accept, Accept-Encoding, Origin");
    }
    for (const auto* origin :
         {"http://portal.partner.example", "https://portal.partner.example:443", "https://evil.example",
          "https://portal.partner.example.evil.example", "https://PORTAL.partner.example", "null", ""}) {
        const auto a = from(origin);
        EXPECT_EQ(a.status, 200U) << "who asks decides, not where from";
        EXPECT_EQ(a.field("access-control-allow-origin"), "") << origin;
        EXPECT_EQ(a.field("vary"), "Accept, Accept-Encoding, Origin");
    }
    EXPECT_EQ(ask(get("/v1/identity").with("Origin", "http://localhost:8080")).field("access-control-allow-origin"),
              "http://localhost:8080")
        << "a page has to see why it was refused";
}

TEST_P(browsers, a_preflight_is_answered_for_the_sites_that_are_named) {
    served.allowed_origins = {"https://portal.partner.example"};
    const auto preflight = [&](const std::string& origin) {
        return ask(asked{"OPTIONS", "/v1/accounts/acme"}
                       .with("Origin", origin)
                       .with("Access-Control-Request-Method", "PATCH")
                       .with("Access-Control-Request-Headers", "authorization,if-match"));
    };
    auto a = preflight("https://portal.partner.example");
    EXPECT_EQ(a.status, 204U);
    EXPECT_EQ(a.field("access-control-allow-origin"), "https://portal.partner.example");
    EXPECT_NE(a.field("access-control-allow-methods").find("PATCH"), std::string::npos);
    EXPECT_NE(a.field("access-control-allow-headers").find("If-Match"), std::string::npos);
    EXPECT_EQ(a.field("access-control-max-age"), "7200");
    EXPECT_EQ(a.field("vary"), "Origin");
    a = preflight("https://evil.example");
    EXPECT_EQ(a.status, 204U);
    for (const auto* name : {"allow-origin", "allow-methods", "allow-headers"})
        EXPECT_EQ(a.field(std::string("access-control-") + name), "");
}

} // namespace
} // namespace lineside::served
