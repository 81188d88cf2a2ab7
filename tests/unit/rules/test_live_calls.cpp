#include <lineside/error.hpp>

#include "rules/concurrency.hpp"
#include "rules/live_calls.hpp"
#include "unit/rules/live_minutes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 3'600'000;
// A midnight, so that minutes and days are whole.
constexpr std::int64_t midnight = 20'000LL * 86'400'000;
constexpr std::int64_t noon = midnight + 12 * hour;

constexpr auto started = call_event_kind::started;
constexpr auto answered = call_event_kind::answered;
constexpr auto digit = call_event_kind::digit;
constexpr auto ended = call_event_kind::ended;

live_event event(call_event_kind kind, std::string_view id, std::int64_t at,
                 std::uint64_t sequence = event_order::unnumbered) {
    live_event e;
    e.kind = kind;
    e.call_id = id;
    e.order = {sequence, at};
    e.account = kind == started ? 1 : 0;
    return e;
}

listed_call listed(std::string_view id, std::int64_t at) { return {event(started, id, at), absent, 0}; }

class live : public testing::Test {
protected:
    live() { calls.advance(noon); }

    bool tell(const live_event& e) { return calls.apply(e, now); }
    bool tell(call_event_kind kind, std::string_view id, std::int64_t at,
              std::uint64_t sequence = event_order::unnumbered) {
        return tell(event(kind, id, at, sequence));
    }
    live_snapshot_report snapshot(std::int64_t at, const std::vector<listed_call>& list, std::uint32_t account = 0) {
        return calls.apply_snapshot(0, account, at, list, now);
    }
    admitting admit(std::string_view id, std::optional<std::uint32_t> limit,
                    std::optional<std::int64_t> stated = std::nullopt) {
        return calls.admit(event(started, id, 0), limit, stated, now);
    }
    [[nodiscard]] channel_counts counts() const { return calls.counts(1); }
    [[nodiscard]] std::vector<std::string> ids() const {
        std::vector<std::string> all;
        calls.each_of(1, [&](const live_record& r) { all.emplace_back(r.call_id()); });
        std::sort(all.begin(), all.end());
        return all;
    }

    live_calls calls{live_options{}};
    std::int64_t now = noon;
};

using texts = std::vector<std::string>;

} // namespace

TEST_F(live, a_call_occupies_a_channel_from_its_start_to_its_end) {
    EXPECT_TRUE(tell(started, "a", noon));
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_EQ(counts().ringing, 1);
    EXPECT_TRUE(tell(answered, "a", noon + 5 * second));
    EXPECT_EQ(counts().ringing, 0);
    EXPECT_EQ(counts().answered, 1);
    EXPECT_TRUE(tell(ended, "a", noon + 60 * second));
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_EQ(ids(), texts());
}

TEST_F(live, what_was_told_before_changes_nothing) {
    for (const auto kind : {started, answered, digit, ended}) {
        const auto e = event(kind, "a", noon + static_cast<int>(kind) * second);
        EXPECT_TRUE(tell(e));
        EXPECT_FALSE(tell(e));
    }
    EXPECT_FALSE(tell(started, "a", noon));
    EXPECT_EQ(counts().in_use(), 0);
}

TEST_F(live, an_end_before_its_start_leaves_no_ghost) {
    EXPECT_TRUE(tell(ended, "a", noon + 9 * second));
    EXPECT_TRUE(tell(started, "a", noon));
    EXPECT_FALSE(tell(answered, "a", noon + second));
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_EQ(calls.live(), 0);
}

TEST_F(live, an_answer_before_its_start_is_kept_until_the_start_tells_whose_it_is) {
    EXPECT_TRUE(tell(answered, "a", noon + second));
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_TRUE(tell(started, "a", noon));
    EXPECT_EQ(counts().answered, 1);
}

TEST_F(live, an_event_that_says_whose_the_call_is_needs_no_start) {
    auto e = event(answered, "a", noon + second);
    e.account = 1;
    EXPECT_TRUE(tell(e));
    EXPECT_EQ(counts().answered, 1);
    EXPECT_TRUE(tell(started, "a", noon));
    calls.each_of(1, [&](const live_record& r) { EXPECT_EQ(r.started, noon); });
}

TEST_F(live, the_same_identity_may_start_again_after_its_end) {
    tell(started, "a", noon);
    tell(ended, "a", noon + second);
    EXPECT_TRUE(tell(started, "a", noon + 2 * second)); // after the challenge of a proxy
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_FALSE(tell(ended, "a", noon + second));
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_TRUE(tell(ended, "a", noon + 3 * second));
    EXPECT_EQ(counts().in_use(), 0);
}

TEST_F(live, sequence_numbers_decide_before_time_does) {
    tell(started, "a", noon + 5 * second, 10);
    EXPECT_TRUE(tell(ended, "a", noon, 11)); // the switch's clock went back
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_FALSE(tell(started, "a", noon + 6 * second, 9));
    EXPECT_EQ(counts().in_use(), 0);
}

TEST_F(live, an_older_state_never_overwrites_a_newer_one) {
    auto newer = event(started, "a", noon, 20);
    newer.cli = "200";
    newer.rate = 7;
    auto older = event(started, "a", noon, 10);
    older.cli = "100";
    older.destination = "999";
    tell(newer);
    EXPECT_TRUE(tell(older)); // tells the destination
    calls.each_of(1, [&](const live_record& r) {
        EXPECT_EQ(r.cli(), "200");
        EXPECT_EQ(r.destination(), "999");
        EXPECT_EQ(r.rate, 7);
    });
    EXPECT_FALSE(tell(older));
}

TEST_F(live, the_newest_start_tells_whose_call_it_is) {
    tell(event(started, "a", noon, 1));
    auto moved = event(started, "a", noon, 2);
    moved.account = 2;
    EXPECT_TRUE(tell(moved));
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_EQ(calls.counts(2).in_use(), 1);
    EXPECT_FALSE(tell(event(started, "a", noon, 1)));
    EXPECT_EQ(calls.counts(2).in_use(), 1);
}

TEST_F(live, each_digit_counts_once_in_whatever_order) {
    tell(started, "a", noon);
    for (int round = 0; round < 2; ++round)
        for (const std::int64_t at : {3, 1, 2})
            tell(digit, "a", noon + at * second);
    calls.each_of(1, [&](const live_record& r) { EXPECT_EQ(r.digit_count(), 3); });
}

TEST_F(live, a_call_with_very_many_digits_counts_the_new_ones) {
    tell(started, "a", noon);
    for (int i = 0; i < 1'000; ++i) {
        EXPECT_TRUE(tell(digit, "a", noon + i));
        EXPECT_FALSE(tell(digit, "a", noon + i));
    }
    calls.each_of(1, [&](const live_record& r) { EXPECT_EQ(r.digit_count(), 1'000); });
}

TEST_F(live, branches_and_sources_tell_calls_apart) {
    auto a = event(started, "ab", noon);
    auto b = event(started, "a", noon);
    b.branch = "b";
    auto c = event(started, "ab", noon);
    c.source = 1;
    for (const auto& e : {a, b, c})
        EXPECT_TRUE(tell(e));
    EXPECT_EQ(counts().in_use(), 3);
    b.kind = ended;
    EXPECT_TRUE(tell(b));
    EXPECT_EQ(counts().in_use(), 2);
}

TEST_F(live, ids_of_any_length_are_kept) {
    std::vector<std::string> all;
    for (const std::size_t size : {1U, 7U, 8U, 15U, 16U, 17U, 79U, 80U, 81U, 512U, 65'535U})
        all.push_back(std::string(size, 'x'));
    for (int round = 0; round < 3; ++round) { // records are used again
        for (const auto& id : all)
            tell(started, id, noon + round * minute);
        EXPECT_EQ(ids(), all);
        for (const auto& id : all)
            EXPECT_TRUE(tell(ended, id, noon + round * minute + second));
        EXPECT_EQ(ids(), texts());
        calls.advance(now += hour);
    }
}

// ---- bounds

TEST_F(live, more_calls_than_are_kept_are_refused_and_change_nothing) {
    calls = live_calls({.most_calls = 2});
    tell(started, "a", noon);
    tell(answered, "b", noon);
    try {
        tell(started, "c", noon);
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::exhausted);
    }
    EXPECT_TRUE(tell(started, "b", noon));
    EXPECT_TRUE(tell(ended, "a", noon));
    EXPECT_TRUE(tell(started, "c", noon));
    const std::vector<live_event> more = {event(started, "d", noon)};
    EXPECT_FALSE(calls.has_room_for(more));
    const std::vector<live_event> known = {event(started, "c", noon), event(ended, "zz", noon)};
    EXPECT_TRUE(calls.has_room_for(known));
}

TEST_F(live, what_is_remembered_is_bounded_and_forgotten) {
    calls = live_calls({.most_calls = 100});
    for (int i = 0; i < 1'000; ++i)
        tell(ended, "a" + std::to_string(i), noon);
    std::size_t kept = 0;
    calls.advance(now);
    calls.each_kept([&](const kept_call&) { ++kept; });
    EXPECT_EQ(kept, 100);
    calls.advance(now + 10 * minute);
    kept = 0;
    calls.each_kept([&](const kept_call&) { ++kept; });
    EXPECT_EQ(kept, 0);
}

TEST_F(live, an_answer_without_a_start_is_forgotten) {
    tell(answered, "a", noon);
    EXPECT_EQ(calls.live(), 1);
    calls.advance(noon + 10 * minute);
    EXPECT_EQ(calls.live(), 0);
    tell(answered, "b", noon);
    tell(started, "b", noon);
    calls.advance(noon + 30 * minute);
    EXPECT_EQ(counts().answered, 1);
}

// ---- ageing and clocks

TEST_F(live, a_call_without_an_end_becomes_a_ghost_at_the_longest_duration) {
    tell(started, "a", noon);
    calls.advance(noon + 4 * hour - 1);
    EXPECT_EQ(counts().in_use(), 1);
    calls.advance(noon + 4 * hour);
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_EQ(counts().ghosts, 1);
    EXPECT_EQ(counts().aged_out, 1);
    EXPECT_EQ(ids(), texts{"a"}); // listed still
    EXPECT_TRUE(tell(ended, "a", noon + 5 * hour));
    EXPECT_EQ(counts().ghosts, 0);
    EXPECT_EQ(ids(), texts());
}

TEST_F(live, a_ghost_is_forgotten_after_a_day) {
    tell(started, "a", noon);
    calls.advance(noon + 4 * hour);
    calls.advance(noon + 28 * hour);
    EXPECT_EQ(counts().ghosts, 0);
    EXPECT_EQ(ids(), texts());
}

TEST_F(live, a_clock_that_goes_back_revives_and_counts_nothing) {
    tell(started, "a", noon);
    tell(started, "b", noon);
    tell(ended, "b", noon + second);
    calls.advance(noon + 400 * hour);
    for (const std::int64_t t : {noon - 400 * hour, noon, noon + second, noon + 500 * hour, noon}) {
        now = t;
        calls.advance(now);
        EXPECT_EQ(counts().in_use(), 0);
    }
    EXPECT_EQ(counts().aged_out, 1);
}

TEST_F(live, a_clock_that_jumps_ahead_and_back_does_not_stop_the_history) {
    calls.advance(noon + 1'000 * hour);
    calls.advance(noon);
    (void)calls.take_minutes();
    tell(started, "a", noon + second);
    tell(ended, "a", noon + 31 * second);
    calls.advance(noon + 10 * minute);
    EXPECT_EQ(calls.take_minutes(), (std::vector<live_minute>{{1, noon, 1, 30'000}}));
}

TEST_F(live, a_clock_that_was_ahead_keeps_no_call_for_longer_than_the_longest) {
    now = noon + 8'000 * hour;
    calls.advance(now);
    tell(started, "a", now);
    tell(answered, "b", now); // nobody's
    calls.advance(now = noon);
    EXPECT_EQ(counts().in_use(), 1);
    calls.advance(now = noon + 4 * hour + minute);
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_EQ(counts().ghosts, 1);
    EXPECT_EQ(calls.live(), 0);
    calls.advance(now = noon + 29 * hour);
    std::size_t kept = 0;
    calls.each_kept([&](const kept_call&) { ++kept; });
    EXPECT_EQ(kept, 0);
}

TEST_F(live, a_clock_that_was_ahead_forgets_what_ended_after_the_usual_time_and_not_before) {
    now = noon + 8'000 * hour;
    calls.advance(now);
    for (const auto* id : {"a", "b", "c"}) {
        tell(started, id, now);
        tell(ended, id, now + second);
    }
    calls.advance(now = noon);
    EXPECT_FALSE(tell(started, "a", noon + 8'000 * hour)) << "told again, it came back";
    EXPECT_EQ(counts().in_use(), 0);
    calls.advance(now = noon + 11 * minute);
    std::size_t kept = 0;
    calls.each_kept([&](const kept_call&) { ++kept; });
    EXPECT_EQ(kept, 0);
}

TEST_F(live, snapshots_are_heard_after_a_clock_that_was_ahead) {
    now = noon + 8'000 * hour;
    snapshot(now, {});
    now = noon + minute;
    EXPECT_EQ(snapshot(now, {listed("a", noon)}), (live_snapshot_report{0, 1, 0}));
}

TEST_F(live, held_history_goes_on_after_a_clock_that_was_ahead) {
    calls.hold_history(noon + 8'000 * hour);
    tell(started, "a", noon);
    tell(ended, "a", noon + 30 * second);
    calls.advance(now = noon + hour);
    EXPECT_EQ(calls.take_minutes(), (std::vector<live_minute>{{1, noon, 1, 30'000}}));
}

TEST_F(live, a_source_whose_clock_is_ahead_ages_by_when_it_was_heard) {
    tell(started, "a", noon + 1'000 * hour);
    calls.advance(noon + 4 * hour);
    EXPECT_EQ(counts().ghosts, 1);
}

// ---- snapshots

TEST_F(live, a_snapshot_ends_what_it_lacks_and_adds_what_it_has) {
    tell(started, "a", noon);
    tell(started, "b", noon);
    now = noon + minute;
    EXPECT_EQ(snapshot(now, {listed("b", noon), listed("c", noon + second)}), (live_snapshot_report{1, 1, 1}));
    EXPECT_EQ(counts().in_use(), 2);
    EXPECT_EQ(counts().ghosts, 1);
    EXPECT_EQ(counts().drift_added, 1);
    EXPECT_EQ(counts().drift_vanished, 1);
    EXPECT_EQ(ids(), (texts{"a", "b", "c"}));
    // Again it comes to the same.
    EXPECT_EQ(snapshot(now, {listed("b", noon), listed("c", noon + second)}), (live_snapshot_report{2, 0, 0}));
    EXPECT_EQ(counts().drift_added + counts().drift_vanished, 2);
}

TEST_F(live, events_in_flight_are_no_drift) {
    tell(started, "new", noon + 55 * second);
    tell(started, "over", noon);
    tell(ended, "over", noon + 59 * second);
    tell(started, "old", noon);
    tell(answered, "old", noon + 58 * second);
    now = noon + minute;
    EXPECT_EQ(snapshot(now, {listed("over", noon)}), live_snapshot_report());
    EXPECT_EQ(counts().in_use(), 2);
}

TEST_F(live, a_snapshot_speaks_of_its_source_and_account_alone) {
    auto other_source = event(started, "a", noon);
    other_source.source = 1;
    auto other_account = event(started, "b", noon);
    other_account.account = 2;
    tell(other_source);
    tell(other_account);
    tell(started, "c", noon);
    now = noon + minute;
    EXPECT_EQ(snapshot(now, {}, 1), (live_snapshot_report{0, 0, 1}));
    EXPECT_EQ(snapshot(now, {}), (live_snapshot_report{0, 0, 1}));
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_EQ(calls.counts(2).ghosts, 1);
}

TEST_F(live, an_older_snapshot_than_the_last_says_nothing) {
    now = noon + minute;
    snapshot(now, {});
    EXPECT_EQ(snapshot(now - 1, {listed("a", noon)}), live_snapshot_report());
    EXPECT_EQ(counts().in_use(), 0);
}

TEST_F(live, a_snapshot_dated_ahead_does_not_make_all_others_old) {
    snapshot(noon + 1'000 * hour, {});
    now = noon + minute;
    EXPECT_EQ(snapshot(now, {listed("a", noon)}), (live_snapshot_report{0, 1, 0}));
}

TEST_F(live, a_call_that_vanished_and_shows_itself_again_is_live_again) {
    tell(started, "a", noon);
    now = noon + minute;
    snapshot(now, {});
    EXPECT_EQ(counts().ghosts, 1);
    EXPECT_FALSE(tell(digit, "a", noon + second) && counts().in_use() == 1); // before the snapshot: no sign of life
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_TRUE(tell(answered, "a", noon + 2 * minute));
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_EQ(counts().ghosts, 0);
    now = noon + 5 * minute;
    snapshot(now, {});
    EXPECT_EQ(snapshot(now + 1, {listed("a", noon)}), (live_snapshot_report{0, 1, 0}));
    EXPECT_EQ(counts().in_use(), 1);
    calls.advance(now + 20 * minute); // nothing that remembered the ghost takes the call away
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_EQ(ids(), texts{"a"});
}

TEST_F(live, a_snapshot_beyond_the_bound_changes_nothing) {
    calls = live_calls({.most_calls = 1});
    tell(started, "a", noon);
    EXPECT_THROW(snapshot(noon + minute, {listed("b", noon)}), error);
    EXPECT_EQ(ids(), texts{"a"});
    EXPECT_EQ(counts().ghosts, 0);
}

// ---- admission

TEST_F(live, admission_answers_and_occupies_in_one_step) {
    EXPECT_TRUE(admit("a", 2).admitted);
    EXPECT_TRUE(admit("b", 2).admitted);
    EXPECT_FALSE(admit("c", 2).admitted);
    EXPECT_EQ(counts().in_use(), 2);
}

TEST_F(live, zero_is_a_limit_and_none_refuses_nobody) {
    EXPECT_FALSE(admit("a", 0).admitted);
    EXPECT_TRUE(admit("b", std::nullopt).admitted);
}

TEST_F(live, asked_again_the_answer_is_the_same) {
    EXPECT_TRUE(admit("a", 1).admitted);
    EXPECT_FALSE(admit("b", 1).admitted);
    EXPECT_TRUE(admit("a", 1).known);
    EXPECT_TRUE(admit("a", 1).admitted);
    tell(ended, "a", noon + second);
    EXPECT_TRUE(admit("a", 1).admitted);
    EXPECT_EQ(counts().in_use(), 0); // and nothing is occupied again
    EXPECT_FALSE(admit("b", 1).admitted);
}

TEST_F(live, a_later_start_of_the_same_identity_is_another_call) {
    EXPECT_FALSE(admit("a", 0, noon).admitted);
    EXPECT_FALSE(admit("a", 1, noon).admitted);
    EXPECT_TRUE(admit("a", 1, noon + second).admitted);
    tell(ended, "a", noon + 2 * second);
    EXPECT_TRUE(admit("a", 1, noon + 3 * second).admitted);
    EXPECT_EQ(counts().in_use(), 1);
}

TEST_F(live, the_end_of_an_admitted_call_counts_even_where_our_clock_is_ahead) {
    now = noon + minute;
    EXPECT_TRUE(admit("a", 1).admitted);
    EXPECT_TRUE(tell(started, "a", noon));
    EXPECT_TRUE(tell(ended, "a", noon + second));
    EXPECT_EQ(counts().in_use(), 0);
    EXPECT_TRUE(admit("b", 1).admitted);
    EXPECT_TRUE(tell(ended, "b", noon + second));
    EXPECT_EQ(counts().in_use(), 0);
}

TEST_F(live, a_refused_call_that_starts_all_the_same_is_counted) {
    EXPECT_FALSE(admit("a", 0).admitted);
    EXPECT_TRUE(tell(started, "a", noon));
    EXPECT_EQ(counts().in_use(), 1);
    calls.advance(now + 20 * minute);
    EXPECT_EQ(counts().in_use(), 1);
}

TEST_F(live, a_call_of_another_account_is_not_admitted) {
    tell(started, "a", noon);
    auto theirs = event(started, "a", noon);
    theirs.account = 2;
    const auto answer = calls.admit(theirs, std::nullopt, std::nullopt, now);
    EXPECT_TRUE(answer.foreign);
    EXPECT_FALSE(answer.admitted);
    EXPECT_EQ(calls.counts(2).in_use(), 0);
}

// ---- money

TEST_F(live, answered_calls_burn_their_rate) {
    auto a = event(started, "a", noon);
    a.rate = 60'000'000;
    a.currency = currency_code("EUR");
    tell(a);
    ASSERT_TRUE(calls.burns(1).empty() || calls.burns(1).front().per_minute == 0);
    tell(answered, "a", noon + 10 * second);
    ASSERT_EQ(calls.burns(1).size(), 1);
    EXPECT_EQ(currency_text(calls.burns(1).front().currency), "EUR");
    EXPECT_EQ(calls.burns(1).front().spent(noon + 40 * second), 30'000'000);
    tell(ended, "a", noon + minute);
    EXPECT_EQ(calls.burns(1).front().per_minute, 0);
    EXPECT_EQ(calls.burns(1).front().spent(noon + hour), 0);
}

// ---- history

TEST_F(live, the_peak_of_the_day_outlives_its_minutes) {
    tell(started, "a", noon);
    tell(started, "b", noon + second);
    tell(ended, "a", noon + 2 * second);
    EXPECT_EQ(calls.peak_since(1, midnight), 2);
    calls.advance(now = noon + hour);
    EXPECT_EQ(counts().in_use(), 1);
    EXPECT_EQ(calls.peak_since(1, midnight), 2);
    tell(ended, "b", noon + hour);
    calls.advance(now = noon + 13 * hour);
    EXPECT_EQ(calls.peak_since(1, midnight + 24 * hour), 0);
}

TEST_F(live, what_comes_too_late_for_a_minute_counts_from_where_time_is_open) {
    calls.advance(now = noon + 10 * minute); // open from minute 8
    tell(started, "a", noon);
    tell(ended, "a", noon + 9 * minute);
    tell(started, "b", noon);
    tell(ended, "b", noon + minute);
    calls.advance(now = noon + 20 * minute);
    EXPECT_EQ(calls.take_minutes(), (std::vector<live_minute>{{1, noon + 8 * minute, 1, 60'000}}));
}

TEST_F(live, held_history_waits_for_what_was_held_up) {
    tell(started, "a", noon);
    calls.hold_history(noon + 3 * hour + 2 * minute);
    calls.advance(now = noon + 3 * hour);
    EXPECT_TRUE(calls.take_minutes().empty());
    tell(ended, "a", noon + 30 * second);
    calls.advance(now = noon + 4 * hour);
    EXPECT_EQ(calls.take_minutes(), (std::vector<live_minute>{{1, noon, 1, 30'000}}));
}

TEST_F(live, open_minutes_can_be_looked_at) {
    tell(started, "a", noon);
    const std::vector<live_minute> expected = {{1, noon, 1, 60'000}, {1, noon + minute, 1, 15'000, 15'000}};
    EXPECT_EQ(calls.open_minutes(1, noon + 75 * second), expected);
    EXPECT_EQ(calls.open_minutes(1, noon + 75 * second), expected);
    EXPECT_TRUE(calls.open_minutes(7, noon + 75 * second).empty());
}
