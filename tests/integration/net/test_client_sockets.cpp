// Web sockets from a client to a server of ours, and to those that open none.

#include "integration/net/client_test.hpp"
#include "support/running_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace lineside::test {
namespace {

using namespace std::chrono_literals;

net::http_client_options options_at(std::uint16_t port) {
    net::http_client_options o;
    o.host = "127.0.0.1";
    o.port = port;
    o.secure = false;
    return o;
}

TEST(http_client_sockets, text_goes_both_ways_and_a_goodbye_says_why) {
    const test::running_server server([](net::http_exchange& e) -> boost::asio::awaitable<void> {
        EXPECT_EQ(e.request().target, "/v1/live");
        EXPECT_EQ(e.request().fields["Authorization"], "Bearer x");
        const auto socket = co_await e.upgrade({});
        const auto heard = co_await socket->read();
        co_await socket->write(heard + " too");
        co_await socket->close(net::socket_close::unauthorized, "signed out");
    });
    running_client running(options_at(server.port()));
    net::http_call call;
    call.target = "/v1/live";
    call.fields = {{"Authorization", "Bearer x"}};
    std::string heard;
    std::uint16_t code = 0;
    const auto talk = [&]() -> boost::asio::awaitable<void> {
        net::http_response refused;
        const auto socket = co_await running.client().open(call, refused);
        co_await socket->write("me");
        heard = co_await socket->read();
        try {
            (void)co_await socket->read();
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::unavailable);
        }
        code = socket->close_code();
    };
    boost::asio::co_spawn(running.client().executor(), talk(), [](const std::exception_ptr& e) { EXPECT_FALSE(e); });
    running.run();
    EXPECT_EQ(heard, "me too");
    EXPECT_EQ(code, 3000);
}

TEST(http_client_sockets, an_answer_that_opens_none_is_given_back_and_a_broken_one_is_an_error) {
    struct row {
        std::string bytes;
        unsigned status;
        errc code;
    };
    for (const auto& r : std::vector<row>{
             {"HTTP/1.1 401 Unauthorized\r\nX-Why: old\r\nContent-Length: 2\r\n\r\nno", 401, {}},
             {"HTTP/1.1 10", 0, errc::protocol},
             {"220 mail.example.com ESMTP\r\n", 0, errc::protocol},
         }) {
        const scripted_peer peer([&](scripted_peer::channel& c) {
            (void)c.read();
            c.write(r.bytes);
        });
        running_client running(options_for(peer));
        const net::http_call call;
        net::http_response refused;
        refused.status = 0;
        errc code{};
        const auto open = [&]() -> boost::asio::awaitable<void> {
            try {
                const auto socket = co_await running.client().open(call, refused);
                EXPECT_EQ(socket, nullptr);
            } catch (const error& e) {
                code = static_cast<errc>(e.code().value());
            }
        };
        boost::asio::co_spawn(running.client().executor(), open(),
                              [](const std::exception_ptr& e) { EXPECT_FALSE(e); });
        running.run();
        EXPECT_EQ(code, r.code) << r.bytes;
        EXPECT_EQ(refused.status, r.status) << r.bytes;
        if (r.status != 0) {
            EXPECT_EQ(refused.body, "no");
            EXPECT_EQ(refused.fields["X-Why"], "old");
        }
    }
}

TEST(http_client_sockets, opening_one_can_be_cancelled_and_is_given_up_when_the_host_keeps_silent) {
    for (const bool cancel : {true, false}) {
        std::optional<boost::asio::cancellation_signal> signal(std::in_place);
        running_client* client = nullptr;
        const scripted_peer peer([&](scripted_peer::channel& c) {
            (void)c.read();
            if (cancel)
                client->run_there([&] { signal->emit(boost::asio::cancellation_type::terminal); });
            c.wait_for_end();
        });
        auto options = options_for(peer);
        if (!cancel)
            options.stall = 10ms;
        running_client running(options);
        client = &running;
        const net::http_call call;
        net::http_response refused;
        boost::system::error_code code;
        boost::asio::co_spawn(
            running.client().executor(), running.client().open(call, refused),
            boost::asio::bind_cancellation_slot(
                signal->slot(), [&](const std::exception_ptr& e, const std::unique_ptr<net::web_socket>&) {
                    try {
                        if (e)
                            std::rethrow_exception(e);
                    } catch (const boost::system::system_error& x) {
                        code = x.code();
                    }
                }));
        running.run();
        signal.reset(); // what it calls has the client's executor
        if (cancel)
            EXPECT_EQ(code, boost::asio::error::operation_aborted);
        else
            EXPECT_EQ(code, errc::timed_out);
    }
}

} // namespace
} // namespace lineside::test
