#pragma once

// Private to src/net: what server and client share. Everybody else knows web_socket.hpp.

#include <lineside/error.hpp>

#include "net/exact_allocator.hpp"
#include "net/web_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace lineside::net {

struct web_socket_limits {
    std::size_t message_bytes = 0;
    std::chrono::milliseconds idle{}; ///< a peer that is silent for so long is given up; pinged every third of it
    std::chrono::milliseconds write_stall{}; ///< without a message taken
};

/// Compression is out: a message of few bytes would be one of many.
template <class Stream>
using web_socket_layer = boost::beast::websocket::stream<Stream&, false>;

/// What holds for a layer from before its handshake. Beast's own timers are off: it does not take a peer's pings for
/// signs of life, nor watch its own goodbye.
template <class Stream>
void prepare_web_socket(web_socket_layer<Stream>& layer, const web_socket_limits& limits) {
    namespace websocket = boost::beast::websocket;
    layer.set_option(
        websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
    layer.read_message_max(limits.message_bytes);
    layer.auto_fragment(false);
    layer.text(true);
}

/// A web socket over a layer whose handshake is done. `owner` owns the stream below and is kept as long as anything of
/// the web socket is. Lives on the stream's executor.
template <class Stream>
class web_socket_stream final : public web_socket {
public:
    using layer_type = web_socket_layer<Stream>;

    web_socket_stream(layer_type layer, std::shared_ptr<void> owner, const web_socket_limits& limits)
        : state_(std::make_shared<state>(std::move(layer), std::move(owner), limits)) {
        state_->watch();
    }
    web_socket_stream(const web_socket_stream&) = delete;
    web_socket_stream& operator=(const web_socket_stream&) = delete;
    ~web_socket_stream() override { state_->let_go(); }

    boost::asio::awaitable<std::string> read() override {
        const auto s = state_;
        s->must_be_open();
        std::string message;
        auto buffer = boost::asio::dynamic_buffer(message);
        const during<&state::reading_since> pending(*s);
        do {
            // While nothing comes there is little room for it; then as much as the frame says.
            const auto room = message.empty() ? first_room : 0;
            const auto [ec, size] =
                co_await s->layer.async_read_some(buffer, room, boost::asio::as_tuple(boost::asio::deferred));
            s->heard = clock::now();
            if (ec)
                s->fail_read(ec);
            if (!s->layer.got_text()) {
                co_await say_goodbye(s, socket_close::unsupported, "text only");
                fail(errc::protocol, "the peer sent a message that is not text");
            }
        } while (!s->layer.is_message_done());
        co_return message;
    }

    boost::asio::awaitable<void> write(std::string_view text) override {
        const auto s = state_;
        s->must_be_open();
        const during<&state::writing_since> pending(*s);
        const auto [ec, size] =
            co_await s->layer.async_write(boost::asio::buffer(text), boost::asio::as_tuple(boost::asio::deferred));
        if (ec) {
            s->let_go();
            fail(errc::unavailable, s->why_lost("the web socket is closed"), ec);
        }
    }

    boost::asio::awaitable<void> close(socket_close why, std::string_view reason) override {
        return say_goodbye(state_, why, reason);
    }

    [[nodiscard]] std::uint16_t close_code() const override { return state_->layer.reason().code; }
    [[nodiscard]] std::string close_reason() const override {
        const auto& words = state_->layer.reason().reason;
        return {words.data(), words.size()};
    }
    void abandon() noexcept override { state_->let_go(); }

private:
    using clock = std::chrono::steady_clock;

    static constexpr auto goodbye = std::chrono::seconds(2);
    static constexpr std::size_t most_reason_bytes = 123; // RFC 6455 5.5
    static constexpr std::size_t first_room = 15;         // of a message: a string holds as much without a block

    [[noreturn]] static void fail(errc e, std::string message, error_code cause = {}) {
        throw error(make_error_code(e), diagnostics{std::move(message), {}, {}, 0, cause});
    }

    // Shared with what is under way below, which may end after the web socket.
    struct state : std::enable_shared_from_this<state> {
        state(layer_type l, std::shared_ptr<void> o, const web_socket_limits& most)
            : limits(most),
              owner(std::move(o)),
              layer(std::move(l)),
              timer(layer.get_executor()) {
            layer.control_callback([this](boost::beast::websocket::frame_type kind, auto) {
                heard = clock::now();
                // Beast waits for the end of the connection, then.
                if (kind == boost::beast::websocket::frame_type::close && !gone) {
                    leaving_since = heard;
                    watch();
                }
            });
        }

        void must_be_open() const {
            if (gone)
                fail(errc::unavailable, why_lost("the web socket is closed"));
        }

        [[nodiscard]] std::string why_lost(const char* otherwise) const { return lost != nullptr ? lost : otherwise; }

        [[noreturn]] void fail_read(error_code ec) {
            namespace websocket = boost::beast::websocket;
            let_go();
            if (ec == websocket::error::message_too_big)
                fail(errc::protocol,
                     "the peer sent a message of more than " + std::to_string(limits.message_bytes) + " bytes", ec);
            if (ec == websocket::error::closed)
                fail(errc::unavailable, "the peer closed the web socket", ec);
            if (ec == websocket::condition::protocol_violation)
                fail(errc::protocol, "the peer broke the protocol of web sockets: " + ec.message(), ec);
            fail(errc::unavailable, why_lost("the web socket is closed"), ec);
        }

        // Wakes when there may be something to do, as long as the web socket is open.
        void watch() {
            const auto third = std::max<clock::duration>(limits.idle / 3, std::chrono::milliseconds(1));
            const auto now = clock::now();
            auto next = now + third;
            if (leaving_since) {
                const auto until = *leaving_since + std::min<clock::duration>(goodbye, limits.idle);
                if (now >= until)
                    return lose("the peer said goodbye and does not go");
                next = until;
            }
            if (writing_since) {
                if (now - *writing_since >= limits.write_stall)
                    return lose("the peer takes nothing");
                next = std::min(next, *writing_since + limits.write_stall);
            }
            if (reading_since) {
                const auto alive = std::max(heard, *reading_since);
                if (now - alive >= limits.idle)
                    return lose("the peer is silent");
                if (now - alive >= third)
                    ping();
                next = std::min(next, now - alive >= third ? alive + limits.idle : alive + third);
            }
            timer.expires_at(next);
            timer.async_wait(
                boost::asio::bind_allocator(exact_allocator<>(), [self = this->shared_from_this()](error_code ec) {
                    if (!ec && !self->gone)
                        self->watch();
                }));
        }

        void ping() {
            if (std::exchange(pinging, true))
                return;
            layer.async_ping({}, [self = this->shared_from_this()](error_code) { self->pinging = false; });
        }

        void lose(const char* why) {
            lost = why;
            let_go();
        }

        void let_go() noexcept {
            if (std::exchange(gone, true))
                return;
            error_code ignored;
            timer.cancel(ignored);
            boost::beast::get_lowest_layer(layer).close(ignored);
        }

        const web_socket_limits limits;
        const std::shared_ptr<void> owner; // of what the layer lies on: outlives it
        layer_type layer;
        boost::asio::steady_timer timer;
        clock::time_point heard = clock::now();
        std::optional<clock::time_point> reading_since;
        std::optional<clock::time_point> writing_since;
        std::optional<clock::time_point> leaving_since; // the peer said goodbye
        bool pinging = false;
        bool gone = false;
        bool leaving = false;       // a goodbye is being said: a second one would be out of turn
        const char* lost = nullptr; // why it was given up
    };

    // An operation is under way.
    template <std::optional<clock::time_point> state::*Since>
    class during {
    public:
        explicit during(state& s) : since_(s.*Since) { since_ = clock::now(); }
        during(const during&) = delete;
        during& operator=(const during&) = delete;
        ~during() { since_.reset(); }

    private:
        std::optional<clock::time_point>& since_;
    };

    static boost::asio::awaitable<void> say_goodbye(std::shared_ptr<state> s, socket_close why,
                                                    std::string_view reason) {
        if (s->gone || std::exchange(s->leaving, true))
            co_return;
        // For a callback Beast lets go of the thread between taking the peer's goodbye and noting it. Should ours have been
        // written just then, each would wait for the other for ever.
        s->layer.control_callback();
        boost::asio::steady_timer late(s->layer.get_executor(), std::min<clock::duration>(goodbye, s->limits.idle));
        late.async_wait([s](error_code ec) {
            if (!ec)
                s->lose("the peer does not answer a goodbye");
        });
        const auto words = reason.substr(0, most_reason_bytes);
        boost::beast::websocket::close_reason to_say(boost::beast::string_view(words.data(), words.size()));
        to_say.code = static_cast<std::uint16_t>(why);
        try {
            (void)co_await s->layer.async_close(to_say, boost::asio::as_tuple(boost::asio::deferred));
        } catch (const boost::system::system_error&) {
            // Who waits was cancelled: then it is no goodbye.
        }
        late.cancel();
        s->let_go();
    }

    std::shared_ptr<state> state_;
};

} // namespace lineside::net
