#include <lineside/error.hpp>

#include "net/http.hpp"
#include "net/http_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace lineside::net {

TEST(http_fields, are_found_whatever_their_case_and_keep_their_order) {
    http_fields f{{"Accept", "a"}, {"X-One", "1"}};
    f.add("ACCEPT", "b");
    EXPECT_EQ(f["accept"], "a");
    EXPECT_EQ(f.count("Accept"), 2U);
    EXPECT_EQ(f.find("x-two"), std::nullopt);
    EXPECT_EQ(f["x-two"], "");
    f.set("accept", "c");
    EXPECT_EQ(f.size(), 2U);
    EXPECT_EQ((*f.begin()).first, "X-One");
    EXPECT_EQ(f["Accept"], "c");
}

TEST(http_fields, nothing_is_smuggled_into_one) {
    http_fields f{{"X", "1"}};
    for (const std::string name : {"", "a b", "a:", "a\r\n", "\xe4"})
        EXPECT_THROW(f.add(name, "x"), error) << name;
    for (const std::string value : {"a\r\nX-Admin: 1", "a\n", "\r", " a", "a\t", "\x01", "\x7f", "a\0b"})
        EXPECT_THROW(f.set("X", value + std::string(1, '\0')), error) << value;
    EXPECT_THROW(f.set("X", "a\r\nY: 2"), error);
    EXPECT_EQ(f.size(), 1U);
    EXPECT_EQ(f["X"], "1");
    f.set("X", "a\tb \xc3\xa4");
    EXPECT_EQ(f["X"], "a\tb \xc3\xa4");
}

TEST(http_fields, tokens_are_found_in_lists) {
    EXPECT_TRUE(lists_token("keep-alive, Upgrade", "upgrade"));
    EXPECT_TRUE(lists_token(" \tclose\t ", "close"));
    EXPECT_TRUE(lists_token(",,close,", "close"));
    EXPECT_FALSE(lists_token("", "close"));
    EXPECT_FALSE(lists_token("closed, un close", "close"));
}

TEST(http_answer, a_head_says_when_it_was_made) {
    const http_fields fields{{"ETag", "\"1\""}, {"content-length", "9"}, {"Date", "x"}};
    std::string to;
    const std::chrono::sys_seconds then(std::chrono::seconds(784'111'777));
    append_head(to, {.status = 200, .fields = fields, .framing = answer_framing::length, .length = 5}, then);
    EXPECT_EQ(to, "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\n");
    to.clear();
    append_head(to, {.status = 599, .fields = {}, .framing = answer_framing::chunked, .close = true},
                std::chrono::sys_seconds(std::chrono::seconds(4'102'444'799)));
    EXPECT_EQ(to, "HTTP/1.1 599 \r\nDate: Thu, 31 Dec 2099 23:59:59 GMT\r\nConnection: close\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n");
}

} // namespace lineside::net
