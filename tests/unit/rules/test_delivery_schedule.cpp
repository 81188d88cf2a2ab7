#include "rules/delivery_schedule.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace {

const instant noon = std::chrono::sys_days(std::chrono::days(20'000)) + 12h;

} // namespace

TEST(delivery_schedule, success_is_2xx_and_410_wants_no_more) {
    for (const unsigned status : {200U, 201U, 202U, 204U, 299U})
        EXPECT_EQ(result_of_status(status), delivery_result::delivered) << status;
    for (const unsigned status :
         {0U, 100U, 101U, 199U, 300U, 301U, 302U, 307U, 308U, 400U, 401U, 404U, 409U, 411U, 429U, 500U, 503U, 999U})
        EXPECT_EQ(result_of_status(status), delivery_result::failed) << status;
    EXPECT_EQ(result_of_status(410), delivery_result::gone);
}

TEST(delivery_schedule, eight_attempts_wait_longer_and_longer_and_then_it_is_given_up) {
    const duration waits[] = {0s, 5s, 5min, 30min, 2h, 5h, 10h, 10h};
    static_assert(std::size(waits) == most_attempts);
    for (std::uint32_t failed = 0; failed < most_attempts; ++failed)
        EXPECT_EQ(next_attempt(failed, noon, 0), noon + waits[failed]) << failed;
    for (const std::uint32_t failed : {most_attempts, most_attempts + 1, ~0U})
        EXPECT_EQ(next_attempt(failed, noon, 0), std::nullopt) << failed;
}

TEST(delivery_schedule, chance_makes_a_wait_up_to_a_fifth_longer) {
    EXPECT_EQ(next_attempt(1, noon, 1), noon + 6s);
    EXPECT_EQ(next_attempt(1, noon, 0.5), noon + 5'500ms);
    EXPECT_EQ(next_attempt(7, noon, 1), noon + 12h);
    EXPECT_EQ(next_attempt(0, noon, 1), noon) << "the first attempt waits for nothing";
    EXPECT_EQ(next_attempt(1, noon, 17), noon + 6s);
    EXPECT_EQ(next_attempt(1, noon, -17), noon + 5s);
}
