#include <lineside/checklist.hpp>
#include <lineside/layout.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<severity> severities[] = {
    {severity::info, "info"},
    {severity::warning, "warning"},
    {severity::error, "error"},
};
constexpr name_of<widget_kind> widget_kinds[] = {
    {widget_kind::channel_count, "channel_count"},
    {widget_kind::balance, "balance"},
    {widget_kind::graph, "graph"},
    {widget_kind::summary_table, "summary_table"},
    {widget_kind::checklist, "checklist"},
    {widget_kind::alerts, "alerts"},
};

} // namespace

std::string_view to_string(severity s) noexcept { return find_name(severities, s); }

std::string_view to_string(widget_kind k) noexcept { return find_name(widget_kinds, k); }

result<widget_kind> parse_widget_kind(std::string_view text) { return find_value(widget_kinds, text, "widget"); }

} // namespace lineside
