#pragma once

#include "net/connection.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <utility>

namespace lineside::net {

/// The connections of a client: so many at most, in use or put aside. Whoever comes when all are in use waits, in order.
/// On its strand.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
public:
    /// The right to one connection, which there may be already. Gives both back when it goes.
    class place {
    public:
        place() = default;
        place(place&& other) noexcept
            : pool_(std::move(other.pool_)),
              connection_(std::move(other.connection_)),
              whole_(other.whole_) {}
        place& operator=(place&&) = delete;
        ~place() {
            if (pool_)
                pool_->give_back(whole_ ? std::move(connection_) : nullptr);
        }

        [[nodiscard]] bool has_connection() const noexcept { return connection_ != nullptr; }
        [[nodiscard]] connection& operator*() const noexcept { return *connection_; }
        /// Instead of the one there is.
        void set(std::unique_ptr<connection> c) noexcept { connection_ = std::move(c); }
        /// It may serve another exchange.
        void keep() noexcept { whole_ = true; }
        /// Out of the pool, which has room for another one then.
        [[nodiscard]] std::unique_ptr<connection> take() noexcept { return std::move(connection_); }

    private:
        friend class connection_pool;
        place(std::shared_ptr<connection_pool> pool, std::unique_ptr<connection> c) noexcept
            : pool_(std::move(pool)),
              connection_(std::move(c)) {}

        std::shared_ptr<connection_pool> pool_;
        std::unique_ptr<connection> connection_;
        bool whole_ = false;
    };

    connection_pool(boost::asio::any_io_executor executor, std::size_t most, std::chrono::milliseconds idle,
                    std::shared_ptr<watchdog> dog);
    connection_pool(const connection_pool&) = delete;
    connection_pool& operator=(const connection_pool&) = delete;

    /// Whether somebody has to wait.
    [[nodiscard]] bool full() const noexcept { return !waiting_.empty() || (taken_ >= most_); }
    /// Whether a connection that was put aside is looked at once more: one that was just now is mostly as it was.
    enum class check : std::uint8_t { always, unless_fresh };
    /// Not while it is full.
    [[nodiscard]] place get(check c);
    /// Throws `lineside::error` (unavailable: closed); operation_aborted.
    [[nodiscard]] boost::asio::awaitable<place> wait();
    /// Lets go of what is put aside, and keeps nothing from now on.
    void close() noexcept;

private:
    using clock = std::chrono::steady_clock;
    class waiter;

    [[nodiscard]] std::unique_ptr<connection> alive(check c);
    void give_back(std::unique_ptr<connection> c) noexcept;

    const boost::asio::any_io_executor executor_;
    const std::size_t most_;
    const std::chrono::milliseconds idle_;
    const std::shared_ptr<watchdog> dog_;
    std::deque<std::unique_ptr<connection>> aside_; // the one that served last at the end
    std::list<waiter*> waiting_;
    std::size_t taken_ = 0;
    bool closed_ = false;
};

} // namespace lineside::net
