#include "support/tls_peer.hpp"

#include "support/scratch_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

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

struct identity {
    key_ptr key;
    certificate_ptr certificate;
};

void extend(X509* of, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, of, of, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    must(extension != nullptr);
    X509_add_ext(of, extension, -1);
    X509_EXTENSION_free(extension);
}

void name(X509_NAME* of, const std::string& common_name) {
    must(X509_NAME_add_entry_by_txt(of, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name.c_str()),
                                    -1, -1, 0) == 1);
}

identity make_unsigned(const std::string& subject, int from_days, int to_days) {
    constexpr long a_day = 86'400;
    identity i{key_ptr(EVP_EC_gen("P-256")), certificate_ptr(X509_new())};
    auto* c = i.certificate.get();
    must(i.key != nullptr && c != nullptr);
    must(X509_set_version(c, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(c), 1) == 1);
    X509_gmtime_adj(X509_getm_notBefore(c), from_days * a_day);
    X509_gmtime_adj(X509_getm_notAfter(c), to_days * a_day);
    name(X509_get_subject_name(c), subject);
    must(X509_set_pubkey(c, i.key.get()) == 1);
    return i;
}

void sign(const identity& i, const identity& by) {
    must(X509_set_issuer_name(i.certificate.get(), X509_get_subject_name(by.certificate.get())) == 1 &&
         X509_sign(i.certificate.get(), by.key.get(), EVP_sha256()) > 0);
}

identity make_authority() {
    auto i = make_unsigned("An authority", -2, 2);
    extend(i.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(i.certificate.get(), NID_key_usage, "critical,keyCertSign");
    sign(i, i);
    return i;
}

identity make_peer(const peer_certificate& of, const identity& authority) {
    auto i = make_unsigned(of.subject, of.from_days, of.to_days);
    std::string names;
    for (const auto& n : of.names)
        names += (names.empty() ? "" : ",") + n;
    if (!names.empty())
        extend(i.certificate.get(), NID_subject_alt_name, names);
    switch (of.issued_by) {
    case peer_certificate::issuer::known: sign(i, authority); break;
    case peer_certificate::issuer::stranger: sign(i, make_authority()); break;
    case peer_certificate::issuer::itself: sign(i, i); break;
    }
    return i;
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
        const auto authority = make_authority();
        const auto peer = make_peer(certificate, authority);
        auto* native = tls_.native_handle();
        must(SSL_CTX_use_certificate(native, peer.certificate.get()) == 1 &&
             SSL_CTX_use_PrivateKey(native, peer.key.get()) == 1);
        if (tls == peer_tls::at_most_1_2)
            must(SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION) == 1);
        if (tls == peer_tls::at_most_1_1) // which OpenSSL speaks at its lowest level only
            must(SSL_CTX_set_min_proto_version(native, TLS1_VERSION) == 1 &&
                 SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION) == 1 &&
                 SSL_CTX_set_cipher_list(native, "DEFAULT:@SECLEVEL=0") == 1);
        const bio_ptr file(BIO_new_file(ca_file_.c_str(), "w"));
        must(file != nullptr && PEM_write_bio_X509(file.get(), authority.certificate.get()) == 1);
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
