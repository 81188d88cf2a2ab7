#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

using namespace cdr::testing;

constexpr auto format = record_format::freeswitch_csv;

input_read read_fixture(const std::string& name) { return read(format, fixture("cdr/freeswitch-csv/" + name)); }

reader_options with_fields(std::string fields) {
    auto options = plain_options();
    options.fields = std::move(fields);
    return options;
}

std::string example_row(std::string_view name, std::string_view answer = "2026-03-09 10:00:05") {
    return "\"" + std::string(name) + "\",\"4420\",\"1001\",\"default\",\"2026-03-09 10:00:00\",\"" +
           std::string(answer) +
           "\",\"2026-03-09 10:01:05\",\"65\",\"60\",\"NORMAL_CLEARING\",\"00000000-0000-4000-8000-000000000001\",\"\","
           "\"acme\",\"PCMA\",\"PCMA\"\n";
}

TEST(freeswitch_csv_reader, recognises_the_default_template) {
    const auto out = read_fixture("unescaped.csv");
    ASSERT_FALSE(out.calls.empty());
    const auto& c = out.calls.back();
    EXPECT_EQ(c->call_id, "00000000-0000-4000-8000-000000000005");
    EXPECT_EQ(c->cli, "4420");
    EXPECT_EQ(c->destination, "1005");
    EXPECT_EQ(c->start, at(10, 5, 0));
    EXPECT_EQ(c->answer, at(10, 5, 5));
    EXPECT_EQ(c->end, at(10, 5, 8));
    EXPECT_EQ(c->talk, 3000);
    EXPECT_EQ(c->q850_cause, 16);
    EXPECT_EQ(c->dtmf_digits, absent);
    EXPECT_TRUE(out.noted("template example"));
}

TEST(freeswitch_csv_reader, survives_what_a_callers_name_does_to_a_row) {
    const auto out = read_fixture("unescaped.csv");
    EXPECT_TRUE(out.rejected.empty());
    ASSERT_EQ(out.calls.size(), 5u);
    EXPECT_EQ(out.calls[0]->destination, "1001") << "quotes";
    EXPECT_EQ(out.calls[1]->destination, "1002") << "a comma";
    EXPECT_EQ(out.calls[2]->destination, "1003") << "a quote and a comma";
    EXPECT_EQ(out.calls[2]->outcome, call_outcome::busy);
    EXPECT_EQ(out.calls[3]->destination, "1004") << "a line break";
}

TEST(freeswitch_csv_reader, takes_the_compiled_in_template_with_its_space) {
    const auto out = read_fixture("default.csv");
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.calls[0]->talk, 60'000);
    EXPECT_EQ(out.calls[1]->outcome, call_outcome::no_answer);
    auto options = plain_options();
    options.account.reset();
    EXPECT_EQ(read(format, fixture("cdr/freeswitch-csv/default.csv"), options).calls.at(0)->account, "acme");
}

TEST(freeswitch_csv_reader, takes_the_asterisk_like_template_with_its_semicolon) {
    const auto out = read_fixture("asterisk.csv");
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.calls[0]->call_id, "00000000-0000-4000-8000-000000000001");
    EXPECT_EQ(out.calls[1]->outcome, call_outcome::abandoned);
    EXPECT_TRUE(out.noted("template asterisk"));
}

TEST(freeswitch_csv_reader, reads_insert_statements) {
    const auto out = read_fixture("sql.csv");
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.calls[0]->talk, 60'000);
    EXPECT_EQ(out.calls[1]->outcome, call_outcome::busy);
    EXPECT_EQ(read(format, fixture("cdr/freeswitch-csv/sql.csv"), with_fields("sql")).calls, out.calls);
}

TEST(freeswitch_csv_reader, takes_lengths_from_columns_where_times_have_minutes_only) {
    const auto out = read_fixture("spreadsheet-dates.csv");
    ASSERT_EQ(out.calls.size(), 6u);
    EXPECT_TRUE(out.noted("minute precision"));
    const auto& c = out.calls[2];
    EXPECT_EQ(c->talk, 327'000);
    EXPECT_EQ(c->end - c->start, 329'000);
    EXPECT_EQ(c->answer - c->start, 2000);
    EXPECT_FALSE(out.calls[1]->answered());
    EXPECT_EQ(out.calls[1]->answer, absent);
}

TEST(freeswitch_csv_reader, hands_on_a_repeated_uuid_each_time) {
    const auto out = read_fixture("spreadsheet-dates.csv");
    ASSERT_EQ(out.calls.size(), 6u);
    EXPECT_EQ(out.calls[3], out.calls[4]);
    EXPECT_EQ(out.calls[4]->call_id, out.calls[5]->call_id);
    EXPECT_FALSE(out.calls[4] == out.calls[5]);
}

TEST(freeswitch_csv_reader, reads_a_template_with_its_xml) {
    const auto options =
        with_fields(R"(<template name="mine">"${uuid}","${caller_id_number}","${destination_number}",)"
                    R"("${start_epoch}","${answer_uepoch}","${end_epoch}","${billmsec}",)"
                    R"("${digits_dialed}","${proto_specific_hangup_cause}","${hangup_cause}",)"
                    R"("${sip_hangup_disposition}","${progressmsec}","${regex(${a}|^.,$)}"</template>)");
    auto no_zone = options;
    no_zone.zone = {};
    const auto out =
        read(format,
             "\"u1\",\"4420\",\"1001\",\"1773050400\",\"1773050405250000\",\"1773050465\",\"59750\",\"123\","
             "\"sip:200\",\"NORMAL_CLEARING\",\"recv_bye\",\"820\",\"x\"\n"
             "\"u2\",\"4420\",\"1002\",\"1773050400\",\"0\",\"1773050465\",\"0\",\"none\",\"sip:486\","
             "\"USER_BUSY\",\"send_refuse\",\"0\",\"x\"\n"
             "\"u3\",\"4420\",\"1003\",\"1773050400\",\"0\",\"1773050465\",\"0\",\"\",\"\","
             "\"NORMAL_CLEARING\",\"recv_cancel\",\"0\",\"x\"\n",
             no_zone);
    ASSERT_EQ(out.calls.size(), 3u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->answer, at(10, 0, 5, 250));
    EXPECT_EQ(c->talk, 59'750);
    EXPECT_EQ(c->dtmf_digits, 3);
    EXPECT_EQ(c->sip_code, 200);
    EXPECT_EQ(c->released_by, release_party::caller);
    EXPECT_EQ(c->pdd, 820);
    EXPECT_EQ(out.calls[1]->dtmf_digits, 0) << "none was dialled";
    EXPECT_EQ(out.calls[1]->sip_code, 486);
    EXPECT_EQ(out.calls[1]->pdd, absent) << "0 is never";
    EXPECT_EQ(out.calls[1]->released_by, release_party::callee);
    EXPECT_EQ(out.calls[2]->dtmf_digits, absent) << "an empty column reports nothing";
    EXPECT_EQ(out.calls[2]->sip_code, -1);
}

TEST(freeswitch_csv_reader, folds_b_legs_into_their_a_leg) {
    const auto options = with_fields("uuid,direction,originator,caller_id_number,destination_number,start_epoch,"
                                     "answer_epoch,end_epoch,billsec,hangup_cause");
    const auto out = read(format,
                          "b1,outbound,a1,1,2,1773050401,1773050405,1773050465,60,NORMAL_CLEARING\n"
                          "a1,inbound,,1,2,1773050400,1773050405,1773050465,60,NORMAL_CLEARING\n"
                          "b9,outbound,a9,1,2,1773050401,1773050405,1773050465,60,NORMAL_CLEARING\n",
                          options);
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->call_id, "a1");
    EXPECT_EQ(out.calls[0].rows, 2u);
    EXPECT_EQ(out.rows, 2u) << "the B leg without its A leg is left out";
    EXPECT_TRUE(out.noted("1 rows are B legs without their A leg"));
}

TEST(freeswitch_csv_reader, lets_the_bridge_say_why_an_a_leg_failed) {
    const auto options = with_fields("uuid,start_epoch,answer_epoch,end_epoch,hangup_cause,last_bridge_hangup_cause");
    const auto out = read(format, "a1,1773050400,0,1773050465,NORMAL_CLEARING,USER_BUSY\n", options);
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->outcome, call_outcome::busy);
    EXPECT_EQ(out.calls[0]->hangup_cause, "USER_BUSY");
    EXPECT_EQ(out.calls[0]->q850_cause, 17);
}

TEST(freeswitch_csv_reader, starts_opencdrrate_calls_at_their_answer) {
    const auto out = read(
        format, "\"00000000-0000-4000-8000-000000000001\",\"\",\"inbound\",\"4420\",\"1001\","
                "\"2026-03-09 10:00:05\",\"2026-03-09 10:01:05\",\"60\",\"acme\",\"\",\"192.0.2.1\",\"Bob\",\"out\"\n");
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->start, at(10, 0, 5));
    EXPECT_EQ(out.calls[0]->source_ip, "192.0.2.1");
    EXPECT_TRUE(out.noted("no start time"));
}

TEST(freeswitch_csv_reader, answers_by_the_stamp_and_not_by_the_length) {
    const auto row = example_row("Bob");
    auto zero = row;
    zero.replace(zero.find("10:01:05"), 8, "10:00:05");
    zero.replace(zero.find("\"60\""), 4, "\"0\"");
    const auto out = read(format, zero + example_row("Bob", ""));
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_TRUE(out.calls[0]->answered());
    EXPECT_EQ(out.calls[0]->talk, 0);
    EXPECT_FALSE(out.calls[1]->answered());
    EXPECT_EQ(out.calls[1]->talk, 0);
}

TEST(freeswitch_csv_reader, takes_columns_that_were_added_to_a_shipped_template) {
    auto row = example_row("Bob");
    row.insert(row.size() - 1, ",\"12\",\"sip:200\",\"more\",\"and more\",\"and yet more\",\"and even more\"");
    const auto out = read(format, row);
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_TRUE(out.noted("the columns from the 16th on are unknown"));
}

TEST(freeswitch_csv_reader, needs_a_zone_for_stamps) {
    auto options = plain_options();
    options.zone = {};
    const auto why = refusal(format, example_row("Bob"), options);
    EXPECT_NE(why.find("calls:1:"), std::string::npos) << why;
    EXPECT_NE(why.find("--zone"), std::string::npos) << why;
}

TEST(freeswitch_csv_reader, reads_stamps_in_the_zone) {
    auto options = plain_options();
    options.zone = fixed_zone(2);
    EXPECT_EQ(read(format, example_row("Bob"), options).calls.at(0)->start, at(8, 0, 0));
}

TEST(freeswitch_csv_reader, tells_a_repeated_hour_by_the_order_of_the_ends) {
    auto options = with_fields("uuid,start_stamp,answer_stamp,end_stamp,duration,billsec");
    options.zone = test::berlin_2026;
    const auto out = read(format,
                          "u1,2026-10-25 02:50:00,2026-10-25 02:50:05,2026-10-25 02:55:00,300,295\n"
                          "u2,2026-10-25 02:30:00,2026-10-25 02:30:05,2026-10-25 02:05:00,2100,2095\n",
                          options);
    ASSERT_EQ(out.calls.size(), 2u);
    constexpr std::int64_t first_two = 1'792'886'400'000; // 02:00 local, before the clock went back
    constexpr std::int64_t minute = 60'000;
    EXPECT_EQ(out.calls[0]->start, first_two + 50 * minute);
    EXPECT_EQ(out.calls[1]->end, first_two + 65 * minute) << "the hour's second time";
    EXPECT_EQ(out.calls[1]->start, first_two + 30 * minute) << "as long before it as the call took";
    EXPECT_EQ(out.calls[1]->talk, 2'095'000);
    EXPECT_TRUE(out.noted("an hour that the zone has twice"));
}

TEST(freeswitch_csv_reader, tells_a_repeated_hour_by_the_length_of_the_call) {
    auto options = with_fields("uuid,start_stamp,answer_stamp,end_stamp,duration,billsec");
    options.zone = test::berlin_2026;
    const auto out = read(format, "u,2026-10-25 01:59:00,2026-10-25 01:59:00,2026-10-25 02:30:00,5460,5460\n", options);
    EXPECT_EQ(out.calls.at(0)->end - out.calls.at(0)->start, 5'460'000) << "into the hour's second time";
}

TEST(freeswitch_csv_reader, refuses_a_template_it_does_not_know) {
    EXPECT_NE(refusal(format, "a,b,c\n").find("--fields"), std::string::npos);
    EXPECT_NE(refusal(format, "x\n", with_fields("\"${start_stamp}\",\"${billsec}\"")).find("${uuid}"),
              std::string::npos);
    EXPECT_NE(refusal(format, "x\n", with_fields("\"${uuid}\",\"${billsec}\"")).find("no time"), std::string::npos);
}

TEST(freeswitch_csv_reader, rejects_a_row_by_line_column_and_field) {
    auto bad = example_row("Bob");
    bad.replace(bad.find("\"60\""), 4, "\"sixty\"");
    const auto out =
        read(format, example_row("Bob") + bad + "\"short\",\"row\"\n" + example_row("Bob"), with_fields("example"));
    EXPECT_EQ(out.calls.size(), 2u);
    ASSERT_EQ(out.rejected.size(), 2u);
    EXPECT_EQ(out.rejected[0].file, "calls");
    EXPECT_EQ(out.rejected[0].line, 2u);
    EXPECT_EQ(out.rejected[0].column, 9u);
    EXPECT_EQ(out.rejected[0].field, "billsec");
    EXPECT_EQ(out.rejected[0].text + "\n", bad);
    EXPECT_EQ(out.rejected[1].line, 3u);
    EXPECT_NE(out.rejected[1].reason.find("has 2 fields"), std::string::npos);
}

TEST(freeswitch_csv_reader, rejects_a_call_of_nobody) {
    auto options = plain_options();
    options.account.reset();
    auto row = example_row("Bob");
    row.replace(row.find("acme"), 4, "");
    const auto out = read(format, row, options);
    ASSERT_EQ(out.rejected.size(), 1u);
    EXPECT_EQ(out.rejected[0].column, 13u);
    EXPECT_EQ(out.rejected[0].field, "accountcode");
    options.account_from = "context";
    EXPECT_EQ(read(format, row, options).calls.at(0)->account, "default");
}

TEST(freeswitch_csv_reader, loses_one_line_to_a_broken_row) {
    const auto out = read(format, "\"Bob,\"4420\nnonsense\n" + example_row("Bob"), with_fields("example"));
    EXPECT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.rejected.size(), 2u);
    EXPECT_EQ(out.rows, 3u);
}

TEST(freeswitch_csv_reader, skips_the_reasons_of_a_rejects_file) {
    const auto out = read(format, "# lineside: line 3, billsec: is no number\n" + example_row("Bob"));
    EXPECT_EQ(out.calls.size(), 1u);
    EXPECT_TRUE(out.rejected.empty());
}

TEST(freeswitch_csv_reader, reads_the_same_however_the_bytes_are_cut) {
    for (const auto* name : {"unescaped.csv", "default.csv", "asterisk.csv", "sql.csv", "spreadsheet-dates.csv"}) {
        const auto bytes = fixture(std::string("cdr/freeswitch-csv/") + name);
        const auto whole = read(format, bytes);
        for (unsigned seed = 0; seed < 20; ++seed)
            EXPECT_EQ(read_cut(format, bytes, plain_options(), seed).calls, whole.calls) << name << ", seed " << seed;
    }
}

} // namespace
} // namespace lineside::cdr
