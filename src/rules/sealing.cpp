#include "rules/sealing.hpp"

#include <lineside/error.hpp>

#include <openssl/evp.h>

#include <memory>

namespace lineside::rules {

namespace {

constexpr std::size_t tag_size = 16;

struct cipher_free {
    void operator()(EVP_CIPHER_CTX* c) const noexcept { EVP_CIPHER_CTX_free(c); }
};
using cipher = std::unique_ptr<EVP_CIPHER_CTX, cipher_free>;

const unsigned char* bytes_of(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* bytes_of(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }
int size_of(std::string_view s) { return static_cast<int>(s.size()); }

// Only a broken library fails here: what comes from outside is judged by the tag.
void must(int done) {
    if (done != 1)
        throw error(errc::internal, "AES-256-GCM failed");
}

} // namespace

std::string seal(std::string_view key, std::string_view nonce, std::string_view bound_to, std::string_view plain) {
    const cipher c(EVP_CIPHER_CTX_new());
    must(key.size() == sealing_key_size && nonce.size() == sealing_nonce_size ? 1 : 0);
    must(EVP_EncryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)));
    int n = 0;
    must(EVP_EncryptUpdate(c.get(), nullptr, &n, bytes_of(bound_to), size_of(bound_to)));
    std::string text(plain.size(), '\0');
    must(EVP_EncryptUpdate(c.get(), bytes_of(text), &n, bytes_of(plain), size_of(plain)));
    must(EVP_EncryptFinal_ex(c.get(), bytes_of(text) + n, &n));
    std::string tag(tag_size, '\0');
    must(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size), tag.data()));
    return std::string(nonce) + text + tag;
}

std::optional<std::string> open_sealed(std::string_view key, std::string_view bound_to, std::string_view sealed) {
    if (key.size() != sealing_key_size || sealed.size() < sealing_nonce_size + tag_size)
        return std::nullopt;
    const auto nonce = sealed.substr(0, sealing_nonce_size);
    const auto text = sealed.substr(sealing_nonce_size, sealed.size() - sealing_nonce_size - tag_size);
    std::string tag(sealed.substr(sealed.size() - tag_size));
    const cipher c(EVP_CIPHER_CTX_new());
    must(EVP_DecryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)));
    int n = 0;
    must(EVP_DecryptUpdate(c.get(), nullptr, &n, bytes_of(bound_to), size_of(bound_to)));
    std::string plain(text.size(), '\0');
    must(EVP_DecryptUpdate(c.get(), bytes_of(plain), &n, bytes_of(text), size_of(text)));
    must(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size), tag.data()));
    if (EVP_DecryptFinal_ex(c.get(), bytes_of(plain) + n, &n) != 1)
        return std::nullopt;
    return plain;
}

} // namespace lineside::rules
