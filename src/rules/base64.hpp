#pragma once

#include "rules/base32.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

enum class base64_alphabet : std::uint8_t {
    standard, ///< + and /
    url,      ///< - and _
};

/// RFC 4648, sections 4 and 5.
[[nodiscard]] std::string to_base64(std::string_view bytes, base64_alphabet a, padding p);

/// Reads exactly what `to_base64` writes; nothing where it is something else.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text, base64_alphabet a, padding p);

} // namespace lineside::rules
