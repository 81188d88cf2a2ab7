#pragma once

#include <lineside/alert.hpp>
#include <lineside/webhook.hpp>

#include "wire/describe.hpp"
#include "wire/describe_dashboard.hpp"

// Alerts and webhooks, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(alert_area, balance, asr, acd, pdd, cps, channels, consecutive_failures, daily_spend)
BOOST_DESCRIBE_ENUM(alert_operator, less, less_or_equal, equal, greater_or_equal, greater)
BOOST_DESCRIBE_ENUM(alert_event_kind, fired, repeated, held_back, reset, tested)
BOOST_DESCRIBE_ENUM(alert_test_delivery, simulate, send)
BOOST_DESCRIBE_STRUCT(quiet_hours, (), (from_minute, to_minute, zone))
BOOST_DESCRIBE_STRUCT(alert_rule, (),
                      (account, id, title, area, op, threshold, reset_threshold, sample_period, minimum_samples,
                       repeat_period, level, recipients, quiet, enabled, created_at))
BOOST_DESCRIBE_STRUCT(alert_rule_key, (), (account, rule))
BOOST_DESCRIBE_STRUCT(alert_rule_query, (), (account, cursor, limit))
BOOST_DESCRIBE_STRUCT(alert_event, (),
                      (account, number, at, rule, title, area, kind, level, value, samples, threshold, text))
BOOST_DESCRIBE_STRUCT(alert_event_query, (), (account, rule, range, cursor, limit))
BOOST_DESCRIBE_STRUCT(alert_test_request, (), (account, rule, delivery))
BOOST_DESCRIBE_STRUCT(alert_test, (), (event, would_fire, recipients, message))
BOOST_DESCRIBE_STRUCT(alert_backtest_request, (), (rule, range))
BOOST_DESCRIBE_STRUCT(alert_backtest, (), (range, evaluations, fired, held_back, events))
BOOST_DESCRIBE_STRUCT(work_request, (), (most_deliveries))
BOOST_DESCRIBE_STRUCT(work_report, (), (evaluated, fired, delivered, failed, waiting, next_due))

BOOST_DESCRIBE_ENUM(delivery_status, waiting, delivered, dead)
BOOST_DESCRIBE_ENUM(delivery_channel, callback, mail, webhook)
BOOST_DESCRIBE_STRUCT(webhook, (), (account, id, url, events, created_at, enabled))
BOOST_DESCRIBE_STRUCT(webhook_create, (), (account, url, events))
BOOST_DESCRIBE_STRUCT(webhook_grant, (), (webhook, signing_secret))
BOOST_DESCRIBE_STRUCT(webhook_key, (), (account, webhook))
BOOST_DESCRIBE_STRUCT(webhook_query, (), (account, cursor, limit))
BOOST_DESCRIBE_STRUCT(delivery, (),
                      (account, id, channel, webhook, to, event, body, status, attempts, created_at, next_attempt_at,
                       last_failure))
BOOST_DESCRIBE_STRUCT(delivery_query, (), (account, status, cursor, limit))
BOOST_DESCRIBE_STRUCT(delivery_key, (), (account, delivery))

BOOST_DESCRIBE_STRUCT(page<alert_rule>, (), (items, next))
BOOST_DESCRIBE_STRUCT(page<alert_event>, (), (items, next))
BOOST_DESCRIBE_STRUCT(page<webhook>, (), (items, next))
BOOST_DESCRIBE_STRUCT(page<delivery>, (), (items, next))

} // namespace lineside
