#include "portal/desk.hpp"

// Operations that are being written. Each goes to the file of its noun; then this one is deleted.
namespace lineside {

#define LINESIDE_UNFINISHED(NAME, REQUEST, ANSWER) \
    ANSWER desk::NAME(REQUEST) { throw error(errc::internal, #NAME " is not there yet"); }

LINESIDE_UNFINISHED(create_alert_rule, alert_rule, alert_rule)
LINESIDE_UNFINISHED(update_alert_rule, alert_rule, alert_rule)
LINESIDE_UNFINISHED(delete_alert_rule, alert_rule_key, acknowledged)
LINESIDE_UNFINISHED(list_alert_rules, alert_rule_query, page<alert_rule>)
LINESIDE_UNFINISHED(test_alert_rule, alert_test_request, alert_test)
LINESIDE_UNFINISHED(backtest_alert_rule, alert_backtest_request, alert_backtest)
LINESIDE_UNFINISHED(list_alert_events, alert_event_query, page<alert_event>)
LINESIDE_UNFINISHED(run_due_work, work_request, work_report)
LINESIDE_UNFINISHED(create_webhook, webhook_create, webhook_grant)
LINESIDE_UNFINISHED(list_webhooks, webhook_query, page<webhook>)
LINESIDE_UNFINISHED(delete_webhook, webhook_key, acknowledged)
LINESIDE_UNFINISHED(list_deliveries, delivery_query, page<delivery>)
LINESIDE_UNFINISHED(replay_delivery, delivery_key, delivery)
LINESIDE_UNFINISHED(get_review, review_query, review)

} // namespace lineside
