#include "net/dial.hpp"

#include "net/answer_parser.hpp"
#include "net/happy_eyeballs.hpp"
#include "net/tls_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace lineside::net {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using next = dial_error::next;

namespace {

constexpr std::size_t most_addresses = 16;

[[noreturn]] void fail(errc e, std::string message, error_code cause, next n) {
    throw dial_error(e, std::move(message), cause, n);
}

// What a proxy answers, without a body: what follows its head is the server's.
struct proxy_answer {
    http_response head;
    answer_parser parser{head, 0, answer_parser::pieces::unwanted};
};

} // namespace

std::string authority_of(const std::string& host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

// Ends what runs below it: with who waits, and on time.
class dialer::attempt final : public watched {
public:
    attempt(std::shared_ptr<watchdog> by, asio::cancellation_slot whoever_waits, std::chrono::milliseconds most)
        : watched(std::move(by)),
          outer_(whoever_waits) {
        if (outer_.is_connected())
            outer_.assign([this](asio::cancellation_type type) { signal_.emit(type); });
        end_at(clock::now() + most);
    }
    attempt(const attempt&) = delete;
    attempt& operator=(const attempt&) = delete;
    ~attempt() {
        if (outer_.is_connected())
            outer_.clear();
    }

    [[nodiscard]] asio::cancellation_slot slot() { return signal_.slot(); }

private:
    void stop() noexcept override { signal_.emit(asio::cancellation_type::terminal); }

    asio::cancellation_slot outer_;
    asio::cancellation_signal signal_;
};

dialer::dialer(asio::any_io_executor executor, const http_client_options& options, std::shared_ptr<watchdog> dog)
    : executor_(std::move(executor)),
      options_(options),
      dog_(std::move(dog)) {
    if (options_.secure)
        tls_.emplace(make_tls_client(options_.tls));
}

asio::awaitable<std::unique_ptr<connection>> dialer::dial() {
    const auto state = co_await asio::this_coro::cancellation_state;
    attempt a(dog_, state.slot(), options_.connect);
    try {
        co_return co_await asio::co_spawn(executor_, connect(),
                                          asio::bind_cancellation_slot(a.slot(), asio::use_awaitable));
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted || state.cancelled() != asio::cancellation_type::none)
            throw;
    }
    if (a.ended() == watched::ending::closed)
        fail(errc::unavailable, "the client is closed", asio::error::operation_aborted, next::never);
    fail(errc::unavailable, "no connection to the host in time", asio::error::timed_out, next::again);
}

asio::awaitable<std::unique_ptr<connection>> dialer::connect() const {
    const bool through_proxy = !options_.proxy_host.empty();
    const auto& host = through_proxy ? options_.proxy_host : options_.host;
    const auto port = through_proxy ? options_.proxy_port : options_.port;
    const auto found = co_await find(host);
    std::vector<tcp::endpoint> ends;
    for (std::size_t i = 0; i < std::min(found.size(), most_addresses); ++i)
        ends.push_back(endpoint_of(found[i], port));
    std::optional<tcp::socket> socket;
    error_code ec;
    try {
        socket.emplace(co_await connect_to_first(in_turns(std::move(ends)), options_.next_address));
    } catch (const boost::system::system_error& e) {
        if (e.code() == asio::error::operation_aborted)
            throw;
        ec = e.code();
    }
    if (!socket)
        fail(errc::unavailable,
             std::string("no connection to the ") + (through_proxy ? "proxy" : "host") + ": " + ec.message(), ec,
             next::again);
    socket->set_option(tcp::no_delay(true), ec);
    socket->non_blocking(true, ec);
    if (through_proxy)
        co_await ask_proxy(*socket);
    if (!tls_)
        co_return std::make_unique<connection>(std::move(*socket));
    auto c = std::make_unique<connection>(std::move(*socket), *tls_);
    co_await secure(*std::get_if<secure_stream>(&c->stream));
    co_return c;
}

asio::awaitable<std::vector<address_bytes>> dialer::find(const std::string& host) const {
    try {
        co_return co_await look_up(lookups_, host);
    } catch (const error& e) {
        const auto cause = e.details().cause;
        const bool later = e.code() == errc::exhausted || cause == asio::error::host_not_found_try_again;
        fail(errc::unavailable, e.what(), cause, later ? next::again : next::never);
    }
}

// CONNECT, RFC 9110 9.3.6.
asio::awaitable<void> dialer::ask_proxy(plain_stream& proxy) const {
    const auto to = authority_of(options_.host, options_.port);
    auto request = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
    if (!options_.proxy_authorization.empty())
        request += "Proxy-Authorization: " + options_.proxy_authorization + "\r\n";
    request += "\r\n";
    const auto [unsent, sent] =
        co_await asio::async_write(proxy, asio::buffer(request), asio::as_tuple(asio::deferred));
    if (unsent == asio::error::operation_aborted)
        throw boost::system::system_error(unsent);
    if (unsent)
        fail(errc::unavailable, "the proxy took no request: " + unsent.message(), unsent, next::again);
    input_buffer in;
    proxy_answer answer;
    answer.parser.expect_no_body();
    while (!answer.parser.is_done()) {
        const auto [ec, n] = co_await proxy.async_read_some(in.space(), asio::as_tuple(asio::deferred));
        if (ec == asio::error::operation_aborted)
            throw boost::system::system_error(ec);
        if (ec)
            fail(errc::unavailable, "the proxy gave no whole answer: " + ec.message(), ec, next::again);
        in.commit(n);
        error_code wrong;
        in.consume(answer.parser.put(in.data(), wrong));
        if (wrong && wrong != boost::beast::http::error::need_more)
            fail(errc::protocol, "the proxy's answer is none: " + wrong.message(), wrong, next::never);
    }
    const auto status = answer.head.status;
    if (status == 407)
        fail(errc::unavailable, "the proxy wants another authorization (407)", {}, next::never);
    if (status / 100 != 2)
        fail(errc::unavailable, "the proxy makes no connection to the host (" + std::to_string(status) + ")", {},
             status / 100 == 5 ? next::again : next::never);
    if (!in.empty())
        fail(errc::protocol, "the proxy says more than its answer", {}, next::never);
}

asio::awaitable<void> dialer::secure(secure_stream& s) const {
    auto* native = s.native_handle();
    expect_host(native, options_.host, options_.tls.peer);
    if (session_)
        ::SSL_set_session(native, session_.get());
    const auto [ec] = co_await s.async_handshake(secure_stream::client, asio::as_tuple(asio::deferred));
    if (!ec)
        co_return;
    if (ec == asio::error::operation_aborted)
        throw boost::system::system_error(ec);
    // A connection that breaks may not break the next time; a certificate that is wrong stays so.
    const bool broken = ec.category() != asio::error::get_ssl_category();
    fail(errc::unavailable, why_no_handshake(native, ec), ec, broken ? next::again : next::never);
}

void dialer::keep_session(connection& of) {
    const auto* s = std::get_if<secure_stream>(&of.stream);
    if (s == nullptr)
        return;
    std::shared_ptr<SSL_SESSION> session(::SSL_get1_session(const_cast<secure_stream*>(s)->native_handle()),
                                         ::SSL_SESSION_free);
    if (session && ::SSL_SESSION_is_resumable(session.get()) == 1)
        session_ = std::move(session);
}

} // namespace lineside::net
