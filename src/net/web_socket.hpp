#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lineside::net {

/// How a web socket is closed (RFC 6455 7.4.1, and IANA's registry for the last two).
enum class socket_close : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported = 1003, ///< a message that is not text
    policy = 1008,
    too_big = 1009,
    try_again_later = 1013,
    unauthorized = 3000,
};

/// An open web socket of text messages. One read and one write may be under way at the same time, both on the socket's
/// executor. Pings are answered and sent, and a silent peer is given up, by itself, while a read is pending.
class web_socket {
public:
    virtual ~web_socket() = default;
    /// The next message. Throws `lineside::error`: unavailable (it is closed, or the peer is silent or gone), protocol
    /// (no UTF-8, binary, too long); the socket is of no use after that.
    [[nodiscard]] virtual boost::asio::awaitable<std::string> read() = 0;
    /// Throws `lineside::error`: unavailable (closed, or the peer does not take it in time).
    [[nodiscard]] virtual boost::asio::awaitable<void> write(std::string_view text) = 0;
    /// Says goodbye and does not wait long for an answer. Never fails.
    [[nodiscard]] virtual boost::asio::awaitable<void> close(socket_close why, std::string_view reason) = 0;
    /// The code and words of the peer's goodbye; empty before, and where it said none.
    [[nodiscard]] virtual std::uint16_t close_code() const = 0;
    [[nodiscard]] virtual std::string close_reason() const = 0;
    /// Lets go at once; pending operations fail. On the socket's executor.
    virtual void abandon() noexcept = 0;
};

} // namespace lineside::net
