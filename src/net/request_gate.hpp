#pragma once

#include "net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lineside::net {

struct request_gate_limits {
    std::size_t header_bytes = std::size_t{16} << 10U;
    std::size_t fields = 100;
    std::size_t target_bytes = std::size_t{8} << 10U;
};

/// How the end of a request's body is known.
enum class body_framing : std::uint8_t { none, length, chunked };

/// What a head says that passed.
struct gated_request {
    http_request_head head;
    body_framing framing = body_framing::none;
    std::uint64_t length = 0; ///< where that is its framing
    bool old = false;         ///< HTTP/1.0: knows no chunks, and the connection ends with the answer
    bool close = false;       ///< the client wants no more answers than this one
    bool expects_continue = false;
};

/// Reads heads of requests, and lets through what every reader of HTTP/1.1 takes for the same (RFC 9112). Whatever could
/// be read in two ways is refused, since a proxy in front may read it in the other: then one's request holds another's.
class request_gate {
public:
    enum class verdict : std::uint8_t { more, passed, refused };

    explicit request_gate(const request_gate_limits& limits) noexcept : limits_(limits) {}

    /// For the next head.
    void reset();
    /// There is no next head: lets go of what the last one held.
    void forget() { request_ = {}; }
    /// `bytes` is all that came since the end of the message before, and begins with what it was the last time.
    [[nodiscard]] verdict look(std::string_view bytes);
    /// Of the head that passed, with the empty line; the body begins behind them.
    [[nodiscard]] std::size_t head_bytes() const noexcept { return line_; }
    /// Of a head that was refused: what was read of it.
    [[nodiscard]] gated_request& request() noexcept { return request_; }
    [[nodiscard]] const gated_request& request() const noexcept { return request_; }
    [[nodiscard]] const http_refusal& refusal() const noexcept { return refusal_; }

private:
    [[nodiscard]] bool refuse(unsigned status, const char* detail);
    [[nodiscard]] bool fits(std::string_view unfinished);
    [[nodiscard]] bool ends_right(std::string_view line);
    [[nodiscard]] bool take_request_line(std::string_view line);
    [[nodiscard]] bool take_target(std::string_view target);
    [[nodiscard]] bool take_field(std::string_view line);
    [[nodiscard]] bool note_field(std::string_view name, std::string_view value);
    [[nodiscard]] bool take_length(std::string_view value);
    [[nodiscard]] bool take_end();

    request_gate_limits limits_;
    gated_request request_;
    http_refusal refusal_;
    std::string authority_; // of a target in absolute form
    std::size_t line_ = 0;  // where the next line begins
    std::size_t seen_ = 0;  // up to here there is no end of it
    bool began_ = false;    // the request line is there
    bool skipped_ = false;  // an empty line in front of it
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_encoding_ = false;
};

/// Reads the body behind a head that passed. Trailers and the extensions of chunks are checked and forgotten.
class request_body {
public:
    request_body() = default;
    explicit request_body(const gated_request& of) noexcept;

    struct piece {
        std::size_t used = 0;    ///< bytes that are done with
        std::string_view data{}; ///< lies in them
    };
    /// The next data in `bytes`, which follow those that were used. Without data all of them were used, or the body is
    /// whole, or it was refused.
    [[nodiscard]] piece take(std::string_view bytes, std::size_t most);
    [[nodiscard]] bool whole() const noexcept { return at_ == place::end; }
    /// Then nothing behind it can be trusted either.
    [[nodiscard]] bool refused() const noexcept { return at_ == place::refused; }
    [[nodiscard]] const http_refusal& refusal() const noexcept { return refusal_; }
    /// Bytes of data until the end, where that is known.
    [[nodiscard]] std::optional<std::uint64_t> left() const noexcept;
    /// Bytes of data that are next for sure: they may be read past this class, with `passed_by`.
    [[nodiscard]] std::uint64_t data_next() const noexcept;
    void passed_by(std::uint64_t bytes) noexcept;

private:
    enum class place : std::uint8_t {
        data,
        size, // of a chunk
        extension,
        size_lf,
        chunk_cr,
        chunk_lf,
        trailer, // a line of it
        trailer_lf,
        end,
        refused,
    };

    void step(char c);
    void step_size(char c);
    void step_trailer(char c);
    void end_size();
    void end_trailer();
    void refuse(unsigned status, const char* detail);

    place at_ = place::end;
    bool chunked_ = false;
    std::uint64_t left_ = 0;     // of the body, or of the chunk
    unsigned digits_ = 0;        // of a size
    std::size_t extension_ = 0;  // bytes of this one
    std::size_t extensions_ = 0; // of all
    std::size_t trailer_size_ = 0;
    std::string trailer_;
    http_refusal refusal_;
};

} // namespace lineside::net
