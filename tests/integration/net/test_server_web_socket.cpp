// Web sockets of the server, frame by frame (RFC 6455).

#include <lineside/error.hpp>

#include "support/certificate_files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace lineside {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using net::http_exchange;
using net::socket_close;
using test::raw_client;
using test::running_server;

const std::string handshake = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

enum opcode : unsigned { continuation = 0, text = 1, binary = 2, closing = 8, ping = 9, pong = 10 };
constexpr unsigned fin = 0x80U;

// GCC 12 takes no list of initializers within a co_await.
const net::http_fields subprotocol{{"Sec-WebSocket-Protocol", "lineside.v1"}};

std::string byte(unsigned value) { return std::string(1, static_cast<char>(value)); }

// As a client sends it: masked, with the key of zeros.
std::string frame(unsigned first, const std::string& payload) {
    auto bytes = byte(first);
    if (payload.size() < 126)
        bytes += byte(0x80U | static_cast<unsigned>(payload.size()));
    else if (payload.size() < 65'536)
        bytes += byte(0x80U | 126U) + byte(static_cast<unsigned>(payload.size() >> 8U)) +
                 byte(static_cast<unsigned>(payload.size() & 0xffU));
    else
        bytes += byte(0x80U | 127U) + std::string(4, '\0') + byte(static_cast<unsigned>(payload.size() >> 24U)) +
                 byte(static_cast<unsigned>(payload.size() >> 16U & 0xffU)) +
                 byte(static_cast<unsigned>(payload.size() >> 8U & 0xffU)) +
                 byte(static_cast<unsigned>(payload.size() & 0xffU));
    return bytes + std::string(4, '\0') + payload;
}

std::string close_frame(unsigned code, const std::string& reason = {}) {
    return frame(fin | closing, byte(code >> 8U) + byte(code & 0xffU) + reason);
}

struct received_frame {
    unsigned first = 0;
    std::string payload;

    [[nodiscard]] bool closes_with(socket_close why) const {
        const auto code = static_cast<unsigned>(why);
        return first == (fin | closing) && payload.starts_with(byte(code >> 8U) + byte(code & 0xffU));
    }
};

received_frame read_frame(raw_client& client) {
    received_frame f;
    const auto head = client.read(2);
    f.first = static_cast<unsigned char>(head[0]);
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
        const auto more = client.read(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : more)
            size = size << 8U | static_cast<unsigned char>(c);
    }
    f.payload = client.read(size);
    return f;
}

std::string read_head(raw_client& client) {
    std::string head;
    while (!head.ends_with("\r\n\r\n"))
        head += client.read(1);
    return head;
}

// How a socket came to its end, as the handler saw it.
struct seen_end {
    errc code{};
    std::string what{};
    unsigned close_code = 0;
    std::string reason{};
};

// Echoes until it fails.
class echo_server {
public:
    explicit echo_server(net::http_server_options options = {})
        : server_([this](http_exchange& x) { return echo(x); }, std::move(options)) {}

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    [[nodiscard]] running_server& server() { return server_; }
    [[nodiscard]] seen_end end() { return end_.get_future().get(); }

    [[nodiscard]] raw_client open() const {
        raw_client client(server_.port());
        client.send(handshake + "\r\n");
        EXPECT_TRUE(read_head(client).starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
        return client;
    }

private:
    awaitable<void> echo(http_exchange& x) {
        EXPECT_TRUE(x.wants_web_socket());
        const auto socket = co_await x.upgrade(subprotocol);
        if (!socket)
            co_return;
        try {
            for (;;)
                co_await socket->write(co_await socket->read());
        } catch (const error& e) {
            end_.set_value(
                {static_cast<errc>(e.code().value()), e.what(), socket->close_code(), socket->close_reason()});
        }
    }

    std::promise<seen_end> end_;
    running_server server_;
};

} // namespace

TEST(server_web_socket, a_handshake_is_answered_as_the_standard_says_and_no_more) {
    echo_server server;
    raw_client client(server.port());
    client.send(handshake +
                "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: other, lineside.v1\r\n\r\n");
    const auto head = read_head(client);
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << head;
    EXPECT_NE(head.find("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nSec-WebSocket-Protocol: lineside.v1\r\n"), std::string::npos) << head;
    EXPECT_EQ(head.find("Sec-WebSocket-Extensions"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nConnection: Upgrade\r\n"), std::string::npos) << head;
    EXPECT_EQ(head.find("Server"), std::string::npos) << head;
}

TEST(server_web_socket, messages_come_and_go_whole_over_plain_and_secure_connections) {
    const test::certificate_files files;
    echo_server plain;
    echo_server secure({.tls = net::http_server_tls{files.certificate(), files.key()}});
    raw_client clients[] = {plain.open(), raw_client(secure.port(), {.ca_file = files.authority()})};
    clients[1].send(handshake + "\r\n");
    (void)read_head(clients[1]);
    for (auto& client : clients) {
        for (const auto& message : {std::string("hello"), std::string(), std::string("\xe2\x82\xac"),
                                    std::string(1'000, 'x'), std::string(65'536, 'y')}) {
            client.send(frame(fin | text, message));
            const auto answer = read_frame(client);
            EXPECT_EQ(answer.first, fin | text);
            EXPECT_TRUE(answer.payload == message);
        }
        // In pieces, cut through a character, with a ping in between.
        client.send(frame(text, "a\xe2") + frame(continuation, "\x82") + frame(fin | ping, "there?") +
                    frame(continuation, "") + frame(fin | continuation, "\xac!"));
        const auto answer = read_frame(client);
        EXPECT_EQ(answer.first, fin | pong);
        EXPECT_EQ(answer.payload, "there?");
        EXPECT_EQ(read_frame(client).payload, "a\xe2\x82\xac!");
    }
}

TEST(server_web_socket, a_handshake_that_is_wrong_is_told_so) {
    const struct {
        const char* what;
        std::string from;
        std::string to;
        unsigned status;
    } table[] = {
        {"no version", "Sec-WebSocket-Version: 13\r\n", "", 426},
        {"an old version", "Version: 13", "Version: 8", 426},
        {"two versions", "Version: 13\r\n", "Version: 13\r\nSec-WebSocket-Version: 13\r\n", 426},
        {"no key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400},
        {"a short key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", 400},
        {"a key that is none", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBs*SBub25jZQ==", 400},
        {"a body", "Host: a\r\n", "Host: a\r\nContent-Length: 1\r\n", 400},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(row.what);
        running_server server([](http_exchange& x) -> awaitable<void> {
            EXPECT_EQ(co_await x.upgrade({}), nullptr);
            EXPECT_TRUE(x.answered());
        });
        raw_client client(server.port());
        auto bytes = handshake + "\r\n";
        bytes.replace(bytes.find(row.from), row.from.size(), row.to);
        client.send(bytes);
        const auto answer = client.read_answer();
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.field("connection"), "close");
        EXPECT_EQ(answer.field("sec-websocket-version"), row.status == 426 ? "13" : "");
        EXPECT_EQ(client.read_to_end(), "");
    }
}

TEST(server_web_socket, who_asks_for_something_else_is_told_what_there_is) {
    running_server server([](http_exchange& x) -> awaitable<void> {
        EXPECT_FALSE(x.wants_web_socket());
        EXPECT_EQ(co_await x.upgrade({}), nullptr);
    });
    for (const std::string request :
         {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"}) {
        raw_client client(server.port());
        client.send(request);
        const auto answer = client.read_answer();
        EXPECT_EQ(answer.status, 426U) << request;
        EXPECT_EQ(answer.field("upgrade"), "websocket");
    }
}

TEST(server_web_socket, data_in_front_of_the_answer_is_refused) {
    running_server server([](http_exchange& x) -> awaitable<void> { EXPECT_EQ(co_await x.upgrade({}), nullptr); });
    raw_client client(server.port());
    client.send(handshake + "\r\n" + frame(fin | text, "early"));
    EXPECT_EQ(client.read_answer().status, 400U);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(server_web_socket, garbage_ends_it_and_is_named) {
    const std::string long_payload(126, 'x');
    const struct {
        const char* what;
        std::string bytes;
        unsigned close;
    } table[] = {
        {"a frame without a mask", byte(fin | text) + byte(2) + "hi", 1002},
        {"a reserved bit", frame(fin | 0x40U | text, "hi"), 1002},
        {"another reserved bit", frame(fin | 0x10U | text, "hi"), 1002},
        {"a reserved kind", frame(fin | 3U, "hi"), 1002},
        {"a reserved kind of control", frame(fin | 11U, "hi"), 1002},
        {"a long ping",
         byte(fin | ping) + byte(0x80U | 126U) + byte(0) + byte(126) + std::string(4, '\0') + long_payload, 1002},
        {"half a ping", frame(ping, "hi"), 1002},
        {"a continuation of nothing", frame(fin | continuation, "hi"), 1002},
        {"a message within a message", frame(text, "hi") + frame(fin | text, "ho"), 1002},
        {"a length that takes more bytes than it needs",
         byte(fin | text) + byte(0x80U | 126U) + byte(0) + byte(2) + std::string(4, '\0') + "hi", 1002},
        {"a huge length", byte(fin | text) + byte(0x80U | 127U) + std::string(8, '\x7f') + std::string(4, '\0'), 1009},
        {"a message that is too long", frame(fin | text, std::string(65'537, 'x')), 1009},
        {"pieces that are too long together",
         frame(text, std::string(40'000, 'x')) + frame(fin | continuation, std::string(40'000, 'x')), 1009},
        {"bytes that are no UTF-8", frame(fin | text, "\xff"), 1007},
        {"half a character", frame(fin | text, "\xe2\x82"), 1007},
        {"a surrogate", frame(fin | text, "\xed\xa0\x80"), 1007},
        {"a binary message", frame(fin | binary, "hi"), 1003},
        {"a close of one byte", frame(fin | closing, "x"), 1002},
        {"a close with a code that is none", close_frame(1005), 1002},
        {"a close with a reason that is no UTF-8", close_frame(1000, "\xff"), 1002},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(row.what);
        echo_server server;
        auto client = server.open();
        client.send(row.bytes);
        const auto answer = read_frame(client);
        EXPECT_EQ(answer.first, fin | closing);
        EXPECT_TRUE(answer.closes_with(static_cast<socket_close>(row.close))) << testing::PrintToString(answer.payload);
        client.end_sending();
        EXPECT_EQ(client.read_to_end(), "");
        const auto end = server.end();
        EXPECT_EQ(end.code, errc::protocol) << end.what;
        EXPECT_FALSE(end.what.empty());
    }
}

TEST(server_web_socket, a_flood_of_empty_pieces_is_one_message) {
    echo_server server;
    auto client = server.open();
    std::string flood = frame(text, "a");
    for (int i = 0; i < 20'000; ++i)
        flood += frame(continuation, "");
    client.send(flood + frame(fin | continuation, "b"));
    EXPECT_EQ(read_frame(client).payload, "ab");
}

TEST(server_web_socket, a_goodbye_is_answered_and_passed_on) {
    echo_server server;
    auto client = server.open();
    client.send(close_frame(4001, "enough"));
    EXPECT_TRUE(read_frame(client).closes_with(static_cast<socket_close>(4001)));
    EXPECT_EQ(client.read_to_end(), "");
    const auto end = server.end();
    EXPECT_EQ(end.code, errc::unavailable);
    EXPECT_EQ(end.close_code, 4001U);
    EXPECT_EQ(end.reason, "enough");
}

TEST(server_web_socket, a_peer_that_is_gone_is_unavailable) {
    echo_server server;
    {
        auto client = server.open();
        client.send(frame(text, "half"));
    }
    EXPECT_EQ(server.end().code, errc::unavailable);
}

TEST(server_web_socket, a_peer_that_answers_pings_stays_and_a_silent_one_goes) {
    echo_server server({.limits = {.socket_idle = 300ms}});
    auto client = server.open();
    // A ping every third: these take far longer than the limit.
    for (int i = 0; i < 9; ++i) {
        const auto asked = read_frame(client);
        EXPECT_EQ(asked.first, fin | ping);
        client.send(frame(fin | pong, asked.payload));
    }
    client.send(frame(fin | text, "still here"));
    auto next = read_frame(client);
    while (next.first == (fin | ping))
        next = read_frame(client);
    EXPECT_EQ(next.payload, "still here");
    const auto end = server.end();
    EXPECT_EQ(end.code, errc::unavailable);
    EXPECT_EQ(end.what, "the peer is silent");
    (void)client.read_to_end();
}

TEST(server_web_socket, a_peer_whose_pings_come_is_not_silent) {
    echo_server server({.limits = {.socket_idle = 300ms}});
    auto client = server.open();
    unsigned pongs = 0;
    for (int i = 0; i < 200; ++i) {
        client.send(frame(fin | ping, "x"));
        while (client.hears_within(3ms))
            pongs += read_frame(client).first == (fin | pong) ? 1 : 0;
    }
    client.send(frame(fin | text, "still here"));
    for (auto next = read_frame(client); next.first != (fin | text); next = read_frame(client))
        pongs += next.first == (fin | pong) ? 1 : 0;
    EXPECT_EQ(pongs, 200U);
}

TEST(server_web_socket, a_peer_that_takes_nothing_is_given_up) {
    std::promise<std::string> told;
    running_server server(
        [&](http_exchange& x) -> awaitable<void> {
            const auto socket = co_await x.upgrade({});
            try {
                for (const std::string message(60'000, 'x');;)
                    co_await socket->write(message);
            } catch (const error& e) {
                EXPECT_EQ(e.code(), errc::unavailable);
                told.set_value(e.what());
            }
        },
        {.limits = {.write_stall = 60ms, .socket_idle = 90ms}});
    raw_client client(server.port());
    client.send(handshake + "\r\n");
    EXPECT_EQ(told.get_future().get(), "the peer takes nothing");
    (void)client.read_to_end();
}

TEST(server_web_socket, the_server_says_goodbye_and_does_not_wait_for_ever) {
    running_server server(
        [](http_exchange& x) -> awaitable<void> {
            const auto socket = co_await x.upgrade({});
            co_await socket->close(socket_close::going_away, "to bed");
            EXPECT_THROW((void)co_await socket->read(), error);
            EXPECT_THROW(co_await socket->write("late"), error);
            co_await socket->close(socket_close::normal, "");
        },
        {.limits = {.socket_idle = 60ms}});
    for (const bool answers : {true, false}) {
        raw_client client(server.port());
        client.send(handshake + "\r\n");
        (void)read_head(client);
        const auto goodbye = read_frame(client);
        EXPECT_TRUE(goodbye.closes_with(socket_close::going_away));
        EXPECT_EQ(goodbye.payload.substr(2), "to bed");
        if (answers)
            client.send(close_frame(1001));
        EXPECT_EQ(client.read_to_end(), "");
    }
    server.stop(1h).wait();
}

TEST(server_web_socket, it_may_outlive_its_handler_and_ends_with_the_server) {
    std::promise<std::unique_ptr<net::web_socket>> kept;
    running_server server([&](http_exchange& x) -> awaitable<void> { kept.set_value(co_await x.upgrade({})); });
    raw_client client(server.port());
    client.send(handshake + "\r\n");
    (void)read_head(client);
    auto socket = kept.get_future().get();
    ASSERT_NE(socket, nullptr);
    EXPECT_EQ(server.figures().open, 1U);
    auto stopped = server.stop(5ms);
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    server.run_there([&] { socket.reset(); });
    stopped.wait();
    EXPECT_EQ(server.figures().open, 0U);
}

} // namespace lineside
