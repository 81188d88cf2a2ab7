#include "rules/public_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace lineside::rules;

namespace {

address_scope scope(std::string_view text) {
    const auto a = parse_ip(text);
    EXPECT_TRUE(a) << text;
    return a ? scope_of(*a) : address_scope::inside;
}

// First and last of each network, and their neighbours where these are everybody's.
struct network {
    const char* first;
    const char* last;
    const char* before; ///< null: nobody's
    const char* after;
};

} // namespace

// RFC 6890 and the IANA registry of IPv4 special-purpose addresses.
TEST(public_address, ipv4_networks_that_are_not_on_the_internet) {
    for (const network& n : {
             network{"0.0.0.0", "0.255.255.255", nullptr, "1.0.0.0"},
             {"10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
             {"100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"},
             {"169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"},
             {"172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
             {"192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"},
             {"192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"},
             {"192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"},
             {"192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"},
             {"198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"},
             {"198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"},
             {"203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"},
             {"168.63.129.16", "168.63.129.16", "168.63.129.15", "168.63.129.17"},
             {"224.0.0.0", "239.255.255.255", "223.255.255.255", nullptr},
             {"240.0.0.0", "255.255.255.255", nullptr, nullptr},
         }) {
        EXPECT_EQ(scope(n.first), address_scope::inside) << n.first;
        EXPECT_EQ(scope(n.last), address_scope::inside) << n.last;
        for (const auto* neighbour : {n.before, n.after})
            if (neighbour != nullptr) {
                EXPECT_EQ(scope(neighbour), address_scope::everybody) << neighbour;
            }
    }
}

TEST(public_address, metadata_services_of_clouds_are_inside) {
    for (const auto* a : {"169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254",
                          "fd20:ce::254", "fe80::a9fe:a9fe"})
        EXPECT_EQ(scope(a), address_scope::inside) << a;
}

TEST(public_address, the_own_machine_is_loopback_however_it_is_spelt) {
    for (const auto* a : {"127.0.0.1", "127.0.0.0", "127.255.255.255", "127.8.9.10", "::1", "::ffff:127.0.0.1",
                          "::ffff:7f00:1", "0:0:0:0:0:0:0:1"})
        EXPECT_EQ(scope(a), address_scope::loopback) << a;
    EXPECT_EQ(scope("126.255.255.255"), address_scope::everybody);
    EXPECT_EQ(scope("128.0.0.0"), address_scope::everybody);
}

TEST(public_address, ipv6_networks_that_are_not_on_the_internet) {
    for (const network& n : {
             network{"::", "::", nullptr, nullptr},
             {"::2", "0:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"100::", "100::ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "2001:200::"},
             {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
              "2001:db9::"},
             {"2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
             {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "3fff:1000::"},
             {"4000::", "5eff:ffff::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr},
             {"5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
             {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
         }) {
        EXPECT_EQ(scope(n.first), address_scope::inside) << n.first;
        EXPECT_EQ(scope(n.last), address_scope::inside) << n.last;
        for (const auto* neighbour : {n.before, n.after})
            if (neighbour != nullptr) {
                EXPECT_EQ(scope(neighbour), address_scope::everybody) << neighbour;
            }
    }
}

TEST(public_address, an_ipv4_address_in_an_ipv6_one_stays_what_it_is) {
    for (const auto* inside : {"10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "255.255.255.255"})
        for (const auto* wrapped : {"::ffff:", "64:ff9b::"})
            EXPECT_EQ(scope(std::string(wrapped) + inside), address_scope::inside) << wrapped << inside;
    for (const auto* outside : {"8.8.8.8", "1.1.1.1", "93.184.215.14"})
        for (const auto* wrapped : {"", "::ffff:", "64:ff9b::"})
            EXPECT_EQ(scope(std::string(wrapped) + outside), address_scope::everybody) << wrapped << outside;
    EXPECT_EQ(scope("64:ff9b::127.0.0.1"), address_scope::inside) << "a translator's own machine is not this one";
}

TEST(public_address, other_wrappings_of_ipv4_are_inside_whatever_they_hold) {
    for (const auto* a : {"::8.8.8.8",          // compatible, given up
                          "::ffff:0:8.8.8.8",   // SIIT
                          "64:ff9b:1::8.8.8.8", // local NAT64
                          "2002:808:808::1",    // 6to4
                          "2002:7f00:1::1",     // 6to4 of 127.0.0.1
                          "2001:0:808:808::1"}) // Teredo
        EXPECT_EQ(scope(a), address_scope::inside) << a;
}

TEST(public_address, what_people_run_is_everybodys) {
    for (const auto* a : {"1.1.1.1", "9.9.9.9", "151.101.1.1", "2606:4700:4700::1111", "2620:fe::fe", "2a00:1450::1",
                          "240e::1", "2400:cb00::1"})
        EXPECT_EQ(scope(a), address_scope::everybody) << a;
}
