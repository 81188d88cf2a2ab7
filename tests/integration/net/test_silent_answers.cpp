// Answers that are silent for long: a client that leaves is noticed, and what it says meanwhile is not lost.

#include <lineside/error.hpp>

#include "support/certificate_files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <stop_token>
#include <string>

namespace lineside {
namespace {

using boost::asio::awaitable;
using net::http_exchange;
using test::raw_client;
using test::running_server;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

/// A server whose answer to `/` is silent between its first words and its last ones.
class silent_answers : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] bool secure() const { return GetParam() == std::string("tls"); }
    void start() {
        net::http_server_options options;
        if (secure())
            options.tls = net::http_server_tls{files_.certificate(), files_.key()};
        silent = {};
        left = {};
        server_.emplace([this](http_exchange& x) { return answer(x); }, std::move(options));
    }
    [[nodiscard]] raw_client connect() {
        return secure() ? raw_client(server_->port(), test::raw_tls{.ca_file = files_.authority()})
                        : raw_client(server_->port());
    }
    /// Lets the answer say its last words.
    void go_on() {
        boost::asio::post(until_->get_executor(), [this] { until_->cancel(); });
    }

    std::promise<void> silent;
    std::promise<void> left;

private:
    awaitable<void> answer(http_exchange& x) {
        if (x.request().target == "/next") {
            net::http_response hello(200, {}, "hello");
            co_return co_await x.respond(std::move(hello));
        }
        boost::asio::steady_timer until(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
        until_ = &until;
        const std::stop_callback wake(x.stopping(), [&] { until.cancel(); });
        x.stop_when_left();
        co_await x.begin({});
        co_await x.write("first ");
        silent.set_value();
        error_code cancelled;
        co_await until.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
        if (x.stopping().stop_requested())
            co_return left.set_value();
        co_await x.write("last");
        co_await x.finish();
    }

    const test::certificate_files files_;
    boost::asio::steady_timer* until_ = nullptr;
    std::optional<running_server> server_;
};

INSTANTIATE_TEST_SUITE_P(over, silent_answers, testing::Values("plain", "tls"),
                         [](const auto& one) { return std::string(one.param); });

} // namespace

TEST_P(silent_answers, a_client_that_leaves_is_noticed) {
    for (const auto& more : {std::string(), next, next + "GET /ne"}) {
        start();
        {
            auto client = connect();
            client.send(get + more);
            silent.get_future().wait();
        }
        left.get_future().wait();

        start();
        auto client = connect();
        client.send(get);
        silent.get_future().wait();
        client.send(more);
        client.end_sending();
        left.get_future().wait();
        EXPECT_EQ(client.read_to_end().find("last"), std::string::npos);
    }
}

TEST_P(silent_answers, what_comes_meanwhile_is_the_next_request) {
    for (const std::size_t before : {std::size_t{0}, std::size_t{7}, next.size()})
        for (const std::size_t meanwhile : {std::size_t{0}, std::size_t{5}, next.size()}) {
            start();
            auto client = connect();
            const auto early = next.substr(0, before);
            const auto then = next.substr(before, meanwhile);
            client.send(get + early);
            silent.get_future().wait();
            client.send(then);
            go_on();
            EXPECT_EQ(client.read_answer().body, "first last");
            client.send(next.substr(early.size() + then.size()) + next);
            EXPECT_EQ(client.read_answer().body, "hello");
            EXPECT_EQ(client.read_answer().body, "hello");
        }
}

TEST_P(silent_answers, many_requests_that_come_meanwhile_wait_for_their_turn) {
    constexpr int count = 2'000;
    std::string many;
    for (int i = 0; i < count; ++i)
        many += next;
    start();
    auto client = connect();
    client.send(get);
    silent.get_future().wait();
    client.send(many);
    go_on();
    EXPECT_EQ(client.read_answer().body, "first last");
    for (int i = 0; i < count; ++i)
        ASSERT_EQ(client.read_answer().body, "hello") << i;
}

} // namespace lineside
