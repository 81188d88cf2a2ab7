#include "net/answer_parser.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace lineside::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t most_reserved_bytes = std::size_t{1} << 20U; // for a length that may be a lie

} // namespace

answer_parser::answer_parser(http_response& to, std::size_t most_body_bytes, pieces p)
    : to_(to),
      most_body_bytes_(most_body_bytes),
      wanted_(p == pieces::wanted) {
    eager(true);
    header_limit(most_head_bytes);
    body_limit(boost::none);
}

void answer_parser::on_response_impl(int status, text reason, int version, error_code&) {
    constexpr std::size_t around_reason = std::string_view("HTTP/1.1 200 \r\n").size();
    head_bytes_ += around_reason + reason.size();
    to_.status = static_cast<unsigned>(status);
    to_.fields = {};
    to_.body.clear();
    old_ = version < 11;
    collected_ = !wanted_ || status / 100 != 2;
}

void answer_parser::on_field_impl(http::field f, text name, text value, error_code& ec) {
    // Beast's limit is for what is looked at in one piece.
    head_bytes_ += name.size() + value.size() + std::string_view(": \r\n").size();
    if (head_bytes_ > most_head_bytes)
        ec = http::error::header_limit;
    if (head_done_ || ec)
        return;
    if (f == http::field::content_length) {
        ++lengths_;
        if (value.find(',') != text::npos)
            ec = http::error::bad_content_length;
    } else if (f == http::field::transfer_encoding) {
        ++codings_;
        chunked_ = equal_without_case({value.data(), value.size()}, "chunked");
        if (!chunked_)
            ec = http::error::bad_transfer_encoding;
    }
    if (!is_token({name.data(), name.size()}) || !is_field_value({value.data(), value.size()}))
        ec = http::error::bad_value;
    if (!ec)
        to_.fields.add(std::string(name), std::string(value));
}

void answer_parser::on_header_impl(error_code& ec) {
    head_done_ = true;
    if (lengths_ > 1)
        ec = http::error::multiple_content_length;
    else if (codings_ > 1 || (codings_ == 1 && (lengths_ == 1 || old_)))
        ec = http::error::bad_transfer_encoding;
}

void answer_parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) {
    if (!length || !collected_)
        return;
    if (*length > most_body_bytes_)
        ec = http::error::body_limit;
    else
        to_.body.reserve(std::min(static_cast<std::size_t>(*length), most_reserved_bytes));
}

std::size_t answer_parser::on_body_impl(text part, error_code& ec) {
    if (!collected_) {
        found_.emplace_back(part.data(), part.size());
    } else if (part.size() > most_body_bytes_ - to_.body.size()) {
        ec = http::error::body_limit;
        return 0;
    } else {
        to_.body.append(part.data(), part.size());
    }
    return part.size();
}

std::size_t answer_parser::on_chunk_body_impl(std::uint64_t, text part, error_code& ec) {
    return on_body_impl(part, ec);
}

} // namespace lineside::net
