#include "rules/layout.hpp"

#include "rules/calendar.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace lineside::rules {

namespace {

constexpr std::size_t longest_id = 64;
constexpr std::uint32_t columns = 4;
constexpr std::uint32_t most_rows = 4;
constexpr std::uint32_t most_hours = 366 * 24;
constexpr std::uint32_t default_hours = 24;

// Of a widget, by its place.
class widget_check {
public:
    widget_check(const widget& w, std::size_t index) : w_(w), at_("widgets/" + std::to_string(index)) {}

    void run() const {
        check_id();
        check_number(w_.width, columns, "width");
        check_number(w_.height, most_rows, "height");
        if (w_.kind == widget_kind::graph)
            check_graph();
        else if (w_.metric)
            refuse("metric", "only a graph has a metric");
        else if (w_.range_hours)
            refuse("range_hours", "only a graph has a range");
        else if (w_.step)
            refuse("step", "only a graph has a step");
        if (w_.kind != widget_kind::summary_table && w_.period)
            refuse("period", "only a summary table has a period");
        check_zone();
    }

    [[noreturn]] void refuse(std::string_view member, std::string why) const {
        throw error(errc::invalid_argument, std::move(why), at_ + '/' + std::string(member));
    }

private:
    void check_id() const {
        const auto plain = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                   c == '.';
        };
        if (w_.id.empty() || w_.id.size() > longest_id || !std::all_of(w_.id.begin(), w_.id.end(), plain))
            refuse("id", "a widget's id is 1 to 64 letters, digits, dots, dashes and underscores");
    }
    void check_number(std::uint32_t n, std::uint32_t most, std::string_view member) const {
        if (n < 1 || n > most)
            refuse(member, "a widget's " + std::string(member) + " is 1 to " + std::to_string(most));
    }
    void check_graph() const {
        if (!w_.metric)
            refuse("metric", "a graph needs a metric");
        const auto hours = w_.range_hours.value_or(default_hours);
        if (hours < 1 || hours > most_hours)
            refuse("range_hours", "a graph looks back 1 to 8784 hours");
        const std::uint64_t minutes = std::uint64_t{hours} * 60;
        const auto step = w_.step.value_or(time_step::hour);
        const std::uint64_t points = step == time_step::minute         ? minutes
                                     : step == time_step::five_minutes ? minutes / 5
                                                                       : hours;
        if (points > most_graph_points)
            refuse("step", "a graph of " + std::to_string(hours) + " hours in steps of " +
                               std::string(to_string(step)) + " has " + std::to_string(points) +
                               " points; at most 10080");
    }
    void check_zone() const {
        if (w_.zone.empty())
            return;
        if (w_.kind == widget_kind::summary_table)
            refuse("zone", "Summary rows are UTC in every zone");
        if (w_.kind != widget_kind::graph && w_.kind != widget_kind::alerts)
            refuse("zone", "only graphs and alerts have a zone");
        if (!zone::find(w_.zone))
            refuse("zone", "there is no time zone '" + w_.zone + "'");
    }

    const widget& w_;
    std::string at_;
};

widget graph_of(metric m) {
    widget w;
    w.id = to_string(m);
    w.kind = widget_kind::graph;
    w.metric = m;
    w.width = 2;
    w.height = 2;
    w.range_hours = default_hours;
    w.step = time_step::five_minutes;
    return w;
}

widget plain(widget_kind k) {
    widget w;
    w.id = to_string(k);
    w.kind = k;
    return w;
}

} // namespace

void check_widgets(std::span<const widget> widgets) {
    if (widgets.size() > most_widgets)
        throw error(errc::invalid_argument, "a layout has at most 50 widgets", "widgets");
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < widgets.size(); ++i) {
        const widget_check check(widgets[i], i);
        check.run();
        if (!ids.insert(widgets[i].id).second)
            check.refuse("id", "two widgets are called '" + widgets[i].id + "'");
    }
}

std::optional<permission> needs(widget_kind k) noexcept {
    switch (k) {
    case widget_kind::channel_count: return permission::view_channels;
    case widget_kind::balance: return permission::view_balance;
    case widget_kind::graph: return permission::view_graphs;
    case widget_kind::summary_table: return permission::view_summary;
    case widget_kind::alerts: return permission::view_alerts;
    case widget_kind::checklist: break;
    }
    return std::nullopt;
}

std::vector<widget> visible(std::vector<widget> widgets, permission_set may) {
    std::erase_if(widgets, [&](const widget& w) {
        const auto needed = needs(w.kind);
        return needed && !may.contains(*needed);
    });
    return widgets;
}

std::vector<widget> default_widgets(permission_set may) {
    auto last_day = plain(widget_kind::summary_table);
    last_day.period = summary_period::live;
    last_day.width = columns;
    last_day.height = 3;
    return visible({plain(widget_kind::channel_count), plain(widget_kind::balance), plain(widget_kind::checklist),
                    plain(widget_kind::alerts), graph_of(metric::live_channels), graph_of(metric::asr),
                    graph_of(metric::acd), graph_of(metric::dtmf_percent), std::move(last_day)},
                   may);
}

} // namespace lineside::rules
