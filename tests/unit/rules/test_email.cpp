#include "rules/email.hpp"

#include <gtest/gtest.h>

#include <string>

using lineside::rules::email_fault;

TEST(email, what_people_have_is_accepted) {
    for (const auto* good : {"a@b", "anna.meier+portal@example.com", "o'brien@example.co.uk", "x_y-z@sub.example.org",
                             "用户@例子.广告", "jürgen@müller.example"})
        EXPECT_EQ(email_fault(good), nullptr) << good;
}

TEST(email, what_nobody_has_is_refused) {
    for (const auto* bad : {"",           "@",
                            "a@",         "@b",
                            "a",          "a@b@c",
                            "a b@c",      "a@b c",
                            "a\n@b",      "a@b\r\nBcc: x@y",
                            "a\x7f@b",    "<a@b>",
                            "Anna <a@b>", "a@b,c@d",
                            "a@b;c",      "\"a\"@b",
                            ".a@b",       "a.@b",
                            "a..b@c",     "a@.b",
                            "a@b.",       "a@b..c",
                            "a@-b",       "a@b-",
                            "mailto:a@b", "a@[192.0.2.1]",
                            "a>@b",       "(home)a@b",
                            "a)@b",       "a\\@b",
                            "a]@b"})
        EXPECT_NE(email_fault(bad), nullptr) << bad;
    EXPECT_NE(email_fault(std::string("a\0@b", 4)), nullptr);
}

TEST(email, is_at_most_254_bytes_of_which_64_before_the_at) {
    const std::string local(64, 'a');
    EXPECT_EQ(email_fault(local + "@b.c"), nullptr);
    EXPECT_NE(email_fault(local + "a@b.c"), nullptr);
    const auto whole = local + "@" + std::string(254 - 65, 'b');
    EXPECT_EQ(email_fault(whole), nullptr);
    EXPECT_NE(email_fault(whole + "b"), nullptr);
}
