#pragma once

// Private to http_connection.cpp, whose class this is; stream_exchange.hpp has the part of it that a handler sees.

#include <lineside/error.hpp>

#include "net/http_answer.hpp"
#include "net/http_connection.hpp"
#include "net/http_input.hpp"
#include "net/muted_stream.hpp"
#include "net/request_gate.hpp"
#include "net/web_socket_request.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>

namespace lineside::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

inline constexpr auto when_done = asio::as_tuple(asio::deferred);

/// An IPv4 address in IPv6 as IPv4.
inline std::string text_of(const asio::ip::address& a) {
    if (a.is_v6() && a.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6()).to_string();
    return a.to_string();
}

/// A connection of HTTP/1.1 and the exchange that is under way on it. Everything happens on the stream's executor.
template <class Stream>
class stream_connection final : public http_connection, public http_exchange {
public:
    static constexpr bool is_secure = !std::is_same_v<Stream, tcp::socket>;

    template <class... Below>
    stream_connection(const tcp::endpoint& peer, std::shared_ptr<http_server_state> server,
                      http_server_state::place place, std::shared_ptr<asio::ssl::context> tls, tcp::socket socket,
                      Below&... below)
        : http_connection(std::move(server), std::move(place)),
          peer_(text_of(peer.address())),
          tls_(std::move(tls)),
          stream_(std::move(socket), below...),
          gate_(
              {this->server().limits.header_bytes, this->server().limits.fields, this->server().limits.target_bytes}) {}

    asio::awaitable<void> run();

    // --- http_connection
    asio::any_io_executor executor() override { return socket().get_executor(); }
    void expire() override;
    void drain() override;
    void abandon() override;

    // --- http_exchange
    [[nodiscard]] const http_request_head& request() const override { return gate_.request().head; }
    [[nodiscard]] std::string peer_address() const override { return peer_; }
    [[nodiscard]] bool secure() const override { return is_secure; }
    [[nodiscard]] std::string client_subject() const override;
    [[nodiscard]] std::stop_token stopping() const override;
    void stop_when_left() override;
    [[nodiscard]] bool has_body() const override { return gate_.request().framing != body_framing::none; }
    [[nodiscard]] std::optional<std::uint64_t> body_size() const override;
    asio::awaitable<std::string> read_body(std::size_t most) override;
    asio::awaitable<std::size_t> read_some(std::span<char> to) override;
    asio::awaitable<void> respond(http_response answer) override;
    asio::awaitable<void> begin(http_response head) override;
    asio::awaitable<void> write(std::string_view piece) override;
    asio::awaitable<void> finish() override;
    [[nodiscard]] bool answered() const override { return answered_; }
    [[nodiscard]] bool wants_web_socket() const override { return net::wants_web_socket(gate_.request()); }
    asio::awaitable<std::unique_ptr<web_socket>> upgrade(http_fields fields) override;

private:
    using buffers = std::array<asio::const_buffer, 3>;

    tcp::socket& socket() {
        if constexpr (is_secure)
            return stream_.next_layer();
        else
            return stream_;
    }

    [[nodiscard]] bool begin_request();
    [[nodiscard]] bool note_head(request_gate::verdict v, error_code ec);
    void end_handler(std::exception_ptr failed);
    [[nodiscard]] bool closes_after(const http_fields& fields);
    [[nodiscard]] clock::time_point body_deadline(clock::time_point since) const;
    [[noreturn]] void fail_body(error_code ec);
    void must_be_unanswered() const;
    void read_ahead();
    void close() noexcept;

    asio::awaitable<std::size_t> receive_body(std::span<char> to);
    asio::awaitable<void> send_continue();
    asio::awaitable<void> send(buffers what);
    asio::awaitable<void> end_reading_ahead();
    asio::awaitable<void> send_refusal();
    asio::awaitable<void> skip_body();
    asio::awaitable<void> linger();

    const std::string peer_;
    const std::shared_ptr<asio::ssl::context> tls_; // outlives the stream
    Stream stream_;
    std::optional<muted_stream<Stream>> muted_; // for a web socket
    http_input input_;
    request_gate gate_;
    request_body body_;
    std::string out_;
    std::size_t requests_ = 0;
    std::uint64_t body_came_ = 0;
    clock::duration body_waited_{};       // for it
    std::optional<http_refusal> refusal_; // to be sent
    mutable std::optional<std::stop_source> stop_;
    asio::steady_timer* ahead_ended_ = nullptr;     // waits for it
    answer_framing framing_ = answer_framing::none; // of an answer in pieces
    bool idle_ = false;                             // nothing of a request has come
    bool keep_ = true;                              // another request may follow
    bool answered_ = false;
    bool finished_ = false;
    bool continue_due_ = false;
    bool timed_out_ = false; // the last read
    bool gone_ = false;      // the client, or its trust in what comes
    bool quiet_ = false;     // it ends with nothing under way
    bool upgraded_ = false;
    bool abandoned_ = false; // by the server, or by a client that would be told
    bool ahead_ = false;     // something is being read while an answer is under way
};

} // namespace lineside::net
