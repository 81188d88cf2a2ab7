#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "rules/calendar.hpp"

#include <algorithm>
#include <utility>

namespace lineside::cli {

namespace {

constexpr std::uint32_t page_size = 1000;
constexpr std::uint64_t shown_unless_asked = 100;

rules::zone zone_of_account(session& s, const account_id& id) {
    return rules::zone::find(s.open().async_get_account(id, s.options(), block).time_zone).value();
}

// Hands out the calls one by one, at most `limit`; tells whether there are more.
template <class Take>
bool for_each_call(session& s, call_query query, std::uint64_t limit, Take take) {
    std::uint64_t left = limit;
    do {
        query.limit = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(left, 1, page_size));
        const auto page = s.open().async_query_calls(query, s.options(), block);
        for (const auto& c : page.items) {
            if (left-- == 0)
                return true;
            take(c);
        }
        query.cursor = page.next;
    } while (!query.cursor.empty() && left != 0);
    return !query.cursor.empty();
}

table call_table(const std::string& zone) {
    table t;
    t.add_column(zone, alignment::left);
    for (const auto heading : {"direction", "from", "to", "outcome"})
        t.add_column(heading, alignment::left);
    for (const auto heading : {"talk", "SIP", "digits", "charge"})
        t.add_column(heading, alignment::right);
    t.add_column("call id", alignment::left);
    return t;
}

void add_call(table& t, const call& c, const rules::zone& zone) {
    t.add_row({shown_time(c.start_time, zone.offset_at(c.start_time)), std::string(to_string(c.direction)), c.cli,
               c.destination, std::string(c.end_time ? to_string(c.outcome) : "in progress"),
               shown_length(c.duration_ms), shown(std::optional<std::uint64_t>(c.sip_code)),
               shown(std::optional<std::uint64_t>(c.dtmf_digits)), shown(c.charge), c.call_id});
}

// --- calls

constexpr option calls_options[] = {
    {"--account", "ID", "the account", presence::required},
    {"--from", "T", "calls that started from here ..."},
    {"--to", "T", "... to here; all there are unless given"},
    {"--answered", "", "answered calls only"},
    {"--number", "N", "calls whose caller or destination contains N"},
    {"--limit", "N", "at most so many; as a table 100 unless given"},
    {"--json", "", "as JSON, times in the account's zone"},
    {"--csv", "", "as CSV, times in UTC"},
    {"--tsv", "", "as tab-separated values, times in UTC"},
    {"--raw", "", "CSV and TSV without the apostrophe that keeps spreadsheets from running texts"},
    {"--no-headers", "", "CSV and TSV without the header row"},
};

void print_calls_json(session& s, const call_query& query, std::uint64_t limit) {
    const wire::offset_at offset = [zone = zone_of_account(s, query.account)](instant t) { return zone.offset_at(t); };
    std::string text = "[";
    bool first = true;
    for_each_call(s, query, limit, [&](const call& c) {
        if (!std::exchange(first, false))
            text += ',';
        wire::append_json(text, c, offset);
        if (text.size() > (std::size_t{1} << 16U)) {
            write_output(text);
            text.clear();
        }
    });
    write_output(text + "]\n");
}

void print_calls(session& s, const call_query& query, std::uint64_t limit) {
    const auto zone = zone_of_account(s, query.account);
    auto t = call_table(zone.name());
    const bool more = for_each_call(s, query, limit, [&](const call& c) { add_call(t, c, zone); });
    print(t);
    if (more)
        write_output("... and more; --limit N shows them\n");
}

exit_status run_calls(session& s) {
    const auto& args = s.args();
    call_query query;
    query.account = account_of(args);
    query.range = range_of(args).value_or(time_range{});
    query.filter = args.has("--answered") ? call_filter::answered : call_filter::all;
    query.number = text_of(args, "--number");
    const auto form = form_of(args);
    const auto limit = args.has("--limit")         ? number_of(args, "--limit", 0, no_limit)
                       : form == output_form::text ? shown_unless_asked
                                                   : no_limit;
    switch (form) {
    case output_form::csv:
    case output_form::tsv: print_export(s, query, form, limit); break;
    case output_form::json: print_calls_json(s, query, limit); break;
    case output_form::text: print_calls(s, query, limit); break;
    }
    return exit_status::done;
}

// --- explain

constexpr option explain_options[] = {
    {"--account", "ID", "the account", presence::required},
    {"--metric", "M", "the metric, as of the series command", presence::required},
    {"--from", "T", "from here ...", presence::required},
    {"--to", "T", "... to here", presence::required},
    {"--json", "", "as JSON"},
};

std::string headline(const explanation& e) {
    auto text = std::string(to_string(e.metric)) + " of " + e.account.value() + ", " + to_string(e.range.from) +
                " to " + to_string(e.range.to) + ": ";
    text += e.amount ? to_string(*e.amount) + ' ' + e.amount->currency : shown(e.value) + ' ' + e.unit;
    return text + '\n';
}

void print_explanation(const explanation& e, const rules::zone& zone) {
    std::string text = headline(e) + "\n  numerator    " + std::to_string(e.numerator) + "  " + e.numerator_is +
                       "\n  denominator  " + std::to_string(e.denominator) + "  " + e.denominator_is + "\n\n" +
                       e.policy + "\n\nlatest call stored: " + (e.watermark ? to_string(*e.watermark) : "none") +
                       "\ncalls in progress: " + std::to_string(e.open_calls) + "\n\n";
    write_output(text);
    table sources;
    sources.add_column("source", alignment::left);
    for (const auto heading : {"attempts", "reports PDD", "reports digits", "reports charge"})
        sources.add_column(heading, alignment::right);
    sources.add_column("failed attempts", alignment::left);
    for (const auto& c : e.coverage)
        sources.add_row({c.source, std::to_string(c.attempts), std::to_string(c.pdd_reported),
                         std::to_string(c.dtmf_reported), std::to_string(c.charge_reported),
                         c.attempts_known ? "recorded" : "not recorded"});
    print(sources);
    write_output("\n" + std::to_string(e.call_count) + " calls" +
                 (e.call_count > e.calls.size() ? ", the first " + std::to_string(e.calls.size()) : std::string()) +
                 ":\n");
    auto calls = call_table(zone.name());
    for (const auto& c : e.calls)
        add_call(calls, c, zone);
    print(calls);
}

exit_status run_explain(session& s) {
    const auto& args = s.args();
    const auto form = form_of(args);
    explain_query query;
    query.account = account_of(args);
    query.metric = value_of(args, "--metric", parse_metric);
    query.range = *range_of(args);
    query.limit = form == output_form::json ? query.limit : 10;
    const auto answer = s.open().async_explain(query, s.options(), block);
    if (form == output_form::json)
        print_json(answer);
    else
        print_explanation(answer, zone_of_account(s, query.account));
    return exit_status::done;
}

} // namespace

command calls_command() {
    return {{"calls", "", "List calls of an account, the oldest first.", calls_options,
             "lineside calls --account acct-0001 --from 2026-03-01 --to 2026-03-02 --number 4420 --csv"},
            run_calls};
}

command explain_command() {
    return {{"explain", "", "Why a number is what it is: its parts, the rules, the sources and the calls behind it.",
             explain_options, "lineside explain --account acct-0001 --metric asr --from 2026-03-01 --to 2026-03-02"},
            run_explain};
}

} // namespace lineside::cli
