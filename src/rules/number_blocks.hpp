#pragma once

#include <lineside/error.hpp>
#include <lineside/time.hpp>

#include "rules/range_table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lineside::rules {

/// An internal number: a text of 1 to 18 digits. Its width is part of it: 0100 is not 100.
struct number {
    std::uint8_t width = 0;
    std::uint64_t value = 0;

    bool operator==(const number&) const = default;
};

[[nodiscard]] std::optional<number> parse_number(std::string_view text) noexcept;
[[nodiscard]] std::string to_string(number n);

/// The numbers of one width from `first` to `last`, both included.
struct number_range {
    std::uint8_t width = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    [[nodiscard]] std::uint64_t size() const noexcept { return last - first + 1; }
    bool operator==(const number_range&) const = default;
};

/// "1000-1999".
[[nodiscard]] std::string to_string(const number_range& range);

/// Why an operation on blocks was refused. Names and values are stable.
enum class refusal_reason : std::uint8_t {
    malformed = 1,      ///< not a range of 1 to 18 digits, of one width, lowest first
    out_of_range = 2,   ///< there are no such numbers of that width
    reserved = 3,       ///< it touches a reserved range
    overlaps_block = 4, ///< it touches a block
    resting = 5,        ///< it touches numbers released not long ago
    exhausted = 6,      ///< no free block of that size is left
    unknown_block = 7,  ///< the owner has no such block
};

[[nodiscard]] std::string_view to_string(refusal_reason r) noexcept;

struct refusal {
    refusal_reason reason = refusal_reason::malformed;
    std::optional<number_range> conflict; ///< what is in the way; where nothing is, what was asked for
    owner_handle holder = nobody;         ///< of the block in the way: for the operator's eyes
    std::optional<instant> until;         ///< when resting numbers may be used again

    bool operator==(const refusal&) const = default;
};

/// One sentence that a customer may read: it names numbers and times, never whose they are.
[[nodiscard]] std::string explain(const refusal& r);
/// The code and the sentence for the portal's boundary.
[[nodiscard]] failure to_failure(const refusal& r);
[[noreturn]] void throw_exception_from_error(const refusal& r, const boost::source_location& where);

template <class T>
using block_result = boost::system::result<T, refusal>;

/// Reads two numbers as a range. Refusals: malformed.
[[nodiscard]] block_result<number_range> parse_number_range(std::string_view first, std::string_view last);

/// The operator's settings: blocks of `size` numbers, the first one at `start`. 1000 and 1,000: 1000-1999, 2000-2999 ...
struct block_grid {
    number start;
    std::uint64_t size = 0;
};

/// A range and what it is held for.
struct number_holding {
    number_range range;
    tenure held;

    bool operator==(const number_holding&) const = default;
};

/// How the numbers of one width are used.
struct number_usage {
    std::uint64_t capacity = 0;
    std::uint64_t blocks = 0;
    std::uint64_t in_blocks = 0;
    std::uint64_t resting = 0;
    std::uint64_t reserved = 0;

    bool operator==(const number_usage&) const = default;
};

/// Whose internal numbers are whose. Blocks, resting and reserved ranges are pairwise disjoint, always. An operation that
/// is refused changes nothing. `now` is the caller's clock; rests that are over are forgotten as it goes by. A regular
/// value; not thread-safe.
class number_blocks {
public:
    static constexpr duration default_rest = std::chrono::days{30};

    /// Gives `owner`, who is somebody, exactly this range. Refusals: malformed, out_of_range, reserved, overlaps_block, resting.
    block_result<void> claim(owner_handle owner, const number_range& range, instant now);
    /// Gives `owner` the lowest free block of the grid. Refusals: malformed, out_of_range, exhausted.
    block_result<number_range> allocate(owner_handle owner, const block_grid& grid, instant now);
    /// Takes a whole block back; its numbers rest. Refusals: unknown_block, also where it is somebody else's.
    block_result<void> release(owner_handle owner, const number_range& block, instant now,
                               duration rest = default_rest);
    /// Refusals: unknown_block, also where it is somebody else's.
    block_result<void> transfer(owner_handle from, const number_range& block, owner_handle to);
    /// Numbers never to be given out; resting and reserved ones among them stay or become reserved. Refusals:
    /// malformed, out_of_range, overlaps_block.
    block_result<void> reserve(const number_range& range);
    /// Whatever was reserved in the range is free.
    void unreserve(const number_range& range);
    /// Puts back what `holdings` told. Refusals: as of claim.
    block_result<void> restore(const number_holding& holding);

    /// What `claim` would refuse; unset: nothing.
    [[nodiscard]] std::optional<refusal> check(const number_range& range, instant now) const;
    /// Whose block the number is in, or nobody.
    [[nodiscard]] owner_handle owner_of(number n) const noexcept;
    [[nodiscard]] owner_handle owner_of(std::string_view digits) const noexcept;
    [[nodiscard]] std::size_t block_count(owner_handle owner) const;
    /// By width and number. Linear in all blocks.
    [[nodiscard]] std::vector<number_range> blocks_of(owner_handle owner) const;
    /// Everything held, by width and number. Linear.
    [[nodiscard]] std::vector<number_holding> holdings() const;
    /// Linear in the ranges of that width.
    [[nodiscard]] number_usage usage(std::uint8_t width, instant now) const;

private:
    // An entry may be out of date: what counts is what the table holds.
    struct rest_end {
        instant until;
        std::uint8_t width = 0;
        std::uint64_t first = 0;
        std::uint64_t last = 0;

        bool operator>(const rest_end& other) const noexcept { return until > other.until; }
    };

    [[nodiscard]] const range_table* table(std::uint8_t width) const noexcept;
    [[nodiscard]] range_table* table(std::uint8_t width) noexcept;
    [[nodiscard]] range_table& make_table(std::uint8_t width);
    template <class Visitor>
    void for_each(const number_range& within, Visitor visit) const;
    [[nodiscard]] std::optional<refusal> hindrance(const number_range& range, instant now) const;
    [[nodiscard]] tenure* find_block(const number_range& block, owner_handle owner);
    void hold(const number_holding& holding);
    void uncount(owner_handle owner);
    void carve(const number_range& range, range_use use);
    void forget_rests(instant now);

    std::array<std::optional<range_table>, 19> tables_; // by width
    std::unordered_map<owner_handle, std::size_t> counts_;
    std::priority_queue<rest_end, std::vector<rest_end>, std::greater<>> rests_;
};

} // namespace lineside::rules
