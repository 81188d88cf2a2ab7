// alert: two rules, on ASR and on the balance, and what is said when they fire.
#include <lineside/lineside.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

using namespace lineside;

int main() {
    try {
        engine portal({.database = "sqlite::memory:"});
        const account_id harbour("harbour");
        (void)portal.async_create_account({.id = harbour, .currency = "EUR"}, block);

        alert_rule asr{.account = harbour, .title = "Calls fail"};
        asr.area = alert_area::asr;
        asr.op = alert_operator::less;
        asr.threshold = 40;
        asr.minimum_samples = 20;
        (void)portal.async_create_alert_rule(asr, block);

        alert_rule credit{.account = harbour, .title = "Credit runs out"};
        credit.area = alert_area::balance;
        credit.op = alert_operator::less;
        credit.threshold = 5;
        (void)portal.async_create_alert_rule(credit, block);

        payment_create top_up;
        top_up.account = harbour;
        top_up.total = parse_money("20.00", "EUR").value();
        top_up.status = payment_status::completed;
        (void)portal.async_create_payment(top_up, block);

        // Half an hour ago, forty calls, five of them answered, each for 4.00.
        call_batch calls;
        const instant start = std::chrono::floor<duration>(std::chrono::system_clock::now()) - std::chrono::minutes(30);
        for (int i = 0; i < 40; ++i) {
            call c;
            c.source = "switch";
            c.call_id = std::to_string(i);
            c.account_id = harbour;
            c.start_time = start;
            c.end_time = start + std::chrono::seconds(60);
            c.outcome = call_outcome::busy;
            if (i % 8 == 0) {
                c.outcome = call_outcome::answered;
                c.answer_time = start;
                c.duration_ms = std::chrono::seconds(60);
                c.charge = parse_money("4.00", "EUR").value();
            }
            calls.calls.push_back(c);
        }
        (void)portal.async_import_calls(std::move(calls), block);
        (void)portal.async_run_due_work({}, block); // a timer of the host, once a minute

        auto history = portal.async_list_alert_events({.account = harbour}, block).items;
        std::sort(history.begin(), history.end(), [](const auto& a, const auto& b) { return a.title < b.title; });
        for (const alert_event& e : history)
            std::printf("%s: %s, %.2f\n", e.title.c_str(), std::string(to_string(e.area)).c_str(), e.value.value());
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
