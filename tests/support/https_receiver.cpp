#include "support/https_receiver.hpp"

#include "support/scratch_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <mutex>
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

template <auto Free>
struct freed {
    template <class T>
    void operator()(T* t) const {
        Free(t);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed<BIO_free_all>>;

void must(bool right) {
    if (!right)
        throw std::runtime_error("OpenSSL made no certificate");
}

void extend(X509* of, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, of, of, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    must(extension != nullptr);
    X509_add_ext(of, extension, -1);
    X509_EXTENSION_free(extension);
}

key_ptr make_key() {
    key_ptr key(EVP_EC_gen("P-256"));
    must(key != nullptr);
    return key;
}

// Self-signed, of 127.0.0.1 and nobody else; good for a day.
certificate_ptr make_certificate(EVP_PKEY* key) {
    constexpr long a_day = 86'400;
    certificate_ptr certificate(X509_new());
    auto* c = certificate.get();
    must(c != nullptr && X509_set_version(c, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(c), 1) == 1);
    X509_gmtime_adj(X509_getm_notBefore(c), -a_day);
    X509_gmtime_adj(X509_getm_notAfter(c), a_day);
    auto* name = X509_get_subject_name(c);
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("receiver"), -1,
                                    -1, 0) == 1);
    must(X509_set_issuer_name(c, name) == 1 && X509_set_pubkey(c, key) == 1);
    extend(c, NID_basic_constraints, "critical,CA:TRUE");
    extend(c, NID_subject_alt_name, "IP:127.0.0.1");
    must(X509_sign(c, key, EVP_sha256()) > 0);
    return certificate;
}

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
        const auto key = make_key();
        const auto certificate = make_certificate(key.get());
        must(SSL_CTX_use_certificate(tls_.native_handle(), certificate.get()) == 1 &&
             SSL_CTX_use_PrivateKey(tls_.native_handle(), key.get()) == 1);
        ca_file_ = (dir_.path() / "receiver.pem").string();
        const bio_ptr file(BIO_new_file(ca_file_.c_str(), "w"));
        must(file != nullptr && PEM_write_bio_X509(file.get(), certificate.get()) == 1);
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
