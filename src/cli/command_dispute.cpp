#include <lineside/engine.hpp>

#include "cli/dispute_page.hpp"
#include "cli/output.hpp"
#include "cli/output_file.hpp"
#include "cli/progress.hpp"
#include "cli/rejects.hpp"
#include "rules/calendar.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

namespace lineside::cli {

namespace {

constexpr std::uint64_t calls_shown_unless_asked = 10;
constexpr std::uint64_t rejections_shown = 5;
constexpr std::string_view stored_calls = "stored:";

constexpr option options[] = {
    {"--account", "ID", "whose calls 'stored:' are"},
    {"--from", "T", "calls that started from here on our side ..."},
    {"--to", "T", "... to here; all there are unless given"},
    {"--ours-format", "FORMAT", "as of import; by the content unless given"},
    {"--theirs-format", "FORMAT", "the same of the other side"},
    {"--ours-zone", "ZONE", "IANA zone of times that come without an offset"},
    {"--theirs-zone", "ZONE", "the same of the other side"},
    {"--ours-account", "NAME", "of our records only those that say they are this account's"},
    {"--theirs-account", "NAME", "the same of the other side"},
    {"--calls", "WHICH", "all, answered, or automatic: answered where one side has no others (the default)"},
    {"--start-tolerance", "S", "seconds between the starts of one call once the clocks agree: 0 to 3600, default 10"},
    {"--length-tolerance", "S", "seconds of billed time that do not matter: 0 to 3600"},
    {"--increment", "A/B", "what one side rounds up to: 60/60, 30/6, 6/6; 1/1 is full seconds"},
    {"--money-tolerance", "AMOUNT", "what does not matter of one call's charge: 0.0001"},
    {"--decimals", "N", "one side rounds each charge to so many decimals ..."},
    {"--decimals-mode", "MODE", "... half_up (the default), up or down"},
    {"--limit", "N", "calls to name: 0 to 10000; 10 unless given, as JSON 100"},
    {"--evidence", "FILE", "write every differing call there: CSV, or NDJSON where FILE ends in json"},
    {"--raw", "", "evidence without the apostrophe that keeps spreadsheets from running texts"},
    {"--json", "", "the report as JSON"},
};

import_request records_of(const arguments& args, const std::string& path, const std::string& format,
                          const std::string& zone) {
    import_request r;
    r.input = open_file(path).value();
    r.name = path == "-" ? "stdin" : path;
    if (args.has(format))
        r.format = value_of(args, format, parse_record_format);
    if (args.has(zone))
        r.time_zone = value_of(args, zone, rules::zone::find).name();
    return r;
}

dispute_side side_of(const arguments& args, const std::string& operand, const std::string& side) {
    dispute_side to;
    if (operand == stored_calls) {
        if (!args.has("--account"))
            throw usage_error("dispute: stored: needs --account ID");
        return to;
    }
    to.records = records_of(args, operand, "--" + side + "-format", "--" + side + "-zone");
    to.only_account = text_of(args, "--" + side + "-account");
    return to;
}

dispute_population population_of(const arguments& args) {
    const auto text = args.get("--calls");
    for (const auto p : {dispute_population::automatic, dispute_population::all, dispute_population::answered})
        if (to_string(p) == text)
            return p;
    wrong_value("--calls", "'" + std::string(text) + "' is none of all, answered, automatic");
}

dispute_tolerance tolerance_of(const arguments& args) {
    dispute_tolerance t;
    const auto seconds = [&](std::string_view option) {
        return std::chrono::seconds(number_of(args, option, 0, 3'600));
    };
    if (args.has("--start-tolerance"))
        t.start_ms = seconds("--start-tolerance");
    if (args.has("--length-tolerance"))
        t.length_ms = seconds("--length-tolerance");
    if (const auto text = args.find("--increment")) {
        const auto slash = text->find('/');
        if (slash == std::string_view::npos)
            wrong_value("--increment", "'" + std::string(*text) + "' is not FIRST/NEXT, as 60/60 or 30/6");
        t.rounding = duration_rounding::increments;
        t.first_increment_s = static_cast<std::uint32_t>(number_from(text->substr(0, slash), "--increment", 1, 3'600));
        t.next_increment_s = static_cast<std::uint32_t>(number_from(text->substr(slash + 1), "--increment", 1, 3'600));
    }
    if (args.has("--money-tolerance")) {
        auto amount = parse_money(args.get("--money-tolerance"));
        if (!amount)
            wrong_value("--money-tolerance", amount.error().details.message);
        t.charge = *std::move(amount);
    }
    if (args.has("--decimals-mode") && !args.has("--decimals"))
        throw usage_error("--decimals-mode says how --decimals rounds");
    if (args.has("--decimals")) {
        t.charge_decimals = static_cast<std::uint32_t>(number_of(args, "--decimals", 0, 9));
        t.charge_mode = charge_rounding::half_up;
        const auto mode = text_of(args, "--decimals-mode");
        if (mode == "up")
            t.charge_mode = charge_rounding::up;
        else if (mode == "down")
            t.charge_mode = charge_rounding::down;
        else if (!mode.empty() && mode != "half_up")
            wrong_value("--decimals-mode", "'" + mode + "' is none of half_up, up, down");
    }
    return t;
}

void check(const arguments& args) {
    const auto& files = args.operands();
    if (files.size() != 2)
        throw usage_error("dispute: two sides, OURS and THEIRS");
    if (args.has("--account") && files[0] != stored_calls && files[1] != stored_calls)
        throw usage_error("dispute: --account says whose calls stored: are; "
                          "--ours-account and --theirs-account choose among records");
    if (files[0] == files[1])
        throw usage_error("dispute: both sides are " + files[0]);
    std::error_code ec;
    for (const auto& path : files) {
        if (path != "-" && path != stored_calls && !std::filesystem::exists(path, ec))
            throw error(errc::not_found, path + ": there is no such file");
        if (args.has("--evidence") && std::filesystem::equivalent(path, args.get("--evidence"), ec))
            throw usage_error("dispute: --evidence " + path + " is also a side");
    }
}

exit_status run(session& s) {
    const auto& args = s.args();
    check(args);
    dispute_request request;
    request.tolerance = tolerance_of(args);
    if (args.has("--calls"))
        request.population = population_of(args);
    if (const auto range = range_of(args))
        request.range = *range;
    request.limit = static_cast<std::uint32_t>(args.has("--limit")  ? number_of(args, "--limit", 0, 10'000)
                                               : args.has("--json") ? request.limit
                                                                    : calls_shown_unless_asked);
    request.ours = side_of(args, args.operands()[0], "ours");
    request.theirs = side_of(args, args.operands()[1], "theirs");
    const bool stored = !request.ours.records || !request.theirs.records;
    if (stored)
        request.account = account_of(args);

    progress_display display("comparing", errors_are_watched() ? watching::somebody : watching::nobody);
    request.on_progress = [&](const import_progress& p) { display.show(p); };
    std::uint64_t rejected = 0;
    const auto show_rejected = [&](const rejected_row& row) {
        if (++rejected > rejections_shown)
            return;
        display.clear();
        std::fprintf(stderr, "%s\n", printable(reason_of(row)).c_str());
    };
    for (auto* side : {&request.ours, &request.theirs})
        if (side->records)
            side->records->on_rejected = show_rejected;
    std::optional<output_file> evidence;
    if (const auto path = args.find("--evidence")) {
        evidence.emplace(std::string(*path));
        request.evidence_format = path->ends_with("json") ? export_format::ndjson : export_format::csv;
        request.evidence_safety = args.has("--raw") ? cell_safety::raw : cell_safety::formula_safe;
        request.write_evidence = [&](std::string_view piece) { evidence->write(piece); };
    }

    // Files alone need no database.
    std::unique_ptr<engine> none;
    if (!stored)
        none = std::make_unique<engine>(engine_options{});
    portal& p = stored ? s.open() : *none;
    const auto report = p.async_compare_calls(std::move(request), s.options(), block);
    display.clear();
    if (evidence)
        evidence->finish();
    if (rejected > rejections_shown)
        std::fprintf(stderr, "... and %llu more rejected rows\n",
                     static_cast<unsigned long long>(rejected - rejections_shown));
    if (args.has("--json"))
        print_json(report);
    else
        for (const auto& line : draw(report, output_width(), painter(output_has_colour())))
            write_output(line + '\n');
    return report.agrees() && rejected == 0 ? exit_status::done : exit_status::differences;
}

} // namespace

command dispute_command() {
    return {
        {"dispute", "OURS THEIRS",
         "Compare two sets of calls, ours and a carrier's: by day, hour and call, with what explains the difference.\n"
         "A side is a file of call records, '-', or 'stored:'. Exit status 3: they differ by more than rounding.",
         options,
         "lineside dispute stored: carrier.csv.gz --account acme --theirs-zone Europe/Berlin --increment 60/60"},
        run};
}

} // namespace lineside::cli
