#include "integration/contract/watching.hpp"

#include <boost/asio/use_future.hpp>

#include <future>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(watching, watching_test);

template <class T>
T at_any_time(T x) {
    x.as_of = {};
    return x;
}

// ---- snapshot, then what changes ------------------------------------------------------------------------------------

TEST_P(watching, begins_with_a_snapshot_of_each_topic) {
    add_account();
    start("1");
    const auto w = watch_for({watch_topic::channels, watch_topic::live_calls, watch_topic::balance, watch_topic::alerts,
                              watch_topic::summary});
    std::set<watch_topic> seen;
    for (int i = 0; i < 5; ++i) {
        const auto u = next(w);
        EXPECT_EQ(u.kind, watch_kind::snapshot);
        EXPECT_FALSE(u.position.empty());
        EXPECT_EQ(u.at, clock.now());
        EXPECT_EQ(u.channels.has_value(), u.topic == watch_topic::channels);
        EXPECT_EQ(u.live_calls.has_value(), u.topic == watch_topic::live_calls);
        EXPECT_EQ(u.balance.has_value(), u.topic == watch_topic::balance);
        EXPECT_EQ(u.summary.has_value(), u.topic == watch_topic::summary);
        EXPECT_FALSE(u.alert || u.dashboard);
        seen.insert(u.topic);
    }
    EXPECT_EQ(seen.size(), 5U);
}

TEST_P(watching, updates_add_up_to_what_the_operations_say_whatever_happens) {
    add_account();
    random_calls random(7);
    const auto w =
        watch_for({watch_topic::channels, watch_topic::live_calls, watch_topic::balance, watch_topic::summary});
    std::optional<channel_status> channels;
    std::optional<balance> money_left;
    std::vector<live_call> live;
    std::vector<summary_row> rows;
    const auto take = [&] {
        const auto u = next(w);
        u.apply_to(live);
        u.apply_to(rows);
        if (u.channels)
            channels = *u.channels;
        if (u.balance)
            money_left = *u.balance;
    };
    for (int i = 0; i < 4; ++i)
        take();
    for (int i = 0; i < 300; ++i) {
        const auto id = std::to_string(random.number(1, 12));
        const auto kind = static_cast<call_event_kind>(random.number(0, 3));
        const auto when = clock.now() - seconds(random.number(0, 30));
        switch (random.number(0, 9)) {
        case 0: (void)import({charged(random.within({clock.now() - hours(3), clock.now()}), "1.25")}); break;
        case 1: {
            payment_create p;
            p.account = acme;
            p.total = money{5, 0, "EUR"};
            p.status = payment_status::completed;
            (void)lineside().async_create_payment(p, block);
            break;
        }
        case 2:
            clock.advance(minutes(random.number(1, 50)));
            (void)work();
            break;
        default: tell(kind, id, when); break;
        }
        const auto settled = [&] {
            return live == calls() && rows == summary_hours() && channels && money_left &&
                   at_any_time(*channels) == at_any_time(lineside().async_get_channels({acme}, block)) &&
                   at_any_time(*money_left) == at_any_time(lineside().async_get_balance({acme}, block));
        };
        while (!settled())
            take();
    }
}

TEST_P(watching, what_comes_to_the_same_is_no_update) {
    start("1");
    const auto w = watch_for({watch_topic::channels});
    EXPECT_EQ(next(w).channels->in_use, 1U);
    start("1");
    end("another");
    start("2");
    const auto u = next(w);
    EXPECT_EQ(u.kind, watch_kind::change);
    EXPECT_EQ(u.channels->in_use, 2U);
}

TEST_P(watching, a_dashboard_shows_layout_and_checklist_of_whoever_asks) {
    add_account();
    (void)add("robin@acme.example", role::manager);
    const auto robin = sign_in("robin@acme.example");
    watch_request r;
    r.topics = {watch_topic::dashboard};
    const auto w = robin->watch(r);
    auto u = next(w);
    EXPECT_EQ(u.dashboard->layout, robin->async_get_layout({}, block));
    EXPECT_EQ(u.dashboard->checklist, robin->async_get_checklist({}, block));
    auto changed = u.dashboard->layout;
    changed.widgets.resize(1);
    (void)robin->async_set_layout(changed, block);
    u = next(w);
    EXPECT_EQ(u.kind, watch_kind::change);
    EXPECT_EQ(u.dashboard->layout.widgets.size(), 1U);
}

TEST_P(watching, the_clock_alone_moves_the_hours_of_the_summary) {
    (void)import({failed_call("1", clock.now())});
    const auto w = watch_for({watch_topic::summary});
    std::vector<summary_row> rows;
    next(w).apply_to(rows);
    clock.advance(hours(2));
    (void)work();
    const auto u = next(w);
    EXPECT_EQ(u.summary->gone.size(), 2U);
    u.apply_to(rows);
    EXPECT_EQ(rows, summary_hours());
}

// ---- slow and fast readers ------------------------------------------------------------------------------------------

TEST_P(watching, a_slow_reader_of_a_gauge_gets_only_the_newest) {
    const auto w = watch_for({watch_topic::channels});
    start("0");
    EXPECT_EQ(next(w).channels->in_use, 1U);
    for (int i = 1; i < 50; ++i)
        start(std::to_string(i));
    EXPECT_EQ(next(w).channels->in_use, 50U);
    start("50");
    EXPECT_EQ(next(w).channels->in_use, 51U);
}

TEST_P(watching, each_change_of_live_calls_is_told_as_long_as_it_is_kept) {
    start("0");
    const auto w = watch_for({watch_topic::live_calls});
    (void)next(w);
    for (int i = 1; i < 50; ++i)
        start(std::to_string(i));
    for (int i = 1; i < 50; ++i) {
        const auto u = next(w);
        ASSERT_EQ(u.kind, watch_kind::change);
        ASSERT_EQ(u.live_calls->calls.size(), 1U);
        EXPECT_EQ(u.live_calls->calls.front().call_id, std::to_string(i));
    }
}

TEST_P(watching, a_reader_that_fell_too_far_behind_gets_a_snapshot) {
    settings.live.kept_changes = 8;
    start("0");
    const auto w = watch_for({watch_topic::live_calls});
    std::vector<live_call> live;
    next(w).apply_to(live);
    for (int i = 1; i < 50; ++i)
        start(std::to_string(i));
    const auto u = next(w);
    EXPECT_EQ(u.kind, watch_kind::snapshot);
    u.apply_to(live);
    EXPECT_EQ(live, calls());
    start("50");
    EXPECT_EQ(next(w).kind, watch_kind::change);
}

TEST_P(watching, no_topic_waits_for_another_one_to_be_quiet) {
    add_account();
    const auto rule = tested_rule();
    const auto w = watch_for({watch_topic::live_calls, watch_topic::alerts});
    (void)next(w);
    (void)next(w);
    for (int i = 0; i < 20; ++i)
        start(std::to_string(i));
    fire(rule);
    std::set<watch_topic> soon;
    for (int i = 0; i < 3; ++i)
        soon.insert(next(w).topic);
    EXPECT_EQ(soon.size(), 2U);
}

// ---- events ---------------------------------------------------------------------------------------------------------

TEST_P(watching, every_event_is_told_once_however_slow_the_reader) {
    settings.live.kept_changes = 4;
    add_account();
    const auto rule = tested_rule();
    fire(rule);
    const auto w = watch_for({watch_topic::alerts});
    EXPECT_EQ(next(w).kind, watch_kind::snapshot);
    for (int i = 0; i < 25; ++i)
        fire(rule);
    const auto all = history();
    ASSERT_EQ(all.size(), 26U);
    for (std::size_t i = 1; i < all.size(); ++i) {
        const auto u = next(w);
        ASSERT_EQ(u.kind, watch_kind::event);
        EXPECT_EQ(*u.alert, all[i]);
    }
}

TEST_P(watching, events_survive_a_restart_without_loss_or_duplicate_at_every_cut) {
    add_account();
    const auto rule = tested_rule();
    std::vector<std::string> positions;
    {
        const auto w = watch_for({watch_topic::alerts});
        positions.push_back(next(w).position);
        for (int i = 0; i < 5; ++i) {
            fire(rule);
            positions.push_back(next(w).position);
        }
    }
    reopen();
    fire(rule);
    const auto all = history();
    for (std::size_t cut = 0; cut < positions.size(); ++cut) {
        const auto w = watch_for({watch_topic::alerts}, positions[cut]);
        for (std::size_t i = cut; i < all.size(); ++i) {
            const auto u = next(w);
            ASSERT_EQ(u.kind, watch_kind::event) << "cut " << cut;
            EXPECT_EQ(*u.alert, all[i]);
        }
    }
}

TEST_P(watching, an_event_of_what_the_reader_may_not_see_is_passed_over) {
    add_account();
    (void)add("t@acme.example", role::technician);
    const auto secret_rule = make(rule(alert_area::balance, alert_operator::less, -1'000, "Credit"));
    const auto open_rule = tested_rule();
    const auto w = sign_in("t@acme.example")->watch(about({watch_topic::alerts}));
    (void)next(w);
    fire(secret_rule);
    fire(open_rule);
    EXPECT_EQ(next(w).alert->rule, open_rule.id);
}

// ---- going on after a cut -------------------------------------------------------------------------------------------

TEST_P(watching, going_on_at_any_position_loses_nothing_and_repeats_nothing) {
    start("0");
    const auto w = watch_for({watch_topic::live_calls});
    std::vector<watch_update> all{next(w)};
    for (int i = 1; i < 30; ++i) {
        if (i % 3 == 0)
            end(std::to_string(i - 1));
        else
            start(std::to_string(i));
        all.push_back(next(w));
    }
    for (std::size_t cut = 0; cut + 1 < all.size(); ++cut) {
        const auto again = watch_for({watch_topic::live_calls}, all[cut].position);
        for (std::size_t i = cut + 1; i < all.size(); ++i)
            ASSERT_EQ(next(again), all[i]) << "cut " << cut << ", update " << i;
    }
}

TEST_P(watching, the_only_reader_may_be_cut_off_and_come_back) {
    start("0");
    std::vector<live_call> live;
    std::string position;
    {
        const auto w = watch_for({watch_topic::live_calls});
        const auto u = next(w);
        u.apply_to(live);
        position = u.position;
    }
    start("1");
    end("0");
    start("2");
    const auto w = watch_for({watch_topic::live_calls}, position);
    const auto u = next(w);
    EXPECT_EQ(u.kind, watch_kind::change);
    u.apply_to(live);
    EXPECT_EQ(live, calls());
}

TEST_P(watching, after_a_restart_the_state_is_told_anew) {
    start("0");
    std::vector<live_call> live;
    std::string position;
    {
        const auto w = watch_for({watch_topic::live_calls});
        const auto u = next(w);
        u.apply_to(live);
        position = u.position;
    }
    reopen();
    start("1");
    const auto w = watch_for({watch_topic::live_calls}, position);
    next(w).apply_to(live);
    EXPECT_EQ(live, calls());
}

TEST_P(watching, a_position_of_another_engine_or_account_is_a_resync) {
    add_account();
    const account_id other("other");
    start("0");
    tell(call_event_kind::started, "x", clock.now(), other);
    const auto elsewhere = GetParam().open(settings);
    account a;
    a.id = acme;
    (void)elsewhere->get().async_create_account(a, block);
    const auto foreign = next(elsewhere->get().watch(about({watch_topic::live_calls, watch_topic::alerts}))).position;
    const auto w = watch_for({watch_topic::live_calls, watch_topic::alerts}, foreign);
    EXPECT_EQ(next(w).kind, watch_kind::resync);
    EXPECT_EQ(next(w).kind, watch_kind::resync);

    const auto mine = next(watch_for({watch_topic::live_calls})).position;
    auto of_other = about({watch_topic::live_calls}, mine);
    of_other.account = other;
    const auto u = next(lineside().watch(of_other));
    EXPECT_EQ(u.kind, watch_kind::snapshot);
    ASSERT_EQ(u.live_calls->calls.size(), 1U);
    EXPECT_EQ(u.live_calls->calls.front().call_id, "x");
}

TEST_P(watching, what_is_no_position_or_topic_is_refused) {
    add_account();
    const auto field = [&](watch_request r) {
        return failure_of([&] { return next(lineside().watch(std::move(r))); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(field(about({watch_topic::channels}, "no position")), "resume");
    EXPECT_EQ(field(about({})), "topics");
    EXPECT_EQ(field(about({watch_topic::channels, watch_topic::channels})), "topics");
    EXPECT_EQ(field(about({static_cast<watch_topic>(9)})), "topics");
}

// ---- many -----------------------------------------------------------------------------------------------------------

TEST_P(watching, many_readers_in_threads_all_see_the_end) {
    start("0");
    (void)lineside();
    constexpr std::uint32_t last = 40;
    std::vector<std::thread> readers;
    for (int i = 0; i < 6; ++i)
        readers.emplace_back([&, i] {
            const auto w = watch_for({watch_topic::channels, watch_topic::live_calls});
            std::vector<live_call> live;
            std::uint32_t in_use = 0;
            while (in_use < last || live.size() < last) {
                const auto u = i % 2 == 0 ? next(w) : w->async_next(asio::use_future).get();
                u.apply_to(live);
                if (u.channels)
                    in_use = u.channels->in_use;
            }
            EXPECT_EQ(live.size(), last);
        });
    for (std::uint32_t i = 1; i < last; ++i)
        start(std::to_string(i));
    for (auto& r : readers)
        r.join();
}

TEST_P(watching, changes_are_also_found_at_intervals) {
    settings.live.interval = std::chrono::milliseconds(1);
    start("0");
    const auto w = watch_for({watch_topic::live_calls});
    std::vector<live_call> live;
    next(w).apply_to(live);
    for (int i = 1; i < 20; ++i) {
        start(std::to_string(i));
        while (live != calls())
            next(w).apply_to(live);
    }
}

} // namespace
} // namespace lineside::contract
