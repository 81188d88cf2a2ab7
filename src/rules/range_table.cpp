#include "rules/range_table.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace lineside::rules {

namespace {

// How many of the values are at most n. Compilers make this free of branches, half of which would be mispredicted.
template <std::size_t Count>
std::size_t count_up_to(const std::uint64_t* values, std::size_t stride, std::uint64_t n) noexcept {
    std::size_t count = 0;
    for (std::size_t i = 0; i < Count; ++i)
        count += values[i * stride] <= n ? 1 : 0;
    return count;
}

// How many of the ascending values are at most n. Each round looks at seven values at once and keeps an eighth.
std::size_t rank(const std::vector<std::uint64_t>& values, std::uint64_t n) noexcept {
    const std::uint64_t* base = values.data();
    std::size_t size = values.size();
    while (size >= 8) {
        const std::size_t stride = size / 8;
        base += count_up_to<7>(base + stride - 1, stride, n) * stride;
        size -= 7 * stride;
    }
    const auto passed = static_cast<std::size_t>(base - values.data());
    return passed + static_cast<std::size_t>(std::count_if(base, base + size, [n](std::uint64_t v) { return v <= n; }));
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
    return first <= end && end - first >= size ? std::optional(first) : std::nullopt;
}

} // namespace

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

range_table::chunk::chunk() {
    guide.fill(beyond);
    firsts.fill(beyond);
}

range_table::range_table(std::uint64_t limit) : limit_(limit), bounds_{0}, order_{0}, pool_(1) {
    gaps_.insert(0, limit);
}

// The first bound is 0, so there always is one.
std::size_t range_table::position_of(std::uint64_t n) const noexcept { return rank(bounds_, n) - 1; }

std::uint64_t range_table::end_of(std::size_t position) const noexcept {
    return position + 1 < bounds_.size() ? bounds_[position + 1] : limit_;
}

const tenure& range_table::find(std::uint64_t n) const noexcept {
    static constexpr tenure free;
    const chunk& c = at(position_of(n));
    const std::size_t i = rank_in(c, n);
    const slot& s = c.slots[i - (i > 0 ? 1 : 0)];
    // Whether a number is held is as good as random, so this picks by index rather than by a branch.
    const std::array<const tenure*, 2> found = {&free, &s.held};
    return *found[static_cast<std::size_t>(i > 0) & static_cast<std::size_t>(s.last >= n)];
}

// The same steps whatever the chunk holds.
std::size_t range_table::rank_in(const chunk& c, std::uint64_t n) noexcept {
    const std::size_t eight = 8 * count_up_to<capacity / 8 - 1>(c.guide.data(), 1, n);
    return eight + count_up_to<8>(c.firsts.data() + eight, 1, n);
}

void range_table::resize(chunk& c, std::size_t size) {
    for (; c.size > size; --c.size)
        c.firsts[c.size - 1] = beyond;
    c.size = size;
    for (std::size_t i = 0; i < c.guide.size(); ++i)
        c.guide[i] = c.firsts[8 * i + 7];
}

// The chunk's first range that ends at n or later.
std::size_t range_table::first_in(const chunk& c, std::uint64_t n) noexcept {
    const std::size_t i = rank_in(c, n);
    return i > 0 && c.slots[i - 1].last >= n ? i - 1 : i;
}

tenure* range_table::find_range(std::uint64_t first, std::uint64_t last) noexcept {
    chunk& c = at(position_of(first));
    const std::size_t i = rank_in(c, first);
    return i > 0 && c.firsts[i - 1] == first && c.slots[i - 1].last == last ? &c.slots[i - 1].held : nullptr;
}

// The free stretch before a chunk's range i; after its last one, where i is its size.
std::uint64_t range_table::gap_begin(std::size_t position, std::size_t i) const noexcept {
    return i > 0 ? at(position).slots[i - 1].last + 1 : bounds_[position];
}

std::uint64_t range_table::gap_end(std::size_t position, std::size_t i) const noexcept {
    return i < at(position).size ? at(position).firsts[i] : end_of(position);
}

// Calls visit(begin, end) for the free stretches of a chunk in order until it returns true.
template <class Visitor>
bool range_table::any_gap(std::size_t position, Visitor visit) const {
    for (std::size_t i = 0; i <= at(position).size; ++i)
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
    for (std::size_t position = gaps_.first_at_least(position_of(from), size); position != max_tree::none;
         position = gaps_.first_at_least(position + 1, size)) {
        if (any_gap(position, fits))
            return found;
        gaps_.set(position, longest_gap(position));
    }
    return std::nullopt;
}

void range_table::insert(const held_range& range) {
    std::size_t position = position_of(range.first);
    if (at(position).size == capacity) {
        split(position);
        position = position_of(range.first);
    }
    chunk& c = at(position);
    const std::size_t i = rank_in(c, range.first);
    insert_at(c.firsts, c.size, i, range.first);
    insert_at(c.slots, c.size, i, slot{range.last, range.held});
    resize(c, c.size + 1);
}

void range_table::erase(std::uint64_t first) {
    const std::size_t position = position_of(first);
    chunk& c = at(position);
    const std::size_t i = rank_in(c, first) - 1;
    erase_at(c.firsts, c.size, i);
    erase_at(c.slots, c.size, i);
    resize(c, c.size - 1);
    if (i > 0 || position == 0) {
        widen(position, gap_end(position, i) - gap_begin(position, i));
    } else if (c.size > 0) {
        // The chunk before now covers the numbers up to the next range.
        bounds_[position] = c.firsts[0];
        widen(position - 1, bounds_[position] - gap_begin(position - 1, at(position - 1).size));
    }
    join(position);
}

void range_table::widen(std::size_t position, std::uint64_t gap) {
    if (gap > gaps_[position])
        gaps_.set(position, gap);
}

void range_table::split(std::size_t position) {
    if (spare_.empty()) {
        spare_.push_back(static_cast<std::uint32_t>(pool_.size()));
        pool_.emplace_back();
    }
    const std::uint32_t fresh = spare_.back();
    spare_.pop_back();
    chunk& low = at(position);
    chunk& high = pool_[fresh];
    constexpr std::size_t half = capacity / 2;
    std::copy(low.firsts.begin() + half, low.firsts.end(), high.firsts.begin());
    std::copy(low.slots.begin() + half, low.slots.end(), high.slots.begin());
    resize(low, half);
    resize(high, half);

    const auto next = static_cast<std::ptrdiff_t>(position) + 1;
    bounds_.insert(bounds_.begin() + next, high.firsts[0]);
    order_.insert(order_.begin() + next, fresh);
    gaps_.set(position, longest_gap(position));
    gaps_.insert(position + 1, longest_gap(position + 1));
}

// A chunk that holds little takes in a neighbour that does too; one that is empty goes, unless it is the only one.
void range_table::join(std::size_t position) {
    const auto fit = [this](std::size_t low) {
        const std::size_t high = low + 1;
        return high < order_.size() &&
               (at(low).size + at(high).size <= capacity / 2 || at(low).size == 0 || at(high).size == 0);
    };
    if (position > 0 && fit(position - 1))
        --position;
    else if (!fit(position))
        return;
    chunk& low = at(position);
    chunk& high = at(position + 1);
    std::copy_n(high.firsts.begin(), high.size, low.firsts.begin() + low.size);
    std::copy_n(high.slots.begin(), high.size, low.slots.begin() + low.size);
    resize(low, low.size + high.size);
    resize(high, 0);
    remove(position + 1);
    gaps_.set(position, longest_gap(position));
}

void range_table::remove(std::size_t position) {
    spare_.push_back(order_[position]);
    bounds_.erase(bounds_.begin() + static_cast<std::ptrdiff_t>(position));
    order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(position));
    gaps_.erase(position);
}

} // namespace lineside::rules
