#include <lineside/error.hpp>

#include "rules/dispute.hpp"
#include "rules/metrics.hpp"
#include "unit/rules/disputed.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace lineside::rules::testing;

namespace {

constexpr std::int64_t milli = 1'000'000; // of a unit, in nanos
using kinds = std::vector<difference_class>;

dispute_options with(dispute_tolerance t) { return {.tolerance = std::move(t)}; }
dispute_options increments(std::uint32_t first, std::uint32_t next) {
    return with({.rounding = duration_rounding::increments, .first_increment_s = first, .next_increment_s = next});
}

// --- adding up

struct amounts {
    std::int64_t calls = 0;
    std::int64_t billed = 0;
    nanos128 charge = 0;

    bool operator==(const amounts&) const = default;
    amounts& operator+=(const amounts& o) {
        calls += o.calls;
        billed += o.billed;
        charge += o.charge;
        return *this;
    }
    friend amounts operator-(const amounts& a, const amounts& b) {
        return {a.calls - b.calls, a.billed - b.billed, a.charge - b.charge};
    }
};

nanos128 nanos(const std::optional<money>& m) { return m ? nanos128{m->units} * 1'000'000'000 + m->nanos : 0; }
amounts of(const dispute_amount& a) { return {a.calls, a.billed_ms.count(), nanos(a.charge)}; }
amounts of(const dispute_totals& t) {
    return {static_cast<std::int64_t>(t.calls), t.billed_ms.count(), nanos(t.charge)};
}
amounts of(const std::vector<dispute_class_total>& classes) {
    amounts sum;
    for (const auto& c : classes)
        sum += of(c.amount);
    return sum;
}
amounts of(const std::vector<told_call>& calls) {
    amounts sum;
    for (const auto& c : calls)
        sum += {1, c.billed == absent ? c.talk : c.billed, c.charge == absent ? 0 : c.charge};
    return sum;
}

// On every level, the classes make up exactly what ours have more than theirs.
void expect_adds_up(const compared& c) {
    const auto& r = c.report();
    EXPECT_EQ(of(r.difference), of(r.ours) - of(r.theirs));
    EXPECT_EQ(of(r.difference), of(r.classes));
    amounts ours;
    amounts theirs;
    std::map<std::int64_t, amounts> by_day;
    for (const auto& d : r.days) {
        EXPECT_EQ(d.start.time_since_epoch().count() % day, 0);
        EXPECT_EQ(of(d.difference), of(d.ours) - of(d.theirs));
        EXPECT_EQ(of(d.difference), of(d.classes));
        ours += of(d.ours);
        theirs += of(d.theirs);
        by_day[d.start.time_since_epoch().count()] += of(d.difference);
    }
    EXPECT_EQ(ours, of(r.ours));
    EXPECT_EQ(theirs, of(r.theirs));
    std::map<std::int64_t, amounts> by_hour;
    for (const auto& h : r.hours) {
        EXPECT_EQ(h.start.time_since_epoch().count() % hour, 0);
        EXPECT_EQ(of(h.difference), of(h.ours) - of(h.theirs));
        EXPECT_EQ(of(h.difference), of(h.classes));
        by_hour[h.start.time_since_epoch().count() / day * day] += of(h.difference);
    }
    for (const auto& [start, sum] : by_day)
        EXPECT_EQ(by_hour[start], sum);

    amounts calls;
    std::map<difference_class, std::uint64_t> counted;
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const auto& d : c.result.differences()) {
        calls += of(c.result.amount_of(d));
        ++counted[d.kind];
        EXPECT_TRUE(seen.emplace(d.ours, d.theirs).second);
        EXPECT_EQ(d.rule != 0, d.kind == difference_class::rounding);
        EXPECT_FALSE(c.result.text_of(d).empty());
    }
    EXPECT_EQ(calls, of(r.difference));
    EXPECT_EQ(r.differing_calls, c.result.differences().size());
    std::map<difference_class, std::uint64_t> reported;
    for (const auto& k : r.classes)
        reported[k.kind] += k.count;
    EXPECT_EQ(reported, counted);
}

} // namespace

// --- rounding rules

TEST(dispute, lengths_round_up_to_their_increments) {
    const auto rounded = [](std::int64_t s, std::int64_t first, std::int64_t next) {
        return rounded_up(s * second, first, next) / second;
    };
    for (const std::int64_t s : {1, 20, 30})
        EXPECT_EQ(rounded(s, 30, 6), 30);
    for (const std::int64_t s : {31, 35, 36})
        EXPECT_EQ(rounded(s, 30, 6), 36);
    EXPECT_EQ(rounded(37, 30, 6), 42);
    EXPECT_EQ(rounded(7, 6, 6), 12);
    EXPECT_EQ(rounded(7, 12, 6), 12);
    EXPECT_EQ(rounded(7, 60, 6), 60);
    EXPECT_EQ(rounded(61, 60, 6), 66);
    EXPECT_EQ(rounded(67, 60, 6), 72);
    EXPECT_EQ(rounded(0, 60, 60), 0);
    EXPECT_EQ(rounded_up(60'001, 1, 1), 61'000);
}

TEST(dispute, charges_round_to_their_decimals) {
    const auto rounded = [](std::int64_t n, std::uint32_t decimals, charge_rounding mode) {
        return rounded_to(n, decimals, mode);
    };
    EXPECT_EQ(rounded(1'234'500'000, 3, charge_rounding::half_up), 1'235'000'000);
    EXPECT_EQ(rounded(1'234'499'999, 3, charge_rounding::half_up), 1'234'000'000);
    EXPECT_EQ(rounded(1'234'000'001, 3, charge_rounding::up), 1'235'000'000);
    EXPECT_EQ(rounded(1'234'999'999, 3, charge_rounding::down), 1'234'000'000);
    EXPECT_EQ(rounded(-1'234'500'000, 3, charge_rounding::half_up), -1'235'000'000);
    EXPECT_EQ(rounded(1'234'567'891, 9, charge_rounding::up), 1'234'567'891);
    EXPECT_EQ(rounded(1'234'567'891, 3, charge_rounding::exact), 1'234'567'891);
    EXPECT_EQ(rounded(1'500'000'000, 0, charge_rounding::half_up), 2'000'000'000);
}

TEST(dispute, a_tolerance_out_of_range_is_refused_by_name) {
    const auto refused = [](const dispute_tolerance& t) {
        try {
            check_tolerance(t);
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument);
            return e.details().field;
        }
        return std::string();
    };
    EXPECT_EQ(refused({}), "");
    EXPECT_EQ(refused({.start_ms = duration(-1)}), "start_ms");
    EXPECT_EQ(refused({.start_ms = duration(hour + 1)}), "start_ms");
    EXPECT_EQ(refused({.length_ms = duration(hour + 1)}), "length_ms");
    EXPECT_EQ(refused({.first_increment_s = 0}), "first_increment_s");
    EXPECT_EQ(refused({.next_increment_s = 3'601}), "next_increment_s");
    EXPECT_EQ(refused({.charge = {-1, 0, {}}}), "charge");
    EXPECT_EQ(refused({.charge = {0, -1, {}}}), "charge");
    EXPECT_EQ(refused({.charge_decimals = 10}), "charge_decimals");
}

// --- classes

TEST(dispute, equal_sets_do_not_differ) {
    const compared c({{.charge = 5}, {.start = noon + hour, .charge = 7}},
                     {{.charge = 5}, {.start = noon + hour, .charge = 7}});
    EXPECT_EQ(c.kinds(), kinds{});
    EXPECT_TRUE(c.report().agrees());
    EXPECT_EQ(c.report().matched, 2U);
    EXPECT_EQ(c.report().ours, c.report().theirs);
    EXPECT_TRUE(c.report().hours.empty());
    EXPECT_EQ(c.report().days.size(), 1U);
    expect_adds_up(c);
}

TEST(dispute, empty_sets_do_not_differ) {
    const compared c({}, {});
    EXPECT_TRUE(c.report().agrees());
    EXPECT_TRUE(c.report().days.empty());
    expect_adds_up(c);
}

TEST(dispute, a_call_of_one_side_is_missing_in_the_other) {
    const compared ours({{.charge = 12 * milli}}, {});
    EXPECT_EQ(ours.kinds(), kinds{difference_class::missing_in_theirs});
    EXPECT_EQ(ours.report().difference.calls, 1);
    EXPECT_EQ(ours.report().difference.billed_ms, duration(minute));
    const compared theirs({}, {{}});
    EXPECT_EQ(theirs.kinds(), kinds{difference_class::missing_in_ours});
    EXPECT_EQ(theirs.report().difference.calls, -1);
    EXPECT_EQ(theirs.result.text_of(theirs.result.differences()[0]), "not in ours");
    expect_adds_up(ours);
    expect_adds_up(theirs);
}

TEST(dispute, a_length_that_no_rule_explains_is_a_difference) {
    const compared c({{.talk = 60 * second}}, {{.talk = 75'500}});
    EXPECT_EQ(c.kinds(), kinds{difference_class::length});
    EXPECT_EQ(c.result.text_of(c.result.differences()[0]), "60 s against 75.5 s");
    EXPECT_FALSE(c.report().agrees());
    expect_adds_up(c);
}

TEST(dispute, a_charge_that_only_follows_the_length_is_no_question_of_rating) {
    const compared c({{.talk = 60 * second, .charge = 12 * milli}}, {{.talk = 90 * second, .charge = 18 * milli}});
    EXPECT_EQ(c.kinds(), kinds{difference_class::length});
    EXPECT_EQ(c.report().difference.charge, (money{0, -6 * milli, ""}));
    const compared unanswered({{.talk = 0, .charge = 0, .outcome = call_outcome::no_answer}},
                              {{.talk = 30 * second, .charge = 6 * milli}});
    EXPECT_EQ(unanswered.kinds(), kinds{difference_class::length});
    EXPECT_EQ(unanswered.result.text_of(unanswered.result.differences()[0]),
              "answered in theirs only; 0 s against 30 s; 0.00 against 0.006");
    expect_adds_up(unanswered);
}

TEST(dispute, another_charge_for_the_same_length_is_rating) {
    const compared c({{.charge = 12 * milli}}, {{.charge = 11'800'000}});
    EXPECT_EQ(c.kinds(), kinds{difference_class::rating});
    EXPECT_EQ(c.result.text_of(c.result.differences()[0]), "0.012 against 0.0118");
    const compared missing({{.charge = 12 * milli}, {.start = noon + hour, .charge = 1}},
                           {{}, {.start = noon + hour, .charge = 1}});
    EXPECT_EQ(missing.kinds(), kinds{difference_class::rating});
    EXPECT_EQ(missing.result.text_of(missing.result.differences()[0]), "0.012 against no charge");
    expect_adds_up(missing);
}

TEST(dispute, another_length_at_another_rate_is_both) {
    const compared c({{.talk = 60 * second, .charge = 12 * milli}}, {{.talk = 90 * second, .charge = 30 * milli}});
    EXPECT_EQ(c.kinds(), kinds{difference_class::length_and_rating});
    expect_adds_up(c);
}

TEST(dispute, charges_that_one_side_does_not_report_are_not_compared) {
    const compared c({{.charge = 12 * milli}}, {{}});
    EXPECT_TRUE(c.report().agrees());
    EXPECT_TRUE(c.report().ours.charge);
    EXPECT_FALSE(c.report().theirs.charge);
    EXPECT_FALSE(c.report().difference.charge);
}

TEST(dispute, billed_time_is_talk_time_where_it_is_not_reported) {
    const compared c({{.talk = 50 * second, .billed = 60 * second}}, {{.talk = 60 * second}});
    EXPECT_TRUE(c.report().agrees());
    EXPECT_EQ(c.report().ours.talk_ms, duration(50 * second));
    EXPECT_EQ(c.report().ours.billed_ms, duration(60 * second));
}

// --- rules that explain

TEST(dispute, what_an_increment_explains_is_rounding_and_still_adds_up) {
    const std::vector<told_call> ours = {{.talk = 61 * second, .charge = 12'200'000}};
    const std::vector<told_call> theirs = {{.talk = 120 * second, .charge = 24 * milli}};
    EXPECT_EQ(compared(ours, theirs).kinds(), kinds{difference_class::length});
    const compared c(ours, theirs, increments(60, 60));
    EXPECT_EQ(c.kinds(), kinds{difference_class::rounding});
    EXPECT_TRUE(c.report().agrees());
    EXPECT_EQ(c.report().classes.at(0).rule, "60/60 s");
    EXPECT_EQ(c.report().classes[0].amount.billed_ms, duration(-59 * second));
    EXPECT_EQ(c.result.text_of(c.result.differences()[0]), "61 s against 120 s; 0.0122 against 0.024 (60/60 s)");
    expect_adds_up(c);
    EXPECT_EQ(compared(theirs, ours, increments(60, 60)).kinds(), kinds{difference_class::rounding});
    EXPECT_EQ(compared(ours, theirs, increments(30, 6)).kinds(), kinds{difference_class::length});
}

TEST(dispute, two_lengths_in_the_same_increment_are_not_rounded_to_each_other) {
    EXPECT_EQ(compared({{.talk = 61 * second}}, {{.talk = 100 * second}}, increments(60, 60)).kinds(),
              kinds{difference_class::length});
}

TEST(dispute, a_rule_rounds_the_talk_time_too) {
    EXPECT_EQ(
        compared({{.talk = 61 * second, .billed = 66 * second}}, {{.talk = 120 * second}}, increments(60, 60)).kinds(),
        kinds{difference_class::rounding});
}

TEST(dispute, less_than_a_second_is_a_second_to_a_switch_that_counts_them) {
    EXPECT_EQ(compared({{.talk = 0}}, {{.talk = 60 * second}}, increments(60, 60)).kinds(),
              kinds{difference_class::rounding});
    EXPECT_EQ(
        compared({{.talk = 0, .outcome = call_outcome::busy}}, {{.talk = 60 * second}}, increments(60, 60)).kinds(),
        kinds{difference_class::length});
}

TEST(dispute, full_seconds_and_tolerances_explain_and_are_named) {
    const auto rule = [](const compared& c) {
        EXPECT_TRUE(c.report().agrees());
        expect_adds_up(c);
        return c.report().classes.empty() ? std::string() : c.report().classes[0].rule;
    };
    EXPECT_EQ(rule({{{.talk = 60'250}}, {{.talk = 61'000}}, with({.rounding = duration_rounding::up_to_seconds})}),
              "up to full seconds");
    EXPECT_EQ(rule({{{.talk = 60'000}}, {{.talk = 61'500}}, with({.length_ms = duration(1'500)})}), "within 1.5 s");
    EXPECT_EQ(rule({{{.charge = 12 * milli}}, {{.charge = 12'100'000}}, with({.charge = {0, 100'000, {}}})}),
              "charge within 0.0001");
    EXPECT_EQ(rule({{{.charge = 1'753'200}},
                    {{.charge = 1'800'000}},
                    with({.charge_mode = charge_rounding::up, .charge_decimals = 4})}),
              "charge up to 4 decimals");
    auto both = increments(30, 6).tolerance;
    both.charge = {0, 50 * static_cast<std::int32_t>(milli), {}};
    EXPECT_EQ(
        rule(
            {{{.talk = 31 * second, .charge = 61 * milli}}, {{.talk = 36 * second, .charge = 12 * milli}}, with(both)}),
        "30/6 s, charge within 0.05");
}

TEST(dispute, a_rule_of_length_does_not_explain_another_rate) {
    const compared c({{.talk = 61 * second, .charge = 12'200'000}}, {{.talk = 120 * second, .charge = 30 * milli}},
                     increments(60, 60));
    EXPECT_EQ(c.kinds(), kinds{difference_class::rating});
    expect_adds_up(c);
}

TEST(dispute, documented_charges_differ_by_their_increments_alone) {
    // 7 s at 0.015 a minute: 6/6 0.00300, 30/6 0.00750, 60/6 0.01500.
    const told_call six{.talk = 7 * second, .charge = 3 * milli, .billed = 12 * second};
    const told_call thirty{.talk = 7 * second, .charge = 7'500'000, .billed = 30 * second};
    const told_call sixty{.talk = 7 * second, .charge = 15 * milli, .billed = 60 * second};
    EXPECT_EQ(compared({six}, {thirty}, increments(30, 6)).kinds(), kinds{difference_class::rounding});
    EXPECT_EQ(compared({six}, {sixty}, increments(60, 6)).kinds(), kinds{difference_class::rounding});
    EXPECT_EQ(compared({thirty}, {sixty}, increments(60, 6)).kinds(), kinds{difference_class::rounding});
}

// --- which calls

TEST(dispute, a_side_without_failed_attempts_is_compared_by_the_answered) {
    const told_call busy{.start = noon + minute, .talk = 0, .outcome = call_outcome::busy};
    const compared c({{}, busy}, {{}});
    EXPECT_TRUE(c.report().agrees());
    EXPECT_EQ(c.report().ours.calls, 1U);
    EXPECT_EQ(c.result.ours_not_compared(), 1U);
    EXPECT_EQ(c.report().findings.at(0), "theirs has answered calls only: 1 that were not answered are not compared");
    const compared all({{}, busy}, {{}}, {.population = dispute_population::all});
    EXPECT_EQ(all.kinds(), kinds{difference_class::missing_in_theirs});
    expect_adds_up(all);
    const compared both({{}, busy}, {{}, busy}, {.population = dispute_population::answered});
    EXPECT_EQ(both.report().ours.calls, 1U);
    EXPECT_EQ(both.result.theirs_not_compared(), 1U);
}

TEST(dispute, a_range_takes_calls_by_our_start_and_leaves_none_half_outside) {
    const std::vector<told_call> ours = {{.start = noon - 1}, {.start = noon}, {.start = noon + hour}};
    const std::vector<told_call> theirs = {{.start = noon + second},
                                           {.start = noon - second},
                                           {.start = noon + hour - second},
                                           {.start = noon + 30 * minute}};
    const compared c(ours, theirs, {.range = {instant(duration(noon)), instant(duration(noon + hour))}});
    EXPECT_EQ(c.report().ours.calls, 1U);
    EXPECT_EQ(c.report().theirs.calls, 2U);
    EXPECT_EQ(c.kinds(), kinds{difference_class::missing_in_ours});
    expect_adds_up(c);
}

TEST(dispute, a_call_counts_in_the_hour_of_our_start_on_both_sides) {
    const compared c({{.start = noon + hour - 1}}, {{.start = noon + hour, .talk = 61 * second}});
    ASSERT_EQ(c.report().hours.size(), 1U);
    EXPECT_EQ(c.report().hours[0].start, instant(duration(noon)));
    EXPECT_EQ(c.report().hours[0].theirs.calls, 1U);
}

TEST(dispute, times_before_1970_have_days_too) {
    const compared c({{.start = -1}}, {});
    ASSERT_EQ(c.report().days.size(), 1U);
    EXPECT_EQ(c.report().days[0].start, instant(duration(-day)));
    EXPECT_EQ(c.report().hours.at(0).start, instant(duration(-hour)));
}

TEST(dispute, of_more_hours_than_are_shown_the_worst_are) {
    std::vector<told_call> ours;
    for (std::int64_t i = 0; i < 2'500; ++i)
        ours.push_back({.start = noon + i * hour, .talk = (i + 1) * second});
    const compared c(ours, {});
    EXPECT_EQ(c.report().differing_hours, 2'500U);
    ASSERT_EQ(c.report().hours.size(), 2'000U);
    EXPECT_EQ(c.report().hours.front().start, instant(duration(noon + 500 * hour)));
    EXPECT_EQ(c.report().hours.back().start, instant(duration(noon + 2'499 * hour)));
}

TEST(dispute, a_call_that_stands_twice_is_told_from_one_that_is_missing) {
    const compared c({{}}, {{}, {}, {.start = noon + hour}});
    EXPECT_EQ(c.result.text_of(c.result.differences().at(0)), "not in ours; twice in theirs");
    EXPECT_EQ(c.result.text_of(c.result.differences().at(1)), "not in ours");
    EXPECT_EQ(c.report().findings, std::vector<std::string>{"theirs has 1 call twice"});
}

TEST(dispute, sums_do_not_overflow) {
    constexpr std::int64_t most = 9'000'000'000'000'000'000;
    const std::vector<told_call> ours(5, told_call{.charge = most});
    const compared c(ours, {{.charge = -most}}, with({.start_ms = duration(0)}));
    EXPECT_EQ(c.report().ours.charge, (money{45'000'000'000, 0, ""}));
    EXPECT_EQ(c.report().difference.charge, (money{54'000'000'000, 0, ""}));
    expect_adds_up(c);
}

// --- the invariant

TEST(dispute, on_every_level_the_classes_add_up_to_ours_less_theirs) {
    for (unsigned seed = 1; seed <= 400; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 random(seed);
        const auto chance = [&random](unsigned percent) { return random() % 100 < percent; };
        const auto up_to = [&random](std::int64_t n) {
            return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n + 1));
        };
        std::vector<told_call> ours;
        std::vector<told_call> theirs;
        const auto apart = chance(30) ? (up_to(20) - 10) * 15 * minute : up_to(4'000) - 2'000;
        const bool money = chance(80);
        const auto n = up_to(300);
        for (std::int64_t i = 0; i < n; ++i) {
            told_call c{.start = noon + up_to(4 * day),
                        .talk = chance(20) ? 0 : up_to(20 * minute),
                        .id = chance(50) ? "0123456789abcdef-" + std::to_string(i) : "",
                        .callee = "493012345" + std::to_string(up_to(40)),
                        .caller = chance(10) ? "" : "442070000" + std::to_string(up_to(20)),
                        .ring = up_to(30'000)};
            if (c.talk == 0 && chance(70))
                c.outcome = call_outcome::busy;
            if (money && chance(95))
                c.charge = c.talk * 200'000 / 1'000;
            if (chance(20))
                c.billed = rounded_up(c.talk, 6, 6);
            if (!chance(5))
                ours.push_back(c);
            if (chance(5))
                continue;
            c.start += apart + up_to(3'000) - 1'500;
            if (chance(30))
                c.billed = rounded_up(c.talk, 60, 60);
            if (chance(10))
                c.talk += up_to(60'000);
            if (money && chance(20))
                c.charge = up_to(1'000'000'000);
            if (chance(5))
                c.id.clear();
            theirs.push_back(c);
            if (chance(3))
                theirs.push_back(c);
        }
        std::shuffle(theirs.begin(), theirs.end(), random);
        dispute_options o;
        o.currency = "EUR";
        o.tolerance.start_ms = duration(up_to(20'000));
        o.tolerance.length_ms = duration(chance(50) ? up_to(3'000) : 0);
        o.tolerance.rounding = static_cast<duration_rounding>(up_to(2));
        o.tolerance.first_increment_s = chance(50) ? 60 : 6;
        o.tolerance.next_increment_s = chance(50) ? 60 : 6;
        o.tolerance.charge = {0, static_cast<std::int32_t>(chance(50) ? up_to(50'000'000) : 0), {}};
        o.tolerance.charge_mode = static_cast<charge_rounding>(up_to(3));
        o.population = static_cast<dispute_population>(up_to(2));
        const bool ranged = chance(30);
        if (ranged)
            o.range = {instant(duration(noon + up_to(2 * day))), instant(duration(noon + 2 * day + up_to(2 * day)))};
        const auto population = o.population;
        const compared c(ours, theirs, o);
        expect_adds_up(c);
        if (!ranged && population == dispute_population::all) {
            // All calls of both sides are in the totals, with all they cost.
            EXPECT_EQ(of(c.report().ours), of(ours));
            EXPECT_EQ(of(c.report().theirs), of(theirs));
        }
        EXPECT_EQ(c.report().ours.calls + c.result.ours_not_compared(), ours.size());
        EXPECT_EQ(c.report().theirs.calls + c.result.theirs_not_compared(), theirs.size());
        if (::testing::Test::HasFailure())
            return;
    }
}
