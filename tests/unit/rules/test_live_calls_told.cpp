// What live calls come to, however they are told: random orders, delays and repetitions against plain counting.

#include "rules/concurrency.hpp"
#include "rules/live_calls.hpp"
#include "unit/rules/live_minutes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t begin_of_time = 20'000LL * 86'400'000 + 23 * hour;

struct span_of_call {
    std::string id;
    std::uint32_t account = 0;
    std::int64_t start = 0;
    std::int64_t end = 0; // beyond the horizon: not told
    bool answered = false;
    std::uint32_t digits = 0;
};

struct told {
    std::int64_t arrives = 0;
    live_event event;
};

constexpr std::int64_t horizon = 15 * minute;

std::vector<span_of_call> random_calls(std::mt19937_64& random) {
    std::vector<span_of_call> calls(random() % 60);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto& c = calls[i];
        c.id = "call-" + std::to_string(i) + std::string(random() % 3 == 0 ? 90 : 0, 'x');
        c.account = static_cast<std::uint32_t>(1 + random() % 3);
        c.start = begin_of_time + static_cast<std::int64_t>(random() % horizon);
        // Many end with a minute, begin with one, or have no length.
        if (random() % 4 == 0)
            c.start = c.start / minute * minute;
        c.end = c.start + (random() % 8 == 0 ? 0 : static_cast<std::int64_t>(random() % (5 * minute)));
        if (random() % 4 == 0)
            c.end = (c.end + minute - 1) / minute * minute;
        c.answered = random() % 2 == 0;
        c.digits = c.answered ? random() % 4 : 0;
    }
    return calls;
}

// Events as they come in: late by less than what may still change a minute, some of them several times.
std::vector<told> random_events(const std::vector<span_of_call>& calls, bool numbered, std::mt19937_64& random) {
    std::vector<told> events;
    for (const auto& c : calls) {
        std::uint64_t sequence = random() % 1'000;
        const auto tell = [&](call_event_kind kind, std::int64_t at) {
            live_event e;
            e.kind = kind;
            e.call_id = c.id;
            e.account = kind == call_event_kind::started ? c.account : 0;
            e.order = {numbered ? ++sequence : event_order::unnumbered, at};
            for (std::uint64_t times = 1 + random() % 3; times > 0; --times)
                events.push_back({at + static_cast<std::int64_t>(random() % (2 * minute)), e});
        };
        tell(call_event_kind::started, c.start);
        if (c.answered)
            tell(call_event_kind::answered, std::min(c.end, c.start + 100));
        for (std::uint32_t i = 0; i < c.digits; ++i)
            tell(call_event_kind::digit, c.start + 200 + i);
        if (c.end < begin_of_time + horizon)
            tell(call_event_kind::ended, c.end);
    }
    std::shuffle(events.begin(), events.end(), random);
    std::stable_sort(events.begin(), events.end(), [](const told& a, const told& b) { return a.arrives < b.arrives; });
    return events;
}

std::vector<live_minute> swept(const std::vector<span_of_call>& calls, std::int64_t until) {
    std::vector<live_minute> all;
    for (std::uint32_t account = 1; account <= 3; ++account) {
        std::vector<live_span> spans;
        for (const auto& c : calls)
            if (c.account == account)
                spans.push_back({c.start, c.end < begin_of_time + horizon ? c.end : until});
        std::vector<live_channels> minutes(static_cast<std::size_t>((until - begin_of_time) / minute));
        concurrency_sweep().run(spans, begin_of_time, minute, minutes);
        for (std::size_t i = 0; i < minutes.size(); ++i)
            if (minutes[i].peak != 0)
                all.push_back({account, begin_of_time + static_cast<std::int64_t>(i) * minute, minutes[i].peak,
                               minutes[i].channel_ms});
    }
    return all;
}

} // namespace

TEST(live_calls_told, history_is_the_sweep_of_the_same_spans_in_whatever_order_they_are_told) {
    for (unsigned seed = 1; seed <= 1'500; ++seed) {
        std::mt19937_64 random(seed);
        const auto calls = random_calls(random);
        live_calls live({.seed = seed});
        live.advance(begin_of_time);
        std::vector<live_minute> minutes;
        std::int64_t open = live.open_since();
        for (const auto& [arrives, event] : random_events(calls, seed % 2 == 0, random)) {
            live.apply(event, arrives);
            for (const auto& m : live.take_minutes()) {
                ASSERT_GE(m.start, open) << "a minute closed twice, seed " << seed;
                minutes.push_back(m);
            }
            open = live.open_since();
        }
        const std::int64_t until = begin_of_time + horizon + 10 * minute;
        live.advance(until + 2 * minute);
        for (const auto& m : live.take_minutes())
            minutes.push_back(m);
        std::stable_sort(minutes.begin(), minutes.end(),
                         [](const live_minute& a, const live_minute& b) { return a.account < b.account; });
        ASSERT_EQ(minutes, swept(calls, until)) << "seed " << seed;
    }
}

TEST(live_calls_told, at_every_moment_those_are_live_that_started_and_did_not_end) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937_64 random(seed);
        const auto calls = random_calls(random);
        live_calls live({.seed = seed});
        live.advance(begin_of_time);
        std::map<std::string, std::tuple<bool, bool, bool, std::uint32_t>> known; // started, answered, ended, account
        for (const auto& [arrives, event] : random_events(calls, seed % 2 == 0, random)) {
            live.apply(std::span(&event, 1), arrives);
            auto& [has_started, has_answered, has_ended, account] = known[std::string(event.call_id)];
            has_started |= event.kind == call_event_kind::started;
            has_answered |= event.kind == call_event_kind::answered;
            has_ended |= event.kind == call_event_kind::ended;
            account = std::max(account, event.account);
            for (std::uint32_t a = 1; a <= 3; ++a) {
                std::uint32_t ringing = 0;
                std::uint32_t answered = 0;
                for (const auto& [id, what] : known)
                    if (const auto& [s, an, en, of] = what; s && !en && of == a)
                        ++(an ? answered : ringing);
                ASSERT_EQ(live.counts(a).ringing, ringing) << "seed " << seed;
                ASSERT_EQ(live.counts(a).answered, answered) << "seed " << seed;
            }
        }
        for (const auto& c : calls)
            live.each_of(c.account, [&](const live_record& r) {
                if (r.call_id() == c.id) {
                    EXPECT_EQ(r.started, c.start);
                    EXPECT_EQ(r.digit_count(), c.digits);
                }
            });
    }
}

TEST(live_calls_told, of_an_identity_used_again_the_newest_start_and_end_decide) {
    for (unsigned seed = 1; seed <= 5'000; ++seed) {
        std::mt19937_64 random(seed);
        live_calls live({.seed = seed});
        const bool numbered = seed % 2 == 0;
        std::int64_t newest_start = -1;
        std::int64_t newest_end = -1;
        std::uint32_t account = 0;
        std::vector<std::int64_t> places(1 + random() % 8);
        for (std::size_t i = 0; i < places.size(); ++i)
            places[i] = static_cast<std::int64_t>(i);
        std::shuffle(places.begin(), places.end(), random);
        for (const std::int64_t place : places) {
            live_event e;
            e.kind = random() % 2 == 0 ? call_event_kind::started : call_event_kind::ended;
            e.call_id = "again";
            e.account = static_cast<std::uint32_t>(1 + random() % 2);
            e.order = numbered ? event_order{static_cast<std::uint64_t>(place), begin_of_time}
                               : event_order{event_order::unnumbered, begin_of_time + place};
            live.apply(e, begin_of_time);
            if (e.kind == call_event_kind::started && place > newest_start) {
                newest_start = place;
                account = e.account;
            } else if (e.kind == call_event_kind::ended) {
                newest_end = std::max(newest_end, place);
            }
            const bool is_live = newest_start > newest_end;
            ASSERT_EQ(live.counts(account).in_use(), is_live ? 1 : 0) << "seed " << seed;
            ASSERT_EQ(live.counts(1).in_use() + live.counts(2).in_use(), is_live ? 1 : 0) << "seed " << seed;
        }
    }
}

TEST(live_calls_told, counts_and_history_agree_after_anything) {
    for (unsigned seed = 1; seed <= 400; ++seed) {
        std::mt19937_64 random(seed);
        live_calls live({.most_calls = 20, .longest_call = 20 * minute, .seed = seed});
        std::int64_t now = begin_of_time;
        std::vector<std::string> ids;
        for (int i = 0; i < 30; ++i)
            ids.push_back("call-" + std::to_string(i));
        for (int step = 0; step < 300; ++step) {
            now += static_cast<std::int64_t>(random() % minute) - (random() % 10 == 0 ? 5 * hour : 0) +
                   (random() % 10 == 0 ? 5 * hour : 0);
            live_event e;
            e.kind = static_cast<call_event_kind>(random() % 4);
            e.call_id = ids[random() % ids.size()];
            e.account = static_cast<std::uint32_t>(random() % 3);
            e.order = {random() % 2 == 0 ? event_order::unnumbered : random() % 20,
                       now - static_cast<std::int64_t>(random() % hour) + static_cast<std::int64_t>(random() % minute)};
            try {
                switch (random() % 8) {
                case 0: {
                    std::vector<listed_call> list;
                    for (std::uint64_t n = random() % 5; n > 0; --n) {
                        e.account = 1;
                        e.call_id = ids[random() % ids.size()];
                        list.push_back({e, absent, 0});
                    }
                    live.apply_snapshot(0, 1, e.order.at, list, now);
                    break;
                }
                case 1:
                    e.account = 1;
                    live.admit(e, random() % 5, random() % 2 == 0 ? std::optional(e.order.at) : std::nullopt, now);
                    break;
                default: live.apply(e, now);
                }
            } catch (const error& full) {
                ASSERT_EQ(full.code(), errc::exhausted);
            }
            // The state and the balance of the history are two ways to the same number.
            const auto kept = live.keep();
            for (std::uint32_t a = 1; a < 3; ++a) {
                std::int64_t balance = 0;
                for (const auto& k : kept.accounts)
                    if (k.account == a) {
                        live_history history;
                        history.restore(k.base, k.changes);
                        balance = history.balance();
                    }
                std::uint32_t in_use = 0;
                std::uint32_t ghosts = 0;
                live.each_of(a, [&](const live_record& r) { ++(r.stage == live_stage::ghost ? ghosts : in_use); });
                ASSERT_EQ(live.counts(a).in_use(), in_use) << "seed " << seed << " step " << step;
                ASSERT_EQ(live.counts(a).ghosts, ghosts) << "seed " << seed << " step " << step;
                ASSERT_EQ(balance, in_use) << "seed " << seed << " step " << step;
            }
        }
    }
}
