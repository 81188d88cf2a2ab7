// Slow, greedy and silent clients over real sockets. Limits are short here; nothing waits for them but on its socket.

#include <lineside/error.hpp>

#include "support/certificate_files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <future>
#include <string>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define LINESIDE_TEST_UBSAN 1
#endif
#endif

namespace lineside {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using net::http_exchange;
using test::raw_client;
using test::running_server;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

awaitable<void> hello(http_exchange& x) { co_await x.respond({200, {}, "hello"}); }

awaitable<void> echo(http_exchange& x) {
    auto body = co_await x.read_body(std::size_t{1} << 20U);
    co_await x.respond({200, {}, std::move(body)});
}

// A byte now and then, until there is an answer.
void trickle(raw_client& client, char byte) {
    while (!client.hears_within(2ms) && client.try_send({&byte, 1})) {
    }
}

// What a process may open, for a test.
class descriptor_limit {
public:
    descriptor_limit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
    descriptor_limit(const descriptor_limit&) = delete;
    descriptor_limit& operator=(const descriptor_limit&) = delete;
    ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

    void set(rlim_t soft) const {
        const rlimit limit{soft, before_.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    [[nodiscard]] rlim_t most() const { return before_.rlim_max; }

private:
    rlimit before_{};
};

} // namespace

TEST(http_server_limits, a_head_that_trickles_in_is_given_up) {
    running_server server(hello, {.limits = {.header = 60ms}});
    raw_client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    trickle(client, 'x');
    const auto a = client.read_answer();
    EXPECT_EQ(a.status, 408U);
    EXPECT_EQ(a.field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(server.figures().bad_requests, 1U);
}

TEST(http_server_limits, a_second_head_that_trickles_in_is_given_up_as_well) {
    running_server server(hello, {.limits = {.header = 60ms}});
    raw_client client(server.port());
    client.send(get + "G");
    EXPECT_EQ(client.read_answer().status, 200U);
    trickle(client, 'E');
    EXPECT_EQ(client.read_answer().status, 408U);
}

TEST(http_server_limits, a_body_that_trickles_in_is_given_up) {
    for (const std::string framing :
         {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"}) {
        running_server server(echo, {.limits = {.body_grace = 60ms, .body_rate = 1'000'000}});
        raw_client client(server.port());
        client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing);
        trickle(client, 'x');
        const auto a = client.read_answer();
        EXPECT_EQ(a.status, 408U);
        EXPECT_EQ(a.field("connection"), "close");
        EXPECT_EQ(client.read_to_end(), "");
    }
}

TEST(http_server_limits, a_body_that_was_paid_for_has_its_time) {
    // Its first bytes allow for hours.
    running_server server(echo, {.limits = {.body_grace = 100ms, .body_rate = 1}});
    raw_client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10300\r\n\r\n" + std::string(10'000, 'x'));
    for (int i = 0; i < 150; ++i) {
        EXPECT_FALSE(client.hears_within(1ms));
        client.send("yy");
    }
    EXPECT_EQ(client.read_answer().status, 200U);
}

TEST(http_server_limits, a_connection_that_says_nothing_ends_without_a_word) {
    running_server server(hello, {.limits = {.idle = 300ms}});
    raw_client fresh(server.port());
    EXPECT_EQ(fresh.read_to_end(), "");
    raw_client used(server.port());
    used.send(get);
    EXPECT_EQ(used.read_answer().status, 200U);
    EXPECT_EQ(used.read_to_end(), "");
    EXPECT_EQ(server.figures().bad_requests, 0U);
}

TEST(http_server_limits, a_client_that_takes_nothing_is_given_up) {
    for (const auto secure : {false, true}) {
        const test::certificate_files files;
        std::promise<errc> told;
        net::http_server_options options{.limits = {.write_stall = 60ms}};
        if (secure)
            options.tls = net::http_server_tls{files.certificate(), files.key()};
        running_server server(
            [&](http_exchange& x) -> awaitable<void> {
                try {
                    co_await x.respond({200, {}, std::string(std::size_t{64} << 20U, 'x')});
                } catch (const error& e) {
                    told.set_value(static_cast<errc>(e.code().value()));
                }
            },
            options);
        auto client = secure ? raw_client(server.port(), {.ca_file = files.authority()}) : raw_client(server.port());
        client.send(get);
        EXPECT_EQ(told.get_future().get(), errc::unavailable);
        EXPECT_LT(client.read_to_end().size(), std::size_t{64} << 20U);
    }
}

TEST(http_server_limits, a_handshake_that_does_not_come_is_given_up) {
    const test::certificate_files files;
    running_server server(
        hello, {.tls = net::http_server_tls{files.certificate(), files.key()}, .limits = {.handshake = 40ms}});
    raw_client silent(server.port());
    EXPECT_EQ(silent.read_to_end(), "");
    raw_client slow(server.port());
    slow.send("\x16\x03\x01");
    trickle(slow, '\x01');
    (void)slow.read_to_end();
    EXPECT_EQ(server.figures().failed_handshakes, 2U);
}

TEST(http_server_limits, heads_have_the_size_that_was_asked_for) {
    running_server server(hello, {.limits = {.header_bytes = 200, .fields = 3, .target_bytes = 20}});
    const auto status = [&](const std::string& request) {
        raw_client client(server.port());
        client.send(request);
        return client.read_answer().status;
    };
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const auto x = 200 - head.size() - 4;
    EXPECT_EQ(status(head + std::string(x, 'x') + "\r\n\r\n"), 200U);
    EXPECT_EQ(status(head + std::string(x + 1, 'x') + "\r\n\r\n"), 431U);
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n\r\n"), 200U);
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nX: 3\r\n\r\n"), 431U);
    EXPECT_EQ(status("GET /" + std::string(19, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 200U);
    EXPECT_EQ(status("GET /" + std::string(20, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414U);
    EXPECT_EQ(status("GET /" + std::string(60, 'x')), 414U);
}

TEST(http_server_limits, a_connection_has_so_many_requests) {
    running_server server(hello, {.limits = {.requests_of_connection = 3}});
    raw_client client(server.port());
    client.send(get + get + get + get);
    EXPECT_EQ(client.read_answer().field("connection"), "");
    EXPECT_EQ(client.read_answer().field("connection"), "");
    EXPECT_EQ(client.read_answer().field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(http_server_limits, a_flood_of_connections_leaves_the_others_alone) {
    running_server server(hello, {.limits = {.connections = 4, .connections_of_address = 2}});
    const auto is_served = [&](raw_client& client) {
        return client.try_send(get) && client.read_to_end().starts_with("HTTP/1.1 200");
    };
    std::vector<raw_client> open;
    for (int i = 0; i < 2; ++i) {
        open.emplace_back(server.port());
        open.back().send(get);
        EXPECT_EQ(open.back().read_answer().status, 200U);
    }
    for (int i = 0; i < 20; ++i) {
        raw_client greedy(server.port());
        EXPECT_FALSE(is_served(greedy));
    }
    for (const auto* address : {"127.0.0.2", "127.0.0.3"}) {
        open.push_back(raw_client::from(address, server.port()));
        open.back().send(get);
        EXPECT_EQ(open.back().read_answer().status, 200U) << address;
    }
    auto late = raw_client::from("127.0.0.4", server.port());
    EXPECT_FALSE(is_served(late));
    EXPECT_EQ(server.figures().refused, 21U);
    EXPECT_EQ(server.figures().open, 4U);
    // A place that was given back is there for somebody else.
    open.pop_back();
    const std::string last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (bool served = false; !served;) {
        auto next = raw_client::from("127.0.0.4", server.port());
        served = next.try_send(last) && next.read_to_end().starts_with("HTTP/1.1 200");
    }
}

TEST(http_server_limits, without_descriptors_a_connection_waits_until_there_are_some) {
#ifdef LINESIDE_TEST_UBSAN
    GTEST_SKIP() << "the sanitizer opens a pipe to look at an object";
#endif
    running_server server(hello);
    const descriptor_limit limit;
    const int next = ::dup(STDIN_FILENO);
    ASSERT_GE(next, 0);
    ::close(next);
    limit.set(static_cast<rlim_t>(next) + 1);
    raw_client client(server.port()); // takes the last one
    client.send(get);
    EXPECT_FALSE(client.hears_within(50ms));
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    EXPECT_FALSE(client.hears_within(150ms));
    rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    // It does not ask again and again in the meantime.
    const auto used =
        (after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1'000'000 +
        after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec;
    EXPECT_LT(used, 75'000) << "microseconds of a processor in 150 ms";
    limit.set(limit.most());
    EXPECT_EQ(client.read_answer().status, 200U);
}

TEST(http_server_limits, ten_thousand_idle_connections_are_small_and_in_nobodys_way) {
    const descriptor_limit limit;
    limit.set(limit.most());
    const auto count = std::min<std::size_t>(10'000, (limit.most() - 200) / 2);
    running_server server(hello, {.limits = {.connections = 20'000, .connections_of_address = 20'000}});
    const auto ask = [&] {
        raw_client client(server.port());
        client.send(get);
        EXPECT_EQ(client.read_answer().status, 200U);
    };
    ask();
    std::vector<int> idle;
    idle.reserve(count);
    const auto before = ::mallinfo2().uordblks;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::size_t i = 0; i < count; ++i) {
        idle.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        ASSERT_GE(idle.back(), 0);
        ASSERT_EQ(::connect(idle.back(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
        // Those who came before have been accepted then.
        if (i % 200 == 199)
            ask();
    }
    ask();
    EXPECT_GE(server.figures().open, count);
    const auto of_each = (::mallinfo2().uordblks - before) / count;
    RecordProperty("connections", std::to_string(count));
    RecordProperty("bytes_of_each", std::to_string(of_each));
    EXPECT_LT(of_each, 6'000U);
    // And they are as good as any.
    for (const std::size_t i : {std::size_t{0}, count / 2, count - 1}) {
        ASSERT_EQ(::send(idle[i], get.data(), get.size(), MSG_NOSIGNAL), static_cast<ssize_t>(get.size()));
        char first[12];
        ASSERT_EQ(::recv(idle[i], first, sizeof first, MSG_WAITALL), 12);
        EXPECT_EQ(std::string_view(first, 12), "HTTP/1.1 200");
    }
    for (const int one : idle)
        ::close(one);
}

} // namespace lineside
