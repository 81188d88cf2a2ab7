#include "net/http_connection.hpp"

#include "net/stream_connection.hpp"
#include "net/stream_exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace lineside::net {

namespace {

namespace ssl = asio::ssl;

constexpr std::size_t first_read = 1'024;                       // most heads are shorter
constexpr std::size_t most_kept = std::size_t{4} << 10U;        // of a buffer, between requests
constexpr std::size_t most_lingering = std::size_t{256} << 10U; // bytes that come after the last answer
constexpr auto longest_lingering = std::chrono::seconds(2);
constexpr http_connection::clock::duration longest_goodbye =
    std::chrono::milliseconds(200); // of TLS, where nothing is under way

} // namespace

// --- Time and end

template <class Stream>
void stream_connection<Stream>::expire() {
    const auto time = clock::now();
    if (writes_late(time)) {
        write_until(clock::time_point::max());
        close();
    } else if (reads_late(time)) {
        read_until(clock::time_point::max());
        timed_out_ = true;
        error_code ignored;
        socket().cancel(ignored);
    }
}

template <class Stream>
void stream_connection<Stream>::drain() {
    if (!idle_)
        return;
    keep_ = false;
    error_code ignored;
    socket().cancel(ignored);
}

template <class Stream>
void stream_connection<Stream>::abandon() {
    abandoned_ = true;
    if (stop_)
        stop_->request_stop();
    close();
}

template <class Stream>
void stream_connection<Stream>::close() noexcept {
    gone_ = true;
    error_code ignored;
    socket().close(ignored);
}

template <class Stream>
std::stop_token stream_connection<Stream>::stopping() const {
    if (!stop_) {
        stop_.emplace();
        if (abandoned_)
            stop_->request_stop();
    }
    return stop_->get_token();
}

// --- One request after the other

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::run() {
    const auto& limits = server().limits;
    if constexpr (is_secure) {
        read_until(clock::now() + limits.handshake);
        const auto [ec] = co_await stream_.async_handshake(ssl::stream_base::server, when_done);
        read_until(clock::time_point::max());
        if (ec) {
            ++server().figures.failed_handshakes;
            co_return;
        }
    } else {
        error_code ignored;
        stream_.non_blocking(true, ignored);
    }
    while (begin_request()) {
        auto verdict = gate_.look(input_.view());
        error_code ec;
        idle_ = verdict == request_gate::verdict::more && input_.empty();
        if (verdict == request_gate::verdict::more)
            read_until(clock::now() + (idle_ ? limits.idle : limits.header));
        while (verdict == request_gate::verdict::more) {
            const auto room = input_.prepare(input_.empty() ? first_read : least_read);
            const auto [failed, size] =
                co_await stream_.async_read_some(asio::buffer(room.data(), room.size()), when_done);
            ec = failed;
            input_.commit(size);
            if (ec || timed_out_)
                break;
            verdict = gate_.look(input_.view());
            if (std::exchange(idle_, false) && verdict == request_gate::verdict::more)
                read_until(clock::now() + limits.header);
        }
        read_until(clock::time_point::max());
        if (note_head(verdict, ec)) {
            std::exception_ptr failed;
            try {
                co_await server().handle(*this);
            } catch (...) {
                failed = std::current_exception();
            }
            end_handler(failed);
            if (ahead_)
                co_await end_reading_ahead();
        }
        if (upgraded_) {
            gate_.forget(); // the request: sockets are many and stay
            co_return;
        }
        if (refusal_ && !gone_)
            co_await send_refusal();
        if (keep_ && !gone_ && !body_.whole())
            co_await skip_body();
    }
    if (!gone_)
        co_await linger();
}

// False: there is none.
template <class Stream>
bool stream_connection<Stream>::begin_request() {
    if (!keep_ || gone_ || (input_.empty() && server().draining()))
        return false;
    if (requests_++ > 0)
        gate_.reset();
    body_ = {};
    input_.shrink(most_kept);
    if (out_.capacity() > most_kept * 2)
        std::string().swap(out_);
    answered_ = finished_ = continue_due_ = false;
    timed_out_ = false;
    refusal_.reset();
    body_came_ = 0;
    body_waited_ = {};
    framing_ = answer_framing::none;
    return true;
}

// True: it is the handler's.
template <class Stream>
bool stream_connection<Stream>::note_head(request_gate::verdict v, error_code ec) {
    idle_ = false;
    if (v == request_gate::verdict::passed) {
        input_.consume(gate_.head_bytes());
        body_ = request_body(gate_.request());
        continue_due_ = gate_.request().expects_continue;
        keep_ = !gate_.request().close && requests_ < server().limits.requests_of_connection;
        return true;
    }
    const bool drained = !std::exchange(keep_, false);
    quiet_ = input_.empty();
    if (v == request_gate::verdict::refused)
        refusal_ = gate_.refusal();
    else if (timed_out_ && !quiet_)
        refusal_ = http_refusal{408, "The head of the request did not come in time."};
    else if (!timed_out_ && !drained)
        gone_ = ec != asio::error::eof || quiet_;
    if (refusal_)
        ++server().figures.bad_requests;
    return false;
}

template <class Stream>
void stream_connection<Stream>::end_handler(std::exception_ptr failed) {
    if (upgraded_)
        return;
    if (!failed && answered_ && finished_)
        return;
    keep_ = false;
    if (answered_) {
        if (finished_)
            return;
        // Too late to say so; a client of HTTP/1.0 would take what it has for the whole.
        error_code ignored;
        if (framing_ == answer_framing::close)
            socket().set_option(asio::socket_base::linger(true, 0), ignored);
        close();
        return;
    }
    refusal_ = http_refusal{500, "The request could not be answered."};
    if (!failed)
        return;
    try {
        std::rethrow_exception(failed);
    } catch (http_refusal& r) {
        refusal_ = std::move(r);
    } catch (...) {
        // 500 says it all: what it was is the handler's business.
    }
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::send_refusal() {
    keep_ = false;
    try {
        co_await respond(server().refuse(*refusal_, gate_.request().head));
    } catch (const std::exception&) {
        gone_ = true;
    }
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::skip_body() {
    try {
        std::array<char, 2'048> nothing;
        for (std::uint64_t skipped = 0; keep_ && skipped <= most_skipped;) {
            const auto size = co_await read_some(nothing);
            if (size == 0)
                co_return;
            skipped += size;
        }
    } catch (...) {
        // Not worth an answer: there was one.
    }
    keep_ = false;
}

// So that the client reads the last answer: a socket that is closed with bytes unread takes back what was sent.
template <class Stream>
asio::awaitable<void> stream_connection<Stream>::linger() {
    const auto limit =
        quiet_ ? longest_goodbye : std::min<clock::duration>(longest_lingering, server().limits.write_stall);
    timed_out_ = false;
    read_until(clock::now() + limit);
    error_code ec;
    if constexpr (is_secure)
        (void)co_await stream_.async_shutdown(when_done);
    socket().shutdown(tcp::socket::shutdown_send, ec);
    std::array<char, 2'048> nothing;
    for (std::size_t came = 0; !ec && !quiet_ && !timed_out_ && !gone_ && came < most_lingering;) {
        const auto [failed, size] = co_await socket().async_read_some(asio::buffer(nothing), when_done);
        ec = failed;
        came += size;
    }
    close();
}

namespace {

template <class Stream>
void serve(std::shared_ptr<stream_connection<Stream>> one) {
    const auto executor = one->executor();
    asio::co_spawn(
        executor, [one = std::move(one)]() -> asio::awaitable<void> { return one->run(); }, asio::detached);
}

} // namespace

void serve_connection(tcp::socket socket, const tcp::endpoint& peer, std::shared_ptr<http_server_state> server,
                      http_server_state::place place, std::shared_ptr<ssl::context> tls) {
    using secured = ssl::stream<tcp::socket>;
    if (tls) {
        auto& context = *tls;
        serve(std::make_shared<stream_connection<secured>>(peer, std::move(server), std::move(place), std::move(tls),
                                                           std::move(socket), context));
    } else {
        serve(std::make_shared<stream_connection<tcp::socket>>(peer, std::move(server), std::move(place),
                                                               std::move(tls), std::move(socket)));
    }
}

} // namespace lineside::net
