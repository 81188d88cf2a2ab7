#include "rules/request_rate.hpp"

#include <gtest/gtest.h>

namespace lineside::rules {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr request_rate rate{.burst = 3, .per_second = 2};

TEST(request_rate, a_burst_is_allowed_at_once_and_then_nothing) {
    request_tally tally = 0;
    std::int64_t now = 50 * second;
    for (std::uint32_t left : {2U, 1U, 0U}) {
        const auto v = take_request(tally, rate, now);
        EXPECT_TRUE(v.allowed);
        EXPECT_EQ(v.remaining, left);
    }
    const auto refused = take_request(tally, rate, now);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.remaining, 0U);
    EXPECT_EQ(refused.wait, std::chrono::milliseconds(500));
}

TEST(request_rate, the_wait_it_names_is_enough_and_no_shorter_one_is) {
    request_tally tally = 0;
    for (int i = 0; i < 3; ++i)
        (void)take_request(tally, rate, 0);
    const auto wait = take_request(tally, rate, 0).wait.count();
    auto early = tally;
    EXPECT_FALSE(take_request(early, rate, wait - 1).allowed);
    EXPECT_TRUE(take_request(tally, rate, wait).allowed);
}

TEST(request_rate, a_refused_request_costs_nothing) {
    request_tally tally = 0;
    for (int i = 0; i < 3; ++i)
        (void)take_request(tally, rate, 0);
    const auto before = tally;
    for (int i = 0; i < 100; ++i)
        EXPECT_FALSE(take_request(tally, rate, 0).allowed);
    EXPECT_EQ(tally, before);
}

TEST(request_rate, over_a_long_time_no_more_than_the_rate_and_one_burst_pass) {
    request_tally tally = 0;
    int passed = 0;
    for (std::int64_t now = 0; now < 100 * second; now += second / 50)
        passed += take_request(tally, rate, now).allowed ? 1 : 0;
    EXPECT_EQ(passed, 3 + 199);
}

TEST(request_rate, the_burst_is_whole_again_when_it_says) {
    request_tally tally = 0;
    (void)take_request(tally, rate, 0);
    const auto full = take_request(tally, rate, 0).until_full.count();
    EXPECT_EQ(take_request(tally, rate, full).remaining, 2U);
}

} // namespace

} // namespace lineside::rules
