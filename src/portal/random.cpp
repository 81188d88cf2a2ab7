#include "portal/random.hpp"

#include <lineside/error.hpp>

#include <openssl/rand.h>

namespace lineside {

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw error(errc::internal, "the generator of random numbers failed");
    return bytes;
}

std::string random_reserve::take(std::size_t count) {
    const std::lock_guard lock(mutex_);
    if (bytes_.size() < count)
        bytes_ = random_bytes(room);
    const auto kept = bytes_.size() - count;
    auto taken = bytes_.substr(kept);
    bytes_.resize(kept);
    return taken;
}

} // namespace lineside
