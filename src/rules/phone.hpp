#pragma once

#include <lineside/error.hpp>

#include <string>
#include <string_view>

namespace lineside::rules {

/// Reads an international telephone number as people write it, `+44 (20) 7946-0000`, as E.164: `+442079460000`.
/// Errors: invalid_argument (no +, other characters, not 7 to 15 digits, a country code that begins with 0).
[[nodiscard]] result<std::string> parse_phone(std::string_view text);

} // namespace lineside::rules
