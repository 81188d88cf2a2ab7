#include "rules/number_blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
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
const instant noon = std::chrono::sys_days{days{20'000}} + hours{12};

number_span range(std::string_view first, std::string_view last) { return parse_number_span(first, last).value(); }

const block_grid thousands = {{4, 1'000}, 1'000};

template <class T>
refusal_reason reason_of(const block_result<T>& r) {
    return r.has_error() ? r.error().reason : refusal_reason{};
}

std::string allocated(number_blocks& b, owner_handle owner, const block_grid& grid, instant now = noon) {
    const auto r = b.allocate(owner, grid, now);
    return r ? to_string(*r) : std::string(to_string(r.error().reason));
}

} // namespace

TEST(number_blocks, a_number_keeps_its_width) {
    EXPECT_EQ(parse_number("0100"), (number{4, 100}));
    EXPECT_EQ(to_string(number{4, 100}), "0100");
    EXPECT_EQ(to_string(number{3, 100}), "100");
    EXPECT_EQ(parse_number("999999999999999999"), (number{18, 999'999'999'999'999'999}));
    for (const auto* text : {"", "1234567890123456789", "12a4", "-1", " 1", "+34"})
        EXPECT_FALSE(parse_number(text)) << text;
}

TEST(number_blocks, a_range_is_two_numbers_of_one_width_in_order) {
    EXPECT_EQ(to_string(range("0100", "0199")), "0100-0199");
    EXPECT_EQ(range("5", "5").size(), 1U);
    for (const auto& [a, b] : {std::pair{"100", "0199"}, {"2000", "1999"}, {"", ""}, {"1", "x"}})
        EXPECT_EQ(reason_of(parse_number_span(a, b)), refusal_reason::malformed) << a << ' ' << b;
}

TEST(number_blocks, the_first_block_is_1000_to_1999_and_the_next_2000_to_2999) {
    number_blocks b;
    EXPECT_EQ(allocated(b, alice, thousands), "1000-1999");
    EXPECT_EQ(allocated(b, bob, thousands), "2000-2999");
    EXPECT_EQ(allocated(b, alice, thousands), "3000-3999");
    EXPECT_EQ(b.blocks_of(alice), (std::vector{range("1000", "1999"), range("3000", "3999")}));
    EXPECT_EQ(b.block_count(alice), 2U);
    EXPECT_EQ(b.block_count(7), 0U);
    EXPECT_TRUE(b.blocks_of(7).empty());
}

TEST(number_blocks, a_number_belongs_to_the_owner_of_its_block_and_0100_is_not_100) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("0100", "0199"), noon));
    ASSERT_TRUE(b.claim(bob, range("100", "199"), noon));
    EXPECT_EQ(b.owner_of("0100"), alice);
    EXPECT_EQ(b.owner_of("0199"), alice);
    EXPECT_EQ(b.owner_of("100"), bob);
    for (const auto* text : {"0099", "0200", "00100", "99", "200", "", "x", "1234567890123456789"})
        EXPECT_EQ(b.owner_of(text), nobody) << text;
    EXPECT_EQ(b.owner_of(number{200, 1}), nobody);
}

TEST(number_blocks, allocation_fills_the_lowest_slot_of_the_grid) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("1500", "1500"), noon));
    ASSERT_TRUE(b.claim(alice, range("3999", "4000"), noon));
    EXPECT_EQ(allocated(b, bob, thousands), "2000-2999");
    EXPECT_EQ(allocated(b, bob, thousands), "5000-5999");
    EXPECT_EQ(allocated(b, bob, {{4, 1'000}, 100}), "1000-1099");
    EXPECT_EQ(allocated(b, bob, {{4, 1'450}, 100}), "1550-1649");
    EXPECT_EQ(allocated(b, bob, {{4, 0}, 1'000}), "0000-0999");
}

TEST(number_blocks, allocation_ends_where_the_width_does) {
    number_blocks b;
    for (int i = 0; i < 9; ++i)
        EXPECT_TRUE(b.allocate(alice, thousands, noon));
    EXPECT_EQ(allocated(b, alice, thousands), "exhausted");
    EXPECT_EQ(allocated(b, alice, {{1, 7}, 2}), "7-8");
    EXPECT_EQ(allocated(b, alice, {{1, 7}, 2}), "exhausted");
    EXPECT_EQ(allocated(b, alice, {{18, 0}, 1'000'000'000'000'000'000}), "000000000000000000-999999999999999999");
}

TEST(number_blocks, settings_that_make_no_sense_are_refused) {
    number_blocks b;
    EXPECT_EQ(allocated(b, alice, {{4, 1'000}, 0}), "malformed");
    EXPECT_EQ(allocated(b, alice, {{0, 0}, 1}), "malformed");
    EXPECT_EQ(allocated(b, alice, {{19, 0}, 1}), "malformed");
    EXPECT_EQ(allocated(b, alice, {{4, 10'000}, 1}), "out_of_range");
    EXPECT_EQ(allocated(b, alice, {{4, 9'500}, 501}), "out_of_range");
    EXPECT_EQ(allocated(b, alice, {{4, 1}, ~0ULL}), "out_of_range");
    EXPECT_EQ(reason_of(b.claim(alice, {4, 2, 1}, noon)), refusal_reason::malformed);
    EXPECT_EQ(reason_of(b.claim(alice, {0, 0, 0}, noon)), refusal_reason::malformed);
    EXPECT_EQ(reason_of(b.claim(alice, {4, 0, 10'000}, noon)), refusal_reason::out_of_range);
    EXPECT_EQ(b.holdings().size(), 0U);
}

TEST(number_blocks, blocks_never_overlap_and_the_refusal_says_where) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("1000", "1999"), noon));
    for (const auto& asked : {range("1000", "1999"), range("0500", "1000"), range("1999", "2500"),
                              range("1200", "1300"), range("0000", "9999")}) {
        const auto r = b.claim(bob, asked, noon);
        ASSERT_TRUE(r.has_error());
        EXPECT_EQ(r.error(), (refusal{refusal_reason::overlaps_block, range("1000", "1999"), alice, std::nullopt}));
        EXPECT_EQ(b.check(asked, noon), r.error());
    }
    EXPECT_TRUE(b.claim(bob, range("0999", "0999"), noon));
    EXPECT_TRUE(b.claim(bob, range("2000", "2000"), noon));
}

TEST(number_blocks, released_numbers_rest) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("1000", "1999"), noon));
    ASSERT_TRUE(b.release(alice, range("1000", "1999"), noon));
    EXPECT_EQ(b.owner_of("1000"), nobody);
    EXPECT_EQ(b.block_count(alice), 0U);
    const instant last = noon + days{30} - duration{1};
    const auto r = b.claim(alice, range("1900", "2100"), last);
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error(), (refusal{refusal_reason::resting, range("1000", "1999"), nobody, noon + days{30}}));
    EXPECT_EQ(allocated(b, bob, thousands, last), "2000-2999");
    EXPECT_FALSE(b.check(range("1000", "1999"), noon + days{30}));
    EXPECT_EQ(allocated(b, bob, thousands, noon + days{30}), "1000-1999");
}

TEST(number_blocks, a_rest_of_nothing_is_no_rest) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("10", "19"), noon));
    ASSERT_TRUE(b.release(alice, range("10", "19"), noon, duration{0}));
    EXPECT_TRUE(b.claim(bob, range("10", "19"), noon));
}

TEST(number_blocks, only_an_owners_whole_block_is_released_or_transferred) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("1000", "1999"), noon));
    for (const auto& [owner, block] : {std::pair{bob, range("1000", "1999")},
                                       {alice, range("1000", "1998")},
                                       {alice, range("1001", "1999")},
                                       {alice, range("01000", "01999")},
                                       {alice, number_span{200, 0, 0}}}) {
        EXPECT_EQ(reason_of(b.release(owner, block, noon)), refusal_reason::unknown_block);
        EXPECT_EQ(reason_of(b.transfer(owner, block, 3)), refusal_reason::unknown_block);
    }
    EXPECT_EQ(b.blocks_of(alice).size(), 1U);
}

TEST(number_blocks, a_transferred_block_is_the_others_at_once) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("1000", "1999"), noon));
    ASSERT_TRUE(b.transfer(alice, range("1000", "1999"), bob));
    EXPECT_EQ(b.owner_of("1500"), bob);
    EXPECT_EQ(b.block_count(alice), 0U);
    EXPECT_EQ(b.block_count(bob), 1U);
    ASSERT_TRUE(b.transfer(bob, range("1000", "1999"), bob));
    EXPECT_EQ(b.block_count(bob), 1U);
}

TEST(number_blocks, reserved_numbers_are_never_given_out) {
    number_blocks b;
    ASSERT_TRUE(b.set_reserved({range("1112", "1112"), range("4000", "8999")}));
    EXPECT_EQ(allocated(b, alice, thousands), "2000-2999");
    EXPECT_EQ(allocated(b, alice, thousands), "3000-3999");
    EXPECT_EQ(allocated(b, alice, thousands), "9000-9999");
    EXPECT_EQ(allocated(b, alice, thousands), "exhausted");
    const auto r = b.claim(alice, range("1000", "1999"), noon);
    EXPECT_EQ(reason_of(r), refusal_reason::reserved);
    EXPECT_EQ(r.error().conflict, range("1112", "1112"));
    EXPECT_EQ(reason_of(b.set_reserved({{4, 0, 10'000}})), refusal_reason::out_of_range);
    EXPECT_EQ(reason_of(b.set_reserved({{4, 2, 1}})), refusal_reason::malformed);
    EXPECT_EQ(b.reserved().size(), 2U);
    ASSERT_TRUE(b.set_reserved({}));
    EXPECT_EQ(allocated(b, alice, thousands), "1000-1999");
}

TEST(number_blocks, what_is_reserved_lies_over_blocks_and_rests_and_may_go_again) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("100", "199"), noon));
    ASSERT_TRUE(b.set_reserved({range("150", "159"), range("110", "112"), range("155", "169"), range("170", "171")}));
    EXPECT_EQ(b.reserved(), (std::vector{range("110", "112"), range("150", "171")}));
    EXPECT_EQ(b.owner_of("155"), alice);
    ASSERT_TRUE(b.release(alice, range("100", "199"), noon));
    EXPECT_EQ(reason_of(b.claim(bob, range("140", "150"), noon + days{30})), refusal_reason::reserved);
    EXPECT_TRUE(b.claim(bob, range("140", "149"), noon + days{30}));
    ASSERT_TRUE(b.set_reserved({}));
    EXPECT_TRUE(b.claim(bob, range("150", "159"), noon + days{30}));
}

TEST(number_blocks, usage_adds_up) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("10", "29"), noon));
    ASSERT_TRUE(b.claim(bob, range("30", "34"), noon));
    ASSERT_TRUE(b.release(bob, range("30", "34"), noon));
    EXPECT_EQ(b.usage(2, noon), (number_usage{100, 1, 20, 5}));
    EXPECT_EQ(b.usage(2, noon + days{31}), (number_usage{100, 1, 20, 0}));
    EXPECT_EQ(b.usage(3, noon), (number_usage{1'000, 0, 0, 0}));
    EXPECT_EQ(b.usage(0, noon), number_usage{});
    EXPECT_EQ(b.usage(19, noon), number_usage{});
}

TEST(number_blocks, holdings_restore_an_equal_allocator) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("10", "29"), noon));
    ASSERT_TRUE(b.claim(bob, range("030", "034"), noon));
    ASSERT_TRUE(b.release(bob, range("030", "034"), noon));
    number_blocks again;
    for (const number_holding& h : b.holdings())
        ASSERT_TRUE(again.restore(h));
    EXPECT_EQ(again.holdings(), b.holdings());
    EXPECT_EQ(again.block_count(alice), 1U);
    for (const number_holding& h : b.holdings())
        EXPECT_TRUE(again.restore(h).has_error());
    EXPECT_TRUE(again.claim(bob, range("030", "034"), noon + days{30}));
}

TEST(number_blocks, a_copy_lives_on_its_own) {
    number_blocks b;
    ASSERT_TRUE(b.claim(alice, range("10", "29"), noon));
    number_blocks copy = b;
    ASSERT_TRUE(copy.release(alice, range("10", "29"), noon));
    EXPECT_EQ(b.owner_of("15"), alice);
    EXPECT_EQ(copy.owner_of("15"), nobody);
}

TEST(number_blocks, refusals_have_stable_codes_and_words_without_names) {
    const refusal r{refusal_reason::overlaps_block, range("1000", "1999"), 4'711, std::nullopt};
    EXPECT_EQ(explain(r), "1000-1999 is already assigned");
    EXPECT_EQ(to_failure(r).code, errc::conflict);
    EXPECT_EQ(explain({refusal_reason::resting, range("10", "19"), nobody, noon}),
              "10-19 was released and can be assigned again from 2024-10-04T12:00:00.000Z");
    EXPECT_EQ(explain({refusal_reason::reserved, range("110", "112"), nobody, {}}),
              "110-112 is reserved and cannot be assigned");
    EXPECT_EQ(explain({refusal_reason::unknown_block, range("10", "19"), nobody, {}}),
              "10-19 is not one of this customer's blocks");
    EXPECT_EQ(to_failure({refusal_reason::exhausted, {}, nobody, {}}).code, errc::exhausted);
    EXPECT_EQ(to_failure({refusal_reason::unknown_block, {}, nobody, {}}).code, errc::not_found);
    EXPECT_EQ(to_failure({refusal_reason::out_of_range, number_span{4, 0, 9'999}, nobody, {}}).details.message,
              "This needs numbers of more than 4 digits");
    EXPECT_EQ(to_failure(refusal{}).code, errc::invalid_argument);
    EXPECT_EQ(to_string(refusal_reason::overlaps_block), "overlaps_block");
    EXPECT_EQ(to_string(refusal_reason::unknown_block), "unknown_block");
    try {
        (void)parse_number_span("2", "1").value();
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
    }
}

// ---- against one entry a number

namespace {

class naive_blocks {
public:
    explicit naive_blocks(std::uint8_t width, std::size_t numbers)
        : width_(width),
          numbers_(numbers),
          reserved_(numbers) {}

    bool free(std::uint64_t first, std::uint64_t last, instant now) const {
        for (std::uint64_t n = first; n <= last; ++n)
            if (reserved_[n] || !free(numbers_[n], now))
                return false;
        return true;
    }
    std::optional<std::uint64_t> next(std::uint64_t from, std::uint64_t size, instant now) const {
        for (std::uint64_t n = from; n + size <= numbers_.size(); n += size)
            if (free(n, n + size - 1, now))
                return n;
        return std::nullopt;
    }
    void set(std::uint64_t first, std::uint64_t last, range_use use, owner_handle owner, instant until) {
        ++stamp_;
        for (std::uint64_t n = first; n <= last; ++n)
            numbers_[n] = {use, owner, until, stamp_};
    }
    // One number of it may be looked at.
    owner_handle owner(std::uint64_t n) const { return numbers_[n].owner; }
    number_span block_around(std::uint64_t n) const {
        std::uint64_t first = n;
        std::uint64_t last = n;
        while (first > 0 && numbers_[first - 1].stamp == numbers_[n].stamp)
            --first;
        while (last + 1 < numbers_.size() && numbers_[last + 1].stamp == numbers_[n].stamp)
            ++last;
        return {width_, first, last};
    }
    void set_reserved(const std::vector<number_span>& ranges) {
        reserved_.assign(numbers_.size(), false);
        for (const auto& r : ranges)
            for (std::uint64_t n = r.first; n <= r.last; ++n)
                reserved_[n] = true;
    }
    number_usage usage(instant now) const {
        number_usage u{numbers_.size(), 0, 0, 0};
        for (std::size_t i = 0; i < numbers_.size(); ++i) {
            const entry& e = numbers_[i];
            u.in_blocks += e.use == range_use::block ? 1 : 0;
            u.blocks += e.use == range_use::block && (i == 0 || numbers_[i - 1].stamp != e.stamp) ? 1 : 0;
            u.resting += e.use == range_use::resting && e.until > now ? 1 : 0;
        }
        return u;
    }

private:
    struct entry {
        range_use use = range_use::free;
        owner_handle owner = nobody;
        instant until{};
        unsigned stamp = 0; // tells neighbours apart
    };
    static bool free(const entry& e, instant now) {
        return e.use == range_use::free || (e.use == range_use::resting && e.until <= now);
    }

    std::uint8_t width_;
    std::vector<entry> numbers_;
    std::vector<bool> reserved_;
    unsigned stamp_ = 0;
};

void expect_in_order(const number_blocks& b, unsigned seed) {
    const auto all = b.holdings();
    for (std::size_t i = 1; i < all.size(); ++i) {
        ASSERT_LE(all[i].range.first, all[i].range.last) << "seed " << seed;
        ASSERT_LT(all[i - 1].range.last, all[i].range.first) << "seed " << seed;
    }
}

// Long sequences of everything there is, on one width; sizes up to `longest`.
void expect_what_the_naive_say(unsigned seed, std::uint8_t width, std::uint64_t capacity, std::uint64_t longest,
                               int steps) {
    std::mt19937_64 random(seed);
    number_blocks b;
    naive_blocks naive(width, capacity);
    instant now = noon;
    for (int step = 0; step < steps; ++step) {
        now += hours{random() % 3};
        // Phases of growth and of decline, so that the table splits and joins.
        const bool grow = step / 700 % 2 == 0;
        const auto owner = static_cast<owner_handle>(1 + random() % 5);
        const std::uint64_t size = 1 + random() % longest;
        const std::uint64_t first = random() % (capacity - size + 1);
        const number_span asked{width, first, first + size - 1};
        const auto where = [&] { return "seed " + std::to_string(seed) + " step " + std::to_string(step); };
        switch (random() % (grow ? 8 : 20)) {
        case 0:
        case 1:
        case 2: {
            const bool free = naive.free(asked.first, asked.last, now);
            ASSERT_EQ(!b.check(asked, now), free) << where();
            ASSERT_EQ(b.claim(owner, asked, now).has_value(), free) << where();
            if (free)
                naive.set(asked.first, asked.last, range_use::block, owner, {});
            break;
        }
        case 3:
        case 4: {
            const auto from = naive.next(first, size, now);
            const auto r = b.allocate(owner, {{width, first}, size}, now);
            ASSERT_EQ(r.has_value(), from.has_value()) << where();
            if (from) {
                ASSERT_EQ(*r, (number_span{width, *from, *from + size - 1})) << where();
                naive.set(r->first, r->last, range_use::block, owner, {});
            }
            break;
        }
        case 5:
        case 6: {
            if (random() % 20 != 0)
                break;
            std::vector<number_span> ranges(random() % 4);
            for (auto& r : ranges)
                r = {width, random() % capacity, 0}, r.last = std::min(capacity - 1, r.first + random() % longest);
            ASSERT_TRUE(b.set_reserved(ranges)) << where();
            naive.set_reserved(ranges);
            break;
        }
        default: {
            const owner_handle holder = naive.owner(first);
            ASSERT_EQ(b.owner_of(number{width, first}), holder) << where();
            if (holder == nobody)
                break;
            const number_span block = naive.block_around(first);
            ASSERT_EQ(reason_of(b.release(holder + 1, block, now)), refusal_reason::unknown_block) << where();
            if (random() % 5 == 0) {
                ASSERT_TRUE(b.transfer(holder, block, owner)) << where();
                naive.set(block.first, block.last, range_use::block, owner, {});
            } else {
                const duration rest = hours{random() % 300};
                ASSERT_TRUE(b.release(holder, block, now, rest)) << where();
                naive.set(block.first, block.last, range_use::resting, nobody, now + rest);
            }
        }
        }
        if (step % 250 == 0) {
            expect_in_order(b, seed);
            ASSERT_EQ(b.usage(width, now), naive.usage(now)) << where();
            for (std::uint64_t n = 0; n < capacity; ++n)
                ASSERT_EQ(b.owner_of(number{width, n}), naive.owner(n)) << where() << " number " << n;
            std::size_t blocks = 0;
            for (owner_handle o = 1; o <= 6; ++o) {
                ASSERT_EQ(b.blocks_of(o).size(), b.block_count(o)) << where();
                blocks += b.block_count(o);
            }
            ASSERT_EQ(blocks, naive.usage(now).blocks) << where();
        }
    }
}

} // namespace

TEST(number_blocks, long_sequences_do_what_one_entry_a_number_does) {
    for (unsigned seed = 1; seed <= 8; ++seed)
        expect_what_the_naive_say(seed, 3, 1'000, seed % 2 == 0 ? 3 : 40, 6'000);
    expect_what_the_naive_say(99, 4, 10'000, 4, 15'000);
}
