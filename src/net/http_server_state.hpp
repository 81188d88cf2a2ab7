#pragma once

#include "net/http_server.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>

namespace lineside::net {

class http_connection;

/// What a server's listener and its connections share; outlives the server as long as there is a connection.
/// Thread-safe.
class http_server_state : public std::enable_shared_from_this<http_server_state> {
public:
    using clock = std::chrono::steady_clock;
    using connections = std::list<http_connection*>;
    using address_key = std::array<std::uint8_t, 16>;

    http_server_state(boost::asio::any_io_executor listener, const http_server_limits& l, http_server::handler handle,
                      http_server::refuser refuse);

    const http_server_limits limits;
    const http_server::handler handle;
    const http_server::refuser refuse;

    struct {
        std::atomic<std::uint64_t> accepted = 0;
        std::atomic<std::uint64_t> refused = 0;
        std::atomic<std::uint64_t> bad_requests = 0;
        std::atomic<std::uint64_t> failed_handshakes = 0;
    } figures;

    /// A place among the connections, which is free again when it is let go.
    class place {
    public:
        place(std::shared_ptr<http_server_state> in, const address_key& of) : in_(std::move(in)), of_(of) {}
        place(place&&) noexcept = default;
        place& operator=(place&&) = delete;
        ~place() {
            if (in_)
                in_->leave(of_);
        }

    private:
        std::shared_ptr<http_server_state> in_;
        address_key of_;
    };
    /// Nothing where there are too many already.
    [[nodiscard]] std::optional<place> admit(const boost::asio::ip::address& from);

    /// Known from here on to whoever looks after the time, and is told when the server ends.
    [[nodiscard]] connections::iterator enter(http_connection& one);
    void forget(connections::iterator one) noexcept;

    [[nodiscard]] bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t open() const;
    /// Once. On the listener's executor.
    void drain(std::chrono::milliseconds grace, std::function<void()> stopped);

private:
    void leave(const address_key& from) noexcept;
    void watch();
    void give_up_late();
    void tell_all(void (http_connection::*what)());
    void come_to_an_end();
    [[nodiscard]] std::list<std::shared_ptr<http_connection>> all_that(const std::function<bool(http_connection&)>& is);

    const boost::asio::any_io_executor executor_;
    const clock::duration tick_;
    boost::asio::steady_timer timer_; // on the listener's executor, as is the next one
    boost::asio::steady_timer grace_;
    bool watching_ = false;
    std::atomic<bool> draining_ = false;
    mutable std::mutex mutex_; // guards what follows
    connections all_;
    std::map<address_key, std::size_t> places_;
    std::size_t taken_ = 0;
    std::function<void()> stopped_;
};

} // namespace lineside::net
