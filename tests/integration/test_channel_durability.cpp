// A process that is killed forgets no live call it acknowledged, and none that ended comes back.

#include <lineside/engine.hpp>

#include "helpers/import_helper.hpp"
#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

namespace lineside {
namespace {

engine_options options_of(const std::string& database) {
    engine_options o;
    o.database = database;
    o.clock = [] { return test::helper_now; };
    return o;
}

// All that is live, and the counts of both accounts.
struct picture {
    std::vector<live_call> calls;
    std::vector<channel_status> counts;
    bool operator==(const picture&) const = default;
};

picture picture_of(portal& p) {
    picture all;
    for (const auto* id : {"acme", "beta"}) {
        live_call_query q;
        q.account = account_id(id);
        q.filter = live_call_filter::all;
        q.limit = 5'000;
        do {
            const auto page = p.async_list_live_calls(q, block);
            all.calls.insert(all.calls.end(), page.items.begin(), page.items.end());
            q.cursor = page.next;
        } while (!q.cursor.empty());
        all.counts.push_back(p.async_get_channels({account_id(id)}, block));
    }
    return all;
}

// The same, told to an engine that nobody disturbs.
class undisturbed {
public:
    explicit undisturbed(std::size_t events) : events_(events) {}
    picture after(std::size_t batches) {
        for (; told_ < batches; ++told_)
            (void)engine_.async_report_call_events({test::helper_events(told_, events_)}, block);
        return picture_of(engine_);
    }

private:
    std::size_t events_;
    std::size_t told_ = 0;
    engine engine_{options_of("sqlite::memory:")};
};

} // namespace

TEST(channel_durability, a_kill_anywhere_leaves_what_was_acknowledged) {
    // Large batches: the log is replaced by a checkpoint again and again.
    constexpr std::size_t events = 4'000;
    constexpr std::size_t last = 120;
    const test::scratch_dir dir;
    undisturbed whole(events);
    std::mt19937_64 random(5);
    std::size_t first = 0;
    while (first < last) {
        test::child_process child({LINESIDE_IMPORT_HELPER, "live", dir.database(), std::to_string(first),
                                   std::to_string(last), std::to_string(events)});
        std::size_t acknowledged = first;
        const std::size_t until = std::min(last, first + 1 + random() % 30);
        while (acknowledged < until && child.read_byte() == 'a')
            ++acknowledged;
        ASSERT_EQ(acknowledged, until);
        child.kill();
        (void)child.wait();
        // What else it wrote to us before it died was acknowledged too.
        acknowledged += child.read_rest().size();

        engine e(options_of(dir.database()));
        const auto found = picture_of(e);
        const auto expected = whole.after(acknowledged);
        if (found == expected) {
            first = acknowledged;
            continue;
        }
        // The batch after may have been kept and not yet acknowledged.
        ASSERT_LT(acknowledged, last);
        ASSERT_EQ(found, whole.after(acknowledged + 1)) << "after " << acknowledged;
        first = acknowledged + 1;
    }
}

TEST(channel_durability, what_was_told_before_a_kill_may_be_told_again) {
    constexpr std::size_t events = 200;
    const test::scratch_dir dir;
    {
        test::child_process child({LINESIDE_IMPORT_HELPER, "live", dir.database(), "0", "10", "200"});
        EXPECT_EQ(child.read_rest(), "aaaaaaaaaa");
        child.kill();
        (void)child.wait();
    }
    engine e(options_of(dir.database()));
    const auto before = picture_of(e);
    for (std::size_t batch = 0; batch < 10; ++batch)
        EXPECT_EQ(e.async_report_call_events({test::helper_events(batch, events)}, block).applied, 0) << batch;
    EXPECT_EQ(picture_of(e), before);
}

TEST(channel_durability, admissions_and_snapshots_outlive_the_engine) {
    const test::scratch_dir dir;
    account a;
    a.id = account_id("acme");
    a.channel_limit = 2;
    admission_request ask;
    ask.account = a.id;
    ask.source = "switch";
    std::vector<bool> answers;
    {
        engine e(options_of(dir.database()));
        (void)e.async_create_account(a, block);
        for (const auto* id : {"a", "b", "c"}) {
            ask.call_id = id;
            answers.push_back(e.async_admit_call(ask, block).admitted);
        }
        live_snapshot s;
        s.source = "switch";
        s.at = test::helper_now + std::chrono::minutes(1);
        s.calls.resize(1);
        s.calls.front().account = a.id;
        s.calls.front().call_id = "a";
        EXPECT_EQ(e.async_report_live_calls(s, block).vanished, 1);
    }
    EXPECT_EQ(answers, (std::vector<bool>{true, true, false}));
    engine e(options_of(dir.database()));
    const auto status = e.async_get_channels({a.id}, block);
    EXPECT_EQ(status.in_use, 1);
    EXPECT_EQ(status.ghosts, 1);
    ask.call_id = "c";
    EXPECT_FALSE(e.async_admit_call(ask, block).admitted);
    ask.call_id = "d";
    EXPECT_TRUE(e.async_admit_call(ask, block).admitted);
}

TEST(channel_durability, more_live_calls_than_are_kept_are_refused_as_a_batch) {
    const test::scratch_dir dir;
    const auto bounded = [&](std::size_t calls) {
        auto options = options_of(dir.database());
        options.channels.most_live_calls = calls;
        return options;
    };
    {
        engine e(bounded(100));
        (void)e.async_report_call_events({test::helper_events(0, 200)}, block);
        try {
            (void)e.async_report_call_events({test::helper_events(1, 200)}, block);
            FAIL();
        } catch (const error& full) {
            EXPECT_EQ(full.code(), errc::exhausted);
        }
        EXPECT_EQ(picture_of(e).calls.size(), 100);
    }
    // A bound that was lowered keeps what is there.
    engine e(bounded(10));
    EXPECT_EQ(picture_of(e).calls.size(), 100);
}

TEST(channel_durability, who_reports_and_who_asks_do_so_side_by_side) {
    const test::scratch_dir dir;
    engine e(options_of(dir.database()));
    constexpr std::size_t events = 100;
    (void)e.async_report_call_events({test::helper_events(0, events)}, block);
    std::thread asks([&] {
        for (int i = 0; i < 200; ++i) {
            const auto c = e.async_get_channels({account_id("acme")}, block);
            EXPECT_EQ(c.in_use, c.ringing + c.answered);
            series_query q;
            q.account = account_id("acme");
            q.metric = metric::live_channels;
            q.range = {test::helper_now - std::chrono::hours(1), test::helper_now};
            EXPECT_EQ(e.async_query_series(q, block).value.size(), 1);
        }
    });
    for (std::size_t batch = 1; batch < 100; ++batch)
        (void)e.async_report_call_events({test::helper_events(batch, events)}, block);
    asks.join();
    undisturbed whole(events);
    EXPECT_EQ(picture_of(e), whole.after(100));
}

} // namespace lineside
