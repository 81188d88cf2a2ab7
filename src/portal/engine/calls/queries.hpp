#pragma once

#include <lineside/call.hpp>
#include <lineside/data_export.hpp>
#include <lineside/explanation.hpp>
#include <lineside/page.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>

#include "portal/engine/calls/ledger.hpp"
#include "portal/engine/live/channels.hpp"
#include "portal/launch.hpp"

#include <functional>
#include <optional>

namespace lineside {

/// Answers questions from one consistent view. Lives for one operation, on one thread. Throws `lineside::error`.
class queries {
public:
    queries(ledger_view view, channels& live, instant now, const stopper& stop)
        : view_(std::move(view)),
          live_(live),
          now_(now),
          stop_(stop) {}

    [[nodiscard]] account get_account(const account_id& id);
    [[nodiscard]] page<account> list_accounts(const account_query& q);
    [[nodiscard]] page<call> list_calls(const call_query& q);
    [[nodiscard]] series query_series(const series_query& q);
    [[nodiscard]] summary query_summary(const summary_query& q);
    [[nodiscard]] selection_statistics query_statistics(const statistics_query& q);
    [[nodiscard]] explanation explain(const explain_query& q);
    [[nodiscard]] export_report export_data(const export_request& q);
    /// Visits the calls of a range, or all there are where it is empty, in the order of time.
    void scan_calls(const account_id& account, time_range range,
                    const std::function<void(const store::stored_call&)>& visit);

private:
    struct summary_cells;

    [[nodiscard]] store::account_row find(const account_id& id);
    [[nodiscard]] summary_cells read_summary(const summary_query& q, const store::account_row& account);
    [[nodiscard]] summary show(const summary_query& q, const store::account_row& account, const summary_cells& cells);
    /// Visits calls in order until `visit` returns false.
    void each_call(const call_query& q, const store::account_row& account,
                   const std::function<bool(const store::stored_call&)>& visit);
    [[nodiscard]] std::optional<instant> watermark_of(const store::account_row& account);
    [[nodiscard]] call to_call(const store::stored_call& c);

    ledger_view view_;
    channels& live_;
    const instant now_;
    const stopper& stop_;
    std::vector<std::string> sources_;
};

} // namespace lineside
