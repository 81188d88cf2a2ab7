#include "rules/email.hpp"

#include <cstddef>

namespace lineside::rules {

namespace {

// RFC 5321, 4.5.3.1: 64 bytes before the @, and 256 for the path with its angle brackets.
constexpr std::size_t longest = 254;
constexpr std::size_t longest_local = 64;

bool has_bad_dot(std::string_view part) {
    return part.starts_with('.') || part.ends_with('.') || part.find("..") != std::string_view::npos;
}

// What starts another address, another header or a name beside the address.
bool is_structure(char c) {
    return c == '<' || c == '>' || c == ',' || c == ';' || c == ':' || c == '"' || c == '(' || c == ')' || c == '\\' ||
           c == '[' || c == ']';
}

} // namespace

const char* email_fault(std::string_view text) noexcept {
    if (text.empty())
        return "is empty";
    if (text.size() > longest)
        return "is longer than 254 bytes";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f)
            return "has spaces or control characters";
        if (is_structure(c))
            return "has characters that no address has";
    }
    const auto at = text.find('@');
    if (at == std::string_view::npos)
        return "has no @";
    if (text.find('@', at + 1) != std::string_view::npos)
        return "has more than one @";
    const auto local = text.substr(0, at);
    const auto domain = text.substr(at + 1);
    if (local.empty() || domain.empty())
        return "has nothing before or after the @";
    if (local.size() > longest_local)
        return "has more than 64 bytes before the @";
    if (has_bad_dot(local) || has_bad_dot(domain))
        return "has a dot where none can be";
    if (domain.starts_with('-') || domain.ends_with('-'))
        return "has a domain that begins or ends with a dash";
    return nullptr;
}

} // namespace lineside::rules
