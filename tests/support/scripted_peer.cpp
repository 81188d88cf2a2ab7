#include "support/scripted_peer.hpp"

#include "support/scratch_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <variant>

#include <sys/socket.h>

namespace lineside::test {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using secured = ssl::stream<tcp::socket>;

void must(bool right) {
    if (!right)
        throw std::runtime_error("OpenSSL refuses a setting");
}

// Who sends to the other side until it ends.
void copy_bytes(tcp::socket& from, tcp::socket& to) {
    std::array<char, 4096> bytes{};
    error_code ec;
    while (!ec) {
        const auto n = from.read_some(asio::buffer(bytes), ec);
        if (!ec)
            asio::write(to, asio::buffer(bytes.data(), n), ec);
    }
    to.shutdown(tcp::socket::shutdown_send, ec);
    from.shutdown(tcp::socket::shutdown_receive, ec);
}

} // namespace

class scripted_peer::server {
public:
    server(script s, const options& o)
        : script_(std::move(s)),
          secure_(o.over == options::transport::tls),
          tls_(ssl::context::tls_server),
          ca_file_((dir_.path() / "authority.pem").string()),
          acceptor_(context_, {asio::ip::make_address(o.address), o.port}),
          port_(acceptor_.local_endpoint().port()) {
        auto* native = tls_.native_handle();
        use_certificate(native, o.certificate, ca_file_);
        if (o.tls == peer_tls::at_most_1_2)
            must(SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION) == 1);
        if (o.tls == peer_tls::at_most_1_1) // which OpenSSL speaks at its lowest level only
            must(SSL_CTX_set_min_proto_version(native, TLS1_VERSION) == 1 &&
                 SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION) == 1 &&
                 SSL_CTX_set_cipher_list(native, "DEFAULT:@SECLEVEL=0") == 1);
        constexpr std::array<unsigned char, 4> name{'p', 'e', 'e', 'r'};
        must(SSL_CTX_set_session_id_context(native, name.data(), name.size()) == 1);
        if (!o.client_ca_file.empty()) {
            tls_.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
            tls_.load_verify_file(o.client_ca_file);
        }
        listener_ = std::thread([this] { listen(); });
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server() {
        {
            const std::lock_guard guard(mutex_);
            ending_ = true;
            for (const int socket : open_)
                ::shutdown(socket, SHUT_RDWR);
        }
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
        listener_.join();
        for (auto& t : threads_)
            t.join();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& ca_file() const { return ca_file_; }
    [[nodiscard]] std::vector<peer_request> requests() const {
        const std::lock_guard guard(mutex_);
        return requests_;
    }
    [[nodiscard]] std::size_t connections() const {
        const std::lock_guard guard(mutex_);
        return connections_;
    }

private:
    class connection;

    void listen() {
        for (;;) {
            error_code ec;
            tcp::socket socket(context_);
            acceptor_.accept(socket, ec);
            const std::lock_guard guard(mutex_);
            if (ec || ending_)
                return;
            open_.insert(socket.native_handle());
            threads_.emplace_back(
                [this, s = std::move(socket), n = connections_++]() mutable { serve(std::move(s), n); });
        }
    }

    void serve(tcp::socket socket, std::size_t number);

    // Before its socket is closed: the number may be another's then.
    void forget(int socket) {
        const std::lock_guard guard(mutex_);
        open_.erase(socket);
    }
    void keep(peer_request r) {
        const std::lock_guard guard(mutex_);
        requests_.push_back(std::move(r));
    }

    const script script_;
    const bool secure_;
    const scratch_dir dir_;
    asio::io_context context_{1};
    ssl::context tls_;
    const std::string ca_file_;
    tcp::acceptor acceptor_;
    const std::uint16_t port_;
    mutable std::mutex mutex_; // guards what follows
    std::vector<peer_request> requests_;
    std::size_t connections_ = 0;
    std::set<int> open_;
    std::vector<std::thread> threads_;
    bool ending_ = false;
    std::thread listener_;
};

class scripted_peer::server::connection final : public channel {
public:
    connection(server& of, tcp::socket socket, std::size_t number) : of_(of), number_(number) {
        error_code ec;
        socket.set_option(tcp::no_delay(true), ec);
        if (of.secure_)
            stream_.emplace<secured>(std::move(socket), of.tls_);
        else
            stream_.emplace<tcp::socket>(std::move(socket));
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() override { close(); }

    bool shake_hands() {
        auto* s = std::get_if<secured>(&stream_);
        error_code ec;
        if (s != nullptr)
            s->handshake(ssl::stream_base::server, ec);
        return !ec;
    }

    [[nodiscard]] std::size_t number() const override { return number_; }

    std::optional<peer_request> read() override {
        http::request_parser<http::string_body> parser;
        parser.body_limit(std::uint64_t{1} << 30U);
        error_code ec;
        with_stream([&](auto& s) { http::read(s, buffer_, parser, ec); });
        if (ec)
            return std::nullopt;
        std::ostringstream head;
        head << parser.get().base();
        const auto* s = std::get_if<secured>(&stream_);
        const char* name =
            s == nullptr ? nullptr
                         : SSL_get_servername(const_cast<secured*>(s)->native_handle(), TLSEXT_NAMETYPE_host_name);
        peer_request r{head.str(), parser.get().body(), name == nullptr ? "" : name};
        of_.keep(r);
        return r;
    }

    std::optional<std::string> read_head() override {
        error_code ec;
        for (;;) {
            const auto bytes = buffer_.data();
            const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
            const auto end = text.find("\r\n\r\n");
            if (end != std::string_view::npos) {
                std::string head(text.substr(0, end + 4));
                buffer_.consume(head.size());
                return head;
            }
            with_stream([&](auto& s) { buffer_.commit(s.read_some(buffer_.prepare(4096), ec)); });
            if (ec)
                return std::nullopt;
        }
    }

    std::string read_some() override {
        std::array<char, 16'384> bytes{};
        if (buffer_.size() > 0) {
            const auto n = asio::buffer_copy(asio::buffer(bytes), buffer_.data());
            buffer_.consume(n);
            return {bytes.data(), n};
        }
        error_code ec;
        std::size_t n = 0;
        with_stream([&](auto& s) { n = s.read_some(asio::buffer(bytes), ec); });
        return {bytes.data(), n};
    }

    bool write(std::string_view bytes) override {
        error_code ec;
        with_stream([&](auto& s) { asio::write(s, asio::buffer(bytes), ec); });
        return !ec;
    }

    void finish() override {
        error_code ec;
        if (auto* s = std::get_if<secured>(&stream_))
            s->shutdown(ec);
        else
            socket().shutdown(tcp::socket::shutdown_both, ec);
        close();
    }
    void cut() override { close(); }
    void reset() override {
        error_code ec;
        socket().set_option(asio::socket_base::linger(true, 0), ec);
        close();
    }
    void wait_for_end() override {
        while (!read_some().empty())
            ;
    }

    void tunnel_to(std::uint16_t port) override {
        error_code ec;
        tcp::socket to(of_.context_);
        to.connect({asio::ip::address_v4::loopback(), port}, ec);
        if (ec)
            return;
        std::thread back([&] { copy_bytes(to, socket()); });
        copy_bytes(socket(), to);
        back.join();
    }

    [[nodiscard]] bool resumed() const override {
        const auto* s = std::get_if<secured>(&stream_);
        return s != nullptr && SSL_session_reused(const_cast<secured*>(s)->native_handle()) == 1;
    }

private:
    template <class Use>
    void with_stream(Use use) {
        if (auto* s = std::get_if<secured>(&stream_))
            use(*s);
        else if (auto* p = std::get_if<tcp::socket>(&stream_))
            use(*p);
    }
    tcp::socket& socket() {
        auto* s = std::get_if<secured>(&stream_);
        return s != nullptr ? s->next_layer() : *std::get_if<tcp::socket>(&stream_);
    }
    void close() {
        if (!socket().is_open())
            return;
        of_.forget(socket().native_handle());
        error_code ec;
        socket().close(ec);
    }

    server& of_;
    const std::size_t number_;
    std::variant<std::monostate, tcp::socket, secured> stream_;
    boost::beast::flat_buffer buffer_;
};

void scripted_peer::server::serve(tcp::socket socket, std::size_t number) {
    connection c(*this, std::move(socket), number);
    if (c.shake_hands())
        script_(c);
}

scripted_peer::scripted_peer(script s) : scripted_peer(std::move(s), options()) {}
scripted_peer::scripted_peer(script s, options o) : server_(std::make_unique<server>(std::move(s), o)) {}
scripted_peer::~scripted_peer() = default;

std::uint16_t scripted_peer::port() const { return server_->port(); }
const std::string& scripted_peer::ca_file() const { return server_->ca_file(); }
std::vector<peer_request> scripted_peer::requests() const { return server_->requests(); }
std::size_t scripted_peer::connections() const { return server_->connections(); }

scripted_peer::script answer_each(std::string bytes) {
    return [bytes = std::move(bytes)](scripted_peer::channel& c) {
        while (c.read())
            c.write(bytes);
    };
}

} // namespace lineside::test
