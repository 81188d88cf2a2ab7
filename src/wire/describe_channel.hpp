#pragma once

#include <lineside/channel.hpp>

#include "wire/describe.hpp"

// Live calls and channels, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(call_event_kind, started, answered, digit, ended)
BOOST_DESCRIBE_ENUM(live_call_state, ringing, answered, ghost)
BOOST_DESCRIBE_ENUM(live_call_filter, in_use, ghosts, all)
BOOST_DESCRIBE_STRUCT(call_event, (),
                      (kind, source, call_id, branch, at, sequence, account, cli, destination, direction, rate))
BOOST_DESCRIBE_STRUCT(call_event_batch, (), (events))
BOOST_DESCRIBE_STRUCT(call_event_report, (), (applied, ignored))
BOOST_DESCRIBE_STRUCT(live_call, (),
                      (account, source, call_id, branch, state, started_at, answered_at, cli, destination, direction,
                       dtmf_digits, rate))
BOOST_DESCRIBE_STRUCT(live_snapshot, (), (source, account, at, calls))
BOOST_DESCRIBE_STRUCT(live_snapshot_report, (), (confirmed, added, vanished))
BOOST_DESCRIBE_STRUCT(admission_request, (), (account, source, call_id, branch, at, cli, destination, direction, rate))
BOOST_DESCRIBE_STRUCT(admission, (), (admitted, reason, in_use, limit))
BOOST_DESCRIBE_STRUCT(channel_query, (), (account))
BOOST_DESCRIBE_STRUCT(channel_status, (),
                      (account, as_of, in_use, configured, ringing, answered, ghosts, drift, drift_net, aged_out,
                       peak_today))
BOOST_DESCRIBE_STRUCT(live_call_query, (), (account, filter, cursor, limit))
BOOST_DESCRIBE_STRUCT(page<live_call>, (), (items, next))

} // namespace lineside
