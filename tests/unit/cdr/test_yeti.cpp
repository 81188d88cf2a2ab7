#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

using namespace cdr::testing;

constexpr auto format = record_format::yeti;

reader_options no_zone() {
    auto options = plain_options();
    options.zone = {};
    return options;
}

TEST(yeti_reader, reads_titleised_headers_and_times_with_offset) {
    const auto out = read(format, fixture("cdr/yeti/customer.csv"), no_zone());
    ASSERT_EQ(out.calls.size(), 2u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->call_id, "a1@example");
    EXPECT_EQ(c->branch, "8-00000001");
    EXPECT_EQ(c->cli, "4420");
    EXPECT_EQ(c->source_ip, "192.0.2.10");
    EXPECT_EQ(c->start, at(10, 0, 0, 118));
    EXPECT_EQ(c->answer, at(10, 0, 5, 500));
    EXPECT_EQ(c->talk, 60'400) << "the times are finer than the duration";
    EXPECT_EQ(c->sip_code, 200);
    EXPECT_EQ(c->charge, 24'000'000);
    EXPECT_EQ(c->rate, 12'000'000);
    EXPECT_EQ(c->billed, 120'000);
    EXPECT_EQ(c->dtmf_digits, absent);
    EXPECT_EQ(out.calls[1]->start, at(10, 2, 0));
    EXPECT_EQ(out.calls[1]->outcome, call_outcome::busy);
}

TEST(yeti_reader, takes_routing_attempts_for_one_call) {
    auto options = plain_options();
    options.account.reset();
    const auto out = read(format, fixture("cdr/yeti/routing.csv"), options);
    ASSERT_EQ(out.calls.size(), 2u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c.rows, 3u);
    EXPECT_TRUE(c->answered());
    EXPECT_EQ(c->start, at(10, 0, 0)) << "of the first attempt";
    EXPECT_EQ(c->talk, 30'000);
    EXPECT_EQ(c->released_by, release_party::caller);
    EXPECT_EQ(c->account, "acme");
    EXPECT_EQ(out.calls[1]->outcome, call_outcome::abandoned);
    EXPECT_EQ(out.rows, out.accounted_rows);
}

TEST(yeti_reader, takes_any_order_of_attempts) {
    const auto bytes = fixture("cdr/yeti/routing.csv");
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < bytes.size();) {
        const auto end = bytes.find('\n', from);
        lines.push_back(bytes.substr(from, end - from + 1));
        from = end + 1;
    }
    const auto forwards = lines[0] + lines[3] + lines[2] + lines[1] + lines[4];
    EXPECT_EQ(read(format, forwards).calls, read(format, bytes).calls);
}

TEST(yeti_reader, needs_a_zone_for_the_other_time_formats) {
    const std::string header = "Time Start,Time Connect,Time End,Success,Duration,Orig Call Id\n";
    const auto exact = header + "2026-03-09 10:00:00.118457,2026-03-09 10:00:05.5,2026-03-09 10:01:05.5,t,60,a\n";
    const auto rounded = header + "2026-03-09 10:00:00,2026-03-09 10:00:05,2026-03-09 10:01:05,t,60,a\n";
    for (const auto& bytes : {exact, rounded}) {
        EXPECT_NE(refusal(format, bytes, no_zone()).find("--zone"), std::string::npos);
        EXPECT_EQ(read(format, bytes).calls.at(0)->talk, 60'000);
    }
    auto options = plain_options();
    options.zone = fixed_zone(1);
    EXPECT_EQ(read(format, rounded, options).calls.at(0)->start, at(9, 0, 0));
}

TEST(yeti_reader, tells_apart_calls_that_share_an_id) {
    const auto out = read(format, "time_start,time_connect,time_end,success,orig_call_id,local_tag\n"
                                  "2026-03-09 10:00:00,,2026-03-09 10:00:01,f,a,1\n"
                                  "2026-03-09 10:00:02,,2026-03-09 10:00:03,f,a,2\n");
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_NE(out.calls[0]->branch, out.calls[1]->branch);
}

TEST(yeti_reader, goes_by_success_and_without_it_by_the_connect_time) {
    const auto out = read(format, "time_start,time_connect,time_end,duration,success,local_tag\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:00:01,2026-03-09 10:00:01,0,t,1\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:00:01,2026-03-09 10:00:01,0,f,2\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:00:01,2026-03-09 10:00:01,0,,3\n"
                                  "2026-03-09 10:00:00,,2026-03-09 10:00:01,0,,4\n");
    ASSERT_EQ(out.calls.size(), 4u);
    EXPECT_TRUE(out.calls[0]->answered());
    EXPECT_FALSE(out.calls[1]->answered());
    EXPECT_TRUE(out.calls[2]->answered());
    EXPECT_FALSE(out.calls[3]->answered());
    EXPECT_EQ(out.calls[0]->call_id, "1") << "the tag serves where there is no Call-ID";
}

TEST(yeti_reader, takes_the_account_from_any_column) {
    auto options = plain_options();
    options.account.reset();
    options.account_from = "auth_orig_ip";
    EXPECT_EQ(read(format, fixture("cdr/yeti/customer.csv"), options).calls.at(0)->account, "192.0.2.10");
    options.account_from = "tenant";
    EXPECT_NE(refusal(format, fixture("cdr/yeti/customer.csv"), options).find("'tenant'"), std::string::npos);
}

TEST(yeti_reader, refuses_a_table_without_the_needed_columns) {
    EXPECT_NE(refusal(format, "a,b\n").find("Time Start"), std::string::npos);
    EXPECT_NE(refusal(format, "Time Start,Success\n").find("Orig Call Id"), std::string::npos);
    EXPECT_NE(refusal(format, "Time Start,Local Tag\n").find("Success"), std::string::npos);
}

TEST(yeti_reader, rejects_a_row_by_line_column_and_field) {
    const auto out = read(format, "time_start,time_end,success,customer_price,local_tag\n"
                                  "yesterday,2026-03-09 10:00:01,f,0,1\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:00:01,maybe,0,2\n"
                                  "2026-03-09 10:00:00,2026-03-09 10:00:01,f,free,3\n"
                                  "2026-03-09 10:00:00,2026-03-09 09:00:01,f,0,4\n");
    ASSERT_EQ(out.rejected.size(), 4u);
    EXPECT_EQ(out.rejected[0].line, 2u);
    EXPECT_EQ(out.rejected[0].column, 1u);
    EXPECT_EQ(out.rejected[0].field, "time_start");
    EXPECT_EQ(out.rejected[0].header, "time_start,time_end,success,customer_price,local_tag");
    EXPECT_EQ(out.rejected[1].column, 3u);
    EXPECT_EQ(out.rejected[2].field, "customer_price");
    EXPECT_EQ(out.rejected[3].field, "time_end");
    EXPECT_EQ(out.rejected[3].column, 2u);
}

TEST(yeti_reader, reads_the_same_however_the_bytes_are_cut) {
    for (const auto* name : {"customer.csv", "routing.csv"}) {
        const auto bytes = fixture(std::string("cdr/yeti/") + name);
        const auto whole = read(format, bytes);
        for (unsigned seed = 0; seed < 20; ++seed)
            EXPECT_EQ(read_cut(format, bytes, plain_options(), seed).calls, whole.calls) << name << ", seed " << seed;
    }
}

} // namespace
} // namespace lineside::cdr
