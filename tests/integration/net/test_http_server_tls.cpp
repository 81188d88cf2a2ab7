// The server's TLS: with whom it speaks, as whom, and what it does with those who speak something else.

#include <lineside/error.hpp>

#include "support/certificate_files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <fstream>
#include <future>
#include <string>

namespace lineside {
namespace {

using boost::asio::awaitable;
using net::http_exchange;
using test::certificate_files;
using test::raw_client;
using test::raw_tls;
using test::running_server;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

awaitable<void> say_who(http_exchange& x) {
    EXPECT_TRUE(x.secure());
    co_await x.respond({200, {}, x.client_subject()});
}

net::http_server_options with(const certificate_files& files) {
    return {.tls = net::http_server_tls{files.certificate(), files.key()}};
}

bool is_served(std::uint16_t port, const raw_tls& tls) {
    try {
        raw_client client(port, tls);
        client.send(get);
        return client.read_answer().status == 200;
    } catch (const std::runtime_error&) {
        return false;
    }
}

} // namespace

TEST(http_server_tls, new_versions_are_spoken_and_old_ones_are_not) {
    const certificate_files files;
    running_server server(say_who, with(files));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        raw_client client(server.port(), {.ca_file = files.authority(), .newest = version});
        client.send(get);
        EXPECT_EQ(client.read_answer().status, 200U);
        EXPECT_EQ(client.tls_version(), version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
    }
    EXPECT_FALSE(is_served(server.port(), {.newest = TLS1_1_VERSION}));
    EXPECT_FALSE(is_served(server.port(), {.newest = TLS1_VERSION}));
    server.stop(std::chrono::hours(1)).wait(); // it counts after it has said no
    EXPECT_EQ(server.figures().failed_handshakes, 2U);
}

TEST(http_server_tls, only_ciphers_with_forward_secrecy_and_authentication_are_spoken) {
    const certificate_files files;
    running_server server(say_who, with(files));
    EXPECT_TRUE(is_served(server.port(), {.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256", .newest = TLS1_2_VERSION}));
    EXPECT_FALSE(is_served(server.port(), {.ciphers = "ECDHE-ECDSA-AES128-SHA", .newest = TLS1_2_VERSION}));
    EXPECT_FALSE(is_served(server.port(), {.ciphers = "ECDHE-ECDSA-AES128-SHA256", .newest = TLS1_2_VERSION}));
}

TEST(http_server_tls, plain_http_gets_no_answer_there) {
    const certificate_files files;
    running_server server(say_who, with(files));
    raw_client client(server.port());
    client.send(get);
    EXPECT_EQ(client.read_to_end().find("HTTP"), std::string::npos);
    EXPECT_EQ(server.figures().failed_handshakes, 1U);
    EXPECT_TRUE(is_served(server.port(), {.ca_file = files.authority()}));
}

TEST(http_server_tls, http_1_1_is_agreed_upon_and_nothing_else_is) {
    const certificate_files files;
    running_server server(say_who, with(files));
    raw_client both(server.port(), {.protocols = "\x02h2\x08http/1.1"});
    EXPECT_EQ(both.protocol(), "http/1.1");
    EXPECT_FALSE(is_served(server.port(), {.protocols = "\x02h2"}));
    EXPECT_TRUE(is_served(server.port(), {}));
}

TEST(http_server_tls, clients_show_a_certificate_where_one_is_asked_for) {
    const certificate_files files;
    const certificate_files ours({.names = {}, .subject = "exchange, east"});
    const certificate_files stranger({.names = {}, .subject = "exchange, east"});
    auto options = with(files);
    options.tls->client_ca_file = ours.authority();
    running_server server(say_who, options);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        raw_client client(server.port(), {.ca_file = files.authority(),
                                          .certificate_file = ours.certificate(),
                                          .key_file = ours.key(),
                                          .newest = version});
        client.send(get);
        EXPECT_EQ(client.read_answer().body, "CN=exchange\\, east");
        EXPECT_FALSE(is_served(server.port(), {.newest = version}));
        EXPECT_FALSE(
            is_served(server.port(),
                      {.certificate_file = stranger.certificate(), .key_file = stranger.key(), .newest = version}));
    }
    const certificate_files expired({.names = {}, .from_days = -2, .to_days = -1});
    options.tls->client_ca_file = expired.authority();
    running_server other(say_who, options);
    EXPECT_FALSE(is_served(other.port(), {.certificate_file = expired.certificate(), .key_file = expired.key()}));
}

TEST(http_server_tls, a_certificate_is_renewed_for_those_who_come_after) {
    const certificate_files files({.subject = "first"});
    running_server server(say_who, with(files));
    raw_client before(server.port(), {.ca_file = files.authority()});
    EXPECT_EQ(before.peer_subject(), "/CN=first");

    files.renew({.subject = "second"});
    EXPECT_EQ(raw_client(server.port(), raw_tls{}).peer_subject(), "/CN=first");
    server.server().reload_certificate();
    EXPECT_EQ(raw_client(server.port(), {.ca_file = files.authority()}).peer_subject(), "/CN=second");
    before.send(get);
    EXPECT_EQ(before.read_answer().status, 200U);
}

TEST(http_server_tls, files_that_are_not_right_are_named_and_change_nothing) {
    const certificate_files files;
    const certificate_files others;
    const certificate_files broken;
    std::ofstream(broken.certificate()) << "no certificate";
    const auto refused = [&](const net::http_server_tls& tls) {
        try {
            boost::asio::io_context context;
            const net::http_server server(context.get_executor(), {.tls = tls}, say_who, {});
            return std::string("accepted");
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument);
            return e.details().field;
        }
    };
    EXPECT_EQ(refused({broken.certificate(), broken.key()}), "certificate_file");
    EXPECT_EQ(refused({"/nonexistent.pem", files.key()}), "certificate_file");
    EXPECT_EQ(refused({files.certificate(), "/nonexistent.pem"}), "key_file");
    EXPECT_EQ(refused({files.certificate(), files.certificate()}), "key_file");
    EXPECT_EQ(refused({files.certificate(), others.key()}), "key_file");
    EXPECT_EQ(refused({files.certificate(), files.key(), broken.certificate()}), "client_ca_file");
    EXPECT_EQ(refused({files.certificate(), files.key(), "/nonexistent.pem"}), "client_ca_file");

    running_server server(say_who, with(files));
    std::ofstream(files.key()) << "no key";
    EXPECT_THROW(server.server().reload_certificate(), error);
    EXPECT_TRUE(is_served(server.port(), {.ca_file = files.authority()}));
}

TEST(http_server_tls, a_body_that_is_cut_off_is_no_body) {
    const certificate_files files;
    std::promise<errc> told;
    running_server server(
        [&](http_exchange& x) -> awaitable<void> {
            try {
                (void)co_await x.read_body(1'000);
                told.set_value(errc());
            } catch (const error& e) {
                told.set_value(static_cast<errc>(e.code().value()));
                throw;
            }
        },
        with(files));
    {
        raw_client client(server.port(), {.ca_file = files.authority()});
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    }
    EXPECT_EQ(told.get_future().get(), errc::unavailable);
}

TEST(http_server_tls, a_connection_is_ended_with_the_word_for_it) {
    const certificate_files files;
    running_server server(say_who, with(files));
    raw_client client(server.port(), {.ca_file = files.authority()});
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_FALSE(client.was_reset()); // which an end without close_notify is
}

} // namespace lineside
