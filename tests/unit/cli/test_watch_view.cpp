#include "cli/terminal.hpp"
#include "cli/watch_view.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace lineside::cli {
namespace {

using namespace std::chrono_literals;

const instant noon = parse_instant("2026-03-10T12:00:01.250Z").value();

watch_update update_of(watch_topic topic, watch_kind kind = watch_kind::change) {
    watch_update u;
    u.topic = topic;
    u.kind = kind;
    u.position = "p";
    u.at = noon;
    return u;
}

watch_update channels(std::uint32_t in_use, std::optional<std::uint32_t> configured = 60) {
    auto u = update_of(watch_topic::channels);
    channel_status c;
    c.in_use = in_use;
    c.configured = configured;
    c.ringing = 3;
    u.channels = std::move(c);
    return u;
}

live_call call(std::string id, live_call_state state, instant started = noon) {
    live_call c;
    c.source = "pbx";
    c.call_id = std::move(id);
    c.state = state;
    c.started_at = started;
    c.cli = "100";
    c.destination = "200";
    return c;
}

watch_update calls(watch_kind kind, live_call_changes changes) {
    auto u = update_of(watch_topic::live_calls, kind);
    u.live_calls = std::move(changes);
    return u;
}

TEST(watch_view, channels_are_in_use_of_configured) {
    watch_view view;
    EXPECT_EQ(view.line_of(channels(17)), "12:00:01 channels 17 of 60, ringing 3");
    EXPECT_EQ(view.line_of(channels(17, std::nullopt)), "12:00:01 channels 17, ringing 3");
}

TEST(watch_view, live_calls_are_told_as_changes_and_counted) {
    watch_view view;
    EXPECT_EQ(view.line_of(calls(watch_kind::snapshot, {{call("a", live_call_state::ringing)}, {}, false})),
              "12:00:01 live calls 1");
    EXPECT_EQ(view.line_of(calls(watch_kind::change, {{call("b", live_call_state::ringing)}, {}, false})),
              "12:00:01 live calls 2, 100 to 200 ringing");
    EXPECT_EQ(view.line_of(calls(watch_kind::change, {{call("a", live_call_state::answered)}, {}, false})),
              "12:00:01 live calls 2, 100 to 200 answered");
    EXPECT_EQ(view.line_of(calls(watch_kind::change, {{}, {{"pbx", "a", ""}, {"pbx", "b", ""}}, false})),
              "12:00:01 live calls 0, ended 2");
}

TEST(watch_view, of_many_changed_calls_three_are_named) {
    watch_view view;
    live_call_changes many;
    for (const char* id : {"a", "b", "c", "d", "e"})
        many.calls.push_back(call(id, live_call_state::ringing));
    EXPECT_EQ(view.line_of(calls(watch_kind::change, many)),
              "12:00:01 live calls 5, 100 to 200 ringing, 100 to 200 ringing, 100 to 200 ringing, 2 more");
}

TEST(watch_view, balance_says_when_it_is_empty) {
    watch_view view;
    auto u = update_of(watch_topic::balance);
    balance b;
    b.currency = "EUR";
    b.amount = parse_money("12.5").value();
    b.credit_available = parse_money("262.5").value();
    u.balance = b;
    EXPECT_EQ(view.line_of(u), "12:00:01 balance 12.50 EUR, available 262.50 EUR");
    b.burn_per_minute = parse_money("0.25").value();
    b.time_to_zero = 1050min;
    u.balance = b;
    EXPECT_EQ(view.line_of(u), "12:00:01 balance 12.50 EUR, available 262.50 EUR, live calls cost 0.25 EUR a minute: "
                               "empty in 17:30:00");
}

TEST(watch_view, an_alert_is_its_title_and_why) {
    watch_view view;
    EXPECT_EQ(view.line_of(update_of(watch_topic::alerts, watch_kind::snapshot)), "12:00:01 alerts from here on");
    auto u = update_of(watch_topic::alerts, watch_kind::event);
    alert_event a;
    a.level = severity::error;
    a.title = "ASR\nlow";
    a.text = "ASR is 12 %";
    u.alert = a;
    EXPECT_EQ(view.line_of(u), "12:00:01 alert error fired: ASR?low: ASR is 12 %");
}

TEST(watch_view, the_newest_hour_of_the_summary_is_shown) {
    watch_view view;
    auto u = update_of(watch_topic::summary, watch_kind::snapshot);
    summary_changes hours;
    for (const int hour : {10, 11}) {
        summary_row row;
        row.start = parse_instant("2026-03-10").value() + std::chrono::hours(hour);
        row.end = row.start + 1h;
        row.attempts = 1;
        row.answered = 1;
        row.asr = 100;
        hours.rows.push_back(row);
    }
    u.summary = hours;
    EXPECT_EQ(view.line_of(u), "12:00:01 summary 11:00 1 attempt, 1 answered, ASR 100.00 % and 1 other hour");
    summary_changes gone;
    gone.gone.push_back(hours.rows[0].start);
    u.kind = watch_kind::change;
    u.summary = gone;
    EXPECT_EQ(view.line_of(u), "12:00:01 summary 1 hour");
}

TEST(watch_view, a_dashboard_says_what_waits) {
    watch_view view;
    auto u = update_of(watch_topic::dashboard);
    dashboard d;
    d.layout.widgets.resize(4);
    d.checklist.items.push_back({"verify_email", severity::warning, "Verify your e-mail", ""});
    u.dashboard = d;
    EXPECT_EQ(view.line_of(u), "12:00:01 dashboard 4 widgets, 1 thing to do: Verify your e-mail");
}

TEST(watch_view, a_resync_says_that_something_may_be_missing) {
    watch_view view;
    auto u = channels(17);
    u.kind = watch_kind::resync;
    EXPECT_EQ(view.line_of(u), "12:00:01 channels 17 of 60, ringing 3 (something before it may have been missed)");
}

TEST(watch_view, bars_stand_on_zero) {
    EXPECT_EQ(bars_of({0, 1, 7}, 10), "▁▂█");
    EXPECT_EQ(bars_of({9, 0, 1, 7}, 3), "▁▂█");
    EXPECT_EQ(bars_of({0, 0}, 10), "▁▁");
    EXPECT_EQ(bars_of({4'000'000'000}, 10), "█");
    EXPECT_EQ(bars_of({}, 10), "");
}

TEST(watch_view, the_line_of_channels_grows_bars_up_to_its_width) {
    channels_line line;
    EXPECT_EQ(line.next(channels(0), 80), "12:00:01 channels 0 of 60, ringing 3  ▁");
    EXPECT_EQ(line.next(channels(7), 80), "12:00:01 channels 7 of 60, ringing 3  ▁█");
    for (int i = 0; i < 100; ++i)
        EXPECT_LE(columns_of(line.next(channels(7), 48)), 48U);
    EXPECT_EQ(columns_of(line.next(channels(7), 48)), 48U);
    EXPECT_EQ(line.next(channels(7), 20), "12:00:01 channels 7 ");
}

} // namespace
} // namespace lineside::cli
