#include "cli/output.hpp"
#include "cli/shown.hpp"

// What is to be done because time passes. One run and out: whatever runs it again holds the database no longer than that.
namespace lineside::cli {

namespace {

constexpr std::uint64_t most_deliveries = 10'000;

constexpr option options[] = {
    {"--deliveries", "N", "to try at most, 1 to 10000; 1000 unless given"},
    {"--json", "", "as JSON"},
};

exit_status run(session& s) {
    work_request request;
    if (s.args().has("--deliveries"))
        request.most_deliveries = static_cast<std::uint32_t>(number_of(s.args(), "--deliveries", 1, most_deliveries));
    const auto r = s.open().async_run_due_work(request, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(r);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"evaluated", "fired", "delivered", "failed", "waiting"})
        t.add_column(heading, alignment::right);
    t.add_column("next UTC", alignment::left);
    t.add_row({std::to_string(r.evaluated), std::to_string(r.fired), std::to_string(r.delivered),
               std::to_string(r.failed), std::to_string(r.waiting), r.next_due ? shown_time(*r.next_due, {}) : "-"});
    print(t);
    return exit_status::done;
}

} // namespace

command work_command() {
    return {
        {"work", "",
         "Evaluates alerts by the clock and makes the deliveries that are due, for a timer to run each minute. Mail "
         "fails here: this program has no mailer.",
         options, "lineside work"},
        run};
}

} // namespace lineside::cli
