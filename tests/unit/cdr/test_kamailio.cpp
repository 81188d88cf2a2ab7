#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

using namespace cdr::testing;

constexpr auto format = record_format::kamailio;

reader_options by_column(std::string fields = {}) {
    auto options = plain_options();
    options.account.reset();
    options.fields = std::move(fields);
    return options;
}

input_read read_fixture(const std::string& name, std::string fields = {}) {
    return read(format, fixture("cdr/kamailio/" + name), by_column(std::move(fields)));
}

TEST(kamailio_reader, warns_that_talk_includes_ringing) {
    const auto out = read_fixture("acc_cdrs.csv");
    ASSERT_EQ(out.calls.size(), 2u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->call_id, "a1@example");
    EXPECT_EQ(c->account, "acme");
    EXPECT_EQ(c->cli, "4420");
    EXPECT_EQ(c->destination, "1001");
    EXPECT_EQ(c->start, at(10, 0, 0, 250));
    EXPECT_EQ(c->end, at(10, 1, 0, 750));
    EXPECT_EQ(c->talk, 60'500);
    EXPECT_EQ(c->answer, absent) << "nobody knows when";
    EXPECT_TRUE(c->answered());
    EXPECT_TRUE(out.noted("talk time includes ringing"));
}

TEST(kamailio_reader, takes_a_duration_of_zero_for_a_failure) {
    const auto c = read_fixture("acc_cdrs.csv").calls.at(1);
    EXPECT_EQ(c->outcome, call_outcome::busy);
    EXPECT_EQ(c->talk, 0);
    EXPECT_EQ(c->end, at(10, 2, 9));
}

TEST(kamailio_reader, counts_talk_from_the_answer_where_a_column_says_when) {
    const auto out = read(format, "start_time,end_time,duration,callid,caller,callee,answer_time\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:01:05,65.000,a,1,2,2026-03-09 10:00:05\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:00:05,5.000,b,1,2,\n");
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.calls[0]->talk, 60'000);
    EXPECT_EQ(out.calls[0]->answer, at(10, 0, 5));
    EXPECT_FALSE(out.calls[1]->answered()) << "whatever its duration";
    EXPECT_FALSE(out.noted("ringing"));
}

TEST(kamailio_reader, starts_on_confirmation_where_told) {
    const auto out = read_fixture("acc_cdrs.csv", "start_on_confirmed");
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.calls[0]->answer, out.calls[0]->start);
    EXPECT_EQ(out.calls[0]->talk, 60'500);
    EXPECT_FALSE(out.calls[1]->answered());
    EXPECT_FALSE(out.noted("talk time includes ringing"));
    EXPECT_TRUE(out.noted("calls begin at their answer"));
}

TEST(kamailio_reader, takes_the_columns_from_the_options) {
    auto bytes = fixture("cdr/kamailio/acc_cdrs.csv");
    const auto header = bytes.substr(0, bytes.find('\n'));
    const auto rows = bytes.substr(header.size() + 1);
    EXPECT_EQ(read(format, rows, by_column(header)).calls, read_fixture("acc_cdrs.csv").calls);
    EXPECT_EQ(read(format, bytes, by_column(header)).calls, read_fixture("acc_cdrs.csv").calls)
        << "a header beside them";
}

TEST(kamailio_reader, tells_calls_apart_by_their_row_where_there_is_no_call_id) {
    const auto out = read(format, "id,start_time,end_time,duration\n7,2026-03-09 10:00:00,2026-03-09 10:01:05,65\n");
    EXPECT_EQ(out.calls.at(0)->call_id, "7");
    EXPECT_TRUE(out.noted("told apart by id"));
}

TEST(kamailio_reader, pairs_an_invite_with_its_bye) {
    const auto out = read_fixture("acc.csv");
    ASSERT_EQ(out.calls.size(), 4u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->call_id, "b1@example");
    EXPECT_EQ(c.rows, 2u);
    EXPECT_EQ(c->answer, at(10, 0, 5));
    EXPECT_EQ(c->talk, 60'000);
    EXPECT_EQ(c->released_by, release_party::caller);
}

TEST(kamailio_reader, folds_a_challenge_into_the_call) {
    const auto c = read_fixture("acc.csv").calls.at(1);
    EXPECT_EQ(c->call_id, "b2@example");
    EXPECT_EQ(c.rows, 3u);
    EXPECT_EQ(c->start, at(10, 0, 6)) << "when it was first tried";
    EXPECT_EQ(c->talk, 120'000);
    EXPECT_EQ(c->released_by, release_party::callee);
}

TEST(kamailio_reader, takes_an_answer_without_bye_for_a_call_in_progress) {
    const auto out = read_fixture("acc.csv");
    EXPECT_EQ(out.calls.at(3)->end, absent);
    EXPECT_TRUE(out.calls.at(3)->answered());
    EXPECT_TRUE(out.noted("1 answered calls have no BYE row"));
}

TEST(kamailio_reader, rejects_a_bye_without_invite_and_leaves_out_other_methods) {
    const auto out = read_fixture("acc.csv");
    ASSERT_EQ(out.rejected.size(), 1u);
    EXPECT_EQ(out.rejected[0].line, 9u);
    EXPECT_EQ(out.rejected[0].field, "method");
    EXPECT_TRUE(out.rejected[0].text.starts_with("8,BYE"));
    EXPECT_TRUE(out.noted("1 lines or rows are about something else"));
    EXPECT_EQ(out.rows, out.accounted_rows);
}

TEST(kamailio_reader, pairs_rows_that_run_backwards) {
    const auto out = read(format, "method,callid,sip_code,time,from_tag,to_tag\n"
                                  "BYE,a,200,2026-03-09 10:01:05,f,t\n"
                                  "INVITE,a,200,2026-03-09 10:00:05,f,t\n");
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->talk, 60'000);
}

TEST(kamailio_reader, reads_json_lines) {
    const auto out = read_fixture("acc_json.json");
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->call_id, "d1@example");
    EXPECT_EQ(out.calls[0]->talk, 60'500);
    EXPECT_EQ(out.rows, 2u);
}

TEST(kamailio_reader, reads_a_log) {
    const auto out = read_fixture("syslog.log");
    ASSERT_EQ(out.calls.size(), 3u);
    EXPECT_EQ(out.calls[0]->call_id, "c1@example");
    EXPECT_EQ(out.calls[0]->cli, "4420");
    EXPECT_EQ(out.calls[0]->talk, 60'500);
    EXPECT_EQ(out.calls[1]->talk, 60'000);
    EXPECT_EQ(out.calls[2]->outcome, call_outcome::invalid_number);
    EXPECT_EQ(out.rows, 4u) << "other lines are no rows";
}

TEST(kamailio_reader, compares_names_without_case) {
    EXPECT_EQ(read(format, "START_TIME,End_Time,Duration,CallID\n1773050400,1773050465,65,a\n").calls.size(), 1u);
}

TEST(kamailio_reader, needs_a_zone_for_local_times_only) {
    auto options = by_column();
    options.zone = {};
    const auto why = refusal(format, fixture("cdr/kamailio/acc_cdrs.csv"), options);
    EXPECT_NE(why.find("calls:2:"), std::string::npos) << why;
    EXPECT_NE(why.find("--zone"), std::string::npos) << why;
    EXPECT_TRUE(refusal(format, fixture("cdr/kamailio/acc_json.json"), options).empty());
}

TEST(kamailio_reader, refuses_columns_that_say_too_little) {
    EXPECT_NE(refusal(format, "a,b\n1,2\n").find("start_time"), std::string::npos);
    EXPECT_NE(refusal(format, "start_time,end_time\n").find("callid"), std::string::npos);
    EXPECT_NE(refusal(format, "nothing of the kind\n").find("no line is a call record"), std::string::npos);
    auto options = by_column();
    options.account_from = "tenant";
    EXPECT_NE(refusal(format, fixture("cdr/kamailio/acc_cdrs.csv"), options).find("'tenant'"), std::string::npos);
}

TEST(kamailio_reader, rejects_a_row_by_line_column_and_field) {
    const auto out = read(format, "start_time,end_time,duration,callid,sip_code\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:01:05,long,a,200\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:01:05,65,b,OK\n"
                                  "2026-03-09 10:00:00,2026-03-09 09:01:05,65,c,200\n"
                                  "too,few\n");
    EXPECT_TRUE(out.calls.empty());
    ASSERT_EQ(out.rejected.size(), 4u);
    EXPECT_EQ(out.rejected[0].line, 2u);
    EXPECT_EQ(out.rejected[0].column, 3u);
    EXPECT_EQ(out.rejected[0].field, "duration");
    EXPECT_EQ(out.rejected[0].header, "start_time,end_time,duration,callid,sip_code");
    EXPECT_EQ(out.rejected[1].column, 5u);
    EXPECT_EQ(out.rejected[2].field, "end_time");
    EXPECT_EQ(out.rejected[2].column, 2u);
    EXPECT_EQ(out.rejected[3].line, 5u);
}

TEST(kamailio_reader, reads_the_same_however_the_bytes_are_cut) {
    for (const auto* name : {"acc_cdrs.csv", "acc.csv", "acc_json.json", "syslog.log"}) {
        const auto bytes = fixture(std::string("cdr/kamailio/") + name);
        const auto whole = read(format, bytes, by_column());
        for (unsigned seed = 0; seed < 20; ++seed)
            EXPECT_EQ(read_cut(format, bytes, by_column(), seed).calls, whole.calls) << name << ", seed " << seed;
    }
}

} // namespace
} // namespace lineside::cdr
