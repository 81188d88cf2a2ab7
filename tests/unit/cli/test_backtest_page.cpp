#include "cli/backtest_page.hpp"
#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

using namespace lineside;
using namespace lineside::cli;
using namespace std::chrono_literals;

namespace {

const instant midnight = std::chrono::sys_days(std::chrono::year{2026} / 3 / 2);

alert_backtest a_day() {
    alert_backtest b;
    b.range = {midnight, midnight + 24h};
    b.evaluations = 1'440;
    return b;
}

void add(alert_backtest& b, instant at, alert_event_kind kind) {
    alert_event e;
    e.at = at;
    e.kind = kind;
    b.events.push_back(std::move(e));
    b.fired += kind == alert_event_kind::fired || kind == alert_event_kind::repeated ? 1 : 0;
    b.held_back += kind == alert_event_kind::held_back ? 1 : 0;
}

std::string repeated(std::size_t n, std::string_view sign) {
    std::string text;
    for (; n > 0; --n)
        text += sign;
    return text;
}

} // namespace

TEST(backtest_page, what_never_fires_is_a_dotted_line) {
    const auto lines = draw(a_day(), 48, painter());
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "1440 looks, told never");
    EXPECT_EQ(lines[1], repeated(48, "·"));
    EXPECT_EQ(lines[2], "2026-03-02 00:00                2026-03-03 00:00");
}

TEST(backtest_page, each_column_shows_the_most_that_happened_in_it) {
    auto b = a_day();
    add(b, midnight + 1h, alert_event_kind::held_back);
    add(b, midnight + 2h + 10min, alert_event_kind::fired);
    add(b, midnight + 3h + 30min, alert_event_kind::reset);
    add(b, midnight + 12h, alert_event_kind::fired);
    add(b, midnight + 12h + 29min, alert_event_kind::reset);
    add(b, midnight + 12h + 29min + 59s, alert_event_kind::held_back);
    // Half an hour a column.
    const auto lines = draw(b, 48, painter());
    EXPECT_EQ(lines[0], "1440 looks, told 2 times, held back 2 times");
    EXPECT_EQ(lines[1], "··▒░█░░" + repeated(17, "·") + "█" + repeated(23, "░")) << "it still fires at the end";
    EXPECT_EQ(lines[3], "█ told  ▒ held back  ░ still firing  · fine");
}

TEST(backtest_page, the_last_column_ends_with_the_range) {
    auto b = a_day();
    add(b, midnight + 24h - 1ms, alert_event_kind::fired);
    EXPECT_EQ(draw(b, 48, painter())[1], repeated(47, "·") + "█");
    EXPECT_EQ(draw(b, 48, painter())[0], "1440 looks, told once");
}

TEST(backtest_page, the_strip_is_as_wide_as_asked_and_colour_takes_no_room) {
    auto b = a_day();
    for (auto t = midnight; t < midnight + 24h; t += 90min)
        add(b, t, t.time_since_epoch() / 90min % 2 == 0 ? alert_event_kind::fired : alert_event_kind::reset);
    for (const std::size_t width : {1U, 44U, 80U, 160U, 1'000U}) {
        const auto plain = draw(b, width, painter());
        EXPECT_EQ(columns_of(plain[1]), std::max<std::size_t>(width, 44));
        EXPECT_EQ(columns_of(plain[2]), columns_of(plain[1]));
        auto coloured = draw(b, width, painter(true));
        EXPECT_NE(coloured[1].find("\033[31m"), std::string::npos);
        for (std::size_t at = 0; (at = coloured[1].find('\033')) != std::string::npos;)
            coloured[1].erase(at, coloured[1].find('m', at) - at + 1);
        EXPECT_EQ(coloured[1], plain[1]);
    }
}

TEST(backtest_page, an_empty_range_has_no_strip) { EXPECT_EQ(draw(alert_backtest(), 80, painter()).size(), 1U); }
