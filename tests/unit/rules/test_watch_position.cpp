#include "rules/watch_position.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

using namespace lineside;
using namespace lineside::rules;

namespace {

TEST(watch_position, reads_what_it_writes) {
    watch_position p;
    p.database = std::numeric_limits<std::uint64_t>::max();
    p.run = 1;
    EXPECT_EQ(parse_watch_position(to_text(p)), p);
    for (std::size_t i = 0; i < watch_topics; ++i) {
        p.numbers[i] = i == 0 ? 0 : std::numeric_limits<std::uint64_t>::max() - i;
        EXPECT_EQ(parse_watch_position(to_text(p)), p) << to_text(p);
    }
}

TEST(watch_position, is_short_and_plain) {
    watch_position p;
    p.database = 0xabc;
    p.run = 0xdef;
    p.of(watch_topic::channels) = 12;
    p.of(watch_topic::alerts) = 7;
    EXPECT_EQ(to_text(p), "1.abc.def.c12a7");
}

TEST(watch_position, of_another_version_is_one_of_nothing_known) {
    EXPECT_EQ(parse_watch_position("2.whatever"), watch_position());
    EXPECT_EQ(parse_watch_position("17.x"), watch_position());
}

TEST(watch_position, is_nothing_else) {
    for (const char* text : {"",
                             "1",
                             "1.",
                             "1.a",
                             "1.a.",
                             "1.a.b",
                             "1..b.",
                             "1.a..",
                             "1.a.b.c",
                             "1.a.b.c1c2",
                             "1.a.b.x1",
                             "1.a.b.1",
                             "1.a.b.c1.",
                             "1.a.b.c99999999999999999999",
                             "1.11111111111111111.b.",
                             "0.a.b.",
                             "x",
                             "1.A.b.",
                             "1.a.b.c1 ",
                             "2",
                             "2x.a"})
        EXPECT_EQ(parse_watch_position(text), std::nullopt) << text;
    EXPECT_EQ(parse_watch_position("2." + std::string(300, 'a')), std::nullopt);
}

} // namespace
