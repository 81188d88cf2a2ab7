// A verb, a space and a target, as the first line of a request has them.

#include "fuzz/fuzz_request.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace lineside;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view target(reinterpret_cast<const char*>(data), size);
    const auto verb = target.substr(0, target.find(' '));
    target.remove_prefix(std::min(target.size(), verb.size() + 1));
    const auto path = target.substr(0, target.find('?'));
    const auto query = target.substr(std::min(target.size(), path.size() + 1));
    wire::route_match match;
    try {
        match = wire::find_route(verb, path);
    } catch (const error& e) {
        test::must(e.code() == errc::invalid_argument && !e.details().field.empty(), "a refusal names the value");
        return 0;
    }
    test::must(match.found == nullptr || match.allowed.empty(), "there is a route or there is none");
    if (match.found != nullptr)
        test::request_readings[match.found->index](match.parameters, query, {});
    return 0;
}
