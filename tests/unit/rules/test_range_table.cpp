#include "rules/range_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <vector>

using namespace lineside::rules;

namespace {

using naive_table = std::map<std::uint64_t, std::uint64_t>; // first -> last

std::optional<std::uint64_t> naive_fit(const naive_table& t, std::uint64_t limit, std::uint64_t from,
                                       std::uint64_t size) {
    std::uint64_t slot = from;
    for (auto r = t.begin(); slot + size <= limit;) {
        while (r != t.end() && r->second < slot)
            ++r;
        if (r == t.end() || r->first >= slot + size)
            return slot;
        slot += (r->second - slot) / size * size + size;
    }
    return std::nullopt;
}

} // namespace

TEST(range_table, max_tree_finds_the_first_value_that_is_great_enough) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        std::mt19937_64 random(seed);
        max_tree tree;
        std::vector<std::uint64_t> values;
        for (int step = 0; step < 100; ++step) {
            const std::uint64_t value = random() % 20;
            const std::size_t i = values.empty() ? 0 : random() % values.size();
            if (values.empty() || random() % 3 == 0) {
                values.insert(values.begin() + static_cast<std::ptrdiff_t>(i), value);
                tree.insert(i, value);
            } else if (values.size() > 1 && random() % 4 == 0) {
                values.erase(values.begin() + static_cast<std::ptrdiff_t>(i));
                tree.erase(i);
            } else {
                values[i] = value;
                tree.set(i, value);
            }
            const std::size_t from = random() % (values.size() + 2);
            const std::uint64_t wanted = 1 + random() % 20;
            std::size_t expected = from;
            while (expected < values.size() && values[expected] < wanted)
                ++expected;
            ASSERT_EQ(tree.first_at_least(from, wanted), expected < values.size() ? expected : max_tree::none)
                << "seed " << seed << " step " << step;
        }
    }
}

TEST(range_table, an_empty_table_is_one_gap) {
    range_table t(1'000);
    EXPECT_EQ(t.find(5).use, range_use::free);
    EXPECT_EQ(t.find_range(0, 5), nullptr);
    EXPECT_EQ(t.first_fit(0, 1'000), 0U);
    EXPECT_EQ(t.first_fit(1, 1'000), std::nullopt);
    EXPECT_EQ(t.first_fit(999, 1), 999U);
}

TEST(range_table, a_gap_that_was_filled_is_not_found_again) {
    range_table t(1'000);
    t.insert({0, 989, {range_use::block, 1, {}}});
    EXPECT_EQ(t.first_fit(0, 11), std::nullopt);
    EXPECT_EQ(t.first_fit(0, 10), 990U);
    t.erase(0);
    EXPECT_EQ(t.first_fit(0, 11), 0U);
}

TEST(range_table, thousands_of_ranges_come_and_go_as_in_a_map) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        std::mt19937_64 random(seed);
        constexpr std::uint64_t limit = 1'000'000'000'000'000'000;
        // From crowded numbers to the widest ones.
        const std::uint64_t spread = seed % 2 == 0 ? 200'000 : limit;
        range_table t(limit);
        naive_table naive;
        for (int step = 0; step < 60'000; ++step) {
            const bool grow = step % 30'000 < 15'000;
            const std::uint64_t n = random() % spread;
            const auto after = naive.upper_bound(n);
            const auto here = after == naive.begin() ? naive.end() : std::prev(after);
            const bool held = here != naive.end() && here->second >= n;
            ASSERT_EQ(t.find(n).use == range_use::block, held) << "seed " << seed << " step " << step;
            if (grow && !held) {
                std::uint64_t last = std::min(limit - 1, n + random() % 8);
                if (after != naive.end())
                    last = std::min(last, after->first - 1);
                t.insert({n, last, {range_use::block, static_cast<owner_handle>(n % 1'000 + 1), {}}});
                naive.emplace(n, last);
            } else if (!grow && !naive.empty()) {
                const auto victim = after != naive.end() ? after : naive.begin();
                ASSERT_EQ(t.find_range(victim->first, victim->second + 1), nullptr);
                ASSERT_EQ(t.find_range(victim->first, victim->second)->owner, victim->first % 1'000 + 1);
                t.erase(victim->first);
                naive.erase(victim);
            }
            if (step % 50 == 0) {
                const std::uint64_t size = 1 + random() % 200;
                const std::uint64_t from = random() % (spread / 2);
                ASSERT_EQ(t.first_fit(from, size), naive_fit(naive, limit, from, size))
                    << "seed " << seed << " step " << step;
            }
        }
        std::vector<std::pair<std::uint64_t, std::uint64_t>> left;
        t.visit_from(0, [&](const held_range& r) {
            left.emplace_back(r.first, r.last);
            return false;
        });
        EXPECT_TRUE(std::equal(left.begin(), left.end(), naive.begin(), naive.end(), [](const auto& a, const auto& b) {
            return a.first == b.first && a.second == b.second;
        }));
    }
}
