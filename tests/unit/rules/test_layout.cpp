#include <lineside/error.hpp>

#include "rules/layout.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

widget graph() {
    widget w;
    w.id = "g";
    w.kind = widget_kind::graph;
    w.metric = metric::asr;
    return w;
}

widget of(widget_kind k) {
    widget w;
    w.id = "w";
    w.kind = k;
    return w;
}

std::string fault_of(const std::vector<widget>& widgets) {
    try {
        check_widgets(widgets);
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        EXPECT_FALSE(std::string(e.what()).empty());
        return e.details().field;
    }
    return {};
}

template <class Change>
std::string fault_after(widget w, Change change) {
    change(w);
    return fault_of({w});
}

} // namespace

TEST(layout, every_kind_of_widget_is_accepted_as_it_is) {
    for (const auto k : {widget_kind::channel_count, widget_kind::balance, widget_kind::summary_table,
                         widget_kind::checklist, widget_kind::alerts})
        EXPECT_EQ(fault_of({of(k)}), "") << to_string(k);
    EXPECT_EQ(fault_of({graph()}), "");
    EXPECT_EQ(fault_of({}), "");
}

TEST(layout, ids_are_plain_and_unique) {
    for (const auto* bad : {"", "a b", "é", "a/b"})
        EXPECT_EQ(fault_after(graph(), [&](widget& w) { w.id = bad; }), "widgets/0/id") << bad;
    EXPECT_EQ(fault_after(graph(), [](widget& w) { w.id = std::string(65, 'x'); }), "widgets/0/id");
    EXPECT_EQ(fault_of({graph(), of(widget_kind::alerts), graph()}), "widgets/2/id");
}

TEST(layout, sizes_are_1_to_4) {
    for (const std::uint32_t bad : {0U, 5U, 4'000'000'000U}) {
        EXPECT_EQ(fault_after(graph(), [&](widget& w) { w.width = bad; }), "widgets/0/width");
        EXPECT_EQ(fault_after(graph(), [&](widget& w) { w.height = bad; }), "widgets/0/height");
    }
    EXPECT_EQ(fault_after(graph(), [](widget& w) { w.width = w.height = 4; }), "");
}

TEST(layout, a_graph_needs_a_metric_and_nothing_else_has_one) {
    EXPECT_EQ(fault_after(graph(), [](widget& w) { w.metric.reset(); }), "widgets/0/metric");
    EXPECT_EQ(fault_after(of(widget_kind::balance), [](widget& w) { w.metric = metric::asr; }), "widgets/0/metric");
    EXPECT_EQ(fault_after(of(widget_kind::balance), [](widget& w) { w.range_hours = 1; }), "widgets/0/range_hours");
    EXPECT_EQ(fault_after(of(widget_kind::balance), [](widget& w) { w.step = time_step::day; }), "widgets/0/step");
    EXPECT_EQ(fault_after(graph(), [](widget& w) { w.period = summary_period::live; }), "widgets/0/period");
}

TEST(layout, a_graph_looks_back_an_hour_to_a_year_in_steps_that_can_be_drawn) {
    const auto range = [](std::uint32_t hours, time_step step) {
        return fault_after(graph(), [&](widget& w) {
            w.range_hours = hours;
            w.step = step;
        });
    };
    EXPECT_EQ(range(0, time_step::hour), "widgets/0/range_hours");
    EXPECT_EQ(range(8'785, time_step::day), "widgets/0/range_hours");
    EXPECT_EQ(range(8'784, time_step::hour), "");
    EXPECT_EQ(range(168, time_step::minute), "");
    EXPECT_EQ(range(169, time_step::minute), "widgets/0/step");
    EXPECT_EQ(range(840, time_step::five_minutes), "");
    EXPECT_EQ(range(841, time_step::five_minutes), "widgets/0/step");
}

TEST(layout, a_zone_exists_and_never_moves_the_summary) {
    EXPECT_EQ(fault_after(graph(), [](widget& w) { w.zone = "Europe/Kyiv"; }), "");
    EXPECT_EQ(fault_after(graph(), [](widget& w) { w.zone = "Europe/Atlantis"; }), "widgets/0/zone");
    EXPECT_EQ(fault_after(of(widget_kind::summary_table), [](widget& w) { w.zone = "Europe/Kyiv"; }), "widgets/0/zone");
    EXPECT_EQ(fault_after(of(widget_kind::balance), [](widget& w) { w.zone = "Europe/Kyiv"; }), "widgets/0/zone");
}

TEST(layout, has_at_most_50_widgets) {
    std::vector<widget> many;
    for (int i = 0; i < 50; ++i) {
        many.push_back(graph());
        many.back().id = std::to_string(i);
    }
    EXPECT_EQ(fault_of(many), "");
    many.push_back(of(widget_kind::alerts));
    EXPECT_EQ(fault_of(many), "widgets");
}

TEST(layout, the_default_is_valid_and_has_everything_the_page_is_about) {
    const auto all = default_widgets(permission_set::everything());
    EXPECT_EQ(fault_of(all), "");
    std::vector<metric> graphs;
    for (const auto& w : all)
        if (w.metric)
            graphs.push_back(*w.metric);
    EXPECT_EQ(graphs, (std::vector<metric>{metric::live_channels, metric::asr, metric::acd, metric::dtmf_percent}));
    EXPECT_EQ(all.size(), 9U);
}

TEST(layout, the_default_hides_what_may_not_be_seen) {
    EXPECT_EQ(default_widgets({}).size(), 1U) << "the checklist is everybody's";
    for (const auto& w : default_widgets(permissions_of(role::viewer)))
        EXPECT_TRUE(w.kind != widget_kind::balance && w.kind != widget_kind::alerts) << to_string(w.kind);
}
