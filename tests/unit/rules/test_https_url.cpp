#include "rules/https_url.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

using namespace lineside;
using namespace lineside::rules;

namespace {

https_url parsed(std::string_view text) {
    auto url = parse_https_url(text);
    EXPECT_TRUE(url) << text << ": " << (url ? "" : url.error().details.message);
    return url ? *url : https_url();
}

std::string why_not(std::string_view text) {
    const auto url = parse_https_url(text);
    if (url)
        return "it is read";
    EXPECT_EQ(url.error().code, errc::invalid_argument) << text;
    EXPECT_EQ(url.error().details.field, "url") << text;
    return url.error().details.message;
}

} // namespace

TEST(https_url, is_read_in_parts) {
    EXPECT_EQ(parsed("https://hooks.example.com/lineside?token=a%20b&x=1"),
              (https_url{"hooks.example.com", {}, 443, "/lineside?token=a%20b&x=1"}));
    EXPECT_EQ(parsed("https://example.com"), (https_url{"example.com", {}, 443, "/"}));
    EXPECT_EQ(parsed("https://example.com?x"), (https_url{"example.com", {}, 443, "/?x"}));
    EXPECT_EQ(parsed("https://example.com/a/../b//c"), (https_url{"example.com", {}, 443, "/a/../b//c"}))
        << "the path is the receiver's affair";
    EXPECT_EQ(parsed("https://example.com/x@y:z"), (https_url{"example.com", {}, 443, "/x@y:z"}));
}

TEST(https_url, scheme_and_host_are_lower_case_and_the_path_stays) {
    EXPECT_EQ(parsed("HTTPS://Hooks.EXAMPLE.com/Path"), (https_url{"hooks.example.com", {}, 443, "/Path"}));
    EXPECT_EQ(parsed("https://[2001:DB8::AB]/").host, "2001:db8::ab");
}

TEST(https_url, a_port_is_1_to_65535) {
    EXPECT_EQ(parsed("https://example.com:8443/x").port, 8443);
    EXPECT_EQ(parsed("https://example.com:1").port, 1);
    EXPECT_EQ(parsed("https://example.com:65535").port, 65535);
    EXPECT_EQ(parsed("https://192.0.2.7:8443").port, 8443);
    for (const auto* bad :
         {"https://example.com:", "https://example.com:0", "https://example.com:65536", "https://example.com:-1",
          "https://example.com:+443", "https://example.com: 443", "https://example.com:443x", "https://example.com:x",
          "https://example.com:443:443", "https://example.com:99999999999999999999", "https://[::1]443",
          "https://[::1]:", "https://[::1]x:443"})
        EXPECT_EQ(why_not(bad), "the URL's port is no number from 1 to 65535") << bad;
}

TEST(https_url, the_authority_is_what_the_host_header_says) {
    EXPECT_EQ(parsed("https://example.com/").authority(), "example.com");
    EXPECT_EQ(parsed("https://example.com:443/").authority(), "example.com");
    EXPECT_EQ(parsed("https://example.com:8443/").authority(), "example.com:8443");
    EXPECT_EQ(parsed("https://[2001:db8::7]:8443/").authority(), "[2001:db8::7]:8443");
    EXPECT_EQ(parsed("https://[2001:db8::7]/").authority(), "[2001:db8::7]");
}

TEST(https_url, an_address_is_known_as_one) {
    EXPECT_EQ(parsed("https://192.0.2.7/").address, parse_ip("192.0.2.7"));
    EXPECT_EQ(parsed("https://[2001:db8::7]/").address, parse_ip("2001:db8::7"));
    EXPECT_EQ(parsed("https://[::ffff:127.0.0.1]/").address, parse_ip("127.0.0.1"));
    EXPECT_EQ(parsed("https://[::1]/").host, "::1");
    EXPECT_EQ(parsed("https://example.com/").address, std::nullopt);
    for (const auto* bad :
         {"https://[]/", "https://[", "https://[::1", "https://[::1/", "https://[192.0.2.7]/", "https://[example.com]/",
          "https://[fe80::1%25eth0]/", "https://[::1]]/x[", "https://[[::1]]/", "https://[v1.x]/", "https://[:::]/"})
        EXPECT_NE(why_not(bad), "it is read") << bad;
}

TEST(https_url, addresses_in_disguise_are_no_hosts) {
    for (const auto* bad :
         {"https://2130706433/", "https://127.1/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
          "https://127.0.0.01/", "https://1.2.3/", "https://1.2.3.4.5/", "https://256.1.1.1/", "https://1.2.3.4./",
          "https://example.1/", "https://::1/", "https://2001:db8::7/"})
        EXPECT_NE(why_not(bad), "it is read") << bad;
}

TEST(https_url, a_user_is_refused_wherever_it_hides) {
    for (const auto* bad : {"https://user@example.com/", "https://user:password@example.com/", "https://@example.com/",
                            "https://example.com@127.0.0.1/", "https://a@b@c/", "https://a@[::1]/"})
        EXPECT_EQ(why_not(bad), "the URL has a user in it") << bad;
}

TEST(https_url, only_https_is_spoken) {
    for (const auto* bad : {"", "https:", "https:/", "http://example.com/", "ftp://example.com/", "example.com",
                            "//example.com/", " https://example.com/", "httpss://example.com/", "https:example.com",
                            "https:\\\\example.com", "javascript:alert(1)", "file:///etc/passwd"})
        EXPECT_EQ(why_not(bad), "the URL does not begin with https://") << bad;
}

TEST(https_url, a_host_is_a_name_of_the_internet) {
    for (const auto* good : {"https://xn--mnchen-3ya.example/", "https://xn--p1ai.xn--p1ai/", "https://localhost/",
                             "https://a/", "https://3com.com/", "https://1-2-3.example/"})
        EXPECT_TRUE(parse_https_url(good)) << good;
    for (const auto* bad : {"https:///", "https://?x", "https://./", "https://.example.com/", "https://example.com./",
                            "https://a..b/", "https://-a.com/", "https://a-.com/", "https://a_b.com/",
                            "https://münchen.example/", "https://ex%61mple.com/", "https://exa mple.com/",
                            "https://example.com\\@127.0.0.1/", "https://example.com\\.evil/", "https://*.example.com/",
                            "https://example.com,evil/", "https://example.com;x/", "https://\"x\"/"})
        EXPECT_NE(why_not(bad), "it is read") << bad;
    const std::string label(63, 'a');
    EXPECT_TRUE(parse_https_url("https://" + label + ".example/"));
    EXPECT_FALSE(parse_https_url("https://" + label + "a.example/"));
    const auto longest = label + '.' + label + '.' + label + '.' + std::string(61, 'a');
    ASSERT_EQ(longest.size(), 253U);
    EXPECT_TRUE(parse_https_url("https://" + longest));
    EXPECT_FALSE(parse_https_url("https://" + longest + 'a'));
}

TEST(https_url, a_fragment_is_refused) {
    for (const auto* bad : {"https://example.com/#", "https://example.com/a#b", "https://example.com#@evil/"})
        EXPECT_EQ(why_not(bad), "the URL has a fragment") << bad;
}

TEST(https_url, nothing_in_it_can_begin_another_header_or_request) {
    for (int c = 0; c < 256; ++c) {
        const auto byte = static_cast<char>(c);
        const bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          std::string_view("-._~!$&'()*+,;=:@/?%").find(byte) != std::string_view::npos;
        EXPECT_EQ(parse_https_url(std::string("https://example.com/x") + byte + 'y').has_value(), fine) << c;
    }
    for (const auto* bad : {"https://example.com/ HTTP/1.1\r\nX: y", "https://example.com\r\nX: y/",
                            "https://example.com/\n", "https://exam\tple.com/"})
        EXPECT_NE(why_not(bad), "it is read") << bad;
}

TEST(https_url, is_at_most_2048_bytes_long) {
    const std::string start = "https://example.com/";
    EXPECT_TRUE(parse_https_url(start + std::string(2'048 - start.size(), 'x')));
    EXPECT_EQ(why_not(start + std::string(2'049 - start.size(), 'x')), "the URL is longer than 2048 bytes");
}

// What was read says the same when it is written and read again.
TEST(https_url, comes_back_as_it_was) {
    constexpr std::string_view pieces[] = {"https://", "HTTPS://", "a", "example.com", "[::1]", "192.0.2.7",
                                           ":443",     ":8443",    "/", "?",           "x=%20", "..",
                                           "@",        "#",        "[", "]",           "-",     "xn--"};
    std::size_t read = 0;
    for (unsigned seed = 1; seed <= 20'000; ++seed) {
        std::mt19937_64 random(seed);
        std::string text(pieces[random() % 2]);
        for (auto left = 1 + random() % 6; left > 0; --left)
            text += pieces[random() % std::size(pieces)];
        const auto url = parse_https_url(text);
        if (!url)
            continue;
        ++read;
        ASSERT_EQ(parsed("https://" + url->authority() + url->target), *url) << text;
    }
    EXPECT_GT(read, 1'000U);
}
