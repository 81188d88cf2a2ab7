#include "net/http_server_tls.hpp"

#include <lineside/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace lineside::net {

namespace {

namespace ssl = boost::asio::ssl;

// Forward secrecy and authenticated encryption; TLS 1.3 has nothing else.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

void must_work(bool worked) {
    if (!worked)
        throw error(errc::internal, "OpenSSL does not know what the server asks of it");
}

void must_read(error_code ec, const char* what, const std::string& file, const char* field) {
    ::ERR_clear_error();
    if (ec)
        throw error(make_error_code(errc::invalid_argument),
                    diagnostics{std::string(what) + ' ' + file + ": " + ec.message(), field, {}, 0, ec});
}

// RFC 7301: who speaks HTTP/1.1 is told so; who wants nothing but another protocol is turned away.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    auto* found = const_cast<unsigned char*>(ours);
    if (::SSL_select_next_proto(&found, size, ours, sizeof ours - 1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void ask_for_certificates(ssl::context& context, const std::string& ca_file) {
    auto* native = context.native_handle();
    error_code ec;
    context.load_verify_file(ca_file, ec);
    must_read(ec, "the file of certificate authorities of clients", ca_file, "client_ca_file");
    auto* names = ::SSL_load_client_CA_file(ca_file.c_str());
    must_work(names != nullptr);
    ::SSL_CTX_set_client_CA_list(native, names);
    context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    // What a session that is resumed was verified for.
    static constexpr unsigned char purpose[] = "lineside";
    must_work(::SSL_CTX_set_session_id_context(native, purpose, sizeof purpose - 1) == 1);
}

} // namespace

std::shared_ptr<ssl::context> make_server_context(const http_server_tls& tls) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* native = context->native_handle();
    must_work(::SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
              ::SSL_CTX_set_cipher_list(native, ciphers) == 1);
    ::SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // An idle connection keeps no records.
    ::SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    ::SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    error_code ec;
    // A key under a password would be asked for at the terminal.
    context->set_password_callback([](auto, auto) { return std::string(); }, ec);
    context->use_certificate_chain_file(tls.certificate_file, ec);
    must_read(ec, "the certificate file", tls.certificate_file, "certificate_file");
    context->use_private_key_file(tls.key_file, ssl::context::pem, ec);
    must_read(ec, "the key file", tls.key_file, "key_file");
    if (!tls.client_ca_file.empty())
        ask_for_certificates(*context, tls.client_ca_file);
    return context;
}

} // namespace lineside::net
