#include "wire/describe_alert.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(alert_rule)
LINESIDE_JSON(alert_rule_key)
LINESIDE_JSON(alert_rule_query)
LINESIDE_JSON(page<alert_rule>)
LINESIDE_JSON(std::vector<alert_rule>)
LINESIDE_JSON(alert_event)
LINESIDE_JSON(alert_event_query)
LINESIDE_JSON(page<alert_event>)
LINESIDE_JSON(std::vector<alert_event>)
LINESIDE_JSON(alert_test_request)
LINESIDE_JSON(alert_test)
LINESIDE_JSON(alert_backtest_request)
LINESIDE_JSON(alert_backtest)
LINESIDE_JSON(work_request)
LINESIDE_JSON(work_report)
LINESIDE_JSON(webhook)
LINESIDE_JSON(webhook_create)
LINESIDE_JSON(webhook_grant)
LINESIDE_JSON(webhook_key)
LINESIDE_JSON(webhook_query)
LINESIDE_JSON(page<webhook>)
LINESIDE_JSON(std::vector<webhook>)
LINESIDE_JSON(delivery)
LINESIDE_JSON(delivery_query)
LINESIDE_JSON(delivery_key)
LINESIDE_JSON(page<delivery>)
LINESIDE_JSON(std::vector<delivery>)

} // namespace lineside::wire
