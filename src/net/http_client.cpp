#include "net/http_client.hpp"

#include <lineside/error.hpp>

#include "net/dial.hpp"
#include "net/exchange.hpp"
#include "net/pool.hpp"
#include "net/request_head.hpp"
#include "net/web_socket_handshake.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <exception>
#include <optional>
#include <random>
#include <utility>

namespace lineside::net {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

std::string authority_for(const http_client_options& o) {
    const auto authority = authority_of(o.host, o.port);
    return o.port == (o.secure ? 443 : 80) ? authority.substr(0, authority.rfind(':')) : authority;
}

instant now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

// Waits for the next attempt.
class pause final : public watched {
public:
    pause(std::shared_ptr<watchdog> by, const asio::any_io_executor& executor, std::chrono::milliseconds length)
        : watched(std::move(by)),
          timer(executor, length) {}
    pause(const pause&) = delete;
    pause& operator=(const pause&) = delete;
    ~pause() = default;

private:
    void stop() noexcept override { timer.cancel(); }

public:
    asio::steady_timer timer;
};

// A failure that leaves open whether the request had its effect says so.
[[noreturn]] void fail_with_doubt(const error& e) {
    auto details = e.details();
    details.message += "; the outcome is unknown";
    throw error(e.code(), std::move(details));
}

} // namespace

class http_client::body : public std::enable_shared_from_this<body> {
public:
    body(const asio::any_io_executor& executor, http_client_options options)
        : options_(std::move(options)),
          strand_(asio::make_strand(executor)),
          dog_(std::make_shared<watchdog>(strand_)),
          pool_(std::make_shared<connection_pool>(strand_, options_.connections, options_.idle, dog_)),
          dialer_(strand_, options_, dog_),
          terms_{options_, authority_for(options_), dog_} {}

    [[nodiscard]] const asio::any_io_executor& executor() const { return strand_; }

    // Keeps `self`: the client may be gone before it ends.
    static asio::awaitable<http_response> send(std::shared_ptr<body> self, const http_call& call,
                                               std::function<void(const http_trace&)> traced) {
        check_call(call);
        retry decision(self->options_.retry, self->quota_, self->random_,
                       call.repeatable ? retry::call::repeatable : retry::call::once);
        for (;;) {
            attempt a;
            http_trace trace{.attempt = decision.attempt()};
            const auto began = traced ? clock::now() : clock::time_point();
            std::exception_ptr failure;
            try {
                co_await self->run(call, a);
                trace.status = a.answer.status;
                a.outcome.status = a.answer.status;
                a.outcome.retry_after = a.answer.fields["Retry-After"];
                // A problem that its maker does not want to be asked about again (RFC 9457) is no trouble on the way.
                if (a.outcome.retry_after.empty() &&
                    a.answer.fields["Content-Type"].starts_with("application/problem+json"))
                    a.outcome.came = attempt_outcome::kind::final;
            } catch (const dial_error& e) {
                a.outcome.came = e.may_pass() ? attempt_outcome::kind::unsent : attempt_outcome::kind::final;
                failure = std::current_exception();
                trace.failure = e.what();
            } catch (const error& e) {
                a.outcome.came = !a.progress.passing ? attempt_outcome::kind::final
                                 : a.progress.wrote  ? attempt_outcome::kind::lost
                                                     : attempt_outcome::kind::unsent;
                failure = std::current_exception();
                trace.failure = e.what();
            }
            if (self->closed_)
                a.outcome.came = attempt_outcome::kind::final;
            a.outcome.taken = a.progress.fed || a.progress.pulled;
            if (traced) {
                trace.took = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - began);
                trace.new_connection = a.new_connection;
                traced(trace);
            }
            const auto next = decision.resume(a.outcome, now());
            if (next.act == retry_step::action::done) {
                if (!failure)
                    co_return std::move(a.answer);
                if (!a.progress.wrote || call.repeatable)
                    std::rethrow_exception(failure);
                try {
                    std::rethrow_exception(failure);
                } catch (const error& e) {
                    fail_with_doubt(e);
                }
            }
            if (next.act == retry_step::action::wait) {
                pause p(self->dog_, self->strand_, next.pause);
                (void)co_await p.timer.async_wait(asio::as_tuple(asio::deferred));
            }
        }
    }

    static asio::awaitable<std::unique_ptr<web_socket>> open(std::shared_ptr<body> self, const http_call& call,
                                                             http_response& refused) {
        check_call(call);
        self->must_be_open();
        std::shared_ptr<connection> over = co_await self->dialer_.dial();
        self->must_be_open();
        co_return co_await open_web_socket(std::move(over), call, self->terms_, refused);
    }

    void close() noexcept {
        closed_ = true;
        pool_->close();
        dog_->end_all();
    }

private:
    struct attempt {
        http_response answer;
        attempt_outcome outcome;
        exchange_progress progress;
        bool new_connection = false;
    };

    void must_be_open() const {
        if (closed_)
            throw dial_error(errc::unavailable, "the client is closed", asio::error::operation_aborted,
                             dial_error::next::never);
    }

    // Once, but for a connection that died while it was put aside, which is no attempt.
    asio::awaitable<void> run(const http_call& call, attempt& a) {
        must_be_open();
        std::optional<connection_pool::place> held;
        if (pool_->full())
            held.emplace(co_await pool_->wait());
        else
            held.emplace(pool_->get());
        auto& place = *held;
        for (;;) {
            must_be_open();
            if (!place.has_connection()) {
                a.new_connection = true;
                place.set(co_await dialer_.dial());
                must_be_open();
            }
            a.progress = {};
            std::exception_ptr failure;
            try {
                a.answer = co_await exchange(*place, call, terms_, a.progress);
            } catch (const error&) {
                failure = std::current_exception();
            }
            if (!failure)
                break;
            const auto& p = a.progress;
            const bool again = !a.new_connection && p.passing && !p.heard && !p.pulled && (call.repeatable || !p.wrote);
            if (!again)
                std::rethrow_exception(failure);
            place.set(nullptr);
        }
        if (!a.progress.reusable)
            co_return;
        if (!std::exchange((*place).used, true))
            dialer_.keep_session(*place);
        place.keep();
    }

    const http_client_options options_;
    const asio::any_io_executor strand_;
    const std::shared_ptr<watchdog> dog_;
    const std::shared_ptr<connection_pool> pool_;
    dialer dialer_;
    const exchange_terms terms_;
    retry_quota quota_{options_.retry.quota};
    const retry::random_numbers random_ = [generator = std::minstd_rand(std::random_device()())]() mutable {
        return static_cast<std::uint32_t>(generator());
    };
    bool closed_ = false;
};

http_client::http_client(asio::any_io_executor executor, http_client_options options)
    : body_(std::make_shared<body>(executor, std::move(options))) {}

http_client::~http_client() { close(); }

asio::any_io_executor http_client::executor() const { return body_->executor(); }

asio::awaitable<http_response> http_client::send(const http_call& call,
                                                 const std::function<void(const http_trace&)>& traced) {
    return body::send(body_, call, traced);
}

asio::awaitable<std::unique_ptr<web_socket>> http_client::open(const http_call& call, http_response& refused) {
    return body::open(body_, call, refused);
}

void http_client::close() {
    asio::post(body_->executor(), [b = body_] { b->close(); });
}

} // namespace lineside::net
