#include "net/http_server_state.hpp"

#include <lineside/error.hpp>

#include "net/http_connection.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace lineside::net {

namespace {

namespace asio = boost::asio;

constexpr auto longest_tick = std::chrono::milliseconds(500);

// An eighth of the shortest limit: nobody gets much more time than that.
http_server_state::clock::duration tick_of(const http_server_limits& l) {
    const auto shortest = std::min({l.handshake, l.header, l.idle, l.body_grace, l.write_stall});
    return std::clamp<std::chrono::milliseconds>(shortest / 8, std::chrono::milliseconds(1), longest_tick);
}

// Who has an IPv6 address has the /64 around it.
http_server_state::address_key key_of(const asio::ip::address& a) {
    http_server_state::address_key key{};
    if (a.is_v4() || a.to_v6().is_v4_mapped()) {
        const auto v4 = a.is_v4() ? a.to_v4() : asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6());
        const auto bytes = asio::ip::make_address_v6(asio::ip::v4_mapped, v4).to_bytes();
        std::copy(bytes.begin(), bytes.end(), key.begin());
    } else {
        const auto bytes = a.to_v6().to_bytes();
        std::copy_n(bytes.begin(), 8, key.begin());
    }
    return key;
}

} // namespace

http_server_state::http_server_state(asio::any_io_executor listener, const http_server_limits& l,
                                     http_server::handler h, http_server::refuser r)
    : limits(l),
      handle(std::move(h)),
      refuse(std::move(r)),
      executor_(std::move(listener)),
      tick_(tick_of(l)),
      timer_(executor_),
      grace_(executor_) {}

std::optional<http_server_state::place> http_server_state::admit(const asio::ip::address& from) {
    const auto key = key_of(from);
    {
        const std::lock_guard guard(mutex_);
        if (taken_ >= limits.connections)
            return std::nullopt;
        auto& taken = places_[key];
        if (taken >= limits.connections_of_address) // not zero, then
            return std::nullopt;
        ++taken;
        ++taken_;
    }
    if (!std::exchange(watching_, true))
        watch();
    return place(shared_from_this(), key);
}

void http_server_state::leave(const address_key& from) noexcept {
    const std::lock_guard guard(mutex_);
    const auto at = places_.find(from);
    if (--at->second == 0)
        places_.erase(at);
    --taken_;
    if (taken_ == 0 && stopped_)
        come_to_an_end();
}

http_server_state::connections::iterator http_server_state::enter(http_connection& one) {
    const std::lock_guard guard(mutex_);
    return all_.insert(all_.end(), &one);
}

void http_server_state::forget(connections::iterator one) noexcept {
    const std::lock_guard guard(mutex_);
    all_.erase(one);
}

std::size_t http_server_state::open() const {
    const std::lock_guard guard(mutex_);
    return taken_;
}

// One timer for all connections: that a deadline is set costs them nothing, and an idle one has no timer of its own.
void http_server_state::watch() {
    timer_.expires_after(tick_);
    timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (ec)
            return;
        self->give_up_late();
        if (self->open() > 0)
            self->watch();
        else
            self->watching_ = false;
    });
}

std::list<std::shared_ptr<http_connection>> http_server_state::all_that(
    const std::function<bool(http_connection&)>& is) {
    std::list<std::shared_ptr<http_connection>> found;
    const std::lock_guard guard(mutex_);
    for (auto* one : all_)
        if (is(*one))
            if (auto kept = one->weak_from_this().lock()) // else it is just being destroyed
                found.push_back(std::move(kept));
    return found;
}

void http_server_state::give_up_late() {
    const auto now = clock::now();
    for (auto& one : all_that([&](const http_connection& c) { return c.is_late(now); }))
        asio::post(one->executor(), [one] { one->expire(); });
}

void http_server_state::tell_all(void (http_connection::*what)()) {
    for (auto& one : all_that([](const http_connection&) { return true; }))
        asio::post(one->executor(), [one, what] { ((*one).*what)(); });
}

void http_server_state::drain(std::chrono::milliseconds grace, std::function<void()> stopped) {
    draining_ = true;
    {
        const std::lock_guard guard(mutex_);
        stopped_ = stopped ? std::move(stopped) : [] {};
        if (taken_ == 0)
            return come_to_an_end();
    }
    tell_all(&http_connection::drain);
    grace_.expires_after(grace);
    grace_.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec)
            self->tell_all(&http_connection::abandon);
    });
}

// Guarded by the caller.
void http_server_state::come_to_an_end() {
    asio::post(executor_, [self = shared_from_this(), stopped = std::exchange(stopped_, nullptr)] {
        self->timer_.cancel();
        self->grace_.cancel();
        stopped();
    });
}

} // namespace lineside::net
