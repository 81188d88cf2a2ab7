#include "rules/metrics.hpp"
#include "rules/selection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

cell hour(std::uint64_t attempts, std::uint64_t answered, std::uint64_t talk_s) {
    cell c;
    c.attempts = attempts;
    c.answered = answered;
    c.talk_ms = talk_s * 1'000;
    return c;
}

cell charged(nanos128 nanos) {
    cell c = hour(1, 0, 0);
    c.charge_reported = 1;
    c.charge = nanos;
    return c;
}

void expect(const std::vector<cell>& rows, summary_column column, std::uint64_t count, const char* sum,
            const char* average, const char* true_average) {
    const auto s = select(rows, column);
    EXPECT_EQ(s.column, to_string(column));
    EXPECT_EQ(s.count, count);
    EXPECT_EQ(s.sum, std::optional<std::string>(sum));
    EXPECT_EQ(s.average_of_values, std::optional<std::string>(average));
    EXPECT_EQ(s.true_average, std::optional<std::string>(true_average));
}

void expect_nothing(const std::vector<cell>& rows, summary_column column) {
    EXPECT_EQ(select(rows, column),
              (selection_statistics{std::string(to_string(column)), 0, std::nullopt, std::nullopt, std::nullopt}));
}

const std::vector<cell> acceptance = {hour(1'000, 100, 6'000), hour(10, 9, 2'700)};

} // namespace

TEST(selection, average_of_averages_stands_beside_the_true_one) {
    expect(acceptance, summary_column::asr, 2, "100.00", "50.00", "10.79");
    expect(acceptance, summary_column::acd_s, 2, "360.00", "180.00", "79.82");
}

TEST(selection, of_counts_both_averages_are_those_of_the_rows) {
    expect(acceptance, summary_column::attempts, 2, "1010", "505.00", "505.00");
    expect(acceptance, summary_column::answered, 2, "109", "54.50", "54.50");
}

TEST(selection, talk_is_summed_to_the_millisecond) {
    cell c = hour(1, 1, 1);
    c.talk_ms = 1'001;
    expect({c, c, c}, summary_column::talk_s, 3, "3.003", "1.00", "1.00");
    expect(acceptance, summary_column::talk_s, 2, "8700.00", "4350.00", "4350.00");
    c.talk_ms = 1'005;
    expect({c}, summary_column::talk_s, 1, "1.005", "1.01", "1.01");
}

TEST(selection, nulls_leave_count_sum_and_averages) {
    cell uncovered = hour(50, 50, 100);
    uncovered.uncovered = 50;
    expect({acceptance[0], hour(0, 0, 0), uncovered, acceptance[1]}, summary_column::asr, 2, "100.00", "50.00",
           "10.79");
    expect({acceptance[0], hour(7, 0, 0), acceptance[1]}, summary_column::acd_s, 2, "360.00", "180.00", "79.82");
}

TEST(selection, without_a_value_there_is_no_text) {
    expect_nothing({}, summary_column::attempts);
    expect_nothing({hour(0, 0, 0)}, summary_column::asr);
    expect_nothing({hour(3, 0, 0)}, summary_column::acd_s);
    expect_nothing({hour(3, 1, 0)}, summary_column::charge);
    expect_nothing({hour(3, 1, 0)}, summary_column::billed_s);
    expect_nothing({hour(3, 1, 0)}, summary_column::dtmf_calls);
    expect_nothing({hour(3, 1, 0)}, summary_column::dtmf_percent);
}

TEST(selection, an_hour_without_calls_has_counts_and_sums_of_zero) {
    expect({cell()}, summary_column::attempts, 1, "0", "0.00", "0.00");
    expect({cell()}, summary_column::talk_s, 1, "0.00", "0.00", "0.00");
    expect({cell()}, summary_column::billed_s, 1, "0.00", "0.00", "0.00");
    expect({cell()}, summary_column::charge, 1, "0.00", "0.00", "0.00");
}

TEST(selection, shown_values_are_rounded_before_they_are_summed) {
    expect(std::vector(3, hour(3, 1, 1)), summary_column::asr, 3, "99.99", "33.33", "33.33");
    expect(std::vector(3, hour(800, 1, 1)), summary_column::asr, 3, "0.39", "0.13", "0.13");
}

TEST(selection, money_is_exact_and_its_average_rounded_half_up_to_nanos) {
    expect({charged(10'500'000'000), charged(1)}, summary_column::charge, 2, "10.500000001", "5.250000001",
           "5.250000001");
    expect({charged(-1), charged(0)}, summary_column::charge, 2, "-0.000000001", "0.00", "0.00");
    expect({charged(-3), charged(0)}, summary_column::charge, 2, "-0.000000003", "-0.000000001", "-0.000000001");
    expect({charged(-12'000'000'000)}, summary_column::charge, 1, "-12.00", "-12.00", "-12.00");
    const auto huge = static_cast<nanos128>(9'000'000'000'000'000'000) * 1'000'000'000;
    expect({charged(huge), charged(huge)}, summary_column::charge, 2, "18000000000000000000.00",
           "9000000000000000000.00", "9000000000000000000.00");
}

TEST(selection, dtmf_is_of_the_calls_that_report_their_digits) {
    cell c = hour(10, 8, 100);
    c.dtmf_reported = 3;
    c.dtmf_calls = 2;
    expect({c, hour(5, 5, 5)}, summary_column::dtmf_percent, 1, "66.67", "66.67", "66.67");
    expect({c, hour(5, 5, 5)}, summary_column::dtmf_calls, 1, "2", "2.00", "2.00");
}

TEST(selection, averages_are_those_of_exact_fractions) {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<cell> rows(random() % 20);
        std::int64_t shown = 0;
        std::uint64_t count = 0;
        std::uint64_t attempts = 0;
        std::uint64_t answered = 0;
        for (cell& c : rows) {
            c.attempts = random() % 50;
            c.answered = random() % (c.attempts + 1);
            if (c.attempts == 0)
                continue;
            ++count;
            shown += ratio_hundredths(c.answered, c.attempts, 100);
            attempts += c.attempts;
            answered += c.answered;
        }
        const auto s = select(rows, summary_column::asr);
        ASSERT_EQ(s.count, count) << "seed " << seed;
        if (count == 0)
            continue;
        const auto hundredths = [](const std::optional<std::string>& text) {
            return std::llround(std::stod(text.value()) * 100);
        };
        EXPECT_EQ(hundredths(s.sum), shown) << "seed " << seed;
        EXPECT_EQ(hundredths(s.average_of_values), ratio_hundredths(static_cast<std::uint64_t>(shown), count * 100, 1))
            << "seed " << seed;
        EXPECT_EQ(hundredths(s.true_average), ratio_hundredths(answered, attempts, 100)) << "seed " << seed;
    }
}

TEST(selection, a_row_shows_two_decimals_and_what_is_reported) {
    cell c = hour(3, 2, 0);
    c.talk_ms = 100'005;
    c.billed_reported = 1;
    c.billed_ms = 120'000;
    c.dtmf_reported = 2;
    c.dtmf_calls = 1;
    c.charge_reported = 2;
    c.charge = 1'230'000'000;
    c.open_calls = 4;
    summary_row expected;
    expected.attempts = 3;
    expected.answered = 2;
    expected.asr = 66.67;
    expected.acd_s = 50.0;
    expected.talk_s = 100.005;
    expected.billed_s = 120.0;
    expected.dtmf_calls = 1;
    expected.dtmf_percent = 50.0;
    expected.charge = money{1, 230'000'000, "EUR"};
    expected.currency = "EUR";
    expected.open_calls = 4;
    EXPECT_EQ(shown_row(c, "EUR"), expected);
}

TEST(selection, a_row_leaves_unset_what_nobody_reports) {
    const summary_row row = shown_row(hour(3, 1, 60), "EUR");
    EXPECT_FALSE(row.billed_s);
    EXPECT_FALSE(row.dtmf_calls);
    EXPECT_FALSE(row.dtmf_percent);
    EXPECT_FALSE(row.charge);
    const summary_row empty = shown_row({}, "EUR");
    EXPECT_FALSE(empty.asr);
    EXPECT_FALSE(empty.acd_s);
    EXPECT_EQ(empty.charge, (money{0, 0, "EUR"}));
    EXPECT_EQ(empty.dtmf_calls, 0U);
}
