#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

using namespace cdr::testing;

constexpr auto format = record_format::connexcs;

reader_options no_zone() {
    auto options = plain_options();
    options.zone = {};
    options.currency = "USD";
    return options;
}

input_read read_fixture() { return read(format, fixture("cdr/connexcs/portal.csv"), no_zone()); }

TEST(connexcs_reader, reads_times_as_utc_without_a_zone) {
    const auto out = read_fixture();
    ASSERT_EQ(out.calls.size(), 3u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->call_id, "a1@example");
    EXPECT_EQ(c->cli, "4420");
    EXPECT_EQ(c->destination, "1001");
    EXPECT_EQ(c->start, at(10, 0, 0));
    EXPECT_EQ(c->talk, 60'000);
    EXPECT_EQ(c->billed, 60'000);
    EXPECT_EQ(c->charge, 12'000'000);
    EXPECT_EQ(c->currency, "USD");
    EXPECT_EQ(c->direction, call_direction::outbound);
    EXPECT_EQ(out.calls[2]->direction, call_direction::inbound);
}

TEST(connexcs_reader, answers_after_pdd_and_ringing) {
    const auto out = read_fixture();
    EXPECT_EQ(out.calls.at(0)->pdd, 1500);
    EXPECT_EQ(out.calls.at(0)->answer, at(10, 0, 5));
    EXPECT_EQ(out.calls.at(0)->end, at(10, 1, 5));
    EXPECT_EQ(out.calls.at(1)->end, at(10, 2, 0, 800));
    EXPECT_EQ(out.calls.at(2)->pdd, absent);
    EXPECT_EQ(out.calls.at(2)->answer, absent) << "nothing says when";
    EXPECT_TRUE(out.calls.at(2)->answered());
}

TEST(connexcs_reader, counts_the_digits_that_were_captured) {
    const auto out = read_fixture();
    EXPECT_EQ(out.calls.at(0)->dtmf_digits, 3);
    EXPECT_EQ(out.calls.at(1)->dtmf_digits, 0) << "the column is there, and none were";
    EXPECT_EQ(read(format, "dt,callid,duration\n2026-03-09 10:00:00,a,1\n").calls.at(0)->dtmf_digits, absent);
}

TEST(connexcs_reader, tells_who_hung_up_by_the_release_reason) {
    const auto out = read_fixture();
    EXPECT_EQ(out.calls.at(0)->released_by, release_party::caller);
    EXPECT_EQ(out.calls.at(1)->released_by, release_party::unknown);
    EXPECT_EQ(out.calls.at(2)->released_by, release_party::network);
    EXPECT_EQ(read(format, "dt,callid,duration,Release Reason\n2026-03-09 10:00:00,a,1,Upstream BYE\n")
                  .calls.at(0)
                  ->released_by,
              release_party::callee);
}

TEST(connexcs_reader, answers_by_duration_or_code_200_and_by_no_other_code) {
    const auto out =
        read(format, "dt,callid,duration,sip_code\n2026-03-09 10:00:00,a,0,200\n2026-03-09 10:00:00,b,0,183\n"
                     "2026-03-09 10:00:00,c,5,0\n2026-03-09 10:00:00,d,0,503\n");
    ASSERT_EQ(out.calls.size(), 4u);
    EXPECT_TRUE(out.calls[0]->answered());
    EXPECT_FALSE(out.calls[1]->answered());
    EXPECT_TRUE(out.calls[2]->answered());
    EXPECT_EQ(out.calls[2]->sip_code, -1);
    EXPECT_EQ(out.calls[3]->outcome, call_outcome::congestion);
}

TEST(connexcs_reader, knows_both_spellings_in_any_order_and_case) {
    const auto display =
        read(format, "CALL TIME,Call ID,billed duration,DURATION,Charge\n2026-03-09 10:00:00,a,60,5,0.01\n");
    const auto api =
        read(format, "customer_charge,duration,callid,customer_duration,dt\n0.01,5,a,60,2026-03-09 10:00:00\n");
    ASSERT_EQ(display.calls.size(), 1u);
    EXPECT_EQ(display.calls, api.calls);
}

TEST(connexcs_reader, takes_the_currency_the_branch_and_the_customer_of_a_row) {
    auto options = no_zone();
    options.account.reset();
    const auto out = read(format,
                          "customer_id,dt,callid,branch_idx,duration,customer_charge,customer_card_currency\n"
                          "42,2026-03-09 10:00:00,a,1,5,0.01,EUR\n,2026-03-09 10:00:00,b,1,5,0.01,EUR\n",
                          options);
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->account, "42");
    EXPECT_EQ(out.calls[0]->branch, "1");
    EXPECT_EQ(out.calls[0]->currency, "EUR");
    ASSERT_EQ(out.rejected.size(), 1u);
    EXPECT_EQ(out.rejected[0].field, "customer_id");
}

TEST(connexcs_reader, reads_waits_that_no_call_has_as_milliseconds) {
    const auto bytes = "dt,callid,duration,PDD\n2026-03-09 10:00:00,a,5,1500\n2026-03-09 10:00:00,b,5,2\n";
    const auto out = read(format, bytes);
    EXPECT_EQ(out.calls.at(0)->pdd, 1500);
    EXPECT_EQ(out.calls.at(1)->pdd, 2000);
    EXPECT_TRUE(out.noted("read as milliseconds"));
    auto options = plain_options();
    options.fields = "pdd_ms";
    EXPECT_EQ(read(format, bytes, options).calls.at(1)->pdd, 2);
}

TEST(connexcs_reader, cannot_be_read_without_its_header) {
    const auto why = refusal(format, "2026-03-09 10:00:00,a,5\n");
    EXPECT_NE(why.find("calls:1:"), std::string::npos) << why;
    EXPECT_NE(why.find("header"), std::string::npos) << why;
}

TEST(connexcs_reader, skips_a_header_in_the_middle) {
    const std::string file = "dt,callid,duration\n2026-03-09 10:00:00,a,5\n";
    const auto out = read(format, file + file);
    EXPECT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.rows, 2u);
    EXPECT_TRUE(out.rejected.empty());
}

TEST(connexcs_reader, rejects_a_row_by_line_column_and_field) {
    const auto out =
        read(format, "dt,callid,duration,charge\n,a,5,1\n2026-03-09 10:00:00,,5,1\n2026-03-09 10:00:00,c,-5,1\n"
                     "2026-03-09 10:00:00,d,5,1.0000000001\n2026-03-09 10:00:00,e,5\n");
    EXPECT_TRUE(out.calls.empty());
    ASSERT_EQ(out.rejected.size(), 5u);
    EXPECT_EQ(out.rejected[0].line, 2u);
    EXPECT_EQ(out.rejected[0].column, 1u);
    EXPECT_EQ(out.rejected[0].field, "dt");
    EXPECT_EQ(out.rejected[0].header, "dt,callid,duration,charge");
    EXPECT_EQ(out.rejected[1].column, 2u);
    EXPECT_EQ(out.rejected[2].field, "duration");
    EXPECT_EQ(out.rejected[3].column, 4u);
    EXPECT_EQ(out.rejected[4].column, 0u);
    EXPECT_EQ(out.rejected[4].text, "2026-03-09 10:00:00,e,5");
}

TEST(connexcs_reader, reads_the_same_however_the_bytes_are_cut) {
    const auto bytes = fixture("cdr/connexcs/portal.csv");
    const auto whole = read(format, bytes);
    for (unsigned seed = 0; seed < 20; ++seed)
        EXPECT_EQ(read_cut(format, bytes, plain_options(), seed).calls, whole.calls) << "seed " << seed;
}

} // namespace
} // namespace lineside::cdr
