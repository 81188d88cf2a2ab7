#include "cli/input.hpp"
#include "cli/progress.hpp"
#include "cli/rejects.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "cli/values.hpp"
#include "wire/json.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--format", "FORMAT",
     "auto (by the content; the default), lineside, asterisk, asterisk-custom,\n"
     "freeswitch-csv, freeswitch-json, kamailio, opensips, yeti, connexcs"},
    {"--account", "ID", "put every record on this account"},
    {"--account-from", "FIELD", "take the account from this field of the record"},
    {"--zone", "ZONE", "IANA zone of times that come without an offset, such as Europe/Berlin"},
    {"--fields", "LIST",
     "the columns where no header names them, separated by commas; for asterisk-custom also\n"
     "the mapping of cdr_custom.conf, for freeswitch-csv a template of cdr_csv.conf.xml or\n"
     "the name of a shipped one: example, default, asterisk, opencdrrate, snom, linksys, sql"},
    {"--currency", "CODE", "ISO 4217 code of charges that come without one; the account's unless given"},
    {"--answered-only", "", "the switch writes no records of failed attempts: ASR and NER are not reported"},
    {"--source", "NAME",
     "the switch the records come from; call ids are unique within it.\n"
     "The format's name unless given"},
    {"--rejects", "FILE", "append rejected rows with their reasons, to be mended and imported again"},
    {"--strict", "", "refuse a file with a bad row, changing nothing"},
    {"--json", "", "the report as JSON: an object, for several files an array"},
};

constexpr std::uint64_t rejections_shown = 5;

// What to do with rejected rows: keep them in a file, or name the first few.
class rejections {
public:
    rejections(const arguments& args, progress_display& display) : display_(display) {
        if (const auto path = args.find("--rejects"))
            file_.emplace(std::string(*path));
    }
    void add(const rejected_row& row) {
        if (file_)
            return file_->add(row);
        if (++count_ > rejections_shown)
            return;
        display_.clear();
        std::fprintf(stderr, "%s\n", printable(reason_of(row)).c_str());
    }
    void conclude() const {
        if (count_ > rejections_shown)
            std::fprintf(stderr, "... and %llu more rejected rows; --rejects FILE keeps them\n",
                         static_cast<unsigned long long>(count_ - rejections_shown));
    }

private:
    progress_display& display_;
    std::optional<rejects_file> file_;
    std::uint64_t count_ = 0;
};

std::string shown_name(const std::string& path) { return path == "-" ? "stdin" : path; }

import_request request_of(const session& s, const std::string& path) {
    const auto& args = s.args();
    import_request r;
    r.input = open_input(path, s.options().stop);
    r.name = shown_name(path);
    if (args.has("--format"))
        r.format = value_of(args, "--format", parse_record_format);
    if (args.has("--account"))
        r.account = account_of(args);
    r.account_from = text_of(args, "--account-from");
    r.time_zone = zone_of(args);
    r.source = text_of(args, "--source");
    r.fields = text_of(args, "--fields");
    r.currency = text_of(args, "--currency");
    if (args.has("--answered-only"))
        r.coverage = attempt_coverage::answered_only;
    r.mode = args.has("--strict") ? import_mode::strict : import_mode::keep_good;
    return r;
}

import_report import_file(session& s, const std::string& path) {
    progress_display display(shown_name(path), errors_are_watched() ? watching::somebody : watching::nobody);
    auto request = request_of(s, path);
    rejections rejected(s.args(), display);
    request.on_progress = [&](const import_progress& p) { display.show(p); };
    request.on_rejected = [&](const rejected_row& row) { rejected.add(row); };
    auto report = s.open(database_file::may_be_created).async_import_records(std::move(request), s.options(), block);
    display.clear();
    rejected.conclude();
    return report;
}

void print(const std::string& path, const import_report& r) {
    std::string text = shown_name(path) + ": " + std::to_string(r.read) + " rows of " +
                       std::string(to_string(r.format)) + " read (" + r.evidence + ")\n";
    const auto count = [&](std::uint64_t n, std::string_view what) {
        if (n != 0)
            text += "  " + fit_right(std::to_string(n), 12) + ' ' + std::string(what) + '\n';
    };
    count(r.imported, "calls imported");
    count(r.duplicates, "stored before");
    count(r.restated, "restated");
    count(r.folded, "further rows of the same calls");
    count(r.rejected, "rejected");
    for (const auto& note : r.notes)
        text += "  note: " + note + '\n';
    write_output(text);
}

void print_json(const std::vector<import_report>& reports, bool array) {
    std::string text = array ? "[" : "";
    for (std::size_t i = 0; i < reports.size(); ++i) {
        if (i != 0)
            text += ',';
        wire::append_json(text, reports[i]);
    }
    write_output(text + (array ? "]\n" : "\n"));
}

// What is wrong with the command line is found before anything is changed.
void check(const arguments& args) {
    if (args.has("--account") && args.has("--account-from"))
        throw usage_error("import: one of --account and --account-from");
    for (const auto& path : args.operands()) {
        std::error_code ec;
        if (path != "-" && !std::filesystem::exists(path, ec))
            throw error(errc::not_found, path + ": there is no such file");
        if (args.has("--rejects") && std::filesystem::equivalent(path, args.get("--rejects"), ec))
            throw usage_error("import: --rejects " + path + " is also a file to be imported");
    }
}

exit_status run(session& s) {
    const auto& args = s.args();
    check(args);
    const auto& files = args.operands();
    std::vector<import_report> reports;
    std::uint64_t rejected = 0;
    try {
        for (const auto& path : files) {
            reports.push_back(import_file(s, path));
            rejected += reports.back().rejected;
            if (!args.has("--json"))
                print(path, reports.back());
        }
    } catch (const error& e) {
        if (args.has("--json") && !reports.empty())
            print_json(reports, true);
        if (e.code() == errc::cancelled)
            throw error(errc::cancelled, "interrupted; what was stored stays, and the same import again goes on");
        throw;
    }
    if (args.has("--json"))
        print_json(reports, files.size() > 1);
    return rejected == 0 ? exit_status::done : exit_status::rejected_rows;
}

} // namespace

command import_command() {
    return {{"import", "FILE...",
             "Read call records of a switch and store the calls. '-' is standard input; gzip is undone.", options,
             "lineside import Master.csv --format asterisk --zone Europe/Berlin --rejects rejects.csv"},
            run};
}

} // namespace lineside::cli
