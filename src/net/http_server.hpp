#pragma once

#include "net/http.hpp"
#include "net/web_socket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::net {

/// What a server of HTTP puts up with.
struct http_server_limits {
    std::size_t header_bytes = std::size_t{16} << 10U;  ///< 431
    std::size_t fields = 100;                           ///< 431
    std::size_t target_bytes = std::size_t{8} << 10U;   ///< 414
    std::size_t message_bytes = std::size_t{64} << 10U; ///< of a web socket
    std::size_t connections = 10'000;
    std::size_t connections_of_address = 1'000; ///< IPv6 by /64
    std::size_t requests_of_connection = 100'000;
    std::chrono::milliseconds handshake = std::chrono::seconds(10);   ///< of TLS
    std::chrono::milliseconds header = std::chrono::seconds(10);      ///< from its first byte to its last; 408
    std::chrono::milliseconds idle = std::chrono::seconds(60);        ///< between requests
    std::chrono::milliseconds body_grace = std::chrono::seconds(5);   ///< after it a body comes at `body_rate` ...
    std::size_t body_rate = 1'000;                                    ///< ... bytes a second at least, on the average
    std::chrono::milliseconds write_stall = std::chrono::seconds(30); ///< without a byte taken
    std::chrono::milliseconds socket_idle =
        std::chrono::seconds(60); ///< of a web socket, which is pinged every third of it
};

struct http_server_tls {
    std::string certificate_file; ///< PEM, the chain
    std::string key_file;         ///< PEM
    std::string client_ca_file{}; ///< PEM; then clients need a certificate from it
};

/// How many threads run a server's executor.
enum class http_threads : std::uint8_t {
    several,
    one, ///< then no connection needs a strand, which saves a queue on each step
};

struct http_server_options {
    std::string host = "127.0.0.1"; ///< an address; "::" is every one, of IPv4 too
    std::uint16_t port = 0;         ///< 0: one that is free
    std::optional<http_server_tls> tls{};
    http_server_limits limits{};
    http_threads threads = http_threads::several;
};

/// Figures since the start, for metrics.
struct http_server_figures {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;      ///< connections over a limit
    std::uint64_t bad_requests = 0; ///< answered before a handler saw them
    std::uint64_t failed_handshakes = 0;
    std::size_t open = 0;
};

/// A request and its answer. Lives while the handler runs, on the connection's executor.
class http_exchange {
public:
    virtual ~http_exchange() = default;

    /// Passed the gate: one Host, a target in origin form, a body whose length is beyond doubt. Trailers never get here.
    [[nodiscard]] virtual const http_request_head& request() const = 0;
    [[nodiscard]] virtual std::string peer_address() const = 0; ///< as text; an IPv4 address in IPv6 as IPv4
    [[nodiscard]] virtual bool secure() const = 0;
    /// Of a client's certificate that was verified: its subject, as RFC 2253 writes it.
    [[nodiscard]] virtual std::string client_subject() const = 0;
    /// Asked to stop when the server is to be gone at once; on the connection's executor.
    [[nodiscard]] virtual std::stop_token stopping() const = 0;
    /// From here on it is also asked when the client leaves, as whoever closes its direction of the connection does: for an
    /// answer that may be silent for long. After the request's body.
    virtual void stop_when_left() = 0;

    [[nodiscard]] virtual bool has_body() const = 0;
    /// Bytes, where the client said how many.
    [[nodiscard]] virtual std::optional<std::uint64_t> body_size() const = 0;
    /// The whole body. `Expect: 100-continue` is answered now. Throws `http_refusal` (413, 408, 400).
    [[nodiscard]] virtual boost::asio::awaitable<std::string> read_body(std::size_t most) = 0;
    /// A part of it; 0 is its end. Throws `http_refusal` (408, 400), `lineside::error` (unavailable: the client is gone).
    [[nodiscard]] virtual boost::asio::awaitable<std::size_t> read_some(std::span<char> to) = 0;

    /// The whole answer. What is left of the body is skipped when it is short; else the connection ends. Date,
    /// Content-Length and Transfer-Encoding are not among its fields; `Connection: close` may be. This and the next three
    /// throw `lineside::error`: unavailable (the client is gone, or takes nothing), internal (out of turn).
    [[nodiscard]] virtual boost::asio::awaitable<void> respond(http_response answer) = 0;
    /// An answer whose body follows in pieces, as chunks. Also while the request's body is still being read.
    [[nodiscard]] virtual boost::asio::awaitable<void> begin(http_response head) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<void> write(std::string_view piece) = 0;
    /// Without it the client sees that the answer is not whole.
    [[nodiscard]] virtual boost::asio::awaitable<void> finish() = 0;
    /// Whether an answer has begun: then nothing else can be said.
    [[nodiscard]] virtual bool answered() const = 0;

    [[nodiscard]] virtual bool wants_web_socket() const = 0;
    /// Answers 101. Null where the client's handshake was wrong; it has been told.
    [[nodiscard]] virtual boost::asio::awaitable<std::unique_ptr<web_socket>> upgrade(http_fields fields) = 0;
};

/// A server of HTTP/1.1, over TLS where it is given a certificate. Every request passes a gate that leaves nothing about
/// its limits to interpretation (RFC 9112), and after anything doubtful the connection ends.
class http_server {
public:
    /// What it throws is answered with 500 where nothing was answered yet, and ends the connection.
    using handler = std::function<boost::asio::awaitable<void>(http_exchange&)>;
    /// Makes the answer to a request that did not come through; `head` is what was read of it.
    using refuser = std::function<http_response(const http_refusal& why, const http_request_head& head)>;

    /// Listens; accepts from `start` on. Each connection runs on a strand of `executor`, unless one thread runs it.
    /// Throws `lineside::error`: unavailable (the address is in use), invalid_argument (address, certificate, key).
    http_server(boost::asio::any_io_executor executor, http_server_options options, handler handle, refuser refuse);
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;
    /// The executor must run until `stop` has come to its end, or never again.
    ~http_server();

    void start();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] http_server_figures figures() const; ///< thread-safe
    /// Reads the files again; connections from now on get the new certificate. Throws invalid_argument, and then nothing
    /// has changed. Thread-safe.
    void reload_certificate();
    /// Accepts no more, lets answers that have begun go out with `Connection: close`, asks the rest to stop after `grace`,
    /// and then is called back on the executor. Once.
    void stop(std::chrono::milliseconds grace, std::function<void()> stopped);

private:
    class listener;
    std::shared_ptr<listener> listener_;
};

} // namespace lineside::net
