#include "net/tls_client.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

[[noreturn]] void fail(errc e, std::string message, std::string field = {}, error_code cause = {}) {
    throw error(make_error_code(e), diagnostics{std::move(message), std::move(field), {}, 0, cause});
}

bool is_address(const std::string& host) {
    error_code ec;
    (void)asio::ip::make_address(host, ec);
    return !ec;
}

} // namespace

ssl::context make_tls_client(const http_client_tls& options) {
    ssl::context context(ssl::context::tls_client);
    auto* native = context.native_handle();
    error_code ec;
    if (::SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1)
        fail(errc::internal, "TLS 1.2 is not there");
    ::SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    context.set_verify_mode(options.peer == http_client_tls::checking::on ? ssl::verify_peer : ssl::verify_none);
    if (options.system_authorities)
        context.set_default_verify_paths(ec);
    if (!options.ca_file.empty()) {
        context.load_verify_file(options.ca_file, ec);
        if (ec)
            fail(errc::invalid_argument, "the file of certificate authorities cannot be read: " + ec.message(),
                 "ca_file", ec);
    }
    if (!options.certificate_file.empty()) {
        context.use_certificate_chain_file(options.certificate_file, ec);
        if (ec)
            fail(errc::invalid_argument, "the client's certificate cannot be read: " + ec.message(), "certificate_file",
                 ec);
        context.use_private_key_file(options.key_file, ssl::context::pem, ec);
        if (ec)
            fail(errc::invalid_argument, "the client's key cannot be read: " + ec.message(), "key_file", ec);
    }
    ::ERR_clear_error();
    return context;
}

void expect_host(SSL* of, const std::string& host, http_client_tls::checking peer) {
    auto* parameters = ::SSL_get0_param(of);
    ::X509_VERIFY_PARAM_set_hostflags(parameters,
                                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // What SSL_set_tlsext_host_name does, without its cast.
    const auto announce = [&] {
        return ::SSL_ctrl(of, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                          const_cast<char*>(host.c_str())) == 1;
    };
    const bool checked = peer == http_client_tls::checking::on;
    const bool set = is_address(host) ? !checked || ::X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1
                                      : (!checked || ::SSL_set1_host(of, host.c_str()) == 1) && announce();
    if (!set)
        fail(errc::internal, "the host cannot be checked");
}

std::string why_no_handshake(SSL* of, error_code ec) {
    const auto verdict = ::SSL_get_verify_result(of);
    if (verdict != X509_V_OK)
        return std::string("the host's certificate is not right: ") + ::X509_verify_cert_error_string(verdict);
    if (refuses_certificate(ec))
        return "the host does not accept the client's certificate: " + ec.message();
    return "no secure connection to the host: " + ec.message();
}

bool refuses_certificate(error_code ec) noexcept {
    if (ec.category() != asio::error::get_ssl_category())
        return false;
    switch (ERR_GET_REASON(static_cast<unsigned long>(ec.value()))) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return true;
    default: return false;
    }
}

} // namespace lineside::net
