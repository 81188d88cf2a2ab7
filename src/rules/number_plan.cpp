#include "rules/number_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace lineside::rules {

namespace {

bool exists(number n) noexcept { return is_width(n.width) && n.value < numbers_of_width[n.width]; }

refusal about(refusal_reason why, number n, owner_handle holder = nobody) { return {why, just(n), holder, {}}; }

} // namespace

range_table& number_plan::numbers(std::uint8_t width) {
    auto& t = numbers_[width];
    return t ? *t : t.emplace(numbers_of_width[width]);
}

const tenure& number_plan::tenure_of(number n) const noexcept {
    static constexpr tenure free;
    return exists(n) && numbers_[n.width] ? numbers_[n.width]->find(n.value) : free;
}

owner_handle number_plan::user_of(number n) const noexcept { return tenure_of(n).owner; }

void number_plan::hold(owner_handle owner, number n) {
    drop(n);
    auto& count = counts_[owner];
    numbers(n.width).insert({n.value, n.value, {range_use::block, owner, {}}});
    ++count;
}

// Frees the number, whatever it was held for.
void number_plan::drop(number n) {
    const tenure held = tenure_of(n);
    if (held.use == range_use::free)
        return;
    numbers(n.width).erase(n.value);
    if (held.use != range_use::block)
        return;
    const auto count = counts_.find(held.owner);
    if (--count->second == 0)
        counts_.erase(count);
}

void number_plan::rest(number n, instant until) {
    rests_.push({until, n});
    drop(n);
    numbers(n.width).insert({n.value, n.value, {range_use::resting, nobody, until}});
}

void number_plan::forget_rests(instant now) {
    while (!rests_.empty() && rests_.top().until <= now) {
        const number n = rests_.top().n;
        rests_.pop();
        if (const auto& held = tenure_of(n); held.use == range_use::resting && held.until <= now)
            drop(n);
    }
}

// ---- blocks

// Where in the range somebody else's live extension is.
std::optional<std::uint64_t> number_plan::stranger_in(owner_handle owner, const number_span& range) const {
    std::optional<std::uint64_t> found;
    each_extension(range, [&](number n) {
        if (user_of(n) == owner)
            return false;
        found = n.value;
        return true;
    });
    return found;
}

std::optional<refusal> number_plan::check_block(owner_handle owner, const number_span& range, instant now) const {
    if (auto r = blocks_.check(range, now))
        return r;
    if (const auto stranger = stranger_in(owner, range)) {
        const number n{range.width, *stranger};
        return about(refusal_reason::holds_extension, n, user_of(n));
    }
    return std::nullopt;
}

block_result<void> number_plan::claim_block(owner_handle owner, const number_span& range, instant now) {
    if (const auto r = check_block(owner, range, now))
        return *r;
    return blocks_.claim(owner, range, now);
}

block_result<number_span> number_plan::next_block(owner_handle owner, const block_grid& grid, instant now) {
    return blocks_.next(grid, now, [&](const number_span& block) { return stranger_in(owner, block); });
}

std::optional<refusal> number_plan::check_release(owner_handle owner, const number_span& block,
                                                  release_extensions extensions) const {
    if (!blocks_.is_block_of(owner, block))
        return refusal{refusal_reason::unknown_block, block, nobody, {}};
    std::optional<refusal> found;
    if (extensions == release_extensions::refuse)
        each_extension(block, [&](number n) {
            found = about(refusal_reason::in_use, n, owner);
            return true;
        });
    return found;
}

block_result<void> number_plan::release_block(owner_handle owner, const number_span& block,
                                              release_extensions extensions, instant now, duration rest) {
    if (const auto r = check_release(owner, block, extensions))
        return *r;
    std::vector<number> inside;
    each_extension(block, [&](number n) {
        inside.push_back(n);
        return false;
    });
    // They rest as the block does.
    for (const number n : inside)
        drop(n);
    return blocks_.release(owner, block, now, rest);
}

std::optional<refusal> number_plan::check_transfer(owner_handle from, const number_span& block) const {
    if (blocks_.is_block_of(from, block))
        return std::nullopt;
    return refusal{refusal_reason::unknown_block, block, nobody, {}};
}

block_result<void> number_plan::transfer_block(owner_handle from, const number_span& block, owner_handle to) {
    if (const auto r = check_transfer(from, block))
        return *r;
    std::vector<number> inside;
    each_extension(block, [&](number n) {
        inside.push_back(n);
        return false;
    });
    for (const number n : inside)
        hold(to, n);
    return blocks_.transfer(from, block, to);
}

std::optional<refusal> number_plan::check_reserved(const std::vector<number_span>& ranges) const {
    number_blocks scratch;
    if (const auto r = scratch.set_reserved(ranges); r.has_error())
        return r.error();
    std::optional<refusal> found;
    for (const auto& range : scratch.reserved())
        each_extension(range, [&](number n) {
            found = about(refusal_reason::in_use, n, user_of(n));
            return true;
        });
    return found;
}

block_result<void> number_plan::set_reserved(const std::vector<number_span>& ranges) {
    if (const auto r = check_reserved(ranges))
        return *r;
    return blocks_.set_reserved(ranges);
}

// ---- extensions

// What in the order of blocks keeps the owner from having the number.
std::optional<refusal> number_plan::trespass(owner_handle owner, number n) const {
    const owner_handle block_owner = blocks_.owner_of(n);
    if (block_owner == owner)
        return std::nullopt;
    if (block_owner != nobody)
        return about(refusal_reason::in_other_block, n, block_owner);
    const auto& own = blocks_.blocks_of(owner);
    if (own.empty())
        return std::nullopt;
    const bool width_is_known =
        std::any_of(own.begin(), own.end(), [&](const number_span& b) { return b.width == n.width; });
    return about(width_is_known ? refusal_reason::outside_blocks : refusal_reason::wrong_width, n);
}

std::optional<refusal> number_plan::check_extension(owner_handle owner, number n, instant now) const {
    if (!exists(n))
        return refusal{};
    if (blocks_.reserved_in(just(n)) != nullptr)
        return about(refusal_reason::reserved, n);
    const tenure& held = tenure_of(n);
    if (held.use == range_use::block)
        return about(held.owner == owner ? refusal_reason::already_yours : refusal_reason::taken, n, held.owner);
    if (auto r = trespass(owner, n))
        return r;
    auto until = held.use == range_use::resting ? held.until : instant::min();
    if (const auto around = blocks_.holding_of(n); around && around->held.use == range_use::resting)
        until = std::max(until, around->held.until);
    if (until > now)
        return refusal{refusal_reason::resting, just(n), nobody, until};
    return std::nullopt;
}

block_result<void> number_plan::claim_extension(owner_handle owner, number n, instant now) {
    if (const auto r = check_extension(owner, n, now))
        return *r;
    forget_rests(now);
    hold(owner, n);
    return {};
}

block_result<number> number_plan::next_extension(owner_handle owner, instant now) {
    const auto& own = blocks_.blocks_of(owner);
    if (own.empty())
        return refusal{refusal_reason::no_block, {}, nobody, {}};
    forget_rests(now);
    for (const number_span& block : own) {
        for (auto from = block.first; from <= block.last;) {
            const auto free = numbers(block.width).first_fit(from, 1);
            if (!free || *free > block.last)
                break;
            const number n{block.width, *free};
            const auto* reserved = blocks_.reserved_in(just(n));
            if (reserved == nullptr)
                return n;
            from = reserved->last + 1;
        }
    }
    return refusal{refusal_reason::exhausted, {}, nobody, {}};
}

std::optional<refusal> number_plan::check_extension_of(owner_handle owner, number n) const {
    const tenure& held = tenure_of(n);
    if (held.use == range_use::block && held.owner == owner)
        return std::nullopt;
    return about(refusal_reason::unknown_extension, n);
}

block_result<void> number_plan::release_extension(owner_handle owner, number n, instant now, duration rest) {
    if (const auto r = check_extension_of(owner, n))
        return *r;
    forget_rests(now);
    if (rest > duration{})
        this->rest(n, now + rest);
    else
        drop(n);
    return {};
}

std::optional<refusal> number_plan::check_extension_transfer(owner_handle from, number n, owner_handle to) const {
    if (auto r = check_extension_of(from, n))
        return r;
    return from == to ? std::nullopt : trespass(to, n);
}

block_result<void> number_plan::transfer_extension(owner_handle from, number n, owner_handle to) {
    if (const auto r = check_extension_transfer(from, n, to))
        return *r;
    hold(to, n);
    return {};
}

std::vector<plan_collision> number_plan::check_import(std::span<const plan_row> rows, instant now) const {
    std::vector<plan_collision> collisions;
    std::set<number> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto n = parse_number(rows[i].number);
        if (!n)
            collisions.push_back({i, {}});
        else if (!seen.insert(*n).second)
            collisions.push_back({i, about(refusal_reason::duplicate, *n)});
        else if (const auto r = check_extension(rows[i].owner, *n, now))
            collisions.push_back({i, *r});
    }
    return collisions;
}

std::vector<plan_collision> number_plan::import(std::span<const plan_row> rows, instant now) {
    auto collisions = check_import(rows, now);
    if (!collisions.empty())
        return collisions;
    forget_rests(now);
    for (const auto& row : rows)
        hold(row.owner, *parse_number(row.number));
    return collisions;
}

// ---- what was told before

block_result<void> number_plan::restore_extension(owner_handle owner, number n) {
    if (!exists(n))
        return refusal{};
    if (const auto user = user_of(n); user != nobody)
        return about(refusal_reason::taken, n, user);
    if (const auto block_owner = blocks_.owner_of(n); block_owner != nobody && block_owner != owner)
        return about(refusal_reason::in_other_block, n, block_owner);
    hold(owner, n);
    return {};
}

void number_plan::restore_rest(number n, instant until) {
    if (exists(n) && user_of(n) == nobody)
        rest(n, until);
}

// ---- what is known

number_facts number_plan::facts_of(number n, instant now) const {
    number_facts f;
    if (!exists(n))
        return f;
    f.reserved = blocks_.reserved_in(just(n)) != nullptr;
    auto until = instant::min();
    if (const tenure& held = tenure_of(n); held.use == range_use::block)
        f.user = held.owner;
    else if (held.use == range_use::resting)
        until = held.until;
    if (const auto around = blocks_.holding_of(n)) {
        if (around->held.use == range_use::block) {
            f.block = around->range;
            f.block_owner = around->held.owner;
        } else {
            until = std::max(until, around->held.until);
        }
    }
    if (until > now)
        f.rests_until = until;
    return f;
}

std::uint64_t number_plan::extensions_in(const number_span& within) const {
    std::uint64_t count = 0;
    each_extension(within, [&](number) {
        ++count;
        return false;
    });
    return count;
}

std::uint64_t number_plan::extensions_of(owner_handle owner) const {
    const auto count = counts_.find(owner);
    return count == counts_.end() ? 0 : count->second;
}

span_usage number_plan::usage_of(const number_span& within, instant now) const {
    span_usage u{within.size()};
    const auto& reserved = blocks_.reserved();
    const auto* r = blocks_.reserved_in(within);
    for (;
         r != nullptr && r != reserved.data() + reserved.size() && r->width == within.width && r->first <= within.last;
         ++r)
        u.reserved += std::min(r->last, within.last) - std::max(r->first, within.first) + 1;
    each_number(within, [&](const held_range& held) {
        const bool is_reserved = blocks_.reserved_in({within.width, held.first, held.first}) != nullptr;
        if (held.held.use == range_use::block)
            ++u.used;
        else if (held.held.until > now && !is_reserved)
            ++u.resting;
        return false;
    });
    u.free = u.numbers - u.used - u.resting - u.reserved;
    return u;
}

} // namespace lineside::rules
