#include "cli/dashboard.hpp"
#include "cli/graph.hpp"
#include "cli/terminal.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace lineside::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto null = std::numeric_limits<double>::quiet_NaN();

instant at(std::string_view text) { return parse_instant(text).value(); }

// The clocks of Berlin went from 2 to 3 at this instant.
const instant jump = at("2026-03-29T01:00:00Z");

// Up and down between `low` and `low + height`, in integers, so that every machine draws the same.
series zigzag(metric m, int height, int low, int period, bool with_gap) {
    series s{.account = account_id("acct-0001"), .metric = m, .unit = std::string(unit_of(m)), .zone = "Europe/Berlin"};
    int i = 0;
    for (instant t = at("2026-03-28T14:05:00Z"); t < at("2026-03-29T14:10:00Z"); t += 5min, ++i) {
        const int phase = i % (2 * period);
        const bool gap = with_gap && i > 120 && i < 150;
        s.time.push_back(t);
        s.offset_s.push_back(t < jump ? 3600 : 7200);
        s.value.push_back(gap ? null : low + height * (phase < period ? phase : 2 * period - phase) / period);
        s.numerator.push_back(0);
        s.denominator.push_back(gap ? 0 : 1);
        s.open_calls.push_back(0);
    }
    return s;
}

dashboard page() {
    dashboard p;
    p.account.id = account_id("acct-0001");
    p.account.name = "Acme Telecom";
    p.account.channel_limit = 1000U;
    p.at = at("2026-03-29T14:07:09Z");
    p.zone = "Europe/Berlin";
    p.offset = 2h;
    p.range = {p.at - 24h, p.at};
    p.live_channels = zigzag(metric::live_channels, 75, 2, 140, false);
    p.asr = zigzag(metric::asr, 12, 40, 35, true);
    p.acd = zigzag(metric::acd, 90, 130, 50, true);
    p.dtmf_percent = zigzag(metric::dtmf_percent, 9, 0, 80, true);
    for (int i = 0; i < 24; ++i) {
        const auto start = at("2026-03-28T15:00:00Z") + std::chrono::hours(i);
        summary_row row{.start = start, .end = start + 1h, .state = i < 23 ? row_state::provisional : row_state::open};
        if (i != 12) {
            row.attempts = 1000;
            row.answered = 450;
            row.asr = 45.0;
            row.acd_s = 180.37;
            row.talk_s = 81166.5;
            row.dtmf_calls = 22;
            row.dtmf_percent = 4.89;
            row.charge = money{12, 340'000'000, "EUR"};
            row.currency = "EUR";
        }
        p.last_day.rows.push_back(row);
    }
    return p;
}

std::string golden(const std::string& name) {
    std::ifstream in(std::string(LINESIDE_FIXTURES) + "/dashboard/" + name);
    return (std::ostringstream() << in.rdbuf()).str();
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    return text;
}

TEST(dashboard, looks_as_it_should_in_80_columns) {
    EXPECT_EQ(text_of(draw(page(), 80, colouring::off)), golden("80.txt"));
}

TEST(dashboard, looks_as_it_should_in_160_columns) {
    EXPECT_EQ(text_of(draw(page(), 160, colouring::off)), golden("160.txt"));
}

TEST(dashboard, fits_every_width_and_never_breaks_a_character) {
    for (std::size_t width = 48; width <= 200; ++width)
        for (const auto& line : draw(page(), width, colouring::off))
            ASSERT_LE(columns_of(line), width) << line;
}

TEST(dashboard, colour_adds_nothing_but_colour) {
    auto coloured = text_of(draw(page(), 80, colouring::on));
    EXPECT_NE(coloured.find("\033[32m"), std::string::npos);
    for (std::size_t escape = 0; (escape = coloured.find('\033')) != std::string::npos;)
        coloured.erase(escape, coloured.find('m', escape) - escape + 1);
    std::istringstream lines(coloured);
    std::vector<std::string> plain;
    for (std::string line; std::getline(lines, line);)
        plain.push_back(line);
    EXPECT_EQ(text_of(plain), golden("80.txt"));
}

TEST(dashboard, what_is_not_known_is_said_to_be_so_and_never_0) {
    auto p = page();
    p.account.channel_limit.reset();
    const auto text = text_of(draw(p, 80, colouring::off));
    EXPECT_NE(text.find("- channels, no limit"), std::string::npos);
    EXPECT_NE(text.find("balance not reported"), std::string::npos);
    EXPECT_NE(text.find("checklist not reported"), std::string::npos);
    p.account.channel_limit = 0U;
    EXPECT_NE(text_of(draw(p, 80, colouring::off)).find("- / 0 channels"), std::string::npos);
}

TEST(dashboard, what_is_known_of_the_moment_is_in_the_header) {
    auto p = page();
    p.checklist = 3;
    p.channels = 12;
    p.balance = money{-3, -200'000'000, "EUR"};
    const auto text = text_of(draw(p, 80, colouring::off));
    EXPECT_NE(text.find("checklist 3 │ 12 / 1000 channels │ balance -3.20 EUR"), std::string::npos) << text;
    p.account.channel_limit.reset();
    EXPECT_NE(text_of(draw(p, 80, colouring::off)).find("12 channels, no limit"), std::string::npos);
}

TEST(dashboard, names_cannot_drive_the_terminal) {
    auto p = page();
    p.account.name = "Evil\033[2J";
    EXPECT_EQ(text_of(draw(p, 80, colouring::off)).find('\033'), std::string::npos);
}

TEST(graph, an_empty_series_is_a_frame_that_says_so) {
    const series none{.unit = "%", .zone = "UTC"};
    const auto lines = draw({"ASR %", &none}, {at("2026-03-01"), at("2026-03-02")}, 40, 5, painter());
    EXPECT_NE(lines.front().find("nothing to show"), std::string::npos);
    EXPECT_EQ(lines.size(), 8U);
}

TEST(graph, buckets_that_share_a_dot_show_the_ratio_of_their_calls) {
    // 100 of 1000 and 9 of 10 answered: 10.79 %, not 50 %.
    series s{.metric = metric::asr, .unit = "%", .zone = "UTC"};
    s.time = {at("2026-03-01T00:00:00Z"), at("2026-03-01T00:01:00Z"), at("2026-03-01T00:02:00Z")};
    s.offset_s = {0, 0, 0};
    s.value = {10, 90, null};
    s.numerator = {100, 9, 0};
    s.denominator = {1000, 10, 0};
    const auto lines = draw({"ASR %", &s}, {at("2026-03-01"), at("2026-03-02")}, 60, 5, painter());
    EXPECT_NE(lines.front().find("max 10.79"), std::string::npos) << lines.front();
}

} // namespace
} // namespace lineside::cli
