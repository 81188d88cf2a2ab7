#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace lineside::net {

class watchdog;

/// Something under way that can be ended from outside: because it takes too long, or because everything ends. On the
/// watchdog's executor.
class watched : public boost::intrusive::list_base_hook<> {
public:
    using clock = std::chrono::steady_clock;
    enum class ending : std::uint8_t { none, late, closed };

    explicit watched(std::shared_ptr<watchdog> by);
    watched(const watched&) = delete;
    watched& operator=(const watched&) = delete;

    [[nodiscard]] ending ended() const noexcept { return ended_; }

protected:
    ~watched();

    /// From now on it has to end, or to be put off, by then. Putting off costs nothing.
    void end_at(clock::time_point deadline);
    void end_never() noexcept { deadline_ = clock::time_point::max(); }
    /// Makes what is pending fail. Called once, and may not destroy anything watched.
    virtual void stop() noexcept = 0;

private:
    friend class watchdog;
    void end(ending why) noexcept;

    const std::shared_ptr<watchdog> by_;
    clock::time_point deadline_ = clock::time_point::max();
    ending ended_ = ending::none;
};

/// Ends what is late. One timer serves everything: it is set for the earliest deadline, looks again at those that were
/// put off since, and is gone when nothing is under way, so that an executor can run out of work.
class watchdog : public std::enable_shared_from_this<watchdog> {
public:
    explicit watchdog(const boost::asio::any_io_executor& executor);
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    void end_all() noexcept;

private:
    friend class watched;
    using clock = std::chrono::steady_clock;

    void wake_at(clock::time_point t);
    void look();
    void rest_soon();

    boost::intrusive::list<watched> all_;
    boost::asio::steady_timer timer_;
    clock::time_point waking_ = clock::time_point::max(); // max: the timer is not set
    bool resting_ = false;                                // about to look whether there is nothing to watch
};

} // namespace lineside::net
