#include "model/call_view.hpp"
#include "rules/rollup.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

call_facts answered(std::int64_t start, std::int64_t end, std::int64_t talk) {
    call_facts c;
    c.start = start;
    c.end = end;
    c.talk = talk;
    c.billed = c.pdd = c.charge = c.dtmf_digits = absent;
    c.outcome = call_outcome::answered;
    return c;
}

call_facts failed(std::int64_t start, call_outcome outcome) {
    call_facts c = answered(start, start, 0);
    c.outcome = outcome;
    return c;
}

cell rolled(const std::vector<call_facts>& calls, const std::vector<live_span>& carried = {}) {
    std::vector<cell> out(1);
    roller().run(calls, carried, 0, 60'000, out);
    return out.front();
}

// One question at a time, one call at a time.
cell counted(const std::vector<call_facts>& calls, const std::vector<live_span>& carried, std::int64_t from,
             std::int64_t to) {
    cell c;
    std::vector<live_span> spans = carried;
    std::map<std::int64_t, std::uint64_t> seconds;
    for (const call_facts& x : calls) {
        if (x.end != absent)
            spans.push_back({x.start, x.end});
        if (x.start < from || x.start >= to)
            continue;
        c.cps_peak = std::max(c.cps_peak, ++seconds[x.start < 0 ? (x.start - 999) / 1'000 : x.start / 1'000]);
        if (x.end == absent) {
            ++c.open_calls;
            continue;
        }
        ++c.attempts;
        switch (x.outcome) {
        case call_outcome::answered:
            ++c.answered;
            c.talk_ms += static_cast<std::uint64_t>(x.talk);
            if (x.dtmf_digits != absent) {
                ++c.dtmf_reported;
                c.dtmf_digits += static_cast<std::uint64_t>(x.dtmf_digits);
                if (x.dtmf_digits > 0)
                    ++c.dtmf_calls;
            }
            [[fallthrough]];
        case call_outcome::busy:
        case call_outcome::no_answer:
        case call_outcome::rejected:
        case call_outcome::abandoned: ++c.effective; break;
        default: break;
        }
        if (!x.attempts_known)
            ++c.uncovered;
        if (x.billed != absent) {
            ++c.billed_reported;
            c.billed_ms += static_cast<std::uint64_t>(x.billed);
        }
        if (x.pdd != absent) {
            ++c.pdd_reported;
            c.pdd_ms += static_cast<std::uint64_t>(x.pdd);
        }
        if (x.charge != absent) {
            ++c.charge_reported;
            c.charge += x.charge;
        }
    }
    std::map<std::int64_t, std::int64_t> steps;
    for (const live_span& s : spans) {
        const std::int64_t begin = std::max(s.start, from);
        const std::int64_t end = std::min(s.end, to);
        if (begin >= end)
            continue;
        c.live_ms += static_cast<std::uint64_t>(end - begin);
        ++steps[begin];
        --steps[end];
    }
    std::int64_t live = 0;
    for (const auto& [time, step] : steps)
        c.live_peak = std::max(c.live_peak, static_cast<std::uint64_t>(live += step));
    return c;
}

std::int64_t maybe(std::mt19937_64& random, std::uint64_t below) {
    return random() % 3 == 0 ? absent : static_cast<std::int64_t>(random() % below);
}

} // namespace

TEST(rollup, a_call_counts_where_it_starts_with_all_its_talk) {
    std::vector<cell> out(2);
    roller().run(std::vector{answered(59'999, 200'000, 90'000)}, {}, 0, 60'000, out);
    EXPECT_EQ(out[0].answered, 1U);
    EXPECT_EQ(out[0].talk_ms, 90'000U);
    EXPECT_EQ(out[1].attempts, 0U);
    EXPECT_EQ(out[1].live_peak, 1U);
    EXPECT_EQ(out[1].live_ms, 60'000U);
}

TEST(rollup, a_call_in_progress_is_open_and_nothing_else) {
    call_facts c = answered(1'000, absent, 5'000);
    c.charge = 7;
    cell expected;
    expected.open_calls = 1;
    expected.cps_peak = 1;
    EXPECT_EQ(rolled({c}), expected);
}

TEST(rollup, an_answered_call_of_no_seconds_is_answered) {
    const cell c = rolled({answered(0, 3'000, 0)});
    EXPECT_EQ(c.answered, 1U);
    EXPECT_EQ(c.talk_ms, 0U);
}

TEST(rollup, what_the_called_side_did_is_effective) {
    std::vector<call_facts> calls;
    for (int o = 0; o <= static_cast<int>(call_outcome::redirected); ++o)
        calls.push_back(failed(o, static_cast<call_outcome>(o)));
    const cell c = rolled(calls);
    EXPECT_EQ(c.attempts, 11U);
    EXPECT_EQ(c.effective, 5U);
}

TEST(rollup, talk_and_digits_of_unanswered_calls_do_not_count) {
    call_facts c = failed(0, call_outcome::busy);
    c.talk = 9'000;
    c.dtmf_digits = 4;
    const cell r = rolled({c});
    EXPECT_EQ(r.talk_ms, 0U);
    EXPECT_EQ(r.dtmf_reported, 0U);
    EXPECT_EQ(r.dtmf_digits, 0U);
}

TEST(rollup, what_is_not_reported_is_not_zero) {
    call_facts reports = answered(1, 2, 1);
    reports.billed = reports.pdd = reports.charge = reports.dtmf_digits = 0;
    const cell c = rolled({answered(0, 1, 1), reports});
    EXPECT_EQ(c.billed_reported, 1U);
    EXPECT_EQ(c.pdd_reported, 1U);
    EXPECT_EQ(c.charge_reported, 1U);
    EXPECT_EQ(c.dtmf_reported, 1U);
    EXPECT_EQ(c.dtmf_calls, 0U);
}

TEST(rollup, credits_make_the_charge_negative) {
    call_facts c = answered(0, 1, 1);
    c.charge = -5;
    EXPECT_EQ(rolled({c, c}).charge, -10);
}

TEST(rollup, cps_counts_clock_seconds) {
    std::vector<call_facts> calls;
    for (const int start : {998, 999, 1'000, 1'001, 1'999, 2'000})
        calls.push_back(failed(start, call_outcome::busy));
    EXPECT_EQ(rolled(calls).cps_peak, 3U);
}

TEST(rollup, carried_calls_are_live_and_not_attempts) {
    const cell c = rolled({}, {{-5'000, 10'000}});
    EXPECT_EQ(c.attempts, 0U);
    EXPECT_EQ(c.live_peak, 1U);
    EXPECT_EQ(c.live_ms, 10'000U);
    EXPECT_FALSE(c.empty());
    EXPECT_TRUE(cell().empty());
}

TEST(rollup, cells_are_those_counted_call_by_call_and_add_up) {
    roller used_again;
    for (unsigned seed = 1; seed <= 500; ++seed) {
        std::mt19937_64 random(seed);
        const std::int64_t from = 1'000 * (static_cast<std::int64_t>(random() % 200) - 100);
        const auto step = static_cast<std::int64_t>(1'000 * (1 + random() % 30));
        const std::size_t cells = 1 + random() % 6;
        const std::int64_t length = step * static_cast<std::int64_t>(cells);
        std::vector<call_facts> calls(random() % 100);
        for (call_facts& c : calls) {
            c.start = from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(length));
            c.end = random() % 9 == 0 ? absent : c.start + static_cast<std::int64_t>(random() % 40'000);
            c.talk = static_cast<std::int64_t>(random() % 40'000);
            c.billed = maybe(random, 60'000);
            c.pdd = maybe(random, 9'000);
            c.charge = maybe(random, 1'000'000'000'000);
            c.dtmf_digits = maybe(random, 3);
            c.outcome = static_cast<call_outcome>(random() % 11);
            c.attempts_known = random() % 4 != 0;
        }
        std::sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
        std::vector<live_span> carried(random() % 4);
        for (live_span& s : carried)
            s = {from - 1 - static_cast<std::int64_t>(random() % 9'000),
                 from + static_cast<std::int64_t>(random() % 50'000)};

        std::vector<cell> out(cells, cell{.attempts = 99});
        used_again.run(calls, carried, from, step, out);
        cell total;
        for (std::size_t i = 0; i < cells; ++i) {
            const std::int64_t begin = from + static_cast<std::int64_t>(i) * step;
            ASSERT_EQ(out[i], counted(calls, carried, begin, begin + step)) << "seed " << seed << " cell " << i;
            total.merge(out[i]);
        }
        ASSERT_EQ(total, counted(calls, carried, from, from + length)) << "seed " << seed;
    }
}
