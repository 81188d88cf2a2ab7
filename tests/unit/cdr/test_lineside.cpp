#include <lineside/time.hpp>

#include "support/cdr_recorder.hpp"
#include "test_paths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

namespace lineside {
namespace {

using test::read_calls;
using testing::HasSubstr;

constexpr std::string_view header =
    "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction,cli,destination,dtmf_digits,"
    "charge\n";

std::int64_t ms(std::string_view text) { return parse_instant(text).value().time_since_epoch().count(); }

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(LINESIDE_FIXTURES "/cdr/lineside/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

test::reading read(std::string_view rows, const cdr::reader_options& options = {}) {
    return read_calls(record_format::lineside, std::string(header) + std::string(rows), options);
}

// The reason why a row with these columns from start_time on is rejected.
std::string reason(const std::string& row) {
    const auto r = read(row + "\n", {.name = "f.csv"});
    if (r.found.rejected.size() != 1)
        return r.error.empty() ? "taken" : r.error;
    const auto& why = r.found.rejected[0];
    return why.field + "(" + std::to_string(why.column) + ") " + why.reason;
}

TEST(lineside_reader, reads_what_the_columns_say) {
    const auto r = read_calls(record_format::lineside, fixture("calls.csv"), {.currency = "EUR"});
    ASSERT_EQ(r.error, "");
    ASSERT_TRUE(r.found.rejected.empty()) << r.found.rejected[0].field << r.found.rejected[0].reason;
    ASSERT_EQ(r.found.calls.size(), 6U);
    EXPECT_EQ(r.rows, 6U);
    const auto& answered = r.found.calls[0];
    EXPECT_EQ(answered->call_id, "c0ffee000000000000000001");
    EXPECT_EQ(answered->account, "acct-0007");
    EXPECT_EQ(answered->start, ms("2026-03-01T00:00:00.123Z"));
    EXPECT_EQ(answered->answer, ms("2026-03-01T00:00:05Z"));
    EXPECT_EQ(answered->end, ms("2026-03-01T00:03:00Z"));
    EXPECT_EQ(answered->talk, 175'000);
    EXPECT_EQ(answered->sip_code, 200);
    EXPECT_EQ(answered->direction, call_direction::outbound);
    EXPECT_EQ(answered->cli, "380441234567");
    EXPECT_EQ(answered->destination, "4915112345678");
    EXPECT_EQ(answered->dtmf_digits, 0);
    EXPECT_EQ(answered->charge, 52'500'000);
    EXPECT_EQ(answered->currency, "EUR");
    EXPECT_EQ(answered->outcome, call_outcome::answered);

    const auto& busy = r.found.calls[1];
    EXPECT_EQ(busy->outcome, call_outcome::busy);
    EXPECT_EQ(busy->answer, absent);
    EXPECT_EQ(busy->dtmf_digits, absent);
    EXPECT_EQ(busy->charge, absent);
    EXPECT_TRUE(r.found.calls[2]->answered()); // for no time at all
    EXPECT_EQ(r.found.calls[3]->destination, "=1002, \"desk\"");
    EXPECT_EQ(r.found.calls[3]->charge, -10'000'000);
    EXPECT_EQ(r.found.calls[4]->account, "Zo\u00eb GmbH");
    EXPECT_EQ(r.found.calls[4]->outcome, call_outcome::abandoned);
    EXPECT_EQ(r.found.calls[5]->start, ms("2026-03-02T00:00:00Z"));
    EXPECT_EQ(r.found.calls[5]->end, absent); // still in progress
    EXPECT_EQ(r.found.calls[5]->talk, 0);
}

TEST(lineside_reader, reads_json_lines_with_the_same_names) {
    const auto r = read_calls(record_format::lineside, fixture("calls.ndjson"));
    ASSERT_EQ(r.error, "");
    ASSERT_EQ(r.found.calls.size(), 2U);
    const auto csv = read_calls(record_format::lineside, fixture("calls.csv"), {.currency = "EUR"});
    EXPECT_EQ(r.found.calls[0], csv.found.calls[0]);
    EXPECT_EQ(r.found.calls[1]->outcome, call_outcome::busy);
    EXPECT_EQ(r.found.calls[1]->hangup_cause, "USER_BUSY");
}

TEST(lineside_reader, takes_columns_in_any_order_and_says_which_it_ignored) {
    const auto r =
        read_calls(record_format::lineside, "Start Time,colour,CALL-ID,account_id,q850_cause,released_by,outcome\n"
                                            "2026-03-01T00:00:00Z,red,x,a,17,network,\n"
                                            "2026-03-01T00:00:00Z,red,y,a,,,rejected\n");
    ASSERT_EQ(r.found.calls.size(), 2U) << r.error;
    EXPECT_EQ(r.found.calls[0]->outcome, call_outcome::busy);
    EXPECT_EQ(r.found.calls[0]->released_by, release_party::network);
    EXPECT_EQ(r.found.calls[1]->outcome, call_outcome::rejected);
    EXPECT_TRUE(r.found.has_note("columns ignored: colour"));
}

TEST(lineside_reader, refuses_a_header_without_the_needed_columns) {
    EXPECT_THAT(read_calls(record_format::lineside, "a,b\n1,2\n", {.name = "f.csv"}).error,
                HasSubstr("f.csv:1: the header has no column 'call_id'"));
    EXPECT_THAT(read_calls(record_format::lineside, "call_id,start_time\n").error, HasSubstr("'account_id'"));
    EXPECT_THAT(read_calls(record_format::lineside, "call_id,start_time,call id,account_id\n").error,
                HasSubstr("two columns 'call id'"));
}

TEST(lineside_reader, takes_the_account_from_the_options_or_from_the_field_they_name) {
    const std::string text = "call_id,start_time,cli\nx,2026-03-01T00:00:00Z,1001\n";
    EXPECT_EQ(read_calls(record_format::lineside, text, {.account = "acme"}).found.calls.at(0)->account, "acme");
    EXPECT_EQ(read_calls(record_format::lineside, text, {.account_from = "CLI"}).found.calls.at(0)->account, "1001");
    EXPECT_THAT(read_calls(record_format::lineside, text, {.account_from = "colour"}).error,
                HasSubstr("the fields are call_id, start_time, cli"));
}

TEST(lineside_reader, rejects_a_bad_row_with_line_column_field_and_reason) {
    const std::string row = "x,a,2026-02-30T00:00:00.000Z,,,,,outbound,,,,";
    const auto r = read(row + "\r\ny,a,2026-03-01T00:00:00.000Z,,,,,outbound,,,,\r\n", {.name = "f.csv"});
    ASSERT_EQ(r.found.rejected.size(), 1U);
    EXPECT_EQ(r.found.rejected[0], (rejected_row{"f.csv", 2, 3, "start_time", "is no time of the calendar", row,
                                                 std::string(header.substr(0, header.size() - 1))}));
    EXPECT_EQ(r.found.calls.size(), 1U);
    EXPECT_EQ(r.rows, 2U);
}

TEST(lineside_reader, checks_every_field) {
    const std::string s = "2026-03-01T00:00:10.000Z";
    const std::string before = "2026-03-01T00:00:09.999Z";
    const std::string later = "2026-03-01T00:01:10.000Z";
    EXPECT_EQ(reason(",a," + s + ",,,,,inbound,,,,"), "call_id(1) is empty");
    EXPECT_THAT(reason("x,," + s + ",,,,,inbound,,,,"), HasSubstr("account_id(2) is empty"));
    EXPECT_EQ(reason("x,a,,,,,,inbound,,,,"), "start_time(3) is empty");
    EXPECT_EQ(reason("x,a," + s + "," + before + "," + later + ",,,inbound,,,,"), "answer_time(4) is before the start");
    EXPECT_EQ(reason("x,a," + s + "," + later + "," + s + ",,,inbound,,,,"), "answer_time(4) is after the end");
    EXPECT_EQ(reason("x,a," + s + ",," + before + ",,,inbound,,,,"), "end_time(5) is before the start");
    EXPECT_EQ(reason("x,a," + s + "," + s + "," + later + ",61001,,inbound,,,,"),
              "duration_ms(6) is longer than from answer_time to end_time");
    EXPECT_EQ(reason("x,a," + s + "," + s + "," + later + ",61000,,inbound,,,,"), "taken");
    EXPECT_EQ(reason("x,a," + s + ",," + later + ",5,,inbound,,,,"),
              "duration_ms(6) is not 0 though the call has no answer_time");
    EXPECT_EQ(reason("x,a," + s + ",,,-1,,inbound,,,,"), "duration_ms(6) is not a whole number of at least 0");
    EXPECT_EQ(reason("x,a," + s + ",,,,99,inbound,,,,"), "sip_code(7) is not a SIP code (100 to 699)");
    EXPECT_EQ(reason("x,a," + s + ",,,,700,inbound,,,,"), "sip_code(7) is not a SIP code (100 to 699)");
    EXPECT_EQ(reason("x,a," + s + ",,,,,up,,,,"), "direction(8) is none of inbound, outbound, internal");
    EXPECT_EQ(reason("x,a," + s + ",,,,,inbound,\xC0\x80,,,"), "cli(9) is not UTF-8");
    EXPECT_EQ(reason("x,a," + s + ",,,,,inbound,,a\tb,,"), "destination(10) has a control character in it");
    EXPECT_EQ(reason("x,a," + s + ",,,,,inbound,,,12a,"), "dtmf_digits(11) is not a whole number of at least 0");
    EXPECT_EQ(reason("x,a," + s + ",,,,,inbound,,,,1e3"), "charge(12) is not a decimal amount");
    EXPECT_EQ(reason(std::string(512, 'x') + ",a," + s + ",,,,,inbound,,,,"), "taken");
    EXPECT_EQ(reason(std::string(513, 'x') + ",a," + s + ",,,,,inbound,,,,"), "call_id(1) is too long");
    EXPECT_EQ(reason("x,a," + s), "(0) has 3 fields where the header has 12");
}

TEST(lineside_reader, wants_a_zone_for_times_without_offset) {
    const std::string row = "x,a,2026-10-25 01:30:00,2026-10-25 02:30:00,2026-10-25 02:10:00,,,inbound,,,,\n";
    EXPECT_THAT(read(row, {.name = "f.csv"}).error, HasSubstr("f.csv:2: "));
    const auto r = read(row, {.zone = test::berlin_2026});
    ASSERT_EQ(r.found.calls.size(), 0U); // its end is the first of the two
    const auto good = read("x,a,2026-10-25 02:50:00,,2026-10-25 02:10:00,,,inbound,,,,\n", {.zone = test::berlin_2026});
    ASSERT_EQ(good.found.calls.size(), 1U);
    EXPECT_EQ(good.found.calls[0]->end - good.found.calls[0]->start, 20 * 60'000);
    EXPECT_TRUE(good.found.has_note("twice"));
}

TEST(lineside_reader, derives_an_empty_duration) {
    const auto r = read("x,a,2026-03-01T00:00:00Z,2026-03-01T00:00:05Z,2026-03-01T00:01:00Z,,,inbound,,,,\n");
    EXPECT_EQ(r.found.calls.at(0)->talk, 55'000);
}

TEST(lineside_reader, skips_the_header_of_a_file_that_was_appended) {
    const auto one = fixture("calls.csv");
    const auto r = read_calls(record_format::lineside, one + one);
    EXPECT_EQ(r.found.calls.size(), 12U);
    EXPECT_TRUE(r.found.rejected.empty());
    EXPECT_EQ(r.rows, 12U);
}

TEST(lineside_reader, a_mended_reject_can_be_imported_again) {
    const auto bad = read("x,a,2026-03-01T00:00:00.000Z,,,,699x,inbound,,,,\n", {.name = "f.csv"}).found.rejected.at(0);
    auto mended = bad.text;
    mended.replace(mended.find("699x"), 4, "486");
    const auto r =
        read_calls(record_format::lineside, bad.header + "\n" + std::string(cdr::comment_prefix) + "f.csv:2 \"" +
                                                bad.field + "\" " + bad.reason + "\n" + mended + "\n");
    ASSERT_EQ(r.found.calls.size(), 1U);
    EXPECT_EQ(r.found.calls[0]->outcome, call_outcome::busy);
    EXPECT_TRUE(r.found.rejected.empty());
}

// Rows of all sorts: what the fast path takes, what it leaves, and what is wrong.
std::string mixed_rows(std::mt19937& random, int n) {
    const std::vector<std::vector<std::string>> choices{
        {"id1", "id2", "\"q,\"\"id\"", "", "i\x7F", "i\xC3\xB6"},
        {"acct-1", "acct-2", " a ", "", "a\tb"},
        {"2026-03-01T00:00:00.123Z", "2026-03-02T23:59:59.999Z", "2026-03-01T00:00:00Z", "2026-13-01T00:00:00.000Z",
         "2026-03-01T24:00:00.000Z", "2026-03-01t00:00:00.000Z"},
        {"", "", "2026-03-03T00:00:05.000Z", "2026-03-01T00:00:05.0000Z"},
        {"", "2026-03-03T00:03:00.000Z", "2026-03-03T00:03:00.000Z", "2025-03-03T00:03:00.000Z"},
        {"", "0", "175000", "999999999999", "-5"},
        {"", "200", "486", "099", "7000"},
        {"outbound", "inbound", "internal", "", "out", "OUTBOUND", "sideways"},
        {"380441234567", "", "\"a\nb\""},
        {"4915112345678", "+49"},
        {"", "0", "17", "1000001", "x"},
        {"", "0.0525", "12", "-1.5", "0.1234567891", "1.", ".5", "."},
    };
    std::string text(header);
    for (int i = 0; i < n; ++i) {
        for (std::size_t c = 0; c < choices.size(); ++c) {
            const bool usual = random() % 8 != 0;
            text += choices[c][usual ? random() % 2 : random() % choices[c].size()];
            if (c + 1 != choices.size())
                text += ',';
        }
        text += random() % 10 == 0 ? "\r\n" : "\n";
        if (random() % 40 == 0)
            text += "# lineside: no row\n";
        if (random() % 40 == 0)
            text += "short,row\n";
    }
    return text;
}

TEST(lineside_reader, finds_the_same_calls_however_the_input_is_cut) {
    std::mt19937 random(11);
    for (int round = 0; round < 60; ++round) {
        const auto text = mixed_rows(random, 60);
        const auto whole = read_calls(record_format::lineside, text, {.name = "f"});
        ASSERT_EQ(whole.rows, whole.found.rows());
        for (const std::size_t piece : {std::size_t{1}, 1 + random() % 300, 600 + random() % 3000}) {
            const auto pieces = read_calls(record_format::lineside, text, {.name = "f"}, piece);
            ASSERT_TRUE(whole.found == pieces.found) << "pieces of " << piece;
            ASSERT_EQ(whole.rows, pieces.rows);
        }
    }
}

TEST(lineside_reader, the_fast_path_reads_what_the_careful_one_reads) {
    std::mt19937 random(12);
    for (int round = 0; round < 60; ++round) {
        const auto text = mixed_rows(random, 60);
        // Another column makes all rows go the careful way.
        std::string careful;
        for (std::size_t begin = 0; begin < text.size();) {
            const auto end = text.find('\n', begin);
            auto row = text.substr(begin, end - begin);
            const bool cr = row.ends_with('\r');
            if (cr)
                row.pop_back();
            const bool inside_quotes = std::count(row.begin(), row.end(), '"') % 2 == 1 && !row.starts_with("b\"");
            if (!inside_quotes)
                row += begin == 0 ? ",rate" : ",";
            careful += row + (cr ? "\r\n" : "\n");
            begin = end + 1;
        }
        const auto fast = read_calls(record_format::lineside, text);
        const auto slow = read_calls(record_format::lineside, careful);
        ASSERT_TRUE(fast.found.calls == slow.found.calls);
        ASSERT_EQ(fast.found.rejected.size(), slow.found.rejected.size());
    }
}

} // namespace
} // namespace lineside
