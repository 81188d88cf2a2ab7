#include "portal/server/live_socket.hpp"
#include "portal/server/visit.hpp"
#include "wire/live_message.hpp"
#include "wire/media_type.hpp"
#include "wire/percent.hpp"
#include "wire/problem.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stop_token>
#include <utility>

// Live data: a web socket of many watches, or one watch as Server-Sent Events.
namespace lineside {

namespace {

constexpr auto heartbeat = std::chrono::seconds(15);

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
        throw error(errc::unavailable, too_many_streams);
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
        accepted.set("Sec-WebSocket-Protocol", wire::live_protocol);
    if (credential_ != shown::nothing && credential_ != shown::operators)
        co_await check_credential();
    accepted.set("X-Request-Id", record_.request_id);
    auto socket = co_await x_.upgrade(std::move(accepted));
    record_.status = socket ? 101 : 400;
    if (!socket)
        co_return std::nullopt;
    const auto strand = co_await asio::this_coro::executor;
    request_record record{std::move(record_), operation_, began_};
    const auto live =
        std::make_shared<live_socket>(std::move(socket), strand, core_, std::move(who_), std::move(record));
    goes_on_ = true;
    if (credential_ != shown::nothing)
        live->bind(std::move(bound_));
    live->start();
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
    std::stop_source ended;
    const auto end = [&ended] { ended.request_stop(); };
    const std::stop_callback going(core_.going.get_token(), end);
    const std::stop_callback left(x_.stopping(), end);
    x_.stop_when_left();
    call_options options;
    options.timeout = heartbeat;
    options.stop = ended.get_token();
    options.details = std::make_shared<diagnostics>();
    struct counted {
        std::atomic<std::size_t>& n;
        explicit counted(std::atomic<std::size_t>& of) : n(of) { ++n; }
        ~counted() { --n; }
    } const one(core_.figures.watchers);
    for (;;) {
        error_code ec;
        const auto update = co_await w->async_next(options, asio::redirect_error(asio::use_awaitable, ec));
        std::string text;
        if (!ec) {
            text.append("id: ").append(update.position).append("\nevent: ").append(to_string(update.topic));
            text += "\ndata: ";
            wire::append_update(text, update);
            text += "\n\n";
        } else if (ec == errc::timed_out) {
            text = ":\n\n"; // nothing new, and still here
        } else if (!x_.answered()) {
            throw error(ec, *options.details);
        } else {
            if (ec != errc::cancelled) {
                auto details = *options.details;
                details.request_id = record_.request_id;
                text = "event: problem\ndata: ";
                wire::append_problem(text, {ec, std::move(details)});
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
