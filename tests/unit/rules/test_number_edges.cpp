#include "rules/number_plan.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// What lies at the ends of the numbers: widths there are none of, clocks, and what is told twice.

using namespace lineside;
using namespace lineside::rules;

namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr owner_handle alice = 1;
constexpr owner_handle bob = 2;
const instant noon = std::chrono::sys_days{days{20'000}} + hours{12};

number_span range(std::string_view text) { return parse_number_span(text).value(); }
number digits(std::string_view text) { return parse_number(text).value(); }

template <class T>
refusal_reason reason_of(const block_result<T>& r) {
    return r.has_error() ? r.error().reason : refusal_reason{};
}

constexpr number no_width{0, 5};
constexpr number too_wide{19, 5};
constexpr number too_great{4, 10'000};

// Where a chunk of the table splits: it holds 128.
range_table table_of(std::uint64_t ranges) {
    range_table t(100'000);
    for (std::uint64_t i = 0; i < ranges; ++i)
        t.insert({i * 10, i * 10, {range_use::block, alice, {}}});
    return t;
}

} // namespace

TEST(number_blocks, what_is_no_number_is_nobodys) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("0000-9999"), noon));
    for (const auto n : {no_width, too_wide, too_great}) {
        EXPECT_EQ(b.owner_of(n), nobody);
        EXPECT_FALSE(b.holding_of(n));
    }
    EXPECT_EQ(b.owner_of("x"), nobody);
    EXPECT_EQ(b.usage(0, noon).capacity, 0U);
}

TEST(number_blocks, a_block_that_rests_is_nobodys_block) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("1000-1999"), noon));
    ASSERT_TRUE(b.release(alice, range("1000-1999"), noon, days(1)));
    EXPECT_EQ(reason_of(b.release(alice, range("1000-1999"), noon)), refusal_reason::unknown_block);
    EXPECT_EQ(reason_of(b.transfer(alice, range("1000-1999"), bob)), refusal_reason::unknown_block);
    EXPECT_EQ(reason_of(b.release(alice, {4, 10'000, 10'999}, noon)), refusal_reason::unknown_block);
    EXPECT_EQ(reason_of(b.release(alice, range("100-199"), noon)), refusal_reason::unknown_block)
        << "no block has 3 digits";
}

TEST(number_blocks, rests_end_in_their_order_and_each_but_once) {
    number_blocks b;
    for (const auto* text : {"1000-1999", "2000-2999", "3000-3999"})
        ASSERT_TRUE(b.claim(alice, range(text), noon));
    ASSERT_TRUE(b.release(alice, range("1000-1999"), noon, days(3)));
    ASSERT_TRUE(b.release(alice, range("3000-3999"), noon, days(1)));
    ASSERT_TRUE(b.release(alice, range("2000-2999"), noon, days(2)));
    EXPECT_TRUE(b.claim(bob, range("3000-3999"), noon + days(1)));
    EXPECT_EQ(reason_of(b.claim(bob, range("2000-2999"), noon + days(1))), refusal_reason::resting);
    ASSERT_TRUE(b.release(bob, range("3000-3999"), noon + days(2), days(9)));
    EXPECT_TRUE(b.claim(bob, range("1000-2999"), noon + days(3)));
    EXPECT_EQ(b.usage(4, noon + days(3)).resting, 1'000U);
    EXPECT_EQ(b.holdings().size(), 2U);
}

TEST(number_blocks, reserved_ranges_of_several_widths_keep_apart) {
    number_blocks b;
    ASSERT_TRUE(b.set_reserved({range("999-999"), range("10000-10009"), range("0000-0009"), range("0010-0019")}));
    EXPECT_EQ(b.reserved(), (std::vector{range("999-999"), range("0000-0019"), range("10000-10009")}));
    EXPECT_EQ(b.reserved_in(range("0020-9999")), nullptr) << "what follows is of another width";
    EXPECT_NE(b.reserved_in(range("0000-9999")), nullptr);
    EXPECT_EQ(b.reserved_in(range("00000-09999")), nullptr);
}

TEST(number_blocks, what_is_no_range_is_not_put_back) {
    number_blocks b;
    EXPECT_EQ(reason_of(b.restore({{0, 0, 9}, {range_use::block, alice, {}}})), refusal_reason::malformed);
    EXPECT_EQ(reason_of(b.restore({{4, 9, 0}, {range_use::block, alice, {}}})), refusal_reason::malformed);
    EXPECT_EQ(reason_of(b.restore({{4, 0, 10'000}, {range_use::block, alice, {}}})), refusal_reason::out_of_range);
    EXPECT_TRUE(b.holdings().empty());
}

TEST(number_plan, what_is_no_number_is_no_extension) {
    number_plan p;
    for (const auto n : {no_width, too_wide, too_great}) {
        EXPECT_EQ(p.user_of(n), nobody);
        EXPECT_EQ(p.facts_of(n, noon), number_facts{});
        EXPECT_EQ(reason_of(p.claim_extension(alice, n, noon)), refusal_reason::malformed);
        EXPECT_EQ(reason_of(p.restore_extension(alice, n)), refusal_reason::malformed);
        p.restore_rest(n, noon + days(1));
        EXPECT_EQ(p.facts_of(n, noon), number_facts{});
    }
    EXPECT_EQ(p.extensions_in({0, 0, 9}), 0U);
}

TEST(number_plan, ranges_that_cannot_be_reserved_change_nothing) {
    number_plan p;
    ASSERT_TRUE(p.set_reserved({range("1000-1009")}));
    EXPECT_EQ(p.check_reserved({number_span{4, 9, 0}})->reason, refusal_reason::malformed);
    EXPECT_EQ(reason_of(p.set_reserved({number_span{4, 9, 0}})), refusal_reason::malformed);
    EXPECT_EQ(p.blocks().reserved(), (std::vector{range("1000-1009")}));
}

TEST(number_plan, of_two_rests_of_one_number_the_last_told_holds) {
    number_plan p;
    const auto n = digits("1000");
    p.restore_rest(n, noon + days(1));
    p.restore_rest(n, noon + days(2));
    ASSERT_TRUE(p.claim_extension(alice, digits("2000"), noon + days(1))) << "forgets rests that are over";
    EXPECT_EQ(reason_of(p.claim_extension(alice, n, noon + days(1))), refusal_reason::resting);
    EXPECT_TRUE(p.claim_extension(alice, n, noon + days(2)));
}

TEST(number_plan, an_extension_put_back_over_its_rest_stays_when_the_rest_is_over) {
    number_plan p;
    const auto n = digits("1000");
    ASSERT_TRUE(p.restore_range({range("1000-1999"), {range_use::block, alice, {}}}));
    p.restore_rest(n, noon + days(1));
    ASSERT_TRUE(p.restore_extension(alice, n)) << "it is in the owner's own block";
    ASSERT_TRUE(p.restore_extension(bob, digits("2000"))) << "it is in nobody's";
    p.restore_rest(n, noon + days(3));
    EXPECT_FALSE(p.facts_of(n, noon).rests_until) << "what is in use does not rest";
    ASSERT_TRUE(p.claim_extension(alice, digits("1001"), noon + days(1)));
    EXPECT_EQ(p.user_of(n), alice);
}

TEST(number_plan, the_next_number_lies_behind_what_is_reserved) {
    number_plan p;
    ASSERT_TRUE(p.claim_block(alice, range("1000-1009"), noon));
    ASSERT_TRUE(p.set_reserved({range("1000-1004"), range("1006-1019")}));
    EXPECT_EQ(p.next_extension(alice, noon).value(), digits("1005"));
    ASSERT_TRUE(p.claim_extension(alice, digits("1005"), noon));
    EXPECT_EQ(reason_of(p.next_extension(alice, noon)), refusal_reason::exhausted);
}

TEST(number_plan, utilisation_counts_what_is_reserved_inside_alone) {
    number_plan p;
    ASSERT_TRUE(p.set_reserved({range("1005-1014"), range("1100-1199"), range("00000-00009")}));
    EXPECT_EQ(p.usage_of(range("1000-1009"), noon).reserved, 5U) << "another one follows";
    EXPECT_EQ(p.usage_of(range("1100-9999"), noon).reserved, 100U) << "one of another width follows";
    EXPECT_EQ(p.usage_of(range("00000-99999"), noon).reserved, 10U) << "none follows";
    EXPECT_EQ(p.usage_of(range("2000-2999"), noon).reserved, 0U);
}

TEST(range_table, a_chunk_that_loses_all_is_taken_in_by_a_full_one_before_it) {
    auto t = table_of(129);
    for (std::uint64_t i = 0; i < 8; ++i)
        t.insert({i * 10 + 5, i * 10 + 5, {range_use::block, bob, {}}});
    for (std::uint64_t i = 128; i >= 64; --i)
        t.erase(i * 10);
    EXPECT_EQ(t.find(630).owner, alice);
    EXPECT_EQ(t.find(640).use, range_use::free);
    EXPECT_EQ(t.first_fit(0, 1'000), 1'000U);
    EXPECT_EQ(t.first_fit(631, 90'000), 631U);
}

TEST(range_table, a_chunk_that_loses_all_is_taken_in_by_a_full_one_behind_it) {
    auto t = table_of(129);
    for (std::uint64_t i = 0; i < 64; ++i)
        t.erase(i * 10);
    EXPECT_EQ(t.find(0).use, range_use::free);
    EXPECT_EQ(t.find(640).owner, alice);
    EXPECT_EQ(t.first_fit(0, 640), 0U);
    EXPECT_EQ(t.first_fit(0, 641), 641U + 641U);
}
