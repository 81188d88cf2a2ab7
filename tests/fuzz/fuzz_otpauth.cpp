#include "fuzz/fuzz_reader.hpp"
#include "rules/otpauth.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lineside;
    const auto read = rules::parse_otpauth({reinterpret_cast<const char*>(data), size});
    if (!read) {
        test::must(!read.error().details.message.empty(), "a refusal says why");
        return 0;
    }
    test::must(!read->key.empty() && read->key.size() <= 128, "a key has 1 to 128 bytes");
    test::must(!read->account.empty(), "it names an account");
    test::must(read->totp.digits >= 6 && read->totp.digits <= 8, "codes have 6 to 8 digits");
    test::must(rules::hotp(read->key, 1, read->totp).size() == read->totp.digits, "it makes codes");
    // An issuer of a parameter may hold a colon, and an account without issuer too: then the label is ambiguous.
    const bool plain = read->issuer.find(':') == std::string::npos &&
                       (!read->issuer.empty() || read->account.find(':') == std::string::npos);
    if (plain)
        test::must(rules::parse_otpauth(to_uri(*read)).value() == *read, "it comes back as it was");
    return 0;
}
