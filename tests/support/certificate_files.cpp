#include "support/certificate_files.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>

namespace lineside::test {

certificate_files::certificate_files(const peer_certificate& of) { renew(of); }

void certificate_files::renew(const peer_certificate& with) const {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> holder(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    use_certificate(holder.get(), with, authority());
    const auto write = [](const std::string& name, auto what) {
        const std::unique_ptr<BIO, decltype(&BIO_free_all)> to(BIO_new_file(name.c_str(), "w"), &BIO_free_all);
        if (to == nullptr || what(to.get()) != 1)
            throw std::runtime_error(name + " cannot be written");
    };
    write(certificate(), [&](BIO* to) { return PEM_write_bio_X509(to, SSL_CTX_get0_certificate(holder.get())); });
    write(key(), [&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, SSL_CTX_get0_privatekey(holder.get()), nullptr, nullptr, 0, nullptr,
                                        nullptr);
    });
}

} // namespace lineside::test
