#include "integration/contract/contract.hpp"

#include <algorithm>
#include <cmath>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(query_series);

const instant noon = at("2026-03-10T12:00:00Z");

class oracle {
public:
    oracle(portal& p, const std::vector<call>& calls) : portal_(p), calls_(calls) {}

    void expect(metric m, time_range range, time_step step, const std::string& zone) {
        SCOPED_TRACE(testing::Message() << to_string(m) << " by " << to_string(step) << " in " << zone << ", "
                                        << to_string(range.from) << " to " << to_string(range.to));
        const auto s = portal_.async_query_series({acme, m, range, step, zone, 0}, block);
        const auto edges = walk_edges(zone, range, step);
        ASSERT_EQ(s.time, std::vector(edges.begin(), edges.end() - 1));
        EXPECT_EQ(s.unit, unit_of(m));
        EXPECT_EQ(s.zone, zone);
        ASSERT_EQ(s.offset_s.size(), s.time.size());
        ASSERT_EQ(s.value.size(), s.time.size());
        ASSERT_EQ(s.numerator.size(), s.time.size());
        ASSERT_EQ(s.denominator.size(), s.time.size());
        ASSERT_EQ(s.open_calls.size(), s.time.size());
        ASSERT_EQ(s.amount.size(), m == metric::charge ? s.time.size() : 0);
        for (std::size_t i = 0; i < s.time.size(); ++i) {
            const auto wanted = measure(calls_, m, {edges[i], edges[i + 1]});
            ASSERT_EQ(s.numerator[i], wanted.numerator) << to_string(s.time[i]);
            ASSERT_EQ(s.denominator[i], wanted.denominator) << to_string(s.time[i]);
            ASSERT_EQ(s.open_calls[i], wanted.open_calls) << to_string(s.time[i]);
            expect_value(s, i);
        }
    }

    static void expect_value(const series& s, std::size_t i) {
        if (s.denominator[i] == 0) {
            EXPECT_TRUE(std::isnan(s.value[i]));
            return;
        }
        const double scale = s.unit == "%"                                         ? 100
                             : s.metric == metric::acd || s.metric == metric::talk ? 1e-3
                             : s.metric == metric::charge                          ? 1e-9
                             : s.metric == metric::cps_avg                         ? 1e3
                                                                                   : 1;
        const double wanted = static_cast<double>(s.numerator[i]) * scale / static_cast<double>(s.denominator[i]);
        EXPECT_NEAR(s.value[i], wanted, std::abs(wanted) * 1e-12);
        if (s.metric == metric::charge) {
            EXPECT_EQ(s.amount[i].units * 1'000'000'000 + s.amount[i].nanos, s.numerator[i]);
            EXPECT_EQ(s.amount[i].currency, "EUR");
        }
    }

private:
    portal& portal_;
    const std::vector<call>& calls_;
};

TEST_P(query_series, every_metric_at_every_step_is_what_the_calls_say) {
    random_calls random(1);
    const time_range range{noon - days(9), noon};
    const auto calls = random.within(range, 900);
    (void)import({calls.begin(), calls.begin() + 700});
    (void)import({calls.begin() + 700, calls.end()});
    oracle o(lineside(), calls);
    for (const auto m : every_metric) {
        o.expect(m, {range.from + hours(1) + seconds(17), range.from + hours(3)}, time_step::minute, "UTC");
        o.expect(m, {range.from + minutes(7), range.from + days(1)}, time_step::five_minutes, "UTC");
        for (const auto step : {time_step::hour, time_step::day, time_step::week, time_step::month})
            o.expect(m, {range.from - days(1), range.to + days(5)}, step, "UTC");
        o.expect(m, {range.from + days(2), range.from + days(3)}, time_step::hour, "UTC");
        o.expect(m, {range.from + days(2) + duration(1), range.from + days(2) + duration(2)}, time_step::day, "UTC");
    }
}

struct change_of_clocks {
    const char* zone;
    const char* when;
};

constexpr change_of_clocks changes[] = {
    {"Europe/Kyiv", "2026-03-29T01:00:00Z"},         {"Europe/Kyiv", "2025-10-26T01:00:00Z"},
    {"Australia/Lord_Howe", "2026-04-04T15:00:00Z"}, {"Australia/Lord_Howe", "2025-10-04T15:30:00Z"},
    {"America/New_York", "2026-03-08T07:00:00Z"},    {"America/New_York", "2025-11-02T06:00:00Z"},
    {"Asia/Kolkata", "2026-03-08T18:30:00Z"}, // never changes, and is half an hour off
    {"Asia/Kathmandu", "2026-03-08T18:15:00Z"},
};

TEST_P(query_series, every_step_follows_the_wall_clock_over_its_changes) {
    for (const auto& [zone, when] : changes) {
        const time_range around{at(when) - days(3), at(when) + days(3)};
        random_calls random(2);
        const account_id account(zone + std::string(when));
        auto calls = random.within(around, 250, acme);
        // One portal for all zones would do, but each has calls of its own.
        clock.set(around.to);
        const auto host = GetParam().open(settings);
        (void)host->get().async_import_calls({calls}, block);
        oracle o(host->get(), calls);
        for (const auto m : {metric::attempts, metric::live_channels, metric::live_channels_avg, metric::acd,
                             metric::charge, metric::cps_peak, metric::dtmf_percent}) {
            o.expect(m, around, time_step::hour, zone);
            o.expect(m, around, time_step::day, zone);
        }
        for (const auto m : {metric::talk, metric::live_channels}) {
            o.expect(m, {at(when) - hours(3), at(when) + hours(3)}, time_step::minute, zone);
            o.expect(m, {at(when) - hours(30), at(when) + hours(3)}, time_step::five_minutes, zone);
            o.expect(m, around, time_step::week, zone);
            o.expect(m, {around.from - days(40), around.to + days(40)}, time_step::month, zone);
        }
    }
}

TEST_P(query_series, days_of_23_and_25_hours_are_one_bucket) {
    (void)import({failed_call("1", at("2026-03-29T00:30:00Z"))});
    const auto s = lineside().async_query_series({acme,
                                                  metric::attempts,
                                                  {at("2026-03-28T12:00:00Z"), at("2026-03-30T12:00:00Z")},
                                                  time_step::day,
                                                  "Europe/Kyiv"},
                                                 block);
    ASSERT_EQ(s.time.size(), 3U);
    EXPECT_EQ(s.time[1], at("2026-03-28T22:00:00Z"));
    EXPECT_EQ(s.time[2], at("2026-03-29T21:00:00Z"));
    EXPECT_EQ(s.offset_s, (std::vector<std::int32_t>{7'200, 7'200, 10'800}));
    EXPECT_EQ(s.numerator, (std::vector<std::int64_t>{0, 1, 0}));
}

TEST_P(query_series, the_zone_is_the_accounts_unless_the_query_names_one) {
    account a;
    a.id = acme;
    a.time_zone = "America/New_York";
    (void)lineside().async_create_account(a, block);
    series_query q{acme, metric::attempts, {noon, noon + days(1)}, time_step::day};
    EXPECT_EQ(lineside().async_query_series(q, block).zone, "America/New_York");
    EXPECT_EQ(lineside().async_query_series(q, block).time.front(), at("2026-03-10T04:00:00Z"));
    q.zone = "UTC";
    EXPECT_EQ(lineside().async_query_series(q, block).time.front(), at("2026-03-10T00:00:00Z"));
    q.zone = "Mars/Olympus";
    (void)failure_of([&] { return lineside().async_query_series(q, block); }, errc::invalid_argument);
}

TEST_P(query_series, calls_belong_to_their_start_but_occupy_channels_to_their_end) {
    // From an hour before midnight for three days and two hours.
    (void)import({answered_call("long", at("2026-03-01T23:00:00Z"), days(3) + hours(2))});
    const time_range range{at("2026-03-01T00:00:00Z"), at("2026-03-06T00:00:00Z")};
    const auto numerators = [&](metric m) {
        return lineside().async_query_series({acme, m, range, time_step::day, "UTC"}, block).numerator;
    };
    EXPECT_EQ(numerators(metric::attempts), (std::vector<std::int64_t>{1, 0, 0, 0, 0}));
    EXPECT_EQ(numerators(metric::talk), (std::vector<std::int64_t>{days(3).count() + hours(2).count(), 0, 0, 0, 0}));
    EXPECT_EQ(numerators(metric::live_channels), (std::vector<std::int64_t>{1, 1, 1, 1, 1}));
    EXPECT_EQ(numerators(metric::live_channels_avg),
              (std::vector<std::int64_t>{hours(1).count(), days(1).count(), days(1).count(), days(1).count(),
                                         hours(1).count() + 5'000}));
}

TEST_P(query_series, a_call_that_ends_as_another_starts_needs_no_second_channel) {
    auto a = answered_call("a", noon, seconds(55)); // until a minute past
    auto b = answered_call("b", *a.end_time, seconds(55));
    auto nothing = failed_call("c", noon + seconds(3));
    nothing.end_time = nothing.start_time;
    (void)import({a, b, nothing});
    const auto s = lineside().async_query_series(
        {acme, metric::live_channels, {noon, noon + minutes(3)}, time_step::minute, "UTC"}, block);
    EXPECT_EQ(s.numerator, (std::vector<std::int64_t>{1, 1, 0}));
}

TEST_P(query_series, what_is_not_reported_is_null_and_not_zero) {
    (void)import({failed_call("1", noon)});
    const time_range range{noon, noon + hours(2)};
    const auto is_null = [&](metric m) {
        const auto s = lineside().async_query_series({acme, m, range, time_step::hour, "UTC"}, block);
        return std::pair(std::isnan(s.value[0]), std::isnan(s.value[1]));
    };
    EXPECT_EQ(is_null(metric::asr), std::pair(false, true));
    EXPECT_EQ(is_null(metric::acd), std::pair(true, true));
    EXPECT_EQ(is_null(metric::pdd), std::pair(true, true));
    EXPECT_EQ(is_null(metric::charge), std::pair(true, false)) << "no calls cost nothing";
    (void)import({answered_call("2", noon, seconds(1))});
    EXPECT_EQ(is_null(metric::dtmf_calls), std::pair(true, false));
    EXPECT_EQ(is_null(metric::acd), std::pair(false, true));
}

TEST_P(query_series, fewer_points_keep_sums_and_peaks) {
    random_calls random(3);
    const time_range range{noon - days(5), noon};
    const auto calls = random.within(range, 600);
    (void)import(calls);
    for (const auto m : every_metric) {
        const series_query q{acme, m, range, time_step::hour, "Europe/Kyiv"};
        const auto all = lineside().async_query_series(q, block);
        for (const std::uint32_t points : {1U, 2U, 7U, 60U, 119U, 120U, 121U, 10'000U}) {
            SCOPED_TRACE(testing::Message() << to_string(m) << " in " << points);
            auto fewer = q;
            fewer.max_points = points;
            const auto s = lineside().async_query_series(fewer, block);
            ASSERT_EQ(s.time.size(), std::min<std::size_t>(points, all.time.size()));
            ASSERT_EQ(s.time.front(), all.time.front());
            const auto end = all.time.back() + hours(1);
            for (std::size_t i = 0; i < s.time.size(); ++i) {
                const time_range bucket{s.time[i], i + 1 < s.time.size() ? s.time[i + 1] : end};
                ASSERT_TRUE(std::binary_search(all.time.begin(), all.time.end(), bucket.from));
                const auto wanted = measure(calls, m, bucket);
                ASSERT_EQ(s.numerator[i], wanted.numerator);
                ASSERT_EQ(s.denominator[i], wanted.denominator);
                ASSERT_EQ(s.open_calls[i], wanted.open_calls);
                oracle::expect_value(s, i);
            }
        }
    }
}

TEST_P(query_series, impossible_ranges_are_refused) {
    (void)import({failed_call("1", noon)});
    const auto refused = [&](time_range range, time_step step) {
        EXPECT_EQ(failure_of(
                      [&] {
                          return lineside().async_query_series({acme, metric::asr, range, step}, block);
                      },
                      errc::invalid_argument)
                      .field,
                  "range");
    };
    refused({}, time_step::day);
    refused({noon, noon}, time_step::minute);
    refused({noon, noon - days(1)}, time_step::minute);
    refused({noon - days(700), noon + days(700)}, time_step::minute); // more than a million buckets
    for (const auto step : {time_step::minute, time_step::month}) {   // beyond the calendar
        refused({instant::min(), instant::max()}, step);
        refused({instant::min(), instant::min() + hours(1)}, step);
        refused({instant::max() - hours(1), instant::max()}, step);
    }
    EXPECT_EQ(lineside()
                  .async_query_series({acme, metric::asr, {noon - days(690), noon}, time_step::minute}, block)
                  .time.size(),
              690U * 24 * 60);
}

} // namespace
} // namespace lineside::contract
