// Where a request comes from is what the connection says, and what proxies say that are trusted.

#include "integration/server/server_test.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace lineside::served {
namespace {

class proxies_test : public server_test {
protected:
    proxies_test() {
        served.log = [this](const served_request& r) {
            const std::lock_guard lock(mutex_);
            log_.push_back(r);
        };
    }
    /// As the server's log says; of requests from 127.0.0.1.
    [[nodiscard]] std::string address_of(const asked& q) {
        (void)ask(q);
        stop(); // nothing is logged after that
        const std::lock_guard lock(mutex_);
        return log_.back().peer;
    }
    static asked forwarded(const std::string& list) { return get("/v1/identity").with("X-Forwarded-For", list); }
    [[nodiscard]] std::string seen(const std::vector<std::string>& trusted, const asked& q) {
        served = server_options{};
        served.trusted_proxies = trusted;
        served.log = [this](const served_request& r) {
            const std::lock_guard lock(mutex_);
            log_.push_back(r);
        };
        return address_of(q);
    }

private:
    std::mutex mutex_;
    std::vector<served_request> log_;
};

LINESIDE_ON_A_SERVER_WITH(proxies, proxies_test);

TEST_P(proxies, only_those_that_are_trusted_say_who_asks) {
    const std::vector<std::string> ours = {"127.0.0.1", "10.0.0.0/8"};
    EXPECT_EQ(seen({}, forwarded("192.0.2.7")), "127.0.0.1");
    EXPECT_EQ(seen({"10.0.0.1"}, forwarded("192.0.2.7")), "127.0.0.1");
    EXPECT_EQ(seen(ours, forwarded("192.0.2.7")), "192.0.2.7");
    EXPECT_EQ(seen(ours, forwarded("198.51.100.1, 192.0.2.7")), "192.0.2.7")
        << "what is before the nearest is its own word";
    EXPECT_EQ(seen(ours, forwarded("192.0.2.7, 10.1.2.3")), "192.0.2.7");
    EXPECT_EQ(seen(ours, forwarded("198.51.100.1").with("X-Forwarded-For", "192.0.2.7, 10.1.2.3")), "192.0.2.7");
    EXPECT_EQ(seen(ours, forwarded("2001:db8::7")), "2001:db8::7");
    EXPECT_EQ(seen(ours, forwarded("10.1.2.3")), "127.0.0.1");
    EXPECT_EQ(seen(ours, forwarded("198.51.100.1, unknown")), "127.0.0.1")
        << "before what is no address may stand anything";
    EXPECT_EQ(seen(ours, forwarded("")), "127.0.0.1");
    EXPECT_EQ(seen(ours, get("/v1/identity")), "127.0.0.1");
}

TEST_P(proxies, where_a_sign_in_comes_from_is_not_for_strangers_to_say) {
    add_account();
    (void)add("robin@acme.example");
    const std::string form = std::string(R"({"email":"robin@acme.example","password":")") + password +
                             R"(","source_ip":"203.0.113.9","user_agent":"what I say"})";
    const auto session = [&](const asked& q) {
        const auto a = ask(q.with("User-Agent", "what the request says"));
        EXPECT_EQ(a.status, 200U) << a.body;
        const auto s = object_of(a.body).at("session").get_object();
        return text_in(s, "source_ip") + ' ' + text_in(s, "user_agent");
    };
    EXPECT_EQ(session(post("/v1/sessions", form)), "127.0.0.1 what the request says");
    stop();
    served = server_options{};
    served.trusted_proxies = {"127.0.0.1"};
    EXPECT_EQ(session(post("/v1/sessions", form)), "203.0.113.9 what I say");
}

TEST_P(proxies, a_contacts_allow_list_is_about_the_address_that_was_forwarded) {
    served.trusted_proxies = {"127.0.0.1"};
    add_account();
    auto c = person("robin@acme.example");
    c.allowed_ips = {"192.0.2.0/24"};
    (void)add(std::move(c));
    const auto token = std::string(grant_of("robin@acme.example", "192.0.2.7").token.reveal());
    EXPECT_EQ(ask(get("/v1/identity").by(token).with("X-Forwarded-For", "192.0.2.9")).status, 200U);
    EXPECT_EQ(ask(get("/v1/identity").by(token).with("X-Forwarded-For", "198.51.100.1")).status, 401U);
    EXPECT_EQ(ask(get("/v1/identity").by(token).with("X-Forwarded-For", "192.0.2.9, 198.51.100.1")).status, 401U);
    EXPECT_EQ(ask(get("/v1/identity").by(token)).status, 401U);
}

TEST_P(proxies, a_trusted_one_says_that_the_asker_speaks_tls) {
    served.trusted_proxies = {"127.0.0.1"};
    add_account();
    (void)add("robin@acme.example");
    const auto form =
        post("/v1/sessions", std::string(R"({"email":"robin@acme.example","password":")") + password + "\"}")
            .with("Lineside-Session", "cookie")
            .with("Origin", "https://portal.example");
    EXPECT_EQ(ask(form).status, 403U);
    const auto a = ask(form.with("X-Forwarded-Proto", "https"));
    EXPECT_EQ(a.status, 200U) << "a browser behind a proxy that ends TLS";
    EXPECT_NE(a.field("strict-transport-security"), "");
    stop();
    served = server_options{};
    EXPECT_EQ(ask(form.with("X-Forwarded-Proto", "https")).status, 403U) << "this one is a stranger";
}

} // namespace
} // namespace lineside::served
