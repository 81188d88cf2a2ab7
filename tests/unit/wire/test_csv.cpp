#include "wire/csv.hpp"
#include "wire/text.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <limits>
#include <random>
#include <string>

namespace lineside {
namespace {

using wire::exported_call;
using wire::exported_summary_row;

instant at(std::string_view text) { return parse_instant(text).value(); }

summary_row quiet_hour() {
    return {.start = at("2026-03-01T00:00:00Z"), .end = at("2026-03-01T01:00:00Z"), .state = row_state::final};
}

template <class Row>
std::string row_text(const Row& row, export_format format = export_format::csv,
                     cell_safety safety = cell_safety::formula_safe) {
    std::string out;
    wire::append_row(out, row, format, safety);
    return out;
}

// The cell of a caller's number.
std::string cell_of(const std::string& text, cell_safety safety = cell_safety::formula_safe,
                    export_format format = export_format::csv) {
    const call with{.cli = text};
    const call without{.cli = "|"};
    const auto frame = row_text(exported_call{.call = &without}, format, safety);
    const auto row = row_text(exported_call{.call = &with}, format, safety);
    const auto begin = frame.find('|');
    return row.substr(begin, row.size() - frame.size() + 1);
}

TEST(wire_csv, header_and_row_of_the_summary_have_the_same_columns) {
    std::string out;
    wire::append_header<exported_summary_row>(out, export_format::csv);
    EXPECT_EQ(out, "account,zone,start,end,attempts,answered,asr,acd_s,talk_s,billed_s,dtmf_calls,dtmf_percent,charge,"
                   "currency,state,revision,open_calls\n");
    auto row = quiet_hour();
    EXPECT_EQ(row_text(exported_summary_row{.account = "acme", .row = &row}),
              "acme,UTC,2026-03-01T00:00:00.000Z,2026-03-01T01:00:00.000Z,0,0,,,0,,,,,,final,0,0\n");
    row.attempts = 1000;
    row.answered = 100;
    row.asr = 10;
    row.acd_s = 60.25;
    row.talk_s = 6025.125;
    row.charge = money{-3, -140'000'000, "EUR"};
    row.currency = "EUR";
    EXPECT_EQ(row_text(exported_summary_row{.account = "acme", .row = &row}, export_format::tsv),
              "acme\tUTC\t2026-03-01T00:00:00.000Z\t2026-03-01T01:00:00.000Z\t1000\t100\t10\t60.25\t6025.125\t\t\t\t"
              "-3.14\tEUR\tfinal\t0\t0\n");
}

TEST(wire_csv, a_call_brings_the_currency_of_its_amounts) {
    const call c{.call_id = "x", .account_id = account_id("acme"), .rate = money{0, 10'000'000, "GBP"}};
    std::string out;
    wire::append_header<exported_call>(out, export_format::csv);
    EXPECT_TRUE(out.ends_with(",charge,rate,currency\n")) << out;
    EXPECT_TRUE(row_text(exported_call{.call = &c}).ends_with(",,0.01,GBP\n"));
}

TEST(wire_csv, cells_are_quoted_only_where_they_must_be) {
    EXPECT_EQ(cell_of("plain text; 'x'"), "plain text; 'x'");
    EXPECT_EQ(cell_of("a,b"), "\"a,b\"");
    EXPECT_EQ(cell_of("say \"x\""), "\"say \"\"x\"\"\"");
    EXPECT_EQ(cell_of("two\nlines"), "\"two\nlines\"");
    EXPECT_EQ(cell_of("a,b", cell_safety::raw, export_format::tsv), "a,b");
    EXPECT_EQ(cell_of("a\tb", cell_safety::raw, export_format::tsv), "\"a\tb\"");
}

TEST(wire_csv, text_that_a_spreadsheet_would_run_is_disarmed_unless_raw) {
    for (const std::string formula : {"=1+1", "+491701234567", "-1", "@SUM(A1)", "\tx"}) {
        EXPECT_EQ(cell_of(formula), "'" + formula);
        EXPECT_EQ(cell_of(formula, cell_safety::raw), formula);
    }
    EXPECT_EQ(cell_of("\rx"), "\"'\rx\"");
    EXPECT_EQ(cell_of(std::string("\0x", 2)), std::string("'\0x", 3));
    EXPECT_EQ(cell_of("=a,b"), "\"'=a,b\"");
    EXPECT_EQ(cell_of("1=1"), "1=1");
}

TEST(wire_csv, texts_longer_than_any_buffer_are_whole) {
    const std::string long_text(5000, 'x');
    EXPECT_EQ(cell_of(long_text), long_text);
    EXPECT_EQ(cell_of(long_text + '"'), '"' + long_text + "\"\"\"");
}

TEST(wire_csv, series_points_say_both_times_and_the_zone) {
    series s{.account = account_id("acme"), .metric = metric::asr, .unit = "%", .zone = "America/New_York"};
    s.time = {at("2026-03-01T05:00:00Z"), at("2026-03-01T06:00:00Z")};
    s.offset_s = {-18000, -18000};
    s.value = {45.5, std::numeric_limits<double>::quiet_NaN()};
    s.numerator = {91, 0};
    s.denominator = {200, 0};
    s.open_calls = {0, 0};
    std::string out;
    wire::append_header<wire::exported_point>(out, export_format::csv);
    EXPECT_EQ(out, "account,metric,unit,zone,time_utc,time_local,offset_s,value,numerator,denominator,currency\n");
    EXPECT_EQ(row_text(wire::point_of(s, 0)), "acme,asr,%,America/New_York,2026-03-01T05:00:00.000Z,"
                                              "2026-03-01T00:00:00.000-05:00,-18000,45.5,91,200,\n");
    EXPECT_EQ(row_text(wire::point_of(s, 1)), "acme,asr,%,America/New_York,2026-03-01T06:00:00.000Z,"
                                              "2026-03-01T01:00:00.000-05:00,-18000,,0,0,\n");
}

TEST(wire_csv, charge_points_are_exact) {
    series s{.account = account_id("acme"), .metric = metric::charge, .unit = "money", .zone = "UTC"};
    s.time = {at("2026-03-01")};
    s.offset_s = {0};
    s.value = {0.3};
    s.numerator = {300'000'001};
    s.denominator = {1};
    s.amount = {{0, 300'000'001, "EUR"}};
    s.open_calls = {0};
    EXPECT_TRUE(row_text(wire::point_of(s, 0)).ends_with(",0.300000001,300000001,1,EUR\n"));
}

TEST(wire_csv, ndjson_names_every_cell_and_has_no_header) {
    std::string out;
    wire::append_header<exported_summary_row>(out, export_format::ndjson);
    EXPECT_EQ(out, "");
    const auto row = quiet_hour();
    EXPECT_EQ(row_text(exported_summary_row{.account = "=acme", .row = &row}, export_format::ndjson),
              R"({"account":"=acme","zone":"UTC","start":"2026-03-01T00:00:00.000Z","end":"2026-03-01T01:00:00.000Z",)"
              R"("attempts":0,"answered":0,"asr":null,"acd_s":null,"talk_s":0,"billed_s":null,"dtmf_calls":null,)"
              R"("dtmf_percent":null,"charge":null,"currency":"","state":"final","revision":0,"open_calls":0})"
              "\n");
}

template <class Write>
std::string written(Write write) {
    std::string out;
    wire::text_writer to(out);
    write(to);
    to.finish();
    return out;
}

TEST(wire_text, times_and_amounts_are_written_as_the_model_writes_them) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 2000; ++i) {
        const instant t{
            std::chrono::milliseconds(static_cast<std::int64_t>(random() % 8'000'000'000'000) - 2'000'000'000'000)};
        const std::chrono::minutes offset{static_cast<int>(random() % 1680) - 840};
        EXPECT_EQ(written([&](auto& to) { to.time(t); }), to_string(t));
        EXPECT_EQ(written([&](auto& to) { to.time(t, offset); }), to_string(t, offset));
        const auto sign = random() % 2 == 0 ? 1 : -1;
        const money m{sign * static_cast<std::int64_t>(random() % 1000),
                      sign * static_cast<std::int32_t>(random() % 1'000'000'000 / 1000 * 1000), ""};
        EXPECT_EQ(written([&](auto& to) { to.amount(m); }), to_string(m));
    }
    const money least{std::numeric_limits<std::int64_t>::min(), -1, ""};
    EXPECT_EQ(written([&](auto& to) { to.amount(least); }), to_string(least));
}

TEST(wire_text, decimals_are_the_shortest_that_read_back) {
    EXPECT_EQ(written([](auto& to) { to.decimal(45); }), "45");
    EXPECT_EQ(written([](auto& to) { to.decimal(-0.05); }), "-0.05");
    EXPECT_EQ(written([](auto& to) { to.decimal(10.79); }), "10.79");
    EXPECT_EQ(written([](auto& to) { to.decimal(6000.125); }), "6000.125");
    EXPECT_EQ(written([](auto& to) { to.decimal(1.0 / 3); }), "0.3333333333333333");
    std::mt19937_64 random(7);
    for (int i = 0; i < 2000; ++i) {
        const double x = static_cast<double>(random() % 1'000'000'000) / (i % 2 == 0 ? 1000 : 7);
        const auto text = written([&](auto& to) { to.decimal(x); });
        double back = 0;
        std::from_chars(text.data(), text.data() + text.size(), back);
        EXPECT_EQ(back, x);
    }
}

} // namespace
} // namespace lineside
