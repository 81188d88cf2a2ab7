#include "rules/otpauth.hpp"

#include "model/names.hpp"
#include "rules/base32.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

namespace lineside::rules {

namespace {

constexpr std::string_view start = "otpauth://totp/";
constexpr std::uint32_t longest_period = 3600;
constexpr std::size_t longest_key = 128;

constexpr name_of<totp_hash> hashes[] = {
    {totp_hash::sha1, "SHA1"},
    {totp_hash::sha256, "SHA256"},
    {totp_hash::sha512, "SHA512"},
};

// RFC 3986, 2.3.
bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

std::string encoded(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto digits = text.substr(i + 1, 2);
        unsigned byte = 0;
        const auto* end = digits.data() + digits.size();
        if (digits.size() != 2 || std::from_chars(digits.data(), end, byte, 16).ptr != end)
            return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

std::optional<std::uint32_t> number_in(std::string_view text, std::uint32_t least, std::uint32_t most) {
    std::uint32_t n = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, n);
    if (failed != std::errc{} || stop != end || n < least || n > most)
        return std::nullopt;
    return n;
}

// Takes one parameter over; what is wrong with it, or null.
const char* take(otpauth& o, std::string_view name, const std::string& value) {
    if (name == "secret") {
        const auto key = parse_base32(value);
        if (!key || key->empty() || key->size() > longest_key)
            return "its secret is not base32 of 1 to 128 bytes";
        o.key = *key;
    } else if (name == "issuer") {
        if (!o.issuer.empty() && o.issuer != value)
            return "its two issuers differ";
        o.issuer = value;
    } else if (name == "algorithm") {
        const auto hash = find_value(hashes, value, "algorithm");
        if (!hash)
            return "its algorithm is not SHA1, SHA256 or SHA512";
        o.totp.hash = *hash;
    } else if (name == "digits") {
        const auto n = number_in(value, 6, 8);
        if (!n)
            return "its digits are not 6 to 8";
        o.totp.digits = *n;
    } else if (name == "period") {
        const auto n = number_in(value, 1, longest_period);
        if (!n)
            return "its period is not 1 to 3600 seconds";
        o.totp.period = std::chrono::seconds(*n);
    }
    return nullptr;
}

failure not_one(std::string_view why) { return wrong("this is no otpauth URI: " + std::string(why), "uri"); }

} // namespace

std::string to_uri(const otpauth& o) {
    std::string uri(start);
    const auto issuer = encoded(o.issuer);
    if (!issuer.empty())
        uri += issuer + ':';
    uri += encoded(o.account) + "?secret=" + to_base32(o.key);
    if (!issuer.empty())
        uri += "&issuer=" + issuer;
    uri += "&algorithm=" + std::string(find_name(hashes, o.totp.hash));
    uri += "&digits=" + std::to_string(o.totp.digits);
    return uri + "&period=" + std::to_string(o.totp.period.count());
}

result<otpauth> parse_otpauth(std::string_view uri) {
    if (!uri.starts_with(start))
        return not_one("it does not begin with otpauth://totp/");
    uri.remove_prefix(start.size());
    const auto question = uri.find('?');
    const auto label = decoded(uri.substr(0, question));
    if (!label)
        return not_one("its label is not percent-encoded");
    otpauth o;
    const auto colon = label->find(':');
    if (colon != std::string::npos)
        o.issuer = label->substr(0, colon);
    // Apps put spaces behind the colon.
    const auto account = label->find_first_not_of(' ', colon == std::string::npos ? 0 : colon + 1);
    if (account == std::string::npos)
        return not_one("it names no account");
    o.account = label->substr(account);

    std::set<std::string_view> seen;
    auto rest = question == std::string_view::npos ? std::string_view() : uri.substr(question + 1);
    while (!rest.empty()) {
        const auto parameter = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
        const auto equals = parameter.find('=');
        const auto name = parameter.substr(0, equals);
        const auto value =
            decoded(equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1));
        if (!value)
            return not_one("its parameters are not percent-encoded");
        if (!seen.insert(name).second)
            return not_one("it says '" + std::string(name) + "' twice");
        if (const auto* bad = take(o, name, *value))
            return not_one(bad);
    }
    if (o.key.empty())
        return not_one("it has no secret");
    return o;
}

} // namespace lineside::rules
