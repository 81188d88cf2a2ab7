#include "rules/calendar.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono;

namespace {

constexpr std::array<time_step, 6> all_steps = {time_step::minute, time_step::five_minutes, time_step::hour,
                                                time_step::day,    time_step::week,         time_step::month};

zone find(std::string_view name) { return zone::find(name).value(); }

instant at(std::string_view text) { return parse_instant(text).value(); }

std::vector<std::string> edges(std::string_view name, std::string_view from, std::string_view to, time_step step) {
    std::vector<std::string> texts;
    for (const instant t : bucket_edges(find(name), {at(from), at(to)}, step))
        texts.push_back(to_string(t).substr(0, 16));
    return texts;
}

hours length_of_day(std::string_view name, std::string_view noon) {
    const auto e = bucket_edges(find(name), {at(noon), at(noon) + milliseconds{1}}, time_step::day);
    EXPECT_EQ(e.size(), 2U);
    return duration_cast<hours>(e.at(1) - e.at(0));
}

using texts = std::vector<std::string>;

} // namespace

TEST(calendar, utc_needs_no_database_and_has_no_offset) {
    EXPECT_TRUE(zone().is_utc());
    EXPECT_EQ(zone().name(), "UTC");
    EXPECT_TRUE(find("UTC").is_utc());
    EXPECT_TRUE(find("Etc/UTC").is_utc());
    EXPECT_EQ(find("Etc/UTC").name(), "Etc/UTC");
    EXPECT_EQ(zone().offset_at(at("2026-07-01")), seconds{0});
}

TEST(calendar, unknown_zone_is_an_invalid_argument_that_names_it) {
    for (const auto* name : {"Europe/Atlantis", "", "localtime", "europe/berlin", "../etc/passwd", "Europe", "UTC "}) {
        const auto z = zone::find(name);
        ASSERT_FALSE(z) << name;
        EXPECT_EQ(z.error().code, errc::invalid_argument);
        EXPECT_NE(z.error().details.message.find("'" + std::string(name) + "'"), std::string::npos);
        EXPECT_EQ(z.error().details.field, "zone");
    }
}

TEST(calendar, renamed_zones_keep_both_spellings) {
    for (const auto& [now, before] : {std::pair{"Europe/Kyiv", "Europe/Kiev"}, {"Asia/Kolkata", "Asia/Calcutta"}}) {
        EXPECT_EQ(find(now).name(), now);
        EXPECT_EQ(find(before).name(), before);
        EXPECT_EQ(find(now).offset_at(at("2026-07-01")), find(before).offset_at(at("2026-07-01")));
    }
    EXPECT_EQ(find("Europe/Kyiv").offset_at(at("2026-07-01")), hours{3});
}

TEST(calendar, offsets_come_in_halves_and_quarters) {
    EXPECT_EQ(find("Asia/Kolkata").offset_at(at("2026-01-01")), minutes{330});
    EXPECT_EQ(find("Asia/Kathmandu").offset_at(at("2026-01-01")), minutes{345});
    EXPECT_EQ(find("America/St_Johns").offset_at(at("2026-01-01")), -minutes{210});
}

TEST(calendar, spring_gap_day_has_23_hours) {
    EXPECT_EQ(length_of_day("Europe/Madrid", "2026-03-29T12:00"), hours{23});
}

TEST(calendar, autumn_day_has_25_hours) { EXPECT_EQ(length_of_day("Europe/Madrid", "2026-10-25T12:00"), hours{25}); }

TEST(calendar, lord_howe_days_have_23_and_a_half_and_24_and_a_half_hours) {
    EXPECT_EQ(edges("Australia/Lord_Howe", "2026-10-03T20:00", "2026-10-03T21:00", time_step::day),
              (texts{"2026-10-03T13:30", "2026-10-04T13:00"}));
    EXPECT_EQ(edges("Australia/Lord_Howe", "2026-04-05T00:00", "2026-04-05T01:00", time_step::day),
              (texts{"2026-04-04T13:00", "2026-04-05T13:30"}));
}

TEST(calendar, hours_get_an_edge_at_a_jump_of_half_an_hour) {
    // 02:00 becomes 02:30, so the local hour of two o'clock has thirty minutes.
    EXPECT_EQ(edges("Australia/Lord_Howe", "2026-10-03T15:00", "2026-10-03T17:00", time_step::hour),
              (texts{"2026-10-03T14:30", "2026-10-03T15:30", "2026-10-03T16:00", "2026-10-03T17:00"}));
    // 02:00 becomes 01:30.
    EXPECT_EQ(edges("Australia/Lord_Howe", "2026-04-04T14:30", "2026-04-04T16:30", time_step::hour),
              (texts{"2026-04-04T14:00", "2026-04-04T15:00", "2026-04-04T15:30", "2026-04-04T16:30"}));
}

TEST(calendar, a_range_within_a_shortened_hour_begins_at_the_jump) {
    EXPECT_EQ(edges("Australia/Lord_Howe", "2026-10-03T15:40", "2026-10-03T15:50", time_step::hour),
              (texts{"2026-10-03T15:30", "2026-10-03T16:00"}));
}

TEST(calendar, five_minutes_stay_aligned_over_a_jump_of_half_an_hour) {
    const auto e = bucket_edges(find("Australia/Lord_Howe"), {at("2026-10-03T15:00"), at("2026-10-03T16:00")},
                                time_step::five_minutes);
    EXPECT_EQ(e.size(), 13U);
}

TEST(calendar, hours_of_half_hour_zones_begin_at_half_past_utc) {
    EXPECT_EQ(edges("Asia/Kolkata", "2026-01-01T00:00", "2026-01-01T01:00", time_step::hour),
              (texts{"2025-12-31T23:30", "2026-01-01T00:30", "2026-01-01T01:30"}));
    EXPECT_EQ(edges("Asia/Kathmandu", "2026-01-01T00:15", "2026-01-01T01:15", time_step::hour),
              (texts{"2026-01-01T00:15", "2026-01-01T01:15"}));
}

TEST(calendar, a_day_that_was_skipped_has_no_bucket) {
    // Samoa went from Thursday the 29th to Saturday the 31st.
    EXPECT_EQ(edges("Pacific/Apia", "2011-12-29T12:00", "2012-01-01T00:00", time_step::day),
              (texts{"2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00", "2012-01-01T10:00"}));
}

TEST(calendar, a_day_without_midnight_begins_at_the_jump) {
    EXPECT_EQ(edges("America/Sao_Paulo", "2017-10-15T12:00", "2017-10-15T13:00", time_step::day),
              (texts{"2017-10-15T03:00", "2017-10-16T02:00"}));
    EXPECT_EQ(edges("Asia/Beirut", "2022-03-27T12:00", "2022-03-27T13:00", time_step::day),
              (texts{"2022-03-26T22:00", "2022-03-27T21:00"}));
}

TEST(calendar, a_day_with_two_midnights_begins_at_the_first) {
    EXPECT_EQ(edges("America/Havana", "2022-11-06T12:00", "2022-11-06T13:00", time_step::day),
              (texts{"2022-11-06T04:00", "2022-11-07T05:00"}));
}

TEST(calendar, a_date_shown_again_belongs_to_the_day_that_has_begun) {
    // At 00:01 the clocks of Newfoundland went back to 23:01 of the day before.
    EXPECT_EQ(edges("America/St_Johns", "2010-11-07T03:00", "2010-11-07T03:10", time_step::day),
              (texts{"2010-11-07T02:30", "2010-11-08T03:30"}));
}

TEST(calendar, weeks_begin_on_monday_and_months_on_the_first) {
    EXPECT_EQ(edges("UTC", "2026-03-01T00:00", "2026-03-03T00:00", time_step::week),
              (texts{"2026-02-23T00:00", "2026-03-02T00:00", "2026-03-09T00:00"}));
    EXPECT_EQ(edges("Europe/Madrid", "2026-03-31T21:59", "2026-04-01T00:00", time_step::month),
              (texts{"2026-02-28T23:00", "2026-03-31T22:00", "2026-04-30T22:00"}));
    EXPECT_EQ(edges("UTC", "2024-02-29T00:00", "2024-03-01T00:00", time_step::month),
              (texts{"2024-02-01T00:00", "2024-03-01T00:00"}));
}

TEST(calendar, an_empty_range_has_no_edges) {
    EXPECT_TRUE(bucket_edges(zone(), {at("2026-03-01"), at("2026-03-01")}, time_step::hour).empty());
    EXPECT_TRUE(bucket_edges(zone(), {at("2026-03-02"), at("2026-03-01")}, time_step::day).empty());
}

TEST(calendar, wall_clock_times_are_unique_repeated_or_skipped) {
    using kind = enum zone::local_time::kind;
    const zone madrid = find("Europe/Madrid");
    const auto resolve = [&](std::string_view civil) { return madrid.resolve(at(civil).time_since_epoch().count()); };

    const auto once = resolve("2026-07-01T12:00");
    EXPECT_EQ(once.kind, kind::unique);
    EXPECT_EQ(once.first, at("2026-07-01T10:00"));
    EXPECT_EQ(once.second, once.first);

    const auto twice = resolve("2026-10-25T02:30");
    EXPECT_EQ(twice.kind, kind::repeated);
    EXPECT_EQ(twice.first, at("2026-10-25T00:30"));
    EXPECT_EQ(twice.second, at("2026-10-25T01:30"));

    const auto never = resolve("2026-03-29T02:30");
    EXPECT_EQ(never.kind, kind::skipped);
    EXPECT_EQ(never.first, at("2026-03-29T01:00"));

    const auto apia = find("Pacific/Apia").resolve(at("2011-12-30T12:00").time_since_epoch().count());
    EXPECT_EQ(apia.kind, kind::skipped);
    EXPECT_EQ(apia.first, at("2011-12-30T10:00"));
}

// ---- against walking the wall clock minute by minute

namespace {

const char* const zones[] = {"UTC",
                             "Europe/Madrid",
                             "America/New_York",
                             "America/Sao_Paulo",
                             "America/Havana",
                             "America/St_Johns",
                             "America/Caracas",
                             "Asia/Beirut",
                             "Asia/Kathmandu",
                             "Asia/Kolkata",
                             "Asia/Pyongyang",
                             "Asia/Tehran",
                             "Atlantic/Azores",
                             "Australia/Lord_Howe",
                             "Africa/Casablanca",
                             "Pacific/Apia",
                             "Pacific/Chatham",
                             "Antarctica/Troll"};

// What the wall clock shows, as minutes since 1970.
std::int64_t wall_minutes(const date::time_zone& z, instant t) {
    return floor<minutes>(z.to_local(t).time_since_epoch()).count();
}

std::int64_t period_of(std::int64_t wall, time_step step) {
    const sys_days day = floor<days>(sys_time<minutes>{minutes{wall}});
    const year_month_day date{day};
    if (step == time_step::month)
        return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month()));
    const auto n = day.time_since_epoch().count();
    return step == time_step::week ? floor<weeks>(day - sys_days{1970y / 1 / 5}).count() : n;
}

// An edge: where a period's number is first passed, or where the clock's minutes do not follow on or fall on the step.
std::vector<instant> walked_edges(const date::time_zone& z, instant from, instant to, time_step step) {
    const std::int64_t width = step == time_step::minute ? 1 : step == time_step::five_minutes ? 5 : 60;
    const bool by_clock = step <= time_step::hour;
    std::vector<instant> found;
    std::int64_t before = wall_minutes(z, from - minutes{1});
    std::int64_t highest = period_of(before, step);
    for (instant t = from; t < to; t += minutes{1}) {
        const std::int64_t wall = wall_minutes(z, t);
        if (by_clock ? wall % width == 0 || (wall - before - 1) % width != 0 : period_of(wall, step) > highest)
            found.push_back(t);
        highest = std::max(highest, period_of(wall, step));
        before = wall;
    }
    return found;
}

// Around a jump of the zone's clock if there is one after `t`.
instant near_a_jump(const date::time_zone& z, instant t, std::mt19937_64& random) {
    const auto jump = z.get_info(t).end;
    if (jump > sys_days{2037y / 1 / 1})
        return t;
    return floor<minutes>(jump - minutes{static_cast<std::int64_t>(random() % 2'880)});
}

} // namespace

TEST(calendar, edges_are_what_walking_the_wall_clock_finds) {
    for (unsigned seed = 1; seed <= 150; ++seed) {
        std::mt19937_64 random(seed);
        const char* name = zones[seed % std::size(zones)];
        const auto* z = date::locate_zone(name);
        // Whole-minute offsets only: since 1972 everywhere.
        const instant any =
            sys_days{1973y / 1 / 1} + minutes{static_cast<std::int64_t>(random() % (60ULL * 24 * 365 * 60))};
        const instant middle = near_a_jump(*z, any, random);
        for (const time_step step : all_steps) {
            const days reach{step == time_step::month ? 33 : step == time_step::week ? 9 : 2};
            const time_range range{middle,
                                   middle + milliseconds{1 + static_cast<std::int64_t>(random() % 172'800'000)}};
            const auto walked = walked_edges(*z, range.from - reach, range.to + reach, step);
            const auto begin = std::prev(std::upper_bound(walked.begin(), walked.end(), range.from));
            const auto end = std::lower_bound(begin, walked.end(), range.to);
            ASSERT_NE(end, walked.end());
            EXPECT_EQ(bucket_edges(find(name), range, step), std::vector(begin, end + 1))
                << "seed " << seed << ' ' << name << ' ' << to_string(range.from) << " step " << to_string(step);
        }
    }
}

TEST(calendar, resolve_finds_every_instant_that_shows_the_time) {
    using kind = enum zone::local_time::kind;
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937_64 random(seed);
        const char* name = zones[seed % std::size(zones)];
        const auto* z = date::locate_zone(name);
        const instant any =
            sys_days{1973y / 1 / 1} + minutes{static_cast<std::int64_t>(random() % (60ULL * 24 * 365 * 60))};
        const instant jump = near_a_jump(*z, any, random);
        const std::int64_t wall = wall_minutes(*z, jump) + static_cast<std::int64_t>(random() % 4'000) - 500;
        std::vector<instant> shown;
        for (instant t = instant{minutes{wall}} - hours{26}; t < instant{minutes{wall}} + hours{26}; t += minutes{1})
            if (wall_minutes(*z, t) == wall)
                shown.push_back(t);
        const auto r = find(name).resolve(milliseconds{minutes{wall}}.count());
        const auto expected = shown.empty() ? kind::skipped : shown.size() == 1 ? kind::unique : kind::repeated;
        ASSERT_EQ(r.kind, expected) << "seed " << seed << ' ' << name << ' ' << wall;
        if (shown.empty()) {
            EXPECT_LT(wall_minutes(*z, r.first - minutes{1}), wall) << "seed " << seed;
            EXPECT_GT(wall_minutes(*z, r.first), wall) << "seed " << seed;
        } else {
            EXPECT_EQ(r.first, shown.front()) << "seed " << seed;
            EXPECT_EQ(r.second, shown.back()) << "seed " << seed;
        }
    }
}

TEST(calendar, zones_may_be_used_from_several_threads) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (const char* name : zones)
                EXPECT_GE(bucket_edges(find(name), {at("2026-03-01"), at("2026-04-01")}, time_step::hour).size(), 743U);
        });
    for (auto& t : threads)
        t.join();
}
