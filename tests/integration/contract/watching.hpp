#pragma once

#include "integration/contract/alerting.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace lineside::contract {

/// An account, its live calls and alerts, and those who watch them.
class watching_test : public alerting_test {
protected:
    using alerting_test::sign_in;

    [[nodiscard]] static watch_request about(std::vector<watch_topic> topics, std::string resume = {}) {
        watch_request r;
        r.account = acme;
        r.topics = std::move(topics);
        r.resume = std::move(resume);
        return r;
    }
    [[nodiscard]] std::shared_ptr<watch> watch_for(std::vector<watch_topic> topics, std::string resume = {}) {
        return lineside().watch(about(std::move(topics), std::move(resume)));
    }
    /// The limit is for a defect: what is waited for has happened.
    [[nodiscard]] static watch_update next(watch& w) {
        call_options options;
        options.timeout = std::chrono::minutes(1);
        return w.async_next(options, block);
    }
    [[nodiscard]] static watch_update next(const std::shared_ptr<watch>& w) { return next(*w); }

    void tell(call_event_kind kind, const std::string& id, instant at, const account_id& account = acme) {
        call_event e;
        e.kind = kind;
        e.source = "switch";
        e.call_id = id;
        e.at = at;
        e.account = account;
        e.rate = money{1, 0, "EUR"};
        (void)lineside().async_report_call_events({{e}}, block);
    }
    void start(const std::string& id) { tell(call_event_kind::started, id, clock.now()); }
    void end(const std::string& id) { tell(call_event_kind::ended, id, clock.now() + seconds(1)); }

    /// In the order in which `apply_to` keeps them.
    [[nodiscard]] std::vector<live_call> calls() {
        live_call_query q;
        q.account = acme;
        q.filter = live_call_filter::all;
        q.limit = 5'000;
        auto all = lineside().async_list_live_calls(q, block).items;
        std::sort(all.begin(), all.end(), [](const live_call& a, const live_call& b) {
            return std::tie(a.started_at, a.source, a.call_id, a.branch) <
                   std::tie(b.started_at, b.source, b.call_id, b.branch);
        });
        return all;
    }
    [[nodiscard]] std::vector<summary_row> summary_hours() {
        summary_query q;
        q.account = acme;
        return lineside().async_query_summary(q, block).rows;
    }

    alert_rule tested_rule() { return make(low_asr()); }
    /// One more event in the account's history.
    void fire(const alert_rule& r) {
        clock.advance(seconds(61));
        (void)lineside().async_test_alert_rule({acme, r.id, alert_test_delivery::send}, block);
    }
};

} // namespace lineside::contract
