#include "wire/json_cursor.hpp"
#include "wire/json_document.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace lineside;

namespace {

bool is_json(std::string_view text) {
    try {
        wire::check_json(text);
        return true;
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        return false;
    }
}

// As it is in Boost.JSON's opinion, but for exponents that it finds too large.
void expect_as_boost(const std::string& text) {
    boost::system::error_code ec;
    (void)boost::json::parse(text, ec);
    EXPECT_EQ(is_json(text), !ec || ec == boost::json::error::exponent_overflow) << text;
}

template <class Integer>
std::optional<Integer> integer_of(std::string_view text) {
    return wire::json_cursor(text).take_integer<Integer>();
}

double double_of(std::string_view text) { return wire::json_cursor(text).take_double(); }

std::string string_of(std::string_view text) {
    std::string room;
    return std::string(wire::json_cursor(text).take_string(room));
}

const std::vector<std::string>& texts() {
    static const std::vector<std::string> all{
        R"({"id":"acme","n":-12.50e+3,"list":[1,2,{"a":null}],"yes":true,"no":false,"empty":{},"none":[]})",
        " [ 0 , -0 , 0.5 , 1E5 , 1e-5 , 18446744073709551616 ]\r\n\t",
        R"(["\"\\\/\b\f\n\r\t","\u00e9\uD83D\uDE00\u0000","plain text that is longer than eight bytes"])",
        "[\"Z\xC3\xBCrich\",\"\xE2\x82\xAC\",\"\xF0\x9F\x98\x80\",\"\x7F\"]",
        "\"text\"",
        "null",
        "-7",
    };
    return all;
}

TEST(json_cursor, takes_for_json_what_boost_takes_for_it_whole_and_cut_anywhere) {
    for (const auto& whole : texts()) {
        EXPECT_TRUE(is_json(whole)) << whole;
        for (std::size_t size = 0; size <= whole.size(); ++size)
            expect_as_boost(whole.substr(0, size));
    }
}

TEST(json_cursor, takes_for_json_what_boost_takes_for_it_with_any_byte_replaced) {
    constexpr char bytes[] = "\0\x1F \"\\/{}[],:0159.eE+-ntfu\x7F\x80\xBF\xC0\xC3\xED\xF0\xF5\xFF";
    for (const auto& whole : texts())
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const char byte : std::string_view(bytes, sizeof bytes - 1)) {
                auto changed = whole;
                changed[at] = byte;
                expect_as_boost(changed);
            }
}

TEST(json_cursor, finds_what_a_string_cannot_have_at_each_of_its_bytes) {
    for (std::size_t size = 1; size < 20; ++size)
        for (std::size_t at = 0; at < size; ++at)
            for (const auto* wrong : {"\n", "\xFF", "\xC3", "\\x", "\\ud83d\\u0041", "\\ude00"}) {
                auto text = std::string(size, 'x');
                text.replace(at, 1, wrong);
                EXPECT_FALSE(is_json('"' + text + '"')) << text;
            }
}

TEST(json_cursor, unescapes) {
    EXPECT_EQ(string_of(R"("plain")"), "plain");
    EXPECT_EQ(string_of(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(string_of(R"("before \u00e9 and \uD83D\uDE00 behind")"), "before \xC3\xA9 and \xF0\x9F\x98\x80 behind");
    EXPECT_EQ(string_of("\"\xC3\xA9 stays\""), "\xC3\xA9 stays");
    EXPECT_EQ(string_of(R"("\u0000")"), std::string(1, '\0'));
}

TEST(json_cursor, takes_an_integer_however_it_is_written_and_only_in_range) {
    EXPECT_EQ(integer_of<int>("-12"), -12);
    EXPECT_EQ(integer_of<int>("2.0"), 2);
    EXPECT_EQ(integer_of<int>("2e3"), 2'000);
    EXPECT_EQ(integer_of<unsigned>("-0"), 0U);
    EXPECT_EQ(integer_of<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(integer_of<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(integer_of<std::uint16_t>("6.5535e4"), 65'535);
    for (const auto* wrong : {"1.5", "65536", "-1", "6.5536e4", "1e400", "-1.0"})
        EXPECT_EQ(integer_of<std::uint16_t>(wrong), std::nullopt) << wrong;
    EXPECT_EQ(integer_of<std::int64_t>("9223372036854775808"), std::nullopt);
    EXPECT_EQ(integer_of<std::int64_t>("9.3e18"), std::nullopt);
    EXPECT_EQ(integer_of<std::uint64_t>("18446744073709551616.0"), std::nullopt);
}

TEST(json_cursor, a_number_out_of_range_is_infinite_or_nothing) {
    EXPECT_EQ(double_of("0.1"), 0.1);
    EXPECT_EQ(double_of("1e999"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(double_of("-1e999"), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(double_of("1e-999"), 0);
    EXPECT_EQ(double_of(std::string(400, '9')), std::numeric_limits<double>::infinity());
    EXPECT_EQ(double_of("0." + std::string(400, '0') + "1"), 0);
}

TEST(json_cursor, a_member_that_stands_twice_is_refused_however_deep) {
    EXPECT_FALSE(is_json(R"({"a":1,"b":2,"a":3})"));
    EXPECT_FALSE(is_json(R"([{"x":[{"a":1,"\u0061":2}]}])")) << "escaped or not";
    EXPECT_TRUE(is_json(R"([{"a":1},{"a":{"a":2}}])"));
}

TEST(json_document, reads_what_it_writes) {
    for (const auto& text : texts()) {
        const auto document = wire::parse_document(text);
        std::string again;
        wire::append_document(again, document);
        EXPECT_EQ(wire::parse_document(again), document) << again;
    }
    std::string text;
    wire::append_document(text, wire::parse_document("[1e999,-1e999,[],{}]"));
    EXPECT_EQ(text, "[1e999,-1e999,[],{}]");
}

TEST(json_document, cuts_an_object_into_its_members) {
    const wire::json_members members(R"( { "a" : [1, {"b":2}] , "\u0062":"x" } )");
    EXPECT_EQ(members.find("a"), " [1, {\"b\":2}]");
    EXPECT_EQ(members.find("b"), "\"x\"");
    EXPECT_EQ(members.find("c"), std::nullopt);
    for (const auto* wrong : {"[]", "1", "{", R"({"a":1,"a":2})", R"({"a":{"b":1,"b":2}})", R"({"a":1} x)"})
        EXPECT_THROW(wire::json_members{wrong}, error) << wrong;
}

} // namespace
