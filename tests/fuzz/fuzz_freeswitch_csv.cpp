#include "fuzz/fuzz_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr auto format = record_format::freeswitch_csv;
    for (const auto* fields : {"", "example", "sql", "uuid,direction,originator,start_epoch,answer_epoch,end_epoch"})
        test::check_reader(format, bytes, {.name = "f", .account = "a", .zone = test::berlin_2026, .fields = fields});
    // The first line may be a template, too.
    const auto line = bytes.substr(0, std::min(bytes.find('\n'), bytes.size()));
    test::check_reader(format, bytes.substr(line.size()),
                       {.name = "f", .zone = test::berlin_2026, .fields = std::string(line)});
    return 0;
}
