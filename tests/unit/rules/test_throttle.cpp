#include "rules/session_life.hpp"
#include "rules/throttle.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace {

const instant noon = std::chrono::sys_days(std::chrono::days(20'000)) + 12h;

duration wait_of(const failure_count& f, instant now) { return may_try(f, now, most_strange_failures).wait; }

} // namespace

TEST(throttle, five_failures_are_free_then_the_wait_doubles_up_to_15_minutes) {
    failure_count f;
    for (std::uint32_t i = 0; i < free_failures; ++i) {
        EXPECT_EQ(may_try(f, noon, most_strange_failures), gate_state()) << i;
        count_failure(f, noon);
    }
    for (const auto s : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900}) {
        EXPECT_EQ(may_try(f, noon, most_strange_failures), (gate_state{gate::waiting, std::chrono::seconds(s)}));
        EXPECT_EQ(wait_of(f, noon + std::chrono::seconds(s) - 1ms), 1ms);
        EXPECT_EQ(may_try(f, noon + std::chrono::seconds(s), most_strange_failures).gate, gate::open);
        count_failure(f, noon);
    }
    EXPECT_EQ(delay_after(~0U), longest_delay);
}

TEST(throttle, a_login_closes_after_a_hundred_failures_of_which_strangers_have_ninety) {
    EXPECT_EQ(most_strange_failures + most_familiar_failures, 100U);
    failure_count f;
    instant now = noon;
    for (std::uint32_t i = 0; i < most_strange_failures; ++i, now += longest_delay) {
        ASSERT_EQ(may_try(f, now, most_strange_failures).gate, gate::open) << i;
        count_failure(f, now);
    }
    EXPECT_EQ(may_try(f, now + 10'000h, most_strange_failures), (gate_state{gate::closed, {}}));
}

TEST(throttle, a_clock_set_back_makes_nobody_wait_longer_than_the_delay) {
    failure_count f{7, noon};
    EXPECT_EQ(wait_of(f, noon - 10'000h), 4s);
    EXPECT_EQ(wait_of(f, noon + 10'000h), 0s);
}

TEST(throttle, a_bucket_gives_a_burst_and_then_one_token_each_refill) {
    const bucket_limits limits{3, 10s};
    token_bucket b;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(take_token(b, limits, noon), 0ms);
    EXPECT_EQ(take_token(b, limits, noon), 10s);
    EXPECT_EQ(take_token(b, limits, noon + 9s), 1s);
    EXPECT_EQ(take_token(b, limits, noon + 10s), 0ms);
    EXPECT_EQ(take_token(b, limits, noon + 15s), 5s) << "what was waited for counts on";
    EXPECT_EQ(take_token(b, limits, noon + 20s), 0ms);
    EXPECT_FALSE(is_full(b, limits, noon + 49s));
    EXPECT_TRUE(is_full(b, limits, noon + 50s));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(take_token(b, limits, noon + 1h), 0ms) << "no more than the burst is saved up";
    EXPECT_NE(take_token(b, limits, noon + 1h), 0ms);
}

TEST(throttle, a_token_given_back_can_be_taken_again) {
    const bucket_limits limits{1, 10s};
    token_bucket b;
    give_back(b);
    EXPECT_EQ(take_token(b, limits, noon), 0ms);
    give_back(b);
    EXPECT_EQ(take_token(b, limits, noon), 0ms);
    EXPECT_EQ(take_token(b, limits, noon), 10s);
}

TEST(throttle, a_clock_set_back_empties_no_bucket_for_longer) {
    const bucket_limits limits{1, 10s};
    token_bucket b;
    EXPECT_EQ(take_token(b, limits, noon), 0ms);
    EXPECT_EQ(take_token(b, limits, noon - 5h), 10s);
    EXPECT_EQ(take_token(b, limits, noon - 5h + 10s), 0ms);
}

TEST(throttle, a_source_is_an_ipv4_address_or_a_64_of_ipv6) {
    EXPECT_EQ(source_of("192.0.2.7"), source_of("::ffff:192.0.2.7"));
    EXPECT_NE(source_of("192.0.2.7"), source_of("192.0.2.8"));
    EXPECT_EQ(source_of("2001:db8:1:2::7"), source_of("2001:db8:1:2:ffff::8"));
    EXPECT_NE(source_of("2001:db8:1:2::7"), source_of("2001:db8:1:3::7"));
    EXPECT_EQ(source_of(""), "");
    EXPECT_EQ(source_of("unix:/run/x"), "unix:/run/x");
    EXPECT_EQ(source_of(std::string(100, 'x')), std::string(64, 'x'));
}

TEST(session_life, a_session_ends_after_30_idle_minutes_and_12_hours_in_any_case) {
    EXPECT_TRUE(is_session_live(noon, noon, noon + 30min - 1ms));
    EXPECT_FALSE(is_session_live(noon, noon, noon + 30min));
    EXPECT_TRUE(is_session_live(noon, noon + 11h + 50min, noon + 12h - 1ms));
    EXPECT_FALSE(is_session_live(noon, noon + 11h + 50min, noon + 12h));
    EXPECT_EQ(session_end(noon, noon), noon + 30min);
    EXPECT_EQ(session_end(noon, noon + 11h + 50min), noon + 12h);
}

TEST(session_life, a_clock_set_back_by_half_an_hour_ends_sessions) {
    EXPECT_TRUE(is_session_live(noon, noon, noon - 29min));
    EXPECT_FALSE(is_session_live(noon, noon, noon - 30min));
}

TEST(session_life, a_use_is_written_once_a_minute) {
    EXPECT_FALSE(is_use_due(noon, noon + 59s));
    EXPECT_TRUE(is_use_due(noon, noon + 60s));
    EXPECT_FALSE(is_use_due(noon, noon - 59s));
    EXPECT_TRUE(is_use_due(noon, noon - 61s)) << "the clock was set back";
}
