#include <lineside/engine.hpp>
#include <lineside/server.hpp>

#include "cli/output.hpp"
#include "cli/secret_input.hpp"
#include "cli/shown.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// The portal over HTTP, until Ctrl-C.
namespace lineside::cli {

namespace {

namespace asio = boost::asio;

constexpr option known_options[] = {
    {"--listen", "ADDR", "ADDRESS:PORT to serve on; 127.0.0.1:8080 unless given, port 0 is one that is free"},
    {"--tls-cert", "FILE", "PEM, the chain; with --tls-key"},
    {"--tls-key", "FILE", "PEM"},
    {"--client-ca", "FILE", "PEM: every client needs a certificate from it"},
    {"--admin", "ADDR", "health, readiness, metrics and the last requests, in plain HTTP"},
    {"--web", "DIR", "files served below /"},
    {"--operator-token-file", "FILE", "whoever shows its first line asks as the operator"},
    {"--trusted-proxy", "NET,...", "addresses or networks whose X-Forwarded-For counts"},
    {"--allow-origin", "ORIGIN,...", "sites whose pages may use this server"},
    {"--plain-http", "", "without a certificate, to other machines too: shows tokens to everybody on the way"},
    {"--require-if-match", "", "updates say what they saw, or are refused with 428"},
    {"--threads", "N", "that serve connections; 1 unless given"},
    {"--rate", "N", "requests a second of one credential or address; 500 unless given"},
    {"--log", "", "each request as a line on standard error"},
};

server_options options_of(session& s) {
    const auto& args = s.args();
    server_options o;
    o.listen = args.has("--listen") ? text_of(args, "--listen") : "127.0.0.1:8080";
    if (args.has("--tls-cert") != args.has("--tls-key"))
        throw usage_error("--tls-cert and --tls-key go together");
    if (args.has("--tls-cert"))
        o.tls = server_tls{text_of(args, "--tls-cert"), text_of(args, "--tls-key"), text_of(args, "--client-ca")};
    else if (args.has("--client-ca"))
        throw usage_error("--client-ca needs --tls-cert and --tls-key");
    o.admin = text_of(args, "--admin");
    o.web_directory = text_of(args, "--web");
    if (!o.web_directory.empty() && !std::filesystem::is_directory(o.web_directory))
        throw error(errc::not_found, "there is no directory " + o.web_directory);
    if (const auto file = args.find("--operator-token-file"))
        o.operator_token = secret_in_file(std::string(*file), s.options().stop);
    if (const auto list = args.find("--trusted-proxy"))
        o.trusted_proxies = list_from(*list);
    if (const auto list = args.find("--allow-origin"))
        o.allowed_origins = list_from(*list);
    if (args.has("--plain-http"))
        o.plain = server_options::plain_http::anywhere;
    if (args.has("--require-if-match"))
        o.updates = server_options::preconditions::required;
    if (args.has("--threads"))
        o.threads = number_of(args, "--threads", 1, 64);
    if (args.has("--rate")) {
        o.limits.requests_per_second = static_cast<std::uint32_t>(number_of(args, "--rate", 1, 1'000'000));
        o.limits.request_burst = std::max(o.limits.request_burst, o.limits.requests_per_second);
    }
    if (args.has("--log"))
        o.log = [](const served_request& r) {
            std::fprintf(stderr, "%s %s %s %u %llu %lldus %s\n", r.peer.c_str(), r.method.c_str(), r.path.c_str(),
                         r.status, static_cast<unsigned long long>(r.bytes), static_cast<long long>(r.took.count()),
                         r.request_id.c_str());
        };
    return o;
}

/// Runs what is due because time passes, again and again, on the thread that waits for the end.
class upkeep {
public:
    upkeep(asio::io_context& io, portal& p, call_options options)
        : timer_(io),
          portal_(p),
          options_(std::move(options)) {}

    void run() {
        constexpr auto interval = std::chrono::minutes(1);
        try {
            (void)portal_.async_run_due_work({}, options_, block);
        } catch (const error& e) {
            if (e.code() == errc::cancelled)
                return;
            // Somebody else's portal has somebody else who does this.
            if (e.code() == errc::permission_denied)
                return;
            std::fprintf(stderr, "lineside: due work failed: %s\n", e.what());
        }
        timer_.expires_after(interval);
        timer_.async_wait([this](boost::system::error_code ec) {
            if (!ec)
                run();
        });
    }

private:
    asio::steady_timer timer_;
    portal& portal_;
    call_options options_;
};

exit_status run(session& s) {
    auto options = options_of(s);
    const auto grace = std::chrono::seconds(10);
    const bool has_certificate = options.tls.has_value();
    asio::io_context io;
    // From before anybody is told that it serves: unhandled, the signal would end the program.
    asio::signal_set reload(io, SIGHUP);
    server served(s.open(database_file::may_be_created), std::move(options));
    write_output(served.url() + '\n');
    if (served.admin_port() != 0)
        write_output("admin: port " + std::to_string(served.admin_port()) + '\n');
    flush_output();

    std::function<void(boost::system::error_code, int)> on_reload = [&](boost::system::error_code ec, int) {
        if (ec)
            return;
        try {
            served.reload_certificate();
            if (has_certificate)
                std::fputs("lineside: the certificate was read again\n", stderr);
        } catch (const error& e) {
            std::fprintf(stderr, "lineside: the certificate stays as it was: %s\n", e.what());
        }
        reload.async_wait(on_reload);
    };
    reload.async_wait(on_reload);
    upkeep work(io, s.open(), s.options());
    asio::post(io, [&] { work.run(); });
    const std::stop_callback end(s.options().stop, [&] { io.stop(); });
    io.run();
    served.drain(grace);
    return exit_status::done;
}

} // namespace

command serve_command() {
    return {
        {"serve", "",
         "Serves the portal over HTTP until Ctrl-C, which lets running requests finish. SIGHUP reads the certificate "
         "again.",
         known_options,
         "lineside serve --listen 0.0.0.0:8443 --tls-cert chain.pem --tls-key key.pem --admin 127.0.0.1:9090"},
        run};
}

} // namespace lineside::cli
