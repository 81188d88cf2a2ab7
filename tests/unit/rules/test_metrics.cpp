#include "rules/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

using namespace lineside;
using namespace lineside::rules;

namespace {

constexpr std::int64_t hour = 3'600'000;

void expect_null(const measure& m) {
    EXPECT_EQ(m.numerator, 0);
    EXPECT_EQ(m.denominator, 0);
    EXPECT_TRUE(std::isnan(m.value));
}

void expect_measure(const measure& m, std::int64_t numerator, std::int64_t denominator, double value) {
    EXPECT_EQ(m.numerator, numerator);
    EXPECT_EQ(m.denominator, denominator);
    EXPECT_DOUBLE_EQ(m.value, value);
}

} // namespace

TEST(metrics, ratios_of_an_empty_hour_are_null) {
    for (const metric m : {metric::asr, metric::acd, metric::ner, metric::dtmf_percent, metric::pdd})
        expect_null(measure_of({}, m, hour));
}

TEST(metrics, counts_of_an_empty_hour_are_zero) {
    for (const metric m : {metric::live_channels, metric::attempts, metric::answered, metric::dtmf_calls,
                           metric::dtmf_digits, metric::cps_peak, metric::talk, metric::charge})
        expect_measure(measure_of({}, m, hour), 0, 1, 0);
    for (const metric m : {metric::live_channels_avg, metric::cps_avg})
        expect_measure(measure_of({}, m, hour), 0, hour, 0);
}

TEST(metrics, each_is_its_parts) {
    cell c;
    c.attempts = 8;
    c.open_calls = 1;
    c.answered = 3;
    c.effective = 6;
    c.talk_ms = 90'000;
    c.dtmf_reported = 2;
    c.dtmf_calls = 1;
    c.dtmf_digits = 5;
    c.pdd_ms = 700;
    c.pdd_reported = 2;
    c.cps_peak = 4;
    c.live_peak = 9;
    c.live_ms = 1'800'000;
    c.charge_reported = 1;
    c.charge = 1'500'000'000;
    expect_measure(measure_of(c, metric::attempts, hour), 8, 1, 8);
    expect_measure(measure_of(c, metric::answered, hour), 3, 1, 3);
    expect_measure(measure_of(c, metric::asr, hour), 3, 8, 37.5);
    expect_measure(measure_of(c, metric::acd, hour), 90'000, 3, 30);
    expect_measure(measure_of(c, metric::ner, hour), 6, 8, 75);
    expect_measure(measure_of(c, metric::dtmf_calls, hour), 1, 1, 1);
    expect_measure(measure_of(c, metric::dtmf_digits, hour), 5, 1, 5);
    expect_measure(measure_of(c, metric::dtmf_percent, hour), 1, 2, 50);
    expect_measure(measure_of(c, metric::pdd, hour), 700, 2, 350);
    expect_measure(measure_of(c, metric::cps_peak, hour), 4, 1, 4);
    expect_measure(measure_of(c, metric::cps_avg, hour), 9, hour, 9 / 3'600.0);
    expect_measure(measure_of(c, metric::live_channels, hour), 9, 1, 9);
    expect_measure(measure_of(c, metric::live_channels_avg, hour), 1'800'000, hour, 0.5);
    expect_measure(measure_of(c, metric::talk, hour), 90'000, 1, 90);
    expect_measure(measure_of(c, metric::charge, hour), 1'500'000'000, 1, 1.5);
}

TEST(metrics, asr_of_a_source_without_failed_attempts_is_null_and_not_100) {
    cell c;
    c.attempts = c.answered = c.effective = c.uncovered = 5;
    c.talk_ms = 10'000;
    expect_null(measure_of(c, metric::asr, hour));
    expect_null(measure_of(c, metric::ner, hour));
    expect_measure(measure_of(c, metric::acd, hour), 10'000, 5, 2);
}

TEST(metrics, what_nobody_reports_is_null) {
    cell c;
    c.attempts = c.answered = 1;
    for (const metric m : {metric::charge, metric::dtmf_calls, metric::dtmf_digits, metric::dtmf_percent, metric::pdd})
        expect_null(measure_of(c, m, hour));
}

TEST(metrics, a_charge_beyond_64_bits_saturates) {
    cell c;
    c.charge_reported = 1;
    c.charge = static_cast<nanos128>(std::numeric_limits<std::int64_t>::max()) * 4;
    EXPECT_EQ(measure_of(c, metric::charge, hour).numerator, std::numeric_limits<std::int64_t>::max());
    c.charge = -c.charge;
    EXPECT_EQ(measure_of(c, metric::charge, hour).numerator, std::numeric_limits<std::int64_t>::min());
}

TEST(metrics, money_keeps_one_sign) {
    EXPECT_EQ(to_money(1'250'000'000, "EUR"), (money{1, 250'000'000, "EUR"}));
    EXPECT_EQ(to_money(-1'250'000'000, "EUR"), (money{-1, -250'000'000, "EUR"}));
    EXPECT_EQ(to_money(-1, ""), (money{0, -1, ""}));
}

TEST(metrics, ratios_are_rounded_half_up) {
    EXPECT_EQ(ratio_hundredths(1, 3, 100), 3'333);
    EXPECT_EQ(ratio_hundredths(2, 3, 100), 6'667);
    EXPECT_EQ(ratio_hundredths(1, 800, 100), 13); // 0.125
    EXPECT_EQ(ratio_hundredths(109, 1'010, 100), 1'079);
    EXPECT_EQ(ratio_hundredths(1, 1, 100), 10'000);
    EXPECT_EQ(ratio_hundredths(0, 7, 100), 0);
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(ratio_hundredths(most, most, 100), 10'000);
    EXPECT_EQ(ratio_hundredths(most, 1, 100), std::numeric_limits<std::int64_t>::max());
}

TEST(metrics, a_rounded_ratio_is_never_further_than_half_a_hundredth) {
    for (unsigned seed = 1; seed <= 10'000; ++seed) {
        std::mt19937_64 random(seed);
        const std::uint64_t d = 1 + random() % 1'000'000;
        const std::uint64_t n = random() % (d + 1);
        const std::int64_t r = ratio_hundredths(n, d, 100);
        // 2 |n * 10,000 - r * d| <= d, and an exact half goes up.
        const std::int64_t off = 2 * (static_cast<std::int64_t>(n) * 10'000 - r * static_cast<std::int64_t>(d));
        ASSERT_LT(off, static_cast<std::int64_t>(d)) << "seed " << seed;
        ASSERT_GE(off, -static_cast<std::int64_t>(d)) << "seed " << seed;
    }
}
