#include "rules/base_url.hpp"

#include "rules/https_url.hpp"
#include "rules/public_address.hpp"

namespace lineside::rules {

result<base_url> parse_base_url(std::string_view text) {
    const auto refuse = [](std::string why) {
        return failure{make_error_code(errc::invalid_argument), {"base_url: " + std::move(why), "base_url", {}, 0, {}}};
    };
    constexpr std::string_view plain = "http://";
    base_url url;
    url.secure = !text.starts_with(plain);
    const auto rest = text.substr(url.secure ? 0 : plain.size());
    const auto parts = parse_https_url(url.secure ? std::string(rest) : "https://" + std::string(rest));
    if (!parts)
        return refuse(parts.error().details.message);
    if (parts->target.find('?') != std::string::npos)
        return refuse("the URL has a query");
    url.host = parts->host;
    url.port = parts->port;
    // The parser's default port is that of https.
    const auto authority = rest.substr(0, rest.find('/'));
    if (!url.secure && !authority.ends_with(":443") && url.port == 443)
        url.port = 80;
    url.prefix = parts->target;
    while (url.prefix.ends_with('/'))
        url.prefix.pop_back();
    url.is_loopback = parts->address ? scope_of(*parts->address) == address_scope::loopback : url.host == "localhost";
    return url;
}

} // namespace lineside::rules
