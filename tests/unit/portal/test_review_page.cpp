#include "portal/engine/review/review_page.hpp"
#include "portal/engine/review/review_style.hpp"
#include "portal/engine/texts.hpp"
#include "rules/contrast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {
namespace {

using namespace std::chrono_literals;

const instant noon = parse_instant("2026-03-10T12:00:00Z").value();

// With something in every part.
review full(std::string language = "en") {
    review r;
    r.account = account_id("acme");
    r.week = {noon - 168h, noon};
    r.zone = "Europe/Berlin";
    r.language = std::move(language);
    r.sign_ins = 1'234;
    r.failed_sign_ins = 5;
    r.anomalies = std::vector<sign_in_anomaly>{{noon - 3h, "contact c-1", "new_network", "192.0.2.1", "New network."}};
    r.changes.emplace();
    access_entry e;
    e.at = noon - 2h;
    e.who = "contact c-1";
    e.action = "update_contact";
    e.target = "c-2";
    e.detail = "role viewer to manager";
    r.changes->push_back(e);
    r.log = access_log_verdict{r.account, 77, true, {}, {}, "abc"};
    r.days.emplace();
    for (int i = 0; i < 14; ++i)
        r.days->push_back({noon - 24h * (14 - i), 100, 50, 50.0, 60.0});
    r.movers = std::vector<metric_move>{{metric::asr, "49", 50.0, 30.0, 700}};
    alert_event a;
    a.at = noon - 1h;
    a.title = "ASR low";
    a.level = severity::error;
    a.text = "31 %";
    r.alerts = std::vector<alert_event>{a};
    contact c;
    c.name = "Robin";
    c.email = "robin@example.com";
    r.unverified = std::vector<contact>{c};
    r.expiring = std::vector<expiring_thing>{{"api_key", "k-1", "nightly", noon + 24h}};
    return r;
}

const shown_names names{{"contact c-1", "Ann"}, {"contact c-2", "Robin"}};

std::string page(const review& r) { return review_page(r, "Acme", names); }

bool has(const std::string& html, std::string_view what) { return html.find(what) != std::string::npos; }

// The tags that are open at the end, or the first one that does not fit.
std::string unbalanced(std::string_view html) {
    static constexpr std::string_view alone[] = {"!doctype", "meta", "br", "rect/", "line/"};
    std::vector<std::string> open;
    for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
        const auto end = html.find('>', at);
        const auto tag = std::string(html.substr(at + 1, end - at - 1));
        const auto name = tag.substr(0, tag.find(' ')) + (tag.ends_with('/') && tag.find(' ') < tag.size() ? "/" : "");
        if (std::find(std::begin(alone), std::end(alone), name) != std::end(alone))
            continue;
        if (name.front() != '/')
            open.push_back(name);
        else if (open.empty() || open.back() != name.substr(1))
            return name + " at " + std::string(html.substr(at, 60));
        else
            open.pop_back();
    }
    return open.empty() ? "" : open.back();
}

TEST(review_page, shows_every_part) {
    const auto html = page(full());
    for (const auto* what : {"1\u202f234", "New network.", "Ann", "update_contact", "role viewer to manager",
                             "complete and unchanged. Entries: 77.", "+49", "50.00\u202f%", "30.00\u202f%", "ASR low",
                             "Error", "robin@example.com", "API key nightly", "Europe/Berlin", "2026-03-10 13:00"})
        EXPECT_TRUE(has(html, what)) << what;
}

TEST(review_page, is_well_formed_in_every_language) {
    for (const auto language : text_languages()) {
        const auto html = page(full(std::string(language)));
        EXPECT_EQ(unbalanced(html), "") << language;
        EXPECT_TRUE(has(html, "<html lang=\"" + std::string(language) + "\"")) << language;
    }
    EXPECT_EQ(unbalanced(page({})), "");
    EXPECT_NE(unbalanced("<p><b></p>"), "") << "the check itself";
}

TEST(review_page, arabic_runs_from_right_to_left) {
    EXPECT_TRUE(has(page(full("ar")), "dir=\"rtl\""));
    EXPECT_TRUE(has(page(full("he")), "dir=\"ltr\"")) << "a language it has no texts in is English";
}

TEST(review_page, a_part_that_is_unset_leaves_no_trace) {
    const auto without = [](auto reset) {
        auto r = full();
        reset(r);
        return page(r);
    };
    EXPECT_FALSE(has(without([](review& r) { r.anomalies.reset(); }), "Unusual"));
    EXPECT_FALSE(has(without([](review& r) { r.changes.reset(); }), "Changes"));
    EXPECT_FALSE(has(without([](review& r) { r.log.reset(); }), "access log"));
    EXPECT_FALSE(has(without([](review& r) { r.days.reset(); }), "<svg viewBox=\"0 0 140"));
    EXPECT_FALSE(has(without([](review& r) { r.movers.reset(); }), "moved"));
    EXPECT_FALSE(has(without([](review& r) { r.alerts.reset(); }), "Alerts"));
    EXPECT_FALSE(has(without([](review& r) { r.unverified.reset(); }), "Unverified"));
    EXPECT_FALSE(has(without([](review& r) { r.expiring.reset(); }), "Expires"));
    EXPECT_FALSE(has(without([](review& r) { r.sign_ins.reset(); }), "1\u202f234"));
}

TEST(review_page, a_part_without_anything_says_so) {
    auto r = full();
    r.anomalies->clear();
    r.changes->clear();
    r.movers->clear();
    r.alerts->clear();
    r.unverified->clear();
    r.expiring->clear();
    const auto html = page(r);
    for (const auto* what : {"Nothing unusual.", "No changes.", "Nothing moved", "No alert fired.",
                             "All addresses are verified.", "Nothing expires within 30 days."})
        EXPECT_TRUE(has(html, what)) << what;
    EXPECT_FALSE(has(html, "<table"));
}

TEST(review_page, a_broken_log_is_told_with_its_entry) {
    auto r = full();
    r.log->intact = false;
    r.log->first_broken = 12'345;
    EXPECT_TRUE(has(page(r), "first at entry 12\u202f345"));
}

TEST(review_page, a_day_that_is_not_known_is_a_gap_and_a_week_that_is_not_a_dash) {
    auto r = full();
    r.days->at(13).asr.reset();
    const auto html = page(r);
    // 14 attempts, 13 ASR, 14 ACD and two bars of the mover.
    std::size_t bars = 0;
    for (auto at = html.find("<rect"); at != std::string::npos; at = html.find("<rect", at + 1))
        ++bars;
    EXPECT_EQ(bars, 14U + 13U + 14U + 2U);
    EXPECT_TRUE(has(html, "<span>ASR</span><b><bdi>–</bdi></b><span>week before: 50.00\u202f%</span>"));
}

TEST(review_page, weeks_are_sums_of_calls_and_not_averages_of_days) {
    auto r = full();
    for (auto& d : *r.days)
        d = {d.start, 0, 0, {}, {}};
    r.days->at(7) = {r.days->at(7).start, 1'000, 100, 10.0, 60.0};
    r.days->at(8) = {r.days->at(8).start, 10, 9, 90.0, 300.0};
    const auto html = page(r);
    EXPECT_TRUE(has(html, "<b><bdi>10.79\u202f%</bdi></b>"));
    EXPECT_TRUE(has(html, "<b><bdi>79.82\u202fs</bdi></b>"));
}

TEST(review_page, everything_from_outside_is_escaped) {
    const std::string nasty = "<b onclick='x'>&\"";
    auto r = full();
    r.anomalies->at(0).text = nasty;
    r.changes->at(0).who = nasty;
    r.changes->at(0).source_ip = nasty;
    r.changes->at(0).action = nasty;
    r.changes->at(0).target = nasty;
    r.changes->at(0).detail = nasty;
    r.movers->at(0).destination = nasty;
    r.alerts->at(0).title = nasty;
    r.alerts->at(0).text = nasty;
    r.unverified->at(0).name = nasty;
    r.unverified->at(0).email = nasty;
    r.expiring->at(0).name = nasty;
    const auto html = review_page(r, nasty, names);
    EXPECT_FALSE(has(html, "<b onclick"));
    EXPECT_FALSE(has(html, "'x'"));
    EXPECT_EQ(unbalanced(html), "");
}

// ---- the style

// The colours of one of its schemes, by their names.
std::map<std::string, rules::colour> colours_of(std::string_view css) {
    std::map<std::string, rules::colour> all;
    for (auto at = css.find("--"); at != std::string_view::npos && at < css.find('}'); at = css.find("--", at + 2)) {
        const auto colon = css.find(':', at);
        all[std::string(css.substr(at + 2, colon - at - 2))] =
            rules::parse_colour(css.substr(colon + 1, 7)).value_or(rules::colour());
    }
    return all;
}

TEST(review_page, can_be_read_on_light_and_on_dark) {
    const auto dark_at = review_style.find("prefers-color-scheme:dark");
    ASSERT_NE(dark_at, std::string_view::npos);
    for (const auto css : {review_style.substr(0, dark_at), review_style.substr(dark_at)}) {
        const auto colours = colours_of(css);
        ASSERT_EQ(colours.size(), 10U);
        for (const auto* paper : {"page", "card"}) {
            for (const auto* text : {"ink", "quiet", "bad", "warn", "good"})
                EXPECT_GE(rules::contrast(colours.at(text), colours.at(paper)), rules::readable_contrast)
                    << text << " on " << paper;
            for (const auto* shape : {"bar", "past"})
                EXPECT_GE(rules::contrast(colours.at(shape), colours.at(paper)), 3.0) << shape << " on " << paper;
        }
    }
}

TEST(review_page, needs_nothing_from_anywhere) {
    const auto html = page(full());
    for (const auto* needs : {"<script", "<link", "<img", "src=", "href=", "url(", "@import", "//"})
        EXPECT_FALSE(has(html, needs)) << needs;
    EXPECT_TRUE(has(html, "default-src 'none'"));
}

} // namespace
} // namespace lineside
