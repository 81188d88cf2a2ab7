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

using test::fixed_zone;
using test::read_calls;
using testing::HasSubstr;

std::int64_t ms(std::string_view text) { return parse_instant(text).value().time_since_epoch().count(); }

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(LINESIDE_FIXTURES "/cdr/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct row_parts {
    std::string account = "acme";
    std::string src = "1";
    std::string dst = "2";
    std::string start = "2026-03-02 09:00:00";
    std::string answer = "";
    std::string end = "2026-03-02 09:01:00";
    std::string duration = "60";
    std::string billsec = "0";
    std::string disposition = "NO ANSWER";
    std::string tail = ",\"1772442000.1\"";
};

std::string row(const row_parts& p) {
    const auto time = [](const std::string& t) { return t.empty() ? t : "\"" + t + "\""; };
    return "\"" + p.account + "\",\"" + p.src + "\",\"" + p.dst +
           "\",\"ctx\",\"clid\",\"chan\",\"dstchan\",\"Dial\",\"x\"," + time(p.start) + "," + time(p.answer) + "," +
           time(p.end) + "," + p.duration + "," + p.billsec + ",\"" + p.disposition + "\",\"DOCUMENTATION\"" + p.tail +
           "\n";
}

test::reading read(std::string_view text, cdr::reader_options options = {}) {
    if (!options.zone)
        options.zone = fixed_zone(0);
    if (options.name.empty())
        options.name = "Master.csv";
    return read_calls(record_format::asterisk, text, options);
}

TEST(asterisk_reader, reads_master_csv) {
    const auto r = read(fixture("asterisk/master_18_columns.csv"), {.zone = fixed_zone(1)});
    ASSERT_EQ(r.error, "");
    ASSERT_EQ(r.found.calls.size(), 3U);
    const auto& first = r.found.calls[0];
    EXPECT_EQ(first->call_id, "1772442000.1");
    EXPECT_EQ(first->account, "acme");
    EXPECT_EQ(first->cli, "5551001");
    EXPECT_EQ(first->destination, "5552002");
    EXPECT_EQ(first->start, ms("2026-03-02T08:00:00Z"));
    EXPECT_EQ(first->answer, ms("2026-03-02T08:00:08Z"));
    EXPECT_EQ(first->end, ms("2026-03-02T08:02:08Z"));
    EXPECT_EQ(first->talk, 120'000);
    EXPECT_EQ(first->outcome, call_outcome::answered);
    EXPECT_EQ(first->hangup_cause, "ANSWERED");
    // What Asterisk does not record is not reported.
    EXPECT_EQ(first->sip_code, -1);
    EXPECT_EQ(first->dtmf_digits, absent);
    EXPECT_EQ(first->charge, absent);
    EXPECT_EQ(first->direction, call_direction::unknown);
    EXPECT_EQ(r.rows, 6U);
    EXPECT_EQ(r.found.rows(), 6U);
}

TEST(asterisk_reader, folds_retries_by_uniqueid_and_ends_as_the_last_one) {
    const auto r = read(fixture("asterisk/master_18_columns.csv"));
    const auto& retried = r.found.calls.at(1);
    EXPECT_EQ(retried.rows, 2U);
    EXPECT_EQ(retried->start, ms("2026-03-02T09:05:00Z"));
    EXPECT_EQ(retried->end, ms("2026-03-02T09:05:33Z"));
    EXPECT_EQ(retried->outcome, call_outcome::busy);
    EXPECT_EQ(retried->hangup_cause, "BUSY");
    EXPECT_EQ(retried->answer, absent);
}

TEST(asterisk_reader, a_ring_group_is_one_attempt_answered_by_one_phone) {
    const auto r = read(fixture("asterisk/master_18_columns.csv"));
    const auto& group = r.found.calls.at(2);
    EXPECT_EQ(group.rows, 2U);
    EXPECT_TRUE(group->answered());
    EXPECT_EQ(group->talk, 40'000);
    EXPECT_EQ(group->start, ms("2026-03-02T09:10:00Z"));
}

TEST(asterisk_reader, folds_retries_by_linkedid) {
    const auto r = read(fixture("asterisk/master_21_columns.csv"));
    ASSERT_EQ(r.found.calls.size(), 1U);
    const auto& call = r.found.calls[0];
    EXPECT_EQ(call.rows, 3U);
    EXPECT_EQ(call->call_id, "1772442000.1");
    EXPECT_EQ(call->destination, "5552002");
    EXPECT_EQ(call->answer, ms("2026-03-02T09:00:10Z"));
    // 09:00:10 to 09:01:30 without a gap, though the rows' billsec add up to 120.
    EXPECT_EQ(call->talk, 80'000);
}

TEST(asterisk_reader, an_answer_time_on_an_unanswered_row_is_no_answer) {
    const auto r = read(row({.answer = "2026-03-02 09:00:00", .billsec = "60", .disposition = "NO ANSWER"}));
    ASSERT_EQ(r.found.calls.size(), 1U);
    EXPECT_FALSE(r.found.calls[0]->answered());
    EXPECT_EQ(r.found.calls[0]->answer, absent);
    EXPECT_EQ(r.found.calls[0]->talk, 0);
    EXPECT_EQ(r.found.calls[0]->hangup_cause, "NO ANSWER");
    EXPECT_TRUE(r.found.has_note("disposition other than ANSWERED"));
}

TEST(asterisk_reader, an_answered_row_without_answer_time_was_answered_billsec_before_its_end) {
    const auto r = read(row({.billsec = "40", .disposition = "ANSWERED"}));
    EXPECT_EQ(r.found.calls.at(0)->answer, ms("2026-03-02T09:00:20Z"));
    EXPECT_EQ(r.found.calls.at(0)->talk, 40'000);
}

TEST(asterisk_reader, knows_all_dispositions) {
    using enum call_outcome;
    const auto outcome = [](std::string_view disposition) {
        const auto r = read(row({.disposition = std::string(disposition)}));
        return r.found.calls.empty() ? unknown : r.found.calls[0]->outcome;
    };
    EXPECT_EQ(outcome("ANSWERED"), answered);
    EXPECT_EQ(outcome("NO ANSWER"), no_answer);
    EXPECT_EQ(outcome("BUSY"), busy);
    EXPECT_EQ(outcome("FAILED"), congestion);
    EXPECT_EQ(outcome("CONGESTION"), congestion);
    EXPECT_EQ(outcome("CANCEL"), abandoned);
    const auto r = read(row({.disposition = "MAYBE"}));
    EXPECT_EQ(r.found.rejected.at(0).column, 15U);
    EXPECT_EQ(r.found.rejected.at(0).field, "disposition");
}

TEST(asterisk_reader, takes_16_to_21_columns) {
    const auto id = [](const std::string& tail) {
        const auto r = read(row({.tail = tail}));
        return r.found.calls.empty() ? r.found.rejected.at(0).reason : std::string(r.found.calls[0]->call_id);
    };
    const std::string by_identity = "2026-03-02 09:00:00 1 2";
    EXPECT_EQ(id(""), by_identity);
    EXPECT_EQ(id(",\"1772442000.1\""), "1772442000.1");
    EXPECT_EQ(id(",\"pbx-a-1772442000.1\""), "pbx-a-1772442000.1");
    EXPECT_EQ(id(",\"user field 1.5\""), by_identity);
    EXPECT_EQ(id(",\"1772442000.1\",\"u\""), "1772442000.1");
    EXPECT_EQ(id(",\"peer\",\"1772442000.7\",4"), "1772442000.7");
    EXPECT_EQ(id(",\"1772442000.8\",\"peer\",\"1772442000.7\",4"), "1772442000.7");
    EXPECT_EQ(id(",\"user\",\"peer\",\"1772442000.7\",4"), "1772442000.7");
    EXPECT_EQ(id(",\"1772442000.8\",\"user\",\"peer\",\"\",4"), "1772442000.8");
    EXPECT_EQ(id(",1,2,3,4,5,6"), "has 22 columns, not 16 to 21");
}

TEST(asterisk_reader, without_ids_the_same_src_dst_and_start_are_one_call_and_said_so) {
    const auto r = read(row({.tail = ""}) + row({.tail = ""}) + row({.dst = "3", .tail = ""}));
    EXPECT_EQ(r.found.calls.size(), 2U);
    EXPECT_TRUE(r.found.has_note("without uniqueid and linkedid"));
}

TEST(asterisk_reader, a_call_without_account_is_rejected_with_the_way_out) {
    const auto r = read(fixture("asterisk/master_18_columns.csv"));
    ASSERT_EQ(r.found.rejected.size(), 1U);
    EXPECT_EQ(r.found.rejected[0].line, 6U);
    EXPECT_EQ(r.found.rejected[0].column, 1U);
    EXPECT_EQ(r.found.rejected[0].field, "accountcode");
    EXPECT_THAT(r.found.rejected[0].reason, HasSubstr("--account"));
}

TEST(asterisk_reader, a_row_without_account_joins_the_attempt_that_has_one) {
    const auto r = read(row({}) + row({.account = "", .start = "2026-03-02 08:59:59"}));
    ASSERT_EQ(r.found.calls.size(), 1U);
    EXPECT_EQ(r.found.calls[0]->account, "acme");
    EXPECT_EQ(r.found.calls[0].rows, 2U);
}

TEST(asterisk_reader, takes_the_account_from_any_column) {
    const auto account = [](const std::string& from) {
        return std::string(read(row({}), {.account_from = from}).found.calls.at(0)->account);
    };
    EXPECT_EQ(account("src"), "1");
    EXPECT_EQ(account("dcontext"), "ctx");
    EXPECT_EQ(account("Channel"), "chan");
    EXPECT_EQ(std::string(read(row({}), {.account = "other"}).found.calls.at(0)->account), "other");
    EXPECT_THAT(read(row({}), {.account_from = "customer"}).error,
                HasSubstr("Master.csv: there is no field 'customer'"));
    EXPECT_THAT(read(row({}), {.account_from = "customer"}).error, HasSubstr("dcontext"));
}

TEST(asterisk_reader, refuses_local_times_without_a_zone) {
    const auto r = read_calls(record_format::asterisk, row({}), {.name = "Master.csv"});
    EXPECT_THAT(r.error, HasSubstr("Master.csv:1: "));
    EXPECT_THAT(r.error, HasSubstr("--zone"));
    EXPECT_TRUE(r.found.calls.empty());
}

TEST(asterisk_reader, rejects_rows_whose_times_contradict_each_other) {
    const auto r = read(row({.start = "2026-03-02 09:02:00"}));
    EXPECT_EQ(r.found.rejected.at(0).field, "end");
    EXPECT_EQ(r.found.rejected.at(0).column, 12U);
}

TEST(asterisk_reader, the_duration_decides_an_hour_that_happens_twice) {
    // 02:50 summer time to 02:10 winter time: twenty minutes. Nothing before it says so.
    const auto across = read(row({.start = "2026-10-25 02:50:00", .end = "2026-10-25 02:10:00", .duration = "1200"}),
                             {.zone = test::berlin_2026});
    ASSERT_EQ(across.found.calls.size(), 1U);
    EXPECT_EQ(across.found.calls[0]->start, ms("2026-10-25T00:50:00Z"));
    EXPECT_EQ(across.found.calls[0]->end, ms("2026-10-25T01:10:00Z"));
    EXPECT_TRUE(across.found.has_note("twice"));

    const auto into = read(row({.start = "2026-10-25 01:55:00", .end = "2026-10-25 02:05:00", .duration = "4200"}),
                           {.zone = test::berlin_2026});
    EXPECT_EQ(into.found.calls.at(0)->end, ms("2026-10-25T01:05:00Z"));
}

TEST(asterisk_reader, the_order_of_rows_decides_what_the_duration_leaves_open) {
    const auto at = [](const std::string& start, const std::string& end, int id) {
        return row({.start = "2026-10-25 " + start,
                    .end = "2026-10-25 " + end,
                    .duration = "600",
                    .tail = ",\"1772442000." + std::to_string(id) + "\""});
    };
    const auto r = read(at("02:40:00", "02:50:00", 1) + at("02:05:00", "02:15:00", 2), {.zone = test::berlin_2026});
    ASSERT_EQ(r.found.calls.size(), 2U);
    EXPECT_EQ(r.found.calls[0]->start, ms("2026-10-25T00:40:00Z"));
    EXPECT_EQ(r.found.calls[1]->start, ms("2026-10-25T01:05:00Z"));
}

TEST(asterisk_reader, does_not_depend_on_how_the_input_is_cut) {
    const auto text = fixture("asterisk/master_18_columns.csv") + fixture("asterisk/master_21_columns.csv");
    const auto whole = read(text);
    for (std::size_t piece = 1; piece < 400; piece += 13) {
        const auto pieces =
            read_calls(record_format::asterisk, text, {.name = "Master.csv", .zone = fixed_zone(0)}, piece);
        ASSERT_TRUE(whole.found == pieces.found) << piece;
    }
}

TEST(asterisk_reader, folds_in_bounded_memory) {
    // More attempts than the window holds: the first leave while the input goes on.
    test::recorder found;
    const auto reader = cdr::make_reader(record_format::asterisk, {.zone = fixed_zone(0)}, found);
    for (int i = 0; i < 70'000; ++i)
        reader->feed(row({.tail = ",\"1772442000." + std::to_string(i) + "\""}));
    EXPECT_GE(found.calls.size(), 70'000U - 65'536U);
    EXPECT_EQ(found.calls.front()->call_id, "1772442000.0");
    reader->finish();
    EXPECT_EQ(found.calls.size(), 70'000U);
}

TEST(asterisk_custom_reader, reads_the_mapping_that_asterisk_ships) {
    const auto r =
        read_calls(record_format::asterisk_custom, fixture("asterisk-custom/cdr_custom.csv"), {.zone = fixed_zone(0)});
    ASSERT_EQ(r.found.calls.size(), 2U) << r.error;
    EXPECT_EQ(r.found.calls[0]->account, "acme");
    EXPECT_EQ(r.found.calls[0]->cli, "5551001");
    EXPECT_EQ(r.found.calls[0]->talk, 120'000);
    EXPECT_EQ(r.found.calls[1]->outcome, call_outcome::abandoned);
}

TEST(asterisk_custom_reader, reads_json_with_times_as_numbers_or_texts) {
    const auto r =
        read_calls(record_format::asterisk_custom, fixture("asterisk-custom/cdr_custom.json"), {.zone = fixed_zone(0)});
    ASSERT_EQ(r.found.calls.size(), 2U) << r.error;
    EXPECT_EQ(r.found.calls[0]->start, ms("2026-03-02T09:00:00Z"));
    EXPECT_EQ(r.found.calls[0]->answer, ms("2026-03-02T09:00:08.250Z"));
    EXPECT_EQ(r.found.calls[0]->talk, 119'750);
    EXPECT_EQ(r.found.calls[1]->start, ms("2026-03-02T09:05:00Z"));
    // Epochs need no zone.
    EXPECT_THAT(
        read_calls(record_format::asterisk_custom, fixture("asterisk-custom/cdr_custom.json"), {.name = "f"}).error,
        HasSubstr("f:2: "));
}

TEST(asterisk_custom_reader, takes_a_list_of_fields_in_any_order) {
    const auto r =
        read_calls(record_format::asterisk_custom, "acme;2026-03-02 09:00:00;ANSWERED;7;1772442000.1;42\n",
                   {.zone = fixed_zone(0), .fields = "accountcode; start; disposition; duration; uniqueid; shoe_size"});
    ASSERT_EQ(r.found.calls.size(), 1U) << r.error;
    EXPECT_EQ(r.found.calls[0]->end, ms("2026-03-02T09:00:07Z"));
    EXPECT_THAT(read_calls(record_format::asterisk_custom, "x", {.fields = "src,dst,start"}).error,
                HasSubstr("disposition"));
}

TEST(asterisk_custom_reader, takes_the_mapping_of_cdr_custom_conf_itself) {
    const auto r = read_calls(
        record_format::asterisk_custom, "\"1\",\"2\",\"1772442000.000000\",60.500000,\"BUSY\",\"acme\"\n",
        {.fields = "${CSV_QUOTE(${CDR(src)})},${CSV_QUOTE(${CDR(dst)})},${CSV_QUOTE(${CDR(start,u)})},"
                   "${CDR(duration,f)},${CSV_QUOTE(${CDR(disposition)})},${CSV_QUOTE(${CDR(accountcode)})}"});
    ASSERT_EQ(r.found.calls.size(), 1U) << r.error;
    EXPECT_EQ(r.found.calls[0]->end - r.found.calls[0]->start, 60'500);
    EXPECT_EQ(r.found.calls[0]->outcome, call_outcome::busy);
}

TEST(asterisk_custom_reader, a_mended_reject_can_be_imported_again) {
    auto bad = fixture("asterisk-custom/cdr_custom.csv");
    bad.replace(bad.find("CANCEL"), 6, "CANC\"L");
    const auto r = read_calls(record_format::asterisk_custom, bad, {.zone = fixed_zone(0)});
    ASSERT_EQ(r.found.rejected.size(), 1U);
    auto mended = r.found.rejected[0].text;
    mended.replace(mended.find("CANC\"L"), 6, "CANCEL");
    const auto again =
        read_calls(record_format::asterisk_custom, "# lineside: a quote\n" + mended, {.zone = fixed_zone(0)});
    EXPECT_EQ(again.found.calls.size(), 1U);
}

} // namespace
} // namespace lineside
