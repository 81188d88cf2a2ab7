#include "portal/stream_bridge.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <utility>

namespace lineside {

stream_bridge::stream_bridge(asio::any_io_executor strand)
    : strand_(std::move(strand)),
      putting_{std::make_shared<asio::steady_timer>(strand_)},
      getting_{std::make_shared<asio::steady_timer>(strand_)} {}

void stream_bridge::check() const {
    if (failure_)
        std::rethrow_exception(failure_);
}

// What is posted runs on the strand, so after the coroutine there has gone to sleep.
void stream_bridge::wake(sleeper& who) {
    if (!std::exchange(who.asleep, false))
        return;
    asio::post(strand_, [timer = who.timer] { timer->cancel(); });
}

asio::awaitable<void> stream_bridge::sleep(sleeper& who, std::unique_lock<std::mutex>& lock) {
    who.asleep = true;
    who.timer->expires_at(std::chrono::steady_clock::time_point::max());
    lock.unlock();
    boost::system::error_code woken;
    co_await who.timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    lock.lock();
    who.asleep = false;
}

asio::awaitable<void> stream_bridge::put(std::string piece) {
    std::unique_lock lock(mutex_);
    for (check(); inward_.full(); check())
        co_await sleep(putting_, lock);
    inward_.pieces.push_back(std::move(piece));
    changed_.notify_all();
}

void stream_bridge::finish_putting(std::exception_ptr why) {
    const std::lock_guard lock(mutex_);
    inward_.ended = true;
    broken_off_ = std::move(why);
    changed_.notify_all();
}

asio::awaitable<std::optional<std::string>> stream_bridge::get() {
    std::unique_lock lock(mutex_);
    for (check(); outward_.pieces.empty(); check()) {
        if (outward_.ended)
            co_return std::nullopt;
        co_await sleep(getting_, lock);
    }
    auto piece = std::move(outward_.pieces.front());
    outward_.pieces.pop_front();
    changed_.notify_all();
    co_return piece;
}

std::optional<std::string> stream_bridge::take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || !inward_.pieces.empty() || inward_.ended; });
    check();
    if (inward_.pieces.empty()) {
        if (broken_off_)
            std::rethrow_exception(broken_off_);
        return std::nullopt;
    }
    auto piece = std::move(inward_.pieces.front());
    inward_.pieces.pop_front();
    wake(putting_);
    return piece;
}

void stream_bridge::give(std::string piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || !outward_.full(); });
    check();
    outward_.pieces.push_back(std::move(piece));
    wake(getting_);
}

void stream_bridge::abandon() {
    const std::lock_guard lock(mutex_);
    outward_.pieces.clear();
    outward_.ended = true;
    abandoned_ = true;
    wake(getting_);
}

bool stream_bridge::abandoned() const {
    const std::lock_guard lock(mutex_);
    return abandoned_;
}

void stream_bridge::finish_giving() {
    const std::lock_guard lock(mutex_);
    outward_.ended = true;
    wake(getting_);
    changed_.notify_all();
}

stream_bridge::ready stream_bridge::wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    const auto now = [&] {
        if (!inward_.pieces.empty())
            return ready::piece;
        if (!outward_.ended && !outward_.full())
            return ready::room;
        return inward_.ended && outward_.ended ? ready::finished : ready::not_yet;
    };
    changed_.wait_for(lock, at_most, [&] { return failure_ || now() != ready::not_yet; });
    check();
    return now();
}

void stream_bridge::fail(std::exception_ptr why) noexcept {
    const std::lock_guard lock(mutex_);
    if (!failure_)
        failure_ = std::move(why);
    changed_.notify_all();
    wake(putting_);
    wake(getting_);
}

} // namespace lineside
