#include "rules/totp.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>

namespace lineside::rules {

namespace {

const EVP_MD* digest_of(totp_hash h) {
    switch (h) {
    case totp_hash::sha256: return EVP_sha256();
    case totp_hash::sha512: return EVP_sha512();
    case totp_hash::sha1: break;
    }
    return EVP_sha1();
}

} // namespace

std::string hotp(std::string_view key, std::uint64_t counter, const totp_parameters& p) {
    std::array<unsigned char, 8> text{};
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<unsigned char>(counter >> (8 * (text.size() - 1 - i)) & 255U);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    // An empty key is one too, but not a null one.
    const auto* made = ::HMAC(digest_of(p.hash), key.empty() ? "" : key.data(), static_cast<int>(key.size()),
                              text.data(), text.size(), mac.data(), &size);
    if (made == nullptr) // unreachable: OpenSSL makes an HMAC of any key while there is memory
        throw error(errc::internal, "HMAC failed");
    const std::size_t at = mac[size - 1] & 15U;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8U | mac[at + i];
    value &= 0x7fffffffU;
    std::string code(p.digits, '0');
    for (auto digit = code.rbegin(); digit != code.rend(); ++digit, value /= 10)
        *digit = static_cast<char>('0' + value % 10);
    return code;
}

std::int64_t totp_step(instant t, const totp_parameters& p) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch();
    return seconds / p.period - (seconds % p.period < std::chrono::seconds(0) ? 1 : 0);
}

std::optional<std::int64_t> accept_totp(std::string_view key, std::string_view code, instant now,
                                        std::optional<std::int64_t> last, const totp_parameters& p) {
    std::optional<std::int64_t> accepted;
    const auto present = totp_step(now, p);
    for (auto step = present - 1; step <= present + 1; ++step) {
        const auto right = hotp(key, static_cast<std::uint64_t>(step), p);
        const bool same = code.size() == right.size() && ::CRYPTO_memcmp(code.data(), right.data(), right.size()) == 0;
        const bool fresh = step >= 0 && (!last || step > *last);
        if (same && fresh && !accepted)
            accepted = step;
    }
    return accepted;
}

} // namespace lineside::rules
