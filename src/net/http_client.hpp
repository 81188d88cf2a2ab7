#pragma once

#include "net/http.hpp"
#include "net/retry.hpp"
#include "net/watchdog.hpp"
#include "net/web_socket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::net {

class short_exchange;

struct http_client_tls {
    std::string ca_file{};          ///< PEM, beside the system's authorities
    std::string certificate_file{}; ///< PEM: who this client is
    std::string key_file{};         ///< PEM
    bool system_authorities = true;
    enum class checking : std::uint8_t { on, off };
    checking peer = checking::on; ///< off: whoever answers is believed
};

struct http_client_options {
    std::string host; ///< a name or an address
    std::uint16_t port = 443;
    bool secure = true;
    http_client_tls tls{};
    std::string proxy_host{}; ///< CONNECT (RFC 9110 9.3.6) for TLS, and for plain HTTP too
    std::uint16_t proxy_port = 0;
    std::string proxy_authorization{};
    std::size_t connections = 64;                                            ///< at most; further calls wait, in order
    std::chrono::milliseconds idle = std::chrono::seconds(50);               ///< a connection is kept so long
    std::chrono::milliseconds connect = std::chrono::seconds(10);            ///< name, TCP and TLS
    std::chrono::milliseconds next_address = std::chrono::milliseconds(250); ///< RFC 8305
    std::chrono::milliseconds stall = std::chrono::seconds(60);   ///< without a byte in either direction; 0: never
    std::chrono::milliseconds go_ahead = std::chrono::seconds(1); ///< so long a server may think before a body comes
    std::size_t answer_bytes = std::size_t{64} << 20U;            ///< of a collected body
    std::size_t message_bytes = std::size_t{4} << 20U;            ///< of a web socket
    /// Of a web socket: a server that is silent for so long is given up; it is pinged every third of it.
    std::chrono::milliseconds socket_idle = std::chrono::seconds(30);
    retry_policy retry{};
};

/// What a source throws when no more will come although it is not all: the server is told by closing this direction, and
/// what it says to that is waited for.
struct upload_abandoned {};

/// Fields that are written down already. Throws as `check_call` about what is the client's own.
class field_lines {
public:
    explicit field_lines(const http_fields& fields);
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// What is asked of a server, as often as it takes.
struct http_call {
    std::string method = "GET";
    std::string target = "/";
    http_fields fields{}; ///< without Host and what frames the body
    /// Further ones, which many calls share.
    std::shared_ptr<const field_lines> shared_fields{};
    std::string id{}; ///< the field X-Request-Id, a token; empty: none
    std::string body{};
    /// Instead of `body`: fills a part and says how much; 0 is the end. A call with one is made once.
    std::function<boost::asio::awaitable<std::size_t>(std::span<char>)> source{};
    std::optional<std::uint64_t> source_size{}; ///< unset: chunked
    /// Takes the body of an answer of 2xx piece by piece, also while the source is still being read; unset: it is collected.
    /// Once it has had a piece, the call is not made again.
    std::function<boost::asio::awaitable<void>(std::string_view)> sink{};
    bool repeatable = false; ///< a second time comes to the same, or the server can tell
    bool reads = false;      ///< it changes nothing there, whatever its method; GET and HEAD never do
};

struct http_trace {
    unsigned attempt = 1;
    unsigned status = 0; ///< 0: no answer
    std::string failure{};
    std::chrono::microseconds took{};
    bool new_connection = false;
};

/// A call was cancelled that may have had its effect.
class cancelled_in_doubt : public boost::system::system_error {
public:
    cancelled_in_doubt() : system_error(boost::asio::error::operation_aborted) {}
};

/// A call under way, and what it comes to. What is said to it and what it says is on its client's strand.
class http_operation {
public:
    using clock = std::chrono::steady_clock;
    enum class ending : std::uint8_t { none, cancelled, late };

    explicit http_operation(http_call&& c) : call(std::move(c)) {}
    http_operation(const http_operation&) = delete;
    http_operation& operator=(const http_operation&) = delete;
    virtual ~http_operation() = default;

    /// Ends it soon, which ends its connection; also before it has begun.
    void cancel() noexcept { end(ending::cancelled); }
    /// Why it was ended, if it was.
    [[nodiscard]] ending ended() const noexcept { return ended_; }

    http_call call;
    clock::time_point deadline = clock::time_point::max(); ///< then it is ended
    std::function<void(const http_trace&)> traced{};       ///< after each attempt

protected:
    /// Never inside `http_client::start`.
    virtual void finished(std::exception_ptr failure, http_response&& answer) = 0;

private:
    friend class http_client;
    class limit final : public watched {
    public:
        limit(std::shared_ptr<watchdog> dog, http_operation& of);
        ~limit() = default;

    private:
        void stop() noexcept override;

        http_operation& of_;
    };

    void end(ending why) noexcept;

    ending ended_ = ending::none;
    boost::asio::cancellation_signal signal_; // of what goes on in a coroutine
    short_exchange* exchange_ = nullptr;      // of what does not
    std::optional<limit> limit_;              // while there is a deadline
};

/// A client of one server. Copes with connections that have died in the pool, with answers that ask it to wait, and with
/// nothing else: an answer of any status is an answer. Thread-safe; the calls of one client run on its strand.
class http_client {
public:
    /// Throws `lineside::error`: invalid_argument (a file of `options.tls`; `field` names it).
    http_client(boost::asio::any_io_executor executor, http_client_options options);
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;
    /// Lets all connections go.
    ~http_client();

    /// The strand that `start` is to be called on, and `open` to be spawned.
    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept;

    /// One that has finished may be started again. Errors: `lineside::error`, unavailable (no connection, or it was lost
    /// before a whole answer came; `cause` says what, and the message whether the request may have had its effect),
    /// timed_out (the peer stalls), protocol (the answer is none, or too long), invalid_argument (the call cannot be made);
    /// asio's operation_aborted when it was ended: `cancelled_in_doubt` where the request may have had its effect.
    void start(std::shared_ptr<http_operation> what);
    /// A web socket, on a connection of its own that counts for none of `connections`; asked once. `call.fields` go with
    /// the handshake. Throws what `start` tells; an answer that is not 101 is put into `refused` and null returned.
    [[nodiscard]] boost::asio::awaitable<std::unique_ptr<web_socket>> open(const http_call& call,
                                                                           http_response& refused);

    /// Ends every connection but those of web sockets; what runs and what comes later fails with `unavailable`. Any thread.
    void close();

private:
    class body;
    std::shared_ptr<body> body_;
};

} // namespace lineside::net
