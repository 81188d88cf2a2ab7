#pragma once

#include "net/connection.hpp"
#include "net/http_client.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <memory>
#include <string>

namespace lineside::net {

/// How far an exchange has come, also when it has failed.
struct exchange_progress {
    bool wrote = false;    ///< a byte of the request may be with the server
    bool heard = false;    ///< a byte of an answer has come
    bool pulled = false;   ///< the source was asked
    bool fed = false;      ///< the sink has had a piece
    bool reusable = false; ///< the connection may serve another exchange
    bool passing = true;   ///< of a failure: another time may mend it
};

/// What does not change from exchange to exchange.
struct exchange_terms {
    const http_client_options& options;
    std::string authority; ///< the field Host
    std::shared_ptr<watchdog> dog;
};

/// Hears, on the strand, of an exchange that has begun.
class exchange_listener {
public:
    virtual ~exchange_listener() = default;
    /// Once. A failure is as `exchange` throws it.
    virtual void exchanged(const std::exception_ptr& failure, http_response answer) = 0;
};

/// An exchange that needs no coroutine.
class short_exchange {
public:
    virtual ~short_exchange() = default;
    /// It fails with operation_aborted soon.
    virtual void cancel() noexcept = 0;
};

/// Without source and sink, and with a body that goes with its head.
[[nodiscard]] bool is_short(const http_call& call) noexcept;

/// Begins the exchange of a short call; what this returns is there until `listener` is told, which is not before. What
/// it is given outlives it; it holds `listener`.
[[nodiscard]] short_exchange& begin_exchange(connection& over, const http_call& call, const exchange_terms& terms,
                                             exchange_progress& progress, std::shared_ptr<exchange_listener> listener);

/// One request and its answer over a connection. What it is given outlives it.
/// Throws `lineside::error`: unavailable, timed_out, protocol; what the source or the sink throws; operation_aborted.
/// Then the connection is of no use any more.
[[nodiscard]] boost::asio::awaitable<http_response> exchange(connection& over, const http_call& call,
                                                             const exchange_terms& terms, exchange_progress& progress);

} // namespace lineside::net
