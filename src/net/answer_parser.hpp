#pragma once

// Private to src/net: Beast's parser, filling our types.

#include "net/http.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/optional/optional.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::net {

/// Takes an answer apart. What Beast lets pass although it leaves the body's length to interpretation is an error: a
/// transfer coding other than chunked, one beside a length or in HTTP/1.0, a length that is said twice. Trailers are
/// dropped.
class answer_parser final : public boost::beast::http::basic_parser<false> {
public:
    static constexpr std::uint32_t most_head_bytes = std::uint32_t{64} << 10U;

    /// `most_body_bytes`: of a collected body. A body of 2xx is not collected where pieces are `wanted`.
    enum class pieces : std::uint8_t { wanted, unwanted };
    answer_parser(http_response& to, std::size_t most_body_bytes, pieces p);

    /// What `put` found of a body that is not collected, as parts of what it was given.
    [[nodiscard]] std::vector<std::string_view>& found() noexcept { return found_; }

private:
    using error_code = boost::system::error_code;
    using text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
    void on_response_impl(int status, text reason, int version, error_code& ec) override;
    void on_field_impl(boost::beast::http::field f, text name, text value, error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
    std::size_t on_body_impl(text part, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text part, error_code& ec) override;
    void on_finish_impl(error_code&) override {}

    http_response& to_;
    const std::size_t most_body_bytes_;
    const bool wanted_;
    bool collected_ = true;
    bool head_done_ = false;
    bool old_ = false; // HTTP/1.0
    bool chunked_ = false;
    std::size_t head_bytes_ = 2; // the empty line; trailers count too
    unsigned lengths_ = 0;
    unsigned codings_ = 0;
    std::vector<std::string_view> found_;
};

} // namespace lineside::net
