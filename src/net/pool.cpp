#include "net/pool.hpp"

#include <lineside/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <cerrno>
#include <optional>

#include <sys/socket.h>

namespace lineside::net {

namespace asio = boost::asio;

namespace {

constexpr auto fresh = std::chrono::milliseconds(1);

// Nothing may come while nothing was asked: a goodbye, or worse. So what can be read is the end.
bool is_quiet(connection& c) {
    char byte = 0;
    return ::recv(c.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace

// One in the queue.
class connection_pool::waiter final : public watched {
public:
    explicit waiter(connection_pool& pool)
        : watched(pool.dog_),
          pool_(pool),
          at_(pool.waiting_.insert(pool.waiting_.end(), this)),
          timer(pool.executor_, clock::time_point::max()) {}
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() {
        if (!given)
            pool_.waiting_.erase(at_);
    }

    void give(place p) {
        pool_.waiting_.erase(at_);
        given.emplace(std::move(p));
        timer.cancel();
    }

private:
    void stop() noexcept override { timer.cancel(); }

    connection_pool& pool_;
    const std::list<waiter*>::iterator at_;

public:
    asio::steady_timer timer;
    std::optional<place> given;
};

connection_pool::connection_pool(asio::any_io_executor executor, std::size_t most, std::chrono::milliseconds idle,
                                 std::shared_ptr<watchdog> dog)
    : executor_(std::move(executor)),
      most_(most),
      idle_(idle),
      dog_(std::move(dog)) {}

connection_pool::place connection_pool::get(check c) {
    auto found = alive(c);
    ++taken_;
    return {shared_from_this(), std::move(found)};
}

asio::awaitable<connection_pool::place> connection_pool::wait() {
    const auto self = shared_from_this();
    waiter w(*this);
    (void)co_await w.timer.async_wait(asio::as_tuple(asio::deferred));
    if (w.given)
        co_return std::move(*w.given);
    if (w.ended() == watched::ending::closed)
        throw error(errc::unavailable, "the client is closed");
    throw boost::system::system_error(asio::error::operation_aborted);
}

void connection_pool::close() noexcept {
    closed_ = true;
    aside_.clear();
}

std::unique_ptr<connection> connection_pool::alive(check how) {
    if (aside_.empty())
        return nullptr;
    const auto now = clock::now();
    const auto oldest = now - idle_;
    while (!aside_.empty() && aside_.front()->served <= oldest)
        aside_.pop_front();
    while (!aside_.empty()) {
        auto c = std::move(aside_.back());
        aside_.pop_back();
        if ((how == check::unless_fresh && now - c->served < fresh) || is_quiet(*c))
            return c;
    }
    return nullptr;
}

void connection_pool::give_back(std::unique_ptr<connection> c) noexcept {
    if (closed_)
        c.reset();
    if (!waiting_.empty())
        return waiting_.front()->give({shared_from_this(), std::move(c)});
    --taken_;
    if (!c)
        return;
    aside_.push_back(std::move(c));
}

} // namespace lineside::net
