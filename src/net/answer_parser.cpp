#include "net/answer_parser.hpp"

#include "net/request_gate.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace lineside::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t most_reserved_bytes = std::size_t{1} << 20U; // for a length that may be a lie

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The length of a line with its end and, of a field, with the lines that continue it (RFC 9112 5.2); 0: not all of it is
// there.
std::size_t line_size(std::string_view bytes, bool may_continue) {
    std::size_t size = 0;
    do {
        const auto lf = bytes.find('\n', size);
        if (lf == std::string_view::npos)
            return 0;
        size = lf + 1;
        if (!may_continue || bytes.substr(0, size) == "\r\n")
            return size;
        if (size == bytes.size())
            return 0;
    } while (is_blank(bytes[size]));
    return size;
}

} // namespace

answer_parser::answer_parser(http_response& to, std::size_t most_body_bytes, pieces p) noexcept
    : to_(to),
      most_body_bytes_(most_body_bytes),
      wanted_(p == pieces::wanted) {}

answer_parser::~answer_parser() = default;

std::size_t answer_parser::put(std::string_view bytes, error_code& ec) {
    ec = {};
    got_some_ = got_some_ || !bytes.empty();
    std::size_t used = 0;
    while (!is_head_done() && !ec)
        used += take_line(bytes.substr(used), ec);
    if (!is_done() && !ec)
        used += take_body(bytes.substr(used), ec);
    return used;
}

void answer_parser::put_end(error_code& ec) {
    if (at_ == place::to_end)
        at_ = place::done;
    ec = is_done() ? error_code() : http::error::partial_message;
}

// --- The head

std::size_t answer_parser::take_line(std::string_view bytes, error_code& ec) {
    // So that nobody waits for the end of what is wrong already.
    constexpr std::string_view version = "HTTP/1.";
    if (at_ == place::status && !version.starts_with(bytes.substr(0, version.size()))) {
        ec = http::error::bad_version;
        return 0;
    }
    const auto size = line_size(bytes, at_ == place::fields);
    if (head_bytes_ + (size == 0 ? bytes.size() : size) > most_head_bytes) {
        ec = http::error::header_limit;
        return 0;
    }
    if (size == 0) {
        ec = http::error::need_more;
        return 0;
    }
    head_bytes_ += size;
    auto line = bytes.substr(0, size - 1);
    if (!line.ends_with('\r')) {
        ec = http::error::bad_line_ending;
        return 0;
    }
    line.remove_suffix(1);
    if (at_ == place::status)
        take_status(line, ec);
    else if (!line.empty())
        take_field(line, ec);
    else
        end_head(ec);
    return size;
}

void answer_parser::take_status(std::string_view line, error_code& ec) {
    constexpr std::size_t least = std::string_view("HTTP/1.1 200 ").size();
    if (line.size() < least || (line[7] != '0' && line[7] != '1') || line[8] != ' ') {
        ec = http::error::bad_version;
    } else if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) || line[12] != ' ') {
        ec = http::error::bad_status;
    } else if (!is_field_value(without_blanks(line.substr(least)))) {
        ec = http::error::bad_reason;
    } else {
        to_.status = static_cast<unsigned>((line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0'));
        to_.fields = {};
        to_.body.clear();
        old_ = line[7] == '0';
        collected_ = !wanted_ || to_.status / 100 != 2;
        at_ = place::fields;
    }
}

void answer_parser::take_field(std::string_view line, error_code& ec) {
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name)) {
        ec = http::error::bad_field;
        return;
    }
    auto value = without_blanks(line.substr(colon + 1));
    // Lines that continue it are one with it.
    std::string whole;
    for (auto end = value.find("\r\n"); end != std::string_view::npos; end = value.find("\r\n")) {
        whole.append(without_blanks(value.substr(0, end))).append(" ");
        value = without_blanks(value.substr(end + 2));
    }
    if (!whole.empty())
        value = without_blanks(whole.append(value));
    note_field(name, value, ec);
    if (!ec && !to_.fields.try_add(name, value))
        ec = http::error::bad_value;
}

// What the rest of the answer hangs on.
void answer_parser::note_field(std::string_view name, std::string_view value, error_code& ec) {
    if (equal_without_case(name, "Content-Length")) {
        std::uint64_t length = 0;
        const auto* end = value.data() + value.size();
        const auto [at, failed] = std::from_chars(value.data(), end, length);
        if (length_)
            ec = http::error::multiple_content_length;
        else if (at != end || failed != std::errc{})
            ec = http::error::bad_content_length;
        length_ = length;
    } else if (equal_without_case(name, "Transfer-Encoding")) {
        if (chunked_ || !equal_without_case(value, "chunked"))
            ec = http::error::bad_transfer_encoding;
        chunked_ = true;
    } else if (equal_without_case(name, "Connection")) {
        closes_ = closes_ || lists_token(value, "close");
        keeps_ = keeps_ || lists_token(value, "keep-alive");
    }
}

void answer_parser::end_head(error_code& ec) {
    const auto status = to_.status;
    if (chunked_ && (length_ || old_)) {
        ec = http::error::bad_transfer_encoding;
    } else if (bodiless_ || status / 100 == 1 || status == 204 || status == 304 || length_ == std::uint64_t{0}) {
        at_ = place::done;
    } else if (chunked_) {
        gated_request framed;
        framed.framing = body_framing::chunked;
        chunks_ = std::make_unique<request_body>(framed);
        at_ = place::chunks;
    } else if (length_) {
        left_ = *length_;
        at_ = place::length;
        if (collected_ && left_ > most_body_bytes_)
            ec = http::error::body_limit;
        else if (collected_)
            to_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(left_, most_reserved_bytes)));
    } else {
        to_end_ = true;
        at_ = place::to_end;
    }
}

// --- The body

std::size_t answer_parser::take_body(std::string_view bytes, error_code& ec) {
    std::size_t used = 0;
    if (at_ == place::chunks) {
        used = take_chunks(bytes, ec);
    } else {
        const auto most = at_ == place::length ? left_ : std::numeric_limits<std::uint64_t>::max();
        used = static_cast<std::size_t>(std::min<std::uint64_t>(most, bytes.size()));
        take_piece(bytes.substr(0, used), ec);
        if (at_ == place::length && (left_ -= used) == 0)
            at_ = place::done;
    }
    if (!is_done() && !ec)
        ec = http::error::need_more;
    return used;
}

std::size_t answer_parser::take_chunks(std::string_view bytes, error_code& ec) {
    std::size_t used = 0;
    while (used < bytes.size() && !chunks_->whole() && !ec) {
        const auto piece = chunks_->take(bytes.substr(used), bytes.size());
        used += piece.used;
        if (chunks_->refused())
            ec = http::error::bad_chunk;
        else
            take_piece(piece.data, ec);
    }
    if (chunks_->whole() && !ec)
        at_ = place::done;
    return used;
}

void answer_parser::take_piece(std::string_view piece, error_code& ec) {
    if (piece.empty())
        return;
    if (!collected_)
        found_.push_back(piece);
    else if (piece.size() > most_body_bytes_ - to_.body.size())
        ec = http::error::body_limit;
    else
        to_.body.append(piece);
}

} // namespace lineside::net
