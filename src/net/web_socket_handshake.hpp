#pragma once

#include "net/exchange.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace lineside::net {

/// Makes a connection a web socket (RFC 6455 4.1). An answer that is not 101 is put into `refused` and null returned.
/// Throws as `exchange`.
[[nodiscard]] boost::asio::awaitable<std::unique_ptr<web_socket>> open_web_socket(std::shared_ptr<connection> over,
                                                                                  const http_call& call,
                                                                                  const exchange_terms& terms,
                                                                                  http_response& refused);

} // namespace lineside::net
