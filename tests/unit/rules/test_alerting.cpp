#include "rules/alerting.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace lineside::rules {
void PrintTo(alert_outcome o, std::ostream* out) {
    constexpr std::string_view names[] = {
        "nothing_to_measure", "too_few_samples", "not_certain",  "fine", "waiting", "fired",
        "repeated",           "held_back",       "still_firing", "reset"};
    *out << names[static_cast<std::size_t>(o)];
}
} // namespace lineside::rules

namespace {

using enum alert_outcome;

instant at(std::string_view text) { return parse_instant(text).value(); }

const instant noon = at("2026-03-02T12:00");

alert_rule rule_of(alert_area area, alert_operator op, double threshold) {
    alert_rule r;
    r.area = area;
    r.op = op;
    r.threshold = threshold;
    r.repeat_period = 1h;
    return r;
}

// A rule that looks again and again.
struct watch {
    alert_rule rule;
    rules::zone zone{};
    alert_state state{};
    std::string reason{};

    alert_outcome look(const observation& seen) {
        auto d = decide({rule, zone, "EUR"}, seen, state);
        state = d.next;
        reason = d.reason;
        return d.outcome;
    }
    alert_outcome look(instant t, double value) { return look({.at = t, .value = value, .hits = 0, .samples = 1'000}); }
    alert_outcome look_at_calls(instant t, std::uint64_t answered, std::uint64_t calls) {
        observation seen{.at = t, .hits = answered, .samples = calls};
        if (calls > 0)
            seen.value = 100.0 * static_cast<double>(answered) / static_cast<double>(calls);
        return look(seen);
    }
};

watch channels_above(double threshold) { return {rule_of(alert_area::channels, alert_operator::greater, threshold)}; }

std::string field_refused(const alert_rule& r) {
    try {
        check_alert_rule(r);
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        EXPECT_FALSE(e.details().message.empty());
        return e.details().field;
    }
    return {};
}

} // namespace

// --- What is beyond a threshold

TEST(alerting, each_operator_fires_on_its_side_of_the_threshold) {
    using enum alert_operator;
    const struct {
        alert_operator op;
        bool below, at, above;
    } table[] = {
        {less, true, false, false},    {less_or_equal, true, true, false},
        {equal, false, true, false},   {greater_or_equal, false, true, true},
        {greater, false, false, true},
    };
    for (const auto area : {alert_area::balance, alert_area::acd, alert_area::pdd, alert_area::cps,
                            alert_area::channels, alert_area::consecutive_failures, alert_area::daily_spend})
        for (const auto& row : table) {
            const auto come_to = [&](double value) { return watch{rule_of(area, row.op, 10)}.look(noon, value); };
            EXPECT_EQ(come_to(9), row.below ? fired : fine) << to_string(area) << to_string(row.op);
            EXPECT_EQ(come_to(10), row.at ? fired : fine) << to_string(area) << to_string(row.op);
            EXPECT_EQ(come_to(11), row.above ? fired : fine) << to_string(area) << to_string(row.op);
        }
}

TEST(alerting, equal_is_what_two_decimals_show) {
    watch w{rule_of(alert_area::balance, alert_operator::equal, 10)};
    EXPECT_EQ(w.look(noon, 10.006), fine);
    EXPECT_EQ(w.look(noon, 10.004), fired);
    EXPECT_EQ(w.look(noon + 1min, 9.996), still_firing);
    EXPECT_EQ(w.look(noon + 2min, 9.99), alert_outcome::reset);
}

TEST(alerting, a_balance_may_be_below_zero) {
    watch w{rule_of(alert_area::balance, alert_operator::less, -50)};
    EXPECT_EQ(w.look(noon, -49.99), fine);
    EXPECT_EQ(w.look(noon, -50.01), fired);
}

// --- Once, and again

TEST(alerting, fires_once_and_repeats_after_the_repeat_period_while_it_holds) {
    auto w = channels_above(10);
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.state, (alert_state{alert_phase::fired, alert_told::notified, noon, noon, noon}));
    EXPECT_EQ(w.look(noon + 1min, 11), still_firing);
    EXPECT_EQ(w.look(noon + 1h - 1ms, 500), still_firing);
    EXPECT_EQ(w.look(noon + 1h, 11), repeated);
    EXPECT_EQ(w.look(noon + 1h + 1min, 11), still_firing);
    EXPECT_EQ(w.look(noon + 2h + 5min, 11), repeated);
    EXPECT_EQ(w.state,
              (alert_state{alert_phase::fired, alert_told::notified, noon, noon + 2h + 5min, noon + 2h + 5min}));
}

TEST(alerting, without_a_reset_threshold_it_resets_when_it_is_no_longer_beyond) {
    auto w = channels_above(10);
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.look(noon + 1min, 10), alert_outcome::reset);
    EXPECT_EQ(w.state, (alert_state{alert_phase::armed, alert_told::nothing, {}, noon, noon + 1min}));
    EXPECT_EQ(w.look(noon + 2min, 10), fine);
}

TEST(alerting, fires_anew_after_a_reset_but_tells_nobody_twice_in_a_repeat_period) {
    auto w = channels_above(10);
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.look(noon + 1min, 1), alert_outcome::reset);
    EXPECT_EQ(w.look(noon + 2min, 11), held_back);
    EXPECT_EQ(w.reason,
              "live channels is 11, above 10; told 2026-03-02 12:00 UTC, and again from 2026-03-02 13:00 UTC");
    EXPECT_EQ(w.look(noon + 3min, 11), still_firing);
    EXPECT_EQ(w.look(noon + 1h - 1ms, 11), still_firing);
    EXPECT_EQ(w.look(noon + 1h, 11), fired) << "what was held back was never told: it is no repetition";
    EXPECT_EQ(w.state.fired_at, noon + 2min);
}

TEST(alerting, what_was_held_back_and_is_over_is_never_told) {
    auto w = channels_above(10);
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.look(noon + 1min, 1), alert_outcome::reset);
    EXPECT_EQ(w.look(noon + 2min, 11), held_back);
    EXPECT_EQ(w.look(noon + 3min, 1), alert_outcome::reset);
    EXPECT_EQ(w.look(noon + 2h, 1), fine);
    EXPECT_EQ(w.look(noon + 3h, 11), fired);
}

// --- Hysteresis

TEST(alerting, between_threshold_and_reset_threshold_it_waits) {
    auto w = channels_above(10);
    w.rule.reset_threshold = 5;
    EXPECT_EQ(w.look(noon, 7), fine) << "it never fired";
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.look(noon + 1min, 10), waiting);
    EXPECT_EQ(w.reason, "live channels is 10; it fires again once it was beyond 5");
    EXPECT_EQ(w.look(noon + 2min, 5), waiting) << "at it is not beyond it";
    EXPECT_EQ(w.look(noon + 3min, 11), still_firing);
    EXPECT_EQ(w.look(noon + 1h, 7), waiting) << "it does not repeat what does not hold";
    EXPECT_EQ(w.look(noon + 2h, 11), repeated);
    EXPECT_EQ(w.look(noon + 2h, 4), alert_outcome::reset);
    EXPECT_EQ(w.look(noon + 4h, 7), fine);
    EXPECT_EQ(w.look(noon + 4h, 11), fired);
}

TEST(alerting, below_a_threshold_it_resets_above_the_other) {
    watch w{rule_of(alert_area::balance, alert_operator::less, 20)};
    w.rule.reset_threshold = 50;
    EXPECT_EQ(w.look(noon, 19), fired);
    EXPECT_EQ(w.look(noon + 1min, 20), waiting);
    EXPECT_EQ(w.look(noon + 2min, 50), waiting);
    EXPECT_EQ(w.look(noon + 3min, 50.01), alert_outcome::reset);
}

TEST(alerting, a_value_that_dances_on_the_threshold_fires_once_with_hysteresis) {
    auto w = channels_above(10);
    w.rule.reset_threshold = 5;
    w.rule.repeat_period = 24h;
    int told = 0;
    for (int i = 0; i < 600; ++i)
        told += notifies(w.look(noon + i * 1min, i % 2 == 0 ? 11 : 9)) ? 1 : 0;
    EXPECT_EQ(told, 1);
}

// --- Few calls

TEST(alerting, fewer_samples_than_the_minimum_decide_nothing) {
    using enum alert_area;
    const struct {
        alert_area area;
        std::string_view samples;
    } table[] = {
        {asr, "calls"}, {acd, "answered calls"}, {pdd, "calls that report it"}, {consecutive_failures, "calls"}};
    for (const auto& row : table) {
        watch w{rule_of(row.area, alert_operator::greater, 10)};
        w.rule.minimum_samples = 30;
        EXPECT_EQ(w.look({.at = noon, .value = 99, .hits = 29, .samples = 29}), too_few_samples) << to_string(row.area);
        EXPECT_EQ(w.reason, "29 " + std::string(row.samples) + " of the 30 it takes");
        EXPECT_EQ(w.state, (alert_state{.evaluated_at = noon}));
        EXPECT_EQ(w.look({.at = noon, .value = 99, .hits = 30, .samples = 30}), fired) << to_string(row.area);
        EXPECT_EQ(w.look({.at = noon + 2h, .value = 99, .hits = 29, .samples = 29}), too_few_samples);
        EXPECT_EQ(w.state.phase, alert_phase::fired) << "silence is no recovery";
    }
}

TEST(alerting, areas_that_are_not_of_calls_take_no_samples) {
    using enum alert_area;
    for (const auto area : {balance, cps, channels, daily_spend}) {
        watch w{rule_of(area, alert_operator::less_or_equal, 0)};
        w.rule.minimum_samples = 30;
        EXPECT_EQ(w.look({.at = noon, .value = 0, .samples = 0}), fired) << to_string(area);
    }
}

TEST(alerting, what_is_not_reported_decides_nothing) {
    for (const auto area : {alert_area::asr, alert_area::acd, alert_area::pdd, alert_area::consecutive_failures}) {
        watch w{rule_of(area, alert_operator::greater_or_equal, 1)};
        w.state = {alert_phase::fired, alert_told::notified, noon - 5h, noon - 5h, noon - 1min};
        EXPECT_EQ(w.look({.at = noon, .value = {}, .hits = 100, .samples = 100}), nothing_to_measure);
        EXPECT_EQ(w.reason, std::string(area_in_words(area)) + " is not reported for this time");
        EXPECT_EQ(w.state, (alert_state{alert_phase::fired, alert_told::notified, noon - 5h, noon - 5h, noon}));
    }
}

TEST(alerting, an_asr_fires_only_when_the_whole_wilson_interval_is_beyond) {
    watch w{rule_of(alert_area::asr, alert_operator::less, 40)};
    EXPECT_EQ(w.look_at_calls(noon, 1, 3), not_certain);
    EXPECT_EQ(w.reason, "ASR is 33.33 % (1 of 3 calls answered); so few calls may come from an ASR of 6.15 % to "
                        "79.23 %, which is not all below 40.00 %");
    EXPECT_EQ(w.state.phase, alert_phase::armed);
    EXPECT_EQ(w.look_at_calls(noon, 31, 100), not_certain) << w.reason;
    EXPECT_EQ(w.look_at_calls(noon, 30, 100), fired) << "39.58 % at most";
}

TEST(alerting, certainty_is_asked_on_the_side_of_the_operator) {
    using enum alert_operator;
    // 60 of 100: 50.20 % to 69.06 %.
    const struct {
        alert_operator op;
        double threshold;
        alert_outcome outcome;
    } table[] = {
        {greater, 50, fired},
        {greater, 51, not_certain},
        {greater, 60, fine},
        {greater_or_equal, 50, fired},
        {greater_or_equal, 60, not_certain},
        {less, 70, fired},
        {less, 69, not_certain},
        {less_or_equal, 60, not_certain},
        {less_or_equal, 70, fired},
        {equal, 60, fired},
        {equal, 61, fine},
    };
    for (const auto& row : table)
        EXPECT_EQ((watch{rule_of(alert_area::asr, row.op, row.threshold)}.look_at_calls(noon, 60, 100)), row.outcome)
            << to_string(row.op) << row.threshold;
}

TEST(alerting, an_uncertain_asr_neither_repeats_nor_resets) {
    watch w{rule_of(alert_area::asr, alert_operator::less, 40)};
    EXPECT_EQ(w.look_at_calls(noon, 10, 100), fired);
    EXPECT_EQ(w.look_at_calls(noon + 2h, 1, 3), not_certain);
    EXPECT_EQ(w.state.phase, alert_phase::fired);
    EXPECT_EQ(w.look_at_calls(noon + 3h, 10, 100), repeated);
    EXPECT_EQ(w.look_at_calls(noon + 4h, 2, 3), alert_outcome::reset);
}

TEST(alerting, other_ratios_need_no_certainty) {
    watch w{rule_of(alert_area::acd, alert_operator::less, 60)};
    EXPECT_EQ(w.look({.at = noon, .value = 59, .samples = 1}), fired);
    EXPECT_EQ(w.reason, "ACD is 59.00 s over 1 answered calls, below 60.00 s");
}

// --- Quiet hours

TEST(alerting, in_quiet_hours_it_is_held_back_and_told_at_their_end_if_it_still_holds) {
    auto w = channels_above(10);
    w.rule.quiet = quiet_hours{22 * 60, 7 * 60, "Europe/Madrid"};
    w.zone = zone::find("Europe/Madrid").value();
    EXPECT_EQ(w.look(at("2026-03-02T20:59"), 1), fine);
    EXPECT_EQ(w.look(at("2026-03-02T21:00"), 11), held_back);
    EXPECT_EQ(w.reason, "live channels is 11, above 10; quiet until 2026-03-03 06:00 UTC");
    EXPECT_EQ(
        w.state,
        (alert_state{alert_phase::fired, alert_told::held_back, at("2026-03-02T21:00"), {}, at("2026-03-02T21:00")}));
    EXPECT_EQ(w.look(at("2026-03-03T05:59"), 11), still_firing);
    EXPECT_EQ(w.look(at("2026-03-03T06:00"), 11), fired);
    EXPECT_EQ(w.state.notified_at, at("2026-03-03T06:00"));
}

TEST(alerting, what_is_over_before_quiet_hours_end_is_not_told) {
    auto w = channels_above(10);
    w.rule.quiet = quiet_hours{22 * 60, 7 * 60, {}};
    EXPECT_EQ(w.look(at("2026-03-02T23:00"), 11), held_back);
    EXPECT_EQ(w.look(at("2026-03-02T23:30"), 1), alert_outcome::reset);
    EXPECT_EQ(w.look(at("2026-03-03T03:00"), 11), held_back) << "each firing is kept";
    EXPECT_EQ(w.look(at("2026-03-03T03:30"), 1), alert_outcome::reset);
    EXPECT_EQ(w.look(at("2026-03-03T07:00"), 1), fine);
}

TEST(alerting, a_repetition_that_falls_into_quiet_hours_comes_at_their_end) {
    auto w = channels_above(10);
    w.rule.quiet = quiet_hours{22 * 60, 7 * 60, {}};
    EXPECT_EQ(w.look(at("2026-03-02T21:30"), 11), fired);
    EXPECT_EQ(w.look(at("2026-03-02T22:30"), 11), still_firing);
    EXPECT_EQ(w.look(at("2026-03-03T06:59"), 11), still_firing);
    EXPECT_EQ(w.look(at("2026-03-03T07:00"), 11), repeated);
}

TEST(alerting, the_repeat_period_goes_on_after_quiet_hours) {
    auto w = channels_above(10);
    w.rule.quiet = quiet_hours{22 * 60, 23 * 60, {}};
    w.rule.repeat_period = 3h;
    EXPECT_EQ(w.look(at("2026-03-02T21:30"), 11), fired);
    EXPECT_EQ(w.look(at("2026-03-02T21:40"), 1), alert_outcome::reset);
    EXPECT_EQ(w.look(at("2026-03-02T22:10"), 11), held_back);
    EXPECT_EQ(w.look(at("2026-03-02T23:00"), 11), still_firing) << "told half past nine";
    EXPECT_EQ(w.look(at("2026-03-03T00:30"), 11), fired);
}

// --- Clocks

TEST(alerting, a_clock_set_back_starts_the_repeat_period_again) {
    auto w = channels_above(10);
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.look(noon - 48h, 11), still_firing);
    EXPECT_EQ(w.state, (alert_state{alert_phase::fired, alert_told::notified, noon - 48h, noon - 48h, noon - 48h}));
    EXPECT_EQ(w.look(noon - 47h - 1ms, 11), still_firing);
    EXPECT_EQ(w.look(noon - 47h, 11), repeated) << "and is silent no longer than that";
}

TEST(alerting, a_clock_that_jumps_ahead_and_back_makes_nobody_be_told_twice) {
    auto w = channels_above(10);
    EXPECT_EQ(w.look(noon, 11), fired);
    EXPECT_EQ(w.look(noon + 8'760h, 11), repeated);
    EXPECT_EQ(w.look(noon + 1min, 11), still_firing);
    EXPECT_EQ(w.look(noon + 1h, 11), still_firing);
    EXPECT_EQ(w.look(noon + 1h + 1min, 11), repeated);
}

TEST(alerting, no_time_of_the_state_lies_in_the_future) {
    auto w = channels_above(10);
    w.state = {alert_phase::fired, alert_told::notified, noon + 1h, noon + 2h, noon + 2h};
    for (const double value : {11.0, 1.0}) {
        (void)w.look(noon, value);
        for (const auto& t : {w.state.fired_at, w.state.notified_at, w.state.evaluated_at})
            EXPECT_TRUE(!t || *t <= noon);
    }
}

// What holds whatever is seen.
TEST(alerting, at_most_one_notification_in_a_repeat_period_and_none_in_quiet_hours) {
    std::uint64_t told_in_all = 0;
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937_64 random(seed);
        watch w{rule_of(alert_area::channels, seed % 2 == 0 ? alert_operator::greater : alert_operator::less, 50)};
        if (random() % 2 == 0)
            w.rule.reset_threshold = seed % 2 == 0 ? 30 : 70;
        const auto from = static_cast<std::uint32_t>(random() % 1'440);
        w.rule.quiet = quiet_hours{from, static_cast<std::uint32_t>((from + 1 + random() % 1'439) % 1'440), {}};
        w.rule.repeat_period = duration(1min) * static_cast<int>(1 + random() % 600);
        std::optional<instant> told;
        bool firing = false;
        bool announced = false;
        auto now = noon;
        for (int i = 0; i < 2'000; ++i, now += duration(1min) * static_cast<int>(1 + random() % 30)) {
            const auto value = static_cast<double>(random() % 101);
            const auto outcome = w.look(now, value);
            const bool beyond = seed % 2 == 0 ? value > 50 : value < 50;
            if (notifies(outcome)) {
                ++told_in_all;
                ASSERT_TRUE(beyond);
                ASSERT_TRUE(!told || now - *told >= w.rule.repeat_period) << "seed " << seed;
                const auto minute =
                    static_cast<std::uint32_t>((now - std::chrono::floor<std::chrono::days>(now)) / 1min);
                const auto& q = *w.rule.quiet;
                ASSERT_FALSE(q.from_minute < q.to_minute ? q.from_minute <= minute && minute < q.to_minute
                                                         : q.from_minute <= minute || minute < q.to_minute)
                    << "seed " << seed << ' ' << to_string(now);
                ASSERT_EQ(outcome == repeated, announced) << "the first of a firing is no repetition";
                told = now;
            }
            ASSERT_FALSE(event_of(outcome) && (outcome == alert_outcome::reset) == beyond);
            firing = beyond || (firing && outcome != alert_outcome::reset);
            announced = firing && (announced || notifies(outcome));
            ASSERT_EQ(w.state.phase == alert_phase::fired, firing) << "seed " << seed;
            ASSERT_EQ(w.state.fired_at.has_value(), firing);
            ASSERT_EQ(w.state.notified_at, told);
            ASSERT_EQ(w.state.evaluated_at, now);
            ASSERT_FALSE(w.reason.empty());
        }
    }
    EXPECT_GT(told_in_all, 10'000U);
}

TEST(alerting, history_keeps_what_happened_and_not_what_went_on) {
    EXPECT_EQ(event_of(fired), alert_event_kind::fired);
    EXPECT_EQ(event_of(repeated), alert_event_kind::repeated);
    EXPECT_EQ(event_of(held_back), alert_event_kind::held_back);
    EXPECT_EQ(event_of(alert_outcome::reset), alert_event_kind::reset);
    for (const auto o : {nothing_to_measure, too_few_samples, not_certain, fine, waiting, still_firing})
        EXPECT_EQ(event_of(o), std::nullopt);
}

// --- Rules that mean something

TEST(alerting, what_a_rule_can_mean_is_accepted) {
    using enum alert_area;
    using enum alert_operator;
    for (const auto& r : {alert_rule{.threshold = 1}, rule_of(asr, less, 40), rule_of(asr, greater, 0),
                          rule_of(asr, equal, 100), rule_of(balance, less, -1e12), rule_of(balance, equal, 0.5),
                          rule_of(acd, less_or_equal, 0), rule_of(channels, greater, 1e12), rule_of(cps, equal, 7)})
        EXPECT_EQ(field_refused(r), "") << to_string(r.area) << to_string(r.op) << r.threshold;
    auto r = rule_of(asr, less, 40);
    r.reset_threshold = 40;
    EXPECT_EQ(field_refused(r), "");
    r.reset_threshold = 99.99;
    EXPECT_EQ(field_refused(r), "");
    r.quiet = quiet_hours{1'439, 0, "America/St_Johns"};
    EXPECT_EQ(field_refused(r), "");
    for (const duration d : {duration(1min), duration(31 * 24h)}) {
        r.sample_period = r.repeat_period = d;
        EXPECT_EQ(field_refused(r), "");
    }
}

TEST(alerting, what_no_rule_can_mean_is_refused_by_its_field) {
    using enum alert_area;
    using enum alert_operator;
    const auto but = [](const std::function<void(alert_rule&)>& change) {
        auto r = rule_of(balance, less, 10);
        change(r);
        return field_refused(r);
    };
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(but([](auto& r) { r.area = static_cast<alert_area>(8); }), "area");
    EXPECT_EQ(but([](auto& r) { r.op = static_cast<alert_operator>(5); }), "op");
    EXPECT_EQ(but([](auto& r) { r.level = static_cast<severity>(9); }), "level");
    for (const double bad : {nan, infinity, -infinity, 1.01e12, -1.01e12}) {
        EXPECT_EQ(but([&](auto& r) { r.threshold = bad; }), "threshold") << bad;
        EXPECT_EQ(but([&](auto& r) { r.reset_threshold = bad; }), "reset_threshold") << bad;
    }
    for (const duration bad : {duration(0), duration(-1min), duration(59s), duration(61s), duration(1min + 1ms),
                               duration(31 * 24h + 1min), duration::max(), duration::min()})
        EXPECT_EQ(but([&](auto& r) { r.sample_period = bad; }), "sample_period") << bad.count();
    for (const duration bad : {duration(0), duration(-1h), duration(59s), duration(31 * 24h + 1ms), duration::max()})
        EXPECT_EQ(but([&](auto& r) { r.repeat_period = bad; }), "repeat_period") << bad.count();
    EXPECT_EQ(but([](auto& r) { r.quiet = quiet_hours{1'440, 0, {}}; }), "quiet");
    EXPECT_EQ(but([](auto& r) { r.quiet = quiet_hours{0, 1'440, {}}; }), "quiet");
    EXPECT_EQ(but([](auto& r) { r.quiet = quiet_hours{60, 60, {}}; }), "quiet");
    EXPECT_EQ(but([](auto& r) { r.quiet = quiet_hours{60, 120, "Europe/Atlantis"}; }), "zone");
}

TEST(alerting, a_rule_that_could_never_fire_is_refused) {
    using enum alert_area;
    using enum alert_operator;
    for (const auto area : {asr, acd, pdd, cps, channels, consecutive_failures, daily_spend}) {
        EXPECT_EQ(field_refused(rule_of(area, less, 0)), "threshold") << to_string(area);
        EXPECT_EQ(field_refused(rule_of(area, less, -1)), "threshold") << to_string(area);
        EXPECT_EQ(field_refused(rule_of(area, equal, -1)), "threshold") << to_string(area);
    }
    for (const auto area : {cps, channels, consecutive_failures})
        EXPECT_EQ(field_refused(rule_of(area, equal, 2.5)), "threshold") << to_string(area);
    // No number of calls is certain to come from an ASR of 0 % or of 100 %.
    EXPECT_EQ(field_refused(rule_of(asr, less_or_equal, 0)), "threshold");
    EXPECT_EQ(field_refused(rule_of(asr, greater_or_equal, 100)), "threshold");
    EXPECT_EQ(field_refused(rule_of(asr, greater, 100)), "threshold");
    EXPECT_EQ(field_refused(rule_of(asr, less, 100.01)), "threshold");
    EXPECT_EQ(field_refused(rule_of(asr, equal, 100.01)), "threshold");
}

TEST(alerting, a_reset_threshold_that_could_never_be_passed_is_refused) {
    using enum alert_area;
    using enum alert_operator;
    const auto with_reset = [](alert_area area, alert_operator op, double threshold, double reset) {
        auto r = rule_of(area, op, threshold);
        r.reset_threshold = reset;
        return field_refused(r);
    };
    EXPECT_EQ(with_reset(balance, less, 10, 9.99), "reset_threshold");
    EXPECT_EQ(with_reset(balance, greater, 10, 10.01), "reset_threshold");
    EXPECT_EQ(with_reset(balance, equal, 10, 10), "reset_threshold");
    EXPECT_EQ(with_reset(asr, less, 40, 100), "reset_threshold");
    EXPECT_EQ(with_reset(balance, greater, 10, -10), "");
    for (const auto area : {asr, acd, pdd, cps, channels, consecutive_failures, daily_spend}) {
        EXPECT_EQ(with_reset(area, greater, 10, 0), "reset_threshold") << to_string(area);
        EXPECT_EQ(with_reset(area, greater, 10, 0.5), "") << to_string(area);
    }
}

TEST(alerting, what_a_rule_remembers_is_of_its_condition) {
    const auto r = rule_of(alert_area::channels, alert_operator::greater, 10);
    const auto same = [&](const std::function<void(alert_rule&)>& change) {
        auto other = r;
        change(other);
        EXPECT_EQ(same_condition(r, other), same_condition(other, r));
        return same_condition(r, other);
    };
    EXPECT_TRUE(same([](auto&) {}));
    EXPECT_TRUE(same([](auto& o) {
        o.title = "another";
        o.recipients = {"a@b"};
        o.level = severity::error;
        o.repeat_period = 5h;
        o.quiet = quiet_hours{0, 1, {}};
        o.enabled = false;
    }));
    EXPECT_FALSE(same([](auto& o) { o.area = alert_area::cps; }));
    EXPECT_FALSE(same([](auto& o) { o.op = alert_operator::greater_or_equal; }));
    EXPECT_FALSE(same([](auto& o) { o.threshold = 10.01; }));
    EXPECT_FALSE(same([](auto& o) { o.reset_threshold = 10; }));
    EXPECT_FALSE(same([](auto& o) { o.sample_period = 2h; }));
    EXPECT_FALSE(same([](auto& o) { o.minimum_samples = 2; }));
}

// --- When it looks

TEST(alerting, long_sample_periods_are_looked_at_in_longer_steps) {
    auto r = rule_of(alert_area::asr, alert_operator::less, 40);
    const struct {
        duration period, step;
    } table[] = {{1min, 1min},      {1h, 1min},         {5h - 1min, 1min},  {5h, 5min},
                 {5h + 1min, 1min}, {5h + 5min, 5min},  {24h, 5min},        {48h - 5min, 5min},
                 {48h, 1h},         {48h + 1min, 1min}, {48h + 5min, 5min}, {31 * 24h, 1h}};
    for (const auto& row : table) {
        r.sample_period = row.period;
        EXPECT_EQ(evaluation_step(r), row.step) << row.period.count();
        EXPECT_EQ(row.period % row.step, 0ms);
    }
    for (const auto area : {alert_area::balance, alert_area::daily_spend}) {
        r.area = area;
        EXPECT_EQ(evaluation_step(r), 1min);
    }
}

TEST(alerting, looks_stand_on_whole_steps_since_1970) {
    auto r = rule_of(alert_area::asr, alert_operator::less, 40);
    r.sample_period = 5h;
    EXPECT_EQ(last_evaluation(r, at("2026-03-02T12:34:56.789")), at("2026-03-02T12:30"));
    EXPECT_EQ(last_evaluation(r, at("2026-03-02T12:35")), at("2026-03-02T12:35"));
    EXPECT_EQ(last_evaluation(r, at("1969-12-31T23:59:59.999")), at("1969-12-31T23:55"));
    EXPECT_EQ(last_evaluation(r, at("1969-12-31T23:55")), at("1969-12-31T23:55"));
    r.sample_period = 48h;
    EXPECT_EQ(last_evaluation(r, at("2026-03-02T12:34:56.789")), at("2026-03-02T12:00"));
}

// --- Words

TEST(alerting, values_are_told_with_their_units) {
    using enum alert_area;
    EXPECT_EQ(value_in_words(balance, -12.5, "EUR"), "-12.50 EUR");
    EXPECT_EQ(value_in_words(asr, 33.3333, "EUR"), "33.33 %");
    EXPECT_EQ(value_in_words(acd, 181, "EUR"), "181.00 s");
    EXPECT_EQ(value_in_words(pdd, 2'345.678, "EUR"), "2345.68 ms");
    EXPECT_EQ(value_in_words(cps, 12, "EUR"), "12");
    EXPECT_EQ(value_in_words(channels, 0, "EUR"), "0");
    EXPECT_EQ(value_in_words(channels, 10.5, "EUR"), "10.50") << "a threshold may be broken";
    EXPECT_EQ(value_in_words(consecutive_failures, 1e12, "EUR"), "1000000000000");
    EXPECT_EQ(value_in_words(daily_spend, 1e18, "JPY"), "1000000000000000000.00 JPY");
    EXPECT_EQ(value_in_words(balance, -1.8e29, "EUR").size(), 38U) << "the largest sum there is";
}

TEST(alerting, every_area_and_operator_has_words) {
    for (int a = 0; a <= static_cast<int>(alert_area::daily_spend); ++a)
        EXPECT_NE(area_in_words(static_cast<alert_area>(a)), "unknown") << a;
    const std::string_view words[] = {"below", "at most", "equal to", "at least", "above"};
    for (std::size_t op = 0; op < std::size(words); ++op) {
        watch w{rule_of(alert_area::daily_spend, static_cast<alert_operator>(op), 10)};
        (void)w.look(noon, op == 0 ? 9 : op == 4 ? 11 : 10);
        EXPECT_EQ(w.state.phase, alert_phase::fired);
        EXPECT_TRUE(w.reason.ends_with(", " + std::string(words[op]) + " 10.00 EUR")) << w.reason;
    }
}

TEST(alerting, what_is_fine_says_so) {
    watch w{rule_of(alert_area::asr, alert_operator::less, 40)};
    EXPECT_EQ(w.look_at_calls(noon, 45, 100), fine);
    EXPECT_EQ(w.reason, "ASR is 45.00 % (45 of 100 calls answered), not below 40.00 %");
    EXPECT_EQ(w.look_at_calls(noon, 10, 100), fired);
    EXPECT_EQ(w.reason, "ASR is 10.00 % (10 of 100 calls answered), below 40.00 %");
    EXPECT_EQ(w.look_at_calls(noon, 45, 100), alert_outcome::reset);
    EXPECT_EQ(w.reason, "ASR is 45.00 % (45 of 100 calls answered), no longer below 40.00 %");
}

TEST(alerting, states_have_names) {
    EXPECT_EQ(to_string(alert_phase::armed), "armed");
    EXPECT_EQ(to_string(alert_phase::fired), "fired");
    EXPECT_EQ(to_string(alert_told::nothing), "nothing");
    EXPECT_EQ(to_string(alert_told::held_back), "held_back");
    EXPECT_EQ(to_string(alert_told::notified), "notified");
}
