#pragma once

#include "net/http_server.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace lineside::net {

/// What new connections are secured with. Throws `lineside::error` (invalid_argument) where a file is not right, and names
/// it.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> make_server_context(const http_server_tls& tls);

} // namespace lineside::net
