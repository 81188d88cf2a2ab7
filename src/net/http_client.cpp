#include "net/http_client.hpp"

#include <lineside/error.hpp>

#include "net/dial.hpp"
#include "net/exchange.hpp"
#include "net/pool.hpp"
#include "net/request_head.hpp"
#include "net/serial_executor.hpp"
#include "net/short_exchange.hpp"
#include "net/web_socket_handshake.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <optional>
#include <random>
#include <utility>

namespace lineside::net {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using tracer = std::function<void(const http_trace&)>;

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

bool changes_something(const http_call& call) { return !call.reads && call.method != "GET" && call.method != "HEAD"; }

// Who answers for a server that did not may have passed the request on.
bool is_of_gateway(unsigned status) { return status == 502 || status == 504; }

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
          strand_(serial_executor::over(executor)),
          dog_(std::make_shared<watchdog>(strand_)),
          pool_(std::make_shared<connection_pool>(strand_, options_.connections, options_.idle, dog_)),
          dialer_(strand_, options_, dog_),
          terms_{options_, authority_for(options_), dog_} {}

    [[nodiscard]] const asio::any_io_executor& executor() const { return strand_; }

    // The first attempt needs no coroutine where a connection is there.
    void start(std::shared_ptr<http_operation> what) {
        auto& op = *what;
        try {
            if (op.ended_ != http_operation::ending::none) // before it began
                throw boost::system::system_error(asio::error::operation_aborted);
            check_call(op.call);
        } catch (...) {
            return asio::post(strand_, [what = std::move(what), e = std::current_exception()]() mutable {
                what->finished(std::move(e), {});
            });
        }
        if (op.deadline != clock::time_point::max() && !op.limit_)
            op.limit_.emplace(dog_, op);
        if (!closed_ && is_short(op.call) && !pool_->full())
            if (auto place = pool_->get(check_for(op.call)); place.has_connection())
                return std::make_shared<short_attempt>(shared_from_this(), std::move(what), std::move(place))->begin();
        spawn(std::move(what), sending(*this, op.call, op.traced), {retry_step::action::send, {}});
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
        bool wrote_before = false; // over a connection that died
        bool new_connection = false;
    };

    // A call, from attempt to attempt.
    class sending {
    public:
        sending(body& of, const http_call& c, tracer t)
            : call(c),
              of_(of),
              traced_(std::move(t)),
              decision_(of.options_.retry, of.quota_, of.random_,
                        c.repeatable ? retry::call::repeatable : retry::call::once) {
            if (traced_)
                began_ = clock::now();
        }

        [[nodiscard]] attempt& next() {
            if (traced_)
                began_ = clock::now();
            now = attempt();
            return now;
        }
        // What to do after an attempt. Throws what ends a call that was ended.
        [[nodiscard]] retry_step after(const std::exception_ptr& failure);
        // The attempt was none.
        void forget() { in_doubt_ = in_doubt_ || attempt_is_in_doubt(); }
        [[noreturn]] void abort() const {
            if (in_doubt_)
                throw cancelled_in_doubt();
            throw boost::system::system_error(asio::error::operation_aborted);
        }
        // What it has come to.
        [[nodiscard]] http_response result(const std::exception_ptr& failure);

        const http_call& call;
        attempt now;

    private:
        [[nodiscard]] std::string classify(const std::exception_ptr& failure);
        [[nodiscard]] bool attempt_is_in_doubt() const;

        body& of_;
        tracer traced_;
        retry decision_;
        clock::time_point began_;
        bool in_doubt_ = false; // one of the attempts may have had an effect
    };

    // Over a connection that has served before.
    class short_attempt final : public exchange_listener, public std::enable_shared_from_this<short_attempt> {
    public:
        short_attempt(std::shared_ptr<body> self, std::shared_ptr<http_operation> what, connection_pool::place place)
            : self_(std::move(self)),
              what_(std::move(what)),
              place_(std::move(place)),
              sending_(*self_, what_->call, what_->traced) {}

        void begin() {
            what_->exchange_ =
                &begin_exchange(*place_, what_->call, self_->terms_, sending_.now.progress, shared_from_this());
        }

    private:
        void exchanged(const std::exception_ptr& failure, http_response&& answer) override;

        const std::shared_ptr<body> self_;
        std::shared_ptr<http_operation> what_;
        connection_pool::place place_;
        sending sending_;
    };

    static void finish(const std::shared_ptr<http_operation>& what, std::exception_ptr failure,
                       http_response&& answer) {
        what->limit_.reset();
        what->finished(std::move(failure), std::move(answer));
    }

    void spawn(std::shared_ptr<http_operation> what, sending s, retry_step next) {
        const auto slot = what->signal_.slot();
        asio::co_spawn(strand_, go_on(shared_from_this(), std::move(s), next),
                       asio::bind_cancellation_slot(
                           slot, [what = std::move(what)](std::exception_ptr failure, http_response answer) {
                               finish(what, std::move(failure), std::move(answer));
                           }));
    }

    // Keeps `self`: the client may be gone before it ends.
    static asio::awaitable<http_response> go_on(std::shared_ptr<body> self, sending s, retry_step next) {
        for (;;) {
            if (next.act == retry_step::action::wait) {
                pause p(self->dog_, self->strand_, next.pause);
                (void)co_await p.timer.async_wait(asio::as_tuple(asio::deferred));
            }
            std::exception_ptr failure;
            try {
                co_await self->run(s.call, s.next());
            } catch (...) {
                failure = std::current_exception();
            }
            next = s.after(failure);
            if (next.act == retry_step::action::done)
                co_return s.result(failure);
        }
    }

    // Who may be asked again need not look first.
    static connection_pool::check check_for(const http_call& call) {
        return call.repeatable ? connection_pool::check::unless_fresh : connection_pool::check::always;
    }

    // A connection that died while it was put aside is no attempt.
    static bool died_aside(const http_call& call, const attempt& a) {
        const auto& p = a.progress;
        return !a.new_connection && p.passing && !p.heard && !p.pulled && (call.repeatable || !p.wrote);
    }

    void keep(connection_pool::place& place) {
        if (!std::exchange((*place).used, true))
            dialer_.keep_session(*place);
        place.keep();
    }

    void must_be_open() const {
        if (closed_)
            throw dial_error(errc::unavailable, "the client is closed", asio::error::operation_aborted,
                             dial_error::next::never);
    }

    asio::awaitable<void> run(const http_call& call, attempt& a) {
        must_be_open();
        std::optional<connection_pool::place> held;
        if (pool_->full())
            held.emplace(co_await pool_->wait());
        else
            held.emplace(pool_->get(check_for(call)));
        auto& place = *held;
        for (;;) {
            must_be_open();
            if (!place.has_connection()) {
                a.new_connection = true;
                place.set(co_await dialer_.dial());
                must_be_open();
            }
            a.wrote_before |= std::exchange(a.progress, {}).wrote;
            std::exception_ptr failure;
            try {
                a.answer = co_await exchange(*place, call, terms_, a.progress);
            } catch (const error&) {
                failure = std::current_exception();
            }
            if (!failure)
                break;
            if (!died_aside(call, a))
                std::rethrow_exception(failure);
            place.set(nullptr);
        }
        if (a.progress.reusable)
            keep(place);
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

std::string http_client::body::sending::classify(const std::exception_ptr& failure) {
    auto& o = now.outcome;
    try {
        std::rethrow_exception(failure);
    } catch (const dial_error& e) {
        o.came = e.may_pass() ? attempt_outcome::kind::unsent : attempt_outcome::kind::final;
        return e.what();
    } catch (const error& e) {
        o.came = !now.progress.passing ? attempt_outcome::kind::final
                 : now.progress.wrote  ? attempt_outcome::kind::lost
                                       : attempt_outcome::kind::unsent;
        return e.what();
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted)
            throw;
        forget();
        abort();
    }
}

bool http_client::body::sending::attempt_is_in_doubt() const {
    const auto status = now.outcome.status;
    return changes_something(call) && (status == 0 ? now.progress.wrote || now.wrote_before : is_of_gateway(status));
}

retry_step http_client::body::sending::after(const std::exception_ptr& failure) {
    auto& o = now.outcome;
    std::string why;
    if (failure) {
        why = classify(failure);
    } else {
        o.status = now.answer.status;
        o.retry_after = now.answer.fields["Retry-After"];
        // A problem that its maker does not want to be asked about again (RFC 9457) is no trouble on the way.
        if (o.retry_after.empty() && o.status >= 300 &&
            now.answer.fields["Content-Type"].starts_with("application/problem+json"))
            o.came = attempt_outcome::kind::final;
    }
    forget();
    if (of_.closed_)
        o.came = attempt_outcome::kind::final;
    o.taken = now.progress.fed || now.progress.pulled;
    if (traced_) {
        http_trace t{.attempt = decision_.attempt(), .status = o.status, .failure = std::move(why)};
        t.took = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - began_);
        t.new_connection = now.new_connection;
        traced_(t);
    }
    return decision_.resume(o, o.retry_after.empty() ? instant() : net::now());
}

http_response http_client::body::sending::result(const std::exception_ptr& failure) {
    if (!failure)
        return std::move(now.answer);
    if (!in_doubt_)
        std::rethrow_exception(failure);
    try {
        std::rethrow_exception(failure);
    } catch (const error& e) {
        fail_with_doubt(e);
    }
}

void http_client::body::short_attempt::exchanged(const std::exception_ptr& failure, http_response&& answer) {
    auto& now = sending_.now;
    now.answer = std::move(answer);
    what_->exchange_ = nullptr;
    if (now.progress.reusable)
        self_->keep(place_);
    { const auto done = std::move(place_); }
    retry_step next{retry_step::action::send, {}};
    try {
        const bool ended = what_->ended() != http_operation::ending::none;
        if (failure && !ended && died_aside(sending_.call, now)) {
            sending_.forget();
        } else {
            next = sending_.after(failure);
            if (next.act == retry_step::action::done) {
                auto result = sending_.result(failure);
                return finish(what_, {}, std::move(result));
            }
            if (ended)
                sending_.abort();
        }
    } catch (...) {
        return finish(what_, std::current_exception(), {});
    }
    self_->spawn(std::move(what_), std::move(sending_), next);
}

http_operation::limit::limit(std::shared_ptr<watchdog> dog, http_operation& of) : watched(std::move(dog)), of_(of) {
    end_at(of.deadline);
}

void http_operation::limit::stop() noexcept {
    if (watched::ended() == watched::ending::late)
        of_.end(http_operation::ending::late);
}

void http_operation::end(ending why) noexcept {
    if (std::exchange(ended_, ended_ == ending::none ? why : ended_) != ending::none)
        return;
    if (exchange_ != nullptr)
        exchange_->cancel();
    else
        signal_.emit(asio::cancellation_type::terminal);
}

http_client::http_client(asio::any_io_executor executor, http_client_options options)
    : body_(std::make_shared<body>(executor, std::move(options))) {}

http_client::~http_client() { close(); }

const asio::any_io_executor& http_client::executor() const noexcept { return body_->executor(); }

void http_client::start(std::shared_ptr<http_operation> what) { body_->start(std::move(what)); }

asio::awaitable<std::unique_ptr<web_socket>> http_client::open(const http_call& call, http_response& refused) {
    return body::open(body_, call, refused);
}

void http_client::close() {
    asio::post(body_->executor(), [b = body_] { b->close(); });
}

} // namespace lineside::net
