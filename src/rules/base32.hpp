#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

enum class padding : std::uint8_t { present, absent };

/// RFC 4648, section 6.
[[nodiscard]] std::string to_base32(std::string_view bytes, padding p = padding::absent);

/// Reads exactly what `to_base32` writes: capital letters, no spaces, padding as said, unused bits 0. Nothing where it
/// is something else.
[[nodiscard]] std::optional<std::string> parse_base32(std::string_view text, padding p = padding::absent);

} // namespace lineside::rules
