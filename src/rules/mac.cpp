#include "rules/mac.hpp"

#include <lineside/error.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>

namespace lineside::rules {

std::string framed(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        for (unsigned shift = 64; shift > 0; shift -= 8)
            text += static_cast<char>(static_cast<std::uint64_t>(part.size()) >> (shift - 8) & 0xffU);
        text += part;
    }
    return text;
}

std::string mac_of(std::string_view key, std::initializer_list<std::string_view> parts) {
    const auto text = framed(parts);
    std::string mac(mac_size, '\0');
    unsigned size = 0;
    const auto* made = ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                              reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              reinterpret_cast<unsigned char*>(mac.data()), &size);
    if (made == nullptr) // unreachable: OpenSSL makes an HMAC of any key while there is memory
        throw error(errc::internal, "HMAC failed");
    return mac;
}

bool same_bytes(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace lineside::rules
