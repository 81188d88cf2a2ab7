#include "rules/mac.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace lineside::rules {

TEST(mac, parts_stand_behind_their_lengths) {
    EXPECT_EQ(framed({}), "");
    EXPECT_EQ(framed({""}), std::string(8, '\0'));
    EXPECT_EQ(framed({"ab", "c"}), std::string("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c", 19));
    EXPECT_EQ(framed({std::string(0x1234, 'x')}).substr(0, 8), std::string("\0\0\0\0\0\0\x12\x34", 8));
}

TEST(mac, no_two_lists_of_parts_have_one_mac) {
    const std::set<std::string> macs = {mac_of("key", {}),         mac_of("key", {""}),       mac_of("key", {"", ""}),
                                        mac_of("key", {"ab"}),     mac_of("key", {"a", "b"}), mac_of("key", {"b", "a"}),
                                        mac_of("key", {"ab", ""}), mac_of("yek", {"ab"})};
    EXPECT_EQ(macs.size(), 8U);
    for (const auto& m : macs)
        EXPECT_EQ(m.size(), mac_size);
}

// Expected: Python's hmac of the length in eight bytes and the text.
TEST(mac, is_hmac_sha_256) {
    const auto mac = mac_of("Jefe", {"what do ya want for nothing?"});
    std::string hex;
    for (const char c : mac) {
        constexpr char digits[] = "0123456789abcdef";
        hex += digits[static_cast<unsigned char>(c) >> 4U];
        hex += digits[static_cast<unsigned char>(c) & 15U];
    }
    EXPECT_EQ(hex, "f80838b2e599dfbe7a38f7a7a17809946762357529df986b87919b732a79be43");
}

TEST(mac, bytes_are_the_same_or_not) {
    EXPECT_TRUE(same_bytes("", ""));
    EXPECT_TRUE(same_bytes("abc", "abc"));
    EXPECT_FALSE(same_bytes("abc", "abd"));
    EXPECT_FALSE(same_bytes("abc", "ab"));
}

} // namespace lineside::rules
