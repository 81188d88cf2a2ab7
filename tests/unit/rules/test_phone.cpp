#include "rules/phone.hpp"

#include <gtest/gtest.h>

#include <string>

using lineside::rules::parse_phone;

TEST(phone, is_brought_to_e164) {
    EXPECT_EQ(parse_phone("+442079460000").value(), "+442079460000");
    EXPECT_EQ(parse_phone("+44 (20) 7946-0000").value(), "+442079460000");
    EXPECT_EQ(parse_phone("+49.30/12.34.56").value(), "+4930123456");
    EXPECT_EQ(parse_phone("+6834000").value(), "+6834000"); // Niue: four digits and the country code
    EXPECT_EQ(parse_phone("+123456789012345").value(), "+123456789012345");
}

TEST(phone, what_cannot_be_called_from_anywhere_is_refused) {
    for (const auto* bad : {"", "+", "442079460000", "00442079460000", "020 7946 0000", "+44 20 CALL", "+0442079460000",
                            "+123456", "+1234567890123456", "++442079460000", "+44\n2079460000", "+44;ext=1"})
        EXPECT_FALSE(parse_phone(bad)) << bad;
}

TEST(phone, a_long_text_is_refused_before_it_is_read_to_its_end) {
    const auto refused = parse_phone("+" + std::string(1'000'000, '1'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().details.message, "a telephone number has at most 15 digits");
}
