#pragma once

#include "net/https_post.hpp"

#include <atomic>
#include <chrono>
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

} // namespace lineside::net
