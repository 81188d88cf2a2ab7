#include "rules/live_changes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

instant at(std::int64_t s) { return instant(std::chrono::seconds(s)); }

live_call call(std::string id, std::int64_t start) {
    live_call c;
    c.source = "s";
    c.call_id = std::move(id);
    c.started_at = at(start);
    return c;
}

summary_row row(std::int64_t start, std::uint64_t attempts) {
    summary_row r;
    r.start = at(start);
    r.attempts = attempts;
    return r;
}

TEST(live_changes, name_what_is_new_changed_and_over) {
    const std::vector before{call("a", 1), call("b", 2), call("c", 3)};
    auto b = call("b", 2);
    b.state = live_call_state::answered;
    const std::vector after{call("a", 1), b, call("d", 4)};
    const auto changes = changes_between(before, after);
    EXPECT_EQ(changes.calls, (std::vector{b, call("d", 4)}));
    EXPECT_EQ(changes.ended, (std::vector<live_call_key>{{"s", "c", ""}}));
}

TEST(live_changes, are_none_between_the_same) {
    const std::vector calls{call("a", 1), call("b", 2)};
    EXPECT_EQ(changes_between(calls, calls), live_call_changes());
    const std::vector rows{row(1, 1), row(2, 2)};
    EXPECT_EQ(changes_between(rows, rows), summary_changes());
}

TEST(live_changes, tell_a_branch_and_a_source_from_another) {
    auto branch = call("a", 1);
    branch.branch = "1";
    auto source = call("a", 1);
    source.source = "t";
    const std::vector before{call("a", 1)};
    const std::vector after{branch, source};
    const auto changes = changes_between(before, after);
    EXPECT_EQ(changes.calls.size(), 2U);
    EXPECT_EQ(changes.ended, (std::vector<live_call_key>{{"s", "a", ""}}));
}

TEST(live_changes, of_rows_follow_the_range) {
    const std::vector before{row(1, 1), row(2, 2), row(3, 3)};
    const std::vector after{row(2, 2), row(3, 4), row(4, 0)};
    const auto changes = changes_between(before, after);
    EXPECT_EQ(changes.rows, (std::vector{row(3, 4), row(4, 0)}));
    EXPECT_EQ(changes.gone, std::vector{at(1)});
}

TEST(live_changes, lead_from_any_list_to_any_other_when_applied) {
    std::mt19937 random(3);
    const auto some_calls = [&] {
        std::vector<live_call> calls;
        for (int i = 0; i < 12; ++i)
            if (random() % 2 == 0)
                calls.push_back(call(std::to_string(i), random() % 3));
        std::sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) {
            return std::tie(a.started_at, a.call_id) < std::tie(b.started_at, b.call_id);
        });
        return calls;
    };
    const auto some_rows = [&] {
        std::vector<summary_row> rows;
        for (int i = 0; i < 12; ++i)
            if (random() % 2 == 0)
                rows.push_back(row(i, random() % 3));
        return rows;
    };
    auto calls = some_calls();
    auto rows = some_rows();
    for (int i = 0; i < 500; ++i) {
        const auto next_calls = some_calls();
        const auto next_rows = some_rows();
        watch_update u;
        u.kind = watch_kind::change;
        u.live_calls = changes_between(calls, next_calls);
        u.summary = changes_between(rows, next_rows);
        u.apply_to(calls);
        u.apply_to(rows);
        ASSERT_EQ(calls, next_calls);
        ASSERT_EQ(rows, next_rows);
    }
}

TEST(live_changes, a_snapshot_or_resync_replaces_what_was_there) {
    for (const auto kind : {watch_kind::snapshot, watch_kind::resync}) {
        std::vector<live_call> calls{call("old", 1)};
        std::vector<summary_row> rows{row(1, 1)};
        watch_update u;
        u.kind = kind;
        u.live_calls = live_call_changes{{call("b", 2), call("a", 1)}, {}, false};
        u.summary = summary_changes{{row(5, 5)}, {}};
        u.apply_to(calls);
        u.apply_to(rows);
        EXPECT_EQ(calls, (std::vector{call("a", 1), call("b", 2)}));
        EXPECT_EQ(rows, std::vector{row(5, 5)});
    }
}

TEST(live_changes, an_update_of_another_topic_changes_nothing) {
    std::vector<live_call> calls{call("a", 1)};
    std::vector<summary_row> rows{row(1, 1)};
    watch_update u;
    u.channels = channel_status();
    u.apply_to(calls);
    u.apply_to(rows);
    EXPECT_EQ(calls.size(), 1U);
    EXPECT_EQ(rows.size(), 1U);
}

} // namespace
