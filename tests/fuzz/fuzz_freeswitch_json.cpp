#include "fuzz/fuzz_reader.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr auto format = record_format::freeswitch_json;
    test::check_reader(format, bytes, {.name = "f", .account = "a", .zone = test::berlin_2026});
    test::check_reader(format, bytes, {.name = "f", .account_from = "context"});
    return 0;
}
