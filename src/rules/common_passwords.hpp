#pragma once

#include <cstddef>
#include <string_view>

namespace lineside::rules {

/// A word that guessers begin with, in small letters: `password`, `dragon`, `correcthorsebatterystaple`.
[[nodiscard]] bool is_common_word(std::string_view word);

/// No common word is longer, in bytes.
inline constexpr std::size_t longest_common_word = 28;

} // namespace lineside::rules
