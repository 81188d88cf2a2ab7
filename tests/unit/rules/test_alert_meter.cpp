#include "model/call_view.hpp"
#include "rules/alert_meter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace lineside::rules {
void PrintTo(const observation& o, std::ostream* out) {
    *out << lineside::to_string(o.at) << " value ";
    if (o.value)
        *out << *o.value;
    *out << " hits " << o.hits << " samples " << o.samples;
}
} // namespace lineside::rules

namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t cent = 10'000'000; // nanos
constexpr alert_area areas[] = {alert_area::balance,
                                alert_area::asr,
                                alert_area::acd,
                                alert_area::pdd,
                                alert_area::cps,
                                alert_area::channels,
                                alert_area::consecutive_failures,
                                alert_area::daily_spend};

const instant midnight = std::chrono::sys_days(std::chrono::days(20'000));
const instant noon = midnight + 12h;

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }
std::int64_t day_of(std::int64_t t) { return std::chrono::floor<std::chrono::days>(duration(t)).count(); }

call_facts failed(instant start, instant end, call_outcome outcome = call_outcome::busy) {
    call_facts c;
    c.start = ms(start);
    c.end = ms(end);
    c.talk = outcome == call_outcome::answered ? c.end - c.start : 0;
    c.pdd = c.billed = c.charge = absent;
    c.outcome = outcome;
    return c;
}
call_facts answered(instant start, instant end) { return failed(start, end, call_outcome::answered); }
call_facts charged(call_facts c, std::int64_t nanos) {
    c.charge = nanos;
    return c;
}
call_facts with_pdd(call_facts c, std::int64_t pdd) {
    c.pdd = pdd;
    return c;
}
call_facts uncovered(call_facts c) {
    c.attempts_known = false;
    return c;
}

alert_meter meter_of(alert_area area, duration period, instant first) { return {area, period, 1min, first}; }

// --- An oracle: it keeps everything and counts anew at each look.

struct oracle {
    alert_area area;
    std::int64_t period;
    std::vector<call_facts> calls{};
    std::map<std::int64_t, std::uint64_t> peaks{};
    std::vector<std::pair<std::int64_t, std::int64_t>> credits{};

    [[nodiscard]] std::vector<call_facts> that_ended_in_period(std::int64_t t) const {
        std::vector<call_facts> some;
        std::copy_if(calls.begin(), calls.end(), std::back_inserter(some), [&](const call_facts& c) {
            return c.end != absent && c.end != still_live && c.end > t - period && c.end <= t;
        });
        return some;
    }

    [[nodiscard]] observation look(instant at) const {
        const auto t = ms(at);
        observation seen{.at = at};
        const auto ended = that_ended_in_period(t);
        const auto of_ended = [&](auto numerator, auto counts, double scale) {
            double sum = 0;
            for (const auto& c : ended)
                if (counts(c)) {
                    sum += static_cast<double>(numerator(c));
                    ++seen.samples;
                }
            if (seen.samples > 0)
                seen.value = sum * scale / static_cast<double>(seen.samples);
        };
        const auto is_answered = [](const call_facts& c) { return c.outcome == call_outcome::answered; };
        const auto any = [](const call_facts&) { return true; };
        switch (area) {
        case alert_area::asr:
            of_ended([&](const call_facts& c) { return is_answered(c) ? 1 : 0; }, any, 100);
            seen.hits = static_cast<std::uint64_t>(std::count_if(ended.begin(), ended.end(), is_answered));
            if (!std::all_of(ended.begin(), ended.end(), [](const call_facts& c) { return c.attempts_known; }))
                seen.value.reset();
            break;
        case alert_area::acd: of_ended([](const call_facts& c) { return c.talk; }, is_answered, 1e-3); break;
        case alert_area::pdd:
            of_ended([](const call_facts& c) { return c.pdd; }, [](const call_facts& c) { return c.pdd != absent; }, 1);
            break;
        case alert_area::cps: {
            std::map<std::int64_t, std::uint64_t> seconds;
            for (const auto& c : calls)
                if (c.end != absent && c.start >= t - period && c.start < t) {
                    ++seconds[std::chrono::floor<std::chrono::seconds>(duration(c.start)).count()];
                    ++seen.samples;
                }
            std::uint64_t most = 0;
            for (const auto& [second, n] : seconds)
                most = std::max(most, n);
            seen.value = static_cast<double>(most);
            break;
        }
        case alert_area::channels: {
            std::uint64_t most = 0;
            for (const auto& [begin, n] : peaks)
                if (begin >= t - period && begin < t)
                    most = std::max(most, n);
            seen.value = static_cast<double>(most);
            break;
        }
        case alert_area::consecutive_failures: {
            auto sorted = ended;
            std::sort(sorted.begin(), sorted.end(), [&](const call_facts& a, const call_facts& b) {
                return std::tuple(a.end, a.start, is_answered(a)) < std::tuple(b.end, b.start, is_answered(b));
            });
            seen.samples = sorted.size();
            std::uint64_t row = 0;
            for (const auto& c : sorted)
                row = is_answered(c) ? 0 : row + 1;
            if (sorted.empty() ||
                std::any_of(sorted.begin(), sorted.end(), [](const call_facts& c) { return c.attempts_known; }))
                seen.value = static_cast<double>(row);
            break;
        }
        case alert_area::balance: {
            nanos128 sum = 0;
            for (const auto& [when, amount] : credits)
                sum += when <= t ? amount : 0;
            for (const auto& c : calls)
                if (c.end != absent && c.end != still_live && c.end <= t && c.charge != absent)
                    sum -= c.charge;
            seen.value = static_cast<double>(sum) / 1e9;
            break;
        }
        case alert_area::daily_spend: {
            nanos128 sum = 0;
            for (const auto& c : calls)
                if (c.end != absent && c.end <= t && day_of(c.start) == day_of(t - 1)) {
                    sum += c.charge == absent ? 0 : c.charge;
                    ++seen.samples;
                }
            seen.value = static_cast<double>(sum) / 1e9;
            break;
        }
        }
        return seen;
    }
};

void expect_same(const observation& a, const observation& b, unsigned seed) {
    ASSERT_EQ(a.at, b.at);
    ASSERT_EQ(a.value.has_value(), b.value.has_value()) << "seed " << seed << ' ' << to_string(a.at);
    if (a.value) {
        ASSERT_NEAR(*a.value, *b.value, 1e-9 * std::max(1.0, std::abs(*b.value)))
            << "seed " << seed << ' ' << to_string(a.at);
    }
    ASSERT_EQ(a.hits, b.hits) << "seed " << seed;
    ASSERT_EQ(a.samples, b.samples) << "seed " << seed << ' ' << to_string(a.at);
}

} // namespace

TEST(alert_meter, says_what_counting_anew_says_whatever_comes_in_whatever_order) {
    for (const auto area : areas)
        for (unsigned seed = 1; seed <= 90; ++seed) {
            std::mt19937_64 random(seed);
            const auto below = [&](std::int64_t n) {
                return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
            };
            const std::int64_t step = minute_ms * (seed % 5 == 0 ? 5 : 1);
            const auto period = step * (1 + below(40));
            // Now and then before 1970, and always across a midnight.
            const auto base = ms(midnight) * (seed % 4 == 0 ? 0 : 1) - below(3) * 15 * step;
            const auto first =
                std::chrono::floor<std::chrono::minutes>(duration(base)).count() * minute_ms / step * step;
            const auto length = (seed % 9 == 0 ? 2 * day_ms : 2 * period) + step;
            // Times that lie on edges as often as not.
            const auto some_time = [&] {
                const auto t = first - 2 * period + below(length + 3 * period);
                return random() % 2 == 0 ? t
                                         : std::chrono::floor<std::chrono::minutes>(duration(t)).count() * minute_ms;
            };

            alert_meter meter(area, duration(period), duration(step), instant(duration(first)));
            oracle all{area, period};
            std::vector<call_facts> to_come(static_cast<std::size_t>(below(400)));
            for (auto& c : to_come) {
                c.start = some_time();
                const auto kind = below(20);
                c.end = kind == 0 ? absent : kind == 1 ? still_live : kind < 5 ? c.start : c.start + below(2 * period);
                c.outcome = random() % 3 == 0 ? call_outcome::answered : call_outcome::busy;
                c.talk = c.outcome == call_outcome::answered ? below(500'000) : 0;
                c.pdd = random() % 3 == 0 ? absent : below(9'000);
                c.charge = random() % 4 == 0 ? absent : below(100) * cent;
                c.attempts_known = seed % 2 == 0 || random() % 50 != 0;
            }
            if (area == alert_area::balance) {
                all.credits.emplace_back(first - 2 * period, 5'000 * cent);
                for (auto i = below(20); i > 0; --i)
                    all.credits.emplace_back(some_time(), below(10'000) * cent);
                for (const auto& [t, amount] : all.credits)
                    meter.credit(instant(duration(t)), amount);
            }
            // Most are told at once in no order, the others as late as they may be.
            const auto known = [&](const call_facts& c) { return area == alert_area::cps ? c.start + 1 : c.end; };
            std::vector<call_facts> late;
            for (const auto& c : to_come) {
                all.calls.push_back(c);
                if (random() % 3 == 0 && known(c) > first)
                    late.push_back(c);
                else
                    meter.add(c);
            }
            std::sort(late.begin(), late.end(),
                      [&](const call_facts& a, const call_facts& b) { return known(a) < known(b); });
            auto next_late = late.begin();
            std::int64_t next_peak = ms(meter.earliest());
            for (auto t = first; t <= first + length; t += step * (random() % 10 == 0 ? 1 + below(30) : 1)) {
                for (; next_late != late.end() && known(*next_late) <= t; ++next_late)
                    meter.add(*next_late);
                if (area == alert_area::channels)
                    for (; next_peak < t; next_peak += step)
                        if (random() % 3 != 0) {
                            const auto n = static_cast<std::uint64_t>(below(100));
                            meter.peak(instant(duration(next_peak)), n);
                            all.peaks[next_peak] = n;
                        }
                const instant at(duration{t});
                ASSERT_NO_FATAL_FAILURE(expect_same(meter.look(at), all.look(at), seed)) << to_string(area);
            }
        }
}

TEST(alert_meter, nothing_told_is_nothing_to_measure_or_nothing_happened) {
    for (const auto area : areas) {
        auto m = meter_of(area, 1h, noon);
        observation nothing{.at = noon};
        if (area != alert_area::asr && area != alert_area::acd && area != alert_area::pdd)
            nothing.value = 0;
        EXPECT_EQ(m.look(noon), nothing) << to_string(area);
        nothing.at = noon + 24h * 400;
        EXPECT_EQ(m.look(nothing.at), nothing) << to_string(area);
    }
}

TEST(alert_meter, calls_count_by_their_end_from_after_the_period_began_to_its_end) {
    auto m = meter_of(alert_area::asr, 1h, noon);
    EXPECT_EQ(m.earliest(), noon - 1h);
    m.add(answered(noon - 3h, noon - 1h));
    m.add(answered(noon - 3h, noon - 1h + 1ms));
    m.add(failed(noon - 1min, noon));
    m.add(failed(noon - 1min, noon + 1ms));
    EXPECT_EQ(m.look(noon), (observation{noon, 50, 1, 2}));
    EXPECT_EQ(m.look(noon + 1min), (observation{noon + 1min, 0, 0, 2}));
    EXPECT_EQ(m.look(noon + 1h), (observation{noon + 1h, 0, 0, 1})) << "the one of noon is out of it";
}

TEST(alert_meter, calls_in_progress_count_for_nothing_but_cps) {
    for (const auto area : areas) {
        auto m = meter_of(area, 1h, noon);
        auto c = charged(with_pdd(answered(noon - 1min, noon), 100), cent);
        c.end = absent;
        m.add(c);
        EXPECT_EQ(m.look(noon).samples, 0U) << to_string(area);
        c.end = still_live;
        m.add(c);
        auto told = meter_of(area, 1h, noon);
        told.add(c);
        EXPECT_EQ(told.look(noon).samples, area == alert_area::cps ? 1U : 0U) << to_string(area);
    }
}

TEST(alert_meter, ratios_are_of_what_is_reported) {
    auto acd = meter_of(alert_area::acd, 1h, noon);
    auto pdd = meter_of(alert_area::pdd, 1h, noon);
    for (auto* m : {&acd, &pdd}) {
        m->add(with_pdd(answered(noon - 10min, noon - 9min), 1'000));
        m->add(answered(noon - 10min, noon - 7min));
        m->add(with_pdd(failed(noon - 10min, noon - 1min), 2'000));
        m->add(with_pdd(failed(noon - 10min, noon - 1min), 0));
    }
    EXPECT_EQ(acd.look(noon), (observation{noon, 120, 0, 2})) << "seconds of the answered";
    EXPECT_EQ(pdd.look(noon), (observation{noon, 1'000, 0, 3})) << "of those that report it, 0 included";
}

TEST(alert_meter, an_asr_is_not_reported_where_one_source_records_no_failed_attempts) {
    auto m = meter_of(alert_area::asr, 10min, noon);
    m.add(uncovered(answered(noon - 10min, noon - 9min)));
    m.add(failed(noon - 2min, noon - 1min));
    EXPECT_EQ(m.look(noon), (observation{noon, std::nullopt, 1, 2}));
    EXPECT_EQ(m.look(noon + 5min), (observation{noon + 5min, 0, 0, 1})) << "it is out of it";
}

TEST(alert_meter, a_row_of_failures_is_not_reported_where_no_source_records_failed_attempts) {
    auto m = meter_of(alert_area::consecutive_failures, 10min, noon);
    m.add(uncovered(answered(noon - 10min, noon - 9min)));
    EXPECT_EQ(m.look(noon), (observation{noon, std::nullopt, 0, 1}));
    m.add(failed(noon, noon + 1min));
    EXPECT_EQ(m.look(noon + 1min).value, 1) << "what others record is a row";
}

TEST(alert_meter, cps_is_the_busiest_second_of_calls_that_started) {
    auto m = meter_of(alert_area::cps, 1min, noon);
    EXPECT_EQ(m.earliest(), noon - 1min);
    for (const auto offset : {0ms, 999ms, 1'000ms, 1'999ms, 1'500ms, 59'999ms, 60'000ms, 60'000ms, 60'000ms, 60'000ms})
        m.add(failed(noon - 1min + offset, noon + 1h));
    m.add(failed(noon - 1min - 1ms, noon));
    EXPECT_EQ(m.look(noon), (observation{noon, 3, 0, 6}));
    EXPECT_EQ(m.look(noon + 1min), (observation{noon + 1min, 4, 0, 4}));
    EXPECT_EQ(m.look(noon + 2min), (observation{noon + 2min, 0, 0, 0}));
}

TEST(alert_meter, channels_are_the_most_of_the_steps_in_the_period) {
    auto m = meter_of(alert_area::channels, 3min, noon);
    m.peak(noon - 4min, 99);
    m.peak(noon - 3min, 5);
    m.peak(noon - 2min, 7);
    m.peak(noon - 2min, 6);
    m.peak(noon - 1min, 2);
    EXPECT_EQ(m.look(noon).value, 7);
    EXPECT_EQ(m.look(noon + 1min).value, 7);
    m.peak(noon + 1min, 3);
    EXPECT_EQ(m.look(noon + 2min).value, 3);
    EXPECT_EQ(m.look(noon + 5min).value, 0);
}

TEST(alert_meter, a_row_of_failures_is_counted_back_from_the_last_that_ended) {
    auto m = meter_of(alert_area::consecutive_failures, 10min, noon);
    m.add(failed(noon - 9min, noon - 1min));
    m.add(answered(noon - 2min, noon - 90s));
    m.add(failed(noon - 3min, noon - 2min));
    m.add(failed(noon - 30s, noon - 20s));
    EXPECT_EQ(m.look(noon), (observation{noon, 2, 0, 4}));
    m.add(failed(noon, noon + 1s));
    EXPECT_EQ(m.look(noon + 1min).value, 3);
    m.add(answered(noon, noon + 90s));
    EXPECT_EQ(m.look(noon + 2min).value, 0);
    EXPECT_EQ(m.look(noon + 1h), (observation{noon + 1h, 0, 0, 0}));
}

TEST(alert_meter, a_row_is_no_longer_than_the_sample_period) {
    auto m = meter_of(alert_area::consecutive_failures, 10min, noon);
    for (auto t = noon - 10min; t < noon; t += 1min)
        m.add(failed(t, t + 30s));
    EXPECT_EQ(m.look(noon).value, 10);
    EXPECT_EQ(m.look(noon + 4min).value, 6);
    EXPECT_EQ(m.look(noon + 10min).value, 0);
}

TEST(alert_meter, of_calls_that_end_together_the_later_started_comes_last) {
    for (const bool turned : {false, true}) {
        auto m = meter_of(alert_area::consecutive_failures, 10min, noon);
        const auto first = turned ? failed(noon - 2min, noon - 1min) : answered(noon - 5min, noon - 1min);
        const auto second = turned ? answered(noon - 5min, noon - 1min) : failed(noon - 2min, noon - 1min);
        m.add(first);
        m.add(second);
        EXPECT_EQ(m.look(noon).value, 1);
    }
}

TEST(alert_meter, a_spend_is_of_the_utc_day_and_at_midnight_of_the_one_that_ends) {
    auto m = meter_of(alert_area::daily_spend, 1h, midnight - 2min);
    EXPECT_EQ(m.earliest(), midnight - 24h);
    m.add(charged(answered(midnight - 24h - 1ms, midnight - 20h), 1'000 * cent)); // the day before
    m.add(charged(answered(midnight - 24h, midnight - 20h), 100 * cent));
    m.add(answered(midnight - 5h, midnight - 4h)); // reports none
    m.add(charged(answered(midnight - 1min, midnight), 20 * cent));
    m.add(charged(answered(midnight - 1min, midnight + 1ms), 3'000 * cent)); // across midnight: of neither
    m.add(charged(answered(midnight, midnight + 30s), 7 * cent));
    EXPECT_EQ(m.look(midnight - 2min), (observation{midnight - 2min, 1.0, 0, 2}));
    EXPECT_EQ(m.look(midnight), (observation{midnight, 1.2, 0, 3}));
    EXPECT_EQ(m.look(midnight + 1min), (observation{midnight + 1min, 0.07, 0, 1}));
    EXPECT_EQ(m.look(midnight + 24h), (observation{midnight + 24h, 0.07, 0, 1}));
    EXPECT_EQ(m.look(midnight + 24h + 1min), (observation{midnight + 24h + 1min, 0, 0, 0}));
}

TEST(alert_meter, a_call_of_no_length_at_midnight_is_of_the_day_that_begins) {
    for (const auto first : {midnight - 5min, midnight}) {
        auto m = meter_of(alert_area::daily_spend, 1h, first);
        m.add(charged(failed(midnight, midnight), 5 * cent));
        EXPECT_EQ(m.look(midnight).value, 0);
        EXPECT_EQ(m.look(midnight + 1min).value, 0.05);
    }
}

TEST(alert_meter, a_balance_is_what_was_there_and_payments_less_charges) {
    auto m = meter_of(alert_area::balance, 1h, noon);
    m.credit(noon - 100h, 1'000 * cent);
    m.credit(noon, 500 * cent);
    m.credit(noon + 1ms, 20 * cent);
    m.add(charged(answered(noon - 200h, noon - 100h), 100 * cent));
    m.add(charged(answered(noon - 1min, noon), 5 * cent));
    m.add(charged(answered(noon - 1min, noon + 1min), 300 * cent));
    EXPECT_EQ(m.look(noon).value, 13.95);
    EXPECT_EQ(m.look(noon + 1min).value, 11.15);
    // What is told late is missing from no later look.
    m.add(charged(answered(noon - 3min, noon - 2min), 15 * cent));
    m.credit(noon - 1h, 100 * cent);
    EXPECT_EQ(m.look(noon + 2min).value, 12);
}

TEST(alert_meter, large_sums_are_exact) {
    auto m = meter_of(alert_area::balance, 1h, noon);
    constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
    m.credit(noon - 1h, nanos128(largest) * 1'000 + 40'000'000);
    for (int i = 0; i < 1'000; ++i)
        m.add(charged(answered(noon - 1min, noon), largest));
    EXPECT_EQ(m.look(noon).value, 0.04);
}

TEST(alert_meter, what_is_told_after_the_look_at_which_it_was_known_changes_no_later_look) {
    for (const auto area : {alert_area::asr, alert_area::acd, alert_area::pdd, alert_area::cps,
                            alert_area::consecutive_failures, alert_area::daily_spend}) {
        auto m = meter_of(area, 1h, noon);
        auto same = meter_of(area, 1h, noon);
        (void)m.look(noon);
        (void)same.look(noon);
        m.add(charged(with_pdd(failed(noon - 1min, noon - 30s), 100), cent));
        EXPECT_EQ(m.look(noon + 1min), same.look(noon + 1min)) << to_string(area);
    }
}

TEST(alert_meter, how_many_looks_there_were_before_changes_nothing) {
    std::mt19937_64 random(1);
    for (const auto area : areas) {
        auto often = meter_of(area, 30min, noon);
        auto once = meter_of(area, 30min, noon);
        for (int i = 0; i < 500; ++i) {
            const auto start = noon + duration(static_cast<std::int64_t>(random() % (4 * 3'600 * second_ms)));
            auto c = charged(with_pdd(random() % 2 == 0 ? answered(start, start + 90s) : failed(start, start + 5s),
                                      static_cast<std::int64_t>(random() % 5'000)),
                             cent);
            for (auto* m : {&often, &once}) {
                m->add(c);
                m->peak(std::chrono::floor<std::chrono::minutes>(start), static_cast<std::uint64_t>(i));
            }
        }
        for (auto t = noon; t < noon + 3h; t += 1min)
            (void)often.look(t);
        EXPECT_EQ(often.look(noon + 3h), once.look(noon + 3h)) << to_string(area);
    }
}
