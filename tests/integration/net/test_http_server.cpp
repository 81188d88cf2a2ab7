// The server over real sockets: what it answers, and how it ends.

#include <lineside/error.hpp>

#include "support/certificate_files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace lineside {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using net::http_exchange;
using net::http_response;
using test::raw_client;
using test::running_server;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(const std::string& body, const std::string& fields = {}) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

// GCC 12 takes no list of initializers within a co_await.
http_response answer_of(unsigned status, std::string body, net::http_fields fields = {}) {
    return {status, std::move(fields), std::move(body)};
}
const net::http_fields one_field{{"X-One", "1"}};
const net::http_fields framing_fields{
    {"Content-Length", "99"}, {"Transfer-Encoding", "chunked"}, {"Date", "never"}, {"Keep-Alive", "timeout=5"}};
const net::http_fields closing_field{{"Connection", "close"}};

awaitable<void> hello(http_exchange& x) { co_await x.respond(answer_of(200, "hello", one_field)); }

awaitable<void> echo(http_exchange& x) {
    auto body = co_await x.read_body(std::size_t{64} << 20U);
    co_await x.respond(answer_of(200, std::move(body)));
}

std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 31 + i / 251);
    return bytes;
}

errc code_of(const error& e) { return static_cast<errc>(e.code().value()); }

} // namespace

// --- Answers

TEST(http_server, an_answer_says_when_and_how_long_but_not_who) {
    running_server server(hello);
    raw_client client(server.port());
    for (int i = 0; i < 3; ++i) {
        client.send(get);
        const auto a = client.read_answer();
        EXPECT_EQ(a.status, 200U);
        EXPECT_EQ(a.body, "hello");
        EXPECT_EQ(a.field("x-one"), "1");
        EXPECT_EQ(a.field("content-length"), "5");
        EXPECT_EQ(a.field("date").size(), std::string("Sun, 06 Nov 1994 08:49:37 GMT").size());
        EXPECT_TRUE(a.field("date").ends_with(" GMT"));
        EXPECT_EQ(a.fields.size(), 3U);
    }
}

TEST(http_server, a_head_request_gets_the_head_alone) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        if (x.request().target == "/") {
            co_await x.respond(answer_of(200, "hello"));
            co_return;
        }
        co_await x.begin({});
        co_await x.write("hello");
        co_await x.finish();
    });
    raw_client client(server.port());
    for (const std::string target : {"/", "/stream", "/"}) {
        client.send("HEAD " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto a = client.read_answer(true);
        EXPECT_EQ(a.status, 200U);
        EXPECT_EQ(a.field("content-length"), target == "/" ? "5" : "");
        EXPECT_EQ(a.field("transfer-encoding"), target == "/" ? "" : "chunked");
    }
}

TEST(http_server, answers_without_a_body_have_no_length) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        co_await x.respond(answer_of(x.request().target == "/204" ? 204 : 304, "not to be seen", one_field));
    });
    raw_client client(server.port());
    for (const std::string status : {"204", "304", "204"}) {
        client.send("GET /" + status + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto a = client.read_answer();
        EXPECT_EQ(std::to_string(a.status), status);
        EXPECT_EQ(a.field("content-length"), "");
        EXPECT_EQ(a.field("x-one"), "1");
    }
}

TEST(http_server, what_frames_an_answer_is_not_the_handlers) {
    running_server server(
        [](http_exchange& x) -> awaitable<void> { co_await x.respond(answer_of(200, "hello", framing_fields)); });
    raw_client client(server.port());
    client.send(get + get);
    for (int i = 0; i < 2; ++i) {
        const auto a = client.read_answer();
        EXPECT_EQ(a.body, "hello");
        EXPECT_EQ(a.field("content-length"), "5");
        EXPECT_NE(a.field("date"), "never");
        EXPECT_EQ(a.fields.size(), 2U);
    }
}

TEST(http_server, an_answer_in_pieces_is_whole_at_its_end) {
    const auto big = pattern(300'000);
    running_server server([&](http_exchange& x) -> awaitable<void> {
        co_await x.begin(answer_of(200, "", one_field));
        co_await x.write("one");
        co_await x.write("");
        co_await x.write("two");
        co_await x.write(big);
        co_await x.finish();
    });
    raw_client client(server.port());
    client.send(get + get);
    for (int i = 0; i < 2; ++i) {
        const auto a = client.read_answer();
        EXPECT_EQ(a.field("x-one"), "1");
        EXPECT_EQ(a.body, "onetwo" + big);
    }
    // HTTP/1.0 knows no chunks.
    raw_client old(server.port());
    old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto a = old.read_answer();
    EXPECT_EQ(a.field("transfer-encoding"), "");
    EXPECT_EQ(a.field("connection"), "close");
    EXPECT_EQ(a.body, "onetwo" + big);
    EXPECT_FALSE(old.was_reset());
}

TEST(http_server, an_answer_that_stops_in_between_is_seen_to_be_none) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        co_await x.begin({});
        co_await x.write("half");
        if (x.request().target == "/throw")
            throw std::runtime_error("a defect of the handler");
    });
    for (const std::string target : {"/", "/throw"}) {
        raw_client client(server.port());
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_THROW((void)client.read_answer(), std::runtime_error);
        raw_client old(server.port());
        old.send("GET " + target + " HTTP/1.0\r\n\r\n");
        (void)old.read_to_end();
        EXPECT_TRUE(old.was_reset());
    }
}

TEST(http_server, a_handler_that_fails_or_is_silent_is_answered_for) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        if (x.request().target == "/throw")
            throw std::runtime_error("a secret");
        if (x.request().target == "/refuse")
            throw net::http_refusal{403, "Not you."};
        co_return;
    });
    for (const std::string target : {"/throw", "/silent", "/refuse"}) {
        raw_client client(server.port());
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n" + get);
        const auto a = client.read_answer();
        EXPECT_EQ(a.status, target == "/refuse" ? 403U : 500U);
        EXPECT_EQ(a.body.find("secret"), std::string::npos);
        EXPECT_EQ(a.field("connection"), "close");
        EXPECT_EQ(client.read_to_end(), "");
    }
}

TEST(http_server, what_is_out_of_turn_fails_and_spoils_nothing) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        int failures = 0;
        const auto fails = [&](awaitable<void> what) -> awaitable<void> {
            try {
                co_await std::move(what);
            } catch (const error& e) {
                failures += code_of(e) == errc::internal ? 1 : 0;
            }
        };
        co_await fails(x.write("early"));
        co_await fails(x.finish());
        co_await x.respond(answer_of(200, "hello"));
        co_await fails(x.respond(answer_of(200, "again")));
        co_await fails(x.begin({}));
        co_await fails(x.write("late"));
        co_await fails(x.finish());
        EXPECT_EQ(failures, 6);
    });
    raw_client client(server.port());
    client.send(get + get);
    EXPECT_EQ(client.read_answer().body, "hello");
    EXPECT_EQ(client.read_answer().body, "hello");
}

TEST(http_server, a_connection_ends_when_either_side_says_so) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        auto answer = answer_of(200, "x");
        if (x.request().target == "/end")
            answer.fields = closing_field;
        co_await x.respond(std::move(answer));
    });
    for (const std::string request :
         {"GET /end HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n",
          "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"}) {
        raw_client client(server.port());
        client.send(request + get);
        const auto a = client.read_answer();
        EXPECT_EQ(a.status, 200U);
        EXPECT_EQ(a.field("connection"), "close");
        EXPECT_EQ(client.read_to_end(), "") << request;
        EXPECT_FALSE(client.was_reset());
    }
}

TEST(http_server, a_handler_knows_whom_it_talks_to) {
    running_server server(
        [](http_exchange& x) -> awaitable<void> {
            EXPECT_FALSE(x.secure());
            EXPECT_EQ(x.client_subject(), "");
            EXPECT_FALSE(x.wants_web_socket());
            const auto size = x.body_size() ? std::to_string(*x.body_size()) : "unknown";
            auto answer = answer_of(200, x.peer_address() + (x.has_body() ? " body " : " none ") + size);
            co_await x.respond(std::move(answer));
        },
        {.host = "::"});
    auto client = raw_client::from("127.0.0.9", server.port());
    client.send(get + post("hi") + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(client.read_answer().body, "127.0.0.9 none 0");
    EXPECT_EQ(client.read_answer().body, "127.0.0.9 body 2");
    EXPECT_EQ(client.read_answer().body, "127.0.0.9 body unknown");
}

// --- Bodies of requests

TEST(http_server, bodies_of_megabytes_come_and_go_whole) {
    const test::certificate_files files;
    const auto body = pattern(5'000'000);
    running_server plain(echo);
    running_server secure(echo, {.tls = net::http_server_tls{files.certificate(), files.key()}});
    raw_client clients[] = {raw_client(plain.port()), raw_client(secure.port(), {.ca_file = files.authority()})};
    for (auto& client : clients) {
        std::thread sender([&] {
            client.send(post(body));
            std::string chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
            for (std::size_t i = 0; i < body.size(); i += 50'000)
                chunks += "c350\r\n" + body.substr(i, 50'000) + "\r\n";
            client.send(chunks + "0\r\n\r\n");
        });
        EXPECT_TRUE(client.read_answer().body == body);
        EXPECT_TRUE(client.read_answer().body == body);
        sender.join();
    }
}

TEST(http_server, a_body_is_asked_for_when_it_is_read) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        if (x.request().target == "/no")
            co_await x.respond(answer_of(401, "no"));
        else
            co_await echo(x);
    });
    const std::string fields = " HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n";
    raw_client client(server.port());
    for (int i = 0; i < 2; ++i) {
        client.send("POST /yes" + fields);
        EXPECT_EQ(client.read(25), "HTTP/1.1 100 Continue\r\n\r\n");
        client.send("hello");
        EXPECT_EQ(client.read_answer().body, "hello");
    }
    // A body that came all the same needs no leave.
    client.send("POST /yes" + fields + "hello");
    EXPECT_EQ(client.read_answer().body, "hello");
    client.send("POST /no" + fields);
    const auto a = client.read_answer();
    EXPECT_EQ(a.status, 401U);
    EXPECT_EQ(a.field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(http_server, a_body_that_is_too_long_is_refused_before_it_comes) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        auto body = co_await x.read_body(10);
        co_await x.respond(answer_of(200, std::move(body)));
    });
    const struct {
        std::string bytes;
        unsigned status;
    } table[] = {
        {post("0123456789"), 200},
        {post("0123456789a"), 413},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n", 200},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n1\r\na\r\n0\r\n\r\n", 413},
    };
    for (const auto& row : table) {
        raw_client client(server.port());
        client.send(row.bytes);
        const auto a = client.read_answer();
        EXPECT_EQ(a.status, row.status) << row.bytes;
        EXPECT_EQ(a.field("connection"), row.status == 200 ? "" : "close");
    }
}

TEST(http_server, a_body_that_nobody_reads_is_skipped_or_ends_the_connection) {
    running_server server(hello);
    raw_client client(server.port());
    client.send(post(pattern(60'000)) + get);
    EXPECT_EQ(client.read_answer().field("connection"), "");
    EXPECT_EQ(client.read_answer().body, "hello");
    client.send(post(pattern(100'000)) + get);
    EXPECT_EQ(client.read_answer().field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(http_server, an_answer_may_begin_while_the_body_still_comes) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        co_await x.begin({});
        std::string buffer(7, '\0');
        while (const auto size = co_await x.read_some(buffer))
            co_await x.write(buffer.substr(0, size));
        co_await x.finish();
    });
    raw_client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(client.read(25), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("5\r\nhello\r\n");
    std::string head;
    while (!head.ends_with("\r\n\r\n"))
        head += client.read(1);
    EXPECT_EQ(client.read(10), "5\r\nhello\r\n");
    client.send("3\r\nyou\r\n");
    EXPECT_EQ(client.read(8), "3\r\nyou\r\n");
    client.send("0\r\n\r\n" + get);
    EXPECT_EQ(client.read(5), "0\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 200U);
}

// --- Clients that leave

TEST(http_server, a_client_that_leaves_is_noticed_where_it_is_waited_for) {
    std::promise<errc> reading;
    std::promise<errc> writing;
    running_server server([&](http_exchange& x) -> awaitable<void> {
        auto& told = x.request().method == "POST" ? reading : writing;
        try {
            if (x.request().method == "POST")
                (void)co_await x.read_body(1'000);
            co_await x.begin({});
            for (const std::string piece(10'000, 'x');;)
                co_await x.write(piece);
        } catch (const error& e) {
            told.set_value(code_of(e));
            throw;
        }
    });
    {
        raw_client client(server.port());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        client.end_sending();
        EXPECT_EQ(reading.get_future().get(), errc::unavailable);
        // It has only closed this direction, and may hear what became of the half.
        EXPECT_TRUE(client.read_to_end().starts_with("HTTP/1.1 500"));
    }
    {
        raw_client client(server.port());
        client.send(get);
        (void)client.read(1'000);
    }
    EXPECT_EQ(writing.get_future().get(), errc::unavailable);
}

TEST(http_server, half_a_request_is_none) {
    std::atomic<int> requests = 0;
    running_server server([&](http_exchange& x) -> awaitable<void> {
        ++requests;
        co_await hello(x);
    });
    for (std::size_t size = 0; size < get.size(); ++size) {
        raw_client client(server.port());
        client.send(get.substr(0, size));
        client.end_sending();
        EXPECT_EQ(client.read_to_end(), "") << size;
    }
    EXPECT_EQ(requests, 0);
    raw_client client(server.port());
    client.send(get);
    client.end_sending();
    EXPECT_EQ(client.read_answer().body, "hello");
}

// --- The end

TEST(http_server, a_drain_ends_idle_connections_and_lets_answers_go_out) {
    std::promise<void> running;
    boost::asio::steady_timer* gate = nullptr;
    running_server server([&](http_exchange& x) -> awaitable<void> {
        boost::asio::steady_timer until(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
        gate = &until;
        running.set_value();
        try {
            co_await until.async_wait(boost::asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            // It was cancelled: go on.
        }
        co_await x.respond(answer_of(200, "late"));
    });
    raw_client busy(server.port());
    busy.send(get + get);
    running.get_future().wait();
    raw_client idle(server.port());
    idle.send("");
    auto stopped = server.stop(1h);
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    boost::asio::post(gate->get_executor(), [&] { gate->cancel(); });
    const auto a = busy.read_answer();
    EXPECT_EQ(a.body, "late");
    EXPECT_EQ(a.field("connection"), "close");
    EXPECT_EQ(busy.read_to_end(), "");
    busy = raw_client(std::move(idle)); // it is gone
    stopped.wait();
    EXPECT_EQ(server.figures().open, 0U);
    EXPECT_THROW(raw_client{server.port()}, std::system_error);
}

TEST(http_server, after_the_grace_what_runs_is_asked_to_stop) {
    std::promise<void> running;
    std::promise<void> asked;
    running_server server([&](http_exchange& x) -> awaitable<void> {
        boost::asio::steady_timer until(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
        const std::stop_callback wake(x.stopping(), [&] { until.cancel(); });
        running.set_value();
        try {
            co_await until.async_wait(boost::asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            EXPECT_TRUE(x.stopping().stop_requested());
            asked.set_value();
        }
    });
    raw_client client(server.port());
    client.send(get);
    running.get_future().wait();
    auto stopped = server.stop(10ms);
    asked.get_future().wait();
    stopped.wait();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(server.figures().open, 0U);
}

TEST(http_server, a_server_without_connections_stops_at_once) {
    running_server server(hello);
    server.stop(1h).wait();
    EXPECT_EQ(server.figures().accepted, 0U);
}

// --- Options

TEST(http_server, an_address_that_cannot_be_had_is_said_at_once) {
    running_server first(hello);
    const auto refused = [&](const std::string& host, std::uint16_t port) {
        try {
            boost::asio::io_context context;
            const net::http_server second(context.get_executor(), {.host = host, .port = port}, hello, {});
            return std::pair(errc(), std::string());
        } catch (const error& e) {
            return std::pair(code_of(e), e.details().field);
        }
    };
    EXPECT_EQ(refused("127.0.0.1", first.port()), std::pair(errc::unavailable, std::string("host")));
    EXPECT_EQ(refused("192.0.2.1", 0), std::pair(errc::invalid_argument, std::string("host")));
    EXPECT_EQ(refused("localhost", 0), std::pair(errc::invalid_argument, std::string("host")));
}

TEST(http_server, many_clients_and_threads_get_their_own_answers) {
    running_server server(echo, {}, 4);
    std::vector<std::thread> clients;
    std::atomic<int> right = 0;
    for (int c = 0; c < 8; ++c)
        clients.emplace_back([&, c] {
            raw_client client(server.port());
            for (int i = 0; i < 100; ++i) {
                const auto body = std::to_string(c) + ':' + std::to_string(i);
                client.send(post(body));
                right += client.read_answer().body == body ? 1 : 0;
            }
        });
    for (auto& c : clients)
        c.join();
    EXPECT_EQ(right, 800);
}

TEST(http_server, one_thread_does_without_strands) {
    running_server server(echo, {.threads = net::http_threads::one});
    raw_client client(server.port());
    client.send(post("hello") + post("you"));
    EXPECT_EQ(client.read_answer().body, "hello");
    EXPECT_EQ(client.read_answer().body, "you");
    server.stop(1h).wait();
}

} // namespace lineside
