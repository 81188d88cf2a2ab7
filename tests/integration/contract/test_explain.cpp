#include "integration/contract/contract.hpp"

#include <algorithm>
#include <set>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(explain);

const instant noon = at("2026-03-10T12:00:00Z");
const time_range the_hour{noon, noon + hours(1)};

TEST_P(explain, a_number_is_its_parts_and_the_calls_behind_it) {
    random_calls random(1);
    const time_range range{noon - days(4), noon};
    auto calls = random.within(range, 500);
    (void)import({calls.begin(), calls.begin() + 400});
    (void)import({calls.begin() + 400, calls.end()});
    for (int round = 0; round < 40; ++round) {
        time_range asked{range.from + seconds(random.number(-90'000, 300'000)), {}};
        asked.to = asked.from + seconds(random.number(1, 150'000));
        if (round % 3 == 1) // whole minutes, whole hours
            asked = {std::chrono::floor<std::chrono::minutes>(asked.from),
                     std::chrono::ceil<std::chrono::minutes>(asked.to)};
        if (round % 3 == 2)
            asked = {std::chrono::floor<std::chrono::hours>(asked.from),
                     std::chrono::ceil<std::chrono::hours>(asked.to)};
        for (const auto m : every_metric) {
            SCOPED_TRACE(testing::Message()
                         << to_string(m) << " of " << to_string(asked.from) << " to " << to_string(asked.to));
            const auto e = lineside().async_explain({acme, m, asked, 5'000}, block);
            const auto wanted = measure(calls, m, asked);
            EXPECT_EQ(e.numerator, wanted.numerator);
            EXPECT_EQ(e.denominator, wanted.denominator);
            EXPECT_EQ(e.value.has_value(), wanted.denominator != 0);
            EXPECT_EQ(e.open_calls, wanted.open_calls);
            EXPECT_EQ(e.unit, unit_of(m));
            EXPECT_FALSE(e.numerator_is.empty() || e.denominator_is.empty() || e.policy.empty());
            const bool live = m == metric::live_channels || m == metric::live_channels_avg;
            std::set<std::string> behind;
            for (const auto& c : calls)
                if (c.end_time && (live ? c.start_time<asked.to&& * c.end_time> asked.from && *c.end_time > c.start_time
                                        : asked.contains(c.start_time)))
                    behind.insert(c.call_id + "/" + c.branch);
            EXPECT_EQ(e.call_count, behind.size());
            std::set<std::string> named;
            for (const auto& c : e.calls)
                named.insert(c.call_id + "/" + c.branch);
            EXPECT_EQ(named, behind);
        }
    }
}

TEST_P(explain, names_no_more_calls_than_asked_but_counts_all) {
    std::vector<call> calls;
    for (int i = 0; i < 30; ++i)
        calls.push_back(failed_call(std::to_string(i), noon + seconds(30 - i)));
    (void)import(calls);
    auto e = lineside().async_explain({acme, metric::attempts, the_hour, 3}, block);
    EXPECT_EQ(e.call_count, 30U);
    ASSERT_EQ(e.calls.size(), 3U);
    EXPECT_EQ(e.calls[0].call_id, "29") << "the first by their start";
    e = lineside().async_explain({acme, metric::attempts, the_hour, 0}, block);
    EXPECT_TRUE(e.calls.empty());
    EXPECT_EQ(failure_of(
                  [&] {
                      return lineside().async_explain({acme, metric::asr, the_hour, 5'001}, block);
                  },
                  errc::invalid_argument)
                  .field,
              "limit");
}

TEST_P(explain, coverage_names_each_source_and_what_it_reports) {
    auto a = answered_call("a", noon, seconds(60));
    a.pdd_ms = duration(800);
    a.dtmf_digits = 4;
    auto b = charged(failed_call("b", noon), "0.05");
    auto c = failed_call("c", noon);
    c.source = "switch-2";
    (void)import({a, b, c});
    const auto e = lineside().async_explain({acme, metric::asr, the_hour}, block);
    std::map<std::string, source_coverage> by_source;
    for (const auto& s : e.coverage)
        by_source[s.source] = s;
    ASSERT_EQ(by_source.size(), 2U);
    EXPECT_EQ(by_source["switch-1"], (source_coverage{"switch-1", 2, true, 1, 1, 1}));
    EXPECT_EQ(by_source["switch-2"], (source_coverage{"switch-2", 1, true, 0, 0, 0}));
}

TEST_P(explain, where_failed_attempts_are_missing_asr_and_ner_are_not_reported) {
    (void)import({answered_call("1", noon, seconds(60)), failed_call("2", noon)});
    auto poor = answered_call("3", noon, seconds(60));
    poor.source = "poor";
    (void)import({poor}, attempt_coverage::answered_only);
    for (const auto m : {metric::asr, metric::ner}) {
        const auto e = lineside().async_explain({acme, m, the_hour}, block);
        EXPECT_FALSE(e.value);
        EXPECT_EQ(e.denominator, 0);
        for (const auto& s : e.coverage)
            EXPECT_EQ(s.attempts_known, s.source != "poor");
    }
    EXPECT_EQ(lineside().async_explain({acme, metric::acd, the_hour}, block).value, 60.0);
    const auto row = lineside().async_query_summary({.account = acme, .at = noon}, block).rows.back();
    EXPECT_FALSE(row.asr);
    EXPECT_EQ(row.attempts, 3U);
    // Elsewhere it is as ever.
    (void)import({answered_call("4", noon + hours(1), seconds(60))});
    EXPECT_EQ(lineside().async_explain({acme, metric::asr, {noon + hours(1), noon + hours(2)}}, block).value, 100.0);
    // A day with such an hour in it does not know either.
    EXPECT_FALSE(lineside().async_explain({acme, metric::asr, {noon - hours(12), noon + hours(12)}}, block).value);
}

TEST_P(explain, the_watermark_is_the_latest_start_stored) {
    (void)lineside().async_create_account(account{.id = acme}, block);
    EXPECT_FALSE(lineside().async_explain({acme, metric::asr, the_hour}, block).watermark);
    (void)import({failed_call("1", noon - days(3))});
    EXPECT_EQ(lineside().async_explain({acme, metric::asr, the_hour}, block).watermark, noon - days(3));
    (void)import({failed_call("2", noon + minutes(7))});
    (void)import({failed_call("3", noon - days(9))});
    EXPECT_EQ(lineside().async_explain({acme, metric::asr, the_hour}, block).watermark, noon + minutes(7));
}

// A call that lasts longer than a day, be it in the journal or in columns.
TEST_P(explain, calls_that_started_days_before_are_behind_its_live_channels) {
    const instant start = noon - days(2);
    clock.set(start + minutes(1));
    (void)import({answered_call("long", start, days(4))});
    const time_range third_day{start + days(2), start + days(2) + hours(1)};
    for (const auto now : {clock.now(), start + days(30)}) {
        clock.set(now);
        const auto e = lineside().async_explain({acme, metric::live_channels, third_day}, block);
        EXPECT_EQ(e.value, 1.0);
        EXPECT_EQ(e.call_count, 1U);
        (void)import({failed_call("late", start)}); // moves the journal into columns
    }
}

TEST_P(explain, a_charge_is_an_exact_amount) {
    (void)import({charged(answered_call("1", noon, seconds(1)), "0.000000001"),
                  charged(answered_call("2", noon, seconds(1)), "9000000000"),
                  charged(answered_call("3", noon, seconds(1)), "9000000000.5")});
    const auto e = lineside().async_explain({acme, metric::charge, the_hour}, block);
    EXPECT_EQ(e.amount, (money{18'000'000'000, 500'000'001, "EUR"})) << "more than 64 bits of billionths";
}

TEST_P(explain, a_charge_that_nobody_reports_is_no_amount) {
    (void)import({answered_call("1", noon, seconds(60))});
    const auto e = lineside().async_explain({acme, metric::charge, the_hour}, block);
    EXPECT_FALSE(e.value);
    EXPECT_FALSE(e.amount);
    const auto empty = lineside().async_explain({acme, metric::charge, {noon - hours(1), noon}}, block);
    EXPECT_EQ(to_string(empty.amount.value()), "0.00") << "without calls nothing was charged";
}

TEST_P(explain, ranges_are_of_whole_seconds_and_not_empty) {
    (void)import({failed_call("1", noon)});
    for (const auto range :
         {time_range{noon, noon}, time_range{noon + hours(1), noon}, time_range{noon + duration(1), noon + hours(1)},
          time_range{noon, noon + hours(1) - duration(1)}})
        EXPECT_EQ(failure_of(
                      [&] {
                          return lineside().async_explain({acme, metric::asr, range}, block);
                      },
                      errc::invalid_argument)
                      .field,
                  "range");
}

} // namespace
} // namespace lineside::contract
