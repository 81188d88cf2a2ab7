#include "rules/https_url.hpp"

#include <algorithm>
#include <charconv>

namespace lineside::rules {

namespace {

constexpr std::string_view scheme = "https://";
constexpr std::size_t most_bytes = 2'048;
constexpr std::size_t most_host_bytes = 253;

failure refuse(std::string why) {
    return {make_error_code(errc::invalid_argument), diagnostics{std::move(why), "url", {}, 0, {}}};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 3986's pchar, "/" and "?", with percent-encoding left as it is.
bool is_target_char(char c) {
    return is_digit(c) || is_letter(lower(c)) ||
           std::string_view("-._~!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
}

bool is_name(std::string_view host) {
    if (host.empty() || host.size() > most_host_bytes)
        return false;
    std::string_view last;
    for (auto rest = host;;) {
        const auto label = rest.substr(0, rest.find('.'));
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
            !std::all_of(label.begin(), label.end(), [](char c) { return is_digit(c) || is_letter(c) || c == '-'; }))
            return false;
        last = label;
        if (label.size() == rest.size())
            break;
        rest.remove_prefix(label.size() + 1);
    }
    // 0x7f.1 and 2130706433 are addresses to some resolvers: no name of the Internet ends like that.
    return !is_digit(last.front());
}

} // namespace

std::string https_url::authority() const {
    auto text = host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (port != 443)
        text += ':' + std::to_string(port);
    return text;
}

result<https_url> parse_https_url(std::string_view text) {
    if (text.size() > most_bytes)
        return refuse("the URL is longer than 2048 bytes");
    if (text.size() < scheme.size() ||
        !std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) { return a == lower(b); }))
        return refuse("the URL does not begin with https://");
    text.remove_prefix(scheme.size());
    const auto authority = text.substr(0, text.find_first_of("/?#"));
    const auto target = text.substr(authority.size());
    if (authority.find('@') != std::string_view::npos)
        return refuse("the URL has a user in it");
    if (!std::all_of(target.begin(), target.end(), is_target_char))
        return refuse(target.find('#') != std::string_view::npos
                          ? "the URL has a fragment"
                          : "the URL has a character that has to be percent-encoded");

    https_url url;
    auto port = authority;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        url.host = authority.substr(1, end == std::string_view::npos ? end : end - 1);
        std::transform(url.host.begin(), url.host.end(), url.host.begin(), lower);
        url.address = parse_ip(url.host);
        if (end == std::string_view::npos || !url.address || url.host.find(':') == std::string::npos)
            return refuse("the URL's address in brackets is no IPv6 address");
        port.remove_prefix(end + 1);
    } else {
        url.host = authority.substr(0, authority.find(':'));
        std::transform(url.host.begin(), url.host.end(), url.host.begin(), lower);
        url.address = parse_ip(url.host);
        if (!url.address && !is_name(url.host))
            return refuse("the URL's host is neither a name nor an IP address");
        port.remove_prefix(url.host.size());
    }
    if (!port.empty()) {
        const auto* first = port.data() + 1;
        const auto* last = port.data() + port.size();
        unsigned number = 0;
        const auto [end, ec] = std::from_chars(first, last, number);
        if (port.front() != ':' || ec != std::errc{} || end != last || number == 0 || number > 65'535)
            return refuse("the URL's port is no number from 1 to 65535");
        url.port = static_cast<std::uint16_t>(number);
    }
    url.target = target.starts_with('/') ? std::string(target) : '/' + std::string(target);
    return url;
}

} // namespace lineside::rules
