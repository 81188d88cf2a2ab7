#include "portal/client/client_core.hpp"

#include <lineside/version.hpp>

#include "portal/client/call_control.hpp"
#include "portal/random.hpp"
#include "rules/base64.hpp"
#include "rules/base_url.hpp"
#include "wire/problem.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <new>
#include <utility>

#include <unistd.h>

namespace lineside {

namespace {

constexpr std::size_t worker_threads = 4;
constexpr unsigned most_attempts = 10;

[[noreturn]] void refuse(std::string message, std::string field) {
    throw error(errc::invalid_argument, std::move(message), std::move(field));
}

void check(const client_options& o) {
    if (o.retries.attempts == 0 || o.retries.attempts > most_attempts)
        refuse("a call is attempted 1 to 10 times", "retries.attempts");
    if (o.connections == 0)
        refuse("a client has at least one connection", "connections");
    if (o.tls.certificate_file.empty() != o.tls.key_file.empty())
        refuse("a certificate and its key go together", "tls.key_file");
}

net::http_client_options http_options(const client_options& o, const rules::base_url& url) {
    net::http_client_options h;
    h.host = url.host;
    h.port = url.port;
    h.secure = url.secure;
    h.tls.ca_file = o.tls.ca_file;
    h.tls.certificate_file = o.tls.certificate_file;
    h.tls.key_file = o.tls.key_file;
    h.tls.peer = o.tls.server == client_tls::checking::on ? net::http_client_tls::checking::on
                                                          : net::http_client_tls::checking::off;
    h.proxy_host = o.proxy.host;
    h.proxy_port = o.proxy.port;
    h.proxy_authorization = o.proxy.authorization.reveal();
    h.connections = o.connections;
    h.idle = o.timeouts.idle;
    h.connect = o.timeouts.connect;
    h.stall = o.timeouts.stall;
    h.retry.attempts = o.retries.attempts;
    h.retry.base = o.retries.base;
    h.retry.throttled_base = o.retries.throttled_base;
    h.retry.cap = o.retries.cap;
    h.retry.longest_retry_after = o.retries.longest_retry_after;
    return h;
}

// The bearer's field: a token that could end the line is none.
std::string bearer(const secret& token) {
    if (token.empty())
        return {};
    for (const char c : token.reveal())
        if (c <= ' ' || c >= 0x7f)
            throw error(errc::unauthenticated, "the token has characters that no token has");
    return "Bearer " + std::string(token.reveal());
}

failed_call ended_by(errc why) {
    return {make_error_code(why), {why == errc::timed_out ? "the deadline passed" : "cancelled", {}, {}, 0, {}}};
}

} // namespace

failed_call failure_of(const std::exception_ptr& e, const std::optional<errc>& why) {
    try {
        std::rethrow_exception(e);
    } catch (const error& known) {
        return {known.code(), known.details()};
    } catch (const boost::system::system_error& s) {
        if (s.code() == asio::error::operation_aborted)
            return ended_by(why.value_or(errc::cancelled));
        return {make_error_code(errc::unavailable), {s.code().message(), {}, {}, 0, s.code()}};
    } catch (const std::bad_alloc&) {
        return {make_error_code(errc::exhausted), {"out of memory", {}, {}, 0, {}}};
    } catch (const std::exception& other) {
        return {make_error_code(errc::internal), {other.what(), {}, {}, 0, {}}};
    }
}

client_core::client_core(client_options options, std::optional<asio::any_io_executor> host)
    : owner_(::getpid()),
      options_(std::move(options)) {
    check(options_);
    const auto url = rules::parse_base_url(options_.base_url);
    if (!url)
        throw error(url.error().code, url.error().details);
    if (!url->secure && !url->is_loopback && options_.plain == client_options::plain_http::to_loopback)
        refuse("plain http to another machine shows everybody the token; use https, or say that it is meant",
               "base_url");
    prefix_ = url->prefix;
    agent_ = (options_.host_agent.empty() ? "" : options_.host_agent + " ") + "lineside/" + std::string(version);
    authorization_ = bearer(options_.token);
    if (!host)
        own_.emplace(1);
    executor_ = host ? *std::move(host) : asio::any_io_executor(own_->get_executor());
    http_.emplace(executor_, http_options(options_, *url));
    net::http_fields{}.set("User-Agent", agent_); // refuses what is no field
}

client_core::~client_core() { close(); }

bool client_core::is_inherited() const noexcept { return owner_ != ::getpid(); }

void client_core::close() {
    if (is_inherited())
        return;
    {
        const std::lock_guard alone(starting_);
        if (closed_.exchange(true))
            return;
    }
    closing_.request_stop();
    http_->close();
    if (workers_)
        workers_->join();
    own_work_.reset();
    if (!own_thread_.joinable())
        return;
    // The last portal may be let go by a handler, on this very thread.
    if (own_thread_.get_id() == std::this_thread::get_id())
        own_thread_.detach();
    else
        own_thread_.join();
}

std::shared_lock<std::shared_mutex> client_core::make_usable() {
    std::shared_lock begun(starting_, std::defer_lock);
    if (is_inherited())
        throw error(errc::unavailable, "a client cannot be used in a forked child; make another one there");
    begun.lock();
    if (closed_)
        throw error(errc::unavailable, "the client is closed");
    if (own_)
        std::call_once(own_started_, [&] {
            own_work_.emplace(own_->get_executor());
            own_thread_ = std::thread([this] { own_->run(); });
        });
    return begun;
}

bool client_core::is_usable() const noexcept { return !is_inherited() && !closed_; }

asio::any_io_executor client_core::workers() {
    if (!is_usable())
        return asio::system_executor();
    std::call_once(workers_started_, [&] { workers_.emplace(worker_threads); });
    return workers_->get_executor();
}

std::string client_core::prepare(const remote_asker& who, net::http_call& call) {
    auto id = rules::to_base64(random_.take(16), rules::base64_alphabet::url, rules::padding::absent);
    call.fields.set("User-Agent", agent_);
    call.fields.set("X-Request-Id", id);
    if (who.who) {
        if (!who.who->token.empty())
            call.fields.set("Authorization", bearer(who.who->token));
        if (!who.who->source_ip.empty())
            call.fields.set("X-Forwarded-For", who.who->source_ip);
        if (!who.who->user_agent.empty())
            call.fields.set("X-Forwarded-User-Agent", who.who->user_agent);
    } else {
        const std::lock_guard lock(token_mutex_);
        if (!authorization_.empty())
            call.fields.set("Authorization", authorization_);
    }
    return id;
}

std::uint64_t client_core::token_generation() const {
    const std::lock_guard lock(token_mutex_);
    return token_generation_;
}

// Whether there is another token than the one of generation `seen`. The host is asked on a thread that may block, once
// for all the calls that found the token dead.
asio::awaitable<bool> client_core::refresh_token(std::uint64_t seen) {
    const auto ask = [this, seen] {
        const std::lock_guard turn(refreshing_);
        if (token_generation() != seen)
            return true;
        const auto field = bearer(options_.refresh());
        if (field.empty())
            return false;
        const std::lock_guard lock(token_mutex_);
        authorization_ = field;
        ++token_generation_;
        return true;
    };
    const auto work = [](auto run) -> asio::awaitable<bool> { co_return run(); };
    co_return co_await asio::co_spawn(workers(), work(ask), asio::use_awaitable);
}

asio::awaitable<net::http_response> client_core::exchange(remote_asker who, remote_call& call) {
    const auto generation = token_generation();
    const auto id = prepare(who, call.http);
    std::function<void(const net::http_trace&)> traced;
    if (options_.log)
        traced = [&, this](const net::http_trace& t) {
            client_attempt a;
            a.operation = call.operation;
            a.method = call.http.method;
            a.path = call.http.target.substr(0, call.http.target.find('?'));
            a.request_id = id;
            a.attempt = t.attempt;
            a.status = t.status;
            a.failure = t.failure;
            a.took = t.took;
            a.new_connection = t.new_connection;
            options_.log(a);
        };
    auto answer = co_await http_->send(call.http, traced);
    constexpr unsigned unauthorized = 401;
    if (answer.status != unauthorized || who.who || !options_.refresh || call.http.source)
        co_return answer;
    const bool again = co_await refresh_token(generation);
    if (!again)
        co_return answer;
    (void)prepare(who, call.http);
    co_return co_await http_->send(call.http, traced);
}

void client_core::start(remote_asker who, remote_call call, const std::stop_token& stop,
                        std::chrono::milliseconds timeout, std::unique_ptr<remote_completion> done) {
    const auto body = [](std::shared_ptr<client_core> core, remote_asker asker,
                         remote_call made) -> asio::awaitable<net::http_response> {
        co_return co_await core->exchange(std::move(asker), made);
    };
    const auto slot = done->slot();
    spawn_call<net::http_response>(
        http_->executor(), slot, stop, timeout,
        [self = shared_from_this(), body, who = std::move(who), call = std::move(call)]() mutable {
            return body(std::move(self), std::move(who), std::move(call));
        },
        [done = std::move(done)](std::exception_ptr e, std::optional<errc> why, net::http_response answer) {
            if (!e) {
                try {
                    return done->succeed(std::move(answer));
                } catch (...) {
                    e = std::current_exception();
                }
            }
            auto failed = failure_of(e, why);
            done->fail(failed.ec, std::move(failed.details));
        });
}

void throw_problem(const net::http_response& answer) {
    auto problem = wire::parse_problem(static_cast<int>(answer.status), answer.body);
    if (problem.details.request_id.empty())
        problem.details.request_id = answer.fields["X-Request-Id"];
    throw error(problem.code, std::move(problem.details));
}

} // namespace lineside
