#include "fuzz/fuzz_reader.hpp"
#include "rules/https_url.hpp"
#include "rules/public_address.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace lineside;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto url = rules::parse_https_url(text);
    if (!url) {
        test::must(url.error().details.field == "url" && !url.error().details.message.empty(), "a refusal says why");
        return 0;
    }
    const auto is_graph = [](char c) { return c > ' ' && c < '\x7f'; };
    test::must(url->port != 0 && url->target.starts_with('/'), "there is a port and a path");
    test::must(std::all_of(url->target.begin(), url->target.end(), is_graph), "nothing begins another header");
    test::must(!url->host.empty() && url->host.size() <= 253, "a host has 1 to 253 bytes");
    test::must(std::all_of(url->host.begin(), url->host.end(),
                           [](char c) {
                               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                                      c == ':';
                           }),
               "a host is a name or an address");
    test::must(url->address == rules::parse_ip(url->host), "an address is known as one");
    if (url->address)
        (void)rules::scope_of(*url->address);
    test::must(rules::parse_https_url("https://" + url->authority() + url->target).value() == *url,
               "it comes back as it was");
    return 0;
}
