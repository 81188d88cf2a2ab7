#pragma once

#include <lineside/time.hpp>

#include <algorithm>
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
    free,    ///< nothing: anybody may have them
    block,   ///< somebody's
    resting, ///< released, not to be given out before `until`
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

/// Ascending bounds, the first of them 0, and which of them is the last one up to a number: by a table of equal buckets,
/// in which the bounds of evenly spread numbers are next to where it points, and by halves where they are not.
class directory {
public:
    explicit directory(std::uint64_t limit);

    [[nodiscard]] std::size_t size() const noexcept { return bounds_.size() - 1; }
    [[nodiscard]] std::uint64_t operator[](std::size_t i) const noexcept { return bounds_[i]; }
    /// The next bound, or the limit.
    [[nodiscard]] std::uint64_t end_of(std::size_t i) const noexcept { return bounds_[i + 1]; }
    [[nodiscard]] std::uint64_t limit() const noexcept { return bounds_.back(); }
    /// `n` is below the limit.
    [[nodiscard]] std::size_t position_of(std::uint64_t n) const noexcept;

    /// Linear, as is `erase`.
    void insert(std::size_t i, std::uint64_t bound);
    void erase(std::size_t i);
    /// To below the next bound.
    void raise(std::size_t i, std::uint64_t bound);

private:
    void move(std::uint64_t from, std::uint64_t to, std::uint32_t by);
    void rebuild();

    std::vector<std::uint64_t> bounds_;    // and the limit
    std::vector<std::uint32_t> positions_; // of the last bound up to where each bucket begins; and the last of all
    unsigned shift_ = 0;                   // from numbers to buckets
};

/// Disjoint ranges over [0, limit), in order. A sorted list cut into chunks, under a directory of where each begins and
/// a max_tree of the longest free stretch in each. Finding a range or a gap is O(log n), the latter amortised; inserting
/// and erasing move part of a chunk, and now and then split or join two. A regular value; not thread-safe.
class range_table {
public:
    explicit range_table(std::uint64_t limit);

    [[nodiscard]] std::uint64_t limit() const noexcept { return bounds_.limit(); }
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
    // A search meets one cache line of guide, half a line of keys and one slot, and the guides and keys of many chunks
    // fit the nearer caches. A key is where a range begins, told from the chunk's base in 31 bits; where a chunk is so
    // wide that this is not exact, slots have the last word.
    struct alignas(32) slot {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        tenure held;
    };
    static_assert(sizeof(slot) == 32);
    using key = std::int32_t;
    static constexpr key beyond = 0x7fffffff; // of the slots that are not in use, so that searches need no size
    struct alignas(64) guide {
        std::array<key, capacity / 8> last_keys; // of every eight
    };
    struct alignas(64) chunk_keys {
        std::array<key, capacity> all;
    };
    struct scale {
        std::uint64_t base = 0;
        std::uint32_t shift = 0;
        std::uint32_t size = 0; // of the chunk

        [[nodiscard]] key operator()(std::uint64_t n) const noexcept {
            return static_cast<key>(std::min<std::uint64_t>((n - base) >> shift, beyond - 1));
        }
    };
    using slots = std::array<slot, capacity>;
    // The parts of one chunk.
    struct chunk {
        range_table::scale& scale;
        range_table::guide& guide;
        std::array<key, capacity>& keys;
        range_table::slots& slots;
    };

    [[nodiscard]] chunk at(std::size_t position);
    [[nodiscard]] const slots& slots_at(std::size_t position) const { return slots_[order_[position]]; }
    [[nodiscard]] std::size_t size_at(std::size_t position) const { return scales_[order_[position]].size; }
    [[nodiscard]] std::size_t rank_at(std::size_t position, std::uint64_t n) const noexcept;
    static void resize(const chunk& c, std::size_t size);
    static void rescale(const chunk& c, std::uint64_t base);
    [[nodiscard]] std::size_t first_at(std::size_t position, std::uint64_t n) const noexcept;
    [[nodiscard]] std::uint64_t gap_begin(std::size_t position, std::size_t i) const noexcept;
    [[nodiscard]] std::uint64_t gap_end(std::size_t position, std::size_t i) const noexcept;
    template <class Visitor>
    bool any_gap(std::size_t position, Visitor visit) const;
    [[nodiscard]] std::uint64_t longest_gap(std::size_t position) const;
    void add_chunk();
    void split(std::size_t position);
    void widen(std::size_t position, std::uint64_t gap);
    void join(std::size_t position);
    void remove(std::size_t position);

    // By position: chunk i covers [bounds_[i], bounds_[i + 1]), and but for the first begins with a range, so that no gap
    // lies across two chunks.
    directory bounds_;
    std::vector<std::uint32_t> order_; // into the chunks
    max_tree gaps_;                    // no gap of the chunk is longer; a search that finds them all shorter mends it
    std::vector<scale> scales_;        // the chunks, part by part
    std::vector<guide> guides_;
    std::vector<chunk_keys> keys_;
    std::vector<slots> slots_;
    std::vector<std::uint32_t> spare_; // unused chunks
};

template <class Visitor>
void range_table::visit_from(std::uint64_t n, Visitor visit) const {
    std::size_t position = bounds_.position_of(n);
    for (std::size_t i = first_at(position, n); position < order_.size(); ++position, i = 0)
        for (const slots& s = slots_at(position); i < size_at(position); ++i)
            if (visit(held_range{s[i].first, s[i].last, s[i].held}))
                return;
}

} // namespace lineside::rules
