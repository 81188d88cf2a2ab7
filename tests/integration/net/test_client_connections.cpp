// The connections of a client: kept, found dead, waited for, given up.

#include "integration/net/client_test.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

namespace lineside::test {
namespace {

using namespace std::chrono_literals;
using channel = scripted_peer::channel;
using transport = scripted_peer::options::transport;

// One to whom something happens at most once.
class event {
public:
    void happen() { promise_.set_value(); }
    void wait() { future_.wait(); }

private:
    std::promise<void> promise_;
    std::shared_future<void> future_ = promise_.get_future().share();
};

scripted_peer::options secure() {
    scripted_peer::options o;
    o.over = transport::tls;
    return o;
}

// --- Dead connections

TEST(http_client, a_connection_that_ended_while_it_was_put_aside_is_not_used) {
    for (const bool tls : {false, true}) {
        event gone;
        const scripted_peer peer(
            [&](channel& c) {
                if (c.number() > 0)
                    return answer_each(ok)(c);
                (void)c.read();
                c.write(ok);
                c.cut();
                gone.happen();
            },
            tls ? secure() : scripted_peer::options());
        running_client client(tls ? secure_options_for(peer) : options_for(peer));
        ASSERT_TRUE(client.send(post("x")).answer);
        gone.wait();
        const auto s = client.send(post("x"));
        ASSERT_TRUE(s.answer) << s.message;
        EXPECT_EQ(s.tries.size(), 1U);
        EXPECT_TRUE(s.tries[0].new_connection);
        EXPECT_EQ(peer.requests().size(), 2U);
    }
}

TEST(http_client, a_kept_connection_that_dies_over_a_repeatable_request_is_replaced_at_once_and_once) {
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        if (c.number() == 0) {
            c.write(ok);
            (void)c.read();
            return;
        }
        c.write(ok);
    });
    auto options = options_for(peer);
    options.retry.attempts = 1;
    running_client client(options);
    ASSERT_TRUE(client.send(get("/a")).answer);
    const auto s = client.send(get("/b"));
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(s.tries.size(), 1U) << "it is no attempt";
    EXPECT_EQ(peer.connections(), 2U);
    EXPECT_EQ(peer.requests().size(), 3U);
}

TEST(http_client, a_connection_is_replaced_once) {
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        if (c.number() > 0)
            return;
        c.write(ok);
        (void)c.read();
    });
    auto options = options_for(peer);
    options.retry.attempts = 1;
    running_client client(options);
    ASSERT_TRUE(client.send(get("/a")).answer);
    EXPECT_TRUE(client.send(get("/b")).failed_with(errc::unavailable));
    EXPECT_EQ(peer.requests().size(), 3U);
}

TEST(http_client, a_request_that_was_written_to_a_dying_connection_is_not_repeated_unless_it_may_be) {
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        c.write(ok);
        (void)c.read();
    });
    running_client client(options_for(peer));
    ASSERT_TRUE(client.send(get("/a")).answer);
    const auto s = client.send(post("x"));
    EXPECT_TRUE(s.failed_with(errc::unavailable));
    EXPECT_TRUE(s.says("the outcome is unknown")) << s.message;
    EXPECT_EQ(peer.requests().size(), 2U);
    EXPECT_EQ(peer.connections(), 1U);
}

TEST(http_client, a_kept_connection_over_which_a_part_of_an_answer_came_is_an_attempt) {
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        c.write(ok);
        if (c.number() == 0 && c.read())
            c.write("HTTP/1.1 2");
    });
    auto options = options_for(peer);
    options.retry.attempts = 1;
    running_client client(options);
    ASSERT_TRUE(client.send(get("/a")).answer);
    EXPECT_TRUE(client.send(get("/b")).failed_with(errc::unavailable));
    EXPECT_EQ(peer.connections(), 1U);
}

TEST(http_client, a_connection_is_kept_as_long_as_the_options_say) {
    const scripted_peer peer(answer_each(ok));
    auto options = options_for(peer);
    options.idle = 0ms;
    running_client client(options);
    for (std::size_t i = 1; i <= 3; ++i) {
        ASSERT_TRUE(client.send(get()).answer);
        EXPECT_EQ(peer.connections(), i);
    }
}

// --- Many calls

TEST(http_client, calls_wait_in_order_for_one_of_so_many_connections) {
    std::mutex mutex;
    std::size_t running = 0;
    std::size_t most = 0;
    const scripted_peer peer([&](channel& c) {
        while (c.read()) {
            {
                const std::lock_guard guard(mutex);
                most = std::max(most, ++running);
            }
            c.write("HTTP/1.1 103 Early Hints\r\n\r\n");
            {
                const std::lock_guard guard(mutex);
                --running;
            }
            c.write(ok);
        }
    });
    auto options = options_for(peer);
    options.connections = 2;
    running_client client(options);
    constexpr int many = 50;
    std::vector<sent> all(many);
    std::vector<net::http_call> calls;
    for (int i = 0; i < many; ++i)
        calls.push_back(get('/' + std::to_string(i)));
    for (int i = 0; i < many; ++i)
        client.start(calls[i], all[i]);
    client.run();
    for (const auto& s : all)
        EXPECT_TRUE(s.answer) << s.message;
    EXPECT_EQ(peer.connections(), 2U);
    EXPECT_LE(most, 2U);
}

TEST(http_client, with_one_connection_calls_are_answered_in_the_order_they_came) {
    const scripted_peer peer(answer_each(ok));
    auto options = options_for(peer);
    options.connections = 1;
    running_client client(options);
    std::vector<sent> all(20);
    std::vector<net::http_call> calls;
    for (std::size_t i = 0; i < all.size(); ++i)
        calls.push_back(get('/' + std::to_string(i)));
    for (std::size_t i = 0; i < all.size(); ++i)
        client.start(calls[i], all[i]);
    client.run();
    const auto requests = peer.requests();
    ASSERT_EQ(requests.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_TRUE(requests[i].head.starts_with("GET /" + std::to_string(i) + ' ')) << requests[i].head;
    EXPECT_EQ(peer.connections(), 1U);
}

TEST(http_client, whoever_waits_for_a_connection_can_be_cancelled_and_the_others_go_on) {
    std::optional<boost::asio::cancellation_signal> cancel(std::in_place);
    event cancelled;
    running_client* running = nullptr;
    const scripted_peer peer([&](channel& c) {
        for (bool first = true; c.read(); first = false) {
            if (first) {
                running->run_there([&] {
                    cancel->emit(boost::asio::cancellation_type::terminal);
                    cancelled.happen();
                });
                cancelled.wait();
            }
            c.write(ok);
        }
    });
    auto options = options_for(peer);
    options.connections = 1;
    running_client client(options);
    running = &client;
    std::vector<sent> all(4);
    const auto call = get();
    for (std::size_t i = 0; i < all.size(); ++i)
        client.start(call, all[i], i == 1 ? &*cancel : nullptr);
    client.run();
    cancel.reset(); // what it calls has the client's executor
    EXPECT_TRUE(all[1].aborted) << all[1].message;
    for (const std::size_t i : {0U, 2U, 3U})
        EXPECT_TRUE(all[i].answer) << all[i].message;
    EXPECT_EQ(peer.requests().size(), 3U);
}

TEST(http_client, one_client_serves_many_threads) {
    for (const bool tls : {false, true}) {
        const scripted_peer peer(answer_each(ok), tls ? secure() : scripted_peer::options());
        boost::asio::io_context context;
        auto work = boost::asio::make_work_guard(context);
        std::vector<std::jthread> runners;
        for (int i = 0; i < 2; ++i)
            runners.emplace_back([&] { context.run(); });
        {
            auto options = tls ? secure_options_for(peer) : options_for(peer);
            options.connections = 3;
            net::http_client client(context.get_executor(), options);
            std::atomic<int> answered = 0;
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    const auto call = get();
                    for (int n = 0; n < 25; ++n) {
                        std::promise<sent> came;
                        auto s = std::make_shared<sending>(call, [&](sent x) { came.set_value(std::move(x)); });
                        boost::asio::dispatch(client.executor(), [&, s] { client.start(s); });
                        const auto x = came.get_future().get();
                        answered += x.answer && x.answer->body == "ok" ? 1 : 0;
                    }
                });
            threads.clear();
            EXPECT_EQ(answered, 100);
            EXPECT_LE(peer.connections(), 3U);
        }
        work.reset();
    }
}

// --- Giving up

TEST(http_client, a_call_can_be_cancelled_at_any_point_and_says_whether_it_may_have_had_its_effect) {
    enum class point { handshake, answer, body };
    for (const auto at : {point::handshake, point::answer, point::body}) {
        for (const auto& call : {get(), post("x")}) {
            std::optional<boost::asio::cancellation_signal> cancel(std::in_place);
            running_client* running = nullptr;
            event ended;
            // A peer of plain TCP does not answer a hello.
            const scripted_peer peer([&](channel& c) {
                if (at == point::handshake)
                    (void)c.read_some();
                else
                    (void)c.read();
                if (at == point::body)
                    c.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwh");
                running->run_there([&] { cancel->emit(boost::asio::cancellation_type::terminal); });
                c.wait_for_end();
                ended.happen();
            });
            auto options = options_for(peer);
            options.secure = at == point::handshake;
            running_client client(options);
            running = &client;
            sent s;
            client.start(call, s, &*cancel);
            client.run();
            cancel.reset(); // what it calls has the client's executor
            EXPECT_TRUE(s.aborted) << s.message;
            EXPECT_EQ(s.in_doubt, at != point::handshake && call.method == "POST");
            EXPECT_EQ(peer.connections(), 1U);
            ended.wait();
        }
    }
}

TEST(http_client, a_call_can_be_cancelled_while_it_waits_for_another_attempt) {
    const scripted_peer peer(
        answer_each("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"));
    running_client client(options_for(peer));
    boost::asio::cancellation_signal cancel;
    const auto call = get();
    std::optional<sent> came;
    auto s = std::make_shared<sending>(call, [&](sent x) { came = std::move(x); });
    s->traced = [&](const net::http_trace&) {
        client.run_there([&] { cancel.emit(boost::asio::cancellation_type::terminal); });
    };
    client.start(std::move(s), &cancel);
    client.run();
    cancel.slot().clear();
    ASSERT_TRUE(came);
    EXPECT_TRUE(came->aborted);
    EXPECT_EQ(peer.requests().size(), 1U);
}

TEST(http_client, closing_ends_what_runs_and_what_waits_and_what_comes_later) {
    running_client* running = nullptr;
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        running->run_there([&] { running->client().close(); });
        c.wait_for_end();
    });
    auto options = options_for(peer);
    options.connections = 1;
    running_client client(options);
    running = &client;
    std::vector<sent> all(3);
    const auto call = get();
    for (auto& s : all)
        client.start(call, s);
    client.run();
    all.push_back(client.send(call));
    for (const auto& s : all) {
        EXPECT_TRUE(s.failed_with(errc::unavailable)) << s.message;
        EXPECT_TRUE(s.says("the client is closed")) << s.message;
    }
    EXPECT_EQ(peer.requests().size(), 1U);
}

TEST(http_client, a_client_may_go_before_its_calls) {
    boost::asio::io_context context;
    std::optional<net::http_client> client;
    event ended;
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        boost::asio::post(context, [&] { client.reset(); });
        c.wait_for_end();
        ended.happen();
    });
    client.emplace(context.get_executor(), options_for(peer));
    bool failed = false;
    const auto s = std::make_shared<sending>(get(), [&](const sent& x) { failed = !x.answer; });
    boost::asio::dispatch(client->executor(), [&, s] { client->start(s); });
    context.run();
    EXPECT_TRUE(failed);
    ended.wait();
}

TEST(http_client, an_executor_may_go_before_a_call_has_ended) {
    event asked;
    const scripted_peer peer([&](channel& c) {
        (void)c.read();
        c.write(ok);
        (void)c.read();
        asked.happen();
        c.wait_for_end();
    });
    boost::asio::io_context context;
    net::http_client client(context.get_executor(), options_for(peer));
    const auto start = [&](std::function<void(sent)> told) {
        boost::asio::dispatch(client.executor(),
                              [&client, s = std::make_shared<sending>(get(), std::move(told))] { client.start(s); });
    };
    start([&](const sent&) { start([](const sent&) {}); }); // the second one over a kept connection
    std::thread runner([&] { context.run(); });
    asked.wait();
    context.stop();
    runner.join();
}

// --- Finding the host

TEST(http_client, a_host_may_be_an_ipv6_address) {
    scripted_peer::options o;
    o.address = "::1";
    o.over = transport::tls;
    o.certificate.names = {"IP:::1"};
    const scripted_peer peer(answer_each(ok), o);
    auto options = secure_options_for(peer);
    options.host = "::1";
    const auto s = send(options, get());
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_NE(peer.requests().at(0).head.find("Host: [::1]:" + std::to_string(peer.port())), std::string::npos);
    EXPECT_EQ(peer.requests().at(0).server_name, "") << "an address is no server name";
}

TEST(http_client, a_host_may_be_a_name_of_which_one_address_is_dead) {
    // localhost is ::1 and 127.0.0.1, as a rule; nobody listens at the former.
    const scripted_peer peer(answer_each(ok), secure());
    auto options = secure_options_for(peer);
    options.host = "localhost";
    const auto s = send(options, get());
    ASSERT_TRUE(s.answer) << s.message;
    EXPECT_EQ(peer.requests().at(0).server_name, "localhost");
}

TEST(http_client, a_host_that_is_not_there_is_asked_as_often_as_the_options_say) {
    std::uint16_t port = 0;
    {
        const scripted_peer gone(answer_each(ok));
        port = gone.port();
    }
    net::http_client_options options;
    options.host = "127.0.0.1";
    options.port = port;
    options.retry.base = 1ms;
    const auto s = send(options, post("x"));
    EXPECT_TRUE(s.failed_with(errc::unavailable));
    EXPECT_TRUE(s.says("no connection to the host")) << s.message;
    EXPECT_FALSE(s.says("unknown")) << "nothing was sent";
    EXPECT_EQ(s.tries.size(), 3U);
}

TEST(http_client, a_name_that_does_not_exist_is_said) {
    net::http_client_options options;
    options.host = "no-such-host.invalid";
    options.retry.base = 1ms;
    const auto s = send(options, get());
    EXPECT_TRUE(s.failed_with(errc::unavailable));
    EXPECT_TRUE(s.says("name is not found")) << s.message;
}

TEST(http_client, a_handshake_that_does_not_end_is_given_up) {
    const scripted_peer peer([](channel& c) { c.wait_for_end(); });
    auto options = options_for(peer);
    options.secure = true;
    options.connect = 10ms;
    options.retry.attempts = 2;
    const auto s = send(options, post("x"));
    EXPECT_TRUE(s.failed_with(errc::unavailable));
    EXPECT_EQ(s.message, "no connection to the host in time");
    EXPECT_EQ(s.tries.size(), 2U);
}

} // namespace
} // namespace lineside::test
