#pragma once

#include "integration/contract/people.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lineside::contract {

/// An account, its alert rules and whoever is told.
class alerting_test : public people_test {
protected:
    const instant noon = clock.now();

    alerting_test() {
        settings.delivery.on_alert = [this](const alert_event& e) {
            if (host_fails)
                throw std::runtime_error("no");
            told.push_back(e);
        };
    }

    std::vector<alert_event> told; ///< what the host's callback was given
    bool host_fails = false;

    [[nodiscard]] static alert_rule rule(alert_area area, alert_operator op, double threshold,
                                         std::string title = "Quality") {
        alert_rule r;
        r.account = acme;
        r.title = std::move(title);
        r.area = area;
        r.op = op;
        r.threshold = threshold;
        return r;
    }
    /// ASR below 50 % in the last hour.
    [[nodiscard]] static alert_rule low_asr(std::string title = "Quality") {
        return rule(alert_area::asr, alert_operator::less, 50, std::move(title));
    }
    alert_rule make(alert_rule r) { return lineside().async_create_alert_rule(std::move(r), block); }
    alert_rule change(alert_rule r) { return lineside().async_update_alert_rule(std::move(r), block); }
    work_report work() { return lineside().async_run_due_work({}, block); }

    /// So many calls that all end at an instant, with ids of their own.
    [[nodiscard]] std::vector<call> ending(instant t, std::size_t answered, std::size_t failed) {
        std::vector<call> calls;
        for (std::size_t i = 0; i < answered + failed; ++i) {
            const auto id = "c" + std::to_string(made_++);
            calls.push_back(i < answered ? answered_call(id, t - seconds(65), seconds(60))
                                         : failed_call(id, t - seconds(8)));
        }
        return calls;
    }
    void arrive(std::size_t answered, std::size_t failed) { (void)import(ending(clock.now(), answered, failed)); }

    /// What the host was told of an area last; ids of one millisecond are in no order, and so are their events.
    [[nodiscard]] std::optional<double> told_of(alert_area area) const {
        const auto found = std::find_if(told.rbegin(), told.rend(), [&](const auto& e) { return e.area == area; });
        return found == told.rend() ? std::nullopt : found->value;
    }

    /// Oldest first.
    [[nodiscard]] std::vector<alert_event> history(alert_event_query q = {}) {
        q.account = acme;
        q.limit = 1'000;
        auto events = lineside().async_list_alert_events(q, block).items;
        std::reverse(events.begin(), events.end());
        return events;
    }
    [[nodiscard]] std::vector<alert_event_kind> kinds() {
        std::vector<alert_event_kind> all;
        for (const auto& e : history())
            all.push_back(e.kind);
        return all;
    }
    [[nodiscard]] std::vector<delivery> deliveries(delivery_query q = {}) {
        q.account = acme;
        q.limit = 1'000;
        return lineside().async_list_deliveries(q, block).items;
    }
    /// Has a code sent to the contact's address and answers it.
    void verify(portal& p) {
        (void)p.async_send_verification({}, block);
        verification_answer v;
        v.code = secret(code_in(box().mails.back().text));
        (void)p.async_verify_contact(std::move(v), block);
        box().mails.clear();
    }

private:
    std::size_t made_ = 0;
};

} // namespace lineside::contract
