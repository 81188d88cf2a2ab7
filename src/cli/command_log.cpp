#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"
#include "rules/calendar.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

// Who did what, and whether somebody changed what the log says of it.
namespace lineside::cli {

namespace {

constexpr std::uint32_t entries_a_page = 5'000;
constexpr std::uint64_t entries_unless_asked = 50;
constexpr std::uint64_t most_entries = 1'000'000;

constexpr option options[] = {
    {"--account", "ID", "whose log; without it the operator's own"},
    {"--from", "T", "entries from here ..."},
    {"--to", "T", "... to here; all there are unless given"},
    {"--limit", "N", "list: the newest N; 50 unless given"},
    {"--zone", "ZONE", "list: IANA zone of the times; UTC unless given"},
    {"--tsv", "", "export: tabs instead of commas"},
    {"--raw", "", "export: without the apostrophe that keeps spreadsheets from running texts"},
    {"--no-headers", "", "export: without the line of headings"},
    {"--json", "", "as JSON; export: one object a line"},
};

account_id account_in(const arguments& args) { return account_id(text_of(args, "--account")); }

access_log_query query_of(const arguments& args) {
    access_log_query q;
    q.account = account_in(args);
    if (const auto range = range_of(args))
        q.range = *range;
    return q;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    const auto limit = args.has("--limit") ? number_of(args, "--limit", 1, most_entries) : entries_unless_asked;
    auto query = query_of(args);
    std::vector<access_entry> all;
    do {
        query.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit - all.size(), entries_a_page));
        auto page = s.open().async_list_access_log(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty() && all.size() < limit);
    if (form_of(args) == output_form::json) {
        print_json(all);
        return exit_status::done;
    }
    const auto zone = rules::zone::find(args.has("--zone") ? zone_of(args) : "UTC").value();
    table t;
    t.add_column("entry", alignment::right);
    for (const auto& heading : {"time " + zone.name(), std::string("who"), std::string("from"), std::string("did"),
                                std::string("to"), std::string("outcome"), std::string("detail")})
        t.add_column(heading, alignment::left);
    for (const auto& e : all)
        t.add_row({std::to_string(e.number), shown_time(e.at, zone.offset_at(e.at)), e.who,
                   e.source_ip.empty() ? "-" : e.source_ip, e.action, e.target.empty() ? "-" : e.target,
                   std::string(to_string(e.outcome)), e.detail.empty() ? "-" : e.detail});
    print(t);
    return exit_status::done;
}

exit_status run_verify(session& s, std::span<const std::string> /*operands*/) {
    const auto verdict = s.open().async_verify_access_log({account_in(s.args())}, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(verdict);
    } else if (verdict.intact) {
        write_output("Unbroken: " + std::to_string(verdict.entries) + " entries" +
                     (verdict.head.empty() ? "" : ", the newest has the hash\n" + verdict.head) + '\n');
    } else {
        write_output("Broken at entry " + std::to_string(verdict.first_broken.value_or(0)) + ": " + verdict.reason +
                     '\n');
    }
    return verdict.intact ? exit_status::done : exit_status::differences;
}

exit_status run_export(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    const auto form = form_of(args);
    export_request request;
    request.what = query_of(args);
    request.format = form == output_form::json  ? export_format::ndjson
                     : form == output_form::tsv ? export_format::tsv
                                                : export_format::csv;
    request.safety = args.has("--raw") ? cell_safety::raw : cell_safety::formula_safe;
    request.header = args.has("--no-headers") ? header_row::omitted : header_row::present;
    request.write = [](std::string_view piece) { write_output(piece); };
    (void)s.open().async_export_data(std::move(request), s.options(), block);
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},
    {"verify", 0, 0, run_verify},
    {"export", 0, 0, run_export},
};

} // namespace

command log_command() {
    return {{"log", "list | verify | export",
             "The access log: who signed in from where and who changed what, newest first.\n"
             "verify follows its chain of hashes; exit status 3: somebody changed it behind the portal's back.",
             options, "lineside log list --account acme --limit 20 --zone Europe/Berlin"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
