#pragma once

#include "rules/number.hpp"
#include "rules/range_table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lineside::rules {

/// The operator's settings: blocks of `size` numbers, the first one at `start`. 1000 and 1,000: 1000-1999, 2000-2999 ...
struct block_grid {
    number start;
    std::uint64_t size = 0;
};

/// A range and what it is held for: a block or a rest.
struct number_holding {
    number_span range;
    tenure held;

    bool operator==(const number_holding&) const = default;
};

/// How the numbers of one width are used.
struct number_usage {
    std::uint64_t capacity = 0;
    std::uint64_t blocks = 0;
    std::uint64_t in_blocks = 0;
    std::uint64_t resting = 0;

    bool operator==(const number_usage&) const = default;
};

/// Whose internal numbers are whose. Blocks and resting ranges are pairwise disjoint, always. Reserved ranges lie over
/// them: none is inside a block when it is given out, and they may be changed afterwards. An operation that is refused
/// changes nothing. `now` is the caller's clock; rests that are over are forgotten as it goes by. A regular value; not
/// thread-safe.
class number_blocks {
public:
    static constexpr duration default_rest = std::chrono::days{30};

    /// Gives `owner`, who is somebody, exactly this range. Refusals: malformed, out_of_range, reserved, overlaps_block,
    /// resting.
    block_result<void> claim(owner_handle owner, const number_span& range, instant now);
    /// Gives `owner` the lowest free block of the grid. Refusals: malformed, out_of_range, exhausted.
    block_result<number_span> allocate(owner_handle owner, const block_grid& grid, instant now);
    /// Takes a whole block back; its numbers rest. Refusals: unknown_block, also where it is somebody else's.
    block_result<void> release(owner_handle owner, const number_span& block, instant now, duration rest = default_rest);
    /// Refusals: unknown_block, also where it is somebody else's.
    block_result<void> transfer(owner_handle from, const number_span& block, owner_handle to);
    /// The numbers never to be given out, in place of those before. Refusals: malformed, out_of_range.
    block_result<void> set_reserved(const std::vector<number_span>& ranges);
    /// Puts back what `holdings` told. Refusals: as of claim, but for reserved.
    block_result<void> restore(const number_holding& holding);

    /// What `claim` would refuse; unset: nothing.
    [[nodiscard]] std::optional<refusal> check(const number_span& range, instant now) const;
    /// The lowest free block of the grid that `suits(span)`, which names a number in the way, or none. Each block that
    /// does not suit costs a step. Refusals: as of allocate.
    template <class Suits>
    block_result<number_span> next(const block_grid& grid, instant now, Suits suits);
    /// Whose block the number is in, or nobody.
    [[nodiscard]] owner_handle owner_of(number n) const noexcept;
    [[nodiscard]] owner_handle owner_of(std::string_view digits) const noexcept;
    /// The block or resting range the number is in, rests that are over included.
    [[nodiscard]] std::optional<number_holding> holding_of(number n) const;
    [[nodiscard]] bool is_block_of(owner_handle owner, const number_span& block) const noexcept;
    [[nodiscard]] std::size_t block_count(owner_handle owner) const { return blocks_of(owner).size(); }
    /// By width and number. Valid until blocks change.
    [[nodiscard]] const std::vector<number_span>& blocks_of(owner_handle owner) const;
    /// By width and number, none touching the next.
    [[nodiscard]] const std::vector<number_span>& reserved() const noexcept { return reserved_; }
    /// The first reserved range that touches the numbers.
    [[nodiscard]] const number_span* reserved_in(const number_span& range) const noexcept;
    /// Everything held, by width and number. Linear.
    [[nodiscard]] std::vector<number_holding> holdings() const;
    /// Linear in the ranges of that width.
    [[nodiscard]] number_usage usage(std::uint8_t width, instant now) const;

private:
    // One for each range that rests.
    struct rest_end {
        instant until;
        number_span range;

        bool operator>(const rest_end& other) const noexcept { return until > other.until; }
    };

    [[nodiscard]] const range_table* table(std::uint8_t width) const noexcept;
    [[nodiscard]] range_table* table(std::uint8_t width) noexcept; // of a width that there is
    [[nodiscard]] range_table& make_table(std::uint8_t width);
    template <class Visitor>
    void for_each(const number_span& within, Visitor visit) const;
    [[nodiscard]] std::optional<refusal> hindrance(const number_span& range, instant now) const;
    [[nodiscard]] block_result<number_span> next_from(const block_grid& grid, std::uint64_t from);
    [[nodiscard]] static std::optional<refusal> misfit(const block_grid& grid);
    [[nodiscard]] tenure* find_block(const number_span& block, owner_handle owner);
    void hold(const number_holding& holding);
    void disown(owner_handle owner, const number_span& block);
    void forget_rests(instant now);

    std::array<std::optional<range_table>, max_width + 1> tables_; // by width
    std::unordered_map<owner_handle, std::vector<number_span>> owned_;
    std::vector<number_span> reserved_;
    std::priority_queue<rest_end, std::vector<rest_end>, std::greater<>> rests_;
};

template <class Suits>
block_result<number_span> number_blocks::next(const block_grid& grid, instant now, Suits suits) {
    if (const auto r = misfit(grid))
        return *r;
    forget_rests(now);
    std::uint64_t from = grid.start.value;
    for (;;) {
        const auto found = next_from(grid, from);
        if (found.has_error())
            return found;
        std::optional<std::uint64_t> in_the_way = suits(*found);
        if (const auto* r = reserved_in(*found); r != nullptr)
            in_the_way = std::max(in_the_way.value_or(0), r->last);
        if (!in_the_way)
            return found;
        // On with the first block that begins behind it.
        from = found->first + ((*in_the_way - found->first) / grid.size + 1) * grid.size;
    }
}

} // namespace lineside::rules
