#include "cdr/fields.hpp"
#include "cdr/fold.hpp"
#include "cdr/json_object.hpp"
#include "cdr/outcome.hpp"
#include "support/cdr_recorder.hpp"

#include <gtest/gtest.h>

namespace lineside::cdr {
namespace {

std::int64_t utc(std::string_view text) {
    parsed_time t;
    EXPECT_EQ(parse_time(text, t), nullptr) << text;
    return t.ms;
}

TEST(fields, reads_amounts_exactly) {
    const auto nanos = [](std::string_view text) {
        std::int64_t n = absent;
        return parse_nanos(text, n) == nullptr ? n : absent;
    };
    EXPECT_EQ(nanos("12"), 12'000'000'000);
    EXPECT_EQ(nanos("-0.5"), -500'000'000);
    EXPECT_EQ(nanos(".0525"), 52'500'000);
    EXPECT_EQ(nanos("0.0000000010"), 1);
    EXPECT_EQ(nanos("9223372036.854775807"), INT64_MAX);
    for (const auto* bad : {"", "-", ".", "1e3", "1,5", "0.0000000001", "9223372036.854775808", "99999999999999999999"})
        EXPECT_EQ(nanos(bad), absent) << bad;
}

TEST(fields, reads_seconds_with_fractions) {
    const auto ms = [](std::string_view text) {
        std::int64_t n = absent;
        return parse_seconds(text, n) == nullptr ? n : absent;
    };
    EXPECT_EQ(ms("12"), 12'000);
    EXPECT_EQ(ms("12.345999"), 12'345);
    EXPECT_EQ(ms(".5"), 500);
    EXPECT_EQ(ms("7."), 7'000);
    for (const auto* bad : {"", ".", "-1", "1.x", "a", "99999999999999999999"})
        EXPECT_EQ(ms(bad), absent) << bad;
}

TEST(fields, reads_times_with_offsets) {
    EXPECT_EQ(utc("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(utc("2026-03-01T12:34:56.789Z"), utc("2026-03-01 12:34:56.789123+00"));
    EXPECT_EQ(utc("2026-03-01T12:34:56+02:00"), utc("2026-03-01T10:34:56Z"));
    EXPECT_EQ(utc("2026-03-01 12:34:56-0130"), utc("2026-03-01T14:04:56Z"));
    EXPECT_EQ(utc("2026-03-01 12:34:56 UTC"), utc("2026-03-01T12:34:56Z"));
    EXPECT_EQ(utc("2000-02-29T00:00:00Z"), 951'782'400'000);
}

TEST(fields, knows_local_times_and_those_without_seconds) {
    parsed_time t;
    ASSERT_EQ(parse_time("2020/2/10 22:41", t), nullptr);
    EXPECT_TRUE(t.local);
    EXPECT_TRUE(t.minutes_only);
    EXPECT_EQ(t.ms, utc("2020-02-10T22:41:00Z"));
    ASSERT_EQ(parse_time("2020-02-10 22:41:07", t), nullptr);
    EXPECT_TRUE(t.local);
    EXPECT_FALSE(t.minutes_only);
}

TEST(fields, refuses_what_is_no_time) {
    parsed_time t;
    for (const auto* bad :
         {"", "2026", "2026-02-30 00:00:00", "2025-02-29 00:00:00", "2026-03-01T24:00:00Z", "2026-03-01T00:00:60Z",
          "2026-03-01 00:00:00 CET", "2026-3-1 00:00:00", "2026-03/01 00:00:00", "2026-03-01T00:00:00+19",
          "2026-03-01T00:00:00.Z", "2026-03-01T00:00:00Zx", "2026-03-01 00:00:00 UT", "2026-03-01 00:00:00 UTC+1"}) {
        EXPECT_NE(parse_time(bad, t), nullptr) << bad;
    }
}

TEST(fields, tells_epochs_apart_by_magnitude) {
    const auto ms = [](std::string_view text) {
        std::int64_t n = absent;
        return parse_epoch(text, n) == nullptr ? n : absent;
    };
    EXPECT_EQ(ms("1498136032"), 1'498'136'032'000);
    EXPECT_EQ(ms("1498136032.471"), 1'498'136'032'471);
    EXPECT_EQ(ms("1498136032471"), 1'498'136'032'471);
    EXPECT_EQ(ms("1498136032471999"), 1'498'136'032'471);
    EXPECT_EQ(ms("0"), absent);
    EXPECT_EQ(ms("x"), absent);
}

TEST(fields, refuses_text_that_is_no_text) {
    EXPECT_EQ(check_text("Zoë <1>", 100), nullptr);
    EXPECT_NE(check_text("a\tb", 100), nullptr);
    EXPECT_NE(check_text("a\x7F", 100), nullptr);
    EXPECT_NE(check_text("\xC0\x80", 100), nullptr);
    EXPECT_NE(check_text("\xED\xA0\x80", 100), nullptr);
    EXPECT_NE(check_text("\xF4\x90\x80\x80", 100), nullptr);
    EXPECT_NE(check_text("\xE2\x82", 100), nullptr);
    EXPECT_NE(check_text("abcd", 3), nullptr);
}

TEST(local_clock, resolves_a_repeated_hour_by_the_order_of_rows) {
    const reader_options options{.zone = test::berlin_2026};
    local_clock clock(options);
    const auto at = [&](std::string_view text) { return clock.in_order(utc(text), 1); };
    EXPECT_EQ(at("2026-10-25T02:10:00Z"), utc("2026-10-25T00:10:00Z"));
    EXPECT_EQ(at("2026-10-25T02:50:00Z"), utc("2026-10-25T00:50:00Z"));
    EXPECT_EQ(at("2026-10-25T02:49:30Z"), utc("2026-10-25T00:49:30Z")); // a little out of order
    EXPECT_EQ(at("2026-10-25T02:05:00Z"), utc("2026-10-25T01:05:00Z"));
    EXPECT_EQ(at("2026-10-25T02:30:00Z"), utc("2026-10-25T01:30:00Z"));
    EXPECT_EQ(at("2026-10-25T03:00:00Z"), utc("2026-10-25T02:00:00Z"));
    EXPECT_NE(clock.note().find("5 local times"), std::string::npos) << clock.note();
}

TEST(local_clock, resolves_a_repeated_hour_in_rows_that_run_backwards) {
    const reader_options options{.zone = test::berlin_2026};
    local_clock clock(options);
    const auto at = [&](std::string_view text) { return clock.in_order(utc(text), 1); };
    EXPECT_EQ(at("2026-10-25T03:20:00Z"), utc("2026-10-25T02:20:00Z"));
    EXPECT_EQ(at("2026-10-25T02:50:00Z"), utc("2026-10-25T01:50:00Z"));
    EXPECT_EQ(at("2026-10-25T02:50:30Z"), utc("2026-10-25T01:50:30Z")); // a little out of order
    EXPECT_EQ(at("2026-10-25T02:05:00Z"), utc("2026-10-25T01:05:00Z"));
    EXPECT_EQ(at("2026-10-25T02:55:00Z"), utc("2026-10-25T00:55:00Z"));
    EXPECT_EQ(at("2026-10-25T02:30:00Z"), utc("2026-10-25T00:30:00Z"));
    EXPECT_EQ(at("2026-10-25T01:59:00Z"), utc("2026-10-24T23:59:00Z"));
}

TEST(local_clock, moves_a_skipped_time_to_the_jump_and_says_so) {
    const reader_options options{.zone = test::berlin_2026};
    local_clock clock(options);
    EXPECT_EQ(clock.in_order(utc("2026-03-29T02:30:00Z"), 7), utc("2026-03-29T01:00:00Z"));
    EXPECT_NE(clock.note().find("first in line 7"), std::string::npos);
}

TEST(local_clock, without_a_zone_names_file_and_line_and_the_option) {
    const reader_options options{.name = "cdr.csv"};
    local_clock clock(options);
    try {
        (void)clock.in_order(0, 12);
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        EXPECT_EQ(e.details().field, "time_zone");
        EXPECT_NE(std::string(e.what()).find("cdr.csv:12: "), std::string::npos);
        EXPECT_NE(std::string(e.what()).find("--zone"), std::string::npos);
    }
}

TEST(outcome, of_sip_codes_follows_the_cause_table) {
    using enum call_outcome;
    EXPECT_EQ(outcome_of_sip(200), answered);
    EXPECT_EQ(outcome_of_sip(302), redirected);
    for (const auto code : {486, 600})
        EXPECT_EQ(outcome_of_sip(code), busy);
    EXPECT_EQ(outcome_of_sip(480), no_answer);
    for (const auto code : {603, 607, 608, 403, 428})
        EXPECT_EQ(outcome_of_sip(code), rejected);
    EXPECT_EQ(outcome_of_sip(487), abandoned);
    for (const auto code : {404, 410, 484, 485, 604})
        EXPECT_EQ(outcome_of_sip(code), invalid_number);
    for (const auto code : {401, 407})
        EXPECT_EQ(outcome_of_sip(code), unauthorized);
    for (const auto code : {408, 500, 502, 503, 504, 488, 606})
        EXPECT_EQ(outcome_of_sip(code), congestion);
    EXPECT_EQ(outcome_of_sip(180), unknown);
    EXPECT_EQ(outcome_of_sip(699), unknown);
}

TEST(outcome, of_causes_goes_by_name_and_number) {
    EXPECT_EQ(meaning_of_cause("USER_BUSY")->q850, 17);
    EXPECT_EQ(meaning_of_cause("user busy")->outcome, call_outcome::busy);
    EXPECT_EQ(meaning_of_cause("ORIGINATOR_CANCEL")->outcome, call_outcome::abandoned);
    EXPECT_EQ(meaning_of_cause("ORIGINATOR_CANCEL")->q850, -1);
    EXPECT_FALSE(meaning_of_cause("USER_BUS"));
    EXPECT_FALSE(meaning_of_cause(""));
    EXPECT_EQ(outcome_of_q850(19), call_outcome::no_answer);
    EXPECT_EQ(outcome_of_q850(34), call_outcome::congestion);
    EXPECT_EQ(outcome_of_q850(120), call_outcome::unknown);
    EXPECT_EQ(unanswered_outcome(200, -1, ""), call_outcome::unknown);
    EXPECT_EQ(unanswered_outcome(486, 16, ""), call_outcome::busy);
    EXPECT_EQ(unanswered_outcome(-1, 17, ""), call_outcome::busy);
    EXPECT_EQ(unanswered_outcome(-1, -1, "NO_ANSWER"), call_outcome::no_answer);
}

TEST(fold_window, emits_the_oldest_when_full_and_the_rest_in_order) {
    fold_window<int> window(3);
    std::string emitted;
    const auto add = [&](const char* key) {
        window.add(
            key,
            [](int& n) {
                ++n;
                return std::size_t{0};
            },
            [&](const std::string& k, int n) { emitted += k + std::to_string(n) + ' '; });
    };
    for (const auto* key : {"a", "b", "a", "c", "b", "d", "a"})
        add(key);
    EXPECT_EQ(emitted, "a2 b2 ");
    window.finish([&](const std::string& k, int n) { emitted += k + std::to_string(n) + ' '; });
    EXPECT_EQ(emitted, "a2 b2 c1 d1 a1 ");
}

TEST(fold_window, is_bounded_in_bytes_too) {
    fold_window<std::string> window(1'000'000, 10'000);
    std::size_t most = 0;
    for (int i = 0; i < 1000; ++i) {
        window.add(
            std::to_string(i),
            [](std::string& s) {
                s.assign(1000, 'x');
                return s.size();
            },
            [](const std::string&, std::string&) {});
        most = std::max(most, window.size());
    }
    EXPECT_LT(most, 11U);
}

TEST(json_object, keeps_numbers_as_they_were_written) {
    json_object o;
    ASSERT_EQ(o.parse(R"({"a": 0.0525, "b":"x\u00e9\n", "c": null, "d": {"a": [1]}, "e": -12, "f": true, "": 1e2})"),
              nullptr);
    const auto m = o.members();
    ASSERT_EQ(m.size(), 7U);
    EXPECT_EQ(m[0].value, "0.0525");
    EXPECT_EQ(m[1].value, "x\u00e9\n");
    EXPECT_EQ(m[2].what, json_member::kind::null);
    EXPECT_EQ(m[3].what, json_member::kind::nested);
    EXPECT_EQ(m[3].value, "");
    EXPECT_EQ(m[4].value, "-12");
    EXPECT_EQ(m[5].value, "true");
    EXPECT_EQ(m[6].name, "");
    EXPECT_EQ(m[6].value, "1e2");
}

TEST(json_object, refuses_what_is_no_object) {
    json_object o;
    for (const auto* bad : {"", "[1]", "{\"a\":1", "{} x", "{\"a\":\"\xC0\"}", "1"})
        EXPECT_NE(o.parse(bad), nullptr) << bad;
    EXPECT_EQ(o.parse(" {} "), nullptr);
    EXPECT_TRUE(o.members().empty());
}

} // namespace
} // namespace lineside::cdr
