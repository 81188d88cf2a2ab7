#include "net/web_socket_request.hpp"

#include <algorithm>

namespace lineside::net {

namespace {

// Sixteen bytes as base64.
bool is_key(std::string_view key) {
    const auto is_digit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
    };
    return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, is_digit);
}

bool any_lists(const http_fields& fields, std::string_view name, std::string_view token) {
    return std::any_of(fields.begin(), fields.end(), [&](const http_fields::field& f) {
        return equal_without_case(f.first, name) && lists_token(f.second, token);
    });
}

} // namespace

bool wants_web_socket(const gated_request& request) noexcept {
    const auto& fields = request.head.fields;
    return request.head.method == "GET" && !request.old && any_lists(fields, "Upgrade", "websocket") &&
           any_lists(fields, "Connection", "upgrade");
}

std::optional<http_refusal> refuse_web_socket(const gated_request& request) {
    const auto& fields = request.head.fields;
    if (!wants_web_socket(request))
        return http_refusal{426, "A web socket is to be had here, and nothing else."};
    if (request.framing != body_framing::none)
        return http_refusal{400, "The handshake of a web socket has no body."};
    if (fields["Sec-WebSocket-Version"] != "13" || fields.count("Sec-WebSocket-Version") != 1)
        return http_refusal{426, "Version 13 of web sockets is spoken here."};
    if (!is_key(fields["Sec-WebSocket-Key"]) || fields.count("Sec-WebSocket-Key") != 1)
        return http_refusal{400, "The Sec-WebSocket-Key is none."};
    return std::nullopt;
}

} // namespace lineside::net
