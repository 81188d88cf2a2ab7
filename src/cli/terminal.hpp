#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lineside::cli {

/// Standard output's width: COLUMNS, else the terminal's, else 80.
[[nodiscard]] std::size_t output_width();
/// Colour is for terminals that know it, and for people who did not say NO_COLOR (no-color.org).
[[nodiscard]] bool output_has_colour();
/// Somebody watches standard output.
[[nodiscard]] bool output_is_watched();
/// Somebody watches standard error.
[[nodiscard]] bool errors_are_watched();

/// Writes to standard output; throws `lineside::error` (unavailable) where that fails.
void write_output(std::string_view text);
/// Hands everything on to where standard output goes. Throws the same.
void flush_output();

/// Columns that a text of UTF-8 takes, every character taking one.
[[nodiscard]] std::size_t columns_of(std::string_view text);
/// The text in exactly `width` columns, filled with spaces or cut.
[[nodiscard]] std::string fit_left(std::string_view text, std::size_t width);
[[nodiscard]] std::string fit_right(std::string_view text, std::size_t width);
/// The text without control characters, which could drive the terminal.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace lineside::cli
