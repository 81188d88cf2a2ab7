#include "integration/contract/contract.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace lineside::contract {

namespace {

class channels_fixture : public portal_test {
protected:
    const instant noon = clock.now();

    [[nodiscard]] call_event event(call_event_kind kind, std::string id, duration after = {},
                                   const account_id& account = acme) const {
        call_event e;
        e.kind = kind;
        e.source = "switch";
        e.call_id = std::move(id);
        e.at = noon + after;
        if (kind == call_event_kind::started)
            e.account = account;
        return e;
    }
    call_event_report tell(std::vector<call_event> events) {
        return lineside().async_report_call_events({std::move(events)}, block);
    }
    [[nodiscard]] channel_status status(const account_id& account = acme) {
        return lineside().async_get_channels({account}, block);
    }
    [[nodiscard]] page<live_call> list(live_call_query q = {}) {
        q.account = acme;
        return lineside().async_list_live_calls(q, block);
    }
    [[nodiscard]] std::vector<std::string> ids(live_call_filter filter = live_call_filter::in_use) {
        std::vector<std::string> all;
        live_call_query q;
        q.filter = filter;
        for (const auto& c : list(q).items)
            all.push_back(c.call_id);
        return all;
    }
    void make_account(std::optional<std::uint32_t> limit = std::nullopt) {
        account a;
        a.id = acme;
        a.channel_limit = limit;
        (void)lineside().async_create_account(a, block);
    }
    admission admit(std::string id, instant at = {}) {
        admission_request r;
        r.account = acme;
        r.source = "switch";
        r.call_id = std::move(id);
        r.at = at;
        return lineside().async_admit_call(r, block);
    }
    live_snapshot_report snapshot(duration after, const std::vector<std::string>& calls) {
        live_snapshot s;
        s.source = "switch";
        s.at = noon + after;
        for (const auto& id : calls) {
            auto& c = s.calls.emplace_back();
            c.account = acme;
            c.call_id = id;
            c.started_at = noon;
        }
        return lineside().async_report_live_calls(s, block);
    }
    [[nodiscard]] series ask(metric m, time_range range, time_step step) {
        series_query q;
        q.account = acme;
        q.metric = m;
        q.range = range;
        q.step = step;
        return lineside().async_query_series(q, block);
    }
};

using texts = std::vector<std::string>;
constexpr auto started = call_event_kind::started;
constexpr auto answered = call_event_kind::answered;
constexpr auto digit = call_event_kind::digit;
constexpr auto ended = call_event_kind::ended;

LINESIDE_ON_EVERY_PORTAL_WITH(channels, channels_fixture);

TEST_P(channels, a_call_is_in_use_from_its_start_to_its_end) {
    EXPECT_EQ(tell({event(started, "a"), event(started, "b")}), (call_event_report{2, 0}));
    EXPECT_EQ(status().in_use, 2);
    EXPECT_EQ(status().ringing, 2);
    EXPECT_EQ(tell({event(answered, "a", seconds(3)), event(ended, "b", seconds(4))}), (call_event_report{2, 0}));
    EXPECT_EQ(status().in_use, 1);
    EXPECT_EQ(status().answered, 1);
    EXPECT_EQ(status().peak_today, 2);
    EXPECT_EQ(status().as_of, clock.now());
    EXPECT_FALSE(status().configured);
}

TEST_P(channels, events_told_again_or_too_late_are_ignored) {
    const std::vector<call_event> all = {event(ended, "a", seconds(9)), event(started, "a"),
                                         event(answered, "a", seconds(1))};
    EXPECT_EQ(tell(all), (call_event_report{2, 1}));
    EXPECT_EQ(tell(all), (call_event_report{0, 3}));
    EXPECT_EQ(status().in_use, 0);
    EXPECT_EQ(ids(live_call_filter::all), texts());
}

TEST_P(channels, a_live_call_shows_what_was_told_of_it) {
    auto e = event(started, "a", seconds(1));
    e.branch = "leg";
    e.cli = "+442071838750";
    e.destination = "+4930901820";
    e.direction = call_direction::outbound;
    e.rate = parse_money("0.06", "EUR").value();
    auto first = event(digit, "a", seconds(5));
    auto second = event(digit, "a", seconds(6));
    auto up = event(answered, "a", seconds(4));
    for (auto* of : {&first, &second, &up})
        of->branch = "leg";
    tell({e, up, first, second, second});
    live_call expected;
    expected.account = acme;
    expected.source = "switch";
    expected.call_id = "a";
    expected.branch = "leg";
    expected.state = live_call_state::answered;
    expected.started_at = noon + seconds(1);
    expected.answered_at = noon + seconds(4);
    expected.cli = e.cli;
    expected.destination = e.destination;
    expected.direction = e.direction;
    expected.dtmf_digits = 2;
    expected.rate = e.rate;
    ASSERT_EQ(list().items.size(), 1);
    EXPECT_EQ(list().items.front(), expected);
}

TEST_P(channels, an_account_that_is_not_known_is_made_by_its_first_call) {
    tell({event(started, "a", {}, account_id("fresh"))});
    EXPECT_EQ(status(account_id("fresh")).in_use, 1);
    EXPECT_EQ(lineside().async_get_account(account_id("fresh"), block).name, "fresh");
}

TEST_P(channels, a_wrong_event_is_named_and_nothing_of_its_batch_is_taken) {
    const auto refused = [&](call_event wrong, const std::string& field) {
        const auto d = failure_of(
            [&] {
                return tell({event(started, "good"), std::move(wrong)});
            },
            errc::invalid_argument);
        EXPECT_EQ(d.field, field);
        EXPECT_NE(d.message.find("events[1]." + field), std::string::npos) << d.message;
    };
    auto e = event(started, "a");
    e.account = {};
    refused(e, "account");
    e = event(started, "");
    refused(e, "call_id");
    e = event(started, std::string(513, 'x'));
    refused(e, "call_id");
    e = event(started, "a");
    e.source.clear();
    refused(e, "source");
    e = event(started, "a");
    e.at = {};
    refused(e, "at");
    e = event(started, "a");
    e.cli = "\x01";
    refused(e, "cli");
    e = event(started, "a");
    e.rate = parse_money("-1", "EUR").value();
    refused(e, "rate");
    (void)failure_of([&] { return status(); }, errc::not_found);
}

TEST_P(channels, who_asks_about_an_unknown_account_is_told_so) {
    (void)failure_of([&] { return status(); }, errc::not_found);
    (void)failure_of([&] { return list(); }, errc::not_found);
    (void)failure_of([&] { return admit("a"); }, errc::not_found);
}

// ---- admission

TEST_P(channels, admission_occupies_a_channel_as_long_as_there_is_one) {
    make_account(2);
    EXPECT_EQ(admit("a"), (admission{true, "", 1, 2}));
    EXPECT_EQ(admit("b"), (admission{true, "", 2, 2}));
    EXPECT_EQ(admit("c"), (admission{false, "channel_limit", 2, 2}));
    EXPECT_EQ(admit("c"), (admission{false, "channel_limit", 2, 2}));
    EXPECT_EQ(admit("a"), (admission{true, "", 2, 2}));
    EXPECT_EQ(status().in_use, 2);
    EXPECT_EQ(status().configured, 2);
    tell({event(ended, "a", seconds(1))});
    EXPECT_TRUE(admit("d").admitted);
    EXPECT_FALSE(admit("c").admitted); // the same call, the same answer
    EXPECT_EQ(ids().size(), 2);
}

TEST_P(channels, zero_channels_are_a_limit_and_none_is_none) {
    make_account(0);
    EXPECT_FALSE(admit("a").admitted);
    account_update change;
    change.account = acme;
    change.no_channel_limit = true;
    (void)lineside().async_update_account(change, block);
    EXPECT_EQ(admit("b"), (admission{true, "", 1, std::nullopt}));
}

TEST_P(channels, a_disabled_account_starts_no_call) {
    make_account();
    account_update change;
    change.account = acme;
    change.status = account_status::disabled;
    (void)lineside().async_update_account(change, block);
    EXPECT_EQ(admit("a").reason, "account_disabled");
    EXPECT_EQ(status().in_use, 0);
}

TEST_P(channels, a_later_start_of_an_identity_is_asked_anew) {
    make_account(1);
    EXPECT_TRUE(admit("a", noon).admitted);
    tell({event(ended, "a", seconds(1))});
    EXPECT_TRUE(admit("a", noon).admitted);
    EXPECT_EQ(status().in_use, 0);
    EXPECT_TRUE(admit("a", noon + seconds(2)).admitted);
    EXPECT_EQ(status().in_use, 1);
}

TEST_P(channels, of_eight_who_race_for_the_last_channel_one_wins) {
    make_account(1);
    for (int round = 0; round < 20; ++round) {
        std::atomic<int> admitted = 0;
        std::vector<std::string> winners(8);
        std::vector<std::thread> racers;
        for (std::size_t i = 0; i < winners.size(); ++i)
            racers.emplace_back([&, i] {
                const auto id = std::to_string(round) + "-" + std::to_string(i);
                if (admit(id).admitted) {
                    ++admitted;
                    winners[i] = id;
                }
            });
        for (auto& r : racers)
            r.join();
        ASSERT_EQ(admitted, 1);
        ASSERT_EQ(status().in_use, 1);
        const auto winner = std::find_if(winners.begin(), winners.end(), [](const auto& w) { return !w.empty(); });
        tell({event(ended, *winner, seconds(1))});
        ASSERT_EQ(status().in_use, 0);
    }
}

// ---- snapshots and ghosts

TEST_P(channels, a_snapshot_brings_live_calls_into_line) {
    tell({event(started, "a"), event(started, "b")});
    clock.advance(minutes(1));
    EXPECT_EQ(snapshot(minutes(1), {"b", "c"}), (live_snapshot_report{1, 1, 1}));
    EXPECT_EQ(ids(), (texts{"b", "c"}));
    EXPECT_EQ(ids(live_call_filter::ghosts), texts{"a"});
    EXPECT_EQ(ids(live_call_filter::all).size(), 3);
    EXPECT_EQ(status().drift, 2);
    EXPECT_EQ(status().drift_net, 0);
    EXPECT_EQ(status().ghosts, 1);
    EXPECT_EQ(snapshot(minutes(1), {"b", "c"}), (live_snapshot_report{2, 0, 0}));
}

TEST_P(channels, a_snapshot_of_one_account_leaves_the_others_alone) {
    tell({event(started, "a"), event(started, "b", {}, account_id("other"))});
    clock.advance(minutes(1));
    live_snapshot s;
    s.source = "switch";
    s.account = acme;
    s.at = noon + minutes(1);
    EXPECT_EQ(lineside().async_report_live_calls(s, block), (live_snapshot_report{0, 0, 1}));
    EXPECT_EQ(status().in_use, 0);
    EXPECT_EQ(status(account_id("other")).in_use, 1);
    s.account = account_id("nobody");
    (void)failure_of([&] { return lineside().async_report_live_calls(s, block); }, errc::not_found);
}

TEST_P(channels, a_call_that_never_ends_is_given_up) {
    tell({event(started, "a")});
    clock.advance(hours(4) - seconds(1));
    EXPECT_EQ(status().in_use, 1);
    clock.advance(seconds(1));
    EXPECT_EQ(status().in_use, 0);
    EXPECT_EQ(status().aged_out, 1);
    EXPECT_EQ(ids(live_call_filter::ghosts), texts{"a"});
    EXPECT_EQ(list({}).items.size(), 0);
    clock.advance(-hours(4));
    EXPECT_EQ(status().in_use, 0);
}

// ---- lists

TEST_P(channels, live_calls_are_listed_oldest_first_page_by_page) {
    std::vector<call_event> events;
    for (int i = 0; i < 25; ++i)
        events.push_back(event(started, "call-" + std::to_string(i), seconds(i % 7)));
    tell(events);
    std::vector<live_call> all;
    live_call_query q;
    q.limit = 4;
    do {
        const auto page = list(q);
        EXPECT_LE(page.items.size(), 4);
        all.insert(all.end(), page.items.begin(), page.items.end());
        q.cursor = page.next;
    } while (!q.cursor.empty());
    EXPECT_EQ(all.size(), 25);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                               [](const auto& a, const auto& b) { return a.started_at < b.started_at; }));
    q.limit = 5'000;
    EXPECT_EQ(list(q).items, all);
    q.limit = 0;
    EXPECT_EQ(failure_of([&] { return list(q); }, errc::invalid_argument).field, "limit");
    q.limit = 10;
    q.cursor = "x";
    EXPECT_EQ(failure_of([&] { return list(q); }, errc::invalid_argument).field, "cursor");
}

// ---- the graph

TEST_P(channels, the_graph_shows_what_is_live_before_there_are_records) {
    tell({event(started, "a"), event(started, "b", seconds(30)), event(ended, "b", seconds(60))});
    clock.advance(minutes(10));
    const auto peak = ask(metric::live_channels, {noon, noon + minutes(12)}, time_step::minute);
    EXPECT_EQ(peak.value, (std::vector<double>{2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0}));
    const auto average = ask(metric::live_channels_avg, {noon, noon + minutes(2)}, time_step::minute);
    EXPECT_EQ(average.value, (std::vector<double>{1.5, 1}));
    const auto hour = ask(metric::live_channels_avg, {noon, noon + hours(1)}, time_step::hour);
    EXPECT_EQ(hour.numerator.front(), 10 * 60'000 + 30'000);
}

TEST_P(channels, a_bucket_that_is_not_final_shows_the_larger_of_records_and_what_was_live) {
    tell({event(started, "a"), event(ended, "a", seconds(90))});
    import({answered_call("r", noon + seconds(60), seconds(115)), failed_call("s", noon + seconds(61))});
    clock.advance(minutes(10));
    const auto peak = ask(metric::live_channels, {noon, noon + minutes(3)}, time_step::minute);
    EXPECT_EQ(peak.value[0], 1); // told live alone
    EXPECT_EQ(peak.value[1], 2); // of records
    EXPECT_EQ(peak.value[2], 1);
}

TEST_P(channels, a_final_bucket_shows_the_records_of_a_day_that_has_any) {
    tell({event(started, "a"), event(ended, "a", seconds(90))});
    clock.advance(minutes(10));
    import({failed_call("r", noon + hours(1))});
    clock.advance(days(2));
    tell({event(started, "b", days(2) + minutes(9))}); // time for what was live to be written down
    EXPECT_EQ(ask(metric::live_channels, {noon, noon + minutes(1)}, time_step::minute).value.front(), 0);
    EXPECT_EQ(ask(metric::live_channels, {noon + days(2), noon + days(2) + minutes(11)}, time_step::hour).value.front(),
              1);
}

TEST_P(channels, a_final_bucket_of_a_day_without_records_shows_what_was_live) {
    tell({event(started, "a"), event(ended, "a", seconds(90))});
    clock.advance(minutes(10));
    tell({event(started, "b", minutes(10)), event(ended, "b", minutes(11))});
    clock.advance(days(3));
    tell({event(started, "c", days(3))});
    const auto day = ask(metric::live_channels, {noon, noon + minutes(1)}, time_step::day);
    ASSERT_EQ(day.value.size(), 1);
    EXPECT_EQ(day.value.front(), 1);
    reopen();
    EXPECT_EQ(ask(metric::live_channels, {noon, noon + minutes(2)}, time_step::minute).value,
              (std::vector<double>{1, 1}));
    EXPECT_EQ(ask(metric::live_channels_avg, {noon, noon + minutes(2)}, time_step::minute).numerator,
              (std::vector<std::int64_t>{60'000, 30'000}));
}

TEST_P(channels, live_calls_are_in_no_other_number) {
    tell({event(started, "a"), event(answered, "a", seconds(1))});
    EXPECT_EQ(ask(metric::attempts, {noon, noon + hours(1)}, time_step::hour).value.front(), 0);
    EXPECT_TRUE(ask(metric::asr, {noon, noon + hours(1)}, time_step::hour).denominator.front() == 0);
}

// ---- again

TEST_P(channels, what_is_live_is_live_after_opening_again) {
    make_account(2);
    tell({event(started, "a"), event(answered, "a", seconds(1)), event(started, "over"), event(digit, "a", seconds(2)),
          event(ended, "over", seconds(2)), event(ended, "early", seconds(5))});
    EXPECT_TRUE(admit("b").admitted);
    EXPECT_FALSE(admit("c").admitted);
    const auto before = list();
    const auto counts = status();
    reopen();
    EXPECT_EQ(list().items, before.items);
    EXPECT_EQ(status(), counts);
    EXPECT_EQ(tell({event(started, "early"), event(started, "over"), event(digit, "a", seconds(2))}).applied, 1);
    EXPECT_EQ(status().in_use, 2);
    EXPECT_FALSE(admit("c").admitted);
    EXPECT_TRUE(admit("b").admitted);
}

} // namespace

} // namespace lineside::contract
