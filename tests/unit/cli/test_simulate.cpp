#include "cli/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace lineside::cli {
namespace {

using namespace std::chrono_literals;

const instant begin = parse_instant("2026-03-10T12:00:00Z").value();

simulate_options at_rate(std::uint64_t calls_in_1000_s) {
    simulate_options o;
    o.customers = {{account_id("acme"), "EUR"}};
    o.calls_in_1000_s = calls_in_1000_s;
    o.seed = 1;
    o.most_calls = 100'000;
    return o;
}

// What `length` brings, asked for in steps, and the end of all calls.
std::vector<call_event> run(call_simulator& calls, std::chrono::milliseconds length, std::chrono::milliseconds step) {
    std::vector<call_event> all;
    const auto add = [&](std::vector<call_event> some) { all.insert(all.end(), some.begin(), some.end()); };
    for (auto now = begin + step; now < begin + length; now += step)
        add(calls.until(now));
    add(calls.finish(begin + length));
    return all;
}

std::vector<call_event> run(const simulate_options& o, std::chrono::milliseconds length,
                            std::chrono::milliseconds step = 100ms) {
    call_simulator calls(o, begin);
    return run(calls, length, step);
}

std::map<std::string, std::vector<call_event>> by_call(const std::vector<call_event>& events) {
    std::map<std::string, std::vector<call_event>> calls;
    for (const auto& e : events)
        calls[e.call_id].push_back(e);
    return calls;
}

TEST(simulate, the_same_seed_gives_the_same_events_however_often_it_is_asked) {
    const auto all = run(at_rate(5'000), 10min);
    EXPECT_GT(all.size(), 5'000U);
    EXPECT_EQ(all, run(at_rate(5'000), 10min, 7'777ms));
    auto other = at_rate(5'000);
    other.seed = 2;
    EXPECT_NE(all, run(other, 10min));
}

TEST(simulate, every_started_call_ends_once) {
    call_simulator calls(at_rate(20'000), begin);
    const auto told = by_call(run(calls, 10min, 100ms));
    for (const auto& [id, events] : told) {
        std::map<call_event_kind, int> of;
        for (const auto& e : events)
            ++of[e.kind];
        EXPECT_EQ(of[call_event_kind::started], 1) << id;
        EXPECT_EQ(of[call_event_kind::ended], 1) << id;
        EXPECT_LE(of[call_event_kind::answered], 1) << id;
    }
    EXPECT_EQ(calls.figures().started, told.size());
    EXPECT_EQ(calls.figures().ended, told.size());
    EXPECT_EQ(calls.next(), instant::max());
    EXPECT_TRUE(calls.until(begin + 24h).empty());
}

TEST(simulate, the_events_of_a_call_are_in_order_and_each_is_later_than_the_one_before) {
    auto fast = at_rate(20'000);
    fast.speed = 1'000;
    for (const auto& o : {at_rate(20'000), fast}) {
        for (const auto& [id, events] : by_call(run(o, 10min))) {
            std::vector<call_event_kind> kinds;
            for (const auto& e : events)
                if (kinds.empty() || kinds.back() != e.kind)
                    kinds.push_back(e.kind);
            using enum call_event_kind;
            const bool known = kinds == std::vector{started, ended} || kinds == std::vector{started, answered, ended} ||
                               kinds == std::vector{started, answered, digit, ended};
            EXPECT_TRUE(known) << id;
            for (std::size_t i = 1; i < events.size(); ++i)
                EXPECT_LT(events[i - 1].at, events[i].at) << id;
        }
    }
}

TEST(simulate, events_come_in_the_order_of_time_and_not_before_theirs) {
    call_simulator calls(at_rate(20'000), begin);
    instant last = begin;
    for (auto now = begin; now < begin + 5min; now += 250ms)
        for (const auto& e : calls.until(now)) {
            EXPECT_LE(last, e.at);
            EXPECT_GT(e.at + 250ms, now);
            EXPECT_LE(e.at, now);
            last = e.at;
        }
}

TEST(simulate, next_is_when_something_happens) {
    call_simulator calls(at_rate(2'000), begin);
    for (int i = 0; i < 200; ++i) {
        const auto when = calls.next();
        EXPECT_TRUE(calls.until(when - 1ms).empty());
        EXPECT_FALSE(calls.until(when).empty());
    }
}

TEST(simulate, attempts_come_at_the_rate) {
    for (const std::uint64_t rate : {500U, 2'000U, 300'000U}) {
        const auto seconds = 20'000'000 / rate;
        const auto told = by_call(run(at_rate(rate), std::chrono::seconds(seconds), 500ms));
        // Four standard deviations of a Poisson count of 20,000.
        EXPECT_NEAR(static_cast<double>(told.size()), 20'000, 566) << rate;
    }
}

TEST(simulate, looks_like_traffic) {
    auto o = at_rate(20'000);
    o.speed = 10;
    o.customers.push_back({account_id("other"), ""});
    double answered = 0;
    double talk_s = 0;
    double keyed = 0;
    double acme = 0;
    double calls = 0;
    // Calls of the second half may not have ended by themselves.
    for (const auto& [id, events] : by_call(run(o, 40min, 10s))) {
        const auto& first = events.front();
        if (first.at > begin + 20min)
            continue;
        ++calls;
        acme += first.account == account_id("acme");
        EXPECT_EQ(first.rate.has_value(), first.account == account_id("acme"));
        EXPECT_GE(first.destination.size(), 11U);
        if (events[1].kind != call_event_kind::answered)
            continue;
        ++answered;
        talk_s += static_cast<double>((events.back().at - events[1].at).count()) / 1'000 * o.speed;
        keyed += events[2].kind == call_event_kind::digit;
    }
    EXPECT_NEAR(answered / calls, 0.45, 0.01);
    EXPECT_NEAR(talk_s / answered, 180, 180 * 0.04);
    EXPECT_NEAR(keyed / answered, 0.05, 0.006);
    EXPECT_NEAR(acme / calls, 0.5, 0.01);
}

TEST(simulate, speed_shortens_calls_and_not_their_rate) {
    auto fast = at_rate(20'000);
    fast.speed = 10;
    call_simulator real(at_rate(20'000), begin);
    call_simulator quick(fast, begin);
    const auto count = [](call_simulator& calls) {
        (void)calls.until(begin + 1h);
        return calls.figures();
    };
    const auto slow_figures = count(real);
    const auto fast_figures = count(quick);
    EXPECT_NEAR(static_cast<double>(fast_figures.started), static_cast<double>(slow_figures.started), 1'100);
    // In progress are rate x mean length: 20 x (0.45 x 187.5 + 0.55 x 15).
    EXPECT_NEAR(static_cast<double>(slow_figures.in_progress()), 1'850, 200);
    EXPECT_NEAR(static_cast<double>(fast_figures.in_progress()), 185, 50);
}

TEST(simulate, there_are_never_more_calls_than_the_cap) {
    auto o = at_rate(20'000);
    o.most_calls = 7;
    call_simulator calls(o, begin);
    std::uint64_t most = 0;
    std::int64_t live = 0;
    std::int64_t most_told = 0;
    for (auto now = begin; now < begin + 5min; now += 100ms) {
        for (const auto& e : calls.until(now)) {
            live += e.kind == call_event_kind::started ? 1 : e.kind == call_event_kind::ended ? -1 : 0;
            most_told = std::max(most_told, live);
        }
        most = std::max(most, calls.figures().in_progress());
    }
    EXPECT_EQ(most, 7U);
    EXPECT_EQ(most_told, 7);
    EXPECT_GT(calls.figures().left_out, 1'000U);
}

TEST(simulate, its_line_says_how_it_goes) {
    EXPECT_EQ(simulated_line({.started = 24, .answered = 11, .ended = 7, .left_out = 3}, 72'900ms),
              "1:12  17 in progress, 24 started, 11 answered, 7 ended");
}

} // namespace
} // namespace lineside::cli
