#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

using namespace cdr::testing;

constexpr auto format = record_format::freeswitch_json;

reader_options no_zone() {
    auto options = plain_options();
    options.zone = {};
    options.account.reset();
    return options;
}

input_read read_fixture(const std::string& name) {
    return read(format, fixture("cdr/freeswitch-json/" + name), no_zone());
}

std::string document(const std::string& uuid, const std::string& more = {}) {
    return R"({"variables":{"uuid":")" + uuid +
           R"(","accountcode":"acme","start_uepoch":"1773050400000000","answer_uepoch":"1773050405000000",)"
           R"("end_uepoch":"1773050465000000","hangup_cause":"NORMAL_CLEARING")" +
           more + "}}";
}

TEST(freeswitch_json_reader, prefers_epochs_so_that_no_zone_is_needed) {
    const auto out = read_fixture("a-leg.json");
    ASSERT_EQ(out.calls.size(), 1u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->call_id, "3da8bf84-0000-4000-8000-00000000000a");
    EXPECT_EQ(c->account, "acme");
    EXPECT_EQ(c->start, at(10, 0, 0, 534));
    EXPECT_EQ(c->answer, at(10, 0, 3, 954));
    EXPECT_EQ(c->end, at(10, 1, 11, 494));
    EXPECT_EQ(c->talk, 67'539);
    EXPECT_EQ(c->dtmf_digits, 0);
    EXPECT_EQ(c->q850_cause, 16);
    EXPECT_EQ(c->sip_code, -1);
    EXPECT_EQ(c->released_by, release_party::callee);
    EXPECT_EQ(c->source_ip, "192.0.2.100");
    EXPECT_EQ(c->pdd, 60);
}

TEST(freeswitch_json_reader, takes_the_number_that_was_dialled_first) {
    EXPECT_EQ(read_fixture("a-leg.json").calls.at(0)->destination, "1002");
}

TEST(freeswitch_json_reader, does_not_rely_on_the_order_of_the_call_flow) {
    const auto flow = [](const char* index, const char* created, const char* cli, const char* dst) {
        return std::string(R"({"profile_index":")") + index + R"(","caller_profile":{"caller_id_number":")" + cli +
               R"(","destination_number":")" + dst + R"("},"times":{"profile_created_time":")" + created + R"("}})";
    };
    const auto early = flow("1", "1773050400000000", "old", "first");
    const auto late = flow("2", "1773050401000000", "new", "second");
    const auto with = [&](const std::string& entries) {
        auto d = document("u");
        d.insert(d.size() - 1, ",\"callflow\":[" + entries + "]");
        return read(format, d, no_zone()).calls.at(0);
    };
    const auto a = with(early + "," + late);
    EXPECT_EQ(a->cli, "new");
    EXPECT_EQ(a->destination, "first");
    EXPECT_EQ(with(late + "," + early), a);
}

TEST(freeswitch_json_reader, decodes_url_encoded_values) {
    const auto out = read_fixture("encoded.json");
    ASSERT_EQ(out.calls.size(), 1u);
    const auto& c = out.calls[0];
    EXPECT_EQ(c->account, "acme & sons");
    EXPECT_EQ(c->cli, "+441001");
    EXPECT_EQ(c->destination, "+15550100");
    EXPECT_EQ(c->sip_code, 486);
    EXPECT_EQ(c->dtmf_digits, 4) << "masked digits count";
}

TEST(freeswitch_json_reader, leaves_values_that_were_not_encoded_as_they_are) {
    const auto out = read(format, document("u", R"(,"sip_user_agent":"a b","caller_id_number":"%2B44")"), no_zone());
    EXPECT_EQ(out.calls.at(0)->cli, "%2B44");
}

TEST(freeswitch_json_reader, judges_each_document_by_itself) {
    const auto out = read(format,
                          fixture("cdr/freeswitch-json/encoded.json") +
                              document("u", R"(,"sip_user_agent":"a b","caller_id_number":"100%25")"),
                          no_zone());
    ASSERT_EQ(out.calls.size(), 2u);
    EXPECT_EQ(out.calls[0]->account, "acme & sons");
    EXPECT_EQ(out.calls[1]->cli, "100%25");
}

TEST(freeswitch_json_reader, lets_the_bridge_say_why_an_a_leg_failed) {
    const auto c = read_fixture("encoded.json").calls.at(0);
    EXPECT_EQ(c->outcome, call_outcome::busy);
    EXPECT_EQ(c->hangup_cause, "USER_BUSY");
    EXPECT_EQ(c->q850_cause, 17);
    EXPECT_EQ(c->answer, absent);
    EXPECT_EQ(c->pdd, absent) << "0 is never";
}

TEST(freeswitch_json_reader, takes_the_bodies_that_the_switch_posts) {
    const auto plain = read_fixture("encoded.json");
    EXPECT_EQ(read_fixture("form.txt").calls, plain.calls);
    EXPECT_EQ(read_fixture("base64.txt").calls, plain.calls);
}

TEST(freeswitch_json_reader, folds_b_legs_into_their_a_leg) {
    const auto out = read_fixture("b-leg-first.json");
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->call_id, "3da8bf84-0000-4000-8000-00000000000a");
    EXPECT_EQ(out.calls[0].rows, 2u);
    EXPECT_EQ(out.rows, 2u);
    EXPECT_TRUE(out.notes.empty());
}

TEST(freeswitch_json_reader, leaves_out_a_b_leg_without_its_a_leg) {
    const auto out = read(format, document("b", R"(,"direction":"outbound","originator":"a")"), no_zone());
    EXPECT_TRUE(out.calls.empty());
    EXPECT_TRUE(out.rejected.empty());
    EXPECT_EQ(out.rows, 0u);
    EXPECT_TRUE(out.noted("1 documents are B legs"));
}

TEST(freeswitch_json_reader, takes_documents_in_any_arrangement) {
    const auto a = document("a");
    const auto b = document("b");
    const auto separate = read(format, a + "\n" + b + "\n", no_zone());
    ASSERT_EQ(separate.calls.size(), 2u);
    EXPECT_EQ(read(format, a + b, no_zone()).calls, separate.calls);
    EXPECT_EQ(read(format, "[" + a + ",\n" + b + "]\n", no_zone()).calls, separate.calls);
}

TEST(freeswitch_json_reader, takes_the_account_from_a_variable_or_the_profile) {
    auto options = no_zone();
    options.account_from = "sip_network_ip";
    EXPECT_EQ(read(format, fixture("cdr/freeswitch-json/a-leg.json"), options).calls.at(0)->account, "192.0.2.100");
    options.account_from = "context";
    EXPECT_EQ(read(format, fixture("cdr/freeswitch-json/a-leg.json"), options).calls.at(0)->account, "default");
}

TEST(freeswitch_json_reader, needs_a_zone_only_for_stamps) {
    const auto stamps = R"({"variables":{"uuid":"u","accountcode":"acme","start_stamp":"2026-03-09 10:00:00",)"
                        R"("answer_stamp":"2026-03-09 10:00:05","end_stamp":"2026-03-09 10:01:05"}})";
    EXPECT_NE(refusal(format, stamps, no_zone()).find("--zone"), std::string::npos);
    EXPECT_EQ(read(format, stamps).calls.at(0)->start, at(10, 0, 0));
}

TEST(freeswitch_json_reader, rejects_damaged_documents_and_goes_on) {
    const auto out = read(format,
                          document("a") + "\n" + R"({"variables":{"uuid":"cut)" + "\n" + document("b") + "\n" +
                              R"({"variables":{"uuid":"cut",)" + "\n" + document("c") + "\nnonsense\n{\"a\":1}\n" +
                              R"({"variables":{"uuid":}})" + "\n",
                          no_zone());
    ASSERT_EQ(out.calls.size(), 3u);
    ASSERT_EQ(out.rejected.size(), 5u);
    EXPECT_EQ(out.rejected[0].line, 2u);
    EXPECT_NE(out.rejected[0].reason.find("cut off"), std::string::npos);
    EXPECT_EQ(out.rejected[1].line, 4u);
    EXPECT_EQ(out.rejected[2].text, "nonsense");
    EXPECT_EQ(out.rejected[3].field, "variables");
    EXPECT_NE(out.rejected[4].reason.find("not valid JSON"), std::string::npos);
    EXPECT_EQ(out.rows, 8u);
}

TEST(freeswitch_json_reader, names_the_field_that_is_wrong) {
    const auto out = read(format, document("u", R"(,"billusec":"much")"), no_zone());
    ASSERT_EQ(out.rejected.size(), 1u);
    EXPECT_EQ(out.rejected[0].field, "billusec");
    EXPECT_EQ(out.rejected[0].text, document("u", R"(,"billusec":"much")"));
}

TEST(freeswitch_json_reader, rejects_a_document_over_the_limit) {
    const auto huge = document("u", ",\"x\":\"" + std::string(std::size_t{5} << 20, 'x') + "\"");
    const auto out = read(format, huge + "\n" + document("v"), no_zone(), 65'536);
    ASSERT_EQ(out.rejected.size(), 1u);
    EXPECT_LT(out.rejected[0].text.size(), 2000u);
    ASSERT_EQ(out.calls.size(), 1u);
    EXPECT_EQ(out.calls[0]->call_id, "v");
}

TEST(freeswitch_json_reader, skips_the_reasons_of_a_rejects_file) {
    const auto out = read(format, "# lineside: line 3, billusec: is no number\n" + document("u"), no_zone());
    EXPECT_EQ(out.calls.size(), 1u);
    EXPECT_TRUE(out.rejected.empty());
}

TEST(freeswitch_json_reader, reads_the_same_however_the_bytes_are_cut) {
    for (const auto* name : {"a-leg.json", "b-leg-first.json", "encoded.json", "form.txt", "base64.txt"}) {
        const auto bytes = fixture(std::string("cdr/freeswitch-json/") + name);
        const auto whole = read(format, bytes, no_zone());
        for (unsigned seed = 0; seed < 20; ++seed)
            EXPECT_EQ(read_cut(format, bytes, no_zone(), seed).calls, whole.calls) << name << ", seed " << seed;
    }
}

} // namespace
} // namespace lineside::cdr
