// Job E, servers: bench_job_e_server PROGRAM
//   lineside  a server over an engine in memory: gate, session, routing, the engine's work, typed encoding
//   beast     Boost.Beast, asynchronous, one thread, a body that is ready
//   epoll     the floor: nothing is read but where a request ends, and the answer is ready
//   body      prints the body that is ready, for nginx
// Prints a line of JSON with the port and the token of who asks, and serves until its input ends.

#include <lineside/engine.hpp>
#include <lineside/server.hpp>

#include "job_e.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <cstdio>
#include <limits>
#include <memory>
#include <unordered_map>

#include <sys/epoll.h>

namespace {

using namespace lineside;

void tell(std::uint16_t port, std::string_view token = "nobody") {
    std::printf("{\"port\": %u, \"token\": \"%.*s\"}\n", port, static_cast<int>(token.size()), token.data());
    std::fflush(stdout);
}

// ---- Lineside

void serve_lineside() {
    engine portal{engine_options{}};
    (void)portal.async_create_account(bench::sample_account(), block);
    contact_create ann;
    ann.account = bench::asked_account;
    ann.name = "Ann Smithers";
    ann.email = "ann@acme.example";
    ann.role = role::administrator;
    ann.password = secret("vbxr jhqp fmtw zgdk");
    sign_in_request in;
    in.email = ann.email;
    in.password = ann.password.copy();
    (void)portal.async_create_contact(std::move(ann), block);
    const auto grant = portal.async_sign_in(std::move(in), block);

    server_options options;
    options.limits.request_burst = options.limits.requests_per_second = 1'000'000'000; // it counts, and lets all pass
    const server s(portal, std::move(options));
    tell(s.port(), grant.token.reveal());
    while (std::getchar() != EOF) {
    }
}

// ---- Beast

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

class beast_session : public std::enable_shared_from_this<beast_session> {
public:
    explicit beast_session(tcp::socket socket) : socket_(std::move(socket)) { socket_.set_option(tcp::no_delay(true)); }

    void read() {
        request_ = {};
        http::async_read(socket_, buffer_, request_, [self = shared_from_this()](error_code ec, std::size_t) {
            if (!ec)
                self->answer();
        });
    }

private:
    void answer() {
        static const std::string body = bench::ready_body();
        answer_ = {http::status::ok, request_.version()};
        answer_.set(http::field::content_type, "application/json");
        answer_.body() = body;
        answer_.prepare_payload();
        http::async_write(socket_, answer_, [self = shared_from_this()](error_code ec, std::size_t) {
            if (!ec)
                self->read();
        });
    }

    tcp::socket socket_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::string_body> answer_;
};

void accept(tcp::acceptor& at) {
    at.async_accept([&at](error_code ec, tcp::socket socket) {
        if (ec)
            return;
        std::make_shared<beast_session>(std::move(socket))->read();
        accept(at);
    });
}

void serve_beast() {
    asio::io_context io(1);
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    accept(acceptor);
    asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
    input.async_wait(asio::posix::descriptor_base::wait_read, [&](error_code) { io.stop(); });
    tell(acceptor.local_endpoint().port());
    io.run();
}

// ---- The floor

// Every empty line is the end of a request without a body.
void serve_epoll() {
    const auto answer = bench::ready_answer();
    const bench::plain_socket acceptor;
    const auto port = acceptor.listen();
    const int events = bench::checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    const auto follow = [&](int fd) {
        ::epoll_event e{.events = EPOLLIN, .data = {.fd = fd}};
        bench::checked(::epoll_ctl(events, EPOLL_CTL_ADD, fd, &e), "epoll_ctl");
    };
    follow(acceptor.fd());
    follow(STDIN_FILENO);
    tell(port);

    struct client {
        bench::plain_socket socket;
        std::string unfinished;
    };
    std::unordered_map<int, client> clients;
    std::array<::epoll_event, 256> ready{};
    std::array<char, 16'384> bytes{};
    for (;;) {
        const int n = bench::checked(::epoll_wait(events, ready.data(), ready.size(), -1), "epoll_wait");
        for (int i = 0; i < n; ++i) {
            const int fd = ready[static_cast<std::size_t>(i)].data.fd;
            if (fd == STDIN_FILENO)
                return;
            if (fd == acceptor.fd()) {
                bench::plain_socket fresh(bench::checked(::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC), "accept"));
                fresh.no_delay();
                follow(fresh.fd());
                const int key = fresh.fd();
                clients.insert_or_assign(key, client{std::move(fresh), {}});
                continue;
            }
            auto& c = clients.at(fd);
            const auto size = c.socket.receive(bytes.data(), bytes.size());
            if (size == 0) {
                clients.erase(fd);
                continue;
            }
            c.unfinished.append(bytes.data(), size);
            for (auto end = c.unfinished.find("\r\n\r\n"); end != std::string::npos;
                 end = c.unfinished.find("\r\n\r\n")) {
                c.socket.send(answer);
                c.unfinished.erase(0, end + 4);
            }
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    try {
        if (what == "lineside")
            serve_lineside();
        else if (what == "beast")
            serve_beast();
        else if (what == "epoll")
            serve_epoll();
        else if (what == "body")
            std::fputs(bench::ready_body().c_str(), stdout);
        else {
            std::fputs("usage: bench_job_e_server lineside|beast|epoll|body\n", stderr);
            return 2;
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
