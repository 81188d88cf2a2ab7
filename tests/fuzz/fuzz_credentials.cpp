#include "fuzz/fuzz_reader.hpp"
#include "rules/credentials.hpp"
#include "rules/password_policy.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto key = rules::parse_api_key(text)) {
        test::must(text.starts_with("lsk_" + key->id + '_' + key->secret), "a key is its parts");
        test::must(key->secret.size() == 43, "a secret has 256 bits");
    }
    if (const auto code = rules::parse_recovery_code(text)) {
        test::must(code->index < rules::recovery_code_count, "a recovery code is one of ten");
        const auto again = rules::parse_recovery_code(std::to_string(code->index) + code->letters);
        test::must(again && again->letters == code->letters, "it reads the same when tidied");
    }
    if (size <= 1024) {
        const rules::own_text own[] = {{text, "it"}};
        const bool is_bad = !rules::password_fault(text, rules::second_factor::off).empty();
        test::must(is_bad || !rules::password_fault(text, rules::second_factor::off, own).empty(),
                   "a password is never its owner's name");
        test::must(is_bad || rules::is_long_enough_alone(text), "a good password is long enough");
    }
    return 0;
}
