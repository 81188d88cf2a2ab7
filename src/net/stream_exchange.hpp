#pragma once

// Private to http_connection.cpp: what a handler sees of a connection.

#include "net/exact_allocator.hpp"
#include "net/stream_connection.hpp"
#include "net/web_socket_stream.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace lineside::net {

// --- What is known

template <class Stream>
std::string stream_connection<Stream>::client_subject() const {
    std::string subject;
    if constexpr (is_secure) {
        auto* native = const_cast<Stream&>(stream_).native_handle();
        const auto* certificate = ::SSL_get0_peer_certificate(native);
        if (certificate == nullptr || ::SSL_get_verify_result(native) != X509_V_OK)
            return subject;
        const std::unique_ptr<BIO, decltype(&::BIO_free)> memory(::BIO_new(::BIO_s_mem()), &::BIO_free);
        if (memory == nullptr ||
            ::X509_NAME_print_ex(memory.get(), ::X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0)
            return subject;
        const char* text = nullptr;
        const auto size = ::BIO_ctrl(memory.get(), BIO_CTRL_INFO, 0, static_cast<void*>(&text));
        subject.assign(text, static_cast<std::size_t>(size));
    }
    return subject;
}

template <class Stream>
std::optional<std::uint64_t> stream_connection<Stream>::body_size() const {
    const auto& r = gate_.request();
    if (r.framing == body_framing::chunked)
        return std::nullopt;
    return r.length;
}

// --- The body of the request

inline constexpr std::size_t least_read = 512;                   // room for it is made before each
inline constexpr std::size_t body_read = std::size_t{16} << 10U; // as long as a record of TLS

[[noreturn]] inline void fail_gone(error_code cause = {}) {
    throw error(make_error_code(errc::unavailable), diagnostics{"the client is gone", {}, {}, 0, cause});
}

// The client's time: what it was waited for, and not what the handler took.
template <class Stream>
auto stream_connection<Stream>::body_deadline(clock::time_point since) const -> clock::time_point {
    const auto& limits = server().limits;
    const auto rate = std::max<std::size_t>(limits.body_rate, 1);
    return since + limits.body_grace + std::chrono::milliseconds(body_came_ * 1'000 / rate) - body_waited_;
}

template <class Stream>
void stream_connection<Stream>::fail_body(error_code ec) {
    keep_ = false;
    if (!timed_out_) {
        // Who has only closed this direction, or is not waited for any longer, may still read what is made of the beginning.
        gone_ = ec != asio::error::eof && ec != asio::error::operation_aborted;
        fail_gone(ec);
    }
    ++server().figures.bad_requests;
    throw http_refusal{408, "The body of the request comes too slowly."};
}

template <class Stream>
asio::awaitable<std::size_t> stream_connection<Stream>::receive_body(std::span<char> to) {
    const auto since = clock::now();
    timed_out_ = false;
    read_until(body_deadline(since));
    const auto [ec, size] = co_await stream_.async_read_some(asio::buffer(to.data(), to.size()), when_done);
    read_until(clock::time_point::max());
    body_waited_ += clock::now() - since;
    body_came_ += size;
    if (ec)
        fail_body(ec);
    co_return size;
}

template <class Stream>
asio::awaitable<std::size_t> stream_connection<Stream>::read_some(std::span<char> to) {
    for (;;) {
        const auto piece = body_.take(input_.view(), to.size());
        std::copy(piece.data.begin(), piece.data.end(), to.begin());
        input_.consume(piece.used);
        continue_due_ &= piece.used == 0; // it comes without being asked for
        if (body_.refused()) {
            keep_ = false;
            ++server().figures.bad_requests;
            throw http_refusal(body_.refusal());
        }
        if (!piece.data.empty() || body_.whole() || to.empty())
            co_return piece.data.size();
        if (gone_)
            fail_gone();
        if (continue_due_)
            co_await send_continue();
        // What is data for sure goes where it is wanted.
        if (const auto most = std::min<std::uint64_t>(body_.data_next(), to.size()); most >= least_read) {
            const auto size = co_await receive_body(to.first(static_cast<std::size_t>(most)));
            body_.passed_by(size);
            co_return size;
        }
        input_.commit(co_await receive_body(input_.prepare(body_read)));
    }
}

template <class Stream>
asio::awaitable<std::string> stream_connection<Stream>::read_body(std::size_t most) {
    constexpr std::size_t first_room = std::size_t{16} << 10U;
    const auto left = body_.left();
    const auto refuse_size = [&] {
        keep_ = false;
        ++server().figures.bad_requests;
        throw http_refusal{413, "The body of the request has more than " + std::to_string(most) + " bytes."};
    };
    if (left && *left > most)
        refuse_size();
    // Room for what was announced comes as it comes: to announce costs nothing.
    std::string whole(static_cast<std::size_t>(std::min<std::uint64_t>(left.value_or(first_room), first_room)), '\0');
    std::size_t size = 0;
    for (;;) {
        if (size == whole.size() && !body_.whole())
            whole.resize(std::max(whole.size() * 2, first_room));
        const auto came = co_await read_some(std::span(whole).subspan(size));
        size += came;
        if (size > most)
            refuse_size();
        if (body_.whole())
            break;
    }
    whole.resize(size);
    co_return whole;
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::send_continue() {
    continue_due_ = false;
    co_await send({asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), {}, {}});
}

// --- A client that leaves

template <class Stream>
void stream_connection<Stream>::stop_when_left() {
    if (body_.whole() && !ahead_)
        read_ahead();
}

// What comes is of the next request. Where that is more than a head, the rest waits in the socket, and so does the end.
template <class Stream>
void stream_connection<Stream>::read_ahead() {
    if (input_.view().size() >= server().limits.header_bytes)
        return;
    const auto room = input_.prepare(least_read);
    ahead_ = true;
    auto come = [this, self = shared_from_this()](error_code ec, std::size_t size) {
        ahead_ = false;
        input_.commit(size);
        if (ahead_ended_ != nullptr)
            return void(ahead_ended_->cancel());
        if (!ec)
            return read_ahead();
        gone_ = abandoned_ = true;
        if (stop_)
            stop_->request_stop();
    };
    stream_.async_read_some(asio::buffer(room.data(), room.size()),
                            asio::bind_allocator(exact_allocator<>(), std::move(come)));
}

// Of TLS it may be in the middle of a record, and goes on until that is there.
template <class Stream>
asio::awaitable<void> stream_connection<Stream>::end_reading_ahead() {
    asio::steady_timer ended(executor(), clock::time_point::max());
    ahead_ended_ = &ended;
    timed_out_ = false;
    read_until(clock::now() + server().limits.header);
    error_code ignored;
    socket().cancel(ignored);
    while (ahead_)
        (void)co_await ended.async_wait(when_done);
    read_until(clock::time_point::max());
    ahead_ended_ = nullptr;
}

// --- The answer

inline constexpr std::size_t most_copied = std::size_t{4} << 10U;       // of a body, to go out with its head
inline constexpr std::uint64_t most_skipped = std::uint64_t{64} << 10U; // of a body that nobody reads

inline std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::send(buffers what) {
    std::size_t left = asio::buffer_size(what);
    const auto sent = [&](std::size_t size) {
        left -= size;
        for (auto& one : what) {
            const auto of_it = std::min(size, one.size());
            one += of_it;
            size -= of_it;
        }
    };
    error_code ec;
    if constexpr (!is_secure) {
        // Mostly the socket takes it all at once.
        sent(stream_.write_some(what, ec));
        if (ec == asio::error::would_block)
            ec = {};
    }
    while (left > 0 && !ec) {
        write_until(clock::now() + server().limits.write_stall);
        const auto [failed, size] = co_await stream_.async_write_some(what, when_done);
        ec = failed;
        sent(size);
    }
    write_until(clock::time_point::max());
    if (ec) {
        gone_ = true;
        keep_ = false;
        fail_gone(ec);
    }
}

template <class Stream>
void stream_connection<Stream>::must_be_unanswered() const {
    if (answered_)
        throw error(errc::internal, "a request was answered twice");
}

// Also decides it.
template <class Stream>
bool stream_connection<Stream>::closes_after(const http_fields& fields) {
    if (server().draining() || lists_token(fields["Connection"], "close"))
        keep_ = false;
    return !keep_;
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::respond(http_response answer) {
    must_be_unanswered();
    answered_ = true;
    // A body that was not asked for may come or not; and what is long is not worth waiting for.
    if (continue_due_ || (!body_.whole() && body_.left().value_or(most_skipped + 1) > most_skipped))
        keep_ = false;
    const bool no_body = has_no_body(answer.status);
    out_.clear();
    append_head(out_,
                {.status = answer.status,
                 .fields = answer.fields,
                 .framing = no_body ? answer_framing::none : answer_framing::length,
                 .length = answer.body.size(),
                 .close = closes_after(answer.fields)},
                now());
    asio::const_buffer rest;
    if (!no_body && gate_.request().head.method != "HEAD") {
        if (answer.body.size() <= most_copied)
            out_ += answer.body;
        else
            rest = asio::buffer(answer.body);
    }
    co_await send({asio::buffer(out_), rest, {}});
    finished_ = true;
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::begin(http_response head) {
    must_be_unanswered();
    // Who waits for leave to send the body would take the answer for a no.
    if (continue_due_ && head.status < 300)
        co_await send_continue();
    answered_ = true;
    if (has_no_body(head.status))
        framing_ = answer_framing::none;
    else
        framing_ = gate_.request().old ? answer_framing::close : answer_framing::chunked;
    if (continue_due_)
        keep_ = false;
    out_.clear();
    append_head(out_,
                {.status = head.status, .fields = head.fields, .framing = framing_, .close = closes_after(head.fields)},
                now());
    if (gate_.request().head.method == "HEAD")
        framing_ = answer_framing::none;
    co_await send({asio::buffer(out_), {}, {}});
    if (!head.body.empty())
        co_await write(head.body);
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::write(std::string_view piece) {
    if (!answered_ || finished_)
        throw error(errc::internal, "a piece of an answer that has not begun, or is finished");
    if (gone_)
        fail_gone();
    if (piece.empty() || framing_ == answer_framing::none)
        co_return;
    if (framing_ == answer_framing::close) {
        co_await send({asio::buffer(piece), {}, {}});
        co_return;
    }
    out_.clear();
    append_chunk_size(out_, piece.size());
    if (piece.size() > most_copied) {
        co_await send({asio::buffer(out_), asio::buffer(piece), asio::buffer("\r\n", 2)});
        co_return;
    }
    out_ += piece;
    out_ += "\r\n";
    co_await send({asio::buffer(out_), {}, {}});
}

template <class Stream>
asio::awaitable<void> stream_connection<Stream>::finish() {
    if (!answered_ || finished_)
        throw error(errc::internal, "the end of an answer that has not begun, or is finished");
    if (gone_)
        fail_gone();
    if (framing_ == answer_framing::chunked)
        co_await send({asio::buffer("0\r\n\r\n", 5), {}, {}});
    finished_ = true;
}

// --- Web sockets

template <class Stream>
asio::awaitable<std::unique_ptr<web_socket>> stream_connection<Stream>::upgrade(http_fields fields) {
    namespace beast = boost::beast;
    must_be_unanswered();
    auto why = refuse_web_socket(gate_.request());
    if (!why && !input_.empty())
        why = http_refusal{400, "Data came before the web socket was open."};
    keep_ = false;
    if (why) {
        ++server().figures.bad_requests;
        auto answer = server().refuse(*why, request());
        if (why->status == 426) {
            answer.fields.set("Upgrade", "websocket");
            answer.fields.set("Sec-WebSocket-Version", "13");
        }
        co_await respond(std::move(answer));
        co_return nullptr;
    }
    answered_ = finished_ = true;

    // Beast makes the answer out of a request of its own; it goes out without Beast's name.
    beast::http::request<beast::http::empty_body> asked(beast::http::verb::get, "/", 11);
    for (const auto* name : {"Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"})
        asked.set(name, std::string(request().fields[name]));
    asked.set(beast::http::field::upgrade, "websocket");
    asked.set(beast::http::field::connection, "upgrade");
    const web_socket_limits limits{server().limits.message_bytes, server().limits.socket_idle,
                                   server().limits.write_stall};
    web_socket_layer<muted_stream<Stream>> layer(muted_.emplace(stream_));
    prepare_web_socket<muted_stream<Stream>>(layer, limits);
    std::string accepted;
    layer.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::response_type& answer) {
        accepted = std::string(answer[beast::http::field::sec_websocket_accept]);
    }));
    const auto [ec] = co_await layer.async_accept(asked, when_done);
    if (ec) {
        close();
        fail_gone(ec);
    }
    layer.set_option(beast::websocket::stream_base::decorator([](beast::websocket::response_type&) {}));
    muted_->speak();
    fields.set("Upgrade", "websocket");
    fields.set("Sec-WebSocket-Accept", accepted);
    out_.clear();
    append_head(out_, {.status = 101, .fields = fields, .framing = answer_framing::none}, now());
    co_await send({asio::buffer(out_), {}, {}});
    upgraded_ = true;
    // What HTTP needed is not needed any more, and sockets are many and stay.
    std::string().swap(out_);
    input_.shrink(0);
    co_return std::make_unique<web_socket_stream<muted_stream<Stream>>>(std::move(layer), shared_from_this(), limits);
}

} // namespace lineside::net
