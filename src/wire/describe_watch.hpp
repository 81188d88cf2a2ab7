#pragma once

#include <lineside/watch_update.hpp>

#include "wire/describe_alert.hpp"
#include "wire/describe_channel.hpp"
#include "wire/describe_dashboard.hpp"
#include "wire/describe_money.hpp"

// Live data, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(watch_topic, channels, live_calls, balance, alerts, summary, dashboard)
BOOST_DESCRIBE_ENUM(watch_kind, snapshot, change, event, resync)
BOOST_DESCRIBE_STRUCT(watch_request, (), (account, contact, topics, resume))
BOOST_DESCRIBE_STRUCT(live_call_key, (), (source, call_id, branch))
BOOST_DESCRIBE_STRUCT(live_call_changes, (), (calls, ended, more))
BOOST_DESCRIBE_STRUCT(summary_changes, (), (rows, gone))
BOOST_DESCRIBE_STRUCT(dashboard, (), (layout, checklist))
BOOST_DESCRIBE_STRUCT(watch_update, (),
                      (topic, kind, position, at, channels, live_calls, balance, alert, summary, dashboard))

} // namespace lineside
