#pragma once

#include <lineside/server.hpp>

#include "portal/random.hpp"
#include "portal/server/figures.hpp"
#include "portal/server/request_limiter.hpp"
#include "portal/server/served_operations.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace lineside {

/// A request under way, as it will be told.
struct request_record {
    served_request shown{};
    std::size_t operation = 0; ///< its row in the table; the number of rows: none
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

/// What all visits of one server share.
struct server_core {
    server_core(portal& served, server_options o);

    portal& lineside;
    const server_options options;
    server_figures figures;
    request_limiter limiter;
    random_reserve random; ///< for the identifiers of requests
    /// Threads of operations whose host code blocks: one at a time each.
    asio::thread_pool streams;
    std::atomic<bool> draining = false;
    /// Asked when draining begins: what would go on for ever ends then.
    std::stop_source going;

    /// The document at `/openapi.json`, made when somebody asks.
    [[nodiscard]] const std::string& openapi();

    [[nodiscard]] bool trusts(std::string_view address) const;
    /// It has ended now.
    void note(request_record r, visitor from);

private:
    std::once_flag openapi_made_;
    std::string openapi_;
};

} // namespace lineside
