#include "net/request_head.hpp"

#include <lineside/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace lineside::net {

namespace {

constexpr std::uint64_t most_unannounced_bytes = std::uint64_t{64} << 10U;

constexpr std::array<std::string_view, 9> own_fields{
    "Host", "Connection", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Keep-Alive"};

bool is_target(std::string_view t) {
    return t.starts_with('/') && std::all_of(t.begin(), t.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void check_fields(const http_fields& fields) {
    for (const auto& [name, value] : fields)
        for (const auto own : own_fields)
            if (equal_without_case(name, own))
                throw error(errc::invalid_argument, "the header field " + std::string(name) + " is the client's own",
                            "fields");
}

void write_fields(std::string& to, const http_fields& fields) {
    for (const auto& [name, value] : fields)
        to.append(name).append(": ").append(value).append("\r\n");
}

// Whose requests have a meaning for a body (RFC 9110 8.6).
bool takes_body(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

} // namespace

body_framing framing_of(const http_call& call) {
    if (!call.source) {
        const bool some = !call.body.empty() || takes_body(call.method);
        return {some ? body_framing::kind::sized : body_framing::kind::none, call.body.size(), false};
    }
    if (!call.source_size)
        return {body_framing::kind::chunked, 0, true};
    return {body_framing::kind::sized, *call.source_size, *call.source_size > most_unannounced_bytes};
}

void write_head(std::string& to, const http_call& call, std::string_view authority, const body_framing& body) {
    to.append(call.method).append(" ").append(call.target).append(" HTTP/1.1\r\nHost: ").append(authority);
    to.append("\r\n");
    if (call.shared_fields)
        to.append(call.shared_fields->text());
    if (!call.id.empty())
        to.append("X-Request-Id: ").append(call.id).append("\r\n");
    write_fields(to, call.fields);
    switch (body.by) {
    case body_framing::kind::none: break;
    case body_framing::kind::sized: {
        char digits[std::numeric_limits<std::uint64_t>::digits10 + 1];
        const auto [end, ec] = std::to_chars(std::begin(digits), std::end(digits), body.size);
        to.append("Content-Length: ").append(digits, end).append("\r\n");
        break;
    }
    case body_framing::kind::chunked: to.append("Transfer-Encoding: chunked\r\n"); break;
    }
    if (body.expects_continue)
        to.append("Expect: 100-continue\r\n");
    to.append("\r\n");
}

void check_call(const http_call& call) {
    if (!is_token(call.method) || call.method == "CONNECT")
        throw error(errc::invalid_argument, "the method of a request is a token, and not CONNECT", "method");
    if (!is_target(call.target))
        throw error(errc::invalid_argument,
                    "the target of a request is a path that begins with '/', and a query, percent-encoded", "target");
    if (!call.id.empty() && !is_token(call.id))
        throw error(errc::invalid_argument, "the identifier of a request is a token", "id");
    check_fields(call.fields);
}

field_lines::field_lines(const http_fields& fields) {
    check_fields(fields);
    write_fields(text_, fields);
}

} // namespace lineside::net
