#include "rules/change_log.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace lineside::rules;

namespace {

using log = change_log<std::string>;

constexpr std::size_t any_weight = 1'000;

TEST(change_log, leads_each_reader_through_every_change) {
    log l(10);
    l.restart(5);
    l.push(7, "a", 1, any_weight);
    l.push(8, "b", 1, any_weight);
    l.push(12, "c", 1, any_weight);
    std::string read;
    std::uint64_t seen = 5;
    while (l.after(seen).standing == log::standing::behind) {
        const auto step = l.after(seen);
        read += *step.change;
        seen = step.number;
    }
    EXPECT_EQ(read, "abc");
    EXPECT_EQ(l.after(seen).standing, log::standing::current);
}

TEST(change_log, knows_no_number_that_was_none) {
    log l(10);
    l.restart(5);
    l.push(7, "a", 1, any_weight);
    l.push(12, "b", 1, any_weight);
    for (const std::uint64_t n : {0U, 4U, 6U, 8U, 11U, 13U})
        EXPECT_EQ(l.after(n).standing, log::standing::lost) << n;
}

TEST(change_log, keeps_so_many) {
    log l(3);
    l.restart(0);
    for (std::uint64_t n = 1; n <= 10; ++n)
        l.push(n, std::to_string(n), 1, any_weight);
    EXPECT_EQ(l.size(), 3U);
    EXPECT_EQ(l.after(6).standing, log::standing::lost);
    EXPECT_EQ(*l.after(7).change, "8");
}

TEST(change_log, keeps_what_weighs_so_much) {
    log l(100);
    l.restart(0);
    l.push(1, "a", 6, 10);
    l.push(2, "b", 4, 10);
    EXPECT_EQ(*l.after(0).change, "a");
    l.push(3, "c", 1, 10);
    EXPECT_EQ(l.after(0).standing, log::standing::lost);
    EXPECT_EQ(*l.after(1).change, "b");
    l.push(4, "d", 11, 10);
    EXPECT_EQ(l.size(), 0U);
    EXPECT_EQ(l.newest(), 4U);
    EXPECT_EQ(l.after(3).standing, log::standing::lost);
    EXPECT_EQ(l.after(4).standing, log::standing::current);
}

TEST(change_log, begins_anew) {
    log l(3);
    l.push(1, "a", 1, any_weight);
    l.restart(9);
    EXPECT_EQ(l.newest(), 9U);
    EXPECT_EQ(l.after(1).standing, log::standing::lost);
    EXPECT_EQ(l.after(9).standing, log::standing::current);
}

} // namespace
