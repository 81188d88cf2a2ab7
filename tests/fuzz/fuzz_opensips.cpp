#include "fuzz/fuzz_reader.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    test::check_reader(record_format::opensips, bytes, {.name = "f", .account = "a", .zone = test::berlin_2026});
    test::check_reader(record_format::opensips, bytes, {.name = "f", .zone = test::berlin_2026, .currency = "EUR"});
    return 0;
}
