#include "net/watchdog.hpp"

#include <boost/asio/defer.hpp>

#include <algorithm>
#include <utility>

namespace lineside::net {

watched::watched(std::shared_ptr<watchdog> by) : by_(std::move(by)) { by_->all_.push_back(*this); }

watched::~watched() {
    by_->all_.erase(by_->all_.iterator_to(*this));
    if (by_->all_.empty())
        by_->rest_soon();
}

void watched::end_at(clock::time_point deadline) {
    deadline_ = deadline;
    if (deadline < by_->waking_)
        by_->wake_at(deadline);
}

void watched::end(ending why) noexcept {
    if (ended_ != ending::none)
        return;
    ended_ = why;
    stop();
}

watchdog::watchdog(const boost::asio::any_io_executor& executor) : timer_(executor) {}

void watchdog::end_all() noexcept {
    for (auto& w : all_)
        w.end(watched::ending::closed);
}

void watchdog::wake_at(clock::time_point t) {
    waking_ = t;
    timer_.expires_at(t);
    timer_.async_wait([w = weak_from_this()](boost::system::error_code ec) {
        const auto self = w.lock();
        if (self && !ec)
            self->look();
    });
}

void watchdog::look() {
    waking_ = clock::time_point::max();
    const auto now = clock::now();
    auto next = clock::time_point::max();
    for (auto& w : all_) {
        if (w.deadline_ <= now)
            w.end(watched::ending::late);
        else
            next = std::min(next, w.deadline_);
    }
    if (next != clock::time_point::max())
        wake_at(next);
}

// Not at once: whoever makes one call after the other would set the timer for each.
void watchdog::rest_soon() {
    if (waking_ == clock::time_point::max() || std::exchange(resting_, true))
        return;
    boost::asio::defer(timer_.get_executor(), [w = weak_from_this()] {
        const auto self = w.lock();
        if (!self)
            return;
        self->resting_ = false;
        if (!self->all_.empty())
            return;
        self->waking_ = clock::time_point::max();
        self->timer_.cancel();
    });
}

} // namespace lineside::net
