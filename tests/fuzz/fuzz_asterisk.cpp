#include "fuzz/fuzz_reader.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto format : {record_format::asterisk, record_format::asterisk_custom}) {
        test::check_reader(format, bytes, {.name = "f", .zone = test::berlin_2026});
        test::check_reader(format, bytes, {.name = "f", .account = "a", .zone = test::berlin_2026});
    }
    test::check_reader(record_format::asterisk_custom, bytes,
                       {.account_from = "src", .zone = test::berlin_2026, .fields = "src;dst;start;end;disposition"});
    return 0;
}
