#include "portal/engine/alerts/alert_evaluation.hpp"
#include "portal/engine/alerts/alert_outbox.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/records.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What is to be done because time passes.
namespace lineside {

namespace {

constexpr std::uint32_t most_deliveries_a_run = 10'000;
// A receiver that does not answer takes seconds. An account whose receivers fail waits for the next run with the rest.
constexpr std::uint32_t most_failures_an_account = 5;

/// The deliveries of each account in turn, so that nobody waits for all of somebody else's.
class turns_of_accounts {
public:
    explicit turns_of_accounts(std::vector<due_record> due) {
        for (auto& d : due)
            lines_[d.account].push_back(std::move(d));
        next_ = lines_.begin();
    }

    [[nodiscard]] std::optional<due_record> next() {
        if (lines_.empty())
            return std::nullopt;
        if (next_ == lines_.end())
            next_ = lines_.begin();
        auto& line = next_->second;
        auto d = std::move(line.front());
        line.pop_front();
        next_ = line.empty() ? lines_.erase(next_) : std::next(next_);
        return d;
    }
    void leave(std::uint32_t account) {
        const auto line = lines_.find(account);
        if (line == lines_.end())
            return;
        const bool is_next = next_ == line;
        const auto after = lines_.erase(line);
        if (is_next)
            next_ = after;
    }

private:
    std::map<std::uint32_t, std::deque<due_record>> lines_; // by account key; none is empty
    std::map<std::uint32_t, std::deque<due_record>>::iterator next_;
};

void sooner(std::optional<instant>& next, std::optional<instant> other) {
    if (other && (!next || *other < *next))
        next = other;
}

void evaluate_all(engine_core& core, work_report& report, const stopper& stop) {
    for (const auto& account : core.alerts.watched(*core.db)) {
        stop.check();
        const auto e = evaluate_alerts(core, account_id(account), which_rules::due, stop);
        report.evaluated += e.evaluated;
        report.fired += e.fired;
        sooner(report.next_due, e.next_look);
    }
}

void deliver(engine_core& core, std::uint32_t most, work_report& report, const stopper& stop) {
    turns_of_accounts turns(due_deliveries(*core.db->read(), core.now()));
    std::map<std::uint32_t, std::uint32_t> failures;
    for (std::uint32_t tried = 0; tried < most;) {
        const auto d = turns.next();
        if (!d)
            return;
        stop.check();
        switch (attempt_delivery(core, d->account, d->delivery, stop)) {
        case attempt_result::not_ours: continue;
        case attempt_result::delivered: ++report.delivered; break;
        case attempt_result::failed:
            ++report.failed;
            if (++failures[d->account] == most_failures_an_account)
                turns.leave(d->account);
            break;
        }
        ++tried;
    }
}

void forget_old(engine_core& core, instant now, const stopper& stop) {
    for (const auto& account : core.alerts.watched(*core.db)) {
        stop.check();
        const auto key = [&]() -> std::optional<std::uint32_t> {
            const auto db = core.db->read();
            const auto row = db->find_account(account);
            return row && has_old_deliveries(*db, row->key, now) ? std::optional(row->key) : std::nullopt;
        }();
        if (!key)
            continue;
        const auto tx = core.db->write();
        forget_old_deliveries(*tx, *key, now);
        tx->commit();
    }
}

} // namespace

work_report desk::run_due_work(work_request request) {
    if (request.most_deliveries < 1 || request.most_deliveries > most_deliveries_a_run)
        throw error(errc::invalid_argument, "a run makes 1 to 10,000 deliveries", "most_deliveries");
    work_report report;
    evaluate_all(core_, report, stop_);
    deliver(core_, request.most_deliveries, report, stop_);
    forget_old(core_, now_, stop_);
    answer_keeper::forget_old(*core_.db, now_, stop_);
    const auto outlook = outlook_of(*core_.db->read());
    report.waiting = outlook.waiting;
    sooner(report.next_due, outlook.next);
    return report;
}

} // namespace lineside
