#include "cdr/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace lineside::cdr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct taken_row {
    std::uint64_t line;
    std::string text;
    std::vector<std::string> fields;
    bool operator==(const taken_row&) const = default;
};

struct taker : csv_handler {
    std::vector<taken_row> rows;
    std::vector<taken_row> bad; // fields: the reason
    std::size_t width = 0;      // 0: any

    row_verdict on_row(const csv_row& row) override {
        if (width != 0 && row.size() != width && row.lines > 1)
            return row_verdict::resplit;
        rows.push_back({row.line, std::string(row.text), {row.fields.begin(), row.fields.end()}});
        return row_verdict::taken;
    }
    void on_bad_row(std::uint64_t line, std::string_view reason, std::string_view text) override {
        bad.push_back({line, std::string(text), {std::string(reason)}});
    }
};

taker split(std::string_view text, csv_options options = {}, std::size_t width = 0) {
    taker to;
    to.width = width;
    csv_splitter splitter(options);
    splitter.feed(text, to);
    splitter.finish(to);
    return to;
}

std::vector<std::vector<std::string>> fields_of(const taker& to) {
    std::vector<std::vector<std::string>> all;
    for (const auto& row : to.rows)
        all.push_back(row.fields);
    return all;
}

TEST(csv_splitter, undoubles_quotes_inside_a_quoted_field) {
    EXPECT_THAT(fields_of(split("\"a \"\"b\"\"\",c\n\"\"\"\"\" <1>\",2\n")),
                ElementsAre(ElementsAre("a \"b\"", "c"), ElementsAre("\"\" <1>", "2")));
}

TEST(csv_splitter, a_quoted_field_may_hold_separators_and_newlines) {
    const auto to = split("\"a,b\r\nc\",d\r\ne,f\r\n");
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("a,b\r\nc", "d"), ElementsAre("e", "f")));
    EXPECT_EQ(to.rows[0].text, "\"a,b\r\nc\",d");
    EXPECT_EQ(to.rows[1].line, 3U);
}

TEST(csv_splitter, a_quote_inside_an_unquoted_field_is_a_character) {
    EXPECT_THAT(fields_of(split("5\" pipe,x\n")), ElementsAre(ElementsAre("5\" pipe", "x")));
}

TEST(csv_splitter, empty_fields_are_fields_and_empty_lines_are_no_rows) {
    const auto to = split("\n,\n\r\n,,\n\"\"\n");
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("", ""), ElementsAre("", "", ""), ElementsAre("")));
    EXPECT_EQ(to.rows[1].line, 4U);
}

TEST(csv_splitter, the_last_row_needs_no_newline) {
    EXPECT_THAT(fields_of(split("a,b\nc,d")), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    EXPECT_THAT(fields_of(split("a,\"b\"")), ElementsAre(ElementsAre("a", "b")));
    EXPECT_THAT(fields_of(split("a,")), ElementsAre(ElementsAre("a", "")));
}

TEST(csv_splitter, skips_a_byte_order_mark_and_keeps_its_lookalikes) {
    EXPECT_THAT(fields_of(split("\xEF\xBB\xBFx,y\n")), ElementsAre(ElementsAre("x", "y")));
    EXPECT_THAT(fields_of(split("\xEF\xBBx\n")), ElementsAre(ElementsAre("\xEF\xBBx")));
    EXPECT_THAT(fields_of(split("\xEF")), ElementsAre(ElementsAre("\xEF")));
    EXPECT_THAT(fields_of(split("\xEF\xBB\xBF")), IsEmpty());
}

TEST(csv_splitter, skips_comment_lines_and_counts_them) {
    const auto to = split("# lineside: f:3 \"x, bad\na,b\n# no comment,c\n# lineside: end");
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("a", "b"), ElementsAre("# no comment", "c")));
    EXPECT_EQ(to.rows[0].line, 2U);
}

TEST(csv_splitter, a_quote_that_is_not_closed_costs_one_line) {
    const auto to = split("a,b\n\"c,d\ne,f\ng,h\n");
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("a", "b"), ElementsAre("e", "f"), ElementsAre("g", "h")));
    ASSERT_EQ(to.bad.size(), 1U);
    EXPECT_EQ(to.bad[0], (taken_row{2, "\"c,d", {"a quote is not closed"}}));
    EXPECT_EQ(to.rows[1].line, 3U);
}

TEST(csv_splitter, a_missing_quote_between_quoted_rows_costs_one_line) {
    const auto to = split("\"a\",\"b\n\"c\",\"d\"\n\"e\",\"f\"\n");
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("c", "d"), ElementsAre("e", "f")));
    ASSERT_EQ(to.bad.size(), 1U);
    EXPECT_EQ(to.bad[0], (taken_row{1, "\"a\",\"b", {"text follows a closing quote"}}));
}

TEST(csv_splitter, a_row_of_the_wrong_shape_over_several_lines_is_split_anew) {
    const auto to = split("a,\"b\nc,\"\nd,e\n", {}, 3);
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("d", "e")));
    EXPECT_EQ(to.bad.size(), 2U); // the line that opens, and the one that then opens and never closes
}

TEST(csv_splitter, a_row_over_the_limit_is_bad_and_the_next_is_not) {
    const auto to = split("a,b\n" + std::string(100, 'x') + "\nc,d\n", {.row_limit = 50});
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    ASSERT_EQ(to.bad.size(), 1U);
    EXPECT_EQ(to.bad[0].text.size(), 50U);
    EXPECT_EQ(to.rows[1].line, 3U);
    EXPECT_THAT(fields_of(split(std::string(50, 'x') + "\r\n", {.row_limit = 50})), testing::SizeIs(1));
    EXPECT_THAT(fields_of(split(std::string(51, 'x') + "\n", {.row_limit = 50})), IsEmpty());
}

TEST(csv_splitter, lenient_closes_a_quote_only_before_a_separator_or_the_end) {
    const csv_options lenient{.dialect = csv_dialect::lenient};
    EXPECT_THAT(fields_of(split("\"Bob \"The\" B\",\"1\", \"2\"\n\"x\"y\",\"\";\n", lenient)),
                ElementsAre(ElementsAre("Bob \"The\" B", "1", "2"), ElementsAre("x\"y", "")));
}

TEST(csv_splitter, lenient_gives_up_a_quote_after_a_few_lines) {
    const auto to = split("\"a\n" + std::string(40, '\n') + "b\n", {.dialect = csv_dialect::lenient});
    EXPECT_THAT(fields_of(to), ElementsAre(ElementsAre("b")));
    EXPECT_EQ(to.bad.size(), 1U);
}

TEST(csv_splitter, lines_are_rows_of_one_field) {
    EXPECT_THAT(fields_of(split("a,\"b\r\nc\n", {.dialect = csv_dialect::lines})),
                ElementsAre(ElementsAre("a,\"b"), ElementsAre("c")));
    EXPECT_THAT(fields_of(split("\n{\"a\": 1, \"b\": \"x\"}\n", {.json_lines = true})),
                ElementsAre(ElementsAre("{\"a\": 1, \"b\": \"x\"}")));
}

TEST(csv_splitter, finds_the_same_rows_however_the_input_is_cut) {
    constexpr std::string_view alphabet = "ab,,\"\"\"\n\n\r;# ";
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        std::string text = round % 3 == 0 ? "\xEF\xBB\xBF" : "";
        for (auto n = random() % 60; n > 0; --n) {
            if (random() % 20 == 0) {
                text += "\n# lineside: x\"y,\n";
            } else {
                text += alphabet[random() % alphabet.size()];
            }
        }
        for (const auto dialect : {csv_dialect::rfc4180, csv_dialect::lenient, csv_dialect::lines}) {
            const csv_options options{.dialect = dialect, .row_limit = 24};
            const auto whole = split(text, options, 3);
            taker pieces;
            pieces.width = 3;
            csv_splitter splitter(options);
            for (std::string_view rest = text; !rest.empty();) {
                const auto n = std::min<std::size_t>(rest.size(), round % 2 == 0 ? 1 : 1 + random() % 9);
                splitter.feed(rest.substr(0, n), pieces);
                rest.remove_prefix(n);
            }
            splitter.finish(pieces);
            ASSERT_EQ(whole.rows, pieces.rows) << testing::PrintToString(text);
            ASSERT_EQ(whole.bad, pieces.bad) << testing::PrintToString(text);
        }
    }
}

TEST(csv_header, finds_names_without_case_spaces_underscores_and_dashes) {
    const std::vector<std::string_view> names{"Time Start", "lega_disconnect_code", "Call-ID", " Rate "};
    const csv_header header(names);
    EXPECT_EQ(header.find("time_start"), 0U);
    EXPECT_EQ(header.find("Lega Disconnect Code"), 1U);
    EXPECT_EQ(header.find("callid"), 2U);
    EXPECT_EQ(header.find("rate"), 3U);
    EXPECT_FALSE(header.find("rates"));
    EXPECT_EQ(header.names()[3], "Rate");
    const std::vector<std::string_view> wanted{"charge", "rate"};
    EXPECT_EQ(header.find_any(wanted), 3U);
}

TEST(csv_header, says_which_name_is_there_twice) {
    const std::vector<std::string_view> names{"a", "call id", "call_id"};
    EXPECT_EQ(csv_header(names).duplicate(), "call_id");
}

} // namespace
} // namespace lineside::cdr
