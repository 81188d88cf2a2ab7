#include "rules/dispute_patterns.hpp"
#include "unit/rules/disputed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace lineside::rules::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

using findings = std::vector<std::string>;

// A day of answered calls at 0.012 a minute, billed to the second, in nanos exactly.
std::vector<told_call> traffic(std::size_t n = 400) {
    std::mt19937_64 random(11);
    std::vector<told_call> calls;
    for (std::size_t i = 0; i < n; ++i) {
        const auto talk = static_cast<std::int64_t>(1 + random() % 900) * second;
        calls.push_back({.start = noon + static_cast<std::int64_t>(random() % day),
                         .talk = talk,
                         .callee = "4420" + std::to_string(70'000'000 + random() % 900'000),
                         .caller = "4930" + std::to_string(1'000'000 + random() % 100),
                         .charge = talk / second * 200'000,
                         .ring = static_cast<std::int64_t>(2'000 + random() % 20'000)});
    }
    return calls;
}

findings found(const std::vector<told_call>& ours, const std::function<void(told_call&)>& change,
               dispute_options options = {}) {
    auto theirs = ours;
    for (auto& c : theirs)
        change(c);
    return compared(ours, theirs, std::move(options)).report().findings;
}

} // namespace

TEST(dispute_patterns, nothing_is_said_where_nothing_differs) {
    EXPECT_THAT(found(traffic(), [](told_call&) {}), IsEmpty());
}

TEST(dispute_patterns, a_few_differences_without_a_rule_make_no_pattern) {
    std::mt19937_64 random(5);
    EXPECT_THAT(found(traffic(),
                      [&](told_call& c) {
                          if (random() % 20 == 0) {
                              c.talk += static_cast<std::int64_t>(random() % 60'000);
                              c.charge += static_cast<std::int64_t>(random() % 1'000'000'000);
                          }
                      }),
                IsEmpty());
}

TEST(dispute_patterns, lengths_that_are_rounded_are_called_by_their_increments) {
    const auto rounded = [](std::int64_t first, std::int64_t next) {
        return found(traffic(), [=](told_call& c) {
            c.talk = rounded_up(c.talk, first, next);
            c.charge = c.talk / second * 200'000;
        });
    };
    EXPECT_THAT(rounded(60, 60), ElementsAre("theirs is rounded up to full minutes (400 calls)"));
    EXPECT_THAT(rounded(30, 6), ElementsAre("theirs is rounded up to 30/6 s (400 calls)"));
    EXPECT_THAT(rounded(6, 6), ElementsAre("theirs is rounded up to 6/6 s (400 calls)"));
    EXPECT_THAT(rounded(60, 1), ElementsAre("theirs is rounded up to 60/1 s (400 calls)"));
}

TEST(dispute_patterns, it_says_which_side_rounds) {
    auto ours = traffic();
    for (auto& c : ours)
        c.talk += 300;
    EXPECT_THAT(found(ours, [](told_call& c) { c.talk = rounded_up(c.talk, 1, 1); }),
                ElementsAre("theirs is rounded up to full seconds (400 calls)"));
    EXPECT_THAT(found(ours, [](told_call& c) { c.talk = c.talk / second * second; }),
                ElementsAre("theirs is cut to full seconds (400 calls)"));
    const auto exact = ours;
    for (auto& c : ours)
        c.talk = rounded_up(c.talk, 60, 60);
    EXPECT_THAT(compared(ours, exact, {.population = dispute_population::all}).report().findings.at(0),
                "ours is rounded up to full minutes (400 calls)");
}

TEST(dispute_patterns, a_few_other_calls_do_not_hide_the_rule) {
    int n = 0;
    EXPECT_THAT(found(traffic(),
                      [&n](told_call& c) {
                          c.talk = rounded_up(c.talk, 60, 60) + (++n % 20 == 0 ? 13'000 : 0);
                          c.charge = c.talk / second * 200'000;
                      }),
                ElementsAre("theirs is rounded up to full minutes (380 of 400 calls)"));
}

TEST(dispute_patterns, rings_that_are_billed_are_recognised) {
    const auto rings = [](told_call& c) {
        c.talk += c.ring;
        c.ring = absent;
        c.charge = c.talk / second * 200'000;
    };
    EXPECT_THAT(found(traffic(), rings), ElementsAre("rings are billed in theirs (400 calls)"));
    EXPECT_THAT(found(traffic(),
                      [&](told_call& c) {
                          rings(c);
                          c.talk = rounded_up(c.talk, 60, 60);
                          c.charge = c.talk / second * 200'000;
                      }),
                ElementsAre("rings are billed in theirs, rounded up to full minutes (400 calls)"));
}

TEST(dispute_patterns, a_length_that_is_always_off_by_the_same_is_said) {
    EXPECT_THAT(found(traffic(),
                      [](told_call& c) {
                          c.talk += 2 * second;
                          c.charge = c.talk / second * 200'000;
                      }),
                ElementsAre("theirs is 2 s longer on 400 calls"));
}

TEST(dispute_patterns, rates_are_found_from_what_was_charged) {
    const auto rated = [](std::int64_t step) {
        return [step](told_call& c) { c.charge = (c.talk * 11'800 / 60 + step - 1) / step * step; };
    };
    EXPECT_THAT(found(traffic(), rated(1)), ElementsAre("rate 0.0120 against 0.0118 on 400 calls rated differently, to "
                                                        "numbers that begin with 442070"));
    auto ours = traffic();
    for (auto& c : ours)
        c.charge = (c.talk * 12'000 / 60 + 99'999) / 100'000 * 100'000;
    const auto four_decimals = found(ours, rated(100'000));
    ASSERT_EQ(four_decimals.size(), 1U);
    EXPECT_EQ(four_decimals[0].rfind("rate 0.0120 against 0.0118 on ", 0), 0U) << four_decimals[0];
}

TEST(dispute_patterns, each_destination_has_its_own_rate) {
    auto ours = traffic();
    for (std::size_t i = 0; i < ours.size(); i += 2) {
        ours[i].callee.replace(0, 4, "4930");
        ours[i].charge *= 2;
    }
    EXPECT_THAT(found(ours,
                      [](told_call& c) {
                          if (c.callee.rfind("4930", 0) == 0)
                              c.charge = c.charge * 5 / 4;
                          else
                              c.charge = c.charge * 11 / 12;
                      }),
                ElementsAre("rate 0.0120 against 0.0110 on 200 of 400 calls rated differently, to numbers that begin "
                            "with 442070",
                            "rate 0.0240 against 0.0300 on 200 of 400 calls rated differently, to numbers that begin "
                            "with 493070"));
}

TEST(dispute_patterns, a_fee_on_every_call_is_no_rate) {
    EXPECT_THAT(found(traffic(), [](told_call& c) { c.charge += 10'000'000; }),
                ElementsAre("theirs charges 0.01 more a call on 400 calls rated differently"));
}

TEST(dispute_patterns, a_tax_on_calls_of_many_rates_is_a_factor) {
    auto ours = traffic();
    std::mt19937_64 random(2);
    for (auto& c : ours)
        c.charge = static_cast<std::int64_t>(random() % 1'000'000 + 1'000) * 100;
    EXPECT_THAT(found(ours, [](told_call& c) { c.charge = c.charge * 119 / 100; }),
                ElementsAre("theirs charges 19.00 % more on 400 calls rated differently"));
}

TEST(dispute_patterns, charges_with_fewer_decimals_are_rounded_not_rated) {
    auto ours = traffic();
    for (auto& c : ours)
        c.charge += 1'234;
    EXPECT_THAT(found(ours, [](told_call& c) { c.charge = rounded_to(c.charge, 4, charge_rounding::up); }),
                ElementsAre("charges are rounded up to 4 decimals in theirs (400 calls that differ)"));
    EXPECT_THAT(found(ours, [](told_call& c) { c.charge = rounded_to(c.charge, 2, charge_rounding::half_up); }),
                ElementsAre("charges are rounded to 2 decimals in theirs (400 calls that differ)"));
}

TEST(dispute_patterns, a_zone_that_was_not_stated_is_named) {
    const auto shifted = [](std::int64_t by) { return found(traffic(), [by](told_call& c) { c.start += by; }); };
    EXPECT_THAT(shifted(2 * hour), ElementsAre("their export is in UTC+2: its times are 2 h later than ours"));
    EXPECT_THAT(shifted(-3 * hour - 30 * minute),
                ElementsAre("their export is in UTC-3:30: its times are 3 h 30 min earlier than ours"));
    EXPECT_THAT(shifted(hour - 3 * second), ElementsAre("their export is in UTC+1: its times are 1 h later than ours",
                                                        "their clock is 3 s behind ours"));
    EXPECT_THAT(shifted(7 * minute), ElementsAre("their clock is 420 s ahead of ours"));
}

TEST(dispute_patterns, a_zone_with_summer_time_is_named_with_its_change) {
    const auto change = noon + 5 * hour;
    const auto said = found(traffic(), [=](told_call& c) { c.start += c.start < change ? hour : 2 * hour; });
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].rfind("their export is in UTC+1, and from 2026-03-01T17:0", 0), 0U) << said[0];
    EXPECT_EQ(said[0].substr(said[0].size() - 11), "on in UTC+2") << said[0];
}

TEST(dispute_patterns, an_hour_without_calls_is_a_gap) {
    const auto ours = traffic();
    auto theirs = ours;
    std::erase_if(theirs, [](const told_call& c) { return c.start >= noon + 3 * hour && c.start < noon + 5 * hour; });
    const auto said = compared(ours, theirs).report().findings;
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].rfind("theirs has nothing from 2026-03-01T15:", 0), 0U) << said[0];
    const auto turned = compared(theirs, ours).report().findings;
    ASSERT_EQ(turned.size(), 1U);
    EXPECT_EQ(turned[0].rfind("ours has nothing from 2026-03-01T15:", 0), 0U) << turned[0];
}

TEST(dispute_patterns, seconds_are_written_with_the_decimals_they_have) {
    EXPECT_EQ(seconds_text(0), "0 s");
    EXPECT_EQ(seconds_text(61'000), "61 s");
    EXPECT_EQ(seconds_text(61'050), "61.05 s");
    EXPECT_EQ(seconds_text(7), "0.007 s");
}
