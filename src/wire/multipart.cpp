#include "wire/multipart.hpp"

#include <lineside/error.hpp>

#include "wire/header_text.hpp"
#include "wire/media_type.hpp"

#include <algorithm>

namespace lineside::wire {

namespace {

constexpr std::string_view crlf = "\r\n";

[[noreturn]] void refuse(const std::string& why) { throw error(errc::invalid_argument, "the form " + why); }

bool in_boundary(char c) {
    constexpr std::string_view others = "'()+_,-./:=? ";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string quoted(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (is_control(c))
            throw error(errc::invalid_argument, "the name of a part has a control character");
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted += '"';
}

} // namespace

std::string boundary_of(std::string_view content_type) {
    if (!is_content_type(content_type, "multipart/form-data"))
        throw error(errc::invalid_argument, "the body is not multipart/form-data");
    header_text rest(content_type.substr(std::min(content_type.size(), content_type.find(';'))));
    std::string boundary;
    while (auto parameter = rest.parameter())
        if (same_word(parameter->name, "boundary"))
            boundary = std::move(parameter->value);
    if (boundary.empty() || boundary.size() > 70 || boundary.back() == ' ' ||
        !std::all_of(boundary.begin(), boundary.end(), in_boundary))
        throw error(errc::invalid_argument, "multipart/form-data has no boundary, or one that it cannot have");
    return boundary;
}

multipart_reader::multipart_reader(std::string_view boundary, multipart_limits limits)
    : delimiter_(std::string("\r\n--").append(boundary)),
      limits_(limits),
      buffer_(crlf) {
    // The first delimiter has no line before it that could end: the buffer begins with that end.
}

void multipart_reader::feed(std::string_view bytes) {
    buffer_.erase(0, used_);
    used_ = 0;
    data_ = {};
    buffer_ += bytes;
}

void multipart_reader::finish() {
    if (at_ != place::epilogue || (!rest().empty() && rest() != crlf))
        refuse("ends before its last boundary");
}

multipart_event multipart_reader::next() {
    switch (at_) {
    case place::delimiter: return read_delimiter();
    case place::behind_delimiter: return read_behind_delimiter();
    case place::head: return read_head();
    case place::data: return read_data();
    default: return read_epilogue();
    }
}

multipart_event multipart_reader::read_delimiter() {
    if (rest().substr(0, delimiter_.size()) != std::string_view(delimiter_).substr(0, rest().size()))
        refuse("does not begin with its boundary");
    if (rest().size() < delimiter_.size())
        return multipart_event::more;
    used_ += delimiter_.size();
    at_ = place::behind_delimiter;
    return read_behind_delimiter();
}

multipart_event multipart_reader::read_behind_delimiter() {
    if (rest().size() < 2)
        return multipart_event::more;
    const auto two = rest().substr(0, 2);
    used_ += 2;
    if (two == "--") {
        if (names_.empty())
            refuse("has no part");
        at_ = place::epilogue;
        return read_epilogue();
    }
    if (two != crlf)
        refuse("has a line that begins as its boundary and is another one");
    if (names_.size() == limits_.parts)
        refuse("has more than " + std::to_string(limits_.parts) + " parts");
    at_ = place::head;
    return read_head();
}

multipart_event multipart_reader::read_head() {
    constexpr std::string_view blank_line = "\r\n\r\n";
    const auto size = rest().find(blank_line);
    // Where the blank line is not there, the beginning of it may be.
    const auto least = size == std::string_view::npos ? rest().size() - std::min<std::size_t>(rest().size(), 3) : size;
    if (least > limits_.head_bytes)
        refuse("has a part whose head is longer than " + std::to_string(limits_.head_bytes) + " bytes");
    if (size == std::string_view::npos)
        return multipart_event::more;
    head_ = {};
    for (auto lines = rest().substr(0, size); !lines.empty();) {
        const auto line = lines.substr(0, lines.find(crlf));
        read_field(line);
        lines.remove_prefix(std::min(lines.size(), line.size() + crlf.size()));
    }
    if (head_.name.empty())
        refuse("has a part without a name");
    if (std::find(names_.begin(), names_.end(), head_.name) != names_.end())
        refuse("has the part " + head_.name + " twice");
    names_.push_back(head_.name);
    used_ += size + blank_line.size();
    at_ = place::data;
    return multipart_event::head;
}

void multipart_reader::read_field(std::string_view line) {
    if (std::any_of(line.begin(), line.end(), [](char c) { return is_control(c) && c != '\t'; }))
        refuse("has a part whose head has a control character");
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    header_text rest(name);
    if (colon == line.npos || name.empty() || rest.token() != name)
        refuse("has a part whose head has a line that is no field");
    const auto value = line.substr(colon + 1);
    if (same_word(name, "content-disposition"))
        read_disposition(value);
    else if (same_word(name, "content-type"))
        head_.content_type = value.substr(std::min(value.size(), value.find_first_not_of(" \t")));
    else if (same_word(name, "content-transfer-encoding"))
        refuse("has a part with a Content-Transfer-Encoding, which HTTP has not");
}

void multipart_reader::read_disposition(std::string_view value) {
    header_text rest(value);
    if (!head_.name.empty() || !same_word(rest.token(), "form-data"))
        refuse("has a part whose Content-Disposition is not one form-data");
    while (auto parameter = rest.parameter()) {
        const bool is_name = same_word(parameter->name, "name");
        if (!is_name && !same_word(parameter->name, "filename"))
            continue;
        auto& member = is_name ? head_.name : head_.filename;
        if (!member.empty())
            refuse("has a part that is named twice");
        member = std::move(parameter->value);
    }
    if (!rest.at_end())
        refuse("has a part whose Content-Disposition is malformed");
}

multipart_event multipart_reader::read_data() {
    const auto at = rest().find(delimiter_);
    auto size = at;
    if (at == std::string_view::npos) {
        // Its last bytes may be the beginning of the delimiter.
        size = rest().size();
        for (auto tail = std::min(delimiter_.size() - 1, size); tail > 0; --tail) {
            if (rest().ends_with(std::string_view(delimiter_).substr(0, tail))) {
                size -= tail;
                break;
            }
        }
    }
    if (size > 0) {
        data_ = rest().substr(0, size);
        used_ += size;
        return multipart_event::data;
    }
    data_ = {};
    if (at == std::string_view::npos)
        return multipart_event::more;
    at_ = place::delimiter;
    return multipart_event::part_end;
}

multipart_event multipart_reader::read_epilogue() {
    if (rest().substr(0, 2) != crlf.substr(0, rest().size()) || rest().size() > 2)
        refuse("has something behind its last boundary");
    return multipart_event::end;
}

std::string multipart_writer::begin_part(const part_head& head) {
    std::string text = first_ ? "--" : "\r\n--";
    first_ = false;
    text += boundary_ + "\r\nContent-Disposition: form-data; name=" + quoted(head.name);
    if (!head.filename.empty())
        text += "; filename=" + quoted(head.filename);
    if (!head.content_type.empty()) {
        if (std::any_of(head.content_type.begin(), head.content_type.end(), is_control))
            throw error(errc::invalid_argument, "the type of a part has a control character");
        text += "\r\nContent-Type: " + head.content_type;
    }
    return text += "\r\n\r\n";
}

std::string multipart_writer::end() const { return "\r\n--" + boundary_ + "--\r\n"; }

} // namespace lineside::wire
