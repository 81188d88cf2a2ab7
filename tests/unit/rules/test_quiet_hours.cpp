#include "rules/quiet_hours.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace {

instant at(std::string_view text) { return parse_instant(text).value(); }

quiet_hours between(std::uint32_t from_hour, std::uint32_t to_hour) { return {from_hour * 60, to_hour * 60, {}}; }

// "" where it is not quiet.
std::string stretch(const quiet_hours& q, std::string_view zone_name, std::string_view t) {
    const auto range = quiet_stretch(q, zone::find(zone_name).value(), at(t));
    if (range.empty())
        return {};
    EXPECT_TRUE(range.contains(at(t))) << t;
    return to_string(range.from).substr(0, 16) + " " + to_string(range.to).substr(0, 16);
}

} // namespace

TEST(quiet_hours, begin_is_quiet_and_end_is_not) {
    constexpr auto lunch = "2026-03-02T12:00 2026-03-02T14:00";
    EXPECT_EQ(stretch(between(12, 14), "UTC", "2026-03-02T11:59:59.999"), "");
    EXPECT_EQ(stretch(between(12, 14), "UTC", "2026-03-02T12:00"), lunch);
    EXPECT_EQ(stretch(between(12, 14), "UTC", "2026-03-02T13:59:59.999"), lunch);
    EXPECT_EQ(stretch(between(12, 14), "UTC", "2026-03-02T14:00"), "");
}

TEST(quiet_hours, a_night_reaches_across_midnight) {
    constexpr auto night = "2026-03-01T22:00 2026-03-02T07:00";
    for (const auto* t : {"2026-03-01T22:00", "2026-03-01T23:59:59.999", "2026-03-02T00:00", "2026-03-02T06:59"})
        EXPECT_EQ(stretch(between(22, 7), "UTC", t), night) << t;
    EXPECT_EQ(stretch(between(22, 7), "UTC", "2026-03-02T07:00"), "");
    EXPECT_EQ(stretch(between(22, 7), "UTC", "2026-03-02T21:59"), "");
    EXPECT_EQ(stretch(between(22, 0), "UTC", "2026-03-01T23:00"), "2026-03-01T22:00 2026-03-02T00:00");
    EXPECT_EQ(stretch(between(0, 7), "UTC", "2026-03-02T00:00"), "2026-03-02T00:00 2026-03-02T07:00");
    EXPECT_EQ(stretch(between(22, 7), "UTC", "1969-12-31T23:00"), "1969-12-31T22:00 1970-01-01T07:00");
}

TEST(quiet_hours, all_day_but_a_minute_leaves_that_minute) {
    const quiet_hours q{9 * 60 + 1, 9 * 60, {}};
    EXPECT_EQ(stretch(q, "UTC", "2026-03-02T08:59"), "2026-03-01T09:01 2026-03-02T09:00");
    EXPECT_EQ(stretch(q, "UTC", "2026-03-02T09:00"), "");
    EXPECT_EQ(stretch(q, "UTC", "2026-03-02T09:01"), "2026-03-02T09:01 2026-03-03T09:00");
}

TEST(quiet_hours, are_those_of_the_zone) {
    EXPECT_EQ(stretch(between(22, 7), "Asia/Kolkata", "2026-03-02T01:29"), "2026-03-01T16:30 2026-03-02T01:30");
    EXPECT_EQ(stretch(between(22, 7), "Asia/Kolkata", "2026-03-02T01:30"), "");
    EXPECT_EQ(stretch(between(22, 7), "Pacific/Auckland", "2026-03-02T12:00"), "2026-03-02T09:00 2026-03-02T18:00");
    EXPECT_EQ(stretch(between(22, 7), "Pacific/Honolulu", "2026-03-02T08:00"), "2026-03-02T08:00 2026-03-02T17:00");
}

TEST(quiet_hours, the_night_of_a_change_is_an_hour_shorter_or_longer) {
    // Madrid: on 29 March at 2 it is 3, on 25 October at 3 it is 2.
    EXPECT_EQ(stretch(between(22, 7), "Europe/Madrid", "2026-03-29T00:30"), "2026-03-28T21:00 2026-03-29T05:00");
    EXPECT_EQ(stretch(between(22, 7), "Europe/Madrid", "2026-10-25T00:30"), "2026-10-24T20:00 2026-10-25T06:00");
}

TEST(quiet_hours, a_time_that_is_skipped_is_the_jump) {
    EXPECT_EQ(stretch({2 * 60 + 30, 5 * 60, {}}, "Europe/Madrid", "2026-03-29T01:00"),
              "2026-03-29T01:00 2026-03-29T03:00");
    EXPECT_EQ(stretch({2 * 60 + 30, 5 * 60, {}}, "Europe/Madrid", "2026-03-29T00:59:59"), "");
    EXPECT_EQ(stretch({60, 2 * 60 + 30, {}}, "Europe/Madrid", "2026-03-29T00:59:59"),
              "2026-03-29T00:00 2026-03-29T01:00");
    EXPECT_EQ(stretch({60, 2 * 60 + 30, {}}, "Europe/Madrid", "2026-03-29T01:00"), "");
    // All of it.
    for (const auto* t : {"2026-03-29T00:59:59.999", "2026-03-29T01:00", "2026-03-29T01:10", "2026-03-29T01:20"})
        EXPECT_EQ(stretch({2 * 60 + 10, 2 * 60 + 20, {}}, "Europe/Madrid", t), "") << t;
}

TEST(quiet_hours, an_hour_that_comes_twice_is_one_stretch) {
    constexpr auto whole = "2026-10-25T00:10 2026-10-25T01:20";
    for (const auto* t : {"2026-10-25T00:10", "2026-10-25T00:40", "2026-10-25T01:00", "2026-10-25T01:19:59"})
        EXPECT_EQ(stretch({2 * 60 + 10, 2 * 60 + 20, {}}, "Europe/Madrid", t), whole) << t;
    EXPECT_EQ(stretch({2 * 60 + 10, 2 * 60 + 20, {}}, "Europe/Madrid", "2026-10-25T00:09:59"), "");
    EXPECT_EQ(stretch({2 * 60 + 10, 2 * 60 + 20, {}}, "Europe/Madrid", "2026-10-25T01:20"), "");
}

TEST(quiet_hours, midnight_itself_may_be_skipped_or_come_twice) {
    // Santiago: on 5 September 2026 at 24 it is 1 of the 6th; on 4 April at 24 it is 23 again.
    EXPECT_EQ(stretch(between(0, 6), "America/Santiago", "2026-09-06T04:00"), "2026-09-06T04:00 2026-09-06T09:00");
    EXPECT_EQ(stretch(between(0, 6), "America/Santiago", "2026-09-06T03:59:59"), "");
    EXPECT_EQ(stretch(between(23, 6), "America/Santiago", "2026-04-05T03:30"), "2026-04-05T02:00 2026-04-05T10:00");
    // Samoa had no 30 December 2011.
    EXPECT_EQ(stretch(between(22, 7), "Pacific/Apia", "2011-12-30T09:59"), "2011-12-30T08:00 2011-12-30T10:00");
    EXPECT_EQ(stretch(between(22, 7), "Pacific/Apia", "2011-12-30T10:00"), "2011-12-30T10:00 2011-12-30T17:00");
}

// A night never overlaps the next, and whoever asks at any minute of it hears of the same one.
TEST(quiet_hours, every_minute_of_two_years_belongs_to_one_night_or_none) {
    for (const auto* name : {"UTC", "Europe/Madrid", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago"}) {
        const auto z = zone::find(name).value();
        for (const quiet_hours& q : {between(22, 7), between(1, 3), quiet_hours{9 * 60 + 15, 9 * 60, {}}}) {
            time_range night{};
            for (auto t = at("2026-01-01"); t < at("2028-01-01"); t += 15min) {
                const auto now = quiet_stretch(q, z, t);
                if (night.contains(t)) {
                    ASSERT_EQ(now, night) << name << ' ' << to_string(t);
                } else if (!now.empty()) {
                    ASSERT_GE(now.from, night.to) << name << ' ' << to_string(t);
                    night = now;
                }
                // By the wall clock where it shows each time once.
                const auto shown = t + z.offset_at(t);
                const auto minute =
                    static_cast<std::uint32_t>((shown - std::chrono::floor<std::chrono::days>(shown)) / 1min);
                const bool quiet = q.from_minute < q.to_minute ? q.from_minute <= minute && minute < q.to_minute
                                                               : q.from_minute <= minute || minute < q.to_minute;
                const auto meant = z.resolve(shown.time_since_epoch().count());
                if (meant.first == meant.second) {
                    ASSERT_EQ(!now.empty(), quiet) << name << ' ' << to_string(t);
                }
            }
        }
    }
}
