#include <lineside/money.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

using namespace lineside;

TEST(money, an_amount_is_digits_with_a_sign_and_up_to_nine_decimals) {
    EXPECT_EQ(parse_money("12.5", "EUR").value(), (money{12, 500'000'000, "EUR"}));
    EXPECT_EQ(parse_money("+0.000000001").value(), (money{0, 1, ""}));
    EXPECT_EQ(parse_money("-0.25", "JPY").value(), (money{0, -250'000'000, "JPY"}));
    EXPECT_EQ(parse_money("-9223372036854775807").value(), (money{-std::numeric_limits<std::int64_t>::max(), 0, ""}));
}

TEST(money, what_is_no_amount_is_refused) {
    for (const auto* text : {"", "-", "+", ".5", "5.", "1.0000000001", "1,5", "1.5x", "x", "--1", "1 ", "1:5", "1.2.3",
                             "9223372036854775808", "0.5:"})
        EXPECT_FALSE(parse_money(text, "EUR")) << text;
}

TEST(money, a_currency_is_three_capital_letters_or_none) {
    EXPECT_TRUE(parse_money("1", ""));
    EXPECT_TRUE(parse_money("1", "XAU"));
    for (const auto* currency : {"eur", "EU", "EURO", "E1R", "E[R", "€"}) {
        const auto refused = parse_money("1", currency);
        ASSERT_FALSE(refused) << currency;
        EXPECT_EQ(refused.error().details.field, "currency") << currency;
    }
}

TEST(money, is_written_with_its_cents_and_no_zeros_behind_them) {
    EXPECT_EQ(to_string(money{}), "0.00");
    EXPECT_EQ(to_string(money{3, 100'000'000, "EUR"}), "3.10");
    EXPECT_EQ(to_string(money{-3, -1, "EUR"}), "-3.000000001");
    EXPECT_EQ(to_string(money{0, -10'000'000, "EUR"}), "-0.01");
    EXPECT_EQ(to_string(money{std::numeric_limits<std::int64_t>::min(), 0, ""}), "-9223372036854775808.00");
}
