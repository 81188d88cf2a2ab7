#pragma once

#include "net/exchange.hpp"

namespace lineside::net {

/// `exchange` of a call that has a source, a sink, or a body that does not go with its head.
[[nodiscard]] boost::asio::awaitable<http_response> exchange_streams(connection& over, const http_call& call,
                                                                     const exchange_terms& terms,
                                                                     exchange_progress& progress);

} // namespace lineside::net
