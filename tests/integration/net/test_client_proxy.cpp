// Through a proxy, to plain and to secure hosts.

#include "integration/net/client_test.hpp"

#include <gtest/gtest.h>

#include <mutex>

namespace lineside::test {
namespace {

using channel = scripted_peer::channel;
using transport = scripted_peer::options::transport;

// Makes connections to one host, and remembers what it was asked.
class proxy {
public:
    explicit proxy(std::uint16_t host, std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n")
        : peer_([this, host, answer = std::move(answer)](channel& c) {
              const auto head = c.read_head();
              if (!head)
                  return;
              {
                  const std::lock_guard guard(mutex_);
                  heads_.push_back(*head);
              }
              c.write(answer);
              if (answer.starts_with("HTTP/1.1 200"))
                  c.tunnel_to(host);
          }) {}

    [[nodiscard]] net::http_client_options through(net::http_client_options o) const {
        o.proxy_host = "127.0.0.1";
        o.proxy_port = peer_.port();
        return o;
    }
    [[nodiscard]] std::vector<std::string> heads() const {
        const std::lock_guard guard(mutex_);
        return heads_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> heads_;
    scripted_peer peer_;
};

scripted_peer::options over(transport t) {
    scripted_peer::options o;
    o.over = t;
    return o;
}

TEST(http_client_proxy, a_host_is_reached_through_it) {
    for (const auto t : {transport::plain, transport::tls}) {
        const scripted_peer host(answer_each(ok), over(t));
        const proxy p(host.port());
        auto options = p.through(t == transport::tls ? secure_options_for(host) : options_for(host));
        options.proxy_authorization = "Basic dXNlcjpwYXNz";
        test::running_client client(options);
        for (int i = 0; i < 2; ++i) {
            const auto s = client.send(post("x"));
            ASSERT_TRUE(s.answer) << s.message;
            EXPECT_EQ(s.answer->body, "ok");
        }
        const auto to = "127.0.0.1:" + std::to_string(host.port());
        EXPECT_EQ(p.heads(), std::vector<std::string>{"CONNECT " + to + " HTTP/1.1\r\nHost: " + to +
                                                      "\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"})
            << "one connection serves both calls";
        for (const auto& r : host.requests())
            EXPECT_EQ(r.head.find("Proxy-Authorization"), std::string::npos) << "that is nobody else's business";
    }
}

TEST(http_client_proxy, what_it_refuses_is_said_and_nothing_has_reached_the_host) {
    const scripted_peer host(answer_each(ok));
    struct row {
        const char* answer;
        errc code;
        const char* why;
        std::size_t tries;
    };
    for (
        const auto& r : std::vector<row>{
            {"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nno!\n",
             errc::unavailable, "the proxy wants another authorization (407)", 1},
            {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", errc::unavailable,
             "the proxy makes no connection to the host (403)", 1},
            {"HTTP/1.1 502 Bad Gateway\r\n\r\n", errc::unavailable, "the proxy makes no connection to the host (502)",
             3},
            {"", errc::unavailable, "the proxy gave no whole answer", 3},
            {"HTTP/1.1 20", errc::unavailable, "the proxy gave no whole answer", 3},
            {"220 mail.example.com ESMTP\r\n", errc::protocol, "the proxy's answer is none", 1},
            {"HTTP/1.1 201 Well\r\n\r\nand more", errc::protocol, "the proxy says more than its answer", 1},
        }) {
        const proxy p(host.port(), r.answer);
        const auto s = send(p.through(options_for(host)), post("x"));
        EXPECT_TRUE(s.failed_with(r.code)) << s.message;
        EXPECT_TRUE(s.says(r.why)) << s.message;
        EXPECT_FALSE(s.says("unknown")) << s.message;
        EXPECT_EQ(s.tries.size(), r.tries) << r.answer;
    }
    EXPECT_EQ(host.connections(), 0U);
}

TEST(http_client_proxy, one_that_is_not_there_or_dies_in_the_middle_is_a_lost_connection) {
    const scripted_peer host([](channel& c) {
        (void)c.read();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwh");
    });
    {
        const proxy p(host.port());
        const auto s = send(p.through(options_for(host)), post("x"));
        EXPECT_TRUE(s.failed_with(errc::unavailable));
        EXPECT_TRUE(s.says("the outcome is unknown")) << s.message;
    }
    auto options = options_for(host);
    options.proxy_host = "127.0.0.1";
    {
        const scripted_peer gone(answer_each(ok));
        options.proxy_port = gone.port();
    }
    const auto s = send(options, post("x"));
    EXPECT_TRUE(s.failed_with(errc::unavailable));
    EXPECT_TRUE(s.says("no connection to the proxy")) << s.message;
}

} // namespace
} // namespace lineside::test
