#include "support/https_receiver.hpp"

#include "support/peer_certificate.hpp"
#include "support/scratch_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

namespace lineside::test {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using boost::system::error_code;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

} // namespace

class https_receiver::server {
public:
    server()
        : tls_(ssl::context::tls_server),
          acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port()) {
        ca_file_ = (dir_.path() / "receiver.pem").string();
        use_certificate(tls_.native_handle(), {.names = {"IP:127.0.0.1"}, .subject = "receiver"}, ca_file_);
        accept();
        thread_ = std::thread([this] { context_.run(); });
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server() {
        context_.stop();
        thread_.join();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& ca_file() const { return ca_file_; }

    void answer_with(std::function<given_answer(const received_post&)> decide) {
        const std::lock_guard guard(mutex_);
        decide_ = std::move(decide);
    }
    [[nodiscard]] std::vector<received_post> posts() const {
        const std::lock_guard guard(mutex_);
        return posts_;
    }

private:
    // One connection after the other: whoever calls does not wait for another answer first.
    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (ec)
                return;
            serve(std::move(socket));
            accept();
        });
    }

    void serve(tcp::socket socket) {
        error_code ec;
        ssl::stream<tcp::socket> stream(std::move(socket), tls_);
        stream.handshake(ssl::stream_base::server, ec);
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        if (!ec)
            http::read(stream, buffer, request, ec);
        if (ec || request.method() != http::verb::post)
            return;
        received_post post{std::string(request.target()), {}, request.body()};
        for (const auto& field : request)
            post.headers.emplace(lower(field.name_string()), field.value());
        const auto answer = take(std::move(post));
        http::response<http::string_body> response;
        response.version(11);
        response.result(answer.status);
        for (const auto& [name, value] : answer.headers)
            response.set(name, value);
        response.body() = answer.body;
        response.keep_alive(false);
        response.prepare_payload();
        http::write(stream, response, ec);
        stream.shutdown(ec);
    }

    given_answer take(received_post post) {
        const std::lock_guard guard(mutex_);
        auto answer = decide_(post);
        posts_.push_back(std::move(post));
        return answer;
    }

    const scratch_dir dir_;
    asio::io_context context_{1};
    ssl::context tls_;
    tcp::acceptor acceptor_;
    const std::uint16_t port_;
    std::string ca_file_;
    mutable std::mutex mutex_; // guards what follows
    std::function<given_answer(const received_post&)> decide_ = [](const received_post&) { return given_answer(); };
    std::vector<received_post> posts_;
    std::thread thread_;
};

https_receiver::https_receiver() : server_(std::make_unique<server>()) {}
https_receiver::~https_receiver() = default;

std::string https_receiver::url(std::string_view target) const {
    return "https://127.0.0.1:" + std::to_string(server_->port()) + std::string(target);
}

std::string https_receiver::url_of_localhost(std::string_view target) const {
    return "https://localhost:" + std::to_string(server_->port()) + std::string(target);
}

const std::string& https_receiver::ca_file() const { return server_->ca_file(); }

void https_receiver::answer_with(given_answer a) {
    server_->answer_with([a = std::move(a)](const received_post&) { return a; });
}

void https_receiver::answer_with(std::function<given_answer(const received_post&)> decide) {
    server_->answer_with(std::move(decide));
}

std::vector<received_post> https_receiver::posts() const { return server_->posts(); }

} // namespace lineside::test
