#include "portal/engine/records.hpp"

#include <lineside/error.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <string>

namespace lineside {

std::string to_hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string digest_of(std::string_view text) {
    // OpenSSL's one call looks for the algorithm each time, which takes longer than a short text.
    static const EVP_MD* const sha256 = ::EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    if (sha256 == nullptr || ::EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()),
                                          nullptr, sha256, nullptr) != 1)
        throw error(errc::internal, "the digest SHA-256 failed");
    return digest;
}

std::string new_id(std::string_view prefix, instant now) {
    // Crockford's alphabet: no letters that are mistaken for digits, and its order is that of its bytes.
    constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    constexpr int time_digits = 9; // 45 bits of milliseconds: until the year 3084
    constexpr std::size_t random_digits = 11;
    std::string id(prefix);
    id += '-';
    const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (int i = time_digits - 1; i >= 0; --i)
        id += alphabet[(ms >> (5U * static_cast<unsigned>(i))) & 31U];
    for (const char c : random_bytes(random_digits))
        id += alphabet[static_cast<unsigned char>(c) & 31U];
    return id;
}

} // namespace lineside
