#include "net/https_post.hpp"

#include <lineside/error.hpp>

#include "net/lookup.hpp"
#include "net/tls_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <optional>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using clock = std::chrono::steady_clock;

constexpr auto cancellation_interval = std::chrono::milliseconds(20);
constexpr auto longest_connect = std::chrono::seconds(2); // to one of several addresses
constexpr std::size_t most_addresses = 8;
constexpr std::uint32_t most_header_bytes = 16U << 10U;

[[noreturn]] void fail(errc e, std::string message, error_code cause = {}) {
    throw error(make_error_code(e), diagnostics{std::move(message), {}, {}, 0, cause});
}

ssl::context context_of(const https_options& options) {
    try {
        return make_tls_client({.ca_file = options.ca_file});
    } catch (const error& e) {
        fail(errc::unavailable, e.what(), e.details().cause);
    }
}

// One exchange. Every step is asynchronous, on a context that only the calling thread runs: so each can be given up at
// the deadline or when the caller no longer wants it.
class exchange {
public:
    exchange(const https_request& request, const https_options& options, clock::time_point deadline)
        : request_(request),
          options_(options),
          deadline_(deadline),
          tls_(context_of(options)) {}

    https_answer run(const std::vector<address_bytes>& addresses) {
        connect(addresses);
        shake_hands();
        send();
        return receive();
    }

private:
    using stream = ssl::stream<tcp::socket>;

    // Runs `start(handler)` to its end, or gives it up. `until` is not after the deadline.
    template <class Start>
    error_code wait(Start start, clock::time_point until) {
        std::optional<error_code> done;
        start([&done](error_code ec, auto&&...) { done = ec; });
        while (!done) {
            const bool unwanted = options_.cancelled && options_.cancelled();
            if (unwanted || clock::now() >= until) {
                // The stream is of no use any more, and its operation ends at once.
                error_code ignored;
                stream_->next_layer().close(ignored);
                context_.restart();
                context_.run();
                if (unwanted)
                    fail(errc::cancelled, "cancelled");
                return asio::error::timed_out;
            }
            context_.restart();
            context_.run_one_until(std::min(until, clock::now() + cancellation_interval));
        }
        return *done;
    }
    template <class Start>
    error_code wait(Start start) {
        const auto ec = wait(std::move(start), deadline_);
        if (ec == asio::error::timed_out && clock::now() >= deadline_)
            fail(errc::timed_out, "the host does not answer in time", ec);
        return ec;
    }

    void connect(const std::vector<address_bytes>& addresses) {
        error_code last;
        for (std::size_t i = 0; i < std::min(addresses.size(), most_addresses); ++i) {
            stream_.emplace(context_, tls_);
            const auto to = endpoint_of(addresses[i], request_.port);
            const bool others = i + 1 < addresses.size();
            const auto until = others ? std::min(deadline_, clock::now() + longest_connect) : deadline_;
            last = wait([&](auto handler) { stream_->next_layer().async_connect(to, handler); }, until);
            if (!last)
                return;
            if (clock::now() >= deadline_)
                fail(errc::timed_out, "the host does not answer in time", last);
        }
        fail(errc::unavailable, "no connection to the host: " + last.message(), last);
    }

    void shake_hands() {
        expect_host(stream_->native_handle(), request_.host);
        const auto ec = wait([&](auto handler) { stream_->async_handshake(stream::client, handler); });
        if (!ec)
            return;
        fail(errc::unavailable, why_no_handshake(stream_->native_handle(), ec), ec);
    }

    void send() {
        http::request<http::string_body> message(http::verb::post, request_.target, 11);
        message.set(http::field::host, request_.authority);
        message.set(http::field::connection, "close");
        for (const auto& [name, value] : request_.headers)
            message.set(name, value);
        message.body() = std::string(request_.body);
        message.prepare_payload();
        if (const auto ec = wait([&](auto handler) { http::async_write(*stream_, message, handler); }))
            fail(errc::unavailable, "the host took no request: " + ec.message(), ec);
    }

    // A truncated answer is an error: only the TLS close or a length says that it is whole.
    https_answer receive() {
        boost::beast::flat_buffer buffer(most_header_bytes + options_.most_answer_bytes);
        for (;;) {
            http::response_parser<http::string_body> parser;
            parser.header_limit(most_header_bytes);
            parser.body_limit(options_.most_answer_bytes);
            const auto ec = wait([&](auto handler) { http::async_read(*stream_, buffer, parser, handler); });
            if (ec == http::error::body_limit || ec == http::error::header_limit || ec == http::error::buffer_overflow)
                fail(errc::protocol, "the host's answer is too long", ec);
            if (ec)
                fail(ec.category() == make_error_code(http::error::end_of_stream).category() ? errc::protocol
                                                                                             : errc::unavailable,
                     "the host gave no whole answer: " + ec.message(), ec);
            // 1xx: another one follows.
            auto& message = parser.get();
            if (message.result_int() >= 200)
                return {message.result_int(), std::move(message.body())};
        }
    }

    const https_request& request_;
    const https_options& options_;
    const clock::time_point deadline_;
    asio::io_context context_{1};
    ssl::context tls_;
    std::optional<stream> stream_;
};

} // namespace

https_poster::https_poster() : lookups_(std::make_shared<name_lookups>()) {}

https_answer https_poster::post(const https_request& request, const https_options& options) const {
    const auto deadline = clock::now() + options.deadline;
    auto addresses = look_up(lookups_, request.host, deadline, options.cancelled);
    std::erase_if(addresses, [&](const address_bytes& a) { return options.may_call && !options.may_call(a); });
    if (addresses.empty())
        fail(errc::unavailable, "the host has no address that may be called");
    try {
        return exchange(request, options, deadline).run(addresses);
    } catch (const boost::system::system_error& e) {
        if (e.code().category() == lineside_category())
            throw;
        fail(errc::unavailable, "no connection to the host: " + e.code().message(), e.code());
    }
}

} // namespace lineside::net
