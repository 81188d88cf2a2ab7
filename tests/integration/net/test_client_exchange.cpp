// One exchange, over plain TCP and over TLS: every answer that is whole, every way to be cut off, and none by halves.

#include "integration/net/client_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

namespace lineside::test {
namespace {

using namespace std::chrono_literals;
using channel = scripted_peer::channel;
using transport = scripted_peer::options::transport;

struct golden {
    std::string bytes;
    unsigned status;
    std::string body;
    std::string type;
};

const std::vector<golden>& goldens() {
    static const std::vector<golden> all{
        {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"balance\":5}", 200,
         "{\"balance\":5}", "application/json"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3;x=y\r\n:5}\r\n0\r\nX-Sum: 1\r\n\r\n",
         200, "{\"a\":5}", ""},
        {"HTTP/1.1 204 No Content\r\nETag: \"7\"\r\n\r\n", 204, "", ""},
        {"HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nContent-Length: 17\r\n\r\n"
         "{\"code\":\"taken\"}\n",
         409, "{\"code\":\"taken\"}\n", "application/problem+json"},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
         "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nid",
         201, "id", ""},
    };
    return all;
}

scripted_peer::options over(transport t) {
    scripted_peer::options o;
    o.over = t;
    return o;
}

net::http_client_options options_over(transport t, const scripted_peer& peer) {
    return t == transport::tls ? secure_options_for(peer) : options_for(peer);
}

void expect_whole(const sent& s, const golden& g) {
    ASSERT_TRUE(s.answer) << s.message << " of " << g.bytes;
    EXPECT_EQ(s.answer->status, g.status);
    EXPECT_EQ(s.answer->body, g.body);
    EXPECT_EQ(s.answer->fields["Content-Type"], g.type);
    EXPECT_EQ(s.answer->fields.count("X-Sum"), 0U) << "trailers are no header fields";
    EXPECT_EQ(s.answer->fields.count("Link"), 0U) << "of an interim answer";
}

// The ways a connection ends in the middle.
using ending = void (channel::*)();

TEST(http_client, a_request_says_what_it_was_told_and_how_long_its_body_is) {
    const scripted_peer peer(answer_each(ok));
    running_client client(options_for(peer));
    auto call = get("/v1/calls?limit=2");
    call.fields = {{"Accept", "application/json"}, {"X-Request-Id", "r-1"}};
    const auto s = client.send(call);
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.answer->status, 200U);
    EXPECT_EQ(s.answer->body, "ok");
    EXPECT_EQ(s.answer->fields["content-length"], "2");
    ASSERT_TRUE(client.send(post(R"({"a":1})")).answer);
    auto remove = get("/v1/things/1");
    remove.method = "DELETE";
    ASSERT_TRUE(client.send(remove).answer);
    ASSERT_TRUE(client.send(post("")).answer);
    const auto requests = peer.requests();
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(requests[0].head, "GET /v1/calls?limit=2 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
                                    "\r\nAccept: application/json\r\nX-Request-Id: r-1\r\n\r\n");
    EXPECT_NE(requests[1].head.find("Content-Length: 7\r\n"), std::string::npos);
    EXPECT_EQ(requests[1].body, R"({"a":1})");
    EXPECT_EQ(requests[2].head.find("Content-Length"), std::string::npos);
    EXPECT_NE(requests[3].head.find("Content-Length: 0\r\n"), std::string::npos);
    EXPECT_EQ(peer.connections(), 1U) << "they were kept";
}

TEST(http_client, nothing_can_be_smuggled_into_a_request) {
    const scripted_peer peer(answer_each(ok));
    const auto refused = [&](const net::http_call& call, const std::string& field) {
        const auto s = send(options_for(peer), call);
        EXPECT_TRUE(s.failed_with(errc::invalid_argument)) << s.message;
        EXPECT_TRUE(s.says(field)) << s.message;
    };
    for (const auto* target : {"", "x", "http://other/", "/a b", "/a\r\nX: y", "/\xc3\xa9", "/\x7f"})
        refused(get(target), "target");
    for (const auto* method : {"", "GE T", "GET\r\n", "CONNECT"}) {
        auto call = get();
        call.method = method;
        refused(call, "method");
    }
    for (const net::http_fields::field& field :
         {net::http_fields::field{"X\r\nY", "z"}, {"X", "a\r\nY: b"}, {"X", "\x01"}})
        EXPECT_THROW(net::http_fields{field}, error) << "it cannot even be made: " << field.first;
    for (const auto* own :
         {"host", "Content-Length", "TRANSFER-ENCODING", "Connection", "Expect", "Upgrade", "Trailer"}) {
        auto call = get();
        call.fields = {{own, "1"}};
        refused(call, own);
    }
    EXPECT_EQ(peer.connections(), 0U);
}

TEST(http_client, a_whole_answer_is_one_however_it_comes) {
    for (const auto t : {transport::plain, transport::tls}) {
        for (const auto& g : goldens()) {
            const scripted_peer at_once(answer_each(g.bytes), over(t));
            expect_whole(send(options_over(t, at_once), post("x")), g);
            const scripted_peer byte_by_byte(
                [&](channel& c) {
                    while (c.read())
                        for (const char byte : g.bytes)
                            c.write({&byte, 1});
                },
                over(t));
            running_client client(options_over(t, byte_by_byte));
            expect_whole(client.send(post("x")), g);
            expect_whole(client.send(post("y")), g);
            EXPECT_EQ(byte_by_byte.connections(), 1U);
        }
    }
}

TEST(http_client, an_answer_cut_at_any_byte_is_an_error_and_the_call_is_not_made_again) {
    for (const auto t : {transport::plain, transport::tls}) {
        for (const ending end : {&channel::finish, &channel::cut, &channel::reset}) {
            for (const auto& g : goldens()) {
                std::atomic<std::size_t> cut = 0;
                const scripted_peer peer(
                    [&](channel& c) {
                        (void)c.read();
                        c.write(std::string_view(g.bytes).substr(0, cut));
                        (c.*end)();
                    },
                    over(t));
                for (; cut < g.bytes.size(); ++cut) {
                    const auto s = send(options_over(t, peer), post("x"));
                    ASSERT_TRUE(s.failed_with(errc::unavailable)) << cut << ' ' << s.message << g.bytes;
                    ASSERT_TRUE(s.says("the outcome is unknown")) << s.message;
                    ASSERT_EQ(s.tries.size(), 1U);
                    ASSERT_EQ(peer.requests().size(), cut + 1) << "each was made once";
                }
            }
        }
    }
}

TEST(http_client, an_answer_over_a_kept_connection_cut_at_any_byte_is_an_error_and_the_call_is_not_made_again) {
    for (const auto t : {transport::plain, transport::tls}) {
        for (const ending end : {&channel::finish, &channel::cut, &channel::reset}) {
            if (t == transport::tls && end != &channel::cut)
                continue; // each costs a handshake
            for (const auto& g : goldens()) {
                std::atomic<std::size_t> cut = 0;
                const scripted_peer peer(
                    [&](channel& c) {
                        (void)c.read();
                        c.write(ok);
                        if (!c.read())
                            return;
                        c.write(std::string_view(g.bytes).substr(0, cut));
                        (c.*end)();
                    },
                    over(t));
                for (; cut < g.bytes.size(); ++cut) {
                    running_client client(options_over(t, peer));
                    ASSERT_TRUE(client.send(get()).answer);
                    const auto s = client.send(post("x"));
                    ASSERT_TRUE(s.failed_with(errc::unavailable)) << cut << ' ' << s.message << g.bytes;
                    ASSERT_TRUE(s.says("the outcome is unknown")) << s.message;
                    ASSERT_EQ(s.tries.size(), 1U);
                    ASSERT_FALSE(s.tries[0].new_connection);
                }
            }
        }
    }
}

TEST(http_client, a_repeatable_call_is_made_again_after_an_answer_cut_at_any_byte) {
    for (const auto& g : goldens()) {
        std::atomic<std::size_t> cut = 0;
        std::atomic<bool> whole = false;
        const scripted_peer peer([&](channel& c) {
            (void)c.read();
            c.write(std::string_view(g.bytes).substr(0, whole.exchange(!whole) ? std::string::npos : cut.load()));
        });
        for (; cut < g.bytes.size(); ++cut) {
            const auto s = send(options_for(peer), get());
            expect_whole(s, g);
            ASSERT_EQ(s.tries.size(), 2U);
            EXPECT_EQ(s.tries[0].status, 0U);
            EXPECT_FALSE(s.tries[0].failure.empty());
            EXPECT_EQ(s.tries[1].attempt, 2U);
            EXPECT_EQ(s.tries[1].status, g.status);
        }
        EXPECT_EQ(peer.requests().size(), 2 * g.bytes.size());
    }
}

TEST(http_client, an_answer_that_ends_with_its_connection_needs_the_goodbye_of_tls) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
    for (const auto t : {transport::plain, transport::tls}) {
        for (const bool polite : {true, false}) {
            const scripted_peer peer(
                [&](channel& c) {
                    (void)c.read();
                    c.write(head + "all of it");
                    polite ? c.finish() : c.cut();
                },
                over(t));
            const auto s = send(options_over(t, peer), post("x"));
            if (t == transport::tls && !polite) {
                EXPECT_TRUE(s.failed_with(errc::unavailable)) << "anybody between can end a connection";
                continue;
            }
            ASSERT_TRUE(s.answer) << s.message;
            EXPECT_EQ(s.answer->body, "all of it");
        }
    }
}

TEST(http_client, a_host_that_falls_silent_is_given_up) {
    for (const auto t : {transport::plain, transport::tls}) {
        for (const auto& g : goldens()) {
            const auto head = g.bytes.find("\r\n\r\n") + 4;
            for (const std::size_t after :
                 {std::size_t{0}, std::size_t{1}, head - 1, std::min(head, g.bytes.size() - 1), g.bytes.size() - 1}) {
                const scripted_peer peer(
                    [&](channel& c) {
                        (void)c.read();
                        c.write(std::string_view(g.bytes).substr(0, after));
                        c.wait_for_end();
                    },
                    over(t));
                auto options = options_over(t, peer);
                options.stall = 10ms;
                const auto s = send(options, post("x"));
                EXPECT_TRUE(s.failed_with(errc::timed_out)) << after << s.message;
                EXPECT_TRUE(s.says("the outcome is unknown")) << s.message;
                EXPECT_LE(peer.requests().size(), 1U) << "it is not made again";
            }
        }
    }
}

TEST(http_client, what_is_no_http_or_may_be_read_in_two_ways_is_an_error) {
    for (const std::string& bytes : std::vector<std::string>{
             "220 mail.example.com ESMTP\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/2 200\r\n\r\n",
             "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 2,2\r\n\r\nok",
             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
             "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
             "HTTP/1.1 101 Switching Protocols\r\n\r\n"}) {
        const scripted_peer peer(answer_each(bytes));
        const auto s = send(options_for(peer), get());
        EXPECT_TRUE(s.failed_with(errc::protocol)) << bytes << s.message;
        EXPECT_EQ(s.tries.size(), 1U) << "another time would not mend it";
    }
    std::string interim;
    for (int i = 0; i < 1'000; ++i)
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    const scripted_peer peer(answer_each(interim));
    EXPECT_TRUE(send(options_for(peer), get()).failed_with(errc::protocol));
}

TEST(http_client, an_answer_may_be_as_long_as_the_options_allow_and_not_a_byte_longer) {
    const std::string body(100'000, 'x');
    const auto sized = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body;
    const auto chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n" + body + "\r\n0\r\n\r\n";
    const auto to_the_end = "HTTP/1.1 200 OK\r\n\r\n" + body;
    for (const auto& bytes : {sized, chunked, to_the_end}) {
        const scripted_peer peer([&](channel& c) {
            (void)c.read();
            c.write(bytes);
            c.finish();
        });
        auto options = options_for(peer);
        options.answer_bytes = body.size();
        const auto s = send(options, get());
        ASSERT_TRUE(s.answer) << s.message;
        EXPECT_EQ(s.answer->body, body);
        --options.answer_bytes;
        const auto longer = send(options, get());
        EXPECT_TRUE(longer.failed_with(errc::protocol));
        EXPECT_EQ(longer.message, "the host's answer is too long");
    }
}

TEST(http_client, a_head_may_have_64_kilobytes) {
    const auto with_head = [](std::size_t size) {
        std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
        while (head.size() + 1'010 < size)
            head += "X-Field: " + std::string(989, 'x') + "\r\n";
        const std::string name = "X-Last: ";
        head += name + std::string(size - head.size() - name.size() - 4, 'y') + "\r\n\r\n";
        return head;
    };
    const scripted_peer peer(answer_each(with_head(std::size_t{64} << 10U) + "ok"));
    const auto s = send(options_for(peer), get());
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.answer->body, "ok");
    const scripted_peer longer(answer_each(with_head((std::size_t{64} << 10U) + 1) + "ok"));
    EXPECT_EQ(send(options_for(longer), get()).message, "the host's answer is too long");
}

TEST(http_client, answers_without_a_body_have_none_whatever_their_length_says) {
    for (const auto& method : {std::string("HEAD"), std::string("GET")}) {
        const std::string status = method == "HEAD" ? "200 OK" : "304 Not Modified";
        const scripted_peer peer(answer_each("HTTP/1.1 " + status + "\r\nContent-Length: 100\r\n\r\n"));
        running_client client(options_for(peer));
        auto call = get();
        call.method = method;
        for (int i = 0; i < 2; ++i) {
            const auto s = client.send(call);
            ASSERT_TRUE(s.answer) << s.message;
            EXPECT_EQ(s.answer->body, "");
        }
        EXPECT_EQ(peer.connections(), 1U);
    }
}

TEST(http_client, a_connection_is_not_used_again_after_what_may_have_been_another_answer) {
    for (const auto& bytes :
         {std::string(ok) + ok, std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
          std::string("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")}) {
        const scripted_peer peer(answer_each(bytes));
        running_client client(options_for(peer));
        for (std::size_t i = 1; i <= 3; ++i) {
            const auto s = client.send(get());
            ASSERT_TRUE(s.answer) << s.message;
            EXPECT_EQ(s.answer->body, "ok");
            EXPECT_TRUE(s.tries.at(0).new_connection);
            EXPECT_EQ(peer.connections(), i);
        }
    }
}

} // namespace
} // namespace lineside::test
