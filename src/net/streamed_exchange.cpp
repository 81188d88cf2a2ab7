#include "net/streamed_exchange.hpp"

#include "net/exchange_base.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <memory>
#include <span>
#include <tuple>
#include <variant>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr std::size_t piece_bytes = std::size_t{64} << 10U; // of a source

// A body that is sent while the answer may already be coming.
struct upload {
    explicit upload(const asio::any_io_executor& e) : news(e) {}

    asio::cancellation_signal stop;
    asio::steady_timer news;
    enum class permission : std::uint8_t { open, given, refused };
    permission may = permission::open; // to send the body
    bool complete = false;             // all of it was written
    bool finished = false;             // nothing runs any more
    std::exception_ptr failure;        // the source's
};

// With a source or a sink.
template <class Stream>
class streamed_exchange final : public exchange_base<Stream> {
    using base = exchange_base<Stream>;
    using base::alive, base::close, base::fail_broken, base::wrote, base::write_now, base::piece_of;
    using base::answer_, base::call_, base::over_, base::progress_, base::stream_, base::terms_;

public:
    streamed_exchange(Stream& stream, connection& over, const http_call& call, const exchange_terms& terms,
                      exchange_progress& progress)
        : base(stream, over, call, terms, progress) {}
    ~streamed_exchange() = default;

    asio::awaitable<http_response> run() {
        const auto framing = framing_of(call_);
        const bool at_once = !call_.source && call_.body.size() <= most_at_once;
        const auto head = this->write_down(framing, at_once);
        alive();
        const auto ec = co_await send(head);
        // Who closes early may have said why.
        if (ec && !progress_.wrote)
            fail_broken(ec, is_cancelled(co_await asio::this_coro::cancellation_state));
        if (!at_once && !ec) {
            co_await receive_while_sending(framing);
        } else {
            co_await receive();
            progress_.reusable = progress_.reusable && !ec;
        }
        co_return std::move(answer_);
    }

private:
    void stop() noexcept override { close(); }

    static bool is_cancelled(const asio::cancellation_state& state) {
        return state.cancelled() != asio::cancellation_type::none;
    }

    // While the caller's source or sink takes its time, the peer may.
    class our_turn {
    public:
        explicit our_turn(streamed_exchange& of) : of_(of) {
            ++of_.ours_;
            of_.end_never();
        }
        our_turn(const our_turn&) = delete;
        our_turn& operator=(const our_turn&) = delete;
        ~our_turn() {
            --of_.ours_;
            of_.alive();
        }

    private:
        streamed_exchange& of_;
    };

    // --- Sending

    // A failure: the connection is broken.
    asio::awaitable<error_code> send(std::string_view left) {
        error_code ec;
        while (!left.empty() && !ec) {
            auto n = write_now(left, ec);
            if (n == 0 && !ec)
                std::tie(ec, n) = co_await stream_.async_write_some(piece_of(left), asio::as_tuple(asio::deferred));
            wrote(left, n);
        }
        co_return ec;
    }

    asio::awaitable<void> receive_while_sending(const body_framing& framing) {
        const auto executor = co_await asio::this_coro::executor;
        const auto u = std::make_shared<upload>(executor);
        upload_ = u.get();
        asio::co_spawn(executor, send_body(framing),
                       asio::bind_cancellation_slot(u->stop.slot(), [this, u](const std::exception_ptr& e) {
                           u->failure = abandons(e) ? nullptr : e;
                           u->finished = true;
                           u->news.cancel();
                           // Then there is nothing to wait for.
                           if (u->failure)
                               close();
                       }));
        std::exception_ptr failed;
        try {
            co_await receive();
            if (!u->finished) // it may be about to
                co_await asio::post(executor, asio::deferred);
        } catch (...) {
            failed = std::current_exception();
        }
        // It uses what is the caller's, so it ends before this does.
        const bool throws = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        const bool gave_up = !u->finished;
        if (gave_up)
            u->stop.emit(asio::cancellation_type::terminal);
        while (!u->finished) {
            u->news.expires_at(clock::time_point::max());
            (void)co_await u->news.async_wait(asio::as_tuple(asio::deferred));
        }
        co_await asio::this_coro::throw_if_cancelled(throws);
        upload_ = nullptr;
        if (u->failure && !gave_up)
            std::rethrow_exception(u->failure);
        if (failed)
            std::rethrow_exception(failed);
        progress_.reusable = progress_.reusable && u->complete;
    }

    // An upload that is given up leaves the other direction open: the server may still say what it did.
    bool abandons(const std::exception_ptr& e) {
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (const upload_abandoned&) {
            error_code ignored;
            over_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
            return true;
        } catch (...) {
            return false;
        }
        return false;
    }

    asio::awaitable<void> send_body(body_framing framing) {
        auto& u = *upload_;
        if (framing.expects_continue) {
            u.news.expires_after(terms_.options.go_ahead);
            if (u.may == upload::permission::open)
                (void)co_await u.news.async_wait(asio::as_tuple(asio::deferred));
            if (u.may == upload::permission::refused)
                co_return;
        }
        if (call_.source)
            u.complete = co_await send_source(framing);
        else
            u.complete = !co_await send(call_.body);
    }

    asio::awaitable<bool> send_source(const body_framing& framing) {
        const bool chunked = framing.by == body_framing::kind::chunked;
        // A chunk: its size, filled in from the right, what is in it, and the end of a line.
        constexpr std::size_t before = 2 * sizeof(std::size_t) + 2;
        auto& out = over_.out;
        out.resize(before + piece_bytes + 2);
        const std::span<char> room(out.data() + before, piece_bytes);
        std::uint64_t sent = 0;
        for (;;) {
            const auto n = co_await pull(room);
            if (!chunked && (n == 0 ? sent < framing.size : n > framing.size - sent))
                throw error(errc::invalid_argument, "the source is not as long as was said", "source_size");
            sent += n;
            if (n == 0 && !chunked)
                co_return true;
            if (n == 0)
                co_return !co_await send("0\r\n\r\n");
            if (!chunked) {
                if (co_await send({room.data(), n}))
                    co_return false;
                continue;
            }
            char digits[2 * sizeof(std::size_t)];
            const auto* end = std::to_chars(std::begin(digits), std::end(digits), n, 16).ptr;
            const auto size = static_cast<std::size_t>(end - digits);
            auto* begin = room.data() - size - 2;
            std::copy(std::begin(digits), std::begin(digits) + size, begin);
            begin[size] = out[before + n] = '\r';
            begin[size + 1] = out[before + n + 1] = '\n';
            if (co_await send({begin, size + 2 + n + 2}))
                co_return false;
        }
    }

    asio::awaitable<std::size_t> pull(std::span<char> room) {
        const our_turn now(*this);
        progress_.pulled = true;
        co_return co_await call_.source(room);
    }

    // --- Receiving

    asio::awaitable<void> receive() {
        for (;;) {
            auto& parser = this->next_parser();
            while (!parser.is_done()) {
                if (!over_.in.empty()) {
                    std::size_t used = 0;
                    const bool whole = this->parse(parser, used);
                    if (parser.is_head_done())
                        tell_upload();
                    for (const auto piece : parser.found())
                        co_await feed(piece);
                    parser.found().clear();
                    over_.in.consume(used);
                    if (whole)
                        continue;
                }
                const auto [ec, n] = co_await stream_.async_read_some(this->space(), asio::as_tuple(asio::deferred));
                if (ec)
                    this->receive_end(parser, ec, is_cancelled(co_await asio::this_coro::cancellation_state));
                else
                    this->received(n);
            }
            if (this->is_final(parser))
                co_return;
        }
    }

    // Whether the body is to be sent that the server was asked about.
    void tell_upload() {
        if (upload_ == nullptr || upload_->may != upload::permission::open)
            return;
        if (answer_.status == 100 || answer_.status / 100 == 2)
            upload_->may = upload::permission::given;
        else if (answer_.status >= 200)
            upload_->may = upload::permission::refused;
        else
            return;
        upload_->news.cancel();
    }

    asio::awaitable<void> feed(std::string_view piece) {
        const our_turn now(*this);
        progress_.fed = true;
        co_await call_.sink(piece);
    }

    upload* upload_ = nullptr; // while there is one
};

template <class Stream>
asio::awaitable<http_response> exchange_over(Stream& stream, connection& over, const http_call& call,
                                             const exchange_terms& terms, exchange_progress& progress) {
    streamed_exchange<Stream> e(stream, over, call, terms, progress);
    co_return co_await e.run();
}

} // namespace

asio::awaitable<http_response> exchange_streams(connection& over, const http_call& call, const exchange_terms& terms,
                                                exchange_progress& progress) {
    return std::visit([&](auto& stream) { return exchange_over(stream, over, call, terms, progress); }, over.stream);
}

} // namespace lineside::net
