#include "portal/server/live_socket.hpp"

#include "net/exact_allocator.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace lineside {

namespace {

constexpr std::size_t most_watches = 16; // of one socket
constexpr unsigned most_wanted = 64;     // updates of a watch, asked for ahead
constexpr std::size_t most_words = 120;  // bytes of a goodbye

} // namespace

/// Tells the socket when the server goes; from any thread.
struct live_socket::departure {
    struct call {
        asio::any_io_executor strand;
        std::weak_ptr<live_socket> of;

        void operator()() const {
            asio::post(strand, [weak = of] {
                if (const auto l = weak.lock())
                    l->leave();
            });
        }
    };

    departure(const std::stop_token& going, const std::shared_ptr<live_socket>& of)
        : called(going, call{of->strand_, of}) {}

    const std::stop_callback<call> called;
};

live_socket::live_socket(std::unique_ptr<net::web_socket> socket, asio::any_io_executor strand, server_core& core,
                         visitor from, request_record record)
    : socket_(std::move(socket)),
      strand_(std::move(strand)),
      core_(core),
      from_(std::move(from)),
      record_(std::move(record)) {}

live_socket::~live_socket() { core_.figures.watchers -= watches_.size(); }

void live_socket::bind(std::shared_ptr<portal> who) {
    bound_ = std::move(who);
    known_ = true;
    if (introduction_ != nullptr)
        introduction_->cancel();
}

void live_socket::start() {
    going_ = std::make_unique<departure>(core_.going.get_token(), shared_from_this());
    if (!known_)
        asio::co_spawn(strand_, wait_for_introduction(shared_from_this()), asio::detached);
    asio::co_spawn(strand_, listen(shared_from_this()), asio::detached);
}

// ---- what the client says

asio::awaitable<void> live_socket::listen(std::shared_ptr<live_socket> self) {
    std::string wrong;
    try {
        for (;;) {
            const auto said = co_await self->socket_->read();
            const auto refusal = self->obey(said);
            if (!refusal.empty())
                co_await self->write(refusal);
        }
    } catch (const error& e) {
        wrong = e.code() == errc::invalid_argument ? e.what() : "";
    } catch (const std::exception&) {
        self->socket_->abandon(); // for want of memory
    }
    if (self->introduction_ != nullptr)
        self->introduction_->cancel();
    const auto watches = self->watches_;
    for (const auto& [id, f] : watches)
        self->end(f);
    if (!wrong.empty())
        co_await self->close(net::socket_close::policy, std::string_view(wrong).substr(0, most_words));
    self->core_.note(std::move(self->record_), std::move(self->from_));
}

// What is to be said to it; mostly nothing.
std::string live_socket::obey(std::string_view said) {
    auto command = wire::parse_live_command(said);
    if (!command.token.empty()) {
        bind(core_.lineside.as({std::move(command.token), from_.address, from_.user_agent}));
    } else if (command.unsubscribe) {
        if (const auto found = watches_.find(command.id); found != watches_.end())
            end(found->second);
    } else if (command.next) {
        want(command.id);
    } else {
        return subscribe(std::move(command));
    }
    return {};
}

std::string live_socket::subscribe(wire::live_command command) {
    const auto id = command.id;
    if (!known_)
        throw error(errc::invalid_argument, "say who you are first: {\"token\":...}");
    failure refusal;
    if (watches_.contains(id))
        refusal = {make_error_code(errc::conflict), {"this id is in use", "id", {}, 0, {}}};
    else if (watches_.size() >= most_watches)
        refusal = {make_error_code(errc::exhausted), {"a socket has at most 16 watches", "id", {}, 0, {}}};
    else if (core_.figures.watchers >= core_.options.limits.watchers)
        refusal = {make_error_code(errc::unavailable), {too_many_streams, {}, {}, 0, {}}};
    std::string text;
    if (refusal.code) {
        wire::append_live_problem(text, id, refusal);
        return text;
    }
    auto w = (bound_ ? *bound_ : core_.lineside).watch(*std::move(command.subscribe));
    const auto f = std::make_shared<followed>(id, std::move(w), command.pull);
    watches_.emplace(id, f);
    ++core_.figures.watchers;
    follow(f);
    return text;
}

void live_socket::want(std::uint64_t id) {
    const auto found = watches_.find(id);
    if (found == watches_.end())
        return; // it has ended, and the client is about to hear of it
    const auto f = found->second;
    f->wanted = std::min(f->wanted + 1, most_wanted);
    if (std::exchange(f->resting, false))
        follow(f);
}

void live_socket::end(const std::shared_ptr<followed>& f) {
    f->w->close();
    f->ended = true;
    if (std::exchange(f->resting, false))
        follow(f);
}

// Whoever does not say who they are in time takes a place that others need.
asio::awaitable<void> live_socket::wait_for_introduction(std::shared_ptr<live_socket> self) {
    if (self->known_)
        co_return;
    error_code ended;
    asio::steady_timer late(self->strand_, self->core_.options.limits.header);
    self->introduction_ = &late;
    co_await late.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    self->introduction_ = nullptr;
    if (!ended && !self->known_)
        co_await self->close(net::socket_close::policy, "say who you are first");
}

// ---- what it is told

// An update at a time: the watch itself keeps what a slow client has not taken yet.
void live_socket::follow(const std::shared_ptr<followed>& f) {
    if (f->pull && !f->ended) {
        f->resting = f->wanted == 0;
        if (f->resting)
            return;
        --f->wanted;
    }
    call_options options;
    options.details = f->details;
    f->w->async_next(std::move(options),
                     asio::bind_allocator(
                         net::exact_allocator<>(),
                         asio::bind_executor(strand_, [self = shared_from_this(), f](error_code ec, watch_update u) {
                             self->take(f, ec, u);
                         })));
}

void live_socket::take(const std::shared_ptr<followed>& f, error_code ec, const watch_update& u) noexcept {
    try {
        if (ec) {
            asio::co_spawn(strand_, tell_end(shared_from_this(), f, ec), asio::detached);
            return;
        }
        std::string update;
        wire::append_update(update, u);
        std::string text;
        wire::append_live_update(text, f->id, update);
        asio::co_spawn(strand_, tell(shared_from_this(), f, std::move(text)), asio::detached);
    } catch (const std::exception&) {
        socket_->abandon(); // for want of memory
    }
}

asio::awaitable<void> live_socket::tell(std::shared_ptr<live_socket> self, std::shared_ptr<followed> f,
                                        std::string update) {
    try {
        co_await self->write(update);
        self->follow(f);
    } catch (const std::exception&) {
        self->end(f); // the socket is gone
    }
}

asio::awaitable<void> live_socket::tell_end(std::shared_ptr<live_socket> self, std::shared_ptr<followed> f,
                                            error_code why) {
    if (self->watches_.erase(f->id) > 0)
        --self->core_.figures.watchers;
    try {
        std::string text;
        wire::append_live_problem(text, f->id, {why, *f->details});
        co_await self->write(text);
        if (why == errc::unauthenticated)
            co_await self->close(net::socket_close::unauthorized, "signed out");
    } catch (const error&) {
        // The socket is gone.
    }
}

asio::awaitable<void> live_socket::write(std::string_view text) {
    if (std::exchange(writing_, true)) {
        const auto turn = std::make_shared<asio::steady_timer>(strand_, asio::steady_timer::time_point::max());
        waiting_.push_back(turn);
        error_code woken;
        co_await turn->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    // Whoever has waited longest is next, and has the turn from here on.
    struct guard {
        live_socket& s;
        ~guard() {
            s.writing_ = !s.waiting_.empty();
            if (!s.writing_)
                return;
            s.waiting_.front()->cancel();
            s.waiting_.erase(s.waiting_.begin());
        }
    } const done{*this};
    co_await socket_->write(text);
}

void live_socket::leave() {
    asio::co_spawn(
        strand_,
        [](std::shared_ptr<live_socket> self) -> asio::awaitable<void> {
            co_await self->close(net::socket_close::going_away, "the server is going");
        }(shared_from_this()),
        asio::detached);
}

// Whoever is first says why; a socket says goodbye once.
asio::awaitable<void> live_socket::close(net::socket_close why, std::string_view reason) {
    if (!std::exchange(closing_, true))
        co_await socket_->close(why, reason);
}

} // namespace lineside
