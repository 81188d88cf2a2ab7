#include "wire/gzip.hpp"

#include <lineside/error.hpp>

#include <zlib.h>

namespace lineside::wire {

std::string gzip(std::string_view bytes) {
    constexpr int level = 2;
    constexpr int window_of_gzip = 15 + 16;
    constexpr int memory = 8;
    z_stream z{};
    if (::deflateInit2(&z, level, Z_DEFLATED, window_of_gzip, memory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw error(errc::exhausted, "out of memory");
    std::string packed(::deflateBound(&z, bytes.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data());
    z.avail_out = static_cast<uInt>(packed.size());
    (void)::deflate(&z, Z_FINISH); // the bound is enough
    packed.resize(packed.size() - z.avail_out);
    ::deflateEnd(&z);
    return packed;
}

} // namespace lineside::wire
