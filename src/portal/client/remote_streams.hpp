#pragma once

#include "portal/client/client_core.hpp"

namespace lineside {

// The operations whose requests hold streams and functions. The functions are called on a thread that may block: the
// caller's where it waits, one of the client's otherwise.

void ask_remote(operation::import_records, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, import_request request, detail::completion<import_report> done);
void ask_remote(operation::export_data, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, export_request request, detail::completion<export_report> done);
/// Its progress is told once, when all of it has come.
void ask_remote(operation::backtest_alert_rule, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, alert_backtest_request request,
                detail::completion<alert_backtest> done);
void ask_remote(operation::compare_calls, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, dispute_request request, detail::completion<dispute_report> done);

} // namespace lineside
