// Behind a proxy that others write: what it passes on has one meaning only, and nothing is held back on the way.

#include "integration/server/live_clients.hpp"
#include "integration/server/server_test.hpp"
#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"

#include <cstdint>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lineside::served {
namespace {

constexpr const char* program = "/usr/sbin/nginx";

/// A port of 127.0.0.1 that nobody has.
std::uint16_t free_port() {
    const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof own;
    const bool got = ::bind(one, reinterpret_cast<const sockaddr*>(&own), size) == 0 &&
                     ::getsockname(one, reinterpret_cast<sockaddr*>(&own), &size) == 0;
    ::close(one);
    if (!got)
        throw std::runtime_error("no port to listen on");
    return ntohs(own.sin_port);
}

/// nginx in front of a server: one process, which listens when it has said what it is.
class nginx {
public:
    explicit nginx(std::uint16_t server) {
        const auto in = [this](const char* name) { return (dir_.path() / name).string(); };
        std::ofstream(in("nginx.conf"))
            << "daemon off;\nmaster_process off;\npid " << in("pid")
            << ";\nerror_log /dev/stdout notice;\nevents { worker_connections 64; }\nhttp {\n  access_log off;\n  client_body_temp_path "
            << in("body") << ";\n  proxy_temp_path " << in("proxy") << ";\n  fastcgi_temp_path " << in("fastcgi")
            << ";\n  uwsgi_temp_path " << in("uwsgi") << ";\n  scgi_temp_path " << in("scgi")
            << ";\n  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }\n"
               "  upstream portal { server 127.0.0.1:"
            << server << "; keepalive 4; }\n  server {\n    listen 127.0.0.1:" << port_
            << ";\n    client_max_body_size 0;\n    location / {\n      proxy_pass http://portal;\n"
               "      proxy_http_version 1.1;\n      proxy_request_buffering off;\n      proxy_ignore_client_abort on;\n"
               "      proxy_set_header Host $http_host;\n      proxy_set_header Upgrade $http_upgrade;\n"
               "      proxy_set_header Connection $connection_upgrade;\n"
               "      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n    }\n  }\n}\n";
        child_.emplace(
            std::vector<std::string>{program, "-p", dir_.path().string(), "-e", "/dev/stdout", "-c", in("nginx.conf")});
        std::string said;
        while (said.find("event method") == std::string::npos) {
            const int c = child_->read_byte();
            if (c < 0)
                throw std::runtime_error("nginx did not start: " + said);
            said += static_cast<char>(c);
        }
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    test::scratch_dir dir_;
    std::uint16_t port_ = free_port();
    std::optional<test::child_process> child_; // gone before its folder is
};

class nginx_test : public server_test {
protected:
    nginx_test() {
        served.trusted_proxies = {"127.0.0.1"};
        served.admin = "127.0.0.1:0";
        served.log = [this](const served_request& r) {
            const std::lock_guard lock(mutex_);
            log_.push_back(r);
        };
    }
    void SetUp() override {
        if (::access(program, X_OK) != 0)
            GTEST_SKIP() << program << " is not there: scripts/bootstrap installs it (nginx-light)";
        proxy_.emplace(front().port());
    }
    [[nodiscard]] raw_client through() { return raw_client(proxy_->port()); }
    raw_answer ask_through(const asked& q) {
        auto client = through();
        client.send(q.bytes());
        return client.read_answer(q.verb == "HEAD");
    }
    /// All that was asked of the server, which is drained for it.
    [[nodiscard]] std::vector<served_request> requests() {
        front().drain(std::chrono::minutes(1));
        const std::lock_guard lock(mutex_);
        return log_;
    }
    [[nodiscard]] std::string metrics() {
        raw_client client(front().admin_port());
        client.send(get("/metrics").bytes());
        return client.read_answer().body;
    }

private:
    std::mutex mutex_;
    std::vector<served_request> log_;
    std::optional<nginx> proxy_;
};

LINESIDE_ON_A_SERVER_WITH(behind_nginx, nginx_test);

TEST_P(behind_nginx, an_answer_is_what_it_is_without_it) {
    add_account();
    const auto q = get("/v1/accounts/acme").by(operator_token);
    EXPECT_EQ(ask_through(q).body, ask(q).body);
    EXPECT_EQ(ask_through(q).status, 200U);
    EXPECT_EQ(ask_through(q.with("If-None-Match", ask(q).field("etag"))).status, 304U);
    EXPECT_EQ(ask_through(get("/v1/accounts/~%2e%2e/calls").by(operator_token)).status,
              ask(get("/v1/accounts/~%2e%2e/calls").by(operator_token)).status);
    EXPECT_EQ(ask_through(asked{"HEAD", "/v1/accounts/acme"}.by(operator_token)).status, 200U);
    (void)problem_of(ask_through(q.with("Accept", "image/png")), 406);
    (void)problem_of(ask_through(get("/v1/identity").with("X-Forwarded-For", "192.0.2.1")), 401);
    for (const auto& r : requests())
        EXPECT_EQ(r.peer, r.path == "/v1/identity" ? "192.0.2.1" : "127.0.0.1");
}

// Each is read in two ways by somebody; in one of them there is a second request inside.
TEST_P(behind_nginx, no_request_is_smuggled_past_it) {
    const std::string hidden = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    const auto length = [](const std::string& text) {
        return "Content-Length: " + std::to_string(text.size()) + "\r\n";
    };
    const std::string begin = "POST /outer HTTP/1.1\r\nHost: a\r\n";
    const std::string ended = "0\r\n\r\n";
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::vector<std::string> requests_of_two_readings = {
        begin + length(ended + hidden) + chunked + "\r\n" + ended + hidden,
        begin + chunked + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + chunked + "Content-Length: 0\r\n\r\n" + ended + hidden,
        begin + "Transfer-Encoding: gzip\r\n\r\n" + hidden,
        begin + "Transfer-Encoding: gzip\r\n" + length(hidden) + "\r\n" + hidden,
        begin + "Transfer-Encoding: xchunked\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "Transfer-Encoding: chunked, gzip\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "Transfer-Encoding: gzip, chunked\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + chunked + "Transfer-Encoding: identity\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "Transfer-Encoding : chunked\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin +
            "Transfer-Encoding:\x0b"
            "chunked\r\n" +
            length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "X: y\r\n Transfer-Encoding: chunked\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "X: y\rTransfer-Encoding: chunked\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "Transfer\x00-Encoding: chunked\r\n" + length(ended + hidden) + "\r\n" + ended + hidden,
        begin + "Content-Length: 5,5\r\n\r\nhello" + hidden,
        begin + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + hidden,
        begin + "Content-Length: 5\r\n" + length("hello" + hidden) + "\r\nhello" + hidden,
        begin + "Content-Length: +5\r\n\r\nhello" + hidden,
        begin + "Content-Length: 0x5\r\n\r\nhello" + hidden,
        begin + "Content-Length: 18446744073709551617\r\n\r\n" + hidden,
        "POST /outer HTTP/1.0\r\nHost: a\r\n" + chunked + length(ended + hidden) + "\r\n" + ended + hidden,
        "POST http://evil/outer HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + length(hidden) + "\r\n" + hidden,
        "post /outer HTTP/1.1\r\nHost: a\r\n" + length(hidden) + "\r\n" + hidden,
        begin + chunked + "\r\nFFFFFFFFFFFFFFFF1\r\n" + hidden,
        begin + chunked + "\r\n5;\nx\r\nhello\r\n" + ended.substr(0, 3) + "X: " + hidden,
        begin + chunked + "\r\n5\r\nhello\r\n0\r\nX-Admin: 1\r\nContent-Length: 50\r\nConnection: close\r\n\r\n",
        begin + length(hidden) + "Expect: 100-continue\r\n\r\n" + hidden,
        begin + "Connection: Content-Length\r\n" + length(hidden) + "\r\n" + hidden,
    };
    for (const auto& bytes : requests_of_two_readings) {
        auto client = through();
        (void)client.try_send(bytes);
        client.end_sending();
        (void)client.read_to_end();
    }
    std::size_t outer = 0;
    for (const auto& r : requests()) {
        EXPECT_EQ(r.path, "/outer") << r.method;
        ++outer;
    }
    EXPECT_LE(outer, requests_of_two_readings.size());
    EXPECT_GT(outer, 0U) << "the proxy passes some of them on";
}

TEST_P(behind_nginx, an_upload_arrives_as_it_is_sent) {
    add_account();
    std::vector<call> calls;
    for (int i = 0; i < 2'000; ++i)
        calls.push_back(answered_call("c" + std::to_string(i), at("2026-03-09T00:00:00Z") + seconds(i), seconds(30)));
    const auto text = contract::to_csv(calls);
    const asked q{
        "POST", "/v1/call-records?format=lineside", {{"Authorization", std::string("Bearer ") + operator_token}}};
    for (const bool in_pieces : {false, true}) {
        auto client = through();
        auto whole = q;
        whole.body = text;
        const auto bytes = in_pieces ? in_chunks(q, text, 4'000) : whole.bytes();
        client.send(std::string_view(bytes).substr(0, bytes.size() / 2));
        // It runs before its body is whole.
        while (metrics().find("lineside_streams 1\n") == std::string::npos) {
        }
        client.send(std::string_view(bytes).substr(bytes.size() / 2));
        const auto report = object_of(client.read_answer().body);
        EXPECT_EQ(report.at("imported"), in_pieces ? 0 : 2'000) << boost::json::value(report);
    }
    EXPECT_EQ(all_calls(acme).size(), 2'000U);
}

TEST_P(behind_nginx, live_data_is_not_held_back) {
    add_account();
    const auto start = [&](const std::string& id) {
        call_event e;
        e.source = "switch";
        e.call_id = id;
        e.at = clock.now();
        e.account = acme;
        (void)lineside().async_report_call_events({{e}}, block);
    };
    event_client events(through(), get("/v1/accounts/acme/live?topics=channels").by(operator_token));
    EXPECT_EQ(text_in(events.next("channels"), "kind"), "snapshot");
    socket_client socket(through(), handshake().by(operator_token));
    EXPECT_EQ(socket.answer.status, 101U);
    socket.subscribe(1, R"("channels")");
    (void)socket.read_update(1, "channels", "snapshot");
    start("a");
    EXPECT_EQ(events.next("channels")["channels"].at("in_use"), 1);
    EXPECT_EQ(socket.read_update(1, "channels", "change")["channels"].at("in_use"), 1);
}

} // namespace
} // namespace lineside::served
