#include "cli/output.hpp"
#include "cli/output_file.hpp"
#include "cli/review_view.hpp"

#include <utility>

// The week of an account: for people at a terminal, as a page and as data.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "whose week", presence::required},
    {"--at", "T", "the seven days that end here; now unless given"},
    {"--language", "TAG", "of its texts: de, pt-BR; English unless given, of the page the account's"},
    {"--html", "FILE", "write the page there; '-' is standard output"},
    {"--json", "", "as JSON, without the page"},
};

exit_status run(session& s) {
    const auto& args = s.args();
    if (args.has("--html") && args.has("--json"))
        throw usage_error("review: --html or --json");
    review_query query;
    query.account = account_of(args);
    query.at = time_of(args, "--at");
    query.language = text_of(args, "--language");
    if (query.language.empty() && !args.has("--html"))
        query.language = "en";
    auto r = s.open().async_get_review(std::move(query), s.options(), block);

    if (const auto path = args.find("--html")) {
        if (*path == "-") {
            write_output(r.html);
            return exit_status::done;
        }
        output_file file{std::string(*path)};
        file.write(r.html);
        file.finish();
        return exit_status::done;
    }
    if (form_of(args) == output_form::json) {
        r.html.clear();
        print_json(r);
        return exit_status::done;
    }
    for (const auto& line : draw(r, output_width(), painter(output_has_colour())))
        write_output(line + '\n');
    return exit_status::done;
}

} // namespace

command review_command() {
    return {{"review", "",
             "The week of an account in two minutes: sign-ins, what moved in the traffic, alerts, changes,\n"
             "and what waits.",
             options, "lineside review --account acme --html review.html"},
            run};
}

} // namespace lineside::cli
