#include "wire/table_rows.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace lineside::wire {

namespace {

std::uint64_t rows_of(std::string_view text, export_format format, header_row header, std::size_t piece) {
    row_counter counter(format, header);
    for (std::size_t i = 0; i < text.size(); i += piece)
        counter.count(text.substr(i, piece));
    return counter.rows();
}

TEST(table_rows, a_newline_in_a_quoted_cell_ends_no_row_wherever_the_pieces_end) {
    constexpr std::string_view csv = "a,b\n1,\"two\nlines\"\n2,\"a \"\"quoted\"\"\n\"\n";
    for (std::size_t piece = 1; piece <= csv.size(); ++piece) {
        EXPECT_EQ(rows_of(csv, export_format::csv, header_row::present, piece), 2U);
        EXPECT_EQ(rows_of(csv, export_format::tsv, header_row::omitted, piece), 3U);
    }
}

TEST(table_rows, ndjson_has_no_header_and_its_quotes_hold_no_newline) {
    constexpr std::string_view lines = "{\"a\":\"\\\"\"}\n{\"a\":1}\n";
    EXPECT_EQ(rows_of(lines, export_format::ndjson, header_row::present, 3), 2U);
}

TEST(table_rows, an_empty_table_has_none) {
    EXPECT_EQ(rows_of("", export_format::csv, header_row::present, 1), 0U);
    EXPECT_EQ(rows_of("a,b\n", export_format::csv, header_row::present, 1), 0U);
}

} // namespace

} // namespace lineside::wire
