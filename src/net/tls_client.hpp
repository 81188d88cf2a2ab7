#pragma once

#include <lineside/error.hpp>

#include "net/http_client.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace lineside::net {

/// TLS 1.2 or newer, whose peer has to prove who it is; Asio's defaults ask for neither.
/// Throws `lineside::error`: invalid_argument (a file cannot be read; `field` names the member).
[[nodiscard]] boost::asio::ssl::context make_tls_client(const http_client_tls& options);

/// Whom the certificate has to name: a host, or an address. A wildcard stands for a whole label, and the subject is no
/// name. Tells the peer which host is wanted (SNI), which no address is.
void expect_host(SSL* of, const std::string& host, http_client_tls::checking peer = http_client_tls::checking::on);

/// Why a handshake came to nothing, as a sentence about the host.
[[nodiscard]] std::string why_no_handshake(SSL* of, error_code ec);
/// Whether the peer ended the connection because of this side's certificate. TLS 1.3 says so after the handshake.
[[nodiscard]] bool refuses_certificate(error_code ec) noexcept;

} // namespace lineside::net
