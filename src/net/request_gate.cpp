#include "net/request_gate.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lineside::net {

namespace {

constexpr std::size_t most_method_bytes = 32;
constexpr std::size_t most_length_digits = 18; // of what fits in 63 bits whatever they are

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// RFC 3986: what a path and a query are made of; and brackets, which many write in a query.
constexpr std::array<bool, 256> target_bytes = [] {
    std::array<bool, 256> is{};
    for (int c = 0; c < 128; ++c)
        is[static_cast<std::size_t>(c)] = is_digit(static_cast<char>(c)) || is_letter(static_cast<char>(c));
    for (const char c : std::string_view("-._~!$&'()*+,;=:@/?%[]"))
        is[static_cast<unsigned char>(c)] = true;
    return is;
}();

// A name or an address, and perhaps a port. RFC 3986 allows more characters in a name; none has them.
bool is_host(std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end < 3)
            return false;
        const auto address = text.substr(1, end - 1);
        if (!std::all_of(address.begin(), address.end(), [](char c) {
                return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
            }))
            return false;
        port = text.substr(end + 1);
    } else {
        const auto name = text.substr(0, text.find(':'));
        if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) {
                return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_' || c == '~';
            }))
            return false;
        port = text.substr(name.size());
    }
    return port.empty() || (port[0] == ':' && port.size() >= 2 && port.size() <= 6 &&
                            std::all_of(port.begin() + 1, port.end(), is_digit));
}

} // namespace

void request_gate::reset() { *this = request_gate(limits_); }

bool request_gate::refuse(unsigned status, const char* detail) {
    refusal_ = {status, detail};
    return false;
}

request_gate::verdict request_gate::look(std::string_view bytes) {
    for (;;) {
        const auto lf = bytes.find('\n', seen_);
        if (lf == std::string_view::npos) {
            seen_ = bytes.size();
            return fits(bytes.substr(line_)) ? verdict::more : verdict::refused;
        }
        auto line = bytes.substr(line_, lf - line_);
        if (!fits(line) || !ends_right(line))
            return verdict::refused;
        line.remove_suffix(1);
        line_ = seen_ = lf + 1;
        if (!began_) {
            // RFC 9112 2.2: one may be left over from the message before.
            if (line.empty() && !std::exchange(skipped_, true))
                continue;
            began_ = true;
            if (!take_request_line(line))
                return verdict::refused;
        } else if (line.empty()) {
            return take_end() ? verdict::passed : verdict::refused;
        } else if (!take_field(line)) {
            return verdict::refused;
        }
    }
}

// So that nobody waits for the end of what is wrong already.
bool request_gate::fits(std::string_view unfinished) {
    if (!began_ && !unfinished.empty()) {
        if (unfinished[0] != '\r' && !is_token(unfinished.substr(0, 1)))
            return refuse(400, "This is no request of HTTP.");
        const auto method = unfinished.substr(0, unfinished.find(' '));
        if (method.size() > most_method_bytes)
            return refuse(501, "The method is none.");
        if (unfinished.substr(method.size()).size() > limits_.target_bytes + std::string_view("  HTTP/1.1\r").size())
            return refuse(414, "The target of the request is too long.");
    }
    if (line_ + unfinished.size() >= limits_.header_bytes) // its LF counts
        return refuse(431, "The head of the request is too long.");
    return true;
}

bool request_gate::ends_right(std::string_view line) {
    return line.ends_with('\r') || refuse(400, "A line of the head ends with LF instead of CRLF.");
}

bool request_gate::take_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return refuse(400, "The request line is not a method, a target and a version.");
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!is_token(method))
        return refuse(400, "The method is no token.");
    request_.head.method = method;
    if (target.size() > limits_.target_bytes)
        return refuse(414, "The target of the request is too long.");
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
        !is_digit(version[7]))
        return refuse(400, "The version of HTTP is none.");
    if (version[5] != '1' || version[7] > '1')
        return refuse(505, "HTTP/1.1 is spoken here.");
    request_.old = version[7] == '0';
    if (method == "CONNECT")
        return refuse(501, "This is no proxy.");
    return take_target(target);
}

bool request_gate::take_target(std::string_view target) {
    if (target.empty() ||
        !std::all_of(target.begin(), target.end(), [](char c) { return target_bytes[static_cast<unsigned char>(c)]; }))
        return refuse(400, "The target has characters that no URI has.");
    if (target[0] == '/') {
        request_.head.target = target;
        return true;
    }
    // RFC 9112 3.2.2: the absolute form.
    const auto colon = target.find("://");
    const auto scheme = target.substr(0, colon);
    if (colon == std::string_view::npos || !(equal_without_case(scheme, "http") || equal_without_case(scheme, "https")))
        return refuse(400, "The target begins with no slash.");
    const auto rest = target.substr(colon + 3);
    authority_ = rest.substr(0, rest.find_first_of("/?"));
    if (authority_.empty())
        return refuse(400, "The target names no host.");
    const auto path = rest.substr(authority_.size());
    request_.head.target = path.starts_with('/') ? "" : "/";
    request_.head.target += path;
    return true;
}

bool request_gate::take_field(std::string_view line) {
    if (request_.head.fields.size() == limits_.fields)
        return refuse(431, "The head of the request has too many fields.");
    if (line[0] == ' ' || line[0] == '\t')
        return refuse(400, "A field of the head goes on in a second line.");
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name))
        return refuse(400, "A field of the head has no name, or a wrong one.");
    const auto value = without_blanks(line.substr(colon + 1));
    if (!is_field_value(value))
        return refuse(400, "A field of the head has control characters.");
    request_.head.fields.add(name, value);
    return note_field(name, value);
}

bool request_gate::note_field(std::string_view name, std::string_view value) {
    switch (name.size()) {
    case std::string_view("Host").size():
        if (equal_without_case(name, "Host")) {
            if (std::exchange(has_host_, true))
                return refuse(400, "There is more than one Host.");
            if (!is_host(value))
                return refuse(400, "The Host is none.");
        }
        break;
    case std::string_view("Expect").size():
        if (equal_without_case(name, "Expect")) {
            if (!equal_without_case(value, "100-continue"))
                return refuse(417, "Only 100-continue can be expected.");
            request_.expects_continue = true;
        }
        break;
    case std::string_view("Connection").size():
        if (equal_without_case(name, "Connection"))
            request_.close |= lists_token(value, "close");
        break;
    case std::string_view("Content-Length").size():
        if (equal_without_case(name, "Content-Length"))
            return take_length(value);
        break;
    case std::string_view("Transfer-Encoding").size():
        if (equal_without_case(name, "Transfer-Encoding")) {
            if (std::exchange(has_encoding_, true) || !equal_without_case(value, "chunked"))
                return refuse(400, "The Transfer-Encoding is not chunked and nothing else.");
            request_.framing = body_framing::chunked;
        }
        break;
    default: break;
    }
    return true;
}

bool request_gate::take_length(std::string_view value) {
    if (std::exchange(has_length_, true))
        return refuse(400, "There is more than one Content-Length.");
    if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit))
        return refuse(400, "The Content-Length is no number.");
    if (value.size() > most_length_digits)
        return refuse(413, "The Content-Length is too large.");
    for (const char c : value)
        request_.length = request_.length * 10 + static_cast<std::uint64_t>(c - '0');
    return true;
}

bool request_gate::take_end() {
    auto& r = request_;
    if (!has_host_ && !r.old)
        return refuse(400, "There is no Host.");
    if (!authority_.empty() && !equal_without_case(authority_, r.head.fields["Host"]))
        return refuse(400, "The target names another host than Host.");
    if (has_encoding_) {
        if (has_length_)
            return refuse(400, "There are both Transfer-Encoding and Content-Length.");
        if (r.old)
            return refuse(400, "HTTP/1.0 knows no Transfer-Encoding.");
    } else if (r.length > 0) {
        r.framing = body_framing::length;
    }
    r.close |= r.old;
    // RFC 9110 10.1.1: without a body, and in HTTP/1.0, it means nothing.
    r.expects_continue &= r.framing != body_framing::none && !r.old;
    return true;
}

} // namespace lineside::net
