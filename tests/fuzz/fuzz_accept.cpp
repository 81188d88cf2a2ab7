// Fields that say what bodies are, as strangers send them.

#include <lineside/error.hpp>

#include "fuzz/fuzz_reader.hpp"
#include "wire/media_type.hpp"
#include "wire/multipart.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace lineside;
using wire::media_type;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view accept(reinterpret_cast<const char*>(data), size);
    constexpr std::array offered = {media_type::csv, media_type::json, media_type::ndjson};
    const auto liked = wire::negotiate(accept, offered);
    test::must(!liked || std::find(offered.begin(), offered.end(), *liked) != offered.end(),
               "it is one of those offered");
    test::must(wire::negotiate(accept, {}) == std::nullopt, "nothing can be had of nothing");
    // A quotation that is open swallows what stands behind it.
    if (accept.find('"') == accept.npos) {
        const auto everything = wire::negotiate(std::string(accept) + ", */*;q=0.001", offered);
        test::must(everything.has_value() || !liked.has_value(), "who takes more is not given less");
    }
    try {
        const auto boundary = wire::boundary_of(accept);
        test::must(!boundary.empty() && boundary.size() <= 70, "a boundary has its length");
        test::must(boundary.find_first_of("\r\n") == boundary.npos, "and is of one line");
    } catch (const error& e) {
        test::must(e.code() == errc::invalid_argument, "nothing but the field is wrong");
    }
    return 0;
}
