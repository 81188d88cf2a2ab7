#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lineside::rules {

/// What stands beside a password.
enum class second_factor : std::uint8_t { off, on };

/// In characters (code points). Nothing is cut off and any character will do, spaces too.
inline constexpr std::size_t shortest_password_alone = 15;
inline constexpr std::size_t shortest_password_with_factor = 8;
inline constexpr std::size_t longest_password = 256;

/// Something that an attacker who knows the person tries first.
struct own_text {
    std::string_view text;
    std::string_view what; ///< "your name": how the refusal calls it
};

/// Why a password may not be chosen, a sentence for the one who chose it; empty: it may. There are no rules about which
/// characters it has. Refused are lengths out of range, what guessers try first (common words, at most two of them, rows
/// of keys, repeats, dates, whatever digits and signs stand around and for letters), and what contains one's own names:
/// each of `own` as a whole or a word of four or more letters of it, letter case ignored.
[[nodiscard]] std::string password_fault(std::string_view password, second_factor factor,
                                         std::span<const own_text> own = {});

/// It is long enough to stand alone.
[[nodiscard]] bool is_long_enough_alone(std::string_view password);

} // namespace lineside::rules
