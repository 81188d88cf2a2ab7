#pragma once

#include <lineside/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lineside::rules {

/// Whoever a block belongs to, as a small number: the engine knows which account it stands for.
using owner_handle = std::uint32_t;
inline constexpr owner_handle nobody = 0;

enum class range_use : std::uint8_t {
    free,     ///< nothing: anybody may have them
    block,    ///< somebody's
    resting,  ///< released, not to be given out before `until`
    reserved, ///< never given out
};

/// What a range of numbers is held for.
struct tenure {
    range_use use = range_use::free;
    owner_handle owner = nobody; ///< of a block; nobody's otherwise
    instant until{};             ///< of a resting range

    bool operator==(const tenure&) const = default;
};

/// The numbers [first, last]: inclusive, as blocks are spoken of (1000-1999).
struct held_range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    tenure held;

    bool operator==(const held_range&) const = default;
};

/// The greatest of many values, kept for every subtree of a binary tree over them.
class max_tree {
public:
    static constexpr std::size_t none = ~std::size_t{0};

    [[nodiscard]] std::uint64_t operator[](std::size_t i) const noexcept { return nodes_[width_ + i]; }
    void set(std::size_t i, std::uint64_t value);
    /// Linear.
    void insert(std::size_t i, std::uint64_t value);
    void erase(std::size_t i);
    /// The first position from `i` on whose value is at least `value`, which is not 0.
    [[nodiscard]] std::size_t first_at_least(std::size_t i, std::uint64_t value) const noexcept;

private:
    void rebuild(const std::vector<std::uint64_t>& leaves);
    [[nodiscard]] std::vector<std::uint64_t> leaves() const;

    std::size_t width_ = 0; // a power of two; the leaves are nodes_[width_ ...], node i is above 2i and 2i + 1
    std::size_t size_ = 0;
    std::vector<std::uint64_t> nodes_;
};

/// Disjoint ranges over [0, limit), in order. A sorted list cut into chunks, under a directory of where each begins and
/// a max_tree of the longest free stretch in each. Finding a range or a gap is O(log n), the latter amortised; inserting
/// and erasing move part of a chunk, and now and then split or join two. A regular value; not thread-safe.
class range_table {
public:
    explicit range_table(std::uint64_t limit);

    [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }
    /// What the number is held for. Valid until the table changes.
    [[nodiscard]] const tenure& find(std::uint64_t n) const noexcept;
    /// Calls visit(held_range) for the ranges that end at `n` or later, in order, until it returns true.
    template <class Visitor>
    void visit_from(std::uint64_t n, Visitor visit) const;
    /// What exactly this range is held for, to look at or change; null where it is no range of the table. Valid until
    /// the table changes.
    [[nodiscard]] tenure* find_range(std::uint64_t first, std::uint64_t last) noexcept;
    /// The lowest free `from + k * size` with `size` free numbers. Gaps that are long enough but lie across two such
    /// slots cost a look each; on one grid there are none.
    [[nodiscard]] std::optional<std::uint64_t> first_fit(std::uint64_t from, std::uint64_t size);

    /// The range is free and inside the limit.
    void insert(const held_range& range);
    /// A range begins at `first`.
    void erase(std::uint64_t first);

private:
    static constexpr std::size_t capacity = 128; // of a chunk; a power of two
    static constexpr std::uint64_t beyond = ~std::uint64_t{0};
    struct slot {
        std::uint64_t last = 0;
        tenure held;
    };
    // Searched in two cache lines of `guide` and one of `firsts`.
    struct alignas(64) chunk {
        chunk();

        std::array<std::uint64_t, capacity / 8> guide; // the last of every eight firsts
        std::array<std::uint64_t, capacity> firsts; // beyond `size`: beyond all numbers, so that searches need no size
        std::array<slot, capacity> slots{};
        std::size_t size = 0;
    };

    [[nodiscard]] chunk& at(std::size_t position) { return pool_[order_[position]]; }
    [[nodiscard]] const chunk& at(std::size_t position) const { return pool_[order_[position]]; }
    [[nodiscard]] std::size_t position_of(std::uint64_t n) const noexcept;
    [[nodiscard]] static std::size_t rank_in(const chunk& c, std::uint64_t n) noexcept;
    static void resize(chunk& c, std::size_t size);
    [[nodiscard]] static std::size_t first_in(const chunk& c, std::uint64_t n) noexcept;
    [[nodiscard]] std::uint64_t gap_begin(std::size_t position, std::size_t i) const noexcept;
    [[nodiscard]] std::uint64_t gap_end(std::size_t position, std::size_t i) const noexcept;
    [[nodiscard]] std::uint64_t end_of(std::size_t position) const noexcept;
    template <class Visitor>
    bool any_gap(std::size_t position, Visitor visit) const;
    [[nodiscard]] std::uint64_t longest_gap(std::size_t position) const;
    void split(std::size_t position);
    void widen(std::size_t position, std::uint64_t gap);
    void join(std::size_t position);
    void remove(std::size_t position);

    std::uint64_t limit_;
    // By position: chunk i covers [bounds_[i], bounds_[i + 1]), and but for the first begins with a range, so that no gap
    // lies across two chunks.
    std::vector<std::uint64_t> bounds_;
    std::vector<std::uint32_t> order_; // into pool_
    max_tree gaps_;                    // no gap of the chunk is longer; a search that finds them all shorter mends it
    std::vector<chunk> pool_;
    std::vector<std::uint32_t> spare_; // unused chunks of pool_
};

template <class Visitor>
void range_table::visit_from(std::uint64_t n, Visitor visit) const {
    std::size_t position = position_of(n);
    for (std::size_t i = first_in(at(position), n); position < order_.size(); ++position, i = 0)
        for (const chunk& c = at(position); i < c.size; ++i)
            if (visit(held_range{c.firsts[i], c.slots[i].last, c.slots[i].held}))
                return;
}

} // namespace lineside::rules
