#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace lineside {

namespace asio = boost::asio;

/// Joins a thread that may wait, because host code runs on it, with coroutines that may not. Pieces of bytes go in both
/// ways, a bounded number of them at a time. The coroutines run on one strand; one of them puts, one of them gets.
/// When either side fails or leaves, the other one's next step throws.
class stream_bridge {
public:
    explicit stream_bridge(asio::any_io_executor strand);
    stream_bridge(const stream_bridge&) = delete;
    stream_bridge& operator=(const stream_bridge&) = delete;

    // ---- on the strand

    /// Hands a piece to the thread; waits for room. Throws what the bridge failed with.
    [[nodiscard]] asio::awaitable<void> put(std::string piece);
    /// After its last piece `take` says that it is the end, or throws `why` where it is none.
    void finish_putting(std::exception_ptr why = nullptr);
    /// The thread's next piece; nothing at its end.
    [[nodiscard]] asio::awaitable<std::optional<std::string>> get();

    // ---- on the thread

    /// The next piece, waiting for it; nothing at the end.
    [[nodiscard]] std::optional<std::string> take();
    /// Waits for room.
    void give(std::string piece);
    /// Ends giving before it is finished: what was not fetched yet is dropped.
    void abandon();
    enum class ready : unsigned char {
        piece,    ///< there is one to take
        room,     ///< there is room to give, and giving is not finished
        finished, ///< both ways
        not_yet,
    };
    /// Waits for something to do, but no longer than this.
    [[nodiscard]] ready wait(std::chrono::milliseconds at_most);

    // ---- on either

    void finish_giving();
    /// Ends it: every step throws `why` from now on.
    void fail(std::exception_ptr why) noexcept;
    [[nodiscard]] bool abandoned() const;

private:
    static constexpr std::size_t most_pieces = 4;

    struct queue {
        std::deque<std::string> pieces;
        bool ended = false;
        [[nodiscard]] bool full() const noexcept { return pieces.size() >= most_pieces; }
    };
    /// A coroutine that waits, woken from anywhere.
    struct sleeper {
        std::shared_ptr<asio::steady_timer> timer;
        bool asleep = false;
    };
    void check() const;
    /// The lock is held.
    void wake(sleeper& who);
    /// Lets the lock go while it waits.
    [[nodiscard]] asio::awaitable<void> sleep(sleeper& who, std::unique_lock<std::mutex>& lock);

    const asio::any_io_executor strand_;
    mutable std::mutex mutex_;
    std::condition_variable changed_; // for the thread
    queue inward_;                    // to the thread
    std::exception_ptr broken_off_;   // behind its last piece
    queue outward_;
    bool abandoned_ = false;
    std::exception_ptr failure_;
    sleeper putting_;
    sleeper getting_;
};

} // namespace lineside
