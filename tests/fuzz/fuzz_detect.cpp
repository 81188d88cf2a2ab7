#include "cdr/json_object.hpp"
#include "fuzz/fuzz_reader.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto found = cdr::detect(bytes);
    test::must(!found.evidence.empty(), "there is evidence, for a format or against all");
    cdr::json_object object;
    if (object.parse(bytes) == nullptr) {
        for (const auto& member : object.members())
            test::must(cdr::valid_utf8(member.name) && cdr::valid_utf8(member.value), "JSON is UTF-8");
    }
    cdr::parsed_time time;
    std::int64_t number = 0;
    (void)cdr::parse_time(bytes, time);
    (void)cdr::parse_epoch(bytes, number);
    (void)cdr::parse_seconds(bytes, number);
    (void)cdr::parse_nanos(bytes, number);
    (void)cdr::parse_integer(bytes, number);
    return 0;
}
