#include <lineside/acknowledged.hpp>
#include <lineside/explanation.hpp>
#include <lineside/page.hpp>
#include <lineside/portal.hpp>

#include "wire/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

namespace lineside {
namespace {

using namespace std::chrono_literals;

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

instant at(std::string_view text) { return parse_instant(text).value(); }

template <class T>
std::string json_of(const T& value, const wire::offset_at& offset = {}) {
    std::string out;
    wire::append_json(out, value, offset);
    return out;
}

// The field of the error, or what says that there was none.
template <class T>
std::string wrong_place(std::string_view text, wire::missing_member missing = wire::missing_member::refused) {
    try {
        (void)wire::parse_json<T>(text, missing);
        return "accepted";
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        return e.details().field;
    }
}

call full_call() {
    return {.source = "switch-1",
            .call_id = "a1",
            .branch = "2",
            .account_id = account_id("acme"),
            .direction = call_direction::outbound,
            .cli = "+15551230001",
            .destination = "+442071838750",
            .start_time = at("2026-03-29T00:30:00.250Z"),
            .answer_time = at("2026-03-29T00:30:05Z"),
            .end_time = at("2026-03-29T00:31:00Z"),
            .duration_ms = 55'000ms,
            .billed_ms = 60'000ms,
            .pdd_ms = 900ms,
            .outcome = call_outcome::answered,
            .sip_code = std::uint16_t{200},
            .q850_cause = std::uint16_t{16},
            .hangup_cause = "NORMAL_CLEARING",
            .released_by = release_party::callee,
            .dtmf_digits = 4U,
            .charge = money{0, 12'300'000, "EUR"},
            .rate = money{0, 13'418'182, "EUR"},
            .source_ip = "192.0.2.7"};
}

series asr_series() {
    return {.account = account_id("acme"),
            .metric = metric::asr,
            .unit = "%",
            .zone = "Europe/Berlin",
            .step = time_step::hour,
            .time = {at("2026-03-29T00:00:00Z"), at("2026-03-29T01:00:00Z")},
            .offset_s = {3600, 7200},
            .value = {100.0 * 9 / 14, nan},
            .numerator = {9, 0},
            .denominator = {14, 0},
            .amount = {},
            .open_calls = {1, 0}};
}

TEST(wire_json, summary_row_has_the_documented_members_and_null_where_nothing_is_reported) {
    const summary s{.account = account_id("acme"),
                    .period = summary_period::live,
                    .as_of = at("2026-03-02T00:00:00Z"),
                    .rows = {{.start = at("2026-03-01T00:00:00Z"),
                              .end = at("2026-03-01T01:00:00Z"),
                              .attempts = 1000,
                              .answered = 100,
                              .asr = 10.0,
                              .acd_s = 60.0,
                              .talk_s = 6000.125,
                              .charge = money{-1, -500'000'000, "EUR"},
                              .currency = "EUR",
                              .state = row_state::restated,
                              .revision = 2}}};
    EXPECT_EQ(json_of(s),
              R"({"account":"acme","period":"live","as_of":"2026-03-02T00:00:00.000Z","rows":[)"
              R"({"start":"2026-03-01T00:00:00.000Z","end":"2026-03-01T01:00:00.000Z","attempts":1000,"answered":100,)"
              R"("asr":10,"acd_s":60,"talk_s":6000.125,"billed_s":null,"dtmf_calls":null,"dtmf_percent":null,)"
              R"("charge":"-1.50","currency":"EUR","state":"restated","revision":2,"open_calls":0}]})");
    EXPECT_EQ(wire::parse_json<summary>(json_of(s)), s);
}

TEST(wire_json, series_carries_its_own_offsets_and_null_for_nothing_to_measure) {
    const auto text = json_of(asr_series());
    EXPECT_EQ(text, R"({"account":"acme","metric":"asr","unit":"%","zone":"Europe/Berlin","step":"1h",)"
                    R"("time":["2026-03-29T01:00:00.000+01:00","2026-03-29T03:00:00.000+02:00"],)"
                    R"("value":[64.28571428571429,null],"numerator":[9,0],"denominator":[14,0],)"
                    R"("offset_s":[3600,7200],"open_calls":[1,0]})");
    const auto back = wire::parse_json<series>(text);
    EXPECT_EQ(back.time, asr_series().time);
    EXPECT_EQ(back.value[0], 100.0 * 9 / 14);
    EXPECT_TRUE(std::isnan(back.value[1]));
}

TEST(wire_json, charge_series_has_exact_amounts_for_values) {
    auto s = asr_series();
    s.metric = metric::charge;
    s.value = {0.1, nan};
    s.amount = {{0, 100'000'001, "EUR"}, {0, 0, ""}};
    const auto text = json_of(s);
    EXPECT_NE(text.find(R"("value":["0.100000001",null])"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("currency":"EUR")"), std::string::npos) << text;
    EXPECT_EQ(wire::parse_json<series>(text).amount[0], s.amount[0]);
}

TEST(wire_json, a_call_survives_the_way_there_and_back) {
    const auto c = full_call();
    EXPECT_EQ(wire::parse_json<call>(json_of(c)), c);
    const call bare{.source = "s", .call_id = "x", .account_id = account_id("acme")};
    EXPECT_EQ(wire::parse_json<call>(json_of(bare)), bare);
    EXPECT_NE(json_of(bare).find(R"("charge":null)"), std::string::npos);
}

TEST(wire_json, times_take_the_offset_the_writer_is_told) {
    const auto text = json_of(full_call(), [](instant) { return 2h; });
    EXPECT_NE(text.find(R"("start_time":"2026-03-29T02:30:00.250+02:00")"), std::string::npos) << text;
    EXPECT_EQ(wire::parse_json<call>(text), full_call());
}

TEST(wire_json, every_answer_survives_the_way_there_and_back) {
    const account a{account_id("acme"), "Acme Ltd", "EUR", "Asia/Kolkata", 0U, at("2026-03-01T00:00:00Z")};
    const page<account> accounts{{a}, "cursor"};
    const page<call> calls{{full_call()}, ""};
    const selection_statistics statistics{"asr", 2, "60.00", "30.00", std::nullopt};
    const explanation why{.account = account_id("acme"),
                          .metric = metric::charge,
                          .unit = "money",
                          .range = {at("2026-03-01"), at("2026-03-02")},
                          .value = 1.5,
                          .numerator = 1'500'000'000,
                          .denominator = 1,
                          .amount = money{1, 500'000'000, "EUR"},
                          .numerator_is = "n",
                          .denominator_is = "d",
                          .policy = "p",
                          .coverage = {{"switch-1", 3, false, 1, 2, 3}},
                          .watermark = at("2026-03-01T23:00:00Z"),
                          .open_calls = 1,
                          .call_count = 1,
                          .calls = {full_call()}};
    const import_report report{.read = 5,
                               .imported = 1,
                               .duplicates = 1,
                               .restated = 1,
                               .rejected = 1,
                               .folded = 1,
                               .bytes = 700,
                               .seconds = 0.25,
                               .format = record_format::freeswitch_csv,
                               .source = "s",
                               .evidence = "e",
                               .notes = {"one", "two"}};
    EXPECT_EQ(wire::parse_json<page<account>>(json_of(accounts)), accounts);
    EXPECT_EQ(wire::parse_json<page<call>>(json_of(calls)), calls);
    EXPECT_EQ(wire::parse_json<selection_statistics>(json_of(statistics)), statistics);
    EXPECT_EQ(wire::parse_json<explanation>(json_of(why)), why);
    EXPECT_EQ(wire::parse_json<import_report>(json_of(report)), report);
}

TEST(wire_json, import_report_begins_with_the_documented_members) {
    EXPECT_EQ(json_of(import_report{.source = "x"}),
              R"({"read":0,"imported":0,"duplicates":0,"restated":0,"rejected":0,"bytes":0,"seconds":0,)"
              R"("format":"auto","source":"x","folded":0,"evidence":"","notes":[]})");
}

TEST(wire_json, texts_are_escaped_and_what_is_no_utf8_is_replaced) {
    call c{.source = "a\"\\\n\x01", .call_id = "Z\xC3\xBCrich\xFF", .branch = "\xED\xA0\x80"};
    const auto text = json_of(c);
    EXPECT_NE(text.find(R"("source":"a\"\\\n\u0001")"), std::string::npos) << text;
    EXPECT_NE(text.find("\"Z\xC3\xBCrich\xEF\xBF\xBD\""), std::string::npos) << text;
    EXPECT_NE(text.find("\"branch\":\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""), std::string::npos) << text;
    EXPECT_EQ(wire::parse_json<call>(text).source, c.source);
}

TEST(wire_json, an_error_names_the_path_of_the_member) {
    EXPECT_EQ(wrong_place<summary>("[]"), "");
    EXPECT_EQ(wrong_place<summary>("{"), "");
    EXPECT_EQ(wrong_place<export_report>(R"({"rows":-1,"bytes":0})"), "/rows");
    EXPECT_EQ(wrong_place<export_report>(R"({"rows":1})"), "/bytes");
    EXPECT_EQ(wrong_place<export_report>(R"({"rows":1,"bytes":2,"lines":3})"), "/lines");
    EXPECT_EQ(wrong_place<page<account>>(R"({"items":[{"id":"a","name":"","currency":"","time_zone":"UTC",)"
                                         R"("created_at":"yesterday"}],"next":""})"),
              "/items/0/created_at");
    EXPECT_EQ(wrong_place<series_query>(R"({"metric":"asr?"})", wire::missing_member::defaulted), "/metric");
    EXPECT_EQ(wrong_place<series_query>(R"({"range":{"from":"2026-03-01","till":1}})", wire::missing_member::defaulted),
              "/range/till");
    EXPECT_EQ(wrong_place<call>(R"({"sip_code":70000})", wire::missing_member::defaulted), "/sip_code");
    EXPECT_EQ(wrong_place<call>(R"({"charge":1.5})", wire::missing_member::defaulted), "/charge");
}

TEST(wire_json, a_request_may_leave_members_out) {
    const auto q =
        wire::parse_json<series_query>(R"({"account":"acme","step":"1mo"})", wire::missing_member::defaulted);
    EXPECT_EQ(q.account, account_id("acme"));
    EXPECT_EQ(q.step, time_step::month);
    EXPECT_EQ(q.metric, metric::attempts);
}

TEST(wire_json, columns_of_different_lengths_are_no_series) {
    auto s = asr_series();
    s.numerator.push_back(1);
    EXPECT_EQ(wrong_place<series>(json_of(s)), "");
}

TEST(wire_json, numbers_come_back_as_the_same_doubles) {
    for (const double x : {0.1, 1.0 / 3, 1e-7, 123456789.123, 1e300, 5e-324, -45.67, 9007199254740993.0}) {
        const explanation e{.value = x};
        EXPECT_EQ(wire::parse_json<explanation>(json_of(e)).value, x);
    }
}

TEST(json, of_a_newer_server_has_members_that_are_passed_over_where_that_is_wanted) {
    const auto text = R"({"range":{"from":"2026-01-01","to":"2026-01-02","days":1},"limit":7,"colour":{"a":[1]}})";
    EXPECT_EQ(wrong_place<explain_query>(text, wire::missing_member::defaulted), "/range/days");
    const auto read =
        wire::parse_json<explain_query>(text, wire::missing_member::defaulted, wire::unknown_member::ignored);
    EXPECT_EQ(read.limit, 7U);
    EXPECT_EQ(read.range.to, at("2026-01-02"));
}

TEST(json, has_its_members_in_any_order) {
    const auto text = R"({"next":"n","x":{"y":[1,2]},"items":[{"withheld":[],"created_at":"2026-01-02T00:00:00Z",)"
                      R"("name":"A","id":"a","time_zone":"UTC","currency":"EUR"}]})";
    const auto read =
        wire::parse_json<page<account>>(text, wire::missing_member::defaulted, wire::unknown_member::ignored);
    ASSERT_EQ(read.items.size(), 1U);
    EXPECT_EQ(read.items[0].id, account_id("a"));
    EXPECT_EQ(read.items[0].name, "A");
    EXPECT_EQ(read.items[0].currency, "EUR");
    EXPECT_EQ(read.items[0].created_at, at("2026-01-02"));
    EXPECT_EQ(read.next, "n");
    EXPECT_EQ(wrong_place<page<account>>(text, wire::missing_member::defaulted), "/x");
    EXPECT_EQ(wrong_place<page<account>>(R"({"next":7,"items":[]})"), "/next");
    EXPECT_EQ(wrong_place<page<account>>(R"({"next":7,"items":[})"), "") << "what is no JSON is called so first";
    EXPECT_EQ(wrong_place<page<account>>(R"({"next":"","items":[],"x":1,"x":2})"), "");
}

TEST(json, of_what_has_no_members_is_an_empty_object) {
    EXPECT_EQ(json_of(acknowledged{}), "{}");
    EXPECT_EQ(wire::parse_json<acknowledged>("{}"), acknowledged{});
    EXPECT_EQ(wrong_place<acknowledged>(R"({"done":true})"), "/done");
}

TEST(json, has_no_member_twice) {
    EXPECT_EQ(wrong_place<page<call>>(R"({"items":[],"next":"","items":[]})"), "");
    EXPECT_EQ(wrong_place<page<call>>(R"({"items":[],"next":"","n\u0065xt":""})"), "") << "escaped or not";
    EXPECT_EQ(wrong_place<page<call>>(R"({"items":[{"source":"a"}],"next":""})"), "/items/0/call_id");
    const auto next = R"({"items":[],"next":"{\"a\":1,\"a\":2}"})";
    EXPECT_EQ(wire::parse_json<page<call>>(next).next, R"({"a":1,"a":2})") << "a text is no object";
}

TEST(json, is_nested_32_levels_deep_at_most) {
    const auto nested = [](std::size_t levels) {
        return R"({"a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + '}';
    };
    EXPECT_EQ(wrong_place<acknowledged>(nested(32)), "/a") << "read, and not known";
    EXPECT_EQ(wrong_place<acknowledged>(nested(33)), "") << "not read";
}

} // namespace
} // namespace lineside
