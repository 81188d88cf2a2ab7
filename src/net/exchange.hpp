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

/// One request and its answer over a connection. What it is given outlives it.
/// Throws `lineside::error`: unavailable, timed_out, protocol; what the source or the sink throws; operation_aborted.
/// Then the connection is of no use any more.
[[nodiscard]] boost::asio::awaitable<http_response> exchange(connection& over, const http_call& call,
                                                             const exchange_terms& terms, exchange_progress& progress);

} // namespace lineside::net
