#pragma once

#include <string>
#include <string_view>

namespace lineside::wire {

/// Percent-encodes everything but what RFC 3986 leaves unreserved, and ':'.
void append_encoded(std::string& out, std::string_view text);

/// A value as a segment of a path. Nothing is `~`; what begins with `~` or `.` gets one more `~` in front, so that a
/// value is never taken for nothing nor for a relative step.
void append_segment(std::string& out, std::string_view value);

/// What `append_segment` wrote. Errors, also below: `lineside::error` (invalid_argument) about `name` where the encoding
/// is malformed or what it says is no UTF-8 or has control characters.
[[nodiscard]] std::string read_segment(std::string_view segment, std::string_view name);

/// A name or value of a query, where '+' is a space as forms have it.
[[nodiscard]] std::string read_query_text(std::string_view text, std::string_view name);

} // namespace lineside::wire
