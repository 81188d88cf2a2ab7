#include <lineside/error.hpp>

#include "portal/engine/live/live_log.hpp"
#include "unit/rules/live_minutes.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

constexpr std::int64_t noon = 1'772'366'400'000;
constexpr std::int64_t day = noon - noon % 86'400'000;

live_event some_event(std::mt19937_64& random, const std::string& id) {
    live_event e;
    e.kind = static_cast<call_event_kind>(random() % 4);
    e.direction = static_cast<call_direction>(random() % 4);
    e.source = static_cast<std::uint32_t>(random() % 2);
    e.account = static_cast<std::uint32_t>(random() % 3);
    e.call_id = id;
    e.branch = random() % 3 == 0 ? "branch" : "";
    e.cli = random() % 2 == 0 ? "+442071838750" : "";
    e.destination = random() % 2 == 0 ? "+4930901820" : "";
    e.order = {random() % 2 == 0 ? event_order::unnumbered : random() % 100,
               noon + static_cast<std::int64_t>(random() % 600'000) - 300'000};
    if (random() % 2 == 0) {
        e.rate = static_cast<std::int64_t>(random() % 1'000'000'000);
        e.currency = currency_code("EUR");
    }
    return e;
}

bool same(const live_event& a, const live_event& b) {
    return a.kind == b.kind && a.direction == b.direction && a.source == b.source && a.account == b.account &&
           a.call_id == b.call_id && a.branch == b.branch && a.cli == b.cli && a.destination == b.destination &&
           a.order == b.order && a.rate == b.rate && (a.rate == absent || a.currency == b.currency);
}

std::vector<std::string> ids(std::size_t n) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < n; ++i)
        all.push_back("call-" + std::to_string(i) + std::string(i % 7 == 0 ? 100 : 0, 'x'));
    return all;
}

} // namespace

TEST(live_log, what_is_written_is_read_again) {
    const auto names = ids(50);
    for (unsigned seed = 1; seed <= 200; ++seed) {
        std::mt19937_64 random(seed);
        live_entry e;
        e.what = static_cast<live_entry::kind>(random() % 3);
        e.now = noon + static_cast<std::int64_t>(random() % 1'000);
        e.hold_until = random() % 2 == 0 ? absent : noon + 5;
        e.sources = {"switch-a"};
        if (e.what != live_entry::kind::snapshot)
            e.sources.push_back("switch-b");
        const std::size_t n = e.what == live_entry::kind::admission ? 1 : random() % 20;
        for (std::size_t i = 0; i < n; ++i) {
            auto event = some_event(random, names[random() % names.size()]);
            if (e.what == live_entry::kind::snapshot) {
                event.source = 0;
                e.calls.push_back({event, random() % 2 == 0 ? absent : noon, static_cast<std::uint32_t>(random() % 5)});
            } else {
                e.events.push_back(event);
            }
        }
        e.admitted = e.what == live_entry::kind::admission && random() % 2 == 0;
        e.stated = e.what == live_entry::kind::admission && random() % 2 == 0 ? noon + 9 : absent;
        e.account = e.what == live_entry::kind::snapshot ? 7 : 0;
        e.at = e.what == live_entry::kind::snapshot ? noon - 3 : 0;

        std::string bytes;
        encode_live_entry(e, bytes);
        const auto read = decode_live_entry(bytes);
        EXPECT_EQ(read.what, e.what);
        EXPECT_EQ(read.now, e.now);
        EXPECT_EQ(read.hold_until, e.hold_until);
        EXPECT_EQ(read.sources, e.sources);
        EXPECT_EQ(read.admitted, e.admitted);
        EXPECT_EQ(read.stated, e.stated);
        EXPECT_EQ(read.account, e.account);
        EXPECT_EQ(read.at, e.at);
        ASSERT_EQ(read.events.size(), e.events.size());
        for (std::size_t i = 0; i < e.events.size(); ++i)
            EXPECT_TRUE(same(read.events[i], e.events[i])) << "seed " << seed << " event " << i;
        ASSERT_EQ(read.calls.size(), e.calls.size());
        for (std::size_t i = 0; i < e.calls.size(); ++i) {
            EXPECT_TRUE(same(read.calls[i].call, e.calls[i].call));
            EXPECT_EQ(read.calls[i].answered, e.calls[i].answered);
            EXPECT_EQ(read.calls[i].digits, e.calls[i].digits);
        }
        // No piece of it is taken for a whole.
        for (std::size_t cut = random() % 10; cut < bytes.size(); cut += 1 + random() % 40)
            EXPECT_THROW((void)decode_live_entry(std::string_view(bytes).substr(0, cut)), error) << "seed " << seed;
    }
}

TEST(live_log, a_checkpoint_goes_on_as_what_it_was_made_of) {
    const auto names = ids(60);
    const std::vector<std::string> sources = {"a", "b"};
    for (unsigned seed = 1; seed <= 100; ++seed) {
        std::mt19937_64 random(seed);
        live_calls original({.longest_call = 3'600'000, .seed = 1});
        std::int64_t now = noon - 300'000;
        const auto tell = [&](std::vector<live_calls*> sets, int events) {
            for (int i = 0; i < events; ++i) {
                now += static_cast<std::int64_t>(random() % 20'000);
                auto e = some_event(random, names[random() % names.size()]);
                e.order.at += now - noon;
                const bool asks = random() % 10 == 0;
                const bool lists = random() % 20 == 0;
                std::vector<bool> answers;
                for (auto* set : sets) {
                    if (asks && e.account != 0) {
                        answers.push_back(set->admit(e, 3, std::nullopt, now).admitted);
                    } else if (lists) {
                        auto c = e;
                        c.account = 1;
                        c.source = 0;
                        const std::vector<listed_call> list = {{c, absent, 2}};
                        answers.push_back(set->apply_snapshot(0, 0, now, list, now).added != 0);
                    } else {
                        answers.push_back(set->apply(e, now));
                    }
                    ASSERT_EQ(answers.back(), answers.front());
                }
            }
        };
        tell({&original}, 300);
        (void)original.take_minutes();
        const auto parts = encode_live_checkpoint(original, sources, now);
        live_calls restored({.longest_call = 3'600'000, .seed = 2});
        for (const auto& part : parts) {
            auto e = decode_live_entry(part);
            if (e.what == live_entry::kind::checkpoint) {
                EXPECT_EQ(e.sources, (std::vector<std::string_view>{"a", "b"}));
                restored.restore(std::move(e.state));
            }
            for (const auto& c : e.kept_calls)
                restored.restore(c);
        }
        ASSERT_EQ(encode_live_checkpoint(restored, sources, now), parts) << "seed " << seed;
        tell({&original, &restored}, 300);
        for (std::uint32_t a = 1; a < 3; ++a) {
            EXPECT_EQ(restored.counts(a).in_use(), original.counts(a).in_use()) << "seed " << seed;
            EXPECT_EQ(restored.counts(a).ghosts, original.counts(a).ghosts) << "seed " << seed;
            EXPECT_EQ(restored.peak_since(a, day), original.peak_since(a, day)) << "seed " << seed;
        }
        EXPECT_EQ(restored.take_minutes(), original.take_minutes()) << "seed " << seed;
    }
}

TEST(live_log, a_large_checkpoint_is_in_parts) {
    live_calls calls({.seed = 1});
    for (const auto& id : ids(5'000)) {
        live_event e;
        e.account = 1;
        e.call_id = id;
        e.order.at = noon;
        calls.apply(e, noon);
    }
    const auto parts = encode_live_checkpoint(calls, {"a"}, noon);
    EXPECT_GT(parts.size(), 3);
    std::size_t kept = 0;
    for (const auto& part : parts) {
        EXPECT_LT(part.size(), 110'000);
        kept += decode_live_entry(part).kept_calls.size();
    }
    EXPECT_EQ(kept, 5'000);
}

TEST(live_log, a_day_of_minutes_is_kept_exactly) {
    std::mt19937_64 random(3);
    std::vector<live_minute> minutes;
    for (std::int64_t i = 0; i < 1'440; ++i)
        if (random() % 3 != 0) {
            const auto peak = static_cast<std::uint32_t>(1 + random() % 1'000);
            minutes.push_back({4, day + i * 60'000, peak, random() % (peak * 60'000ULL + 1)});
        }
    std::string bytes;
    encode_live_day(minutes, day, bytes);
    std::vector<live_minute> read;
    decode_live_day(bytes, 4, day, read);
    EXPECT_EQ(read, minutes);
    for (std::size_t cut = 1; cut < 20; ++cut) {
        read.clear();
        try {
            decode_live_day(std::string_view(bytes).substr(0, bytes.size() - cut), 4, day, read);
            EXPECT_LT(read.size(), minutes.size()); // a whole number of minutes was left
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::storage);
        }
    }
}
