#include "portal/client/client_core.hpp"

#include <lineside/version.hpp>

#include "model/process.hpp"
#include "portal/coroutine_warnings.hpp"
#include "portal/random.hpp"
#include "rules/base64.hpp"
#include "rules/base_url.hpp"
#include "wire/problem.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <functional>
#include <iterator>
#include <limits>
#include <new>
#include <utility>

namespace lineside {

namespace {

constexpr std::size_t worker_threads = 4;
constexpr unsigned most_attempts = 10;
constexpr std::string_view json_type = "application/json";

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

failed_call ended_by(errc why, std::string_view and_then = {}) {
    auto message = std::string(why == errc::timed_out ? "the deadline passed" : "cancelled").append(and_then);
    return {make_error_code(why), {std::move(message), {}, {}, 0, {}}};
}

} // namespace

failed_call failure_of(const std::exception_ptr& e, const std::optional<errc>& why) {
    try {
        std::rethrow_exception(e);
    } catch (const error& known) {
        return {known.code(), known.details()};
    } catch (const net::cancelled_in_doubt&) {
        return ended_by(why.value_or(errc::cancelled), "; the outcome is unknown");
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

namespace {

// A call, and whoever waits for it.
class client_call final : public net::http_operation, public std::enable_shared_from_this<client_call> {
public:
    client_call(std::shared_ptr<client_core> core, remote_asker&& who, remote_call&& made,
                std::unique_ptr<remote_completion> done)
        : http_operation(std::move(made.http)),
          core_(std::move(core)),
          who_(std::move(who)),
          operation_(made.operation),
          answers_(made.wanted),
          done_(std::move(done)) {}

    void begin() {
        try {
            if (call.id.empty())
                call.id = core_->new_request_id();
            if (!who_.who) {
                auto own = core_->fields_of_own(answers_);
                call.shared_fields = std::move(own.lines);
                generation_ = own.generation;
            } else {
                core_->introduce(who_, call);
                if (answers_ == remote_call::answers::json)
                    call.fields.set("Accept", json_type);
            }
            if (core_->options().log)
                traced = [this](const net::http_trace& t) { tell(t); };
        } catch (...) {
            return asio::post(core_->http().executor(),
                              [self = shared_from_this(), e = std::current_exception()] { self->conclude(e, {}); });
        }
        core_->http().start(shared_from_this());
    }

    std::optional<std::stop_callback<std::function<void()>>> stop; ///< while it may end it

private:
    void finished(std::exception_ptr failure, net::http_response&& answer) override {
        constexpr unsigned unauthorized = 401;
        if (!failure && answer.status == unauthorized && !who_.who && core_->options().refresh && !call.source &&
            !std::exchange(renewed_, true))
            renew(std::move(answer));
        else
            conclude(std::move(failure), std::move(answer));
    }

    // With another token, once; where there is none, the answer stands.
    void renew(net::http_response&& answer) {
        asio::co_spawn(core_->http().executor(), core_->refresh_token(generation_),
                       [self = shared_from_this(), answer = std::move(answer)](const std::exception_ptr& failure,
                                                                               bool renewed) mutable {
                           if (!failure && renewed)
                               self->begin();
                           else
                               self->conclude(failure, std::move(answer));
                       });
    }

    void conclude(std::exception_ptr failure, net::http_response&& answer) {
        stop.reset();
        auto done = std::move(done_);
        if (!failure) {
            try {
                done->succeed(std::move(answer));
            } catch (...) {
                failure = std::current_exception();
            }
        }
        if (failure) {
            std::optional<errc> why;
            if (ended() != ending::none)
                why = ended() == ending::late ? errc::timed_out : errc::cancelled;
            auto failed = failure_of(failure, why);
            done->fail(failed.ec, std::move(failed.details));
        }
        auto& known = *done;
        known.complete(std::move(done));
    }

    void tell(const net::http_trace& t) const {
        client_attempt a;
        a.operation = operation_;
        a.method = call.method;
        a.path = call.target.substr(0, call.target.find('?'));
        a.request_id = call.id;
        a.attempt = t.attempt;
        a.status = t.status;
        a.failure = t.failure;
        a.took = t.took;
        a.new_connection = t.new_connection;
        core_->options().log(a);
    }

    const std::shared_ptr<client_core> core_;
    const remote_asker who_;
    const std::string_view operation_;
    const remote_call::answers answers_;
    std::uint64_t generation_ = 0; // of the token that it was made with
    bool renewed_ = false;
    std::unique_ptr<remote_completion> done_;
};

} // namespace

client_core::client_core(client_options options, std::optional<asio::any_io_executor> host)
    : owner_(this_process()),
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
    completion_executor_ = executor_;
    http_.emplace(executor_, http_options(options_, *url));
    own_fields_ = fields_with(authorization_);
    constexpr std::size_t stem_bytes = 12; // that no two clients have the same
    id_stem_ = rules::to_base64(random_bytes(stem_bytes), rules::base64_alphabet::url, rules::padding::absent) + '-';
}

client_core::~client_core() { close(); }

bool client_core::is_inherited() const noexcept { return owner_ != this_process(); }

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

std::string client_core::new_request_id() {
    char number[std::numeric_limits<std::uint64_t>::digits10 + 1];
    auto* end = std::to_chars(std::begin(number), std::end(number), ids_.fetch_add(1) + 1).ptr;
    std::string id;
    id.reserve(id_stem_.size() + sizeof number);
    id.append(id_stem_).append(number, end);
    return id;
}

void client_core::introduce(const remote_asker& who, net::http_call& call) const {
    call.fields.set("User-Agent", agent_);
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
}

client_core::own_fields client_core::fields_of_own(remote_call::answers a) const {
    const std::lock_guard lock(token_mutex_);
    return {a == remote_call::answers::json ? own_fields_.for_json : own_fields_.for_any, token_generation_};
}

client_core::ready_fields client_core::fields_with(const std::string& authorization) const {
    net::http_fields fields{{"User-Agent", agent_}};
    if (!authorization.empty())
        fields.add("Authorization", authorization);
    ready_fields ready;
    ready.for_any = std::make_shared<const net::field_lines>(fields);
    fields.add("Accept", json_type);
    ready.for_json = std::make_shared<const net::field_lines>(fields);
    return ready;
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
        auto fields = fields_with(field);
        const std::lock_guard lock(token_mutex_);
        authorization_ = field;
        own_fields_ = std::move(fields);
        ++token_generation_;
        return true;
    };
    const auto work = [](auto run) -> asio::awaitable<bool> { co_return run(); };
    co_return co_await asio::co_spawn(workers(), work(ask), asio::use_awaitable);
}

void client_core::start(remote_asker&& who, remote_call&& call, const std::stop_token& stop,
                        std::chrono::milliseconds timeout, std::unique_ptr<remote_completion> done) {
    const auto& strand = http_->executor();
    auto slot = done->slot();
    const auto started =
        std::make_shared<client_call>(shared_from_this(), std::move(who), std::move(call), std::move(done));
    if (timeout.count() > 0)
        started->deadline = std::chrono::steady_clock::now() + timeout;
    const auto cancel = [&] { return [strand, started] { asio::post(strand, [started] { started->cancel(); }); }; };
    if (slot.is_connected())
        slot.assign([end = cancel()](asio::cancellation_type type) {
            if (type != asio::cancellation_type::none)
                end();
        });
    if (stop.stop_possible())
        started->stop.emplace(stop, cancel());
    strand.execute([started] { started->begin(); });
}

void refuse_answer(const error& why, unsigned status) {
    auto details = why.details();
    details.message = "the server's answer is none of Lineside's: " + details.message;
    details.http_status = static_cast<int>(status);
    throw error(make_error_code(errc::protocol), std::move(details));
}

void throw_problem(const net::http_response& answer) {
    auto problem = wire::parse_problem(static_cast<int>(answer.status), answer.body);
    if (problem.details.request_id.empty())
        problem.details.request_id = answer.fields["X-Request-Id"];
    throw error(problem.code, std::move(problem.details));
}

} // namespace lineside
