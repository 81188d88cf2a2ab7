#include "rules/one_time_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <string>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace {

const instant noon = instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 10)) + 12h;

code_state sent_at(instant t) { return after_sending({}, t); }

} // namespace

TEST(one_time_code, is_six_digits_with_its_zeros) {
    EXPECT_EQ(make_code(std::string(8, '\0')), "000000");
    EXPECT_EQ(make_code(std::string(7, '\0') + '\x07'), "000007");
    std::mt19937_64 random(7);
    for (int i = 0; i < 1'000; ++i) {
        std::string bytes(8, '\0');
        std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
        const auto code = make_code(bytes);
        ASSERT_EQ(code.size(), 6U);
        ASSERT_TRUE(std::all_of(code.begin(), code.end(), [](unsigned char c) { return std::isdigit(c) != 0; }));
    }
}

TEST(one_time_code, is_read_with_what_people_put_between_the_digits) {
    EXPECT_EQ(tidy_code("123456"), "123456");
    EXPECT_EQ(tidy_code(" 123-456 "), "123456");
    for (const auto* bad : {"", "12345", "1234567", "12345a", "１２３４５６", "123.456"})
        EXPECT_FALSE(tidy_code(bad)) << bad;
}

TEST(one_time_code, is_accepted_once) {
    auto s = sent_at(noon);
    EXPECT_EQ(try_code(s, true, noon + 1min), code_verdict::accepted);
    EXPECT_EQ(try_code(s, true, noon + 1min), code_verdict::expired);
    EXPECT_FALSE(is_live(s, noon + 1min));
}

TEST(one_time_code, lives_ten_minutes_the_last_instant_excluded) {
    auto s = sent_at(noon);
    auto t = s;
    EXPECT_EQ(try_code(s, true, noon + 10min - 1ms), code_verdict::accepted);
    EXPECT_EQ(try_code(t, true, noon + 10min), code_verdict::expired);
}

TEST(one_time_code, was_never_sent_and_is_not_accepted) {
    code_state s;
    EXPECT_FALSE(is_live(s, noon));
    EXPECT_EQ(try_code(s, true, noon), code_verdict::expired);
}

TEST(one_time_code, takes_five_tries_and_then_not_even_the_right_one) {
    auto s = sent_at(noon);
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(try_code(s, false, noon), code_verdict::wrong);
    auto right = s;
    EXPECT_EQ(try_code(right, true, noon), code_verdict::accepted);
    EXPECT_EQ(try_code(s, false, noon), code_verdict::too_many_tries);
    EXPECT_EQ(try_code(s, true, noon), code_verdict::too_many_tries);
    EXPECT_FALSE(is_live(s, noon));
}

TEST(one_time_code, a_clock_that_was_ahead_keeps_nobody_waiting_and_no_code_alive) {
    constexpr auto year = 24h * 365;
    auto s = sent_at(noon + year);
    EXPECT_LE(next_sending(s, noon), noon);
    EXPECT_FALSE(is_live(s, noon));
    EXPECT_EQ(try_code(s, true, noon), code_verdict::expired);
    for (int i = 0; i < 12; ++i)
        s = after_sending(s, noon + year + i * 1min);
    s = after_sending(s, noon);
    EXPECT_EQ(s.sent, std::vector{noon});
    EXPECT_EQ(try_code(s, true, noon + 1min), code_verdict::accepted);
    // One that is only a little ahead is no reason to send twice in a minute.
    EXPECT_EQ(next_sending(sent_at(noon + 10s), noon), noon + 70s);
}

TEST(one_time_code, a_used_code_stays_used_whatever_the_clock_says) {
    auto s = sent_at(noon);
    EXPECT_EQ(try_code(s, true, noon + 1min), code_verdict::accepted);
    for (const auto t : {noon - 24h, noon - 1min, noon, noon + 2min, noon + 24h * 365, noon})
        EXPECT_EQ(try_code(s, true, t), code_verdict::expired);
}

TEST(one_time_code, one_a_minute_is_sent) {
    const auto s = sent_at(noon);
    EXPECT_EQ(next_sending({}, noon), noon);
    EXPECT_EQ(next_sending(s, noon + 1s), noon + 1min);
    EXPECT_LE(next_sending(s, noon + 1min), noon + 1min);
}

TEST(one_time_code, ten_a_day_are_sent) {
    code_state s;
    for (int i = 0; i < 10; ++i) {
        const auto t = noon + i * 1h;
        ASSERT_LE(next_sending(s, t), t) << i;
        s = after_sending(s, t);
    }
    EXPECT_EQ(next_sending(s, noon + 10h), noon + 24h);
    s = after_sending(s, noon + 24h);
    EXPECT_EQ(s.sent.size(), 10U) << "what is older than a day is forgotten";
    EXPECT_EQ(next_sending(s, noon + 24h + 1min), noon + 25h);
}

TEST(one_time_code, one_that_could_not_be_sent_makes_nobody_wait_and_stays_good) {
    auto s = sent_at(noon);
    EXPECT_EQ(try_code(s, false, noon), code_verdict::wrong);
    s.undelivered = true;
    EXPECT_LE(next_sending(s, noon + 1s), noon + 1s);
    EXPECT_TRUE(keeps_code_before(s, noon + 1s));
    const auto again = after_sending(s, noon + 1s);
    EXPECT_EQ(again.tries, 1U) << "tries at both codes count";
    EXPECT_FALSE(again.undelivered);
    EXPECT_FALSE(keeps_code_before(again, noon + 1min));
    EXPECT_FALSE(keeps_code_before(s, noon + 10min)) << "it is too old";
}

TEST(one_time_code, a_fresh_one_has_all_its_tries) {
    auto s = sent_at(noon);
    for (int i = 0; i < 5; ++i)
        (void)try_code(s, false, noon);
    s = after_sending(s, noon + 1min);
    EXPECT_EQ(try_code(s, true, noon + 1min), code_verdict::accepted);
}
