#include "cli/rejects.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

namespace lineside::cli {

namespace {

constexpr std::string_view comment = "# lineside: ";

[[noreturn]] void fail(const std::string& path) { throw error(errc::unavailable, path + ": " + std::strerror(errno)); }

// The first line of a file that has one.
std::optional<std::string> first_line(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string line;
    if (!std::getline(in, line))
        return std::nullopt;
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

// A reason stays on its line, whatever the row put into it.
std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20)
            c = ' ';
    return text;
}

} // namespace

std::string reason_of(const rejected_row& row) {
    auto text = row.file + ':' + std::to_string(row.line);
    if (row.column != 0)
        text += ':' + std::to_string(row.column);
    if (!row.field.empty())
        text += ' ' + row.field;
    return one_line(text + ": " + row.reason);
}

rejects_file::rejects_file(std::string path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "ab")) {
    if (!file_)
        fail(path_);
}

void rejects_file::add(const rejected_row& row) {
    if (!begun_)
        begin(row.header);
    if (row.header != header_)
        throw error(errc::conflict, path_ + " holds rejected rows of another kind; give this input a file of its own");
    put(std::string(comment) + reason_of(row) + '\n' + row.text + (row.text.ends_with('\n') ? "" : "\n"));
}

// Rows may be added to what an earlier import left, if they are of the same kind. Rows without header begin with the
// reason of the first.
void rejects_file::begin(const std::string& header) {
    const auto there = first_line(path_);
    if (there)
        header_ = there->starts_with(comment) ? std::string() : *there;
    else
        header_ = header;
    if (!there && !header.empty())
        put(header + '\n');
    begun_ = true;
}

void rejects_file::put(std::string text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() || std::fflush(file_.get()) != 0)
        fail(path_);
}

} // namespace lineside::cli
