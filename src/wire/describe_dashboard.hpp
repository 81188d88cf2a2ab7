#pragma once

#include <lineside/branding.hpp>
#include <lineside/checklist.hpp>
#include <lineside/layout.hpp>

#include "wire/describe.hpp"

// Checklist, layout and branding, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(severity, info, warning, error)
BOOST_DESCRIBE_STRUCT(checklist_query, (), (account, contact, language))
BOOST_DESCRIBE_STRUCT(checklist_item, (), (code, severity, text, remedy))
BOOST_DESCRIBE_STRUCT(checklist, (), (account, language, items))
BOOST_DESCRIBE_ENUM(widget_kind, channel_count, balance, graph, summary_table, checklist, alerts)
BOOST_DESCRIBE_STRUCT(widget, (), (id, kind, metric, period, width, height, range_hours, step, zone))
BOOST_DESCRIBE_STRUCT(layout_query, (), (account, contact))
BOOST_DESCRIBE_STRUCT(layout, (), (account, contact, widgets, customised))
BOOST_DESCRIBE_STRUCT(branding, (),
                      (domain, name, logo_url, text_colour, background_colour, accent_colour, support_name,
                       support_email, support_phone, languages))
BOOST_DESCRIBE_STRUCT(branding_key, (), (domain))
BOOST_DESCRIBE_STRUCT(branding_query, (), (cursor, limit))
BOOST_DESCRIBE_STRUCT(page<branding>, (), (items, next))

} // namespace lineside
