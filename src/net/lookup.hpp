#pragma once

#include "net/https_post.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lineside::net {

/// Names that are being looked up.
struct name_lookups {
    std::atomic<unsigned> running = 0;
};
inline constexpr unsigned most_lookups = 16;

/// The addresses of a host, which may be one itself. Nothing stops a system's resolver, so a thread of its own asks it,
/// which owns what it touches; this one stops waiting at the deadline or when it is cancelled.
/// Errors: unavailable, timed_out, cancelled, exhausted (`most_lookups` run already).
[[nodiscard]] std::vector<address_bytes> look_up(const std::shared_ptr<name_lookups>& all, const std::string& host,
                                                 std::chrono::steady_clock::time_point deadline,
                                                 const std::function<bool()>& cancelled);

/// The same without a thread that waits, for as long as it takes. Terminal cancellation ends it at once; the executor may
/// be gone before the resolver answers. `cause` is of `asio::error::get_netdb_category()` or its like.
[[nodiscard]] boost::asio::awaitable<std::vector<address_bytes>> look_up(std::shared_ptr<name_lookups> all,
                                                                         std::string host);

[[nodiscard]] boost::asio::ip::tcp::endpoint endpoint_of(const address_bytes& a, std::uint16_t port);

} // namespace lineside::net
