#include "net/request_gate.hpp"

#include <algorithm>

namespace lineside::net {

namespace {

constexpr unsigned most_size_digits = 15; // of what fits in 63 bits whatever they are
constexpr std::size_t most_extension_bytes = 256;
constexpr std::size_t most_extensions_bytes = std::size_t{16} << 10U;
constexpr std::size_t most_trailer_bytes = std::size_t{8} << 10U;

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20U && c != '\t') || byte == 0x7fU;
}

} // namespace

request_body::request_body(const gated_request& of) noexcept {
    switch (of.framing) {
    case body_framing::none: break;
    case body_framing::length:
        at_ = place::data;
        left_ = of.length;
        break;
    case body_framing::chunked:
        at_ = place::size;
        chunked_ = true;
        break;
    }
}

std::optional<std::uint64_t> request_body::left() const noexcept {
    if (whole())
        return 0;
    if (chunked_)
        return std::nullopt;
    return left_;
}

std::uint64_t request_body::data_next() const noexcept { return at_ == place::data ? left_ : 0; }

void request_body::passed_by(std::uint64_t bytes) noexcept {
    left_ -= bytes;
    if (left_ == 0)
        at_ = chunked_ ? place::chunk_cr : place::end;
}

request_body::piece request_body::take(std::string_view bytes, std::size_t most) {
    std::size_t used = 0;
    while (used < bytes.size() && !whole() && !refused()) {
        if (at_ == place::data) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>({left_, bytes.size() - used, most}));
            passed_by(size);
            return {used + size, bytes.substr(used, size)};
        }
        step(bytes[used++]);
    }
    return {used, {}};
}

void request_body::refuse(unsigned status, const char* detail) {
    at_ = place::refused;
    refusal_ = {status, detail};
}

void request_body::step(char c) {
    switch (at_) {
    case place::size: return step_size(c);
    case place::extension:
        if (c == '\r')
            at_ = place::size_lf;
        else if (is_control(c))
            refuse(400, "The extension of a chunk has control characters.");
        else if (++extension_ > most_extension_bytes || ++extensions_ > most_extensions_bytes)
            refuse(400, "The extensions of chunks are too long.");
        break;
    case place::size_lf:
        if (c == '\n')
            end_size();
        else
            refuse(400, "The size of a chunk does not end with CRLF.");
        break;
    case place::chunk_cr:
        if (c == '\r')
            at_ = place::chunk_lf;
        else
            refuse(400, "A chunk is not as long as it says.");
        break;
    case place::chunk_lf:
        if (c == '\n')
            at_ = place::size;
        else
            refuse(400, "A chunk does not end with CRLF.");
        break;
    case place::trailer: return step_trailer(c);
    case place::trailer_lf:
        if (c == '\n')
            end_trailer();
        else
            refuse(400, "A trailer does not end with CRLF.");
        break;
    case place::data:
    case place::end:
    case place::refused: break;
    }
}

void request_body::step_size(char c) {
    if (const int digit = hex_digit(c); digit >= 0) {
        if (++digits_ > most_size_digits)
            return refuse(413, "The size of a chunk is too large.");
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    } else if (digits_ > 0 && c == '\r') {
        at_ = place::size_lf;
    } else if (digits_ > 0 && c == ';') {
        at_ = place::extension;
    } else {
        refuse(400, "The size of a chunk is no number.");
    }
}

void request_body::end_size() {
    at_ = left_ == 0 ? place::trailer : place::data;
    digits_ = 0;
    extension_ = 0;
}

void request_body::step_trailer(char c) {
    if (c == '\r')
        at_ = place::trailer_lf;
    else if (++trailer_size_ > most_trailer_bytes)
        refuse(431, "The trailers are too long.");
    else
        trailer_ += c;
}

// Nothing is made of it but that it is one.
void request_body::end_trailer() {
    const std::string_view line = trailer_;
    if (line.empty()) {
        at_ = place::end;
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
        std::any_of(line.begin(), line.end(), is_control))
        return refuse(400, "A trailer is no field.");
    trailer_.clear();
    at_ = place::trailer;
}

} // namespace lineside::net
