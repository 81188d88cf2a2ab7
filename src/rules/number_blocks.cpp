#include "rules/number_blocks.hpp"

#include <algorithm>
#include <utility>

namespace lineside::rules {

namespace {

number_span all_of(std::uint8_t width) { return {width, 0, numbers_of_width[width] - 1}; }

std::optional<refusal> misfit_of(const number_span& range) {
    if (!is_width(range.width) || range.first > range.last)
        return refusal{refusal_reason::malformed, range, nobody, {}};
    if (range.last >= numbers_of_width[range.width])
        return refusal{refusal_reason::out_of_range, range, nobody, {}};
    return std::nullopt;
}

refusal in_the_way(const number_holding& h) {
    if (h.held.use == range_use::block)
        return {refusal_reason::overlaps_block, h.range, h.held.owner, {}};
    return {refusal_reason::resting, h.range, nobody, h.held.until};
}

} // namespace

const range_table* number_blocks::table(std::uint8_t width) const noexcept {
    return width < tables_.size() && tables_[width] ? &*tables_[width] : nullptr;
}

range_table* number_blocks::table(std::uint8_t width) noexcept { return tables_[width] ? &*tables_[width] : nullptr; }

range_table& number_blocks::make_table(std::uint8_t width) {
    auto& t = tables_[width];
    return t ? *t : t.emplace(numbers_of_width[width]);
}

// Calls visit(holding) in order for all that touches the numbers, until it returns true.
template <class Visitor>
void number_blocks::for_each(const number_span& within, Visitor visit) const {
    if (const range_table* t = table(within.width))
        t->visit_from(within.first, [&](const held_range& r) {
            return r.first > within.last || visit(number_holding{{within.width, r.first, r.last}, r.held});
        });
}

std::optional<refusal> number_blocks::hindrance(const number_span& range, instant now) const {
    if (const auto* r = reserved_in(range); r != nullptr)
        return refusal{refusal_reason::reserved, *r, nobody, {}};
    std::optional<refusal> found;
    for_each(range, [&](const number_holding& h) {
        if (h.held.use == range_use::resting && h.held.until <= now)
            return false;
        found = in_the_way(h);
        return true;
    });
    return found;
}

tenure* number_blocks::find_block(const number_span& block, owner_handle owner) {
    if (misfit_of(block))
        return nullptr;
    range_table* t = table(block.width);
    tenure* held = t != nullptr ? t->find_range(block.first, block.last) : nullptr;
    return held != nullptr && held->use == range_use::block && held->owner == owner ? held : nullptr;
}

bool number_blocks::is_block_of(owner_handle owner, const number_span& block) const noexcept {
    const auto& all = blocks_of(owner);
    return std::binary_search(all.begin(), all.end(), block);
}

void number_blocks::hold(const number_holding& h) {
    if (h.held.use == range_use::block) {
        auto& all = owned_[h.held.owner];
        all.insert(all.empty() || all.back() < h.range ? all.end() : std::lower_bound(all.begin(), all.end(), h.range),
                   h.range);
    } else {
        rests_.push({h.held.until, h.range});
    }
    make_table(h.range.width).insert({h.range.first, h.range.last, h.held});
}

void number_blocks::disown(owner_handle owner, const number_span& block) {
    const auto all = owned_.find(owner);
    all->second.erase(std::lower_bound(all->second.begin(), all->second.end(), block));
    if (all->second.empty())
        owned_.erase(all);
}

void number_blocks::forget_rests(instant now) {
    while (!rests_.empty() && rests_.top().until <= now) {
        const number_span r = rests_.top().range;
        rests_.pop();
        make_table(r.width).erase(r.first);
    }
}

std::optional<refusal> number_blocks::check(const number_span& range, instant now) const {
    auto r = misfit_of(range);
    return r ? r : hindrance(range, now);
}

block_result<void> number_blocks::claim(owner_handle owner, const number_span& range, instant now) {
    if (const auto r = check(range, now))
        return *r;
    forget_rests(now);
    hold({range, {range_use::block, owner, {}}});
    return {};
}

// Sizes may be anything, so nothing is added to them before they are known to fit.
std::optional<refusal> number_blocks::misfit(const block_grid& grid) {
    const auto [width, first] = grid.start;
    if (!is_width(width) || grid.size == 0)
        return refusal{};
    const std::uint64_t capacity = numbers_of_width[width];
    if (first >= capacity || grid.size > capacity - first)
        return refusal{
            refusal_reason::out_of_range, number_span{width, first, std::max(first, capacity - 1)}, nobody, {}};
    return std::nullopt;
}

block_result<number_span> number_blocks::next_from(const block_grid& grid, std::uint64_t from) {
    const auto [width, first] = grid.start;
    const std::uint64_t capacity = numbers_of_width[width];
    if (from < capacity)
        if (const auto found = make_table(width).first_fit(from, grid.size))
            return number_span{width, *found, *found + grid.size - 1};
    return refusal{refusal_reason::exhausted, number_span{width, first, capacity - 1}, nobody, {}};
}

block_result<number_span> number_blocks::allocate(owner_handle owner, const block_grid& grid, instant now) {
    const auto found = next(grid, now, [](const number_span&) { return std::optional<std::uint64_t>(); });
    if (found)
        hold({*found, {range_use::block, owner, {}}});
    return found;
}

block_result<void> number_blocks::release(owner_handle owner, const number_span& block, instant now, duration rest) {
    forget_rests(now);
    tenure* held = find_block(block, owner);
    if (held == nullptr)
        return refusal{refusal_reason::unknown_block, block, nobody, {}};
    disown(owner, block);
    if (rest > duration{}) {
        *held = {range_use::resting, nobody, now + rest};
        rests_.push({now + rest, block});
    } else {
        table(block.width)->erase(block.first);
    }
    return {};
}

block_result<void> number_blocks::transfer(owner_handle from, const number_span& block, owner_handle to) {
    tenure* held = find_block(block, from);
    if (held == nullptr)
        return refusal{refusal_reason::unknown_block, block, nobody, {}};
    held->owner = to;
    disown(from, block);
    auto& all = owned_[to];
    all.insert(std::lower_bound(all.begin(), all.end(), block), block);
    return {};
}

block_result<void> number_blocks::set_reserved(const std::vector<number_span>& ranges) {
    for (const auto& range : ranges)
        if (const auto r = misfit_of(range))
            return *r;
    auto sorted = ranges;
    std::sort(sorted.begin(), sorted.end());
    std::vector<number_span> merged;
    for (const auto& r : sorted) {
        if (!merged.empty() && merged.back().width == r.width && r.first <= merged.back().last + 1)
            merged.back().last = std::max(merged.back().last, r.last);
        else
            merged.push_back(r);
    }
    reserved_ = std::move(merged);
    return {};
}

const number_span* number_blocks::reserved_in(const number_span& range) const noexcept {
    const auto after = std::partition_point(reserved_.begin(), reserved_.end(), [&](const number_span& r) {
        return r.width < range.width || (r.width == range.width && r.last < range.first);
    });
    return after != reserved_.end() && after->width == range.width && after->first <= range.last ? &*after : nullptr;
}

block_result<void> number_blocks::restore(const number_holding& h) {
    if (const auto r = misfit_of(h.range))
        return *r;
    std::optional<refusal> taken;
    for_each(h.range, [&](const number_holding& there) {
        taken = in_the_way(there);
        return true;
    });
    if (taken)
        return *taken;
    hold(h);
    return {};
}

owner_handle number_blocks::owner_of(number n) const noexcept {
    const range_table* t = table(n.width);
    return t != nullptr && n.value < t->limit() ? t->find(n.value).owner : nobody;
}

owner_handle number_blocks::owner_of(std::string_view digits) const noexcept {
    const auto n = parse_number(digits);
    return n ? owner_of(*n) : nobody;
}

std::optional<number_holding> number_blocks::holding_of(number n) const {
    std::optional<number_holding> found;
    if (is_width(n.width) && n.value < numbers_of_width[n.width])
        for_each(just(n), [&](const number_holding& h) {
            found = h;
            return true;
        });
    return found;
}

const std::vector<number_span>& number_blocks::blocks_of(owner_handle owner) const {
    static const std::vector<number_span> none;
    const auto all = owned_.find(owner);
    return all == owned_.end() ? none : all->second;
}

std::vector<number_holding> number_blocks::holdings() const {
    std::vector<number_holding> all;
    for (std::uint8_t width = 1; width <= max_width; ++width)
        for_each(all_of(width), [&](const number_holding& h) {
            all.push_back(h);
            return false;
        });
    return all;
}

number_usage number_blocks::usage(std::uint8_t width, instant now) const {
    number_usage u;
    if (!is_width(width))
        return u;
    u.capacity = numbers_of_width[width];
    for_each(all_of(width), [&](const number_holding& h) {
        if (h.held.use == range_use::block) {
            ++u.blocks;
            u.in_blocks += h.range.size();
        } else {
            u.resting += h.held.until > now ? h.range.size() : 0;
        }
        return false;
    });
    return u;
}

} // namespace lineside::rules
