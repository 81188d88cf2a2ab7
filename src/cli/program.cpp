#include "cli/program.hpp"

#include <lineside/version.hpp>

#include "cli/terminal.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <vector>

namespace lineside::cli {

namespace {

constexpr option common_options[] = {
    {"--db", "FILE", "the database; else LINESIDE_DB, else lineside.db here"},
    {"--help", "", "this page"},
};

std::vector<command> commands() {
    return {import_command(),  account_command(),  accounts_command(),   contact_command(),   session_command(),
            key_command(),     password_command(), two_factor_command(), series_command(),    summary_command(),
            stats_command(),   explain_command(),  calls_command(),      dashboard_command(), generate_command(),
            dispute_command(), block_command(),    extension_command(),  layout_command(),    branding_command(),
            channel_command(), payment_command(),  log_command(),        review_command(),    alert_command(),
            webhook_command(), work_command()};
}

// A command in the list of all: the first sentence of its summary, in lines of at most 80 columns.
std::string entry_of(const syntax& command) {
    constexpr std::size_t margin = 13;
    constexpr std::size_t width = 80;
    auto rest = command.summary.substr(0, command.summary.find_first_of(".;"));
    auto text = "  " + fit_left(command.name, margin - 2);
    for (std::size_t column = margin; !rest.empty();) {
        const auto word = rest.substr(0, rest.find_first_of(" \n"));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        if (column > margin && column + 1 + columns_of(word) > width) {
            text += '\n' + std::string(margin, ' ');
            column = margin;
        } else if (column > margin) {
            text += ' ';
            ++column;
        }
        text += word;
        column += columns_of(word);
    }
    return text + '\n';
}

std::string program_help() {
    std::string text = "Usage: lineside [--db FILE] COMMAND [OPTION]...\n"
                       "The portal of a voice carrier's customers: calls in, numbers out.\n\n";
    for (const auto& c : commands())
        text += entry_of(c.syntax);
    return text + "\n  --db FILE  the database; else LINESIDE_DB, else lineside.db here\n"
                  "  --help     this page; after a command: that command's\n"
                  "  --version  the version\n"
                  "\nTimes are ISO 8601; without an offset they are UTC. Ranges include --from and exclude --to.\n"
                  "Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but some rows were rejected,\n"
                  "the sides of a dispute differ or an access log was changed.\n"
                  "\nExample:\n"
                  "  lineside import calls.csv && lineside dashboard --account acct-0001\n";
}

std::string default_database() {
    const char* named = std::getenv("LINESIDE_DB");
    return named && *named ? named : "lineside.db";
}

const command& find_command(const std::vector<command>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const command& c) { return c.syntax.name == name; });
    if (found != all.end())
        return *found;
    std::vector<std::string_view> known;
    known.reserve(all.size());
    for (const auto& c : all)
        known.push_back(c.syntax.name);
    throw usage_error("unknown command '" + std::string(name) + "'" + suggestion(name, known));
}

bool asks_for_help(std::string_view word) { return word == "--help" || word == "-h"; }

exit_status run_command(const command& c, std::string database, std::span<const std::string_view> words) {
    auto syntax = c.syntax;
    std::vector<option> options(syntax.options.begin(), syntax.options.end());
    options.insert(options.end(), std::begin(common_options), std::end(common_options));
    syntax.options = options;
    const auto end_of_options = std::find(words.begin(), words.end(), std::string_view("--"));
    if (std::any_of(words.begin(), end_of_options, asks_for_help)) {
        write_output(help(syntax));
        return exit_status::done;
    }
    auto args = parse(syntax, words);
    if (const auto named = args.find("--db"))
        database = *named;
    session s(std::move(args), std::move(database));
    return c.run(s);
}

exit_status run(std::span<const std::string_view> words) {
    auto database = default_database();
    while (!words.empty() && words.front().starts_with('-')) {
        const auto word = words.front();
        words = words.subspan(1);
        if (asks_for_help(word) || word == "--version") {
            write_output(word == "--version" ? "lineside " + std::string(version) + '\n' : program_help());
            return exit_status::done;
        }
        if (word.starts_with("--db=")) {
            database = word.substr(5);
        } else if (word == "--db" && !words.empty()) {
            database = words.front();
            words = words.subspan(1);
        } else {
            constexpr std::string_view known[] = {"--db", "--help", "--version"};
            throw usage_error(word == "--db" ? "--db needs a value: --db FILE"
                                             : "unknown option " + std::string(word) + suggestion(word, known));
        }
    }
    if (words.empty())
        throw usage_error("which command?");
    const auto all = commands();
    return run_command(find_command(all, words.front()), std::move(database), words.subspan(1));
}

exit_status complain(exit_status status, std::string_view what) {
    std::fprintf(stderr, "lineside: %.*s\n", static_cast<int>(what.size()), what.data());
    if (status == exit_status::usage)
        std::fputs("'lineside --help' and 'lineside COMMAND --help' say more.\n", stderr);
    return status;
}

} // namespace

exit_status run_program(std::span<const std::string_view> words) noexcept {
    try {
        const auto status = run(words);
        flush_output();
        return status;
    } catch (const usage_error& e) {
        return complain(exit_status::usage, e.what());
    } catch (const std::exception& e) {
        return complain(exit_status::failed, e.what());
    }
}

} // namespace lineside::cli
