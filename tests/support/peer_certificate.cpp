#include "support/peer_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace lineside::test {

namespace {

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

identity make_authority(const std::string& subject = "An authority", const identity* by = nullptr) {
    auto i = make_unsigned(subject, -2, 2);
    extend(i.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(i.certificate.get(), NID_key_usage, "critical,keyCertSign");
    sign(i, by == nullptr ? i : *by);
    return i;
}

identity make_peer(const peer_certificate& of, const identity& authority, const identity& intermediate) {
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
    case peer_certificate::issuer::intermediate:
    case peer_certificate::issuer::missing_intermediate: sign(i, intermediate); break;
    }
    return i;
}

} // namespace

void use_certificate(SSL_CTX* server, const peer_certificate& certificate, const std::string& ca_file) {
    const auto authority = make_authority();
    const auto intermediate = make_authority("An intermediate authority", &authority);
    const auto peer = make_peer(certificate, authority, intermediate);
    must(SSL_CTX_use_certificate(server, peer.certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(server, peer.key.get()) == 1);
    if (certificate.issued_by == peer_certificate::issuer::intermediate)
        must(SSL_CTX_add1_chain_cert(server, intermediate.certificate.get()) == 1);
    const bio_ptr file(BIO_new_file(ca_file.c_str(), "w"));
    must(file != nullptr && PEM_write_bio_X509(file.get(), authority.certificate.get()) == 1);
}

} // namespace lineside::test
