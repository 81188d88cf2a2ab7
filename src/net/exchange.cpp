#include "net/exchange.hpp"

#include <lineside/error.hpp>

#include "net/answer_parser.hpp"
#include "net/request_head.hpp"
#include "net/tls_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using clock = std::chrono::steady_clock;

constexpr std::size_t most_at_once = std::size_t{64} << 10U; // of a body that goes with its head
constexpr std::size_t piece_bytes = std::size_t{64} << 10U;  // of a source
constexpr std::size_t record_bytes = std::size_t{16} << 10U; // of TLS: none of it counts before all of it has come
constexpr unsigned most_interim_answers = 32;

bool too_long(const error_code& ec) {
    return ec == http::error::body_limit || ec == http::error::header_limit || ec == http::error::buffer_overflow;
}

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

// What exchanges have in common.
template <class Stream>
class exchange_base : public watched {
protected:
    exchange_base(Stream& stream, connection& over, const http_call& call, const exchange_terms& terms,
                  exchange_progress& progress)
        : watched(terms.dog),
          stream_(stream),
          over_(over),
          call_(call),
          terms_(terms),
          progress_(progress) {}
    exchange_base(const exchange_base&) = delete;
    exchange_base& operator=(const exchange_base&) = delete;
    ~exchange_base() = default;

    static constexpr bool plain = std::is_same_v<Stream, plain_stream>;

    void close() noexcept {
        error_code ignored;
        over_.socket().close(ignored);
    }

    // There was a byte, so the peer lives.
    void alive() {
        if (ours_ == 0 && terms_.options.stall.count() > 0)
            end_at(clock::now() + terms_.options.stall);
    }

    // --- Sending

    // The head, with the body where that is `at_once`.
    std::string_view write_down(const body_framing& framing, bool at_once) {
        auto& out = over_.out;
        out.clear();
        write_head(out, call_, terms_.authority, framing);
        if (at_once)
            out += call_.body;
        return out;
    }

    // A socket takes what there is as a rule, and needs no operation for it.
    std::size_t write_now(std::string_view left, error_code& ec) {
        if constexpr (plain) {
            const auto n = stream_.write_some(asio::buffer(left), ec);
            if (ec == asio::error::would_block || ec == asio::error::try_again)
                ec = {};
            return n;
        } else {
            return 0;
        }
    }
    static asio::const_buffer piece_of(std::string_view left) {
        return asio::buffer(left.data(), plain ? left.size() : std::min(left.size(), record_bytes));
    }
    void wrote(std::string_view& left, std::size_t n) {
        if (n == 0)
            return;
        progress_.wrote = true;
        left.remove_prefix(n);
        alive();
    }

    // --- Receiving

    answer_parser& next_parser() {
        parser_.emplace(answer_, terms_.options.answer_bytes,
                        call_.sink ? answer_parser::pieces::wanted : answer_parser::pieces::unwanted);
        if (call_.method == "HEAD")
            parser_->expect_no_body();
        return *parser_;
    }
    // Gives the parser what has come; false: it needs more. What it used is to be consumed.
    bool parse(answer_parser& parser, std::size_t& used) {
        error_code ec;
        used = parser.put(over_.in.data(), ec);
        if (ec && ec != http::error::need_more)
            fail_parse(ec);
        return !ec;
    }
    asio::mutable_buffer space() {
        const auto room = over_.in.space();
        if (room.size() == 0)
            fail_parse(http::error::buffer_overflow);
        return room;
    }
    void received(std::size_t n) {
        progress_.heard = true;
        over_.in.commit(n);
        alive();
    }
    // Nothing more will come, which may be the end of the answer.
    void receive_end(answer_parser& parser, error_code ec, bool cancelled) {
        auto end = ec;
        if (ec == asio::error::eof && parser.got_some())
            parser.put_end(end);
        if (end)
            fail_broken(ec, cancelled);
    }
    // Whether a whole answer is the last one.
    bool is_final(const answer_parser& parser) {
        if (answer_.status >= 200) {
            progress_.reusable = parser.keep_alive() && over_.in.empty();
            return true;
        }
        if (answer_.status == 101)
            fail_protocol("the host changes to a protocol that it was not asked for");
        if (interim_answers_++ == most_interim_answers)
            fail_protocol("the host gives no answer but interim ones");
        return false;
    }

    // --- Failing

    [[noreturn]] void fail(errc e, std::string message, error_code cause = {}) {
        throw error(make_error_code(e), diagnostics{std::move(message), {}, {}, 0, cause});
    }
    [[noreturn]] void fail_protocol(std::string message, error_code cause = {}) {
        progress_.passing = false;
        fail(errc::protocol, std::move(message), cause);
    }
    [[noreturn]] void fail_parse(error_code ec) {
        if (too_long(ec))
            fail_protocol("the host's answer is too long", ec);
        fail_protocol("the host's answer is none: " + ec.message(), ec);
    }
    [[noreturn]] void fail_broken(error_code ec, bool cancelled) {
        if (cancelled)
            throw boost::system::system_error(asio::error::operation_aborted);
        if (ended() != ending::none)
            progress_.passing = false;
        if (ended() == ending::late)
            fail(errc::timed_out, "the host keeps silent", asio::error::timed_out);
        if (ended() == ending::closed)
            fail(errc::unavailable, "the client is closed", asio::error::operation_aborted);
        if (refuses_certificate(ec)) {
            progress_.passing = progress_.wrote = false;
            fail(errc::unavailable, "the host does not accept the client's certificate: " + ec.message(), ec);
        }
        if (ec.category() == asio::error::get_ssl_category())
            progress_.passing = false;
        fail(errc::unavailable,
             std::string(progress_.heard ? "the connection was lost before the whole answer came: "
                                         : "the connection was lost before an answer came: ") +
                 ec.message(),
             ec);
    }

    Stream& stream_;
    connection& over_;
    const http_call& call_;
    const exchange_terms& terms_;
    exchange_progress& progress_;
    http_response answer_;
    std::optional<answer_parser> parser_; // of the answer that comes
    unsigned ours_ = 0;                   // turns of the source and the sink

private:
    unsigned interim_answers_ = 0;
};

// Handlers hold it until it is over.
template <class Stream>
class short_exchange_over final : public exchange_base<Stream>,
                                  public short_exchange,
                                  public std::enable_shared_from_this<short_exchange_over<Stream>> {
public:
    short_exchange_over(Stream& stream, connection& over, const http_call& call, const exchange_terms& terms,
                        exchange_progress& progress, std::shared_ptr<exchange_listener> listener)
        : exchange_base<Stream>(stream, over, call, terms, progress),
          listener_(std::move(listener)) {}

    void begin() {
        try {
            left_ = this->write_down(framing_of(this->call_), true);
            this->alive();
            send();
        } catch (...) {
            asio::post(this->stream_.get_executor(),
                       [self = this->shared_from_this(), e = std::current_exception()] { self->conclude(e); });
        }
    }
    void cancel() noexcept override {
        cancelled_ = true;
        stop();
    }

private:
    // It may be over before it goes.
    void stop() noexcept override {
        if (listener_)
            this->close();
    }

    void send() {
        error_code ec;
        while (!left_.empty() && !ec) {
            const auto n = this->write_now(left_, ec);
            if (n == 0 && !ec)
                return this->stream_.async_write_some(
                    this->piece_of(left_), [self = this->shared_from_this()](error_code e, std::size_t size) {
                        self->go_on([&] { self->sent(e, size); });
                    });
            this->wrote(left_, n);
        }
        receive_after(ec);
    }
    void sent(error_code ec, std::size_t n) {
        this->wrote(left_, n);
        ec ? receive_after(ec) : send();
    }
    // Who closes early may have said why.
    void receive_after(error_code ec) {
        if (ec && !this->progress_.wrote)
            this->fail_broken(ec, cancelled_);
        sent_ = !ec;
        this->next_parser();
        receive();
    }

    void receive() {
        for (;;) {
            while (!this->parser_->is_done()) {
                std::size_t used = 0;
                bool whole = false;
                if (!this->over_.in.empty()) {
                    whole = this->parse(*this->parser_, used);
                    this->over_.in.consume(used);
                }
                if (!whole)
                    return read();
            }
            if (this->is_final(*this->parser_))
                return conclude(nullptr);
            this->next_parser();
        }
    }
    void read() {
        this->stream_.async_read_some(this->space(), [self = this->shared_from_this()](error_code ec, std::size_t n) {
            self->go_on([&] { self->came(ec, n); });
        });
    }
    void came(error_code ec, std::size_t n) {
        if (ec)
            this->receive_end(*this->parser_, ec, cancelled_);
        else
            this->received(n);
        receive();
    }

    template <class Step>
    void go_on(Step step) {
        try {
            step();
        } catch (...) {
            if (!listener_) // what is thrown is not this exchange's
                throw;
            conclude(std::current_exception());
        }
    }
    void conclude(const std::exception_ptr& failure) {
        this->progress_.reusable = this->progress_.reusable && sent_ && !cancelled_;
        std::exchange(listener_, nullptr)->exchanged(failure, std::move(this->answer_));
    }

    std::shared_ptr<exchange_listener> listener_;
    std::string_view left_; // to be sent
    bool sent_ = false;     // all of it
    bool cancelled_ = false;
};

// With a source or a sink.
template <class Stream>
class exchange_over final : public exchange_base<Stream> {
    using base = exchange_base<Stream>;
    using base::alive, base::close, base::fail_broken, base::wrote, base::write_now, base::piece_of;
    using base::answer_, base::call_, base::over_, base::progress_, base::stream_, base::terms_;

public:
    exchange_over(Stream& stream, connection& over, const http_call& call, const exchange_terms& terms,
                  exchange_progress& progress)
        : base(stream, over, call, terms, progress) {}
    ~exchange_over() = default;

    asio::awaitable<http_response> run() {
        const auto framing = framing_of(call_);
        const bool at_once = !call_.source && call_.body.size() <= most_at_once;
        std::string_view left = this->write_down(framing, at_once);
        alive();
        error_code ec;
        while (!left.empty() && !ec) {
            auto n = write_now(left, ec);
            if (n == 0 && !ec)
                std::tie(ec, n) = co_await stream_.async_write_some(piece_of(left), asio::as_tuple(asio::deferred));
            wrote(left, n);
        }
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
        explicit our_turn(exchange_over& of) : of_(of) {
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
        exchange_over& of_;
    };

    // --- Sending

    // False: the connection is broken.
    asio::awaitable<bool> send(std::string_view left) {
        error_code ec;
        while (!left.empty() && !ec) {
            auto n = write_now(left, ec);
            if (n == 0 && !ec)
                std::tie(ec, n) = co_await stream_.async_write_some(piece_of(left), asio::as_tuple(asio::deferred));
            wrote(left, n);
        }
        co_return !ec;
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
            u.complete = co_await send(call_.body);
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
                co_return co_await send("0\r\n\r\n");
            if (!chunked) {
                if (!co_await send({room.data(), n}))
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
            if (!co_await send({begin, size + 2 + n + 2}))
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
asio::awaitable<http_response> exchange_by(Stream& stream, connection& over, const http_call& call,
                                           const exchange_terms& terms, exchange_progress& progress) {
    exchange_over<Stream> e(stream, over, call, terms, progress);
    co_return co_await e.run();
}

// Where a coroutine waits for a short exchange.
class waiting_coroutine final : public exchange_listener {
public:
    explicit waiting_coroutine(const asio::any_io_executor& e) : news(e, clock::time_point::max()) {}

    void exchanged(const std::exception_ptr& f, http_response a) override {
        over = true;
        failure = f;
        answer = std::move(a);
        news.cancel();
    }

    asio::steady_timer news;
    bool over = false;
    std::exception_ptr failure;
    http_response answer;
};

asio::awaitable<http_response> wait_for_short(connection& over, const http_call& call, const exchange_terms& terms,
                                              exchange_progress& progress) {
    const auto w = std::make_shared<waiting_coroutine>(co_await asio::this_coro::executor);
    auto& running = begin_exchange(over, call, terms, progress, w);
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    for (bool cancelled = false; !w->over;) {
        (void)co_await w->news.async_wait(asio::as_tuple(asio::deferred));
        if (!w->over && !std::exchange(cancelled, true))
            running.cancel();
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (w->failure)
        std::rethrow_exception(w->failure);
    co_return std::move(w->answer);
}

} // namespace

bool is_short(const http_call& call) noexcept { return !call.source && !call.sink && call.body.size() <= most_at_once; }

short_exchange& begin_exchange(connection& over, const http_call& call, const exchange_terms& terms,
                               exchange_progress& progress, std::shared_ptr<exchange_listener> listener) {
    return std::visit(
        [&]<class Stream>(Stream& stream) -> short_exchange& {
            const auto e =
                std::make_shared<short_exchange_over<Stream>>(stream, over, call, terms, progress, std::move(listener));
            e->begin();
            return *e; // which its handlers hold
        },
        over.stream);
}

asio::awaitable<http_response> exchange(connection& over, const http_call& call, const exchange_terms& terms,
                                        exchange_progress& progress) {
    if (is_short(call))
        return wait_for_short(over, call, terms, progress);
    return std::visit([&](auto& stream) { return exchange_by(stream, over, call, terms, progress); }, over.stream);
}

} // namespace lineside::net
