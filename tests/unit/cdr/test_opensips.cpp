#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

using namespace cdr::testing;

constexpr auto format = record_format::opensips;

input_read read_fixture() {
    auto options = plain_options();
    options.account.reset();
    return read(format, fixture("cdr/opensips/acc.csv"), options);
}

TEST(opensips_reader, takes_set_up_answer_and_exact_length) {
    const auto out = read_fixture();
    ASSERT_EQ(out.calls.size(), 4u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->call_id, "a1@example");
    EXPECT_EQ(c->cli, "4420");
    EXPECT_EQ(c->account, "acme");
    EXPECT_EQ(c->start, at(10, 0, 0));
    EXPECT_EQ(c->answer, at(10, 0, 5));
    EXPECT_EQ(c->talk, 60'250) << "not the 61 s it was rounded up to";
    EXPECT_EQ(c->end, at(10, 1, 5, 250));
    EXPECT_EQ(c->pdd, absent) << "setuptime is no ringing delay";
}

TEST(opensips_reader, folds_legs_that_repeat_a_row) { EXPECT_EQ(read_fixture().calls.at(0).rows, 2u); }

TEST(opensips_reader, takes_a_missed_call) {
    const auto c = read_fixture().calls.at(1);
    EXPECT_EQ(c->outcome, call_outcome::busy);
    EXPECT_EQ(c->end, at(10, 2, 3));
    EXPECT_EQ(c->answer, absent);
}

TEST(opensips_reader, folds_a_branch_that_failed_into_the_call_that_was_answered) {
    const auto c = read_fixture().calls.at(2);
    EXPECT_EQ(c->call_id, "a3@example");
    EXPECT_EQ(c.rows, 2u);
    EXPECT_TRUE(c->answered());
    EXPECT_EQ(c->sip_code, 200);
}

TEST(opensips_reader, takes_a_call_of_no_length_as_answered) {
    const auto c = read_fixture().calls.at(3);
    EXPECT_TRUE(c->answered());
    EXPECT_EQ(c->talk, 0);
    EXPECT_EQ(c->end, c->answer);
}

TEST(opensips_reader, says_when_lengths_are_rounded_up) {
    const auto out =
        read(format, "callid,sip_code,time,duration,created\na,200,2026-03-09 10:00:05,61,2026-03-09 10:00:00\n");
    EXPECT_EQ(out.calls.at(0)->talk, 61'000);
    EXPECT_TRUE(out.noted("rounded up"));
}

TEST(opensips_reader, pairs_rows_without_cdr_mode) {
    const auto out = read(format, "method,callid,from_tag,to_tag,sip_code,time\n"
                                  "INVITE,a,f,t,200,2026-03-09 10:00:05\n"
                                  "BYE,a,t,f,200,2026-03-09 10:01:05\n"
                                  "BYE,b,t,f,200,2026-03-09 10:01:06\n");
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->talk, 60'000);
    EXPECT_EQ(out.calls[0]->released_by, release_party::callee);
    EXPECT_EQ(out.rejected.size(), 1u);
    EXPECT_EQ(out.rows, out.accounted_rows);
}

TEST(opensips_reader, takes_the_columns_from_the_options) {
    auto options = plain_options();
    options.fields = "callid,sip_code,time,ms_duration,created";
    const auto out = read(format, "a,200,2026-03-09 10:00:05,61000,2026-03-09 10:00:00\n", options);
    EXPECT_EQ(out.calls.at(0)->talk, 61'000);
}

TEST(opensips_reader, refuses_a_table_without_call_id_code_or_time) {
    EXPECT_NE(refusal(format, "a,b\n").find("callid"), std::string::npos);
    EXPECT_NE(refusal(format, "callid,time\n").find("sip_code"), std::string::npos);
    EXPECT_NE(refusal(format, "callid,sip_code\n").find("the time"), std::string::npos);
}

TEST(opensips_reader, needs_a_zone) {
    auto options = plain_options();
    options.zone = {};
    const auto why = refusal(format, fixture("cdr/opensips/acc.csv"), options);
    EXPECT_NE(why.find("calls:2:"), std::string::npos) << why;
    EXPECT_NE(why.find("--zone"), std::string::npos) << why;
}

TEST(opensips_reader, rejects_a_row_by_line_column_and_field) {
    const auto out = read(format, "callid,sip_code,time,ms_duration,created\n"
                                  "a,200,2026-03-09 10:00:05,long,2026-03-09 10:00:00\n"
                                  "b,,2026-03-09 10:00:05,0,2026-03-09 10:00:00\n"
                                  "c,200,,,\n"
                                  ",200,2026-03-09 10:00:05,0,2026-03-09 10:00:00\n");
    ASSERT_EQ(out.rejected.size(), 4u);
    EXPECT_EQ(out.rejected[0].line, 2u);
    EXPECT_EQ(out.rejected[0].column, 4u);
    EXPECT_EQ(out.rejected[0].field, "ms_duration");
    EXPECT_EQ(out.rejected[1].field, "sip_code");
    EXPECT_EQ(out.rejected[2].field, "time");
    EXPECT_EQ(out.rejected[3].field, "callid");
    EXPECT_EQ(out.rejected[3].column, 1u);
}

TEST(opensips_reader, reads_the_same_however_the_bytes_are_cut) {
    const auto bytes = fixture("cdr/opensips/acc.csv");
    const auto whole = read(format, bytes);
    for (unsigned seed = 0; seed < 20; ++seed)
        EXPECT_EQ(read_cut(format, bytes, plain_options(), seed).calls, whole.calls) << "seed " << seed;
}

} // namespace
} // namespace lineside::cdr
