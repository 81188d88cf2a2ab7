#include <lineside/error.hpp>

#include "rules/call_matching.hpp"
#include "unit/rules/disputed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace lineside::rules::testing;

namespace {

constexpr auto none = matching::none;
using indices = std::vector<std::uint32_t>;

matching matched(const std::vector<told_call>& ours, const std::vector<told_call>& theirs,
                 std::int64_t tolerance = 10 * second) {
    return match_calls(set_of(ours), set_of(theirs), tolerance, unchecked);
}

bool same_number(std::string_view a, std::string_view b) {
    const bool same = correspond(digits_of(a), digits_of(b));
    // What corresponds has to fall into the same group.
    EXPECT_TRUE(!same || ending_of(digits_of(a)) == ending_of(digits_of(b))) << a << " " << b;
    EXPECT_EQ(same, correspond(digits_of(b), digits_of(a)));
    return same;
}

// Many calls to few numbers, as of a call centre.
std::vector<told_call> traffic(std::mt19937_64& random, std::size_t n) {
    std::vector<told_call> calls;
    for (std::size_t i = 0; i < n; ++i)
        calls.push_back({.start = noon + static_cast<std::int64_t>(random() % (6 * hour)),
                         .talk = static_cast<std::int64_t>(random() % (10 * minute)),
                         .id = "call-" + std::to_string(i) + "-0123456789",
                         .callee = "49301234" + std::to_string(random() % 30),
                         .caller = "44207000" + std::to_string(100 + random() % 50)});
    return calls;
}

} // namespace

TEST(call_matching, a_number_is_the_same_however_it_was_dialled) {
    EXPECT_TRUE(same_number("+49301234567", "0049301234567"));
    EXPECT_TRUE(same_number("+49301234567", "0301234567"));
    EXPECT_TRUE(same_number("49301234567", "9991#49301234567"));
    EXPECT_TRUE(same_number("+49 (30) 123-4567", "sip:49301234567@192.0.2.1;user=phone"));
    EXPECT_TRUE(same_number("\"Bob\" <sip:+49301234567@host>", "tel:+49301234567"));
    EXPECT_TRUE(same_number("1001", "sip:1001@host"));
    EXPECT_TRUE(same_number("Alice@host", "sip:alice@other"));
}

TEST(call_matching, numbers_that_only_look_alike_are_different) {
    EXPECT_FALSE(same_number("+49301234567", "+49401234567"));
    EXPECT_FALSE(same_number("1001", "11001"));
    EXPECT_FALSE(same_number("0100", "100"));
    EXPECT_FALSE(same_number("alice", "alicia"));
    EXPECT_FALSE(same_number("", ""));
    EXPECT_FALSE(same_number("123456", "99123456"));
}

TEST(call_matching, numbers_come_back_as_they_were_written) {
    call_set set;
    const std::string numbers[] = {"",
                                   "0",
                                   "007",
                                   "+49301234567",
                                   "123456789012345678",
                                   "1234567890123456789",
                                   "sip:a@b",
                                   "+",
                                   "+00012345678901234",
                                   "49 30 12"};
    for (const auto& n : numbers)
        add(set, {.callee = n});
    for (std::uint32_t i = 0; i < set.size(); ++i)
        EXPECT_EQ(set.number(set[i].callee), numbers[i]);
}

TEST(call_matching, digits_of_a_packed_number_are_those_of_its_text) {
    call_set set;
    const std::string numbers[] = {"0",      "007", "+0049301234567", "123456789012345678", "12345678901234567890",
                                   "0000000"};
    for (const auto& n : numbers)
        add(set, {.callee = n});
    for (std::uint32_t i = 0; i < set.size(); ++i)
        EXPECT_EQ(set.digits(set[i].callee).view(), digits_of(numbers[i]).view()) << numbers[i];
}

TEST(call_matching, a_text_longer_than_any_number_is_cut_to_its_end) {
    const std::string text(500, '7');
    EXPECT_EQ(digits_of(text + "1234567").view().substr(57), "1234567");
    EXPECT_EQ(digits_of("a" + text).size, 64U);
}

TEST(call_matching, nothing_matches_nothing) {
    EXPECT_EQ(matched({}, {}).of_ours, indices{});
    EXPECT_EQ(matched({{}}, {}).of_ours, indices{none});
    EXPECT_EQ(matched({}, {{}}).of_theirs, indices{none});
}

TEST(call_matching, the_same_numbers_near_in_time_are_the_same_call) {
    EXPECT_EQ(matched({{}}, {{.start = noon + 10 * second}}).of_ours, indices{0});
    // One call alone does not say that the clocks are apart.
    EXPECT_EQ(matched({{}}, {{.start = noon + 30 * second}}).of_ours, indices{none});
    EXPECT_EQ(matched({{}}, {{.callee = "4940123456"}}).of_ours, indices{none});
    EXPECT_EQ(matched({{}}, {{.caller = "4420700001"}}).of_ours, indices{none});
}

TEST(call_matching, a_withheld_caller_matches_any) {
    EXPECT_EQ(matched({{}}, {{.caller = "anonymous"}}).of_ours, indices{0});
    EXPECT_EQ(matched({{.caller = ""}}, {{}}).of_ours, indices{0});
    // But one that is told goes first.
    EXPECT_EQ(matched({{}}, {{.caller = ""}, {.start = noon + 5 * second}}).of_ours, indices{1});
}

TEST(call_matching, the_nearest_start_wins_then_the_nearest_length) {
    EXPECT_EQ(matched({{.start = noon}, {.start = noon + 6 * second}},
                      {{.start = noon + 5 * second}, {.start = noon - 1 * second}})
                  .of_ours,
              (indices{1, 0}));
    EXPECT_EQ(matched({{.talk = 10 * second}, {.talk = 100 * second}}, {{.talk = 99 * second}, {.talk = 11 * second}})
                  .of_ours,
              (indices{1, 0}));
    // All starts differ by the same: lengths decide.
    EXPECT_EQ(matched({{.talk = 10 * second}, {.talk = 100 * second}},
                      {{.start = noon + second, .talk = 100 * second}, {.start = noon + second, .talk = 10 * second}})
                  .of_ours,
              (indices{1, 0}));
}

TEST(call_matching, of_equal_calls_the_first_is_the_first) {
    EXPECT_EQ(matched({{}, {}, {}}, {{}, {}}).of_ours, (indices{0, 1, none}));
}

TEST(call_matching, the_same_long_id_is_the_same_call_whatever_else_it_says) {
    const std::string id = "3c26700c-5f2f-4b1a-9a51-000000000001";
    const auto m = matched({{.id = id}}, {{.start = noon + 20 * minute, .id = id, .callee = "18005550100"}});
    EXPECT_EQ(m.of_ours, indices{0});
    EXPECT_EQ(m.by_id, 1U);
    EXPECT_EQ(matched({{.id = id}}, {{.start = noon + 2 * hour, .id = id}}).of_ours, indices{none});
}

TEST(call_matching, counters_of_two_switches_that_happen_to_be_equal_say_nothing) {
    const auto m = matched({{.id = "1", .callee = "4930111111"}, {.id = "2", .callee = "4930222222"}},
                           {{.id = "2", .callee = "4930111111"}, {.id = "1", .callee = "4930222222"}});
    EXPECT_EQ(m.of_ours, (indices{0, 1}));
    EXPECT_EQ(m.by_id, 0U);
}

TEST(call_matching, clocks_that_are_apart_are_found_out) {
    std::mt19937_64 random(7);
    const auto ours = traffic(random, 300);
    for (const std::int64_t apart :
         {0 * second, 3 * second, -45 * second, 7 * minute, 2 * hour, -5 * hour - 30 * minute, 2 * hour + 4 * second}) {
        auto theirs = ours;
        for (auto& c : theirs) {
            c.start += apart + static_cast<std::int64_t>(random() % 1'000) - 500;
            c.id.clear();
        }
        std::shuffle(theirs.begin(), theirs.end(), random);
        const auto m = matched(ours, theirs, 2 * second);
        EXPECT_EQ(m.by_numbers, ours.size()) << apart;
        const auto whole = std::abs(apart) >= hour ? apart / (15 * minute) * (15 * minute) : 0;
        EXPECT_EQ(m.offsets.front().whole_ms, whole) << apart;
        EXPECT_NEAR(static_cast<double>(m.skew_ms), static_cast<double>(apart - whole), 300) << apart;
    }
}

TEST(call_matching, an_export_in_local_time_changes_its_offset_with_the_season) {
    std::mt19937_64 random(3);
    const auto ours = traffic(random, 400);
    auto theirs = ours;
    const auto change = noon + 2 * hour;
    for (auto& c : theirs) {
        c.start += c.start < change ? hour : 2 * hour;
        c.id.clear();
    }
    const auto m = matched(ours, theirs);
    EXPECT_GT(m.by_numbers, 396U);
    ASSERT_EQ(m.offsets.size(), 2U);
    EXPECT_EQ(m.skew_ms, 0);
    std::set<std::int64_t> offsets;
    for (const auto& o : m.offsets)
        offsets.insert(o.whole_ms);
    EXPECT_EQ(offsets, (std::set<std::int64_t>{hour, 2 * hour}));
    EXPECT_EQ(m.by_our_clock(change + 4 * hour), change + 2 * hour);
    EXPECT_EQ(m.by_our_clock(noon + hour + minute), noon + minute);
}

TEST(call_matching, a_call_of_a_machine_every_quarter_of_an_hour_does_not_move_the_clock) {
    std::vector<told_call> ours;
    for (std::int64_t i = 0; i < 96; ++i)
        ours.push_back({.start = noon + i * 15 * minute});
    auto theirs = ours;
    theirs.erase(theirs.begin() + 40);
    const auto m = matched(ours, theirs);
    EXPECT_EQ(m.offsets.front().whole_ms, 0);
    EXPECT_EQ(m.of_ours[40], none);
    EXPECT_EQ(m.by_numbers, 95U);
}

TEST(call_matching, is_one_to_one_and_the_same_each_time) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        const auto ours = traffic(random, random() % 200);
        auto theirs = traffic(random, random() % 200);
        for (const auto& c : ours)
            if (random() % 3 != 0) {
                theirs.push_back(c);
                theirs.back().start += static_cast<std::int64_t>(random() % 20'000) - 10'000;
                if (random() % 2 == 0)
                    theirs.back().id.clear();
            }
        const auto m = matched(ours, theirs);
        const auto again = matched(ours, theirs);
        EXPECT_EQ(m.of_ours, again.of_ours);
        std::uint64_t pairs = 0;
        for (std::uint32_t i = 0; i < ours.size(); ++i)
            if (m.of_ours[i] != none) {
                ++pairs;
                EXPECT_EQ(m.of_theirs[m.of_ours[i]], i);
            }
        EXPECT_EQ(pairs, m.by_id + m.by_numbers);
        EXPECT_EQ(theirs.size() - pairs,
                  static_cast<std::size_t>(std::count(m.of_theirs.begin(), m.of_theirs.end(), none)));
    }
}

// More pairs than can be looked at: 100 million.
TEST(call_matching, ten_thousand_equal_calls_all_find_a_partner) {
    const std::vector<told_call> ours(10'000);
    const std::vector<told_call> theirs(9'990);
    EXPECT_EQ(matched(ours, theirs).by_numbers, 9'990U);
    EXPECT_EQ(matched(theirs, ours).by_numbers, 9'990U);
}

TEST(call_matching, stops_when_it_is_told_to) {
    std::mt19937_64 random(1);
    const auto ours = set_of(traffic(random, 50));
    EXPECT_THROW((void)match_calls(ours, ours, second, [] { throw error(errc::cancelled, "cancelled"); }), error);
}
