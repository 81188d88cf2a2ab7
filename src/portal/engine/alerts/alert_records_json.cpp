#include "portal/engine/alerts/alert_records.hpp"
#include "wire/describe_alert.hpp"
#include "wire/json_reader.hpp"

namespace lineside {

BOOST_DESCRIBE_STRUCT(alert_rule_record, (), (id, rule, revision, tested_at))
BOOST_DESCRIBE_STRUCT(alert_state_record, (), (id, state))
BOOST_DESCRIBE_STRUCT(webhook_record, (),
                      (id, url, events, signing_secret, enabled, sees_balance, sees_spend, created_at))
BOOST_DESCRIBE_STRUCT(delivery_record, (),
                      (id, channel, webhook, to, event, subject, body, area, status, attempts, created_at,
                       next_attempt_at, last_failure, replayed_at))
BOOST_DESCRIBE_STRUCT(outbox_record, (), (id, deliveries))
BOOST_DESCRIBE_STRUCT(due_record, (), (id, account, delivery))

} // namespace lineside

namespace lineside::rules {

BOOST_DESCRIBE_ENUM(alert_phase, armed, fired)
BOOST_DESCRIBE_ENUM(alert_told, nothing, held_back, notified)
BOOST_DESCRIBE_STRUCT(alert_state, (), (phase, told, fired_at, notified_at))

} // namespace lineside::rules

namespace lineside::wire {

LINESIDE_JSON(alert_rule_record)
LINESIDE_JSON(alert_state_record)
LINESIDE_JSON(webhook_record)
LINESIDE_JSON(delivery_record)
LINESIDE_JSON(outbox_record)
LINESIDE_JSON(due_record)

} // namespace lineside::wire
