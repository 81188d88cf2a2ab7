#pragma once

#include "rules/number_blocks.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lineside::rules {

/// How the numbers of a range are used.
struct span_usage {
    std::uint64_t numbers = 0;
    std::uint64_t used = 0;
    std::uint64_t resting = 0;  ///< neither used nor reserved
    std::uint64_t reserved = 0; ///< not used
    std::uint64_t free = 0;

    bool operator==(const span_usage&) const = default;
};

/// What is known about one number.
struct number_facts {
    std::optional<number_span> block{}; ///< it is in
    owner_handle block_owner = nobody;
    owner_handle user = nobody; ///< whose live extension it is
    bool reserved = false;
    std::optional<instant> rests_until{};

    bool operator==(const number_facts&) const = default;
};

/// One line of a list of SIP users.
struct plan_row {
    owner_handle owner = nobody;
    std::string_view number;
};

struct plan_collision {
    std::size_t row = 0;
    refusal why;

    bool operator==(const plan_collision&) const = default;
};

/// The operator's internal numbers: blocks, and the live extensions inside and outside of them. Each number is one
/// extension at most. A block never holds somebody else's extension. An account with blocks takes new extensions from
/// them only; one without, any free number outside all blocks; what it had before its first block stays.
/// Each operation has a `check_...` that refuses what it would refuse and changes nothing; an operation that is refused
/// changes nothing either. A regular value; not thread-safe.
class number_plan {
public:
    [[nodiscard]] const number_blocks& blocks() const noexcept { return blocks_; }

    /// Refusals: as of number_blocks::claim, and holds_extension.
    [[nodiscard]] std::optional<refusal> check_block(owner_handle owner, const number_span& range, instant now) const;
    block_result<void> claim_block(owner_handle owner, const number_span& range, instant now);
    /// The lowest block of the grid that `claim_block` would give. O(log n), and a step more for each block that is free
    /// but for somebody else's extension or a reserved range. Refusals: malformed, out_of_range, exhausted.
    [[nodiscard]] block_result<number_span> next_block(owner_handle owner, const block_grid& grid, instant now);

    /// Refusals: unknown_block, in_use.
    [[nodiscard]] std::optional<refusal> check_release(owner_handle owner, const number_span& block,
                                                       release_extensions extensions) const;
    block_result<void> release_block(owner_handle owner, const number_span& block, release_extensions extensions,
                                     instant now, duration rest = number_blocks::default_rest);
    /// With its extensions. Refusals: unknown_block.
    [[nodiscard]] std::optional<refusal> check_transfer(owner_handle from, const number_span& block) const;
    block_result<void> transfer_block(owner_handle from, const number_span& block, owner_handle to);

    /// Refusals: malformed, out_of_range; in_use where a live extension would be reserved.
    [[nodiscard]] std::optional<refusal> check_reserved(const std::vector<number_span>& ranges) const;
    block_result<void> set_reserved(const std::vector<number_span>& ranges);

    /// Refusals: malformed, reserved, taken, already_yours, in_other_block, wrong_width, outside_blocks, resting.
    [[nodiscard]] std::optional<refusal> check_extension(owner_handle owner, number n, instant now) const;
    block_result<void> claim_extension(owner_handle owner, number n, instant now);
    /// The lowest that is free in the owner's blocks, which are looked at one by one. Refusals: no_block, exhausted.
    [[nodiscard]] block_result<number> next_extension(owner_handle owner, instant now);
    /// Refusals: unknown_extension.
    [[nodiscard]] std::optional<refusal> check_extension_of(owner_handle owner, number n) const;
    block_result<void> release_extension(owner_handle owner, number n, instant now,
                                         duration rest = number_blocks::default_rest);
    /// From one owner to another. Refusals: unknown_extension, and where `to` may not have the number: in_other_block,
    /// wrong_width, outside_blocks.
    [[nodiscard]] std::optional<refusal> check_extension_transfer(owner_handle from, number n, owner_handle to) const;
    block_result<void> transfer_extension(owner_handle from, number n, owner_handle to);

    /// What would collide if these were claimed together, in the order of rows.
    [[nodiscard]] std::vector<plan_collision> check_import(std::span<const plan_row> rows, instant now) const;
    /// All, or, where anything collides, none.
    std::vector<plan_collision> import(std::span<const plan_row> rows, instant now);

    /// Puts back what was told before. Refusals: what would break the order of the class.
    block_result<void> restore_range(const number_holding& holding) { return blocks_.restore(holding); }
    block_result<void> restore_extension(owner_handle owner, number n);
    /// Of one number; ignored where it is a live extension.
    void restore_rest(number n, instant until);

    [[nodiscard]] number_facts facts_of(number n, instant now) const;
    [[nodiscard]] owner_handle user_of(number n) const noexcept;
    /// Calls visit(number) in order for the live extensions inside, until it returns true.
    template <class Visitor>
    void each_extension(const number_span& within, Visitor visit) const;
    [[nodiscard]] std::uint64_t extensions_in(const number_span& within) const;
    [[nodiscard]] std::uint64_t extensions_of(owner_handle owner) const;
    /// Linear in what is used, rests and is reserved inside.
    [[nodiscard]] span_usage usage_of(const number_span& within, instant now) const;

private:
    struct rest_end {
        instant until;
        number n;

        bool operator>(const rest_end& other) const noexcept { return until > other.until; }
    };

    template <class Visitor>
    void each_number(const number_span& within, Visitor visit) const;
    [[nodiscard]] std::optional<std::uint64_t> stranger_in(owner_handle owner, const number_span& range) const;
    [[nodiscard]] std::optional<refusal> trespass(owner_handle owner, number n) const;
    [[nodiscard]] const tenure& tenure_of(number n) const noexcept;
    [[nodiscard]] range_table& numbers(std::uint8_t width);
    void hold(owner_handle owner, number n);
    void drop(number n);
    void rest(number n, instant until);
    void forget_rests(instant now);

    number_blocks blocks_;
    // Single numbers: live extensions, held as blocks of one are, and those that rest after their release.
    std::array<std::optional<range_table>, max_width + 1> numbers_;
    std::unordered_map<owner_handle, std::uint64_t> counts_; // of live extensions
    std::priority_queue<rest_end, std::vector<rest_end>, std::greater<>> rests_;
};

template <class Visitor>
void number_plan::each_number(const number_span& within, Visitor visit) const {
    if (is_width(within.width) && numbers_[within.width])
        numbers_[within.width]->visit_from(within.first,
                                           [&](const held_range& r) { return r.first > within.last || visit(r); });
}

template <class Visitor>
void number_plan::each_extension(const number_span& within, Visitor visit) const {
    each_number(within, [&](const held_range& r) {
        return r.held.use == range_use::block && visit(number{within.width, r.first});
    });
}

} // namespace lineside::rules
