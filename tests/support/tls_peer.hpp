#pragma once

#include "support/peer_certificate.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::test {

enum class peer_tls : std::uint8_t { newest, at_most_1_2, at_most_1_1, none };

struct peer_request {
    std::string head; ///< request line and fields
    std::string body;
    std::string server_name; ///< that TLS announced
};

/// A server at 127.0.0.1 that does as it is told, byte by byte: one connection after the other, in a thread of its own.
class tls_peer {
public:
    using stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
    /// What follows a request that has come in.
    using script = std::function<void(stream&)>;

    explicit tls_peer(script s, const peer_certificate& certificate = {}, peer_tls tls = peer_tls::newest);
    tls_peer(const tls_peer&) = delete;
    tls_peer& operator=(const tls_peer&) = delete;
    ~tls_peer();

    [[nodiscard]] std::uint16_t port() const;
    /// PEM.
    [[nodiscard]] const std::string& ca_file() const;
    /// Those that came so far.
    [[nodiscard]] std::vector<peer_request> requests() const;

private:
    class server;
    std::unique_ptr<server> server_;
};

/// Sends these bytes and says that they are all.
[[nodiscard]] tls_peer::script answer(std::string bytes);
/// Sends these bytes and is gone, without a word of TLS.
[[nodiscard]] tls_peer::script break_off_after(std::string bytes);
/// Sends these bytes and nothing more until the other side is gone.
[[nodiscard]] tls_peer::script stall_after(std::string bytes);

} // namespace lineside::test
