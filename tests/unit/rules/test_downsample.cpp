#include "rules/downsample.hpp"
#include "rules/rollup.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace lineside::rules;

using plan = std::vector<std::size_t>;

TEST(downsample, zero_points_keep_every_bucket) { EXPECT_EQ(merge_plan(4, 0), (plan{0, 1, 2, 3, 4})); }

TEST(downsample, enough_points_keep_every_bucket) {
    EXPECT_EQ(merge_plan(3, 3), (plan{0, 1, 2, 3}));
    EXPECT_EQ(merge_plan(3, 100), (plan{0, 1, 2, 3}));
}

TEST(downsample, no_buckets_are_no_groups) {
    EXPECT_EQ(merge_plan(0, 0), plan{0});
    EXPECT_EQ(merge_plan(0, 5), plan{0});
}

TEST(downsample, one_point_takes_all) { EXPECT_EQ(merge_plan(7, 1), (plan{0, 7})); }

TEST(downsample, groups_cover_every_bucket_once_and_differ_by_one_at_most) {
    for (std::size_t buckets = 1; buckets <= 60; ++buckets)
        for (std::size_t points = 1; points <= 70; ++points) {
            const plan p = merge_plan(buckets, points);
            ASSERT_EQ(p.size(), std::min(buckets, points) + 1);
            ASSERT_EQ(p.front(), 0U);
            ASSERT_EQ(p.back(), buckets);
            const std::size_t shortest = buckets / (p.size() - 1);
            for (std::size_t i = 1; i < p.size(); ++i) {
                ASSERT_GE(p[i] - p[i - 1], shortest) << buckets << " to " << points;
                ASSERT_LE(p[i] - p[i - 1], shortest + 1) << buckets << " to " << points;
            }
        }
}

TEST(downsample, merged_cells_keep_peaks_and_sums) {
    for (unsigned seed = 1; seed <= 100; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<cell> cells(1 + random() % 50);
        cell all;
        for (cell& c : cells) {
            c.attempts = random() % 100;
            c.live_peak = random() % 1'000;
            c.cps_peak = random() % 50;
            c.live_ms = random() % 10'000;
            c.charge = static_cast<std::int64_t>(random());
            all.merge(c);
        }
        const plan p = merge_plan(cells.size(), 1 + random() % 20);
        cell again;
        for (std::size_t i = 1; i < p.size(); ++i) {
            cell group;
            for (std::size_t j = p[i - 1]; j < p[i]; ++j)
                group.merge(cells[j]);
            again.merge(group);
        }
        EXPECT_EQ(again, all) << "seed " << seed;
        const auto highest = std::max_element(cells.begin(), cells.end(),
                                              [](const cell& a, const cell& b) { return a.live_peak < b.live_peak; });
        EXPECT_EQ(all.live_peak, highest->live_peak) << "seed " << seed;
    }
}
