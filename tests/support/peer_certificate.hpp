#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lineside::test {

/// What a peer's certificate says.
struct peer_certificate {
    enum class issuer : std::uint8_t {
        known,    ///< the authority of `tls_peer::ca_file`
        stranger, ///< another of the same name
        itself,
        intermediate,         ///< whom the known one vouches for, as the peer shows
        missing_intermediate, ///< the same, and the peer does not
    };

    std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1"}; ///< subjectAltName; none: it has no such thing
    std::string subject = "localhost";
    int from_days = -1; ///< from now
    int to_days = 1;
    issuer issued_by = issuer::known;
};

/// Gives a server such a certificate, made for it, and writes whom a client has to trust as PEM. Throws when OpenSSL fails.
void use_certificate(SSL_CTX* server, const peer_certificate& certificate, const std::string& ca_file);

} // namespace lineside::test
