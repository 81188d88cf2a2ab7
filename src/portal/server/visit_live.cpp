#include "portal/server/visit.hpp"
#include "wire/live_message.hpp"
#include "wire/media_type.hpp"
#include "wire/percent.hpp"
#include "wire/problem.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <stop_token>
#include <utility>

// Live data: a web socket of many watches, or one watch as Server-Sent Events.
namespace lineside {

namespace {

constexpr std::size_t most_watches = 16; // of one socket
constexpr unsigned most_wanted = 64;     // updates of a watch, asked for ahead
constexpr const char* too_many = "too many live streams are open; try again soon";
constexpr auto heartbeat = std::chrono::seconds(15);

struct next_update {
    error_code ec;
    diagnostics details;
    watch_update update;
};

// Into `n`, which waits with whoever follows: an update more in each of many coroutines is much memory.
asio::awaitable<void> read_next(lineside::watch& w, call_options options, next_update& n) {
    options.details = std::make_shared<diagnostics>();
    const auto details = options.details;
    n.update = co_await w.async_next(std::move(options), asio::redirect_error(asio::use_awaitable, n.ec));
    if (n.ec)
        n.details = *details;
}

/// One web socket: its watches, and whose turn it is to write. Lives on its strand.
class live_socket : public std::enable_shared_from_this<live_socket> {
public:
    live_socket(std::unique_ptr<net::web_socket> socket, const asio::any_io_executor& strand, server_core& core)
        : socket_(std::move(socket)),
          strand_(strand),
          introduction_(strand),
          served_(core.lineside),
          figures_(core.figures),
          limits_(core.options.limits) {}
    live_socket(const live_socket&) = delete;
    live_socket& operator=(const live_socket&) = delete;
    ~live_socket() { figures_.watchers -= watches_.size(); }

    /// Whose watches it is for; null: of the portal as it was given to the server.
    void bind(std::shared_ptr<portal> who) {
        bound_ = std::move(who);
        known_ = true;
        introduction_.cancel();
    }

    /// Does what the client says until it leaves.
    asio::awaitable<void> run(portal& any, visitor from) {
        if (!known_)
            asio::co_spawn(strand_, wait_for_introduction(shared_from_this()), asio::detached);
        try {
            for (;;) {
                auto command = wire::parse_live_command(co_await socket_->read());
                if (!command.token.empty())
                    bind(any.as({std::move(command.token), from.address, from.user_agent}));
                else if (command.unsubscribe)
                    unsubscribe(command.id);
                else if (command.next)
                    want(command.id);
                else
                    co_await subscribe(std::move(command));
            }
        } catch (const error& e) {
            wrong_ = e.code() == errc::invalid_argument ? e.what() : "";
        }
        introduction_.cancel();
        for (auto& [id, f] : watches_)
            f->end();
        if (!wrong_.empty())
            co_await close(net::socket_close::policy, std::string_view(wrong_).substr(0, 120));
    }
    /// When the server goes.
    void leave() {
        asio::co_spawn(
            strand_,
            [](std::shared_ptr<live_socket> self) -> asio::awaitable<void> {
                co_await self->close(net::socket_close::going_away, "the server is going");
            }(shared_from_this()),
            asio::detached);
    }

private:
    // Whoever does not say who they are in time takes a place that others need.
    static asio::awaitable<void> wait_for_introduction(std::shared_ptr<live_socket> self) {
        error_code ended;
        self->introduction_.expires_after(self->limits_.header);
        co_await self->introduction_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        if (!ended && !self->known_)
            co_await self->close(net::socket_close::policy, "say who you are first");
    }
    /// One watch of the socket.
    struct followed {
        followed(std::uint64_t number, std::shared_ptr<lineside::watch> what, bool on_demand,
                 const asio::any_io_executor& strand)
            : id(number),
              w(std::move(what)),
              pull(on_demand),
              asked(strand) {}

        void end() {
            w->close();
            ended = true;
            asked.cancel();
        }

        const std::uint64_t id;
        const std::shared_ptr<lineside::watch> w;
        const bool pull;
        unsigned wanted = 0; // updates that were asked for, where they are sent on demand
        bool ended = false;
        asio::steady_timer asked;
    };

    asio::awaitable<void> subscribe(wire::live_command command) {
        const auto id = command.id;
        if (!known_)
            throw error(errc::invalid_argument, "say who you are first: {\"token\":...}");
        failure refusal;
        if (watches_.contains(id))
            refusal = {make_error_code(errc::conflict), {"this id is in use", "id", {}, 0, {}}};
        else if (watches_.size() >= most_watches)
            refusal = {make_error_code(errc::exhausted), {"a socket has at most 16 watches", "id", {}, 0, {}}};
        else if (figures_.watchers >= limits_.watchers)
            refusal = {make_error_code(errc::unavailable), {too_many, {}, {}, 0, {}}};
        if (refusal.code)
            co_return co_await tell_problem(id, std::move(refusal));
        auto w = (bound_ ? *bound_ : served_).watch(*std::move(command.subscribe));
        const auto f = std::make_shared<followed>(id, std::move(w), command.pull, strand_);
        watches_.emplace(id, f);
        ++figures_.watchers;
        asio::co_spawn(strand_, follow(shared_from_this(), f), asio::detached);
    }
    void unsubscribe(std::uint64_t id) {
        if (const auto found = watches_.find(id); found != watches_.end())
            found->second->end();
    }
    void want(std::uint64_t id) {
        const auto found = watches_.find(id);
        if (found == watches_.end())
            return; // it has ended, and the client is about to hear of it
        found->second->wanted = std::min(found->second->wanted + 1, most_wanted);
        found->second->asked.cancel();
    }

    // A message at a time: the watch itself keeps what a slow client has not taken yet.
    static asio::awaitable<void> follow(std::shared_ptr<live_socket> self, std::shared_ptr<followed> f) {
        const auto id = f->id;
        next_update n;
        try {
            for (;;) {
                while (f->pull && f->wanted == 0 && !f->ended) {
                    error_code woken;
                    f->asked.expires_at(asio::steady_timer::time_point::max());
                    co_await f->asked.async_wait(asio::redirect_error(asio::use_awaitable, woken));
                }
                if (f->pull && !f->ended)
                    --f->wanted;
                call_options options;
                co_await read_next(*f->w, std::move(options), n);
                if (n.ec)
                    break;
                std::string update;
                wire::append_update(update, n.update);
                std::string text;
                wire::append_live_update(text, id, update);
                co_await self->write(text);
            }
            if (self->watches_.erase(id) > 0)
                --self->figures_.watchers;
            failure why{n.ec, n.details};
            co_await self->tell_problem(id, std::move(why));
            if (n.ec == errc::unauthenticated)
                co_await self->close(net::socket_close::unauthorized, "signed out");
        } catch (const error&) {
            f->end(); // the socket is gone
        }
    }
    asio::awaitable<void> tell_problem(std::uint64_t id, failure why) {
        std::string text;
        wire::append_live_problem(text, id, why);
        co_await write(text);
    }
    asio::awaitable<void> write(std::string_view text) {
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
                s.waiting_.pop_front();
            }
        } const done{*this};
        co_await socket_->write(text);
    }

    // Whoever is first says why; a socket says goodbye once.
    asio::awaitable<void> close(net::socket_close why, std::string_view reason) {
        if (!std::exchange(closing_, true))
            co_await socket_->close(why, reason);
    }

    std::unique_ptr<net::web_socket> socket_;
    asio::any_io_executor strand_;
    std::deque<std::shared_ptr<asio::steady_timer>> waiting_; // for their turn to write
    asio::steady_timer introduction_;                         // until when it has to come
    portal& served_;
    server_figures& figures_;
    const server_limits& limits_;
    std::shared_ptr<portal> bound_;
    bool known_ = false;
    bool writing_ = false;
    bool closing_ = false;
    std::map<std::uint64_t, std::shared_ptr<followed>> watches_;
    std::string wrong_;
};

watch_request read_watch(std::string_view account, std::string_view query, std::string_view last_event) {
    watch_request request;
    request.account = account_id(wire::read_segment(account, "account"));
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto name = pair.substr(0, pair.find('='));
        const auto value = wire::read_query_text(pair.substr(std::min(name.size() + 1, pair.size())), name);
        if (name == "contact") {
            request.contact = contact_id(value);
        } else if (name == "resume") {
            request.resume = value;
        } else if (name == "topics") {
            for (std::string_view rest = value; !rest.empty();) {
                const auto word = rest.substr(0, rest.find(','));
                rest.remove_prefix(std::min(word.size() + 1, rest.size()));
                const auto topic = parse_watch_topic(word);
                if (!topic)
                    throw error(errc::invalid_argument, topic.error().details.message, "topics");
                request.topics.push_back(*topic);
            }
        } else {
            throw error(errc::invalid_argument, "'" + std::string(name.substr(0, 64)) + "' is not known here",
                        std::string(name.substr(0, 64)));
        }
    }
    if (!last_event.empty())
        request.resume = last_event;
    return request;
}

} // namespace

bool visit::is_live() const {
    return path_ == "/v1/live" || (path_.starts_with("/v1/accounts/") && path_.ends_with("/live") &&
                                   std::count(path_.begin(), path_.end(), '/') == 4);
}

asio::awaitable<visit::answer> visit::go_live() {
    if (x_.request().method != "GET")
        co_return other_verb_answer(x_.request().method, "GET, OPTIONS", record_.request_id);
    record_.operation = "watch";
    full_ = core_.figures.watchers >= core_.options.limits.watchers;
    if (full_)
        throw error(errc::unavailable, too_many);
    if (path_ != "/v1/live")
        co_return co_await stream_events();
    const auto& fields = x_.request().fields;
    if (!x_.wants_web_socket()) {
        auto refused =
            problem_answer(make_error_code(errc::invalid_argument),
                           {"this path is a web socket of the protocol lineside.v1", {}, record_.request_id, 426, {}});
        refused.fields.set("Upgrade", "websocket");
        co_return refused;
    }
    // Browsers let any page open a web socket, with the cookie of this site.
    if (fields.find("Origin") && allowed_origin_.empty())
        check_origin();
    net::http_fields accepted;
    if (fields["Sec-WebSocket-Protocol"].find(wire::live_protocol) != std::string_view::npos)
        accepted.set("Sec-WebSocket-Protocol", std::string(wire::live_protocol));
    if (credential_ != shown::nothing && credential_ != shown::operators)
        co_await check_credential();
    accepted.set("X-Request-Id", record_.request_id);
    auto socket = co_await x_.upgrade(std::move(accepted));
    record_.status = socket ? 101 : 400;
    if (!socket)
        co_return std::nullopt;
    const auto live = std::make_shared<live_socket>(std::move(socket), co_await asio::this_coro::executor, core_);
    if (credential_ != shown::nothing)
        live->bind(bound_);
    const auto strand = co_await asio::this_coro::executor;
    const std::stop_callback going(core_.going.get_token(), [strand, weak = std::weak_ptr(live)] {
        asio::post(strand, [weak] {
            if (const auto l = weak.lock())
                l->leave();
        });
    });
    co_await live->run(core_.lineside, who_);
    co_return std::nullopt;
}

asio::awaitable<visit::answer> visit::stream_events() {
    const auto& fields = x_.request().fields;
    constexpr std::string_view before = "/v1/accounts/";
    constexpr std::string_view behind = "/live";
    const auto account = path_.substr(before.size(), path_.size() - before.size() - behind.size());
    if (credential_ == shown::nothing)
        throw error(errc::unauthenticated, "sign in first");
    constexpr wire::media_type offered[] = {wire::media_type::event_stream};
    if (!wire::negotiate(fields["Accept"], offered))
        refuse(errc::invalid_argument, 406, "the answer can be had as text/event-stream");
    const auto w = lineside().watch(read_watch(account, query_, fields["Last-Event-ID"]));
    call_options options;
    options.timeout = heartbeat;
    options.stop = core_.going.get_token();
    struct counted {
        std::atomic<std::size_t>& n;
        explicit counted(std::atomic<std::size_t>& of) : n(of) { ++n; }
        ~counted() { --n; }
    } const one(core_.figures.watchers);
    for (;;) {
        next_update n;
        co_await read_next(*w, options, n);
        std::string text;
        if (!n.ec) {
            text.append("id: ").append(n.update.position).append("\nevent: ").append(to_string(n.update.topic));
            text += "\ndata: ";
            wire::append_update(text, n.update);
            text += "\n\n";
        } else if (n.ec == errc::timed_out) {
            text = ":\n\n"; // nothing new, and still here
        } else if (!x_.answered()) {
            throw error(n.ec, n.details);
        } else {
            if (n.ec != errc::cancelled) {
                n.details.request_id = record_.request_id;
                text = "event: problem\ndata: ";
                wire::append_problem(text, {n.ec, std::move(n.details)});
                text += "\n\n";
                co_await x_.write(text);
            }
            co_await x_.finish();
            co_return std::nullopt;
        }
        if (!x_.answered()) {
            net::http_response head;
            head.fields.set("Content-Type", "text/event-stream");
            head.fields.set("X-Accel-Buffering", "no"); // nginx: hand it on at once
            decorate(head);
            record_.status = head.status;
            co_await x_.begin(std::move(head));
        }
        record_.bytes += text.size();
        co_await x_.write(text);
    }
}

std::vector<wire::other_path> live_paths() {
    constexpr const char* socket = R"({"get":{"operationId":"live","tags":["Live"],
"summary":"Live data over a web socket of the protocol lineside.v1.",
"description":"Messages are JSON objects. The client says {\"id\":1,\"subscribe\":{watch_request}}, {\"id\":1,\"unsubscribe\":true} or, where its handshake had no credential, first {\"token\":\"...\"}. The server says {\"id\":1,\"update\":{watch_update}} or {\"id\":1,\"problem\":{problem}}, which ends that watch.",
"responses":{"101":{"description":"The protocol is lineside.v1 from here on."},
"426":{"description":"The request is no handshake of a web socket.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}}}}})";
    constexpr const char* events = R"({"get":{"operationId":"live_events","tags":["Live"],
"summary":"Live data of an account as Server-Sent Events.",
"parameters":[{"name":"account","in":"path","required":true,"schema":{"type":"string"}},
{"name":"topics","in":"query","required":true,"description":"Separated by commas.","schema":{"type":"string"}},
{"name":"contact","in":"query","schema":{"type":"string"}},
{"name":"resume","in":"query","description":"As Last-Event-ID.","schema":{"type":"string"}},
{"name":"Last-Event-ID","in":"header","schema":{"type":"string"}}],
"responses":{"200":{"description":"Each event's data is a watch_update, its id the position to resume at.","content":{"text/event-stream":{"schema":{"type":"string"}}}},
"default":{"description":"A problem.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}}}}})";
    return {{"/v1/live", socket}, {"/v1/accounts/{account}/live", events}};
}

} // namespace lineside
