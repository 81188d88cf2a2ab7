#pragma once

#include "net/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::net {

/// What a request says about its body.
struct body_framing {
    enum class kind : std::uint8_t { none, sized, chunked };

    kind by = kind::none;
    std::uint64_t size = 0;
    bool expects_continue = false;
};

[[nodiscard]] body_framing framing_of(const http_call& call);

/// Appends the head of a request, up to the empty line.
void write_head(std::string& to, const http_call& call, std::string_view authority, const body_framing& body);

/// Throws `lineside::error` (invalid_argument) where a call cannot be written down, or has fields that are the client's
/// business: what it cannot say it cannot smuggle.
void check_call(const http_call& call);

} // namespace lineside::net
