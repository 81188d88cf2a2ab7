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
#include <vector>

namespace lineside {

/// TLS of a server: 1.2 or newer.
struct server_tls {
    std::string certificate_file{}; ///< PEM, the chain
    std::string key_file{};         ///< PEM
    std::string client_ca_file{};   ///< PEM; then every client needs a certificate from it
};

/// What a server puts up with. Beyond it clients are told so: 408, 413, 414, 429, 431, 503.
struct server_limits {
    std::size_t connections = 10'000;
    std::size_t connections_of_address = 1'000;            ///< IPv6 by /64
    std::size_t header_bytes = std::size_t{16} << 10U;     ///< 100 fields, 8 KB of target
    std::size_t json_bytes = std::size_t{1} << 20U;        ///< of a request's JSON ...
    std::size_t batch_bytes = std::size_t{64} << 20U;      ///< ... and of one of calls, events or extensions
    std::uint64_t upload_bytes = std::uint64_t{64} << 30U; ///< of an upload of call records
    std::size_t streams = 4;       ///< uploads, exports and comparisons at a time, a thread each; 1 to 64
    std::size_t watchers = 20'000; ///< live streams at a time
    /// Requests of one credential, or of an address without one: so many at once, and so many a second after that.
    std::uint32_t request_burst = 2'000;
    std::uint32_t requests_per_second = 500;
    std::chrono::milliseconds handshake = std::chrono::seconds(10);
    std::chrono::milliseconds header = std::chrono::seconds(10);
    std::chrono::milliseconds idle = std::chrono::seconds(60);
    std::chrono::milliseconds write_stall = std::chrono::seconds(30);
    std::chrono::milliseconds socket_idle = std::chrono::seconds(60); ///< of a web socket
    std::chrono::milliseconds operation = std::chrono::seconds(60);   ///< of one that is no stream; then 504
};

/// A request that was answered. No secrets: the target has no query.
struct served_request {
    std::string request_id{};
    std::string peer{}; ///< the address of who asked, as far as trusted proxies tell
    std::string method{};
    std::string path{};
    std::string operation{}; ///< empty: none
    unsigned status = 0;
    std::uint64_t bytes = 0; ///< of the answer's body
    std::chrono::microseconds took{};
    std::string user_agent{};
};

struct server_options {
    /// ADDRESS:PORT, [IPv6]:PORT; port 0 is one that is free.
    std::string listen = "127.0.0.1:0";
    std::optional<server_tls> tls{};
    enum class plain_http : std::uint8_t { on_loopback, anywhere };
    plain_http plain = plain_http::on_loopback; ///< where there is no `tls`
    /// Health, readiness and metrics, in plain HTTP on an address of its own; empty: not served.
    std::string admin{};
    std::string web_directory{}; ///< files served below `/`; empty: none
    std::size_t threads = 1;     ///< that serve connections; 1 to 64
    server_limits limits{};
    /// Whoever shows it gets the portal as it was given to the server. At least 32 bytes; empty: nobody.
    secret operator_token{};
    /// Addresses and networks (CIDR) whose `X-Forwarded-For`, and whose word on where a sign-in comes from, count.
    std::vector<std::string> trusted_proxies{};
    /// Origins of other sites whose pages may use this server: "https://portal.partner.example". Exact.
    std::vector<std::string> allowed_origins{};
    enum class preconditions : std::uint8_t { optional, required };
    preconditions updates = preconditions::optional; ///< required: an update without `If-Match` is answered 428
    /// Called after each request, on a thread of the server; must not block.
    std::function<void(const served_request&)> log{};
};

/// Puts a portal on HTTP and WebSocket: any portal, so a server over a `client` is a proxy.
///
/// Serves on threads of its own from its construction on. Lifetime: the portal must outlive it. Thread-safe.
class LINESIDE_API server {
public:
    /// Throws `lineside::error`: invalid_argument (options, certificate, key), unavailable (the address is in use).
    server(portal& p, server_options options);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    /// Ends every connection at once.
    ~server();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t admin_port() const; ///< 0: there is none
    [[nodiscard]] std::string url() const;          ///< "https://127.0.0.1:8443", with the host it listens on
    /// Accepts no more, lets requests that are being answered finish for `grace`, then ends them. Waits for that. Once;
    /// `/readyz` says no from its beginning.
    void drain(std::chrono::milliseconds grace = std::chrono::seconds(10));
    /// Reads certificate and key again. Throws invalid_argument; then the old ones stay.
    void reload_certificate();

private:
    class body;
    std::unique_ptr<body> body_;
};

} // namespace lineside
