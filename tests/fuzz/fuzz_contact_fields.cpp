// What people type about themselves: addresses, numbers, languages, allow-lists, colours, codes.

#include "fuzz/fuzz_reader.hpp"
#include "rules/bcp47.hpp"
#include "rules/contrast.hpp"
#include "rules/email.hpp"
#include "rules/ip_range.hpp"
#include "rules/one_time_code.hpp"
#include "rules/phone.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace lineside;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (rules::email_fault(text) == nullptr) {
        test::must(text.size() <= 254 && text.find('@') == text.rfind('@'), "one @ in 254 bytes");
        test::must(text.find_first_of("\r\n <>,;") == std::string_view::npos, "nothing that starts another header");
    }
    if (const auto number = rules::parse_phone(text)) {
        test::must(number->size() >= 8 && number->size() <= 16 && number->front() == '+', "E.164");
        test::must(rules::parse_phone(*number).value() == *number, "what was read reads the same");
    }
    if (const auto tag = rules::parse_language(text)) {
        test::must(rules::parse_language(*tag).value() == *tag, "what was read reads the same");
        const std::string_view offered[] = {*tag, "en"};
        test::must(rules::best_language(*tag, offered) == *tag, "itself serves best");
    }
    constexpr std::string_view some[] = {"en", "pt-BR", "zh-Hant-TW"};
    (void)rules::best_language(text, some);
    if (const auto range = rules::parse_ip_range(text))
        test::must(range->contains(range->first), "a network holds its first address");
    if (const auto c = rules::parse_colour(text))
        test::must(rules::contrast(*c, *c) == 1, "a colour does not stand out from itself");
    if (const auto code = rules::tidy_code(text))
        test::must(rules::tidy_code(*code) == code && code->size() == 6, "six digits");
    return 0;
}
