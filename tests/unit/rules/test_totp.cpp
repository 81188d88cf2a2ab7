#include "rules/totp.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

using namespace lineside;
using namespace lineside::rules;

namespace {

const std::string key_20 = "12345678901234567890";
const std::string key_32 = "12345678901234567890123456789012";
const std::string key_64 = key_20 + key_20 + key_20 + "1234";

constexpr totp_parameters eight(totp_hash h) { return {h, 8, std::chrono::seconds(30)}; }

instant at(std::int64_t seconds) { return instant(std::chrono::seconds(seconds)); }

std::string code_at(std::int64_t seconds, std::int64_t steps_later = 0) {
    return hotp(key_20, static_cast<std::uint64_t>(totp_step(at(seconds)) + steps_later));
}

} // namespace

TEST(totp, the_vectors_of_rfc_4226_hold) {
    const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                           "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t counter = 0; counter < std::size(codes); ++counter)
        EXPECT_EQ(hotp(key_20, counter), codes[counter]);
}

TEST(totp, the_vectors_of_rfc_6238_hold) {
    struct vector {
        std::int64_t time;
        const char* sha1;
        const char* sha256;
        const char* sha512;
    };
    for (const auto& v : {vector{59, "94287082", "46119246", "90693936"}, //
                          vector{1111111109, "07081804", "68084774", "25091201"},
                          vector{1111111111, "14050471", "67062674", "99943326"},
                          vector{1234567890, "89005924", "91819424", "93441116"},
                          vector{2000000000, "69279037", "90698825", "38618901"},
                          vector{20000000000, "65353130", "77737706", "47863826"}}) {
        const auto step = static_cast<std::uint64_t>(totp_step(at(v.time)));
        EXPECT_EQ(hotp(key_20, step, eight(totp_hash::sha1)), v.sha1);
        EXPECT_EQ(hotp(key_32, step, eight(totp_hash::sha256)), v.sha256);
        EXPECT_EQ(hotp(key_64, step, eight(totp_hash::sha512)), v.sha512);
    }
}

TEST(totp, a_step_is_thirty_seconds_from_1970_on) {
    EXPECT_EQ(totp_step(at(0)), 0);
    EXPECT_EQ(totp_step(at(29) + duration(999)), 0);
    EXPECT_EQ(totp_step(at(30)), 1);
    EXPECT_EQ(totp_step(at(-1)), -1);
    EXPECT_EQ(totp_step(at(-30)), -1);
    EXPECT_EQ(totp_step(at(-31)), -2);
    EXPECT_EQ(totp_step(at(60), {totp_hash::sha1, 6, std::chrono::seconds(60)}), 1);
}

TEST(totp, the_step_before_and_the_one_after_are_accepted_and_no_other) {
    constexpr std::int64_t now = 1'700'000'010;
    for (const std::int64_t later : {-1, 0, 1})
        EXPECT_EQ(accept_totp(key_20, code_at(now, later), at(now), {}), totp_step(at(now)) + later);
    for (const std::int64_t later : {-3, -2, 2, 3})
        EXPECT_EQ(accept_totp(key_20, code_at(now, later), at(now), {}), std::nullopt);
}

TEST(totp, a_code_is_accepted_once) {
    constexpr std::int64_t now = 1'700'000'010;
    const auto step = accept_totp(key_20, code_at(now), at(now), {});
    ASSERT_TRUE(step);
    EXPECT_FALSE(accept_totp(key_20, code_at(now), at(now), step));
    EXPECT_FALSE(accept_totp(key_20, code_at(now, -1), at(now), step)) << "nor an older one";
    EXPECT_EQ(accept_totp(key_20, code_at(now, 1), at(now), step), *step + 1);
    EXPECT_FALSE(accept_totp(key_20, code_at(now), at(now + 30), step)) << "nor in the next window";
}

TEST(totp, a_clock_set_back_makes_no_code_good_again) {
    constexpr std::int64_t now = 1'700'000'010;
    const auto step = accept_totp(key_20, code_at(now), at(now), {});
    ASSERT_TRUE(step);
    for (const std::int64_t back : {30, 60, 3'600, 86'400})
        EXPECT_FALSE(accept_totp(key_20, code_at(now - back), at(now - back), step)) << back;
    EXPECT_TRUE(accept_totp(key_20, code_at(now + 86'400), at(now + 86'400), step)) << "a jump forwards does no harm";
}

TEST(totp, what_is_no_code_is_refused) {
    constexpr std::int64_t now = 1'700'000'010;
    const auto right = code_at(now);
    for (const auto& code : {std::string(), right.substr(1), right + "0", " " + right, std::string("abcdef"),
                             std::string(1000, '0'), right.substr(0, 5) + '\0'})
        EXPECT_FALSE(accept_totp(key_20, code, at(now), {})) << code;
    EXPECT_TRUE(accept_totp({}, hotp({}, static_cast<std::uint64_t>(totp_step(at(now)))), at(now), {}));
}

TEST(totp, there_are_no_codes_from_before_1970) {
    EXPECT_EQ(accept_totp(key_20, hotp(key_20, 0), at(0), {}), 0);
    EXPECT_FALSE(accept_totp(key_20, hotp(key_20, std::numeric_limits<std::uint64_t>::max()), at(0), {}));
    EXPECT_FALSE(accept_totp(key_20, hotp(key_20, 0), at(-100'000), {}));
}

TEST(totp, a_code_that_two_steps_share_is_the_earlier_ones_and_then_the_laters) {
    const totp_parameters one_digit{totp_hash::sha1, 1, std::chrono::seconds(30)};
    const auto code_of = [&](std::int64_t step) { return hotp(key_20, static_cast<std::uint64_t>(step), one_digit); };
    std::int64_t step = 1;
    while (code_of(step) != code_of(step + 1))
        ++step;
    const auto then = at(step * 30);
    EXPECT_EQ(accept_totp(key_20, code_of(step), then, step - 1, one_digit), step);
    EXPECT_EQ(accept_totp(key_20, code_of(step), then, step, one_digit), step + 1);
}
