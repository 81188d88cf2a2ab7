#include "support/tls_peer.hpp"

#include "support/scratch_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace lineside::test {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using boost::system::error_code;

void must(bool right) {
    if (!right)
        throw std::runtime_error("OpenSSL speaks no such version of TLS");
}

} // namespace

class tls_peer::server {
public:
    server(script s, const peer_certificate& certificate, peer_tls tls)
        : script_(std::move(s)),
          speaks_tls_(tls != peer_tls::none),
          tls_(ssl::context::tls_server),
          acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port()),
          ca_file_((dir_.path() / "authority.pem").string()) {
        auto* native = tls_.native_handle();
        use_certificate(native, certificate, ca_file_);
        if (tls == peer_tls::at_most_1_2)
            must(SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION) == 1);
        if (tls == peer_tls::at_most_1_1) // which OpenSSL speaks at its lowest level only
            must(SSL_CTX_set_min_proto_version(native, TLS1_VERSION) == 1 &&
                 SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION) == 1 &&
                 SSL_CTX_set_cipher_list(native, "DEFAULT:@SECLEVEL=0") == 1);
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
    [[nodiscard]] std::vector<peer_request> requests() const {
        const std::lock_guard guard(mutex_);
        return requests_;
    }

private:
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
        if (!speaks_tls_) {
            asio::write(socket, asio::buffer(std::string_view("220 mail.example.com ESMTP\r\n")), ec);
            return;
        }
        stream secured(std::move(socket), tls_);
        secured.handshake(ssl::stream_base::server, ec);
        if (ec)
            return;
        boost::beast::flat_buffer buffer;
        http::request_parser<http::string_body> parser;
        parser.body_limit(std::uint64_t{64} << 20U);
        http::read(secured, buffer, parser, ec);
        if (ec)
            return;
        keep(parser.get(), SSL_get_servername(secured.native_handle(), TLSEXT_NAMETYPE_host_name));
        script_(secured);
    }

    void keep(const http::request<http::string_body>& r, const char* server_name) {
        std::ostringstream head;
        head << r.base();
        const std::lock_guard guard(mutex_);
        requests_.push_back({head.str(), r.body(), server_name == nullptr ? "" : server_name});
    }

    const script script_;
    const bool speaks_tls_;
    const scratch_dir dir_;
    asio::io_context context_{1};
    ssl::context tls_;
    tcp::acceptor acceptor_;
    const std::uint16_t port_;
    const std::string ca_file_;
    mutable std::mutex mutex_;
    std::vector<peer_request> requests_; // guarded by mutex_
    std::thread thread_;
};

tls_peer::tls_peer(script s, const peer_certificate& certificate, peer_tls tls)
    : server_(std::make_unique<server>(std::move(s), certificate, tls)) {}
tls_peer::~tls_peer() = default;

std::uint16_t tls_peer::port() const { return server_->port(); }
const std::string& tls_peer::ca_file() const { return server_->ca_file(); }
std::vector<peer_request> tls_peer::requests() const { return server_->requests(); }

tls_peer::script answer(std::string bytes) {
    return [bytes = std::move(bytes)](tls_peer::stream& s) {
        error_code ec;
        asio::write(s, asio::buffer(bytes), ec);
        s.shutdown(ec);
    };
}

tls_peer::script break_off_after(std::string bytes) {
    return [bytes = std::move(bytes)](tls_peer::stream& s) {
        error_code ec;
        asio::write(s, asio::buffer(bytes), ec);
        s.lowest_layer().close(ec);
    };
}

tls_peer::script stall_after(std::string bytes) {
    return [bytes = std::move(bytes)](tls_peer::stream& s) {
        error_code ec;
        asio::write(s, asio::buffer(bytes), ec);
        char byte = 0;
        while (!ec)
            s.read_some(asio::buffer(&byte, 1), ec);
    };
}

} // namespace lineside::test
