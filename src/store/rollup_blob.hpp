#pragma once

#include "rules/rollup.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lineside::store {

/// Equal cells of one account as compressed columns: a UTC day of 96 quarter hours (every zone of today is aligned to
/// them), or a UTC month of up to 31 days. Empty cells cost one bit.
inline constexpr std::int64_t quarter_ms = 900'000;
inline constexpr std::size_t quarters_a_day = 96;

/// Columns of a cell, to be decoded selectively.
enum class cell_columns : std::uint32_t {
    all = ~0U,
    attempts = 1U << 0U,
    answered = 1U << 1U,
    effective = 1U << 2U,
    uncovered = 1U << 3U,
    open_calls = 1U << 4U,
    talk = 1U << 5U,
    billed = 1U << 6U,
    pdd = 1U << 7U,
    dtmf = 1U << 8U,
    charge = 1U << 9U,
    cps = 1U << 10U,
    live = 1U << 11U,
};
[[nodiscard]] constexpr cell_columns operator|(cell_columns a, cell_columns b) noexcept {
    return static_cast<cell_columns>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

void encode_cells(std::span<const rules::cell> cells, std::string& to);
/// Merges cell i into `*to[i]` (null: nowhere); `to` must be as long as what was encoded. Members of other columns keep
/// their values.
void merge_cells(std::string_view bytes, cell_columns wanted, std::span<rules::cell* const> to);

} // namespace lineside::store
