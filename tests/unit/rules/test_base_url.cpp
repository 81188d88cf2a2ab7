#include "rules/base_url.hpp"

#include <gtest/gtest.h>

namespace lineside::rules {

namespace {

TEST(base_url, a_name_alone_is_https_on_its_port) {
    EXPECT_EQ(parse_base_url("https://Portal.example").value(),
              (base_url{.secure = true, .host = "portal.example", .port = 443, .prefix = "", .is_loopback = false}));
}

TEST(base_url, plain_http_has_a_port_of_its_own) {
    EXPECT_EQ(parse_base_url("http://portal.example")->port, 80);
    EXPECT_EQ(parse_base_url("http://portal.example:443")->port, 443);
    EXPECT_EQ(parse_base_url("http://[::1]:8080")->port, 8080);
    EXPECT_FALSE(parse_base_url("http://portal.example")->secure);
}

TEST(base_url, a_path_is_a_prefix_without_its_last_slash) {
    EXPECT_EQ(parse_base_url("https://portal.example/")->prefix, "");
    EXPECT_EQ(parse_base_url("https://portal.example/voice/")->prefix, "/voice");
    EXPECT_EQ(parse_base_url("https://portal.example/a/b")->prefix, "/a/b");
}

TEST(base_url, this_machine_is_told_from_others) {
    for (const auto* url : {"http://localhost:1", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]"})
        EXPECT_TRUE(parse_base_url(url)->is_loopback) << url;
    for (const auto* url : {"http://localhost.example", "http://128.0.0.1", "http://10.0.0.1", "http://[fe80::1]"})
        EXPECT_FALSE(parse_base_url(url)->is_loopback) << url;
}

TEST(base_url, what_is_none_is_refused_and_named) {
    for (const auto* url : {"", "portal.example", "ftp://portal.example", "http://", "https://user@portal.example",
                            "https://portal.example/?a=b", "https://portal.example/#x", "http://portal.example:0"}) {
        const auto parsed = parse_base_url(url);
        ASSERT_FALSE(parsed) << url;
        EXPECT_EQ(parsed.error().details.field, "base_url");
    }
}

} // namespace

} // namespace lineside::rules
