#pragma once

#include <lineside/portal.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside {

class client_core;

/// TLS of a client: 1.2 or newer, the server's certificate checked against its name.
struct client_tls {
    std::string ca_file{};          ///< PEM: authorities beside the system's
    std::string certificate_file{}; ///< PEM: who this client is, where the server wants to know
    std::string key_file{};         ///< PEM
    enum class checking : std::uint8_t { on, insecure };
    checking server = checking::on; ///< insecure: whoever answers is believed. Logged with every connection.
};

/// Where connections go through (CONNECT).
struct client_proxy {
    std::string host{}; ///< empty: none
    std::uint16_t port = 3128;
    secret authorization{}; ///< the value of `Proxy-Authorization`: "Basic ..."
};

/// When a call is made again: after 408, 429, 502, 503, 504 and lost connections, where a second time comes to the same.
/// `keyed` operations get a key of their own, so that holds for them too.
struct client_retries {
    unsigned attempts = 3;              ///< in all; 1 to 10
    std::chrono::milliseconds base{50}; ///< waits are drawn between 0 and this, doubled each time ...
    std::chrono::milliseconds throttled_base{1'000};
    std::chrono::milliseconds cap{20'000}; ///< ... up to this
    std::chrono::milliseconds longest_retry_after{60'000};
    /// A watch that was open and lost its server looks for it so long before it ends with `unavailable`.
    std::chrono::milliseconds reconnect_for{600'000};
};

struct client_timeouts {
    std::chrono::milliseconds connect{10'000}; ///< name, TCP and TLS
    std::chrono::milliseconds call{60'000};    ///< of a call without a timeout of its own; not of streams. 0: none
    std::chrono::milliseconds idle{50'000};    ///< connections are kept so long
    std::chrono::milliseconds stall{60'000};   ///< of a stream: without a byte in either direction
};

/// One attempt of a call. Nothing secret: the path has no query.
struct client_attempt {
    std::string operation{};
    std::string method{};
    std::string path{};
    std::string request_id{}; ///< the same for all attempts of a call
    unsigned attempt = 1;
    unsigned status = 0; ///< 0: there was no answer
    std::string failure{};
    std::chrono::microseconds took{};
    bool new_connection = false;
};

/// What a server is asked that this version of Lineside has no function for.
struct raw_request {
    std::string method = "GET";
    std::string target{}; ///< below the base URL: "/v1/accounts/acme"
    std::vector<std::pair<std::string, std::string>> fields{};
    std::string body{};
};

struct raw_answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields{};
    std::string body{};
};

struct client_options {
    /// `https://portal.example`, with a port and a path before `/v1` where there are any. Plain `http` only to this machine.
    std::string base_url{};
    secret token{}; ///< of a session, or an API key; empty: nobody's
    /// Put before Lineside's own `User-Agent`: "acme-crm/2.1".
    std::string host_agent{};
    client_tls tls{};
    client_proxy proxy{};
    client_retries retries{};
    client_timeouts timeouts{};
    std::size_t connections = 64; ///< at most; further calls wait for one
    enum class plain_http : std::uint8_t { to_loopback, anywhere };
    plain_http plain = plain_http::to_loopback;
    /// Asked for another token when the server no longer knows the present one; the call is then made once more. An empty
    /// one gives up. On a thread of the client; may block.
    std::function<secret()> refresh{};
    /// The value of `traceparent` (W3C Trace Context) of the next call. On the thread that calls.
    std::function<std::string()> traceparent{};
    /// After each attempt, on a thread of the client; must not block.
    std::function<void(const client_attempt&)> log{};
};

/// A portal far away: over HTTPS, at a `server`.
///
/// One client serves many threads; portals that `as` gives share its connections. A cancelled or timed-out call ends its
/// connection; a write that was cancelled after its first byte may have had its effect, and the message says so: make it
/// again with the same `call_options::idempotency_key`. Requests' callbacks are called on a thread that may block: the
/// caller's with `block`, one of the client's otherwise.
/// Errors beside those of `portal`: unavailable (no connection; the server's own word), protocol (the answer is no
/// Lineside server's). `diagnostics::http_status` and `request_id` are set where there was an answer.
class LINESIDE_API client final : public portal {
public:
    /// Runs on a thread of its own, started with the first call. Throws `lineside::error` (invalid_argument).
    explicit client(client_options options);
    /// Runs on `executor`, whose context must run until the client is gone.
    client(executor_type executor, client_options options);
    template <class Context>
        requires requires(Context& c) { c.get_executor(); }
    client(Context& context, client_options options) : client(context.get_executor(), std::move(options)) {}

    /// Ends what is running, with `unavailable`.
    ~client() override;

    [[nodiscard]] executor_type get_executor() const noexcept override;
    [[nodiscard]] std::shared_ptr<portal> as(credential who) override;
    /// Over a web socket of its own; where that is lost it is opened again and goes on, without a gap or a repetition.
    [[nodiscard]] std::shared_ptr<lineside::watch> watch(watch_request request) override;

    /// Sends it with this client's token and connections, once; an answer of any status is an answer.
    template <class Token = default_token>
    auto async_send(raw_request request, call_options options, Token&& token = {}) {
        return asio::async_initiate<Token, void(error_code, raw_answer)>(
            detail::initiation<client, &client::do_send>{this}, token, detail::make_context(std::move(options)),
            std::move(request));
    }

private:
    void do_send(operation_context context, raw_request request, completion<raw_answer> done);
#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...) \
    void do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) override;
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

    std::shared_ptr<client_core> core_;
};

} // namespace lineside
