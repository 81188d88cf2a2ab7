#include <lineside/error.hpp>

#include "store/rollup_blob.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace lineside::store {
namespace {

using rules::cell;
using rules::nanos128;

cell random_cell(std::mt19937_64& random) {
    cell c;
    if (random() % 3 == 0)
        return c;
    for (auto* member : {&c.attempts, &c.answered, &c.effective, &c.uncovered, &c.open_calls, &c.talk_ms, &c.billed_ms,
                         &c.billed_reported, &c.pdd_ms, &c.pdd_reported, &c.dtmf_reported, &c.dtmf_calls,
                         &c.dtmf_digits, &c.charge_reported, &c.cps_peak, &c.live_peak, &c.live_ms})
        *member = random() >> (random() % 60 + 4);
    c.charge =
        static_cast<nanos128>(static_cast<std::int64_t>(random())) * static_cast<std::int64_t>(random() % 100'000);
    return c;
}

std::vector<cell> random_cells(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<cell> cells(n);
    for (auto& c : cells)
        c = random_cell(random);
    return cells;
}

std::string encoded(const std::vector<cell>& cells) {
    std::string bytes;
    encode_cells(cells, bytes);
    return bytes;
}

void merge_into(std::vector<cell>& to, std::string_view bytes, cell_columns wanted = cell_columns::all) {
    std::vector<cell*> targets;
    for (auto& c : to)
        targets.push_back(&c);
    merge_cells(bytes, wanted, targets);
}

TEST(rollup_blob, a_day_and_months_of_every_length_come_back) {
    for (const std::size_t n : {1UL, 28UL, 29UL, 30UL, 31UL, quarters_a_day, 128UL}) {
        const auto cells = random_cells(n, n);
        std::vector<cell> back(n);
        merge_into(back, encoded(cells));
        EXPECT_EQ(back, cells);
    }
}

TEST(rollup_blob, sums_add_up_and_peaks_are_maxima) {
    auto sum = random_cells(quarters_a_day, 1);
    auto wanted = sum;
    for (std::uint64_t seed = 2; seed < 6; ++seed) {
        const auto more = random_cells(quarters_a_day, seed);
        merge_into(sum, encoded(more));
        for (std::size_t i = 0; i < more.size(); ++i)
            wanted[i].merge(more[i]);
        EXPECT_EQ(sum, wanted);
    }
}

TEST(rollup_blob, several_cells_may_go_into_one) {
    const auto cells = random_cells(quarters_a_day, 7);
    std::vector<cell> hours(24);
    std::vector<cell> wanted(24);
    std::vector<cell*> targets(quarters_a_day);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        targets[i] = &hours[i / 4];
        wanted[i / 4].merge(cells[i]);
    }
    merge_cells(encoded(cells), cell_columns::all, targets);
    EXPECT_EQ(hours, wanted);
}

TEST(rollup_blob, a_cell_without_a_target_is_left_out) {
    const auto cells = random_cells(31, 8);
    std::vector<cell> days(31);
    std::vector<cell*> targets(31, nullptr);
    targets[3] = &days[3];
    targets[30] = &days[30];
    merge_cells(encoded(cells), cell_columns::all, targets);
    for (std::size_t i = 0; i < days.size(); ++i)
        EXPECT_EQ(days[i], i == 3 || i == 30 ? cells[i] : cell{}) << i;
}

TEST(rollup_blob, only_the_wanted_columns_change) {
    const auto cells = random_cells(quarters_a_day, 9);
    const auto bytes = encoded(cells);
    using enum cell_columns;
    const auto keep = [](cell& to, const cell& from, cell_columns group) {
        const auto copy = [&](auto... members) { ((to.*members = from.*members), ...); };
        switch (group) {
        case attempts: return copy(&cell::attempts);
        case answered: return copy(&cell::answered);
        case effective: return copy(&cell::effective);
        case uncovered: return copy(&cell::uncovered);
        case open_calls: return copy(&cell::open_calls);
        case talk: return copy(&cell::talk_ms);
        case billed: return copy(&cell::billed_ms, &cell::billed_reported);
        case pdd: return copy(&cell::pdd_ms, &cell::pdd_reported);
        case dtmf: return copy(&cell::dtmf_reported, &cell::dtmf_calls, &cell::dtmf_digits);
        case charge: return copy(&cell::charge, &cell::charge_reported);
        case cps: return copy(&cell::cps_peak);
        case live: return copy(&cell::live_peak, &cell::live_ms);
        case all: return;
        }
    };
    constexpr cell_columns groups[] = {attempts, answered, effective, uncovered, open_calls, talk,
                                       billed,   pdd,      dtmf,      charge,    cps,        live};
    for (const auto a : groups) {
        for (const auto b : groups) {
            std::vector<cell> got(quarters_a_day);
            merge_into(got, bytes, a | b);
            std::vector<cell> wanted(quarters_a_day);
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                keep(wanted[i], cells[i], a);
                keep(wanted[i], cells[i], b);
            }
            ASSERT_EQ(got, wanted);
        }
    }
}

TEST(rollup_blob, charges_beyond_64_bits_of_nanos_are_exact) {
    std::vector<cell> cells(4);
    const auto huge = static_cast<nanos128>(9'000'000'000'000'000'000) * 999'999'999;
    const nanos128 charges[] = {huge + 123'456'789, -huge - 987'654'321, 1, -1};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].charge = charges[i];
        cells[i].charge_reported = 1;
    }
    std::vector<cell> back(4);
    merge_into(back, encoded(cells));
    merge_into(back, encoded(cells));
    for (std::size_t i = 0; i < cells.size(); ++i)
        EXPECT_TRUE(back[i].charge == 2 * charges[i]) << i;
}

TEST(rollup_blob, empty_cells_cost_one_bit) {
    EXPECT_LT(encoded(std::vector<cell>(quarters_a_day)).size(), 64U);
    std::vector<cell> back(quarters_a_day);
    merge_into(back, encoded(std::vector<cell>(quarters_a_day)));
    EXPECT_EQ(back, std::vector<cell>(quarters_a_day));
}

TEST(rollup_blob, damage_is_refused_or_other_numbers) {
    const auto bytes = encoded(random_cells(31, 10));
    const auto attempt = [](const std::string& damaged) {
        const std::vector<char> exact(damaged.begin(), damaged.end());
        std::vector<cell> to(31);
        try {
            merge_into(to, {exact.data(), exact.size()});
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::storage) << e.what();
        }
    };
    for (std::size_t n = 0; n < bytes.size(); ++n)
        attempt(bytes.substr(0, n));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto damaged = bytes;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        attempt(damaged);
    }
    std::vector<cell> other(30);
    EXPECT_THROW(merge_into(other, bytes), error);
}

} // namespace
} // namespace lineside::store
