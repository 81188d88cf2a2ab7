#include "rules/range_table.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace lineside::rules {

namespace {

// How many of the values are at most n. Compilers make this free of branches, half of which would be mispredicted.
template <std::size_t Count>
std::size_t count_up_to(const std::int32_t* values, std::int32_t n) noexcept {
    std::int32_t count = 0;
    for (std::size_t i = 0; i < Count; ++i)
        count += values[i] <= n ? 1 : 0;
    return static_cast<std::size_t>(count);
}

template <class Array, class Value>
void insert_at(Array& a, std::size_t size, std::size_t i, const Value& value) {
    std::move_backward(a.begin() + i, a.begin() + size, a.begin() + size + 1);
    a[i] = value;
}

template <class Array>
void erase_at(Array& a, std::size_t size, std::size_t i) {
    std::move(a.begin() + i + 1, a.begin() + size, a.begin() + i);
}

// The lowest from + k * size that fits into the free numbers [begin, end).
std::optional<std::uint64_t> slot_in(std::uint64_t begin, std::uint64_t end, std::uint64_t from, std::uint64_t size) {
    if (end - begin < size || end <= from)
        return std::nullopt;
    const std::uint64_t first = begin <= from ? from : from + (begin - from + size - 1) / size * size;
    return end - first >= size ? std::optional(first) : std::nullopt;
}

} // namespace

directory::directory(std::uint64_t limit) : bounds_{0, limit} { rebuild(); }

void directory::insert(std::size_t i, std::uint64_t bound) {
    bounds_.insert(bounds_.begin() + static_cast<std::ptrdiff_t>(i), bound);
    if (positions_.size() < 2 * size())
        rebuild();
    else
        move(bound, limit(), 1);
    positions_.back() = static_cast<std::uint32_t>(size() - 1);
}

std::size_t directory::position_of(std::uint64_t n) const noexcept {
    const std::uint64_t bucket = n >> shift_;
    std::size_t position = positions_[bucket];
    // Not beyond what the next bucket begins with: where bounds are evenly spread that is here or the next one, and
    // no branch depends on the number.
    for (std::size_t left = positions_[bucket + 1] - position + 1; left > 2;) {
        const std::size_t half = left / 2;
        position += half & (std::size_t{0} - static_cast<std::size_t>(bounds_[position + half] <= n));
        left -= half;
    }
    return position + static_cast<std::size_t>(bounds_[position + 1] <= n);
}

void directory::erase(std::size_t i) {
    const std::uint64_t bound = bounds_[i];
    bounds_.erase(bounds_.begin() + static_cast<std::ptrdiff_t>(i));
    move(bound, limit(), ~std::uint32_t{0});
    positions_.back() = static_cast<std::uint32_t>(size() - 1);
}

void directory::raise(std::size_t i, std::uint64_t bound) {
    move(bounds_[i], bound, ~std::uint32_t{0});
    bounds_[i] = bound;
}

// Adds to the positions of the buckets that begin in [from, to).
void directory::move(std::uint64_t from, std::uint64_t to, std::uint32_t by) {
    const std::uint64_t below = (std::uint64_t{1} << shift_) - 1;
    const std::uint64_t last = std::min<std::uint64_t>((to + below) >> shift_, positions_.size() - 1);
    for (std::uint64_t b = (from + below) >> shift_; b < last; ++b)
        positions_[b] += by;
}

void directory::rebuild() {
    const std::size_t wanted = 4 * size();
    for (shift_ = 0; ((limit() - 1) >> shift_) >= wanted;)
        ++shift_;
    positions_.resize(((limit() - 1) >> shift_) + 2);
    std::size_t position = 0;
    for (std::size_t b = 0; b + 1 < positions_.size(); ++b) {
        while (bounds_[position + 1] <= (static_cast<std::uint64_t>(b) << shift_))
            ++position;
        positions_[b] = static_cast<std::uint32_t>(position);
    }
    positions_.back() = static_cast<std::uint32_t>(size() - 1);
}

void max_tree::set(std::size_t i, std::uint64_t value) {
    std::size_t node = width_ + i;
    nodes_[node] = value;
    for (node /= 2; node > 0; node /= 2) {
        const std::uint64_t greater = std::max(nodes_[2 * node], nodes_[2 * node + 1]);
        if (nodes_[node] == greater)
            return;
        nodes_[node] = greater;
    }
}

void max_tree::insert(std::size_t i, std::uint64_t value) {
    auto values = leaves();
    values.insert(values.begin() + static_cast<std::ptrdiff_t>(i), value);
    rebuild(values);
}

void max_tree::erase(std::size_t i) {
    auto values = leaves();
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(i));
    rebuild(values);
}

std::size_t max_tree::first_at_least(std::size_t i, std::uint64_t value) const noexcept {
    if (i >= size_)
        return none;
    std::size_t node = width_ + i;
    while (nodes_[node] < value) {
        // To the subtree on the right: up while this is the right one of two, which ends above the root.
        while (node % 2 == 1)
            node /= 2;
        if (node == 0)
            return none;
        ++node;
    }
    while (node < width_) {
        node *= 2;
        if (nodes_[node] < value)
            ++node;
    }
    return node - width_;
}

std::vector<std::uint64_t> max_tree::leaves() const {
    const auto first = nodes_.begin() + static_cast<std::ptrdiff_t>(width_);
    return {first, first + static_cast<std::ptrdiff_t>(size_)};
}

void max_tree::rebuild(const std::vector<std::uint64_t>& leaves) {
    size_ = leaves.size();
    width_ = std::bit_ceil(size_);
    nodes_.assign(2 * width_, 0);
    std::copy(leaves.begin(), leaves.end(), nodes_.begin() + static_cast<std::ptrdiff_t>(width_));
    for (std::size_t node = width_ - 1; node > 0; --node)
        nodes_[node] = std::max(nodes_[2 * node], nodes_[2 * node + 1]);
}

range_table::range_table(std::uint64_t limit) : bounds_(limit), order_{0} {
    add_chunk();
    gaps_.insert(0, limit);
}

void range_table::add_chunk() {
    spare_.reserve(scales_.size() + 1);
    scales_.emplace_back();
    guides_.emplace_back().last_keys.fill(beyond);
    keys_.emplace_back().all.fill(beyond);
    slots_.emplace_back();
}

range_table::chunk range_table::at(std::size_t position) {
    const auto i = order_[position];
    return {scales_[i], guides_[i], keys_[i].all, slots_[i]};
}

const tenure& range_table::find(std::uint64_t n) const noexcept {
    static constexpr tenure free;
    const std::size_t position = bounds_.position_of(n);
    const std::size_t i = rank_at(position, n);
    const slot& s = slots_at(position)[i - (i > 0 ? 1 : 0)];
    // Whether a number is held is as good as random, so this picks by index rather than by a branch.
    const std::array<const tenure*, 2> found = {&free, &s.held};
    return *found[static_cast<std::size_t>(i > 0) & static_cast<std::size_t>(s.last >= n)];
}

// How many of the chunk's ranges begin at n or before; n is the chunk's. The same steps whatever the chunk holds, but
// for one so wide that its keys are not exact.
std::size_t range_table::rank_at(std::size_t position, std::uint64_t n) const noexcept {
    const std::uint32_t at = order_[position];
    const key k = scales_[at](n);
    const std::size_t eight = 8 * count_up_to<capacity / 8 - 1>(guides_[at].last_keys.data(), k);
    std::size_t rank = eight + count_up_to<8>(keys_[at].all.data() + eight, k);
    while (rank > 0 && slots_[at][rank - 1].first > n)
        --rank;
    return rank;
}

void range_table::resize(const chunk& c, std::size_t size) {
    for (std::size_t i = size; i < c.scale.size; ++i)
        c.keys[i] = beyond;
    c.scale.size = static_cast<std::uint32_t>(size);
    for (std::size_t i = 0; i < c.guide.last_keys.size(); ++i)
        c.guide.last_keys[i] = c.keys[8 * i + 7];
}

// Tells keys from `base`, as exactly as the width of the chunk, which holds something, allows.
void range_table::rescale(const chunk& c, std::uint64_t base) {
    c.scale.base = base;
    c.scale.shift = 0;
    while (((c.slots[c.scale.size - 1].last - base) >> c.scale.shift) >= static_cast<std::uint64_t>(beyond) - 1)
        ++c.scale.shift;
    for (std::size_t i = 0; i < c.scale.size; ++i)
        c.keys[i] = c.scale(c.slots[i].first);
    resize(c, c.scale.size);
}

// The chunk's first range that ends at n or later.
std::size_t range_table::first_at(std::size_t position, std::uint64_t n) const noexcept {
    const std::size_t i = rank_at(position, n);
    return i > 0 && slots_at(position)[i - 1].last >= n ? i - 1 : i;
}

tenure* range_table::find_range(std::uint64_t first, std::uint64_t last) noexcept {
    const std::size_t position = bounds_.position_of(first);
    const std::size_t i = rank_at(position, first);
    if (i == 0)
        return nullptr;
    slot& s = slots_[order_[position]][i - 1];
    return s.first == first && s.last == last ? &s.held : nullptr;
}

// The free stretch before a chunk's range i; after its last one, where i is its size.
std::uint64_t range_table::gap_begin(std::size_t position, std::size_t i) const noexcept {
    return i > 0 ? slots_at(position)[i - 1].last + 1 : bounds_[position];
}

std::uint64_t range_table::gap_end(std::size_t position, std::size_t i) const noexcept {
    return i < size_at(position) ? slots_at(position)[i].first : bounds_.end_of(position);
}

// Calls visit(begin, end) for the free stretches of a chunk in order until it returns true.
template <class Visitor>
bool range_table::any_gap(std::size_t position, Visitor visit) const {
    for (std::size_t i = 0; i <= size_at(position); ++i)
        if (visit(gap_begin(position, i), gap_end(position, i)))
            return true;
    return false;
}

std::uint64_t range_table::longest_gap(std::size_t position) const {
    std::uint64_t longest = 0;
    any_gap(position, [&](std::uint64_t begin, std::uint64_t end) {
        longest = std::max(longest, end - begin);
        return false;
    });
    return longest;
}

std::optional<std::uint64_t> range_table::first_fit(std::uint64_t from, std::uint64_t size) {
    std::optional<std::uint64_t> found;
    const auto fits = [&](std::uint64_t begin, std::uint64_t end) {
        found = slot_in(begin, end, from, size);
        return found.has_value();
    };
    for (std::size_t position = gaps_.first_at_least(bounds_.position_of(from), size); position != max_tree::none;
         position = gaps_.first_at_least(position + 1, size)) {
        if (any_gap(position, fits))
            return found;
        gaps_.set(position, longest_gap(position));
    }
    return std::nullopt;
}

void range_table::insert(const held_range& range) {
    std::size_t position = bounds_.position_of(range.first);
    if (size_at(position) == capacity) {
        split(position);
        position = bounds_.position_of(range.first);
    }
    const std::size_t i = rank_at(position, range.first);
    const chunk c = at(position);
    insert_at(c.keys, c.scale.size, i, c.scale(range.first));
    insert_at(c.slots, c.scale.size, i, slot{range.first, range.last, range.held});
    resize(c, c.scale.size + 1);
}

void range_table::erase(std::uint64_t first) {
    const std::size_t position = bounds_.position_of(first);
    const std::size_t i = rank_at(position, first) - 1;
    const chunk c = at(position);
    erase_at(c.keys, c.scale.size, i);
    erase_at(c.slots, c.scale.size, i);
    resize(c, c.scale.size - 1);
    if (i > 0 || position == 0) {
        widen(position, gap_end(position, i) - gap_begin(position, i));
    } else if (c.scale.size > 0) {
        // The chunk before now covers the numbers up to the next range.
        bounds_.raise(position, c.slots[0].first);
        widen(position - 1, bounds_[position] - gap_begin(position - 1, size_at(position - 1)));
    }
    join(position);
}

void range_table::widen(std::size_t position, std::uint64_t gap) {
    if (gap > gaps_[position])
        gaps_.set(position, gap);
}

void range_table::split(std::size_t position) {
    if (spare_.empty()) {
        add_chunk();
        spare_.push_back(static_cast<std::uint32_t>(scales_.size() - 1));
    }
    const std::uint32_t fresh = spare_.back();
    spare_.pop_back();
    constexpr std::size_t half = capacity / 2;
    const auto next = static_cast<std::ptrdiff_t>(position) + 1;
    bounds_.insert(position + 1, slots_at(position)[half].first);
    order_.insert(order_.begin() + next, fresh);
    const chunk low = at(position);
    const chunk high = at(position + 1);
    std::copy(low.slots.begin() + half, low.slots.end(), high.slots.begin());
    resize(low, half);
    high.scale.size = half;
    rescale(low, bounds_[position]);
    rescale(high, bounds_[position + 1]);
    gaps_.set(position, longest_gap(position));
    gaps_.insert(position + 1, longest_gap(position + 1));
}

// A chunk that holds little takes in a neighbour that does too; one that is empty goes, unless it is the only one.
void range_table::join(std::size_t position) {
    const auto fit = [this](std::size_t low) {
        const std::size_t high = low + 1;
        return high < order_.size() &&
               (size_at(low) + size_at(high) <= capacity / 2 || size_at(low) == 0 || size_at(high) == 0);
    };
    if (position > 0 && fit(position - 1))
        --position;
    else if (!fit(position))
        return;
    const chunk low = at(position);
    const chunk high = at(position + 1);
    std::copy_n(high.slots.begin(), high.scale.size, low.slots.begin() + low.scale.size);
    low.scale.size += high.scale.size;
    rescale(low, bounds_[position]);
    resize(high, 0);
    remove(position + 1);
    gaps_.set(position, longest_gap(position));
}

void range_table::remove(std::size_t position) {
    spare_.push_back(order_[position]);
    bounds_.erase(position);
    order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(position));
    gaps_.erase(position);
}

} // namespace lineside::rules
