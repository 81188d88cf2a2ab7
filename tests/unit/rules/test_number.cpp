#include "rules/number.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

using namespace lineside;
using namespace lineside::rules;

namespace {

constexpr refusal_reason first_reason = refusal_reason::malformed;
constexpr refusal_reason last_reason = refusal_reason::request_reused;

refusal_reason after(refusal_reason r) { return static_cast<refusal_reason>(static_cast<int>(r) + 1); }

std::string words(refusal_reason r, std::optional<number_span> about) { return explain({r, about, 999, {}}); }

} // namespace

TEST(number, every_refusal_is_a_sentence_of_its_own_whether_or_not_something_is_in_the_way) {
    for (const auto about : {std::optional<number_span>(), std::optional(number_span{4, 100, 199})}) {
        std::set<std::string> all;
        for (auto r = first_reason; r <= last_reason; r = after(r)) {
            const auto sentence = words(r, about);
            EXPECT_TRUE(all.insert(sentence).second) << sentence;
            EXPECT_GT(sentence.size(), 15U);
            EXPECT_NE(sentence.back(), '.');
            EXPECT_EQ(sentence.find("999"), std::string::npos) << "whose it is: " << sentence;
        }
    }
}

TEST(number, a_refusal_names_the_number_or_the_range_in_its_width) {
    EXPECT_EQ(words(refusal_reason::reserved, number_span{4, 100, 199}),
              "0100-0199 is reserved and cannot be assigned");
    EXPECT_EQ(words(refusal_reason::reserved, number_span{4, 100, 100}), "0100 is reserved and cannot be assigned");
    EXPECT_EQ(words(refusal_reason::wrong_width, number_span{4, 100, 100}),
              "0100 has 4 digits, which no number block of this customer has");
    EXPECT_EQ(explain({refusal_reason::resting, number_span{3, 5, 5}, nobody,
                       instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 10))}),
              "005 was released and can be assigned again from 2026-03-10T00:00:00.000Z");
}

TEST(number, what_to_do_next_is_told_by_the_code) {
    const std::set<refusal_reason> ask_otherwise = {refusal_reason::malformed, refusal_reason::out_of_range,
                                                    refusal_reason::wrong_width, refusal_reason::no_block,
                                                    refusal_reason::request_reused};
    const std::set<refusal_reason> look_elsewhere = {refusal_reason::unknown_block, refusal_reason::unknown_extension,
                                                     refusal_reason::unknown_account, refusal_reason::unknown_contact};
    for (auto r = first_reason; r <= last_reason; r = after(r)) {
        const auto expected = ask_otherwise.contains(r)        ? errc::invalid_argument
                              : look_elsewhere.contains(r)     ? errc::not_found
                              : r == refusal_reason::exhausted ? errc::exhausted
                                                               : errc::conflict;
        EXPECT_EQ(code_of(r), expected) << to_string(r);
        EXPECT_EQ(to_failure({r, {}, nobody, {}}).code, expected) << to_string(r);
    }
}

TEST(number, a_range_is_read_as_it_is_written) {
    EXPECT_EQ(parse_number_span("0100-0199").value(), (number_span{4, 100, 199}));
    for (const auto* text : {"", "0100", "-", "0100-", "-0199", "0199-0100", "100-0199", "0100-0199-", "0100 0199"})
        EXPECT_TRUE(parse_number_span(text).has_error()) << text;
}

TEST(number, is_inside_a_range_of_its_width_only) {
    const number_span range{4, 100, 199};
    EXPECT_TRUE(range.contains({4, 100}));
    EXPECT_TRUE(range.contains({4, 199}));
    EXPECT_FALSE(range.contains({4, 99}));
    EXPECT_FALSE(range.contains({4, 200}));
    EXPECT_FALSE(range.contains({3, 150}));
}
