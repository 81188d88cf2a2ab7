#include "cli/alert_options.hpp"
#include "cli/backtest_page.hpp"
#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <utility>
#include <vector>

// Alert rules, what they would do, and what they did.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "whose alerts", presence::required},
    {"--title", "TEXT", "what it is called; create: its condition unless given"},
    {"--area", "AREA", "balance, asr, acd, pdd, cps, channels,\nconsecutive_failures or daily_spend"},
    {"--below", "N", "fires below it; in %, s, ms or the account's currency"},
    {"--above", "N", "fires above it"},
    {"--op", "OP", "with --threshold: <, <=, =, >= or >"},
    {"--threshold", "N", "with --op"},
    {"--reset", "N", "fires again only once the value was beyond it; 'none'"},
    {"--period", "LENGTH", "what it looks at: 1m to 31d; 1h unless given"},
    {"--minimum-samples", "N", "fewer calls decide nothing; 1 unless given"},
    {"--repeat", "LENGTH", "at most one notification in it: 1m to 31d; 1d unless given"},
    {"--level", "LEVEL", "info, warning or error; warning unless given"},
    {"--recipients", "LIST", "e-mail addresses: a@example.com,b@example.com; 'none'"},
    {"--quiet", "HOURS", "nothing is sent: 22:00-07:00, 22:00-07:00@Europe/Madrid; 'none'"},
    {"--enabled", "", "it looks; so unless --disabled is given"},
    {"--disabled", "", "it does not"},
    {"--send", "", "test: also sends what it would say"},
    {"--from", "T", "backtest, history: from then"},
    {"--to", "T", "backtest, history: until then"},
    {"--limit", "N", "history: the newest N, 1 to 1000; 100 unless given"},
    {"--json", "", "as JSON"},
};

std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& x : list)
        text += (text.empty() ? "" : ",") + x;
    return text.empty() ? "-" : text;
}

exit_status print_rules(session& s, const std::vector<alert_rule>& all) {
    if (form_of(s.args()) == output_form::json) {
        print_json(all);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"rule", "title", "fires", "reset", "over"})
        t.add_column(heading, alignment::left);
    t.add_column("samples", alignment::right);
    for (const auto heading : {"repeat", "level", "quiet", "recipients", "state"})
        t.add_column(heading, alignment::left);
    for (const auto& r : all)
        t.add_row({r.id, r.title, condition_of(r), shown(r.reset_threshold), shown_period(r.sample_period),
                   std::to_string(r.minimum_samples), shown_period(r.repeat_period), std::string(to_string(r.level)),
                   shown_quiet(r), joined(r.recipients), r.enabled ? "on" : "off"});
    print(t);
    return exit_status::done;
}

exit_status print_rule(session& s, const alert_rule& r) {
    if (form_of(s.args()) != output_form::json)
        return print_rules(s, {r});
    print_json(r);
    return exit_status::done;
}

std::vector<alert_rule> all_rules(session& s) {
    std::vector<alert_rule> all;
    alert_rule_query query{.account = account_of(s.args()), .cursor = {}, .limit = 1'000};
    do {
        auto page = s.open().async_list_alert_rules(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return all;
}

alert_rule stored_rule(session& s, const std::string& id) {
    auto all = all_rules(s);
    const auto found = std::find_if(all.begin(), all.end(), [&](const alert_rule& r) { return r.id == id; });
    if (found == all.end())
        throw error(errc::not_found, "there is no alert rule '" + id + "'");
    return std::move(*found);
}

alert_rule new_rule(const arguments& args) {
    if (!args.has("--area"))
        throw usage_error("this needs --area AREA");
    if (!args.has("--below") && !args.has("--above") && !(args.has("--op") && args.has("--threshold")))
        throw usage_error("this needs --below N, --above N, or --op OP and --threshold N");
    alert_rule r;
    r.account = account_of(args);
    change_rule(r, args);
    if (!args.has("--title"))
        r.title = condition_of(r);
    return r;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) { return print_rules(s, all_rules(s)); }

exit_status run_get(session& s, std::span<const std::string> operands) {
    return print_rule(s, stored_rule(s, operands[0]));
}

exit_status run_create(session& s, std::span<const std::string> /*operands*/) {
    auto rule = new_rule(s.args());
    return print_rule(s, s.open().async_create_alert_rule(std::move(rule), s.options(), block));
}

exit_status run_update(session& s, std::span<const std::string> operands) {
    if (!changes_rule(s.args()))
        throw usage_error("what is to be changed? See --help");
    auto rule = stored_rule(s, operands[0]);
    change_rule(rule, s.args());
    return print_rule(s, s.open().async_update_alert_rule(std::move(rule), s.options(), block));
}

exit_status run_delete(session& s, std::span<const std::string> operands) {
    (void)s.open().async_delete_alert_rule({account_of(s.args()), operands[0]}, s.options(), block);
    return exit_status::done;
}

exit_status run_test(session& s, std::span<const std::string> operands) {
    const alert_test_request request{account_of(s.args()), operands[0],
                                     s.args().has("--send") ? alert_test_delivery::send
                                                            : alert_test_delivery::simulate};
    const auto t = s.open().async_test_alert_rule(request, s.options(), block);
    if (form_of(s.args()) == output_form::json)
        print_json(t);
    else
        write_output((t.would_fire ? "It would fire now: " : "It would not fire now: ") + t.event.text +
                     "\nTo: " + joined(t.recipients) + "\n\n" + t.message + '\n');
    return exit_status::done;
}

void print_events(const std::vector<alert_event>& events) {
    table t;
    for (const auto heading : {"UTC", "alert", "what"})
        t.add_column(heading, alignment::left);
    t.add_column("value", alignment::right);
    t.add_column("why", alignment::left);
    for (const auto& e : events)
        t.add_row({shown_time(e.at, {}), e.title, std::string(to_string(e.kind)), shown(e.value), e.text});
    print(t);
}

// --- backtest

// How far it has come, on standard error while somebody watches.
class backtest_progress {
public:
    explicit backtest_progress(time_range range) : range_(range), watched_(errors_are_watched()) {}
    ~backtest_progress() {
        if (drawn_)
            std::fputs("\r\033[K", stderr);
    }
    backtest_progress(const backtest_progress&) = delete;
    backtest_progress& operator=(const backtest_progress&) = delete;

    void show(instant at) {
        const auto now = std::chrono::steady_clock::now();
        if (!watched_ || now - last_ < std::chrono::milliseconds(100))
            return;
        last_ = now;
        drawn_ = true;
        const auto share = static_cast<double>((at - range_.from).count()) * 100 /
                           static_cast<double>((range_.to - range_.from).count());
        std::fprintf(stderr, "\r%s  %.0f %%\033[K", shown_time(at, {}).c_str(), share);
        std::fflush(stderr);
    }

private:
    time_range range_;
    bool watched_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_{};
};

// A rule as it is stored, as it would be with other options, or one that there is not yet.
exit_status run_backtest(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    const auto range = range_of(args);
    if (!range)
        throw usage_error("this needs --from T and --to T");
    alert_backtest_request request;
    request.range = *range;
    if (operands.empty()) {
        request.rule = new_rule(args);
    } else {
        request.rule = stored_rule(s, operands[0]);
        change_rule(request.rule, args);
    }
    const auto condition = condition_of(request.rule) + " over " + shown_period(request.rule.sample_period);
    const auto b = [&] {
        backtest_progress progress(*range);
        request.on_progress = [&](instant at) { progress.show(at); };
        return s.open().async_backtest_alert_rule(std::move(request), s.options(), block);
    }();
    if (form_of(args) == output_form::json) {
        print_json(b);
        return exit_status::done;
    }
    std::string text = condition + ": ";
    for (const auto& line : draw(b, output_width(), painter(output_has_colour())))
        text += line + '\n';
    write_output(text);
    if (!b.events.empty()) {
        write_output("\n");
        print_events(b.events);
    }
    return exit_status::done;
}

// --- history

exit_status run_history(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    alert_event_query query;
    query.account = account_of(args);
    if (!operands.empty())
        query.rule = operands[0];
    query.range = range_of(args).value_or(time_range());
    if (args.has("--limit"))
        query.limit = static_cast<std::uint32_t>(number_of(args, "--limit", 1, 1'000));
    const auto page = s.open().async_list_alert_events(query, s.options(), block);
    if (form_of(args) == output_form::json)
        print_json(page.items);
    else
        print_events(page.items);
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},       {"get", 1, 1, run_get},           {"create", 0, 0, run_create},
    {"update", 1, 1, run_update},   {"delete", 1, 1, run_delete},     {"test", 1, 1, run_test},
    {"history", 0, 1, run_history}, {"backtest", 0, 1, run_backtest},
};

} // namespace

command alert_command() {
    return {{"alert", "list|get|create|update|delete|test|backtest|history [RULE]",
             "Alerts of an account. 'test' says what a rule sees now; 'backtest' draws when it would have fired.",
             options,
             "lineside alert backtest --account acme --area asr --below 40 --minimum-samples 30 --from "
             "2026-03-01 --to 2026-03-08"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
