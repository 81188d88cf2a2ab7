// What a client says of a call that ended before its answer came: whether it may have had its effect.

#include <lineside/account.hpp>
#include <lineside/client.hpp>

#include "support/scripted_peer.hpp"
#include "wire/json.hpp"

#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace lineside {
namespace {

using namespace std::chrono_literals;
using test::scripted_peer;

client_options options_for(const scripted_peer& peer, const std::string& scheme = "http") {
    client_options o;
    o.base_url = scheme + "://127.0.0.1:" + std::to_string(peer.port());
    o.token = secret("operator-token-of-at-least-32-bytes");
    return o;
}

/// A call, and whether it changes something.
struct known_call {
    const char* name;
    bool writes;
    void (*make)(portal&, const call_options&);
};

const std::vector<known_call>& known_calls() {
    static const std::vector<known_call> all{
        {"keyed", true,
         [](portal& p, const call_options& o) {
             payment_create r;
             r.account = account_id("acme");
             r.total = *parse_money("5.00", "EUR");
             (void)p.async_create_payment(r, o, block);
         }},
        {"idempotent", true,
         [](portal& p, const call_options& o) {
             account_update r;
             r.account = account_id("acme");
             r.name = "Acme";
             (void)p.async_update_account(r, o, block);
         }},
        {"read by GET", false,
         [](portal& p, const call_options& o) { (void)p.async_get_account(account_id("acme"), o, block); }},
        {"read by POST", false,
         [](portal& p, const call_options& o) {
             statistics_query r;
             r.summary.account = account_id("acme");
             (void)p.async_query_statistics(r, o, block);
         }},
    };
    return all;
}

/// How a call failed; nothing: it did not.
struct failed {
    errc code{};
    std::string message;

    [[nodiscard]] bool is_in_doubt() const { return message.find("the outcome is unknown") != std::string::npos; }
};

failed failure_of(const known_call& call, portal& p, const call_options& o = {}) {
    try {
        call.make(p, o);
    } catch (const error& e) {
        return {static_cast<errc>(e.code().value()), e.what()};
    }
    return {};
}

/// Reads a request and answers nothing.
void keep_silent(scripted_peer::channel& c) {
    (void)c.read();
    c.wait_for_end();
}

TEST(client_outcome, of_a_write_whose_deadline_passed_is_unknown_once_it_was_sent) {
    for (const auto& call : known_calls()) {
        // Until the deadline is late enough for the request to be there.
        failed f;
        for (auto most = 5ms;; most *= 2) {
            const scripted_peer peer(keep_silent);
            client c(options_for(peer));
            call_options o;
            o.timeout = most;
            f = failure_of(call, c, o);
            ASSERT_EQ(f.code, errc::timed_out) << call.name << f.message;
            ASSERT_EQ(f.message.find("the deadline passed"), 0U) << f.message;
            if (!peer.requests().empty())
                break;
        }
        EXPECT_EQ(f.is_in_doubt(), call.writes) << call.name << f.message;
    }
}

TEST(client_outcome, of_a_cancelled_write_is_unknown_once_it_was_sent) {
    for (const auto& call : known_calls()) {
        std::stop_source stop;
        const scripted_peer peer([&](scripted_peer::channel& c) {
            (void)c.read();
            stop.request_stop();
            c.wait_for_end();
        });
        client c(options_for(peer));
        call_options o;
        o.stop = stop.get_token();
        const auto f = failure_of(call, c, o);
        EXPECT_EQ(f.code, errc::cancelled) << call.name << f.message;
        EXPECT_EQ(f.is_in_doubt(), call.writes) << call.name << f.message;
    }
}

TEST(client_outcome, of_a_write_whose_client_was_closed_is_unknown_once_it_was_sent) {
    for (const auto& call : known_calls()) {
        std::promise<void> sent;
        const scripted_peer peer([&](scripted_peer::channel& c) {
            (void)c.read();
            sent.set_value();
            c.wait_for_end();
        });
        std::optional<client> c(std::in_place, options_for(peer));
        auto ended = std::async(std::launch::async, [&call, &p = *c] { return failure_of(call, p); });
        sent.get_future().wait();
        c.reset();
        const auto f = ended.get();
        EXPECT_EQ(f.code, errc::unavailable) << call.name << f.message;
        EXPECT_EQ(f.is_in_doubt(), call.writes) << call.name << f.message;
    }
}

TEST(client_outcome, of_a_write_over_a_kept_connection_is_told_likewise) {
    std::string ok;
    account acme;
    acme.id = account_id("acme");
    wire::append_json(ok, acme);
    ok = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(ok.size()) + "\r\n\r\n" + ok;
    enum class end { cancelled, closed, lost };
    for (const auto how : {end::cancelled, end::closed, end::lost}) {
        for (const auto& call : known_calls()) {
            std::stop_source stop;
            std::promise<void> sent;
            const scripted_peer peer([&](scripted_peer::channel& c) {
                if (c.number() > 0)
                    return;
                (void)c.read();
                c.write(ok);
                (void)c.read();
                sent.set_value();
                if (how == end::cancelled)
                    stop.request_stop();
                if (how == end::lost)
                    c.write("HTTP/1.1 200"); // no connection that died aside
                else
                    c.wait_for_end();
            });
            auto options = options_for(peer);
            options.retries.attempts = 1;
            std::optional<client> c(std::in_place, std::move(options));
            EXPECT_EQ(c->async_get_account(acme.id, block).id, acme.id);
            call_options o;
            o.stop = stop.get_token();
            auto ended = std::async(std::launch::async, [&call, &o, &p = *c] { return failure_of(call, p, o); });
            sent.get_future().wait();
            if (how == end::closed)
                c.reset();
            const auto f = ended.get();
            EXPECT_EQ(f.code, how == end::cancelled ? errc::cancelled : errc::unavailable) << call.name << f.message;
            EXPECT_EQ(f.is_in_doubt(), call.writes) << call.name << f.message;
            EXPECT_EQ(peer.requests().size(), 2U);
            EXPECT_EQ(peer.connections(), 1U);
        }
    }
}

TEST(client_outcome, of_a_write_whose_connections_were_lost_is_unknown) {
    for (const auto& call : known_calls()) {
        const scripted_peer peer([](scripted_peer::channel& c) { (void)c.read(); });
        auto options = options_for(peer);
        options.retries.base = 1ms;
        client c(std::move(options));
        const auto f = failure_of(call, c);
        EXPECT_EQ(f.code, errc::unavailable) << call.name << f.message;
        EXPECT_EQ(f.is_in_doubt(), call.writes) << call.name << f.message;
        EXPECT_EQ(peer.requests().size(), 3U) << "each may be repeated";
    }
}

TEST(client_outcome, of_a_write_that_was_never_sent_is_known) {
    for (const auto& call : known_calls()) {
        std::stop_source stop;
        // A peer of plain TCP does not answer the hello of TLS.
        const scripted_peer peer([&](scripted_peer::channel& c) {
            (void)c.read_some();
            stop.request_stop();
            c.wait_for_end();
        });
        client c(options_for(peer, "https"));
        call_options o;
        o.stop = stop.get_token();
        const auto f = failure_of(call, c, o);
        EXPECT_EQ(f.code, errc::cancelled) << call.name << f.message;
        EXPECT_FALSE(f.is_in_doubt()) << call.name << f.message;
    }
}

TEST(client_outcome, of_a_write_that_waits_to_be_repeated_hangs_on_what_its_last_attempt_met) {
    struct meeting {
        const char* answer; ///< empty: the connection is lost
        bool may_have_happened;
    };
    for (const auto& m : {meeting{"", true},
                          {"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n", true},
                          {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", false},
                          {"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", false}}) {
        for (const auto& call : known_calls()) {
            std::stop_source stop;
            const scripted_peer peer([&](scripted_peer::channel& c) {
                if (!c.read() || c.number() > 0)
                    return;
                c.write(m.answer);
                if (*m.answer != '\0')
                    c.wait_for_end();
            });
            auto options = options_for(peer);
            options.retries.base = options.retries.throttled_base = options.retries.cap = 1h;
            options.log = [&](const client_attempt&) { stop.request_stop(); };
            client c(std::move(options));
            call_options o;
            o.stop = stop.get_token();
            const auto f = failure_of(call, c, o);
            EXPECT_EQ(f.code, errc::cancelled) << call.name << f.message;
            EXPECT_EQ(f.is_in_doubt(), call.writes && m.may_have_happened) << call.name << m.answer << f.message;
        }
    }
}

} // namespace
} // namespace lineside
