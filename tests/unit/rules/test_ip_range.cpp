#include "rules/ip_range.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace lineside::rules;

namespace {

bool in(std::string_view range, std::string_view address) {
    return parse_ip_range(range).value().contains(parse_ip(address).value());
}

} // namespace

TEST(ip_range, both_spellings_of_an_ipv4_address_are_the_same) {
    EXPECT_EQ(parse_ip("192.0.2.7"), parse_ip("::ffff:192.0.2.7"));
    EXPECT_TRUE(parse_ip("192.0.2.7")->is_v4());
    EXPECT_FALSE(parse_ip("2001:db8::7")->is_v4());
    EXPECT_TRUE(in("192.0.2.0/24", "::ffff:192.0.2.7"));
    EXPECT_TRUE(in("::ffff:192.0.2.0/120", "192.0.2.7"));
}

TEST(ip_range, a_network_holds_the_addresses_with_its_bits) {
    EXPECT_TRUE(in("192.0.2.0/24", "192.0.2.255"));
    EXPECT_FALSE(in("192.0.2.0/24", "192.0.3.0"));
    EXPECT_TRUE(in("10.0.0.0/9", "10.127.255.255"));
    EXPECT_FALSE(in("10.0.0.0/9", "10.128.0.0"));
    EXPECT_TRUE(in("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(in("2001:db8::/33", "2001:db8:8000::1"));
    EXPECT_TRUE(in("192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(in("192.0.2.7", "192.0.2.8"));
    EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1")) << "all of IPv4 is not all there is";
    EXPECT_TRUE(in("0.0.0.0/0", "255.255.255.255"));
    EXPECT_TRUE(in("::/0", "192.0.2.7"));
}

TEST(ip_range, what_is_no_network_is_refused) {
    for (const auto* bad :
         {"", "/", "192.0.2", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/2 4",
          "2001:db8::/129", "2001:db8::1/64", "fe80::1%eth0", "[::1]", "example.com", "192.0.2.0/24 "})
        EXPECT_FALSE(parse_ip_range(bad)) << bad;
    EXPECT_FALSE(parse_ip(std::string_view("192.0.2.7\0x", 11)));
}

TEST(ip_range, an_empty_list_lets_in_everybody_and_any_other_only_its_own) {
    const std::vector<std::string> none;
    const std::vector<std::string> some = {"192.0.2.0/24", "2001:db8::5"};
    EXPECT_TRUE(lets_in(none, "203.0.113.9"));
    EXPECT_TRUE(lets_in(none, ""));
    EXPECT_TRUE(lets_in(some, "192.0.2.200"));
    EXPECT_TRUE(lets_in(some, "2001:db8::5"));
    EXPECT_FALSE(lets_in(some, "203.0.113.9"));
    EXPECT_FALSE(lets_in(some, ""));
    EXPECT_FALSE(lets_in(some, "somewhere"));
    EXPECT_FALSE(lets_in(std::vector<std::string>{"192.0.2.0/33"}, "192.0.2.7")) << "what is no network lets nobody in";
}
