#include "portal/client/remote_watch.hpp"

#include "portal/client/call_control.hpp"
#include "wire/json.hpp"
#include "wire/live_message.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <random>
#include <shared_mutex>
#include <stop_token>
#include <utility>

namespace lineside {

namespace {

/// What a watch and its coroutines share. Lives on the client's strand.
class remote_stream : public std::enable_shared_from_this<remote_stream> {
public:
    remote_stream(std::shared_ptr<client_core> c, remote_asker who, watch_request request)
        : core(std::move(c)),
          strand(core->http().executor()),
          who_(std::move(who)),
          request_(std::move(request)),
          arrived_(strand) {}
    remote_stream(const remote_stream&) = delete;
    remote_stream& operator=(const remote_stream&) = delete;
    ~remote_stream() = default;

    const std::shared_ptr<client_core> core;
    const asio::any_io_executor strand;
    /// Ends it with its client.
    std::optional<std::stop_callback<std::function<void()>>> with_client;

    /// The next update. Cancelled, it has lost nothing.
    static asio::awaitable<watch_update> next(std::shared_ptr<remote_stream> self) {
        if (std::exchange(self->reading_, true))
            throw error(errc::conflict, "another read of this watch is pending");
        struct guard {
            remote_stream& s;
            ~guard() { s.reading_ = false; }
        } const done{*self};
        if (!self->running_ && !self->ended_) {
            self->running_ = true;
            asio::co_spawn(self->strand, run(self), asio::detached);
        }
        // A read that was cancelled has asked already.
        if (self->ahead_.empty() && !self->asked_ && !self->ended_) {
            self->asked_ = true;
            co_await self->ask();
        }
        while (self->ahead_.empty()) {
            if (const auto refused = std::exchange(self->refused_, std::nullopt))
                throw error(refused->ec, refused->details);
            if (self->ended_)
                throw error(self->ended_->ec, self->ended_->details);
            co_await sleep(self->arrived_);
        }
        auto update = std::move(self->ahead_.front());
        self->ahead_.pop_front();
        co_return update;
    }
    void close(errc why, std::string message) {
        if (!ended_)
            ended_ = failed_call{make_error_code(why), {std::move(message), {}, {}, 0, {}}};
        if (why == errc::cancelled)
            ahead_.clear();
        if (socket_)
            socket_->abandon();
        arrived_.cancel();
        pause_.reset();
    }

private:
    static asio::awaitable<void> sleep(asio::steady_timer& timer) {
        timer.expires_at(asio::steady_timer::time_point::max());
        co_await sleep_until(timer);
    }

    // Reads ahead until the watch ends. The position of the last update that came is where a lost connection goes on.
    static asio::awaitable<void> run(std::shared_ptr<remote_stream> self) {
        try {
            while (!self->ended_) {
                if (!self->socket_)
                    co_await self->open();
                auto text = co_await self->receive();
                if (!text)
                    continue;
                auto message = wire::parse_live_message(*text);
                if (auto* problem = std::get_if<failure>(&message.what)) {
                    bool again = false;
                    if (problem->code == errc::unauthenticated)
                        again = co_await self->other_token();
                    if (again)
                        continue;
                    throw error(problem->code, std::move(problem->details));
                }
                auto& update = std::get<watch_update>(message.what);
                self->request_.resume = update.position;
                self->asked_ = false;
                self->ahead_.push_back(std::move(update));
                self->arrived_.cancel();
            }
        } catch (...) {
            auto failed = failure_of(std::current_exception(), {});
            // Too many watches: later there may be room, and the next read asks again.
            if (failed.ec == errc::exhausted)
                self->refused_ = std::move(failed);
            else if (!self->ended_)
                self->ended_ = std::move(failed);
        }
        self->running_ = false;
        self->drop();
        self->arrived_.cancel();
    }

    // Nothing: the connection was lost. One that was lost before it said anything is as good as none.
    asio::awaitable<std::optional<std::string>> receive() {
        std::optional<std::string> text;
        std::exception_ptr why;
        try {
            text = co_await socket_->read();
            lost_at_.reset();
            failures_ = 0;
            heard_ = true;
        } catch (const error& e) {
            if (e.code() != errc::unavailable || ended_)
                throw;
            why = std::current_exception();
        }
        if (!text) {
            drop();
            if (!std::exchange(heard_, false))
                co_await pause(why);
        }
        co_return text;
    }

    void drop() {
        socket_.reset();
        open_ = false;
    }

    asio::awaitable<bool> other_token() {
        drop();
        if (who_.who || !core->options().refresh)
            co_return false;
        co_return co_await core->refresh_token(generation_);
    }

    // For one more update; a socket that is opened later asks for it then. What goes wrong the reader of the socket hears.
    asio::awaitable<void> ask() {
        if (!socket_ || !open_)
            co_return;
        std::string text;
        wire::live_command next;
        next.id = watch_id;
        next.next = true;
        wire::append_live_command(text, next);
        try {
            co_await socket_->write(text);
        } catch (const error& e) {
            if (e.code() != errc::unavailable)
                throw;
        }
    }

    // Until there is one, or nobody can wait for it any longer.
    asio::awaitable<void> open() {
        for (;;) {
            remote_call call;
            call.http.target = core->prefix() + "/v1/live";
            call.http.fields.set("Sec-WebSocket-Protocol", wire::live_protocol);
            generation_ = core->token_generation();
            call.http.fields.set("X-Request-Id", core->new_request_id());
            core->introduce(who_, call.http);
            if (call.http.fields["Authorization"].empty())
                throw error(errc::unauthenticated, "sign in first");
            std::exception_ptr why;
            try {
                net::http_response refused;
                socket_ = co_await core->http().open(call.http, refused);
                if (!socket_) {
                    constexpr unsigned unauthorized = 401;
                    bool again = false;
                    if (refused.status == unauthorized)
                        again = co_await other_token();
                    if (again)
                        continue;
                    throw_problem(refused);
                }
                wire::check_representable(request_);
                std::string text;
                wire::live_command subscribe;
                subscribe.id = watch_id;
                subscribe.subscribe = request_;
                subscribe.pull = true;
                wire::append_live_command(text, subscribe);
                co_await socket_->write(text);
                open_ = true;
                if (asked_)
                    co_await ask();
                co_return;
            } catch (const error& e) {
                const bool may_pass =
                    e.code() == errc::unavailable || e.code() == errc::timed_out || e.code() == errc::exhausted;
                if (!may_pass || ended_)
                    throw;
                why = std::current_exception();
            }
            drop();
            co_await pause(why);
        }
    }

    // Full jitter between attempts; throws `why` when it is time to give up.
    asio::awaitable<void> pause(std::exception_ptr why) {
        const auto& retries = core->options().retries;
        const auto now = std::chrono::steady_clock::now();
        ++failures_;
        if (!request_.resume.empty() && !lost_at_)
            lost_at_ = now;
        const bool patient = lost_at_ && now - *lost_at_ < retries.reconnect_for;
        if (!patient && failures_ >= retries.attempts)
            std::rethrow_exception(why);
        auto most = retries.base;
        for (unsigned i = 1; i < failures_ && most < retries.cap; ++i)
            most *= 2;
        std::random_device device;
        const auto wait = std::uniform_int_distribution<std::int64_t>(0, std::min(most, retries.cap).count())(device);
        pause_.emplace(strand, std::chrono::milliseconds(wait));
        co_await sleep_until(*pause_);
        pause_.reset();
        if (ended_)
            std::rethrow_exception(why);
    }
    static asio::awaitable<void> sleep_until(asio::steady_timer& timer) {
        error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    remote_asker who_;
    watch_request request_;
    std::unique_ptr<net::web_socket> socket_;
    std::deque<watch_update> ahead_;
    std::optional<failed_call> ended_;
    std::optional<failed_call> refused_; // not for good
    asio::steady_timer arrived_;
    std::optional<asio::steady_timer> pause_;
    std::optional<std::chrono::steady_clock::time_point> lost_at_;
    unsigned failures_ = 0;
    std::uint64_t generation_ = 0;
    static constexpr std::uint64_t watch_id = 1;
    bool open_ = false;  // the server knows the watch
    bool heard_ = false; // ... and has said something of it
    bool asked_ = false; // for an update that has not come yet
    bool running_ = false;
    bool reading_ = false;
};

class remote_watch final : public watch {
public:
    remote_watch(std::shared_ptr<client_core> core, remote_asker who, watch_request request)
        : stream_(std::make_shared<remote_stream>(std::move(core), std::move(who), std::move(request))) {
        stream_->with_client.emplace(stream_->core->closing(),
                                     [strand = stream_->strand, weak = std::weak_ptr(stream_)] {
                                         asio::post(strand, [weak] {
                                             if (const auto s = weak.lock())
                                                 s->close(errc::unavailable, "the client is closed");
                                         });
                                     });
    }
    ~remote_watch() override {
        if (stream_->core->is_inherited())
            new std::shared_ptr<remote_stream>(std::move(stream_)); // kept for ever: it lies on the parent's threads
        else
            close();
    }

    [[nodiscard]] executor_type get_executor() const noexcept override { return stream_->core->executor(); }
    // What nobody holds any longer has nothing to close; a client that is gone would hold what waits in its queue for ever.
    void close() override {
        if (stream_->core->is_inherited())
            return;
        asio::post(stream_->strand, [weak = std::weak_ptr(stream_)] {
            if (const auto s = weak.lock())
                s->close(errc::cancelled, "the watch was closed");
        });
    }

private:
    void do_next(operation_context context, completion done) override;

    std::shared_ptr<remote_stream> stream_;
};

void remote_watch::do_next(operation_context context, completion done) {
    asio::any_completion_executor executor = asio::prefer(
        asio::get_associated_executor(done, stream_->core->executor()), asio::execution::outstanding_work.tracked);
    const asio::cancellation_slot slot = asio::get_associated_cancellation_slot(done);
    auto finish = [executor, slot, details = context.details, done = std::move(done)](error_code ec, diagnostics why,
                                                                                      watch_update update) mutable {
        if (ec)
            *details = std::move(why);
        asio::dispatch(executor, [slot = slot, ec, update = std::move(update), done = std::move(done)]() mutable {
            slot.clear();
            std::move(done)(ec, std::move(update));
        });
    };
    const auto core = stream_->core; // the handler may let this watch go
    std::shared_lock<std::shared_mutex> begun;
    try {
        begun = core->make_usable();
    } catch (const error& e) {
        asio::post(asio::system_executor(),
                   [finish = std::move(finish), e]() mutable { std::move(finish)(e.code(), e.details(), {}); });
        return;
    }
    spawn_call<watch_update>(
        stream_->strand, slot, context.options.stop, context.options.timeout,
        [s = stream_] { return remote_stream::next(s); },
        [finish = std::move(finish)](std::exception_ptr e, std::optional<errc> why, watch_update update) mutable {
            failed_call failed;
            if (e)
                failed = failure_of(e, why);
            std::move(finish)(failed.ec, std::move(failed.details), std::move(update));
        });
}

} // namespace

std::shared_ptr<watch> watch_remote(std::shared_ptr<client_core> core, remote_asker who, watch_request request) {
    return std::make_shared<remote_watch>(std::move(core), std::move(who), std::move(request));
}

} // namespace lineside
