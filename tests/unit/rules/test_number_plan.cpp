#include "rules/number_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr owner_handle alice = 1;
constexpr owner_handle bob = 2;
constexpr owner_handle carol = 3;
const instant noon = std::chrono::sys_days{days{20'000}} + hours{12};
const block_grid thousands = {{4, 1'000}, 1'000};

number_span range(std::string_view first, std::string_view last) { return parse_number_span(first, last).value(); }
number digits(std::string_view text) { return parse_number(text).value(); }

std::string reason(const std::optional<refusal>& r) { return r ? std::string(to_string(r->reason)) : ""; }
template <class T>
std::string reason(const block_result<T>& r) {
    return r.has_error() ? std::string(to_string(r.error().reason)) : "";
}

std::string next(number_plan& p, owner_handle owner, instant now = noon) {
    const auto n = p.next_extension(owner, now);
    return n ? to_string(*n) : reason(n);
}

std::string next_block(number_plan& p, owner_handle owner, const block_grid& grid = thousands, instant now = noon) {
    const auto b = p.next_block(owner, grid, now);
    return b ? to_string(*b) : reason(b);
}

} // namespace

TEST(number_plan, an_account_without_blocks_may_use_any_free_number_outside_all_blocks) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(bob, range("1000", "1999"), noon));
    EXPECT_EQ(reason(p.claim_extension(alice, digits("1500"), noon)), "in_other_block");
    EXPECT_EQ(p.check_extension(alice, digits("1500"), noon)->holder, bob);
    EXPECT_EQ(reason(p.claim_extension(alice, digits("2500"), noon)), "");
    EXPECT_EQ(reason(p.claim_extension(alice, digits("02500"), noon)), "");
    EXPECT_EQ(p.user_of(digits("2500")), alice);
    EXPECT_EQ(next(p, alice), "no_block");
}

TEST(number_plan, an_account_with_blocks_uses_only_its_own_numbers) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(alice, range("1000", "1999"), noon));
    EXPECT_EQ(reason(p.claim_extension(alice, digits("2000"), noon)), "outside_blocks");
    EXPECT_EQ(reason(p.claim_extension(alice, digits("01000"), noon)), "wrong_width");
    EXPECT_EQ(reason(p.claim_extension(alice, digits("1999"), noon)), "");
    EXPECT_EQ(reason(p.claim_extension(bob, digits("1998"), noon)), "in_other_block");
}

TEST(number_plan, an_extension_is_one_accounts_whatever_the_customer) {
    number_plan p;
    ASSERT_TRUE(p.claim_extension(alice, digits("100"), noon));
    EXPECT_EQ(reason(p.claim_extension(bob, digits("100"), noon)), "taken");
    EXPECT_EQ(reason(p.claim_extension(alice, digits("100"), noon)), "already_yours");
    EXPECT_EQ(reason(p.claim_extension(bob, digits("0100"), noon)), "");
    EXPECT_EQ(p.extensions_of(alice), 1U);
    EXPECT_EQ(p.extensions_of(carol), 0U);
}

TEST(number_plan, the_next_free_extension_is_the_lowest_in_the_accounts_blocks) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(alice, range("20", "29"), noon));
    ASSERT_TRUE(p.claim_block(alice, range("10", "12"), noon));
    ASSERT_TRUE(p.set_reserved({range("11", "11")}));
    EXPECT_EQ(next(p, alice), "10");
    ASSERT_TRUE(p.claim_extension(alice, digits("10"), noon));
    EXPECT_EQ(next(p, alice), "12");
    ASSERT_TRUE(p.claim_extension(alice, digits("12"), noon));
    EXPECT_EQ(next(p, alice), "20");
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(p.claim_extension(alice, *p.next_extension(alice, noon), noon));
    EXPECT_EQ(next(p, alice), "exhausted");
    ASSERT_TRUE(p.release_extension(alice, digits("25"), noon));
    EXPECT_EQ(next(p, alice), "exhausted");
    EXPECT_EQ(next(p, alice, noon + days{30}), "25");
}

TEST(number_plan, a_released_extension_rests_for_everybody) {
    number_plan p;
    ASSERT_TRUE(p.claim_extension(alice, digits("77"), noon));
    ASSERT_TRUE(p.release_extension(alice, digits("77"), noon));
    EXPECT_EQ(reason(p.release_extension(alice, digits("77"), noon)), "unknown_extension");
    const auto r = p.check_extension(alice, digits("77"), noon + days{30} - duration{1});
    EXPECT_EQ(reason(r), "resting");
    EXPECT_EQ(r->until, noon + days{30});
    EXPECT_TRUE(p.claim_extension(bob, digits("77"), noon + days{30}));
    ASSERT_TRUE(p.release_extension(bob, digits("77"), noon + days{30}, duration{}));
    EXPECT_TRUE(p.claim_extension(alice, digits("77"), noon + days{30}));
}

TEST(number_plan, a_block_with_somebody_elses_extension_is_refused_naming_it) {
    number_plan p;
    ASSERT_TRUE(p.claim_extension(bob, digits("1007"), noon));
    ASSERT_TRUE(p.claim_extension(alice, digits("2005"), noon));
    const auto r = p.claim_block(alice, range("1000", "1999"), noon);
    ASSERT_EQ(reason(r), "holds_extension");
    EXPECT_EQ(r.error(), (refusal{refusal_reason::holds_extension, range("1007", "1007"), bob, std::nullopt}));
    EXPECT_EQ(explain(r.error()), "Extension 1007 inside this range is in use by somebody else");
    // Its own is not in the way; the next available one is the first that suits.
    EXPECT_EQ(next_block(p, alice), "2000-2999");
    EXPECT_EQ(next_block(p, bob), "1000-1999");
    EXPECT_EQ(next_block(p, carol), "3000-3999");
    EXPECT_EQ(next_block(p, carol, {{4, 1'000}, 5}), "1000-1004");
    ASSERT_TRUE(p.claim_block(alice, range("2000", "2999"), noon));
    EXPECT_EQ(next(p, alice), "2000");
}

TEST(number_plan, a_block_with_live_extensions_is_released_only_with_them) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(alice, range("1000", "1999"), noon));
    ASSERT_TRUE(p.claim_extension(alice, digits("1234"), noon));
    const auto r = p.release_block(alice, range("1000", "1999"), release_extensions::refuse, noon);
    ASSERT_EQ(reason(r), "in_use");
    EXPECT_EQ(r.error().conflict, range("1234", "1234"));
    EXPECT_EQ(reason(p.release_block(bob, range("1000", "1999"), release_extensions::release, noon)), "unknown_block");
    EXPECT_TRUE(p.release_block(alice, range("1000", "1999"), release_extensions::release, noon));
    EXPECT_EQ(p.extensions_of(alice), 0U);
    EXPECT_EQ(reason(p.claim_extension(bob, digits("1234"), noon)), "resting");
    EXPECT_EQ(reason(p.claim_extension(bob, digits("1999"), noon)), "resting");
    EXPECT_EQ(next_block(p, bob), "2000-2999");
    EXPECT_TRUE(p.claim_extension(bob, digits("1999"), noon + days{30}));
}

TEST(number_plan, a_transferred_block_takes_its_extensions_along) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(alice, range("1000", "1999"), noon));
    ASSERT_TRUE(p.claim_extension(alice, digits("1001"), noon));
    EXPECT_EQ(reason(p.transfer_block(bob, range("1000", "1999"), alice)), "unknown_block");
    ASSERT_TRUE(p.transfer_block(alice, range("1000", "1999"), bob));
    EXPECT_EQ(p.user_of(digits("1001")), bob);
    EXPECT_EQ(p.extensions_of(alice), 0U);
    EXPECT_EQ(p.extensions_of(bob), 1U);
    EXPECT_EQ(next(p, bob), "1000");
}

TEST(number_plan, an_extension_goes_only_to_an_account_that_may_have_the_number) {
    number_plan p;
    ASSERT_TRUE(p.claim_extension(alice, digits("500"), noon));
    ASSERT_TRUE(p.claim_block(bob, range("100", "199"), noon));
    EXPECT_EQ(reason(p.transfer_extension(alice, digits("500"), bob)), "outside_blocks");
    EXPECT_EQ(reason(p.transfer_extension(carol, digits("500"), alice)), "unknown_extension");
    EXPECT_TRUE(p.transfer_extension(alice, digits("500"), carol));
    EXPECT_TRUE(p.transfer_extension(carol, digits("500"), carol));
    EXPECT_EQ(p.user_of(digits("500")), carol);
    ASSERT_TRUE(p.claim_extension(bob, digits("150"), noon));
    EXPECT_EQ(reason(p.transfer_extension(bob, digits("150"), carol)), "in_other_block");
}

TEST(number_plan, reserved_numbers_are_no_extensions_and_live_ones_are_not_reserved) {
    number_plan p;
    ASSERT_TRUE(p.claim_extension(alice, digits("112"), noon));
    EXPECT_EQ(reason(p.set_reserved({range("110", "119")})), "in_use");
    EXPECT_TRUE(p.set_reserved({range("110", "111"), range("911", "911")}));
    EXPECT_EQ(reason(p.claim_extension(bob, digits("911"), noon)), "reserved");
    EXPECT_EQ(reason(p.claim_extension(bob, digits("0911"), noon)), "");
}

TEST(number_plan, an_import_names_every_collision_and_takes_nothing) {
    number_plan p;
    ASSERT_TRUE(p.set_reserved({range("112", "112")}));
    ASSERT_TRUE(p.claim_block(alice, range("1000", "1999"), noon));
    ASSERT_TRUE(p.claim_extension(bob, digits("300"), noon));
    ASSERT_TRUE(p.claim_extension(bob, digits("301"), noon));
    ASSERT_TRUE(p.release_extension(bob, digits("301"), noon));
    ASSERT_TRUE(p.claim_extension(bob, digits("302"), noon));
    const std::vector<plan_row> rows = {{alice, "1000"}, {carol, "300"}, {alice, "2000"}, {carol, "112"},
                                        {carol, "301"},  {alice, "100"}, {carol, "12a"},  {carol, "400"},
                                        {bob, "400"},    {bob, "1001"},  {bob, "302"}};
    std::vector<std::string> found;
    for (const auto& c : p.check_import(rows, noon))
        found.push_back(std::to_string(c.row) + " " + reason(std::optional(c.why)));
    EXPECT_EQ(found,
              (std::vector<std::string>{"1 taken", "2 outside_blocks", "3 reserved", "4 resting", "5 wrong_width",
                                        "6 malformed", "8 duplicate", "9 in_other_block", "10 already_yours"}));
    EXPECT_EQ(p.import(rows, noon), p.check_import(rows, noon));
    EXPECT_EQ(p.extensions_of(alice) + p.extensions_of(carol), 0U);
    const std::vector<plan_row> good = {rows[0], rows[7]};
    EXPECT_TRUE(p.import(good, noon).empty());
    EXPECT_EQ(p.user_of(digits("1000")), alice);
    EXPECT_EQ(p.user_of(digits("400")), carol);
}

TEST(number_plan, utilisation_adds_up) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(alice, range("10", "29"), noon));
    for (const auto* n : {"10", "11", "12", "20"})
        ASSERT_TRUE(p.claim_extension(alice, digits(n), noon));
    ASSERT_TRUE(p.release_extension(alice, digits("11"), noon));
    ASSERT_TRUE(p.release_extension(alice, digits("20"), noon));
    ASSERT_TRUE(p.set_reserved({range("19", "20"), range("29", "35")}));
    EXPECT_EQ(p.usage_of(range("10", "29"), noon), (span_usage{20, 2, 1, 3, 14}));
    EXPECT_EQ(p.usage_of(range("10", "29"), noon + days{30}), (span_usage{20, 2, 0, 3, 15}));
    EXPECT_EQ(p.usage_of(range("50", "59"), noon), (span_usage{10, 0, 0, 0, 10}));
    EXPECT_EQ(p.extensions_in(range("10", "29")), 2U);
}

TEST(number_plan, what_was_told_before_is_put_back_or_refused) {
    number_plan p;
    ASSERT_TRUE(p.restore_range({range("10", "19"), {range_use::block, alice, {}}}));
    EXPECT_EQ(reason(p.restore_range({range("15", "16"), {range_use::resting, nobody, noon}})), "overlaps_block");
    EXPECT_TRUE(p.restore_extension(alice, digits("15")));
    EXPECT_EQ(reason(p.restore_extension(bob, digits("15"))), "taken");
    EXPECT_EQ(reason(p.restore_extension(bob, digits("16"))), "in_other_block");
    p.restore_rest(digits("15"), noon + days{1});
    p.restore_rest(digits("17"), noon + days{1});
    EXPECT_EQ(p.facts_of(digits("15"), noon), (number_facts{range("10", "19"), alice, alice, false, std::nullopt}));
    EXPECT_EQ(p.facts_of(digits("17"), noon), (number_facts{range("10", "19"), alice, nobody, false, noon + days{1}}));
    EXPECT_EQ(p.facts_of(digits("17"), noon + days{1}), (number_facts{range("10", "19"), alice}));
}

// ---- against one entry a number

namespace {

struct naive_number {
    owner_handle block = nobody;
    unsigned block_stamp = 0; // tells neighbours apart
    instant block_rests{};
    owner_handle user = nobody;
    instant rests{};
    bool reserved = false;
};

// Each question is answered by looking at every number.
struct naive_plan {
    std::vector<naive_number> all;
    unsigned stamp = 0;

    bool has_block(owner_handle o) const {
        return std::any_of(all.begin(), all.end(), [&](const auto& n) { return n.block == o; });
    }
    bool may_claim(owner_handle o, std::uint64_t v, instant now) const {
        const auto& n = all[v];
        return !n.reserved && n.user == nobody && n.rests <= now && n.block_rests <= now &&
               (n.block == o || (n.block == nobody && !has_block(o)));
    }
    bool block_suits(owner_handle o, std::uint64_t first, std::uint64_t last, instant now) const {
        for (auto v = first; v <= last; ++v) {
            const auto& n = all[v];
            if (n.reserved || n.block != nobody || n.block_rests > now || (n.user != nobody && n.user != o))
                return false;
        }
        return true;
    }
    std::optional<std::uint64_t> next_block(owner_handle o, std::uint64_t from, std::uint64_t size, instant now) const {
        for (auto v = from; v + size <= all.size(); v += size)
            if (block_suits(o, v, v + size - 1, now))
                return v;
        return std::nullopt;
    }
    std::optional<std::uint64_t> next_extension(owner_handle o, instant now) const {
        for (std::uint64_t v = 0; v < all.size(); ++v)
            if (all[v].block == o && may_claim(o, v, now))
                return v;
        return std::nullopt;
    }
    std::pair<std::uint64_t, std::uint64_t> block_around(std::uint64_t v) const {
        auto first = v;
        auto last = v;
        while (first > 0 && all[first - 1].block_stamp == all[v].block_stamp)
            --first;
        while (last + 1 < all.size() && all[last + 1].block_stamp == all[v].block_stamp)
            ++last;
        return {first, last};
    }
};

void expect_what_the_naive_say(unsigned seed, int steps) {
    constexpr std::uint8_t width = 3;
    constexpr std::uint64_t capacity = 1'000;
    std::mt19937_64 random(seed);
    number_plan p;
    naive_plan naive;
    naive.all.resize(capacity);
    instant now = noon;
    for (int step = 0; step < steps; ++step) {
        now += hours{random() % 3};
        const auto owner = static_cast<owner_handle>(1 + random() % 5);
        const auto other = static_cast<owner_handle>(1 + random() % 5);
        const std::uint64_t v = random() % capacity;
        const std::uint64_t size = 1 + random() % 40;
        const number n{width, v};
        auto& entry = naive.all[v];
        const duration rest = hours{random() % 200};
        const auto where = [&] { return "seed " + std::to_string(seed) + " step " + std::to_string(step); };
        switch (random() % 12) {
        case 0: { // claim a block
            const std::uint64_t last = std::min(capacity - 1, v + size - 1);
            const bool suits = naive.block_suits(owner, v, last, now);
            ASSERT_EQ(!p.check_block(owner, {width, v, last}, now), suits) << where();
            ASSERT_EQ(p.claim_block(owner, {width, v, last}, now).has_value(), suits) << where();
            if (suits) {
                ++naive.stamp;
                for (auto i = v; i <= last; ++i) {
                    naive.all[i].block = owner;
                    naive.all[i].block_stamp = naive.stamp;
                }
            }
            break;
        }
        case 1: { // the next block
            const auto first = naive.next_block(owner, v, size, now);
            const auto got = p.next_block(owner, {n, size}, now);
            ASSERT_EQ(got.has_value() ? std::optional(got->first) : std::nullopt, first) << where();
            break;
        }
        case 2:
        case 3: { // release or transfer a block
            if (entry.block == nobody)
                break;
            const auto [first, last] = naive.block_around(v);
            const number_span block{width, first, last};
            const auto holder = entry.block;
            bool used = false;
            for (auto i = first; i <= last; ++i)
                used |= naive.all[i].user != nobody;
            ASSERT_EQ(reason(p.release_block(holder + 1, block, release_extensions::release, now)), "unknown_block");
            if (random() % 2 == 0) {
                ASSERT_TRUE(p.transfer_block(holder, block, other)) << where();
                for (auto i = first; i <= last; ++i) {
                    naive.all[i].block = other;
                    naive.all[i].user = naive.all[i].user == nobody ? nobody : other;
                }
                break;
            }
            const bool along = random() % 2 == 0;
            const auto policy = along ? release_extensions::release : release_extensions::refuse;
            ASSERT_EQ(p.release_block(holder, block, policy, now, rest).has_value(), along || !used) << where();
            if (along || !used)
                for (auto i = first; i <= last; ++i) {
                    auto& e = naive.all[i];
                    e.block = nobody;
                    e.block_stamp = 0;
                    e.block_rests = now + rest;
                    e.user = nobody;
                }
            break;
        }
        case 4: { // reserve
            if (random() % 10 != 0)
                break;
            std::vector<number_span> ranges;
            std::vector<bool> reserved(capacity);
            bool used = false;
            for (auto i = random() % 4; i > 0; --i) {
                const auto first = random() % capacity;
                ranges.push_back({width, first, std::min(capacity - 1, first + random() % 5)});
                for (auto at = first; at <= ranges.back().last; ++at) {
                    reserved[at] = true;
                    used |= naive.all[at].user != nobody;
                }
            }
            ASSERT_EQ(p.set_reserved(ranges).has_value(), !used) << where();
            if (!used)
                for (std::uint64_t i = 0; i < capacity; ++i)
                    naive.all[i].reserved = reserved[i];
            break;
        }
        case 5: { // the next extension
            const auto first = naive.next_extension(owner, now);
            const auto got = p.next_extension(owner, now);
            ASSERT_EQ(got.has_value() ? std::optional(got->value) : std::nullopt, first) << where();
            if (!first)
                break;
            ASSERT_TRUE(p.claim_extension(owner, *got, now)) << where();
            naive.all[*first].user = owner;
            break;
        }
        case 6: { // release an extension
            ASSERT_EQ(p.user_of(n), entry.user) << where();
            if (entry.user == nobody) {
                ASSERT_EQ(reason(p.release_extension(owner, n, now)), "unknown_extension") << where();
                break;
            }
            ASSERT_TRUE(p.release_extension(entry.user, n, now, rest)) << where();
            entry.user = nobody;
            entry.rests = now + rest;
            break;
        }
        case 7: { // transfer an extension
            if (entry.user == nobody)
                break;
            const bool may =
                entry.user == other || entry.block == other || (entry.block == nobody && !naive.has_block(other));
            ASSERT_EQ(p.transfer_extension(entry.user, n, other).has_value(), may) << where();
            if (may)
                entry.user = other;
            break;
        }
        case 8: { // import
            std::vector<std::string> texts;
            std::vector<plan_row> rows;
            for (auto i = 1 + random() % 3; i > 0; --i)
                texts.push_back(to_string(number{width, random() % capacity}));
            std::map<std::string, int> seen;
            bool good = true;
            for (const auto& text : texts) {
                rows.push_back({owner, text});
                good &= ++seen[text] == 1 && naive.may_claim(owner, parse_number(text)->value, now);
            }
            ASSERT_EQ(p.import(rows, now).empty(), good) << where();
            if (good)
                for (const auto& text : texts)
                    naive.all[parse_number(text)->value].user = owner;
            break;
        }
        default: { // claim an extension
            const bool may = naive.may_claim(owner, v, now);
            ASSERT_EQ(!p.check_extension(owner, n, now), may) << where();
            ASSERT_EQ(p.claim_extension(owner, n, now).has_value(), may) << where();
            if (may)
                entry.user = owner;
        }
        }
        if (step % 200 != 0)
            continue;
        std::map<owner_handle, std::uint64_t> used;
        for (std::uint64_t i = 0; i < capacity; ++i) {
            const auto& e = naive.all[i];
            const auto f = p.facts_of({width, i}, now);
            ASSERT_EQ(f.user, e.user) << where() << " number " << i;
            ASSERT_EQ(f.block_owner, e.block) << where() << " number " << i;
            ASSERT_EQ(f.reserved, e.reserved) << where() << " number " << i;
            const bool rests = e.user == nobody && std::max(e.rests, e.block_rests) > now;
            ASSERT_EQ(f.rests_until.has_value() && e.user == nobody, rests) << where() << " number " << i;
            used[e.user] += 1;
        }
        for (owner_handle o = 1; o <= 5; ++o)
            ASSERT_EQ(p.extensions_of(o), used[o]) << where();
        const auto u = p.usage_of({width, 0, capacity - 1}, now);
        ASSERT_EQ(u.used, capacity - used[nobody]) << where();
        ASSERT_EQ(u.used + u.resting + u.reserved + u.free, capacity) << where();
    }
}

} // namespace

TEST(number_plan, long_sequences_do_what_one_entry_a_number_does) {
    for (unsigned seed = 1; seed <= 12; ++seed)
        expect_what_the_naive_say(seed, 8'000);
}
