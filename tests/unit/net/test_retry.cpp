#include "net/retry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace lineside::net {
namespace {

using namespace std::chrono_literals;
using action = retry_step::action;
using kind = attempt_outcome::kind;

// 2026-03-01T12:00:00Z, a Sunday.
constexpr instant now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + 12h;

// One call with dice that fall as they are told.
struct one_call {
    explicit one_call(retry::call c = retry::call::repeatable, retry_policy p = {}, std::uint32_t dice = 0)
        : policy(p),
          random([dice] { return dice; }),
          call(c) {}

    retry_step resume(attempt_outcome o) { return decision.resume(o, now); }
    retry_step answered(unsigned status, std::string_view retry_after = {}) {
        return resume({kind::answered, status, retry_after});
    }

    retry_policy policy;
    retry::random_numbers random;
    retry::call call;
    retry_quota quota{policy.quota};
    retry decision{policy, quota, random, call};
};

// The longest that a call may have to pause after so many attempts, over every way the dice can fall.
std::chrono::milliseconds longest_pause(unsigned attempts, unsigned status) {
    std::chrono::milliseconds most{-1};
    for (std::uint32_t dice = 0; dice <= 20'000; ++dice) {
        one_call c(retry::call::repeatable, {.attempts = 100}, dice);
        retry_step step;
        for (unsigned i = 0; i < attempts; ++i)
            step = c.answered(status);
        most = std::max(most, step.pause);
    }
    return most;
}

TEST(retry, an_answer_is_the_end) {
    for (const unsigned status : {200U, 204U, 304U, 400U, 401U, 404U, 409U, 500U, 501U, 505U}) {
        one_call c;
        EXPECT_EQ(c.answered(status).act, action::done) << status;
        EXPECT_EQ(c.decision.attempt(), 1U);
    }
}

TEST(retry, answers_that_ask_for_another_time_and_lost_connections_are_tried_three_times) {
    for (const attempt_outcome o :
         {attempt_outcome{kind::answered, 408}, attempt_outcome{kind::answered, 429},
          attempt_outcome{kind::answered, 502}, attempt_outcome{kind::answered, 503},
          attempt_outcome{kind::answered, 504}, attempt_outcome{kind::unsent}, attempt_outcome{kind::lost}}) {
        one_call c;
        EXPECT_EQ(c.resume(o).act, action::send) << o.status;
        EXPECT_EQ(c.decision.attempt(), 2U);
        EXPECT_EQ(c.resume(o).act, action::send);
        EXPECT_EQ(c.decision.attempt(), 3U);
        EXPECT_EQ(c.resume(o).act, action::done);
        EXPECT_EQ(c.decision.attempt(), 3U);
    }
}

TEST(retry, a_call_that_may_be_made_once_is_made_again_only_when_nothing_was_sent) {
    for (const unsigned status : {408U, 429U, 502U, 503U, 504U})
        EXPECT_EQ(one_call(retry::call::once).answered(status).act, action::done);
    EXPECT_EQ(one_call(retry::call::once).resume({kind::lost}).act, action::done);
    EXPECT_EQ(one_call(retry::call::once).resume({kind::unsent}).act, action::send);
}

TEST(retry, what_another_time_does_not_mend_is_the_end) {
    EXPECT_EQ(one_call().resume({kind::final}).act, action::done);
}

TEST(retry, nothing_is_made_again_when_a_part_of_the_answer_is_in_the_callers_hands) {
    EXPECT_EQ(one_call().resume({.came = kind::lost, .taken = true}).act, action::done);
    EXPECT_EQ(one_call().resume({.came = kind::answered, .status = 503, .taken = true}).act, action::done);
}

TEST(retry, the_longest_pause_doubles_up_to_the_cap) {
    EXPECT_EQ(longest_pause(1, 503), 50ms);
    EXPECT_EQ(longest_pause(2, 503), 100ms);
    EXPECT_EQ(longest_pause(3, 503), 200ms);
    EXPECT_EQ(longest_pause(1, 429), 1'000ms);
    EXPECT_EQ(longest_pause(2, 429), 2'000ms);
    EXPECT_EQ(longest_pause(9, 429), 20'000ms);
    EXPECT_EQ(longest_pause(60, 429), 20'000ms) << "nothing overflows";
}

TEST(retry, a_pause_is_any_time_up_to_the_longest) {
    for (std::uint32_t dice = 0; dice <= 50; ++dice)
        EXPECT_EQ(one_call(retry::call::repeatable, {}, dice).answered(503).pause, std::chrono::milliseconds(dice));
    EXPECT_EQ(one_call(retry::call::repeatable, {}, 51).answered(503).act, action::send) << "and none at all";
    EXPECT_LE(one_call(retry::call::repeatable, {}, std::numeric_limits<std::uint32_t>::max()).answered(503).pause,
              50ms);
}

TEST(retry, a_server_that_says_when_is_not_asked_earlier) {
    EXPECT_EQ(one_call().answered(503, "2"), (retry_step{action::wait, 2'000ms}));
    EXPECT_EQ(one_call(retry::call::repeatable, {}, 7).answered(429, "2").pause, 2'007ms);
    EXPECT_EQ(one_call().answered(503, "Sun, 01 Mar 2026 12:00:03 GMT").pause, 3'000ms);
    EXPECT_EQ(one_call().answered(503, "60").pause, 60'000ms);
    EXPECT_EQ(one_call().answered(503, "soon").act, action::send) << "what says nothing counts for nothing";
}

TEST(retry, a_server_that_says_much_later_is_not_asked_again) {
    EXPECT_EQ(one_call().answered(503, "61").act, action::done);
    EXPECT_EQ(one_call().answered(503, "99999999999999999999999").act, action::done);
    EXPECT_EQ(one_call().answered(503, "Mon, 02 Mar 2026 12:00:00 GMT").act, action::done);
}

TEST(retry, the_calls_of_a_client_share_what_they_may_spend) {
    retry_policy policy;
    policy.quota = 30;
    retry_quota quota(policy.quota);
    const retry::random_numbers random = [] { return 0U; };
    const auto fail_once = [&](unsigned status) {
        retry r(policy, quota, random, retry::call::repeatable);
        return r.resume({kind::answered, status}, now).act;
    };
    EXPECT_EQ(fail_once(503), action::send);
    EXPECT_EQ(quota.left(), 16U);
    EXPECT_EQ(fail_once(429), action::send);
    EXPECT_EQ(quota.left(), 11U);
    EXPECT_EQ(fail_once(503), action::done);
    EXPECT_EQ(quota.left(), 11U) << "what is too little is left alone";
    EXPECT_EQ(fail_once(429), action::send);
    EXPECT_EQ(quota.left(), 6U);
}

TEST(retry, what_helped_is_paid_back_and_each_first_success_gives_one) {
    one_call c;
    EXPECT_EQ(c.answered(503).act, action::send);
    EXPECT_EQ(c.answered(429).act, action::send);
    EXPECT_EQ(c.quota.left(), 481U);
    EXPECT_EQ(c.answered(200).act, action::done);
    EXPECT_EQ(c.quota.left(), 486U);
    retry second(c.policy, c.quota, c.random, retry::call::once);
    EXPECT_EQ(second.resume({kind::answered, 200}, now).act, action::done);
    EXPECT_EQ(c.quota.left(), 487U);
    c.quota.give_back(std::numeric_limits<unsigned>::max());
    EXPECT_EQ(c.quota.left(), 500U) << "and no more than there was";
}

TEST(retry, one_attempt_is_one) {
    one_call c(retry::call::repeatable, {.attempts = 1});
    EXPECT_EQ(c.answered(503).act, action::done);
    EXPECT_EQ(c.quota.left(), 500U);
}

// --- Retry-After

TEST(retry_after, is_seconds_or_one_of_three_dates) {
    EXPECT_EQ(parse_retry_after("0", now), 0ms);
    EXPECT_EQ(parse_retry_after("120", now), 120'000ms);
    for (const auto* date :
         {"Sun, 01 Mar 2026 12:01:00 GMT", "Sunday, 01-Mar-26 12:01:00 GMT", "Sun Mar  1 12:01:00 2026"})
        EXPECT_EQ(parse_retry_after(date, now), 60'000ms) << date;
    EXPECT_EQ(parse_retry_after("Tue Mar 31 12:00:00 2026", now), 30 * 24h);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 0ms) << "it has passed";
    EXPECT_EQ(parse_retry_after("Sun, 01 Mar 2026 12:00:60 GMT", now), 60'000ms) << "a leap second";
}

TEST(retry_after, a_year_of_two_digits_is_at_most_fifty_years_ahead) {
    EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now), 0ms) << "1994";
    EXPECT_GT(parse_retry_after("Sunday, 06-Nov-76 08:49:37 GMT", now), 49 * 365 * 24h) << "2076";
    EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-77 08:49:37 GMT", now), 0ms) << "1977";
}

TEST(retry_after, what_is_neither_is_nothing) {
    for (const auto* text : {"",
                             " ",
                             "-1",
                             "+1",
                             "1.5",
                             "1 ",
                             "soon",
                             "Sun",
                             "Sun,",
                             "Sun, 01 Mar 2026",
                             "Sun, 01 Mar 2026 12:01:00",
                             "Sun, 01 Mar 2026 12:01:00 CET",
                             "Sun, 01 Mar 2026 12:01:00 GMT ",
                             "Sun, 31 Feb 2026 12:01:00 GMT",
                             "Sun, 00 Mar 2026 12:01:00 GMT",
                             "Sun, 01 Max 2026 12:01:00 GMT",
                             "Sun, 01 Mar 2026 24:01:00 GMT",
                             "Sun, 01 Mar 2026 12:60:00 GMT",
                             "Sun, 01 Mar 2026 12:01:61 GMT",
                             "Sun, 1 Mar 2026 12:01:00 GMT",
                             "Sunday, 01-Mar-2026 12:01:00 GMT",
                             "Sun Mar 1 12:01:00 2026",
                             "Son, 01 Mar 2026 12:01:00 GMT",
                             "Sun, 01 Mar 2026 12.01.00 GMT",
                             "Sun Mar  1 12:01:00 26"})
        EXPECT_FALSE(parse_retry_after(text, now)) << text;
}

TEST(retry_after, a_number_too_long_to_count_is_a_long_time) {
    EXPECT_GT(parse_retry_after("99999999999999999999999999999999", now), 1h);
    EXPECT_GT(parse_retry_after("9223372036854775807", now), 1h);
}

} // namespace
} // namespace lineside::net
