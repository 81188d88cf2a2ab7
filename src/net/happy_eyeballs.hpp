#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <vector>

namespace lineside::net {

/// The order in which a host's addresses are tried (RFC 8305 4): the family of the first one, then the other one, in turns.
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> in_turns(std::vector<boost::asio::ip::tcp::endpoint> all);

/// Connects to one after the other, to the next as soon as one refuses or has not answered for `next`, and takes the first
/// that is connected. Throws `boost::system::system_error`: what the last one said.
[[nodiscard]] boost::asio::awaitable<boost::asio::ip::tcp::socket> connect_to_first(
    std::vector<boost::asio::ip::tcp::endpoint> all, std::chrono::milliseconds next);

} // namespace lineside::net
