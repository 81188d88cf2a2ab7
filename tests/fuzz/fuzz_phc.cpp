#include "fuzz/fuzz_reader.hpp"
#include "rules/phc.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = rules::parse_phc(text);
    if (!read)
        return 0;
    test::must(is_possible(read->cost), "its cost can be paid");
    test::must(read->salt.size() >= 8 && read->salt.size() <= 64, "a salt has 8 to 64 bytes");
    test::must(read->hash.size() >= 16 && read->hash.size() <= 64, "a hash has 16 to 64 bytes");
    test::must(to_string(*read) == text, "only what is written is read");
    return 0;
}
