#include "cdr/json_values.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineside::cdr {
namespace {

using kind = json_piece::kind;

struct piece {
    kind what;
    std::string text;
    std::uint64_t line;
    bool operator==(const piece&) const = default;
};

std::vector<piece> split(std::string_view bytes, std::size_t limit = 1000, std::size_t step = std::string_view::npos) {
    std::vector<piece> out;
    json_splitter splitter([&](const json_piece& p) { out.push_back({p.what, std::string(p.text), p.line}); }, limit);
    while (!bytes.empty()) {
        const auto n = std::min(step, bytes.size());
        splitter.feed(bytes.substr(0, n));
        bytes.remove_prefix(n);
    }
    splitter.finish();
    return out;
}

TEST(json_splitter, cuts_lines_concatenations_and_arrays) {
    EXPECT_EQ(split("{\"a\":1}\n{\"b\":2}\n").size(), 2u);
    EXPECT_EQ(split("{\"a\":1}{\"b\":2}").size(), 2u);
    EXPECT_EQ(split("[{\"a\":[1,{}]},\n {\"b\":2}]\n").size(), 2u);
}

TEST(json_splitter, takes_a_document_over_many_lines) {
    const auto out = split("\n{\n\"a\": [\n{\n}\n]\n}\n{}");
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(out[0], (piece{kind::document, "{\n\"a\": [\n{\n}\n]\n}", 2}));
    EXPECT_EQ(out[1].line, 8u);
}

TEST(json_splitter, is_not_fooled_by_braces_and_quotes_in_strings) {
    const auto out = split(R"({"a":"}{\"\\"}{"b":"]"})");
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(out[0].text, R"({"a":"}{\"\\"})");
}

TEST(json_splitter, begins_afresh_after_a_damaged_document) {
    const auto in_string = split("{\"a\":\"b\n{\"c\":1}\n");
    ASSERT_EQ(in_string.size(), 2u);
    EXPECT_EQ(in_string[0], (piece{kind::cut_off, "{\"a\":\"b", 1}));
    EXPECT_EQ(in_string[1], (piece{kind::document, "{\"c\":1}", 2}));
    const auto between = split("{\"a\":1,\n{\"c\":1}\n{\"d\":[1\n{\"e\":1}\n");
    ASSERT_EQ(between.size(), 4u);
    EXPECT_EQ(between[0].what, kind::cut_off);
    EXPECT_EQ(between[1].what, kind::document);
    EXPECT_EQ(between[2].what, kind::cut_off);
    EXPECT_EQ(between[3], (piece{kind::document, "{\"e\":1}", 4}));
}

TEST(json_splitter, hands_on_lines_that_are_no_json_and_skips_comments) {
    const auto out = split("# lineside: why\nnonsense\r\n{}\ntail");
    ASSERT_EQ(out.size(), 3u);
    EXPECT_EQ(out[0], (piece{kind::bare_line, "nonsense", 2}));
    EXPECT_EQ(out[2], (piece{kind::bare_line, "tail", 4}));
}

TEST(json_splitter, bounds_a_document) {
    const auto out = split("{\"a\":\"" + std::string(2000, 'x') + "\"}\n{}\n{\"b\":", 1000);
    ASSERT_EQ(out.size(), 3u);
    EXPECT_EQ(out[0].what, kind::too_long);
    EXPECT_LE(out[0].text.size(), 1024u);
    EXPECT_EQ(out[1].what, kind::document);
    EXPECT_EQ(out[2].what, kind::cut_off);
    EXPECT_FALSE(split(std::string(10'000, '{')).empty());
}

TEST(json_splitter, finds_the_same_however_the_bytes_are_cut) {
    const std::string bytes =
        "# lineside: x\n[{\"a\":\"\\\"}\"},\n{\"b\":\n{}}]\nform=1\n{\"c\":\"x\n{\"d\":" + std::string(1500, '1') +
        "}{\n}\n";
    for (const std::size_t step : {1u, 2u, 3u, 7u, 64u})
        EXPECT_EQ(split(bytes, 1000, step), split(bytes)) << step;
}

TEST(json_values, write_numbers_out_in_full) {
    std::string room;
    EXPECT_EQ(scalar_text(boost::json::parse("1773050405.25"), room), "1773050405.25");
    EXPECT_EQ(scalar_text(boost::json::parse("1773050405000000"), room), "1773050405000000");
    EXPECT_EQ(scalar_text(boost::json::parse("\"x\""), room), "x");
    EXPECT_EQ(scalar_text(boost::json::parse("null"), room), std::nullopt);
    EXPECT_EQ(scalar_text(boost::json::parse("[]"), room), std::nullopt);
}

TEST(json_values, decode_percents_and_base64) {
    EXPECT_EQ(percent_decoded("a%20b%2", false), "a b%2");
    EXPECT_EQ(percent_decoded("a+b%zz", true), "a b%zz");
    EXPECT_EQ(percent_decoded("a+b", false), "a+b");
    EXPECT_EQ(base64_decoded("aGVs\nbG8="), "hello");
    EXPECT_EQ(base64_decoded("aGVsbG8"), "hello");
    EXPECT_EQ(base64_decoded("a"), std::nullopt);
    EXPECT_EQ(base64_decoded("?"), std::nullopt);
}

} // namespace
} // namespace lineside::cdr
