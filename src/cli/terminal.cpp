#include "cli/terminal.hpp"

#include <lineside/error.hpp>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/ioctl.h>
#include <unistd.h>

namespace lineside::cli {

namespace {

constexpr std::size_t narrowest = 48;
constexpr std::size_t widest = 400;

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::size_t width_of_terminal() {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

[[noreturn]] void fail_output() {
    throw error(errc::unavailable, "standard output: " + std::string(std::strerror(errno)));
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The front of the text that takes `columns` columns.
std::string_view cut(std::string_view text, std::size_t columns) {
    std::size_t i = 0;
    for (; i < text.size(); ++i)
        if (!continues_character(text[i]) && columns-- == 0)
            break;
    return text.substr(0, i);
}

} // namespace

std::size_t output_width() {
    const auto columns = environment("COLUMNS");
    std::size_t width = 0;
    std::from_chars(columns.data(), columns.data() + columns.size(), width);
    if (width == 0)
        width = width_of_terminal();
    return width < narrowest ? narrowest : width > widest ? widest : width;
}

bool output_has_colour() {
    return isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

bool output_is_watched() { return isatty(STDOUT_FILENO) == 1; }

bool errors_are_watched() { return isatty(STDERR_FILENO) == 1; }

void write_output(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        fail_output();
}

void flush_output() {
    if (std::fflush(stdout) != 0)
        fail_output();
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (const char c : text)
        columns += continues_character(c) ? 0 : 1;
    return columns;
}

std::string fit_left(std::string_view text, std::size_t width) {
    std::string fitted(cut(text, width));
    fitted.append(width - columns_of(fitted), ' ');
    return fitted;
}

std::string fit_right(std::string_view text, std::size_t width) {
    const auto fitted = cut(text, width);
    return std::string(width - columns_of(fitted), ' ').append(fitted);
}

std::string printable(std::string_view text) {
    std::string clean(text);
    for (char& c : clean)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = '?';
    return clean;
}

} // namespace lineside::cli
