#include "cli/review_view.hpp"
#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineside::cli {
namespace {

using namespace std::chrono_literals;

const instant noon = parse_instant("2026-03-10T12:00:00Z").value();

review week() {
    review r;
    r.account = account_id("acme");
    r.week = {noon - 168h, noon};
    r.zone = "Europe/Berlin";
    return r;
}

std::string drawn(const review& r, std::size_t width = 100, bool colour = false) {
    std::string text;
    for (const auto& line : draw(r, width, painter(colour)))
        text += line + '\n';
    return text;
}

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

TEST(review_view, begins_with_the_week_in_the_accounts_zone) {
    EXPECT_EQ(drawn(week()), "Weekly review of acme\n2026-03-03 13:00 to 2026-03-10 13:00, Europe/Berlin\n\n")
        << "and leaves out what is unset";
}

TEST(review_view, shows_both_weeks_and_the_sums_of_their_calls) {
    auto r = week();
    r.days.emplace();
    for (int i = 0; i < 14; ++i)
        r.days->push_back({noon - 24h * (14 - i), 0, 0, {}, {}});
    r.days->at(7) = {r.days->at(7).start, 1'000, 100, 10.0, 60.0};
    r.days->at(8) = {r.days->at(8).start, 10, 9, 90.0, 300.0};
    const auto text = drawn(r);
    EXPECT_TRUE(has(text, "call attempts           1,010  week before           0  ▁▁▁▁▁▁▁ █▁▁▁▁▁▁")) << text;
    EXPECT_TRUE(has(text, "ASR                   10.79 %  week before           -          ▂█\n")) << text;
    EXPECT_TRUE(has(text, "ACD                   79.82 s")) << text;
}

TEST(review_view, a_broken_log_is_told_with_its_reason) {
    auto r = week();
    r.log = access_log_verdict{r.account, 9, false, 4, "the entry was changed", {}};
    EXPECT_TRUE(has(drawn(r), "access log       broken at entry 4: the entry was changed"));
}

TEST(review_view, long_texts_are_wrapped_under_their_beginning) {
    auto r = week();
    r.anomalies = std::vector<sign_in_anomaly>{
        {noon, "contact c-1", "new_network", "", "one two three four five six seven eight nine ten eleven twelve"}};
    for (const auto& line : draw(r, 60, painter(false)))
        EXPECT_LE(columns_of(line), 60U) << line;
    EXPECT_TRUE(has(drawn(r, 60), "  2026-03-10 13:00  one two three four five six seven eight\n"
                                  "                    nine ten eleven twelve\n"));
}

TEST(review_view, a_text_cannot_drive_the_terminal) {
    auto r = week();
    r.anomalies = std::vector<sign_in_anomaly>{{noon, "", "failed_burst", "", "a\x1b[2Jb"}};
    r.changes.emplace();
    access_entry e;
    e.who = "x\x1b]0;y\x07";
    r.changes->push_back(e);
    contact c;
    c.name = "\x1b[31mred";
    r.unverified = std::vector<contact>{c};
    EXPECT_EQ(drawn(r).find('\x1b'), std::string::npos);
}

TEST(review_view, colour_is_there_when_it_is_wanted) {
    auto r = week();
    r.failed_sign_ins = 3;
    EXPECT_TRUE(has(drawn(r, 80, true), "\033[33m"));
}

} // namespace
} // namespace lineside::cli
