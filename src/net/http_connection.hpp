#pragma once

#include "net/http_server_state.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <chrono>
#include <memory>

namespace lineside::net {

/// One connection, as the server sees it.
class http_connection : public std::enable_shared_from_this<http_connection> {
public:
    using clock = http_server_state::clock;

    http_connection(std::shared_ptr<http_server_state> of, http_server_state::place place)
        : place_(std::move(place)),
          server_(std::move(of)),
          self_(server_->enter(*this)) {}
    http_connection(const http_connection&) = delete;
    http_connection& operator=(const http_connection&) = delete;
    virtual ~http_connection() { server_->forget(self_); }

    /// Thread-safe.
    [[nodiscard]] bool is_late(clock::time_point now) const noexcept {
        const auto t = now.time_since_epoch().count();
        return t >= read_by_.load(std::memory_order_relaxed) || t >= write_by_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] virtual boost::asio::any_io_executor executor() = 0;

    /// On its executor, as the next ones: ends what is late.
    virtual void expire() = 0;
    /// Ends it where it is idle; the server's state says that there is no request after this one.
    virtual void drain() = 0;
    virtual void abandon() = 0;

protected:
    static constexpr clock::rep never = clock::time_point::max().time_since_epoch().count();

    [[nodiscard]] http_server_state& server() const noexcept { return *server_; }
    void read_until(clock::time_point t) noexcept {
        read_by_.store(t.time_since_epoch().count(), std::memory_order_relaxed);
    }
    void write_until(clock::time_point t) noexcept {
        write_by_.store(t.time_since_epoch().count(), std::memory_order_relaxed);
    }
    [[nodiscard]] bool reads_late(clock::time_point now) const noexcept {
        return now.time_since_epoch().count() >= read_by_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool writes_late(clock::time_point now) const noexcept {
        return now.time_since_epoch().count() >= write_by_.load(std::memory_order_relaxed);
    }

private:
    const http_server_state::place place_; // free again when all else is gone
    const std::shared_ptr<http_server_state> server_;
    const http_server_state::connections::iterator self_;
    std::atomic<clock::rep> read_by_ = never;
    std::atomic<clock::rep> write_by_ = never;
};

/// Serves a connection until it ends, on the socket's executor; over TLS where there is a context.
void serve_connection(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& peer,
                      std::shared_ptr<http_server_state> server, http_server_state::place place,
                      std::shared_ptr<boost::asio::ssl::context> tls);

} // namespace lineside::net
