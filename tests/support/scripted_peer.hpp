#pragma once

#include "support/peer_certificate.hpp"
#include "support/tls_peer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::test {

/// A server that does as it is told, byte by byte: a thread for each connection, plain TCP or TLS.
class scripted_peer {
public:
    /// One connection, as its script sees it. Everything waits, until the other side is gone or the peer ends.
    class channel {
    public:
        virtual ~channel() = default;
        /// Which one it is, from 0.
        [[nodiscard]] virtual std::size_t number() const = 0;
        /// A whole request; nothing when the other side has ended the connection. It is one of `requests` from here on.
        [[nodiscard]] virtual std::optional<peer_request> read() = 0;
        /// Its head only; `read_some` gives its body as it is on the wire.
        [[nodiscard]] virtual std::optional<std::string> read_head() = 0;
        /// What comes next; empty at the end.
        [[nodiscard]] virtual std::string read_some() = 0;
        /// False: the other side takes nothing any more.
        virtual bool write(std::string_view bytes) = 0;
        /// Says that this was all, as TLS and TCP do.
        virtual void finish() = 0;
        /// Ends the connection without a word of TLS.
        virtual void cut() = 0;
        /// Ends it with an RST.
        virtual void reset() = 0;
        /// Until the other side has ended the connection.
        virtual void wait_for_end() = 0;
        /// Bytes from and to another server, until both have ended.
        virtual void tunnel_to(std::uint16_t port) = 0;
        /// Whether TLS took a session up again.
        [[nodiscard]] virtual bool resumed() const = 0;
    };
    using script = std::function<void(channel&)>;

    struct options {
        enum class transport : std::uint8_t { plain, tls };

        transport over = transport::plain;
        std::string address = "127.0.0.1";
        std::uint16_t port = 0; ///< 0: one that is free
        peer_certificate certificate{};
        peer_tls tls = peer_tls::newest;
        std::string client_ca_file{}; ///< then clients need a certificate from it
    };

    explicit scripted_peer(script s);
    scripted_peer(script s, options o);
    scripted_peer(const scripted_peer&) = delete;
    scripted_peer& operator=(const scripted_peer&) = delete;
    /// Ends what is left of the connections, and waits for the scripts.
    ~scripted_peer();

    [[nodiscard]] std::uint16_t port() const;
    /// PEM.
    [[nodiscard]] const std::string& ca_file() const;
    /// Those that were read whole so far.
    [[nodiscard]] std::vector<peer_request> requests() const;
    /// Connections so far, with TLS or without it.
    [[nodiscard]] std::size_t connections() const;

private:
    class server;
    std::unique_ptr<server> server_;
};

/// Answers every request of a connection with these bytes.
[[nodiscard]] scripted_peer::script answer_each(std::string bytes);

} // namespace lineside::test
