#include <lineside/server.hpp>

#include "portal/server/server_core.hpp"
#include "portal/server/visit.hpp"
#include "rules/ip_range.hpp"
#include "rules/public_address.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lineside {

namespace {

constexpr std::size_t least_token_bytes = 32;
constexpr std::size_t most_threads = 64;

[[noreturn]] void refuse(std::string message, std::string field) {
    throw error(errc::invalid_argument, std::move(message), std::move(field));
}

struct listening {
    std::string host;
    std::uint16_t port = 0;
};

listening parse_listen(const std::string& text, const std::string& field) {
    const auto colon = text.rfind(':');
    listening l;
    if (colon != std::string::npos) {
        l.host = text.substr(0, colon);
        if (l.host.starts_with('[') && l.host.ends_with(']'))
            l.host = l.host.substr(1, l.host.size() - 2);
        else if (l.host.find(':') != std::string::npos)
            l.host.clear(); // an IPv6 address without brackets ends where nobody knows
        const auto* const end = text.data() + text.size();
        const auto [at, ec] = std::from_chars(text.data() + colon + 1, end, l.port);
        if (ec == std::errc() && at == end && colon + 1 < text.size() && rules::parse_ip(l.host))
            return l;
    }
    refuse("'" + text.substr(0, 64) + "' is no ADDRESS:PORT", field);
}

void check(const server_options& o, const listening& front) {
    if (o.threads == 0 || o.threads > most_threads)
        refuse("a server has 1 to 64 threads", "threads");
    if (o.limits.streams == 0 || o.limits.streams > most_threads)
        refuse("1 to 64 streams run at a time", "limits.streams");
    if (o.limits.request_burst == 0 || o.limits.requests_per_second == 0)
        refuse("nobody could ask anything", "limits.requests_per_second");
    if (!o.operator_token.empty() && o.operator_token.reveal().size() < least_token_bytes)
        refuse("the operator's token has at least 32 bytes", "operator_token");
    for (const auto& proxy : o.trusted_proxies)
        if (!rules::parse_ip_range(proxy))
            refuse("'" + proxy.substr(0, 64) + "' is neither an address nor a network", "trusted_proxies");
    if (!o.tls && o.plain == server_options::plain_http::on_loopback &&
        rules::scope_of(*rules::parse_ip(front.host)) != rules::address_scope::loopback)
        refuse("plain HTTP shows tokens to everybody on the way: give a certificate, or say that it is meant",
               "listen");
}

net::http_server_options net_options(const server_options& o, const listening& l) {
    net::http_server_options n;
    n.host = l.host;
    n.port = l.port;
    n.limits.header_bytes = o.limits.header_bytes;
    n.limits.connections = o.limits.connections;
    n.limits.connections_of_address = o.limits.connections_of_address;
    n.limits.handshake = o.limits.handshake;
    n.limits.header = o.limits.header;
    n.limits.idle = o.limits.idle;
    n.limits.write_stall = o.limits.write_stall;
    n.limits.socket_idle = o.limits.socket_idle;
    n.threads = o.threads == 1 ? net::http_threads::one : net::http_threads::several;
    return n;
}

asio::awaitable<void> answer_text(net::http_exchange& x, unsigned status, std::string type, std::string body) {
    net::http_response r;
    r.status = status;
    r.fields.set("Content-Type", type);
    r.fields.set("Cache-Control", "no-store");
    r.body = std::move(body);
    co_await x.respond(std::move(r));
}

} // namespace

class server::body {
public:
    body(portal& p, server_options options)
        : core_(p, std::move(options)),
          io_(static_cast<int>(core_.options.threads)),
          work_(io_.get_executor()) {
        const auto& o = core_.options;
        const auto at = parse_listen(o.listen, "listen");
        check(o, at);
        host_ = at.host;
        auto front = net_options(o, at);
        if (o.tls)
            front.tls = net::http_server_tls{o.tls->certificate_file, o.tls->key_file, o.tls->client_ca_file};
        front_.emplace(
            io_.get_executor(), std::move(front), [this](net::http_exchange& x) { return visit::serve(core_, x); },
            &refusal_answer);
        if (!o.admin.empty())
            admin_.emplace(
                io_.get_executor(), net_options(o, parse_listen(o.admin, "admin")),
                [this](net::http_exchange& x) { return administer(x); },
                [](const net::http_refusal& why, const net::http_request_head&) {
                    return net::http_response{why.status, {{"Content-Type", "text/plain"}}, why.detail + '\n'};
                });
        front_->start();
        if (admin_)
            admin_->start();
        for (std::size_t i = 0; i < o.threads; ++i)
            threads_.emplace_back([this] { io_.run(); });
    }
    body(const body&) = delete;
    body& operator=(const body&) = delete;
    ~body() {
        drain(std::chrono::milliseconds(0));
        if (admin_)
            stop(*admin_, std::chrono::milliseconds(0));
        core_.streams.join();
        work_.reset();
        for (auto& t : threads_)
            t.join();
    }

    void drain(std::chrono::milliseconds grace) {
        if (core_.draining.exchange(true))
            return;
        core_.going.request_stop();
        stop(*front_, grace);
    }
    void reload() { front_->reload_certificate(); }
    [[nodiscard]] std::uint16_t port() const { return front_->port(); }
    [[nodiscard]] std::uint16_t admin_port() const { return admin_ ? admin_->port() : std::uint16_t{0}; }
    [[nodiscard]] std::string url() const {
        const bool v6 = host_.find(':') != std::string::npos;
        return (core_.options.tls ? "https://" : "http://") + (v6 ? '[' + host_ + ']' : host_) + ':' +
               std::to_string(port());
    }

private:
    static void stop(net::http_server& s, std::chrono::milliseconds grace) {
        std::promise<void> stopped;
        s.stop(grace, [&] { stopped.set_value(); });
        stopped.get_future().wait();
    }

    // Health is that this runs; readiness is that the portal answers, too.
    asio::awaitable<void> administer(net::http_exchange& x) {
        const auto& q = x.request();
        const auto path = q.target.substr(0, q.target.find('?'));
        if (q.method != "GET" && q.method != "HEAD")
            return answer_text(x, 405, plain, "this listener is for reading\n");
        if (path == "/healthz")
            return answer_text(x, 200, plain, "ok\n");
        if (path == "/readyz")
            return answer_whether_ready(x);
        if (path == "/metrics")
            return answer_text(x, 200, "text/plain; version=0.0.4; charset=utf-8",
                               core_.figures.metrics(front_->figures()));
        if (path == "/access-log")
            return answer_text(x, 200, plain, core_.figures.recent());
        return answer_text(x, 404, plain, "here are /healthz, /readyz, /metrics and /access-log\n");
    }

    asio::awaitable<void> answer_whether_ready(net::http_exchange& x) {
        std::string why = core_.draining ? "draining" : "";
        if (why.empty()) {
            identity_query nothing;
            call_options options;
            options.timeout = std::chrono::seconds(5);
            options.details = std::make_shared<diagnostics>();
            const auto details = options.details;
            error_code ec;
            (void)co_await core_.lineside.async_who_am_i(nothing, options,
                                                         asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                why = details->message;
        }
        // Made beforehand: GCC 12 destroys what `?:` makes within a `co_await` twice.
        const unsigned status = why.empty() ? 200 : 503;
        std::string text = why.empty() ? "ok\n" : why + '\n';
        co_await answer_text(x, status, plain, std::move(text));
    }

    static constexpr const char* plain = "text/plain; charset=utf-8";

    server_core core_;
    std::string host_;
    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::optional<net::http_server> front_;
    std::optional<net::http_server> admin_;
    std::vector<std::thread> threads_;
};

server::server(portal& p, server_options options) : body_(std::make_unique<body>(p, std::move(options))) {}

server::~server() = default;

std::uint16_t server::port() const { return body_->port(); }

std::uint16_t server::admin_port() const { return body_->admin_port(); }

std::string server::url() const { return body_->url(); }

void server::drain(std::chrono::milliseconds grace) { body_->drain(grace); }

void server::reload_certificate() { body_->reload(); }

} // namespace lineside
