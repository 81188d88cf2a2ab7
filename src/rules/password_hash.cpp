#include "rules/password_hash.hpp"

#include <lineside/error.hpp>

#include <argon2.h>
#include <openssl/crypto.h>

#include <string>

namespace lineside::rules {

namespace {

std::string argon2id(std::string_view password, std::string_view salt, const argon2_cost& cost, std::size_t size) {
    std::string hash(size, '\0');
    const int failed = ::argon2id_hash_raw(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(),
                                           salt.data(), salt.size(), hash.data(), hash.size());
    if (failed != ARGON2_OK)
        throw error(errc::unavailable,
                    std::string("a password cannot be checked now: ") + argon2_error_message(failed));
    return hash;
}

} // namespace

phc hash_password(std::string_view password, std::string_view salt, const argon2_cost& cost) {
    return {cost, std::string(salt), argon2id(password, salt, cost, hash_size)};
}

bool is_password(std::string_view password, const phc& of) {
    const auto hash = argon2id(password, of.salt, of.cost, of.hash.size());
    return ::CRYPTO_memcmp(hash.data(), of.hash.data(), hash.size()) == 0;
}

} // namespace lineside::rules
