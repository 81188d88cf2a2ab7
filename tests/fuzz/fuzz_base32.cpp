#include "fuzz/fuzz_reader.hpp"
#include "rules/base32.hpp"
#include "rules/base64.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto p : {rules::padding::present, rules::padding::absent}) {
        if (const auto bytes = rules::parse_base32(text, p))
            test::must(rules::to_base32(*bytes, p) == text, "only what is written is read");
        test::must(rules::parse_base32(rules::to_base32(text, p), p) == text, "bytes come back");
        for (const auto a : {rules::base64_alphabet::standard, rules::base64_alphabet::url}) {
            if (const auto bytes = rules::parse_base64(text, a, p))
                test::must(rules::to_base64(*bytes, a, p) == text, "only what is written is read");
            test::must(rules::parse_base64(rules::to_base64(text, a, p), a, p) == text, "bytes come back");
        }
    }
    return 0;
}
