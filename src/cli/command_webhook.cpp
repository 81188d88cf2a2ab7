#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <iterator>
#include <utility>
#include <vector>

// Webhooks, and what is on its way to them and others.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "whose webhooks", presence::required},
    {"--events", "LIST", "create: alert.fired,alert.repeated,alert.tested; all unless given"},
    {"--status", "STATUS", "deliveries: waiting, delivered or dead"},
    {"--limit", "N", "deliveries: the newest N, 1 to 1000; 100 unless given"},
    {"--json", "", "as JSON"},
};

std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& x : list)
        text += (text.empty() ? "" : ",") + x;
    return text.empty() ? "all" : text;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    std::vector<webhook> all;
    webhook_query query{.account = account_of(s.args()), .cursor = {}, .limit = 1'000};
    do {
        auto page = s.open().async_list_webhooks(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    if (form_of(s.args()) == output_form::json) {
        print_json(all);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"webhook", "URL", "events", "created UTC", "state"})
        t.add_column(heading, alignment::left);
    for (const auto& w : all)
        t.add_row({w.id, w.url, joined(w.events), shown_time(w.created_at, {}), w.enabled ? "on" : "off"});
    print(t);
    return exit_status::done;
}

// The secret is the only line on standard output, so that it can be piped into a file of mode 0600.
exit_status run_create(session& s, std::span<const std::string> operands) {
    webhook_create request{account_of(s.args()), operands[0], {}};
    if (const auto list = s.args().find("--events"))
        request.events = list_from(*list);
    const auto grant = s.open().async_create_webhook(std::move(request), s.options(), block);
    if (form_of(s.args()) == output_form::json)
        print_json(grant);
    else
        write_output(std::string(grant.signing_secret.reveal()) + '\n');
    return exit_status::done;
}

exit_status run_delete(session& s, std::span<const std::string> operands) {
    (void)s.open().async_delete_webhook({account_of(s.args()), operands[0]}, s.options(), block);
    return exit_status::done;
}

exit_status print_deliveries(const std::vector<delivery>& all) {
    table t;
    for (const auto heading : {"delivery", "UTC", "event", "by", "to", "status"})
        t.add_column(heading, alignment::left);
    t.add_column("attempts", alignment::right);
    for (const auto heading : {"next UTC", "last failure"})
        t.add_column(heading, alignment::left);
    for (const auto& d : all)
        t.add_row({d.id, shown_time(d.created_at, {}), d.event, std::string(to_string(d.channel)),
                   d.to.empty() ? "-" : d.to, std::string(to_string(d.status)), std::to_string(d.attempts),
                   d.next_attempt_at ? shown_time(*d.next_attempt_at, {}) : "-",
                   d.last_failure.empty() ? "-" : d.last_failure});
    print(t);
    return exit_status::done;
}

exit_status run_deliveries(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    delivery_query query;
    query.account = account_of(args);
    if (args.has("--status"))
        query.status = value_of(args, "--status", parse_delivery_status);
    if (args.has("--limit"))
        query.limit = static_cast<std::uint32_t>(number_of(args, "--limit", 1, 1'000));
    const auto page = s.open().async_list_deliveries(query, s.options(), block);
    if (form_of(args) != output_form::json)
        return print_deliveries(page.items);
    print_json(page.items);
    return exit_status::done;
}

exit_status run_replay(session& s, std::span<const std::string> operands) {
    const auto d = s.open().async_replay_delivery({account_of(s.args()), operands[0]}, s.options(), block);
    if (form_of(s.args()) != output_form::json)
        return print_deliveries({d});
    print_json(d);
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},     {"create", 1, 1, run_create}, {"deliveries", 0, 0, run_deliveries},
    {"delete", 1, 1, run_delete}, {"replay", 1, 1, run_replay},
};

} // namespace

command webhook_command() {
    return {{"webhook", "list | create URL | delete WEBHOOK | deliveries | replay DELIVERY",
             "Where alerts are posted to, and what became of it. create prints the signing secret: it is shown once.",
             options, "lineside webhook create https://hooks.example.com/lineside --account acme > webhook.secret"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
