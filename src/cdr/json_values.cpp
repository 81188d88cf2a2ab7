#include "cdr/json_values.hpp"

#include "cdr/reader.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace lineside::cdr {
namespace {

constexpr std::size_t excerpt = 1024;   // of an overlong piece
constexpr std::size_t depth_limit = 64; // no switch nests deeper than ten or so

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

json_splitter::json_splitter(on_piece out, std::size_t limit) : out_(std::move(out)), limit_(limit) {}

void json_splitter::begin(state next) {
    state_ = next;
    begin_ = line_;
    text_.clear();
    containers_.clear();
    line_start_ = in_string_ = escaped_ = overlong_ = false;
    before_ = 0;
}

void json_splitter::keep(std::string_view rest) {
    if (overlong_)
        return;
    if (text_.size() + rest.size() > limit_) {
        overlong_ = true;
        const auto kept = std::min(excerpt, limit_);
        text_.append(rest.substr(0, text_.size() < kept ? kept - text_.size() : 0));
        text_.resize(kept);
        text_.shrink_to_fit();
        return;
    }
    text_.append(rest);
}

void json_splitter::emit(json_piece::kind what, std::string_view rest) {
    std::string_view text = rest;
    if (overlong_ || !text_.empty() || rest.size() > limit_) {
        keep(rest);
        text = text_;
    }
    state_ = state::between;
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    if (overlong_)
        what = json_piece::kind::too_long;
    if (what == json_piece::kind::bare_line && text.starts_with(comment_prefix))
        return;
    if (!text.empty())
        out_({what, text, begin_});
}

/// Whether an opening brace may stand here, after what came before it.
bool json_splitter::brace_belongs() const noexcept {
    return containers_.back() == '{' ? before_ == ':' : before_ == '[' || before_ == ',';
}

void json_splitter::feed(std::string_view bytes) {
    std::size_t run = 0; // where the bytes of the present piece begin
    for (std::size_t i = 0; i < bytes.size();) {
        const char c = bytes[i];
        if (state_ == state::between) {
            if (c == '\n')
                ++line_;
            if (!is_blank(c) && c != ',' && c != '[' && c != ']') {
                begin(c == '{' ? state::object : state::line);
                run = i;
                continue;
            }
            ++i;
            continue;
        }
        if (state_ == state::line) {
            const auto end = bytes.find('\n', i);
            if (end == std::string_view::npos)
                break;
            emit(json_piece::kind::bare_line, bytes.substr(run, end - run));
            i = end;
            continue;
        }
        if (in_string_) {
            if (escaped_) {
                escaped_ = false;
            } else if (c == '\\') {
                escaped_ = true;
            } else if (c == '"') {
                in_string_ = false;
            }
            if (c == '\n') { // not allowed in a string: whatever was being written stopped here
                emit(json_piece::kind::cut_off, bytes.substr(run, i - run));
                continue;
            }
            ++i;
            continue;
        }
        if (c == '\n') {
            ++line_;
            line_start_ = true;
            ++i;
            continue;
        }
        if (c == '{' && line_start_ && !containers_.empty() && !brace_belongs()) {
            emit(json_piece::kind::cut_off, bytes.substr(run, i - run));
            continue;
        }
        line_start_ = false;
        ++i;
        if (c == '"') {
            in_string_ = true;
        } else if (c == '{' || c == '[') {
            containers_.push_back(c);
        } else if (c == '}' || c == ']') {
            containers_.pop_back();
        }
        if (!is_blank(c))
            before_ = c;
        if (containers_.empty()) {
            emit(json_piece::kind::document, bytes.substr(run, i - run));
        } else if (containers_.size() > depth_limit) {
            emit(json_piece::kind::cut_off, bytes.substr(run, i - run));
        }
    }
    if (state_ != state::between)
        keep(bytes.substr(run));
}

void json_splitter::finish() {
    if (state_ == state::line)
        emit(json_piece::kind::bare_line, {});
    if (state_ == state::object)
        emit(json_piece::kind::cut_off, {});
}

std::optional<std::string_view> scalar_text(const boost::json::value& v, std::string& room) {
    switch (v.kind()) {
    case boost::json::kind::string: {
        const auto& s = v.get_string();
        return std::string_view(s.data(), s.size());
    }
    case boost::json::kind::bool_: return v.get_bool() ? "true" : "false";
    case boost::json::kind::int64: room = std::to_string(v.get_int64()); return room;
    case boost::json::kind::uint64: room = std::to_string(v.get_uint64()); return room;
    case boost::json::kind::double_: {
        // fixed and shortest: an epoch with microseconds must not turn into 1.7e+09
        std::array<char, 400> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), v.get_double(), std::chars_format::fixed);
        room.assign(digits.data(), end.ptr);
        return room;
    }
    default: return std::nullopt;
    }
}

std::optional<std::string_view> member_text(const boost::json::object& o, std::string_view key, std::string& room) {
    const auto* v = o.if_contains(key);
    return v ? scalar_text(*v, room) : std::nullopt;
}

const boost::json::object* member_object(const boost::json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v ? v->if_object() : nullptr;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high >= 0 && low >= 0) {
                out.push_back(static_cast<char>(high * 16 + low));
                i += 2;
                continue;
            }
        }
        out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
    return out;
}

std::optional<std::string> base64_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int count = 0;
    bool padded = false;
    for (const char c : text) {
        if (is_blank(c))
            continue;
        int value = -1;
        if (c >= 'A' && c <= 'Z')
            value = c - 'A';
        if (c >= 'a' && c <= 'z')
            value = c - 'a' + 26;
        if (c >= '0' && c <= '9')
            value = c - '0' + 52;
        if (c == '+' || c == '-')
            value = 62;
        if (c == '/' || c == '_')
            value = 63;
        if (c == '=') {
            padded = true;
            continue;
        }
        if (value < 0 || padded)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        if (++count == 4) {
            out.push_back(static_cast<char>((bits >> 16) & 0xff));
            out.push_back(static_cast<char>((bits >> 8) & 0xff));
            out.push_back(static_cast<char>(bits & 0xff));
            bits = 0;
            count = 0;
        }
    }
    if (count == 1)
        return std::nullopt;
    if (count >= 2)
        out.push_back(static_cast<char>((bits >> (count == 2 ? 4 : 10)) & 0xff));
    if (count == 3)
        out.push_back(static_cast<char>((bits >> 2) & 0xff));
    return out;
}

} // namespace lineside::cdr
