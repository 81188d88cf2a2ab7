#pragma once

#include <lineside/server.hpp>

#include "net/http_server.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace lineside {

/// What a server counts, for Prometheus, and its last requests. Thread-safe.
class server_figures {
public:
    server_figures();

    /// `operation` is its row in the table; the number of rows is none.
    void count(std::size_t operation, served_request r);
    void count_throttled() noexcept { throttled_.fetch_add(1, std::memory_order_relaxed); }
    std::atomic<std::size_t> streams = 0;
    std::atomic<std::size_t> watchers = 0;

    /// The text exposition format, version 0.0.4.
    [[nodiscard]] std::string metrics(const net::http_server_figures& connections) const;
    /// The last requests, oldest first, a line each.
    [[nodiscard]] std::string recent() const;

private:
    // Upper bounds of the buckets of latency, in seconds; a last one has no bound.
    static constexpr std::array<double, 11> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5};
    static constexpr std::size_t most_recent = 1'000;
    static constexpr std::array<unsigned, 16> statuses{200, 204, 304, 400, 401, 403, 404, 405,
                                                       409, 412, 422, 428, 429, 500, 503, 0}; // 0: any other

    struct row {
        std::array<std::atomic<std::uint64_t>, statuses.size()> by_status{};
        std::array<std::atomic<std::uint64_t>, bounds.size() + 1> by_time{};
        std::atomic<std::uint64_t> microseconds = 0;
        std::atomic<std::uint64_t> bytes = 0;
    };

    std::vector<row> rows_;
    std::atomic<std::uint64_t> throttled_ = 0;
    mutable std::mutex mutex_; // guards what follows
    std::deque<std::pair<std::chrono::system_clock::time_point, served_request>> recent_;
};

/// A request as a line, in the order of the Combined Log Format; what could end or fake a line is escaped.
[[nodiscard]] std::string log_line(const served_request& r, std::chrono::system_clock::time_point now);

} // namespace lineside
