#pragma once

#include "net/http.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace lineside::net {

/// How a client knows where the body of an answer ends.
enum class answer_framing : std::uint8_t {
    none, ///< there is no body, whatever the fields say
    length,
    chunked,
    close, ///< with the connection: HTTP/1.0
};

struct answer_head {
    unsigned status = 200;
    const http_fields& fields;
    answer_framing framing = answer_framing::length;
    std::uint64_t length = 0; ///< where that is its framing
    bool close = false;       ///< the connection ends with it
};

/// Of a status that has no body (RFC 9110 6.4.1).
[[nodiscard]] constexpr bool has_no_body(unsigned status) noexcept {
    return status < 200 || status == 204 || status == 304;
}

/// Writes the head behind `to`. Date, and what frames the message, are the server's: such fields are left out.
void append_head(std::string& to, const answer_head& head, std::chrono::sys_seconds now);

/// The size line of a chunk.
void append_chunk_size(std::string& to, std::size_t size);

} // namespace lineside::net
