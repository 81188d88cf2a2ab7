#include "rules/concurrency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

using namespace lineside::rules;

namespace lineside::rules {
void PrintTo(const live_channels& c, std::ostream* out) { *out << "peak " << c.peak << " ms " << c.channel_ms; }
} // namespace lineside::rules

namespace {

std::vector<live_channels> swept(const std::vector<live_span>& spans, std::int64_t from, std::int64_t step,
                                 std::size_t buckets) {
    std::vector<live_channels> out(buckets, {77, 77});
    concurrency_sweep().run(spans, from, step, out);
    return out;
}

// Millisecond by millisecond.
std::vector<live_channels> counted(const std::vector<live_span>& spans, std::int64_t from, std::int64_t step,
                                   std::size_t buckets) {
    std::vector<live_channels> out(buckets);
    for (std::size_t i = 0; i < buckets; ++i)
        for (std::int64_t t = 0; t < step; ++t) {
            const std::int64_t now = from + static_cast<std::int64_t>(i) * step + t;
            const auto live = static_cast<std::uint32_t>(std::count_if(
                spans.begin(), spans.end(), [now](const live_span& s) { return s.start <= now && now < s.end; }));
            out[i].peak = std::max(out[i].peak, live);
            out[i].channel_ms += live;
        }
    return out;
}

using channels = std::vector<live_channels>;

} // namespace

TEST(concurrency, nothing_is_live_without_calls) { EXPECT_EQ(swept({}, 0, 10, 3), channels(3)); }

TEST(concurrency, no_buckets_are_no_work) { EXPECT_TRUE(swept({{0, 10}}, 0, 10, 0).empty()); }

TEST(concurrency, a_call_that_ends_when_another_starts_shares_its_channel) {
    EXPECT_EQ(swept({{5, 8}, {2, 5}}, 0, 10, 1), (channels{{1, 6}}));
}

TEST(concurrency, a_call_that_ends_on_an_edge_is_not_in_the_next_bucket) {
    EXPECT_EQ(swept({{4, 10}}, 0, 10, 2), (channels{{1, 6}, {0, 0}}));
    EXPECT_EQ(swept({{4, 10}, {10, 12}}, 0, 10, 2), (channels{{1, 6}, {1, 2}}));
}

TEST(concurrency, a_call_of_no_length_occupies_nothing) { EXPECT_EQ(swept({{5, 5}, {7, 6}}, 0, 10, 1), channels(1)); }

TEST(concurrency, calls_that_reach_out_of_the_buckets_count_inside) {
    EXPECT_EQ(swept({{-100, 100}, {-5, 0}, {20, 30}, {-3, 4}}, 0, 10, 2), (channels{{2, 14}, {1, 10}}));
}

TEST(concurrency, a_call_goes_on_through_buckets_without_events) {
    EXPECT_EQ(swept({{5, 35}}, 0, 10, 5), (channels{{1, 5}, {1, 10}, {1, 10}, {1, 5}, {0, 0}}));
}

TEST(concurrency, buckets_may_be_one_millisecond_or_a_month_long) {
    EXPECT_EQ(swept({{1, 3}, {2, 4}}, 0, 1, 4), (channels{{0, 0}, {1, 1}, {2, 2}, {1, 1}}));
    constexpr std::int64_t month = 31LL * 86'400'000;
    EXPECT_EQ(swept({{month - 1, month + 1}, {0, 2 * month}}, 0, month, 2), (channels{{2, month + 1}, {2, month + 1}}));
}

TEST(concurrency, peak_and_channel_time_are_those_counted_millisecond_by_millisecond) {
    concurrency_sweep used_again;
    for (unsigned seed = 1; seed <= 2'000; ++seed) {
        std::mt19937_64 random(seed);
        const std::int64_t from = static_cast<std::int64_t>(random() % 1'000) - 500;
        const auto step = static_cast<std::int64_t>(1 + random() % 40);
        const std::size_t buckets = 1 + random() % 8;
        const std::int64_t length = step * static_cast<std::int64_t>(buckets);
        // Now and then a crowd within a few milliseconds.
        const std::int64_t width = seed % 5 == 0 ? 3 : 2 * length;
        std::vector<live_span> spans(random() % (seed % 7 == 0 ? 200 : 20));
        for (live_span& s : spans) {
            s.start = from - length / 2 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(width));
            s.end = s.start - 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(length));
        }
        std::vector<live_channels> out(buckets);
        used_again.run(spans, from, step, out);
        ASSERT_EQ(out, counted(spans, from, step, buckets)) << "seed " << seed;
    }
}

TEST(concurrency, a_busy_day_is_the_same_in_quarters_of_an_hour_and_at_once) {
    constexpr std::int64_t quarter = 900'000;
    for (unsigned seed = 1; seed <= 3; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<live_span> spans(43'000);
        for (live_span& s : spans) {
            s.start =
                static_cast<std::int64_t>(random() % 86'400'000) / (seed == 3 ? 60'000 : 1) * (seed == 3 ? 60'000 : 1);
            s.end = s.start + static_cast<std::int64_t>(random() % 400'000);
        }
        const auto quarters = swept(spans, 0, quarter, 100);
        const auto whole = swept(spans, 0, 100 * quarter, 1);
        live_channels sum;
        for (const live_channels& q : quarters) {
            sum.peak = std::max(sum.peak, q.peak);
            sum.channel_ms += q.channel_ms;
        }
        EXPECT_EQ(sum, whole.front()) << "seed " << seed;
    }
}
