#include "integration/contract/contract.hpp"

#include <algorithm>
#include <set>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(query_calls);

const instant noon = at("2026-03-10T12:00:00Z");

std::string name_of(const call& c) { return c.source + "/" + c.call_id + "/" + c.branch; }

// What a query selects, by the words of its definition.
std::vector<call> select(const std::vector<call>& calls, const call_query& q) {
    std::vector<call> selected;
    std::copy_if(calls.begin(), calls.end(), std::back_inserter(selected), [&](const call& c) {
        if (!(q.range == time_range{}) && !q.range.contains(c.start_time))
            return false;
        if (q.filter != call_filter::all && c.answered() != (q.filter == call_filter::answered))
            return false;
        return c.cli.find(q.number) != std::string::npos || c.destination.find(q.number) != std::string::npos;
    });
    return selected;
}

std::vector<call> read_pages(portal& p, call_query q) {
    std::vector<call> calls;
    do {
        const auto page = p.async_query_calls(q, block);
        EXPECT_LE(page.items.size(), q.limit);
        EXPECT_TRUE(page.items.size() == q.limit || page.is_last());
        EXPECT_FALSE(page.items.empty() && !q.cursor.empty()) << "a cursor leads to at least one more call";
        calls.insert(calls.end(), page.items.begin(), page.items.end());
        q.cursor = page.next;
    } while (!q.cursor.empty());
    return calls;
}

void expect_same_calls(std::vector<call> got, std::vector<call> wanted, call_order order) {
    EXPECT_TRUE(std::is_sorted(got.begin(), got.end(), [&](const call& a, const call& b) {
        return order == call_order::oldest_first ? a.start_time < b.start_time : a.start_time > b.start_time;
    }));
    const auto by_name = [](const call& a, const call& b) { return name_of(a) < name_of(b); };
    std::sort(got.begin(), got.end(), by_name);
    std::sort(wanted.begin(), wanted.end(), by_name);
    EXPECT_EQ(got, wanted);
}

TEST_P(query_calls, pages_are_complete_whatever_the_query) {
    random_calls random(1);
    auto calls = random.within({noon - days(6), noon}, 1'500);
    (void)import({calls.begin(), calls.begin() + 1'000});
    (void)import({calls.begin() + 1'000, calls.end()}); // some of them wait in the journal
    (void)import(random.within({noon - days(6), noon}, 200, account_id("other")));
    for (int round = 0; round < 60; ++round) {
        call_query q;
        q.account = acme;
        if (!random.chance(3)) {
            q.range.from = noon - days(6) + duration(random.number(-3'600'000, 500'000'000));
            q.range.to = q.range.from + duration(random.number(1, 300'000'000));
        }
        q.filter = static_cast<call_filter>(random.number(0, 2));
        if (random.chance(2))
            q.number = random.chance(4) ? "bob" : std::to_string(random.number(0, 300));
        q.order = static_cast<call_order>(random.number(0, 1));
        constexpr std::uint32_t limits[] = {1, 3, 50, 1'000, 5'000};
        q.limit = limits[random.number(round < 50 ? 2 : 0, 4)];
        SCOPED_TRACE(testing::Message() << round << ": " << to_string(q.range.from) << " to " << to_string(q.range.to)
                                        << " '" << q.number << "' limit " << q.limit);
        expect_same_calls(read_pages(lineside(), q), select(calls, q), q.order);
    }
}

TEST_P(query_calls, both_orders_are_each_others_reverse) {
    random_calls random(2);
    (void)import(random.within({noon - days(2), noon}, 400));
    call_query q;
    q.account = acme;
    q.limit = 37;
    auto oldest = read_pages(lineside(), q);
    q.order = call_order::newest_first;
    const auto newest = read_pages(lineside(), q);
    std::reverse(oldest.begin(), oldest.end());
    EXPECT_EQ(oldest, newest);
}

TEST_P(query_calls, a_range_is_half_open) {
    (void)import({failed_call("1", noon), failed_call("2", noon + minutes(1) - duration(1)),
                  failed_call("3", noon + minutes(1))});
    call_query q;
    q.account = acme;
    q.range = {noon, noon + minutes(1)};
    EXPECT_EQ(read_pages(lineside(), q).size(), 2U);
    q.range = {noon + duration(1), noon + minutes(1) + duration(1)};
    EXPECT_EQ(read_pages(lineside(), q).size(), 2U);
}

TEST_P(query_calls, without_a_range_it_is_all_there_are_and_an_empty_one_is_refused) {
    (void)import({failed_call("1", noon)});
    call_query q;
    q.account = acme;
    EXPECT_EQ(lineside().async_query_calls(q, block).items.size(), 1U);
    for (const time_range empty : {time_range{noon, noon}, time_range{noon + hours(5), noon + hours(4)}}) {
        q.range = empty;
        EXPECT_EQ(failure_of([&] { return lineside().async_query_calls(q, block); }, errc::invalid_argument).field,
                  "range");
    }
}

TEST_P(query_calls, many_calls_of_one_millisecond_are_neither_repeated_nor_skipped) {
    std::vector<call> calls;
    for (int i = 0; i < 300; ++i)
        calls.push_back(failed_call("same-" + std::to_string(i), noon + duration(i % 2)));
    (void)import({calls.begin(), calls.begin() + 150});
    (void)import({calls.begin() + 150, calls.end()});
    for (const auto order : {call_order::oldest_first, call_order::newest_first}) {
        for (const std::uint32_t limit : {1U, 7U, 150U, 299U, 300U, 301U}) {
            call_query q;
            q.account = acme;
            q.order = order;
            q.limit = limit;
            expect_same_calls(read_pages(lineside(), q), calls, order);
        }
    }
}

TEST_P(query_calls, a_cursor_stays_good_while_calls_are_added) {
    settings.storage.journal_calls = 64;
    random_calls random(3);
    const auto before = random.within({noon - days(3), noon}, 300);
    (void)import(before);
    for (const auto order : {call_order::oldest_first, call_order::newest_first}) {
        call_query q;
        q.account = acme;
        q.order = order;
        q.limit = 11;
        std::multiset<std::string> seen;
        do {
            const auto page = lineside().async_query_calls(q, block);
            for (const auto& c : page.items)
                seen.insert(name_of(c));
            q.cursor = page.next;
            (void)import(random.within({noon - days(3), noon}, 3));
        } while (!q.cursor.empty());
        for (const auto& c : before)
            EXPECT_EQ(seen.count(name_of(c)), 1U) << name_of(c);
    }
}

TEST_P(query_calls, a_cursor_outlives_the_portal) {
    random_calls random(4);
    const auto calls = random.within({noon - days(2), noon}, 100);
    (void)import(calls);
    call_query q;
    q.account = acme;
    q.limit = 40;
    auto read = lineside().async_query_calls(q, block);
    reopen();
    q.cursor = read.next;
    q.limit = 5'000;
    const auto rest = lineside().async_query_calls(q, block);
    auto both = read.items;
    both.insert(both.end(), rest.items.begin(), rest.items.end());
    expect_same_calls(both, calls, call_order::oldest_first);
}

TEST_P(query_calls, a_cursor_of_another_query_or_of_nobody_is_refused) {
    random_calls random(5);
    (void)import(random.within({noon - days(1), noon}, 10));
    call_query q;
    q.account = acme;
    q.limit = 2;
    const auto good = lineside().async_query_calls(q, block).next;
    std::vector<std::string> bad{"x", "a", good + "0", good.substr(1), std::string(33, 'a'), std::string(33, '0')};
    for (std::size_t i = 1; i < good.size(); i += 5) {
        bad.push_back(good);
        bad.back()[i] = good[i] == 'G' ? 'H' : 'G';
        bad.push_back(good);
        bad.back()[i] = '.';
    }
    for (const auto& cursor : bad) {
        q.cursor = cursor;
        EXPECT_EQ(failure_of([&] { return lineside().async_query_calls(q, block); }, errc::invalid_argument).field,
                  "cursor")
            << cursor;
    }
    q.cursor = good;
    q.order = call_order::newest_first;
    EXPECT_EQ(failure_of([&] { return lineside().async_query_calls(q, block); }, errc::invalid_argument).field,
              "cursor");
    // A position is none that was not handed out, however well it is made.
    for (const auto order : {call_order::oldest_first, call_order::newest_first}) {
        q.order = order;
        const std::string first = order == call_order::oldest_first ? "a" : "d";
        for (const auto* start : {"0000000000000000", "ffffffffffffffff", "7fffffffffffffff", "8000000000000000"}) {
            q.cursor = first + start + std::string(16, '0');
            EXPECT_EQ(failure_of([&] { return lineside().async_query_calls(q, block); }, errc::invalid_argument).field,
                      "cursor");
        }
    }
}

TEST_P(query_calls, a_range_may_reach_as_far_as_it_likes) {
    random_calls random(7);
    (void)import(random.within({noon - days(3), noon}, 50));
    for (const auto range : {time_range{instant::min(), instant::max()}, time_range{instant::min(), noon},
                             time_range{noon - days(3), instant::max()}}) {
        for (const auto order : {call_order::oldest_first, call_order::newest_first}) {
            call_query q;
            q.account = acme;
            q.range = range;
            q.order = order;
            EXPECT_EQ(lineside().async_query_calls(q, block).items.size(), 50U);
        }
    }
}

TEST_P(query_calls, a_page_has_1_to_5000_calls) {
    (void)import({failed_call("1", noon)});
    for (const std::uint32_t limit : {0U, 5'001U}) {
        call_query q;
        q.account = acme;
        q.limit = limit;
        EXPECT_EQ(failure_of([&] { return lineside().async_query_calls(q, block); }, errc::invalid_argument).field,
                  "limit");
    }
}

TEST_P(query_calls, corrected_calls_are_listed_once_as_they_are_now) {
    random_calls random(6);
    auto calls = random.within({noon - days(4), noon}, 400);
    (void)import(calls);
    for (int round = 0; round < 30; ++round) {
        std::vector<call> batch;
        for (int i = 0; i < 5; ++i) {
            auto& c = calls[static_cast<std::size_t>(random.number(0, 399))];
            const auto by = duration(random.number(-100'000'000, 100'000'000)); // to another day, mostly
            c.start_time += by;
            for (auto* t : {&c.answer_time, &c.end_time})
                if (*t)
                    **t += by;
            c.hangup_cause = "corrected " + std::to_string(round);
            batch.push_back(c);
        }
        (void)import(batch);
    }
    call_query q;
    q.account = acme;
    q.limit = 100;
    expect_same_calls(read_pages(lineside(), q), calls, q.order);
}

} // namespace
} // namespace lineside::contract
