#pragma once

#include "net/http.hpp"
#include "net/request_gate.hpp"

#include <optional>

namespace lineside::net {

[[nodiscard]] bool wants_web_socket(const gated_request& request) noexcept;

/// What is wrong with a client's handshake (RFC 6455 4.2.1).
[[nodiscard]] std::optional<http_refusal> refuse_web_socket(const gated_request& request);

} // namespace lineside::net
