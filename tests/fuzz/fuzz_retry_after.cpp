// Retry-After as a server may send it: never a time before now, and the same for the same.

#include "net/retry.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using lineside::instant;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto now : {instant(), instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)),
                           instant(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31))}) {
        const auto wait = lineside::net::parse_retry_after(text, now);
        if (wait && wait->count() < 0)
            std::abort();
        if (wait != lineside::net::parse_retry_after(text, now))
            std::abort();
    }
    return 0;
}
