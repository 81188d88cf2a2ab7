#pragma once

#include <lineside/error.hpp>

#include "net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::net {

class request_body;

/// Takes an answer apart as its bytes come. What leaves the body's length to interpretation is an error: a transfer coding
/// other than chunked, one beside a length or in HTTP/1.0, a length that is said twice. Trailers are dropped.
class answer_parser {
public:
    static constexpr std::size_t most_head_bytes = std::size_t{64} << 10U;

    /// `most_body_bytes`: of a collected body. A body of 2xx is not collected where pieces are `wanted`.
    enum class pieces : std::uint8_t { wanted, unwanted };
    answer_parser(http_response& to, std::size_t most_body_bytes, pieces p) noexcept;
    answer_parser(const answer_parser&) = delete;
    answer_parser& operator=(const answer_parser&) = delete;
    ~answer_parser();

    /// It has no body whatever its head says: of HEAD, and of CONNECT.
    void expect_no_body() noexcept { bodiless_ = true; }
    /// Takes bytes that follow those it has used, and tells how many it used. Errors: those of
    /// `boost::beast::http::error`; need_more where it is not done.
    [[nodiscard]] std::size_t put(std::string_view bytes, error_code& ec);
    /// Nothing more will come. Errors: partial_message.
    void put_end(error_code& ec);

    [[nodiscard]] bool got_some() const noexcept { return got_some_; }
    [[nodiscard]] bool is_head_done() const noexcept { return at_ != place::status && at_ != place::fields; }
    [[nodiscard]] bool is_done() const noexcept { return at_ == place::done; }
    /// Whether another answer may follow it.
    [[nodiscard]] bool keep_alive() const noexcept { return (old_ ? keeps_ : !closes_) && !to_end_; }
    /// What `put` found of a body that is not collected, as parts of what it was given.
    [[nodiscard]] std::vector<std::string_view>& found() noexcept { return found_; }

private:
    enum class place : std::uint8_t { status, fields, length, chunks, to_end, done };

    [[nodiscard]] std::size_t take_line(std::string_view bytes, error_code& ec);
    void take_status(std::string_view line, error_code& ec);
    void take_field(std::string_view line, error_code& ec);
    void note_field(std::string_view name, std::string_view value, error_code& ec);
    void end_head(error_code& ec);
    [[nodiscard]] std::size_t take_body(std::string_view bytes, error_code& ec);
    [[nodiscard]] std::size_t take_chunks(std::string_view bytes, error_code& ec);
    void take_piece(std::string_view piece, error_code& ec);

    http_response& to_;
    const std::size_t most_body_bytes_;
    const bool wanted_;
    place at_ = place::status;
    bool got_some_ = false;
    bool bodiless_ = false;
    bool collected_ = true;
    bool old_ = false; // HTTP/1.0
    bool closes_ = false;
    bool keeps_ = false;
    bool to_end_ = false; // of the connection
    bool chunked_ = false;
    std::size_t head_bytes_ = 0;
    std::optional<std::uint64_t> length_;
    std::uint64_t left_ = 0;               // of a body whose length was said
    std::unique_ptr<request_body> chunks_; // an answer's are framed as those of a request
    std::vector<std::string_view> found_;
};

} // namespace lineside::net
