#include "rules/number_blocks.hpp"

#include "model/names.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace lineside::rules {

namespace {

constexpr std::uint8_t max_width = 18;

constexpr auto capacities = [] {
    std::array<std::uint64_t, max_width + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

bool is_width(std::uint8_t width) { return width >= 1 && width <= max_width; }

number_range all_of(std::uint8_t width) { return {width, 0, capacities[width] - 1}; }

std::optional<refusal> misfit(const number_range& range) {
    if (!is_width(range.width) || range.first > range.last)
        return refusal{refusal_reason::malformed, range, nobody, {}};
    if (range.last >= capacities[range.width])
        return refusal{refusal_reason::out_of_range, range, nobody, {}};
    return std::nullopt;
}

refusal in_the_way(const number_holding& h) {
    switch (h.held.use) {
    case range_use::block: return {refusal_reason::overlaps_block, h.range, h.held.owner, {}};
    case range_use::resting: return {refusal_reason::resting, h.range, nobody, h.held.until};
    case range_use::reserved:
    case range_use::free: break;
    }
    return {refusal_reason::reserved, h.range, nobody, {}};
}

constexpr name_of<refusal_reason> reasons[] = {
    {refusal_reason::malformed, "malformed"},
    {refusal_reason::out_of_range, "out_of_range"},
    {refusal_reason::reserved, "reserved"},
    {refusal_reason::overlaps_block, "overlaps_block"},
    {refusal_reason::resting, "resting"},
    {refusal_reason::exhausted, "exhausted"},
    {refusal_reason::unknown_block, "unknown_block"},
};

errc code_of(refusal_reason r) {
    switch (r) {
    case refusal_reason::malformed:
    case refusal_reason::out_of_range: return errc::invalid_argument;
    case refusal_reason::reserved:
    case refusal_reason::overlaps_block:
    case refusal_reason::resting: break;
    case refusal_reason::exhausted: return errc::exhausted;
    case refusal_reason::unknown_block: return errc::not_found;
    }
    return errc::conflict;
}

} // namespace

std::optional<number> parse_number(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_width)
        return std::nullopt;
    number n{static_cast<std::uint8_t>(text.size()), 0};
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        n.value = n.value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return n;
}

std::string to_string(number n) {
    std::string digits = std::to_string(n.value);
    if (digits.size() < n.width)
        digits.insert(0, n.width - digits.size(), '0');
    return digits;
}

std::string to_string(const number_range& range) {
    return to_string(number{range.width, range.first}) + '-' + to_string(number{range.width, range.last});
}

std::string_view to_string(refusal_reason r) noexcept { return find_name(reasons, r); }

std::string explain(const refusal& r) {
    const std::string numbers = r.conflict ? to_string(*r.conflict) : "This range";
    switch (r.reason) {
    case refusal_reason::malformed:
        return "A range is two numbers of the same width, 1 to 18 digits, the lower one first";
    case refusal_reason::out_of_range:
        return "This needs numbers of more than " + std::to_string(r.conflict ? r.conflict->width : 0) + " digits";
    case refusal_reason::reserved: return numbers + " is reserved and cannot be assigned";
    case refusal_reason::overlaps_block: return numbers + " is already assigned";
    case refusal_reason::resting:
        return numbers + " was released and can be assigned again from " +
               lineside::to_string(r.until.value_or(instant{}));
    case refusal_reason::exhausted: return "No free block of this size is left";
    case refusal_reason::unknown_block: return numbers + " is not one of this customer's blocks";
    }
    return {};
}

failure to_failure(const refusal& r) {
    return {make_error_code(code_of(r.reason)), diagnostics{explain(r), "range", {}, 0, {}}};
}

void throw_exception_from_error(const refusal& r, const boost::source_location&) {
    const failure f = to_failure(r);
    throw error(f.code, f.details);
}

block_result<number_range> parse_number_range(std::string_view first, std::string_view last) {
    const auto a = parse_number(first);
    const auto b = parse_number(last);
    if (!a || !b || a->width != b->width || a->value > b->value)
        return refusal{};
    return number_range{a->width, a->value, b->value};
}

const range_table* number_blocks::table(std::uint8_t width) const noexcept {
    return width < tables_.size() && tables_[width] ? &*tables_[width] : nullptr;
}

range_table* number_blocks::table(std::uint8_t width) noexcept {
    return width < tables_.size() && tables_[width] ? &*tables_[width] : nullptr;
}

range_table& number_blocks::make_table(std::uint8_t width) {
    auto& t = tables_[width];
    return t ? *t : t.emplace(capacities[width]);
}

// Calls visit(holding) in order for all that touches the numbers, until it returns true.
template <class Visitor>
void number_blocks::for_each(const number_range& within, Visitor visit) const {
    if (const range_table* t = table(within.width))
        t->visit_from(within.first, [&](const held_range& r) {
            return r.first > within.last || visit(number_holding{{within.width, r.first, r.last}, r.held});
        });
}

std::optional<refusal> number_blocks::hindrance(const number_range& range, instant now) const {
    std::optional<refusal> found;
    for_each(range, [&](const number_holding& h) {
        if (h.held.use == range_use::resting && h.held.until <= now)
            return false;
        found = in_the_way(h);
        return true;
    });
    return found;
}

tenure* number_blocks::find_block(const number_range& block, owner_handle owner) {
    range_table* t = table(block.width);
    tenure* held = t != nullptr ? t->find_range(block.first, block.last) : nullptr;
    return held != nullptr && held->use == range_use::block && held->owner == owner ? held : nullptr;
}

void number_blocks::hold(const number_holding& h) {
    make_table(h.range.width).insert({h.range.first, h.range.last, h.held});
    if (h.held.use == range_use::block)
        ++counts_[h.held.owner];
    else if (h.held.use == range_use::resting)
        rests_.push({h.held.until, h.range.width, h.range.first, h.range.last});
}

void number_blocks::uncount(owner_handle owner) {
    const auto count = counts_.find(owner);
    if (--count->second == 0)
        counts_.erase(count);
}

// Frees what the range holds for this use, which is not that of blocks; what lies outside stays.
void number_blocks::carve(const number_range& range, range_use use) {
    std::vector<number_holding> touched;
    for_each(range, [&](const number_holding& h) {
        if (h.held.use == use)
            touched.push_back(h);
        return false;
    });
    for (const number_holding& h : touched) {
        make_table(range.width).erase(h.range.first);
        if (h.range.first < range.first)
            hold({{range.width, h.range.first, range.first - 1}, h.held});
        if (h.range.last > range.last)
            hold({{range.width, range.last + 1, h.range.last}, h.held});
    }
}

void number_blocks::forget_rests(instant now) {
    while (!rests_.empty() && rests_.top().until <= now) {
        const rest_end end = rests_.top();
        rests_.pop();
        range_table& t = make_table(end.width);
        const tenure* held = t.find_range(end.first, end.last);
        if (held != nullptr && held->use == range_use::resting && held->until <= now)
            t.erase(end.first);
    }
}

std::optional<refusal> number_blocks::check(const number_range& range, instant now) const {
    auto r = misfit(range);
    return r ? r : hindrance(range, now);
}

block_result<void> number_blocks::claim(owner_handle owner, const number_range& range, instant now) {
    forget_rests(now);
    return restore({range, {range_use::block, owner, {}}});
}

block_result<number_range> number_blocks::allocate(owner_handle owner, const block_grid& grid, instant now) {
    const auto [width, first] = grid.start;
    if (!is_width(width) || grid.size == 0)
        return refusal{};
    // Sizes may be anything, so nothing is added to them before they are known to fit.
    const std::uint64_t capacity = capacities[width];
    if (first >= capacity || grid.size > capacity - first)
        return refusal{
            refusal_reason::out_of_range, number_range{width, first, std::max(first, capacity - 1)}, nobody, {}};
    forget_rests(now);
    const auto found = make_table(width).first_fit(first, grid.size);
    if (!found)
        return refusal{refusal_reason::exhausted, number_range{width, first, capacity - 1}, nobody, {}};
    const number_range block{width, *found, *found + grid.size - 1};
    hold({block, {range_use::block, owner, {}}});
    return block;
}

block_result<void> number_blocks::release(owner_handle owner, const number_range& block, instant now, duration rest) {
    forget_rests(now);
    tenure* held = find_block(block, owner);
    if (held == nullptr)
        return refusal{refusal_reason::unknown_block, block, nobody, {}};
    uncount(owner);
    if (rest > duration{}) {
        *held = {range_use::resting, nobody, now + rest};
        rests_.push({now + rest, block.width, block.first, block.last});
    } else {
        table(block.width)->erase(block.first);
    }
    return {};
}

block_result<void> number_blocks::transfer(owner_handle from, const number_range& block, owner_handle to) {
    tenure* held = find_block(block, from);
    if (held == nullptr)
        return refusal{refusal_reason::unknown_block, block, nobody, {}};
    held->owner = to;
    uncount(from);
    ++counts_[to];
    return {};
}

block_result<void> number_blocks::reserve(const number_range& range) {
    if (const auto r = misfit(range))
        return *r;
    std::optional<refusal> taken;
    for_each(range, [&](const number_holding& h) {
        if (h.held.use == range_use::block)
            taken = in_the_way(h);
        return taken.has_value();
    });
    if (taken)
        return *taken;
    carve(range, range_use::resting);
    carve(range, range_use::reserved);
    hold({range, {range_use::reserved, nobody, {}}});
    return {};
}

void number_blocks::unreserve(const number_range& range) {
    if (!misfit(range))
        carve(range, range_use::reserved);
}

block_result<void> number_blocks::restore(const number_holding& holding) {
    if (const auto r = check(holding.range, instant::min()))
        return *r;
    hold(holding);
    return {};
}

owner_handle number_blocks::owner_of(number n) const noexcept {
    const range_table* t = table(n.width);
    return t != nullptr ? t->find(n.value).owner : nobody;
}

owner_handle number_blocks::owner_of(std::string_view digits) const noexcept {
    const auto n = parse_number(digits);
    return n ? owner_of(*n) : nobody;
}

std::size_t number_blocks::block_count(owner_handle owner) const {
    const auto count = counts_.find(owner);
    return count == counts_.end() ? 0 : count->second;
}

std::vector<number_range> number_blocks::blocks_of(owner_handle owner) const {
    std::vector<number_range> blocks;
    const std::size_t count = block_count(owner);
    for (std::uint8_t width = 1; width <= max_width && blocks.size() < count; ++width)
        for_each(all_of(width), [&](const number_holding& h) {
            if (h.held.use == range_use::block && h.held.owner == owner)
                blocks.push_back(h.range);
            return blocks.size() == count;
        });
    return blocks;
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
    u.capacity = capacities[width];
    for_each(all_of(width), [&](const number_holding& h) {
        switch (h.held.use) {
        case range_use::block:
            ++u.blocks;
            u.in_blocks += h.range.size();
            break;
        case range_use::resting: u.resting += h.held.until > now ? h.range.size() : 0; break;
        case range_use::reserved: u.reserved += h.range.size(); break;
        case range_use::free: break;
        }
        return false;
    });
    return u;
}

} // namespace lineside::rules
