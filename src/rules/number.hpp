#pragma once

#include <lineside/error.hpp>
#include <lineside/number_block.hpp>
#include <lineside/time.hpp>

#include "rules/range_table.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

/// An internal number: a text of 1 to 18 digits. Its width is part of it: 0100 is not 100.
struct number {
    std::uint8_t width = 0;
    std::uint64_t value = 0;

    /// By width first.
    auto operator<=>(const number&) const = default;
};

inline constexpr std::uint8_t max_width = 18;
/// How many numbers there are of a width.
inline constexpr auto numbers_of_width = [] {
    std::array<std::uint64_t, max_width + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();
[[nodiscard]] constexpr bool is_width(std::uint8_t width) noexcept { return width >= 1 && width <= max_width; }

[[nodiscard]] std::optional<number> parse_number(std::string_view text) noexcept;
[[nodiscard]] std::string to_string(number n);

/// The numbers of one width from `first` to `last`, both included.
struct number_span {
    std::uint8_t width = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    [[nodiscard]] std::uint64_t size() const noexcept { return last - first + 1; }
    [[nodiscard]] bool contains(number n) const noexcept {
        return n.width == width && n.value >= first && n.value <= last;
    }
    auto operator<=>(const number_span&) const = default;
};

[[nodiscard]] constexpr number_span just(number n) noexcept { return {n.width, n.value, n.value}; }

/// "1000-1999".
[[nodiscard]] std::string to_string(const number_span& range);

using refusal_reason = number_refusal;

struct refusal {
    refusal_reason reason = refusal_reason::malformed;
    std::optional<number_span> conflict; ///< what is in the way; where nothing is, what was asked for
    owner_handle holder = nobody;        ///< of what is in the way: for the operator's eyes
    std::optional<instant> until;        ///< when resting numbers may be used again

    bool operator==(const refusal&) const = default;
};

/// One sentence that a customer may read: it names numbers and times, never whose they are.
[[nodiscard]] std::string explain(const refusal& r);
/// What a caller does next.
[[nodiscard]] errc code_of(refusal_reason r) noexcept;
/// The code, the sentence and the reason for the portal's boundary.
[[nodiscard]] failure to_failure(const refusal& r);
[[noreturn]] void throw_exception_from_error(const refusal& r, const boost::source_location& where);

template <class T>
using block_result = boost::system::result<T, refusal>;

/// Reads two numbers as a range. Refusals: malformed.
[[nodiscard]] block_result<number_span> parse_number_span(std::string_view first, std::string_view last);
/// Reads what `to_string` writes. Refusals: malformed.
[[nodiscard]] block_result<number_span> parse_number_span(std::string_view text);

} // namespace lineside::rules
