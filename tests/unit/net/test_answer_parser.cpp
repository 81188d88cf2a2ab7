#include "net/answer_parser.hpp"

#include <boost/beast/http/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace lineside::net {
namespace {

namespace http = boost::beast::http;

struct read_answer {
    http_response answer;
    std::string pieces; // of a body that was not collected
    error_code ec;
    bool done = false;
    bool keeps = false;
    std::size_t left = 0; // bytes behind it
};

// In steps of so many bytes; then the end comes.
read_answer read(std::string_view bytes, std::size_t step, answer_parser::pieces p = answer_parser::pieces::unwanted) {
    read_answer r;
    answer_parser parser(r.answer, 100, p);
    std::size_t from = 0;
    for (std::size_t to = 0; !parser.is_done() && to < bytes.size();) {
        to = std::min(bytes.size(), to + step);
        from += parser.put(bytes.substr(from, to - from), r.ec);
        for (const auto piece : parser.found())
            r.pieces += piece;
        parser.found().clear();
        if (r.ec && r.ec != http::error::need_more)
            return r;
    }
    if (!parser.is_done())
        parser.put_end(r.ec);
    r.done = parser.is_done();
    r.keeps = parser.keep_alive();
    r.left = bytes.size() - from;
    return r;
}

TEST(answer_parser, reads_the_same_in_steps_of_any_length) {
    const std::string bytes = "HTTP/1.1 200 All is well\r\nContent-Type:text/plain \r\nX-Empty:\r\nTransfer-Encoding: "
                              "chunked\r\n\r\n4;name=value\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Sum: 9\r\n\r\n";
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        const auto r = read(bytes, step);
        ASSERT_TRUE(r.done) << step << r.ec.message();
        EXPECT_EQ(r.answer.status, 200U);
        EXPECT_EQ(r.answer.body, "Wikipedia");
        EXPECT_EQ(r.answer.fields["content-type"], "text/plain");
        EXPECT_EQ(r.answer.fields.find("X-Empty"), "");
        EXPECT_EQ(r.answer.fields.count("X-Sum"), 0U);
        EXPECT_TRUE(r.keeps);
        EXPECT_EQ(read(bytes, step, answer_parser::pieces::wanted).pieces, "Wikipedia");
    }
}

TEST(answer_parser, a_field_that_goes_on_in_the_next_line_is_one) {
    const std::string bytes = "HTTP/1.1 200 \r\nX-Long: one \r\n two\r\n\t three\r\nContent-Length: 2\r\n\r\nok";
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        const auto r = read(bytes, step);
        ASSERT_TRUE(r.done) << step;
        EXPECT_EQ(r.answer.fields["X-Long"], "one two three");
        EXPECT_EQ(r.answer.body, "ok");
    }
}

TEST(answer_parser, uses_no_byte_behind_the_answer) {
    for (const std::string answer :
         {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"}) {
        const auto r = read(answer + "HTTP/1.1 200 OK\r\n", 1'000);
        ASSERT_TRUE(r.done) << answer;
        EXPECT_EQ(r.left, std::string_view("HTTP/1.1 200 OK\r\n").size()) << answer;
    }
}

TEST(answer_parser, says_whether_another_answer_may_follow) {
    const auto keeps = [](const std::string& version, const std::string& fields) {
        const auto r = read(version + " 200 OK\r\n" + fields + "\r\nok", 1'000);
        EXPECT_TRUE(r.done);
        return r.keeps;
    };
    const std::string sized = "Content-Length: 2\r\n";
    EXPECT_TRUE(keeps("HTTP/1.1", sized));
    EXPECT_FALSE(keeps("HTTP/1.1", sized + "Connection: foo, Close\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.0", sized));
    EXPECT_TRUE(keeps("HTTP/1.0", sized + "connection: Keep-Alive\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1", "")) << "it ends with its connection";
}

TEST(answer_parser, what_is_wrong_is_so_at_the_first_byte_that_is) {
    for (const auto* wrong : {"220 ",
                              "HTTQ",
                              "HTTP/2",
                              "HTTP/1.2 200 OK\r\n",
                              "HTTP/1.1  200 OK\r\n",
                              "HTTP/1.1 20 OK\r\n",
                              "HTTP/1.1 200\r\n",
                              "HTTP/1.1 200 OK\n",
                              "HTTP/1.1 200 O\x01K\r\n",
                              "HTTP/1.1 200 OK\r\n: x\r\n\r",
                              "HTTP/1.1 200 OK\r\nX : y\r\n\r",
                              "HTTP/1.1 200 OK\r\n X: y\r\n\r",
                              "HTTP/1.1 200 OK\r\nX: \x7F\r\n\r",
                              "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r",
                              "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r",
                              "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r",
                              "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r",
                              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab"}) {
        for (const std::size_t step : {1U, 1'000U}) {
            const auto r = read(wrong, step);
            EXPECT_TRUE(r.ec) << wrong;
            EXPECT_NE(r.ec, http::error::need_more) << wrong;
            EXPECT_NE(r.ec, http::error::partial_message) << wrong;
        }
    }
}

TEST(answer_parser, a_body_longer_than_may_be_is_refused_however_its_length_is_told) {
    const std::string body(101, 'x');
    for (const std::string fields : {"Content-Length: 101\r\n\r\n", "\r\n", "Transfer-Encoding: chunked\r\n\r\n65\r\n"})
        EXPECT_EQ(read("HTTP/1.1 200 OK\r\n" + fields + body, 1'000).ec, http::error::body_limit) << fields;
}

} // namespace
} // namespace lineside::net
