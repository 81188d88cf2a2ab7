#include "support/raw_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lineside::test {

namespace {

void must(bool right, const char* what) {
    if (!right)
        throw std::system_error(errno, std::generic_category(), what);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

} // namespace

class raw_client::connection {
public:
    connection(std::uint16_t port, const std::string& from)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        must(socket_ >= 0, "socket");
        const timeval minute{60, 0};
        const int on = 1;
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        try {
            must(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute) == 0 &&
                     ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof minute) == 0 &&
                     ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0,
                 "setsockopt");
            sockaddr_in own{};
            own.sin_family = AF_INET;
            must(::inet_pton(AF_INET, from.c_str(), &own.sin_addr) == 1 &&
                     ::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0,
                 "bind");
            must(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0, "connect");
        } catch (...) {
            ::close(socket_);
            throw;
        }
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() {
        ssl_.reset();
        ::close(socket_);
    }

    void secure(const raw_tls& tls) {
        context_.reset(SSL_CTX_new(TLS_client_method()));
        auto* c = context_.get();
        if (!tls.ca_file.empty()) {
            must(SSL_CTX_load_verify_locations(c, tls.ca_file.c_str(), nullptr) == 1, "the authority");
            SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
        }
        if (!tls.certificate_file.empty())
            must(SSL_CTX_use_certificate_chain_file(c, tls.certificate_file.c_str()) == 1 &&
                     SSL_CTX_use_PrivateKey_file(c, tls.key_file.c_str(), SSL_FILETYPE_PEM) == 1,
                 "the certificate");
        if (tls.newest != 0) // which OpenSSL may speak at its lowest level only
            must(SSL_CTX_set_min_proto_version(c, std::min(tls.newest, TLS1_2_VERSION)) == 1 &&
                     SSL_CTX_set_max_proto_version(c, tls.newest) == 1 &&
                     SSL_CTX_set_cipher_list(c, "DEFAULT:@SECLEVEL=0") == 1,
                 "the version");
        if (!tls.ciphers.empty())
            must(SSL_CTX_set_cipher_list(c, tls.ciphers.c_str()) == 1, "the ciphers");
        if (!tls.protocols.empty())
            must(SSL_CTX_set_alpn_protos(c, reinterpret_cast<const unsigned char*>(tls.protocols.data()),
                                         static_cast<unsigned>(tls.protocols.size())) == 0,
                 "the protocols");
        ssl_.reset(SSL_new(c));
        SSL_set_fd(ssl_.get(), socket_);
        if (SSL_connect(ssl_.get()) != 1)
            throw std::runtime_error("no handshake of TLS");
        must(::fcntl(socket_, F_SETFL, O_NONBLOCK) == 0, "fcntl");
    }

    // Bytes; 0: none will come.
    std::size_t read(char* to, std::size_t most) {
        const auto came = ssl_ ? over_tls([&] { return SSL_read(ssl_.get(), to, static_cast<int>(most)); })
                               : ::recv(socket_, to, most, 0);
        if (came < 0 && !ssl_ && (errno == EAGAIN || errno == EWOULDBLOCK))
            throw std::runtime_error("nothing came within a minute");
        reset_ |= came < 0;
        return came <= 0 ? 0 : static_cast<std::size_t>(came);
    }

    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto size = static_cast<int>(bytes.size());
            const auto went = ssl_ ? over_tls([&] { return SSL_write(ssl_.get(), bytes.data(), size); })
                                   : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (went <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(went));
        }
        return true;
    }

    void end_sending() {
        if (ssl_) {
            const std::lock_guard lock(mutex_);
            SSL_shutdown(ssl_.get());
        }
        ::shutdown(socket_, SHUT_WR);
    }

    [[nodiscard]] bool hears_within(std::chrono::milliseconds time) const {
        pollfd one{socket_, POLLIN, 0};
        return (ssl_ && SSL_pending(ssl_.get()) > 0) || ::poll(&one, 1, static_cast<int>(time.count())) > 0;
    }
    [[nodiscard]] bool was_reset() const { return reset_; }
    [[nodiscard]] const SSL* ssl() const { return ssl_.get(); }

private:
    struct freed {
        void operator()(SSL* s) const { SSL_free(s); }
        void operator()(SSL_CTX* c) const { SSL_CTX_free(c); }
    };

    // One thread may read while another writes, which OpenSSL does not allow at the same moment.
    template <class Attempt>
    ssize_t over_tls(Attempt attempt) {
        for (;;) {
            std::unique_lock lock(mutex_);
            ERR_clear_error(); // or an old one of this thread's would be taken for this one
            const int result = attempt();
            const int why = SSL_get_error(ssl_.get(), result);
            lock.unlock();
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
                return result;
            const auto event = static_cast<short>(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
            pollfd ready{socket_, event, 0};
            if (::poll(&ready, 1, 60'000) <= 0)
                return -1;
        }
    }

    const int socket_;
    bool reset_ = false;
    std::mutex mutex_; // of the session of TLS
    std::unique_ptr<SSL_CTX, freed> context_;
    std::unique_ptr<SSL, freed> ssl_;
};

raw_client::raw_client(std::unique_ptr<connection> c) noexcept : connection_(std::move(c)) {}
raw_client::raw_client(std::uint16_t port) : raw_client(std::make_unique<connection>(port, "127.0.0.1")) {}
raw_client::raw_client(std::uint16_t port, const raw_tls& tls) : raw_client(port) { connection_->secure(tls); }
raw_client::raw_client(raw_client&&) noexcept = default;
raw_client& raw_client::operator=(raw_client&&) noexcept = default;
raw_client::~raw_client() = default;

raw_client raw_client::from(const std::string& address, std::uint16_t port) {
    return raw_client(std::make_unique<connection>(port, address));
}

void raw_client::send(std::string_view bytes) {
    if (!try_send(bytes))
        throw std::runtime_error("the other side takes nothing");
}

bool raw_client::try_send(std::string_view bytes) { return connection_->write(bytes); }

bool raw_client::hears_within(std::chrono::milliseconds time) {
    return !came_.empty() || connection_->hears_within(time);
}

bool raw_client::was_reset() const { return connection_->was_reset(); }

void raw_client::end_sending() { connection_->end_sending(); }

bool raw_client::more() {
    std::array<char, 16'384> bytes;
    const auto size = connection_->read(bytes.data(), bytes.size());
    came_.append(bytes.data(), size);
    return size > 0;
}

std::string raw_client::read(std::size_t size) {
    while (came_.size() < size)
        if (!more())
            throw std::runtime_error("the connection ended after: " + came_);
    auto all = came_.substr(0, size);
    came_.erase(0, size);
    return all;
}

std::string raw_client::take_line() {
    for (;;) {
        const auto end = came_.find("\r\n");
        if (end != std::string::npos) {
            auto line = came_.substr(0, end);
            came_.erase(0, end + 2);
            return line;
        }
        if (!more())
            throw std::runtime_error("the connection ended within a line: " + came_);
    }
}

std::string raw_client::read_to_end() {
    while (more()) {
    }
    return std::exchange(came_, {});
}

raw_answer raw_client::read_answer(bool head_only) {
    raw_answer answer;
    const auto first = take_line();
    if (!first.starts_with("HTTP/1.1 ") || first.size() < 13)
        throw std::runtime_error("this is no answer: " + first);
    answer.status = static_cast<unsigned>(std::stoul(first.substr(9, 3)));
    for (auto line = take_line(); !line.empty(); line = take_line()) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos)
            throw std::runtime_error("this is no field: " + line);
        if (!answer.fields.emplace(lower(line.substr(0, colon)), line.substr(colon + 2)).second)
            throw std::runtime_error("this field was there before: " + line);
    }
    if (head_only || answer.status < 200 || answer.status == 204 || answer.status == 304)
        return answer;
    if (answer.field("transfer-encoding") == "chunked") {
        for (;;) {
            const auto size = std::stoul(take_line(), nullptr, 16);
            answer.body += read(size);
            if (!take_line().empty())
                throw std::runtime_error("a chunk is not as long as it says");
            if (size == 0)
                return answer;
        }
    }
    if (const auto length = answer.fields.find("content-length"); length != answer.fields.end())
        answer.body = read(std::stoul(length->second));
    else
        answer.body = read_to_end();
    return answer;
}

std::string raw_client::peer_subject() const {
    auto* certificate = SSL_get0_peer_certificate(connection_->ssl());
    std::array<char, 256> text{};
    X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), text.size());
    return text.data();
}

std::string raw_client::tls_version() const { return SSL_get_version(connection_->ssl()); }

std::string raw_client::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(connection_->ssl(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

} // namespace lineside::test
