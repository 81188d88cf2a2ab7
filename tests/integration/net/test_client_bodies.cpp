// Bodies that are not collected: written by a source, taken by a sink, both at once. And answers that ask to come again.

#include "integration/net/client_test.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>

namespace lineside::test {
namespace {

using namespace std::chrono_literals;
using channel = scripted_peer::channel;
using transport = scripted_peer::options::transport;

constexpr auto go_on = "HTTP/1.1 100 Continue\r\n\r\n";

scripted_peer::options secure() {
    scripted_peer::options o;
    o.over = transport::tls;
    return o;
}

// A source that gives `text` in parts of at most `part` bytes, and counts how often it was asked.
struct text_source {
    std::string text;
    std::size_t part = 1'000'000;
    std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);
    std::size_t given = 0;

    boost::asio::awaitable<std::size_t> operator()(std::span<char> to) {
        ++*asked;
        const auto n = std::min({to.size(), part, text.size() - given});
        std::copy_n(text.data() + given, n, to.data());
        given += n;
        co_return n;
    }
};

net::http_call upload(text_source source, std::optional<std::uint64_t> size = {}) {
    net::http_call c;
    c.method = "POST";
    c.target = "/upload";
    c.source = std::move(source);
    c.source_size = size;
    return c;
}

std::string long_text(std::size_t size) {
    std::string text;
    while (text.size() < size)
        text += std::to_string(text.size()) + ' ';
    text.resize(size);
    return text;
}

// Reads a request, asked to go on where it wants to be; answers.
void take_upload(channel& c) {
    while (const auto r = c.read())
        c.write(ok);
}

TEST(http_client_bodies, a_source_is_sent_in_chunks_or_by_its_length) {
    const auto text = long_text(300'000);
    for (const bool tls : {false, true}) {
        const scripted_peer peer(take_upload, tls ? secure() : scripted_peer::options());
        auto options = tls ? secure_options_for(peer) : options_for(peer);
        options.go_ahead = 0ms;
        running_client client(options);
        for (const auto& size : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(text.size())}) {
            const auto s = client.send(upload({text, 70'001}, size));
            ASSERT_TRUE(s.answer) << s.message;
            const auto request = peer.requests().back();
            EXPECT_EQ(request.body, text);
            EXPECT_EQ(request.head.find("Content-Length: 300000\r\n") != std::string::npos, size.has_value());
            EXPECT_EQ(request.head.find("Transfer-Encoding: chunked\r\n") != std::string::npos, !size.has_value());
            EXPECT_NE(request.head.find("Expect: 100-continue\r\n"), std::string::npos);
        }
        ASSERT_TRUE(client.send(upload({""})).answer);
        EXPECT_EQ(peer.requests().back().body, "");
        ASSERT_TRUE(client.send(upload({"short"}, 5)).answer);
        EXPECT_EQ(peer.requests().back().body, "short");
        EXPECT_EQ(peer.requests().back().head.find("Expect"), std::string::npos) << "it is not worth the way";
        EXPECT_EQ(peer.connections(), 1U);
    }
}

TEST(http_client_bodies, a_long_body_is_sent_while_the_answer_may_come) {
    const auto text = long_text(5'000'000);
    for (const bool tls : {false, true}) {
        const scripted_peer peer(take_upload, tls ? secure() : scripted_peer::options());
        running_client client(tls ? secure_options_for(peer) : options_for(peer));
        const auto s = client.send(post(text));
        ASSERT_TRUE(s.answer) << s.message;
        EXPECT_EQ(peer.requests().back().body, text);
    }
}

TEST(http_client_bodies, a_refusal_comes_before_the_body) {
    const scripted_peer peer([](channel& c) {
        (void)c.read_head();
        c.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
        c.wait_for_end();
    });
    auto options = options_for(peer);
    options.go_ahead = 1h;
    text_source source{long_text(100'000)};
    const auto s = send(options, upload(source, 100'000));
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.answer->status, 413U);
    EXPECT_EQ(s.answer->body, "too much");
    EXPECT_EQ(*source.asked, 0);
}

TEST(http_client_bodies, a_body_follows_as_soon_as_the_host_wants_it) {
    const scripted_peer peer([](channel& c) {
        const auto head = c.read_head();
        if (!head)
            return;
        c.write(go_on);
        std::string body;
        while (body.find("0\r\n\r\n") == std::string::npos)
            body += c.read_some();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    });
    auto options = options_for(peer);
    options.go_ahead = 1h;
    const auto s = send(options, upload({"some text", 4}));
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.answer->body, "4\r\nsome\r\n4\r\n tex\r\n1\r\nt\r\n0\r\n\r\n");
}

TEST(http_client_bodies, an_answer_in_the_middle_stops_an_endless_source) {
    const scripted_peer peer([](channel& c) {
        (void)c.read_head();
        c.write(go_on);
        (void)c.read_some();
        c.write("HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 5\r\n\r\nrow 7");
        c.wait_for_end();
    });
    auto call = upload({});
    call.source = [](std::span<char> to) -> boost::asio::awaitable<std::size_t> {
        std::fill(to.begin(), to.end(), 'x');
        co_return to.size();
    };
    const auto s = send(options_for(peer), call);
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.answer->body, "row 7");
}

TEST(http_client_bodies, the_answer_comes_in_while_the_source_still_gives) {
    // Gives a word, and the next one when the first has come back.
    const scripted_peer peer([](channel& c) {
        (void)c.read_head();
        c.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (std::string body; body.find("0\r\n\r\n") == std::string::npos;) {
            const auto some = c.read_some();
            body += some;
            if (some.empty() || !c.write(some))
                return;
        }
        c.wait_for_end();
    });
    std::string back;
    boost::asio::steady_timer* waiting = nullptr;
    auto call = upload({});
    int words = 0;
    call.source = [&](std::span<char> to) -> boost::asio::awaitable<std::size_t> {
        while (back.size() < 5U * words) {
            boost::asio::steady_timer t(co_await boost::asio::this_coro::executor,
                                        boost::asio::steady_timer::time_point::max());
            waiting = &t;
            boost::system::error_code ec;
            co_await t.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
            waiting = nullptr;
        }
        if (words == 3)
            co_return 0;
        ++words;
        std::copy_n("word ", 5, to.data());
        co_return 5;
    };
    call.sink = [&](std::string_view piece) -> boost::asio::awaitable<void> {
        back += piece;
        if (waiting != nullptr)
            waiting->cancel();
        co_return;
    };
    const auto s = send(options_for(peer), call);
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.answer->body, "");
    EXPECT_EQ(back, "word word word ");
}

TEST(http_client_bodies, a_source_of_another_length_than_was_said_is_an_error) {
    const scripted_peer peer(take_upload);
    for (const std::uint64_t said : {3U, 5U}) {
        const auto s = send(options_for(peer), upload({"text"}, said));
        EXPECT_TRUE(s.failed_with(errc::invalid_argument)) << s.message;
        EXPECT_EQ(s.tries.size(), 1U);
    }
    EXPECT_TRUE(peer.requests().empty());
}

TEST(http_client_bodies, what_a_source_or_a_sink_throws_ends_the_call) {
    const scripted_peer peer(answer_each(ok));
    auto call = upload({});
    call.source_size = 5;
    call.source = [](std::span<char>) -> boost::asio::awaitable<std::size_t> {
        throw std::runtime_error("the file is gone");
        co_return 0;
    };
    EXPECT_EQ(send(options_for(peer), call).message, "the file is gone");
    auto taking = get();
    taking.sink = [](std::string_view) -> boost::asio::awaitable<void> {
        throw std::runtime_error("the disk is full");
        co_return;
    };
    EXPECT_EQ(send(options_for(peer), taking).message, "the disk is full");
}

TEST(http_client_bodies, a_sink_gets_every_byte_of_a_good_answer_and_none_of_another) {
    const auto text = long_text(1'000'000);
    for (const bool tls : {false, true}) {
        const scripted_peer peer(
            [&](channel& c) {
                for (bool good = true; c.read(); good = !good)
                    c.write("HTTP/1.1 " + std::string(good ? "200 OK" : "404 Not Found") +
                            "\r\nContent-Length: 1000000\r\n\r\n" + text);
            },
            tls ? secure() : scripted_peer::options());
        auto options = tls ? secure_options_for(peer) : options_for(peer);
        options.answer_bytes = text.size();
        running_client client(options);
        std::string taken;
        auto call = get();
        call.sink = [&](std::string_view piece) -> boost::asio::awaitable<void> {
            taken += piece;
            co_return;
        };
        const auto good = client.send(call);
        ASSERT_TRUE(good.answer) << good.message;
        EXPECT_EQ(good.answer->body, "");
        EXPECT_TRUE(taken == text);
        taken.clear();
        const auto bad = client.send(call);
        ASSERT_TRUE(bad.answer) << bad.message;
        EXPECT_TRUE(bad.answer->body == text);
        EXPECT_EQ(taken, "");
    }
}

TEST(http_client_bodies, a_call_is_not_made_again_once_its_sink_has_had_a_piece) {
    const scripted_peer peer([](channel& c) {
        (void)c.read();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwh");
    });
    std::string taken;
    auto call = get();
    call.sink = [&](std::string_view piece) -> boost::asio::awaitable<void> {
        taken += piece;
        co_return;
    };
    const auto s = send(options_for(peer), call);
    EXPECT_TRUE(s.failed_with(errc::unavailable));
    EXPECT_EQ(taken, "wh");
    EXPECT_EQ(peer.requests().size(), 1U);
}

TEST(http_client_bodies, a_host_may_wait_while_the_source_and_the_sink_take_their_time) {
    const scripted_peer peer(take_upload);
    auto options = options_for(peer);
    options.stall = 250ms;
    auto call = upload({});
    call.source_size = 1;
    const auto dawdle = []() -> boost::asio::awaitable<void> {
        boost::asio::steady_timer t(co_await boost::asio::this_coro::executor, 300ms);
        co_await t.async_wait(boost::asio::use_awaitable);
    };
    bool given = false;
    call.source = [&](std::span<char> to) -> boost::asio::awaitable<std::size_t> {
        co_await dawdle();
        to[0] = 'x';
        co_return std::exchange(given, true) ? 0 : 1;
    };
    call.sink = [&](std::string_view) -> boost::asio::awaitable<void> { return dawdle(); };
    const auto s = send(options, call);
    EXPECT_TRUE(s.answer) << s.message;
}

// --- Coming again

TEST(http_client_retries, an_answer_that_asks_for_another_time_is_asked_again_where_that_may_be) {
    for (const auto* status : {"429 Too Many Requests", "503 Service Unavailable", "502 Bad Gateway",
                               "504 Gateway Timeout", "408 Request Timeout"}) {
        const auto busy = "HTTP/1.1 " + std::string(status) + "\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy";
        const scripted_peer peer([&](channel& c) {
            for (int i = 0; c.read(); ++i)
                c.write(i % 3 < 2 ? busy : ok);
        });
        running_client client(options_for(peer));
        auto call = get();
        call.fields = {{"X-Request-Id", "one"}};
        const auto s = client.send(call);
        ASSERT_TRUE(s.answer) << s.message;
        EXPECT_EQ(s.answer->body, "ok");
        ASSERT_EQ(s.tries.size(), 3U);
        EXPECT_EQ(s.tries[0].status, static_cast<unsigned>(std::stoi(status)));
        EXPECT_TRUE(s.tries[0].new_connection);
        EXPECT_EQ(s.tries[2].status, 200U);
        EXPECT_FALSE(s.tries[2].new_connection);
        const auto requests = peer.requests();
        EXPECT_TRUE(
            std::all_of(requests.begin(), requests.end(), [&](const auto& r) { return r.head == requests[0].head; }));
        const auto once = client.send(post("x"));
        ASSERT_TRUE(once.answer);
        EXPECT_EQ(once.answer->body, "busy") << "an answer is an answer";
        EXPECT_EQ(peer.requests().size(), 4U);
    }
}

TEST(http_client_retries, a_server_that_says_much_later_is_taken_at_its_word) {
    const scripted_peer peer(answer_each("HTTP/1.1 503 Busy\r\nRetry-After: 61\r\nContent-Length: 0\r\n\r\n"));
    const auto s = send(options_for(peer), get());
    ASSERT_TRUE(s.answer);
    EXPECT_EQ(s.answer->status, 503U);
    EXPECT_EQ(peer.requests().size(), 1U);
}

TEST(http_client_retries, the_last_answer_is_given_when_there_is_no_better_one) {
    const scripted_peer peer(answer_each("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"));
    auto options = options_for(peer);
    options.retry.quota = 20;
    running_client client(options);
    EXPECT_EQ(client.send(get()).answer.value().body, "busy");
    EXPECT_EQ(peer.requests().size(), 2U) << "the quota allows one";
    EXPECT_EQ(client.send(get()).answer.value().body, "busy");
    EXPECT_EQ(peer.requests().size(), 3U) << "and then none";
}

} // namespace
} // namespace lineside::test
