#include "net/request_gate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineside::net {
namespace {

using verdict = request_gate::verdict;

const std::string head = "POST http://a.example/x?y HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\n"
                         "Connection: foo, close\r\nTransfer-Encoding: chunked\r\n\r\n";

void expect_head(const gated_request& r) {
    EXPECT_EQ(r.head.method, "POST");
    EXPECT_EQ(r.head.target, "/x?y");
    EXPECT_EQ(r.head.fields.size(), 4U);
    EXPECT_EQ(r.head.fields["host"], "a.example");
    EXPECT_EQ(r.framing, body_framing::chunked);
    EXPECT_TRUE(r.close);
    EXPECT_TRUE(r.expects_continue);
    EXPECT_FALSE(r.old);
}

// What becomes of a body when it comes in such pieces.
struct read_body {
    std::string data{};
    std::size_t used = 0;
    bool whole = false;
    unsigned refused = 0;
};
read_body read(request_body body, const std::string& bytes, std::size_t piece, std::size_t most = 1'000) {
    read_body r;
    for (std::size_t at = 0; at < bytes.size() && !body.whole() && !body.refused(); at += piece) {
        auto rest = std::string_view(bytes).substr(at, piece);
        while (!rest.empty() && !body.whole() && !body.refused()) {
            const auto p = body.take(rest, most);
            r.data += p.data;
            r.used += p.used;
            rest.remove_prefix(p.used);
        }
    }
    r.whole = body.whole();
    r.refused = body.refused() ? body.refusal().status : 0;
    return r;
}

request_body chunked() {
    gated_request r;
    r.framing = body_framing::chunked;
    return request_body(r);
}

request_body of_length(std::uint64_t length) {
    gated_request r;
    r.framing = body_framing::length;
    r.length = length;
    return request_body(r);
}

} // namespace

TEST(request_gate, a_head_is_the_same_however_it_is_cut) {
    for (std::size_t cut = 0; cut < head.size(); ++cut) {
        request_gate gate({});
        EXPECT_EQ(gate.look(std::string_view(head).substr(0, cut)), verdict::more) << cut;
        EXPECT_EQ(gate.look(head + "and more"), verdict::passed) << cut;
        EXPECT_EQ(gate.head_bytes(), head.size());
        expect_head(gate.request());
    }
}

TEST(request_gate, a_head_byte_by_byte_passes_with_its_last_one) {
    request_gate gate({});
    for (int round = 0; round < 2; ++round) {
        for (std::size_t size = 1; size < head.size(); ++size)
            ASSERT_EQ(gate.look(std::string_view(head).substr(0, size)), verdict::more) << size;
        EXPECT_EQ(gate.look(head), verdict::passed);
        expect_head(gate.request());
        gate.reset();
    }
}

TEST(request_gate, nothing_of_a_head_is_left_in_the_next_one) {
    request_gate gate({});
    ASSERT_EQ(gate.look(head), verdict::passed);
    gate.reset();
    ASSERT_EQ(gate.look("GET / HTTP/1.0\r\n\r\n"), verdict::passed);
    const auto& r = gate.request();
    EXPECT_EQ(r.head.method, "GET");
    EXPECT_EQ(r.head.fields.size(), 0U);
    EXPECT_EQ(r.framing, body_framing::none);
    EXPECT_FALSE(r.expects_continue);
    EXPECT_TRUE(r.old);
    EXPECT_TRUE(r.close);
}

TEST(request_gate, what_is_wrong_is_refused_before_the_rest_comes) {
    const struct {
        const char* what;
        std::string bytes;
        unsigned status;
    } table[] = {
        {"no request at all", "\x16", 400},
        {"a method without end", std::string(33, 'A'), 501},
        {"a target without end", "GET /" + std::string(9'000, 'a'), 414},
        {"a request line that is none", "GET /\r\n", 400},
        {"a version that is none", "GET / HTTP/3.0\r\n", 505},
        {"a line that ends with LF", "GET / HTTP/1.1\r\nHost: a\n", 400},
        {"a field that is none", "GET / HTTP/1.1\r\nHost: a\r\nfoo\r\n", 400},
        {"a field without end", "GET / HTTP/1.1\r\nHost: " + std::string(20'000, 'a'), 431},
    };
    for (const auto& row : table) {
        request_gate gate({});
        EXPECT_EQ(gate.look(row.bytes), verdict::refused) << row.what;
        EXPECT_EQ(gate.refusal().status, row.status) << row.what;
        EXPECT_TRUE(gate.refusal().detail.ends_with('.')) << row.what;
    }
}

TEST(request_gate, a_refused_head_keeps_what_was_read_of_it) {
    request_gate gate({});
    EXPECT_EQ(gate.look("GET /x HTTP/1.1\r\nHost: a\r\nX-Request-Id: 7\r\nfoo\r\n"), verdict::refused);
    EXPECT_EQ(gate.request().head.target, "/x");
    EXPECT_EQ(gate.request().head.fields["x-request-id"], "7");
}

TEST(request_gate, an_expectation_without_a_body_or_of_http_1_0_means_nothing) {
    for (const std::string request : {"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
                                      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
                                      "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"}) {
        request_gate gate({});
        ASSERT_EQ(gate.look(request), verdict::passed);
        EXPECT_FALSE(gate.request().expects_continue) << request;
    }
}

// --- Bodies

TEST(request_body, without_framing_there_is_none) {
    request_body none;
    EXPECT_TRUE(none.whole());
    EXPECT_EQ(none.left(), 0U);
    EXPECT_EQ(none.take("GET /", 10).used, 0U);
}

TEST(request_body, a_length_is_kept_to_the_byte) {
    for (const std::size_t piece : {1, 2, 3, 100})
        for (const std::size_t most : {1, 2, 100}) {
            const auto r = read(of_length(5), "helloGET /", piece, most);
            EXPECT_EQ(r.data, "hello");
            EXPECT_EQ(r.used, 5U);
            EXPECT_TRUE(r.whole);
        }
    auto body = of_length(5);
    EXPECT_EQ(body.left(), 5U);
    EXPECT_EQ(body.data_next(), 5U);
    body.passed_by(3);
    EXPECT_EQ(body.left(), 2U);
    EXPECT_FALSE(body.whole());
    body.passed_by(2);
    EXPECT_TRUE(body.whole());
}

TEST(request_body, chunks_are_the_same_however_they_are_cut) {
    const std::string bytes = "5;a=\"\\\"\"\r\nhello\r\n00B ;x\r\n";
    const std::string right = "5;a=\"b c\"\r\nhello\r\n00B\r\n, you there\r\n0;last\r\nX-A: 1\r\nX-B:\r\n\r\n";
    for (std::size_t piece = 1; piece <= right.size(); ++piece)
        for (const std::size_t most : {1, 3, 1'000}) {
            const auto r = read(chunked(), right + "GET /", piece, most);
            EXPECT_EQ(r.data, "hello, you there") << piece;
            EXPECT_EQ(r.used, right.size()) << piece;
            EXPECT_TRUE(r.whole) << piece;
        }
    for (std::size_t size = 0; size < right.size(); ++size) {
        const auto r = read(chunked(), right.substr(0, size), 7);
        EXPECT_FALSE(r.whole) << size;
        EXPECT_EQ(r.refused, 0U) << size;
    }
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
        EXPECT_EQ(read(chunked(), bytes, piece).refused, 400U) << piece;
}

TEST(request_body, chunks_may_be_read_past_it) {
    auto body = chunked();
    EXPECT_EQ(body.left(), std::nullopt);
    EXPECT_EQ(body.data_next(), 0U);
    EXPECT_EQ(body.take("a\r\n", 10).used, 3U);
    EXPECT_EQ(body.data_next(), 10U);
    body.passed_by(4);
    EXPECT_EQ(body.data_next(), 6U);
    body.passed_by(6);
    EXPECT_EQ(body.data_next(), 0U);
    EXPECT_EQ(body.take("\r\n0\r\n\r\nX", 10).used, 7U);
    EXPECT_TRUE(body.whole());
    EXPECT_EQ(body.left(), 0U);
}

TEST(request_body, extensions_have_a_limit_each_and_in_all) {
    const auto with = [](std::size_t size) { return "1;" + std::string(size, 'x') + "\r\na\r\n"; };
    EXPECT_EQ(read(chunked(), with(256) + "0\r\n\r\n", 50).data, "a");
    EXPECT_EQ(read(chunked(), with(257) + "0\r\n\r\n", 50).refused, 400U);
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += with(256);
    EXPECT_TRUE(read(chunked(), many + "0\r\n\r\n", 50).whole);
    EXPECT_EQ(read(chunked(), many + "0;x\r\n\r\n", 50).refused, 400U);
}

} // namespace lineside::net
