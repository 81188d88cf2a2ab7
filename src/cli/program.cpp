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
    {"--server", "URL", "instead of a database: a portal far away; else LINESIDE_SERVER"},
    {"--token-file", "FILE", "of --server: the file whose first line is the token; else LINESIDE_TOKEN"},
    {"--help", "", "this page"},
};

std::vector<command> commands() {
    return {import_command(),  account_command(),  accounts_command(),   contact_command(),   session_command(),
            key_command(),     password_command(), two_factor_command(), series_command(),    summary_command(),
            stats_command(),   explain_command(),  calls_command(),      dashboard_command(), generate_command(),
            dispute_command(), block_command(),    extension_command(),  layout_command(),    branding_command(),
            channel_command(), payment_command(),  log_command(),        review_command(),    alert_command(),
            webhook_command(), work_command(),     serve_command(),      watch_command(),     simulate_command()};
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
                  "  --server URL, --token-file FILE\n"
                  "             instead of a database: a portal far away; else LINESIDE_SERVER, LINESIDE_TOKEN\n"
                  "  --help     this page; after a command: that command's\n"
                  "  --version  the version\n"
                  "\nTimes are ISO 8601; without an offset they are UTC. Ranges include --from and exclude --to.\n"
                  "Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but some rows were rejected,\n"
                  "the sides of a dispute differ or an access log was changed.\n"
                  "\nExample:\n"
                  "  lineside import calls.csv && lineside dashboard --account acct-0001\n";
}

std::string from_environment(const char* name, std::string_view otherwise) {
    const char* named = std::getenv(name);
    return named && *named ? std::string(named) : std::string(otherwise);
}

portal_place default_place() {
    return {from_environment("LINESIDE_DB", "lineside.db"), from_environment("LINESIDE_SERVER", ""), {}};
}

// The option's value where `word` is one about the place: `--db=FILE`, or `--db` and the word that follows.
bool take_place(portal_place& place, std::string_view word, std::span<const std::string_view>& rest) {
    const auto name = word.substr(0, word.find('='));
    auto* const to = name == "--db"           ? &place.database
                     : name == "--server"     ? &place.server
                     : name == "--token-file" ? &place.token_file
                                              : nullptr;
    if (to == nullptr)
        return false;
    if (name.size() < word.size()) {
        *to = word.substr(name.size() + 1);
        return true;
    }
    if (rest.empty())
        throw usage_error(std::string(name) + " needs a value");
    *to = rest.front();
    rest = rest.subspan(1);
    return true;
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

exit_status run_command(const command& c, portal_place place, std::span<const std::string_view> words) {
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
    if (const auto named = args.find("--db")) {
        place.database = *named;
        place.server.clear(); // the environment's
    }
    if (const auto url = args.find("--server"))
        place.server = *url;
    if (const auto file = args.find("--token-file"))
        place.token_file = *file;
    session s(std::move(args), std::move(place));
    return c.run(s);
}

exit_status run(std::span<const std::string_view> words) {
    auto place = default_place();
    while (!words.empty() && words.front().starts_with('-')) {
        const auto word = words.front();
        words = words.subspan(1);
        if (asks_for_help(word) || word == "--version") {
            write_output(word == "--version" ? "lineside " + std::string(version) + '\n' : program_help());
            return exit_status::done;
        }
        if (!take_place(place, word, words)) {
            constexpr std::string_view known[] = {"--db", "--help", "--server", "--token-file", "--version"};
            throw usage_error("unknown option " + std::string(word) + suggestion(word, known));
        }
    }
    if (words.empty())
        throw usage_error("which command?");
    const auto all = commands();
    return run_command(find_command(all, words.front()), std::move(place), words.subspan(1));
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
