// Bodies of every operation: the first byte picks one, the rest is its JSON.

#include "fuzz/fuzz_request.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace lineside;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const auto& r = wire::routes()[*data % wire::routes().size()];
    wire::path_parameters path;
    for (const auto& p : r.path_parameters)
        path.add(p.name, "x");
    test::request_readings[r.index](path, {}, {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
