#include "cli/output.hpp"
#include "cli/verbs.hpp"

#include <iterator>
#include <utility>
#include <vector>

// How the portal looks under each of its domains.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--name", "TEXT", "what the portal is called"},
    {"--logo", "URL", "https"},
    {"--text", "COLOUR", "#rrggbb"},
    {"--background", "COLOUR", "#rrggbb; text has to stand out 4.5 to 1"},
    {"--accent", "COLOUR", "#rrggbb"},
    {"--support-name", "TEXT", "whom customers ask"},
    {"--support-email", "EMAIL", "where"},
    {"--support-phone", "NUMBER", "+44 20 7946 0000"},
    {"--languages", "LIST", "those offered, the default first: de,en,pt-BR"},
    {"--json", "", "as JSON"},
};

void set(std::string& to, const arguments& args, std::string_view option) {
    if (const auto text = args.find(option))
        to = *text;
}

std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& x : list)
        text += (text.empty() ? "" : ",") + x;
    return text;
}

exit_status print_brandings(session& s, const std::vector<branding>& all) {
    if (form_of(s.args()) == output_form::json) {
        print_json(all);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"domain", "name", "colours", "languages", "support"})
        t.add_column(heading, alignment::left);
    for (const auto& b : all)
        t.add_row({b.domain, b.name, b.text_colour + " on " + b.background_colour, joined(b.languages),
                   b.support_email.empty() ? "-" : b.support_email});
    print(t);
    return exit_status::done;
}

exit_status print_branding(session& s, const branding& b) {
    if (form_of(s.args()) != output_form::json)
        return print_brandings(s, {b});
    print_json(b);
    return exit_status::done;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    std::vector<branding> all;
    branding_query query{.cursor = {}, .limit = 1'000};
    do {
        auto page = s.open().async_list_brandings(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return print_brandings(s, all);
}

exit_status run_get(session& s, std::span<const std::string> operands) {
    return print_branding(s, s.open().async_get_branding({operands[0]}, s.options(), block));
}

// What is not given stays as it is.
exit_status run_set(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    auto& p = s.open(database_file::may_be_created);
    auto b = p.async_get_branding({operands[0]}, s.options(), block);
    b.domain = operands[0];
    set(b.name, args, "--name");
    set(b.logo_url, args, "--logo");
    set(b.text_colour, args, "--text");
    set(b.background_colour, args, "--background");
    set(b.accent_colour, args, "--accent");
    set(b.support_name, args, "--support-name");
    set(b.support_email, args, "--support-email");
    set(b.support_phone, args, "--support-phone");
    if (const auto list = args.find("--languages"))
        b.languages = list_from(*list);
    return print_branding(s, p.async_set_branding(std::move(b), s.options(), block));
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},
    {"get", 1, 1, run_get},
    {"set", 1, 1, run_set},
};

} // namespace

command branding_command() {
    return {{"branding", "list | get DOMAIN | set DOMAIN", "How the portal looks under each of its domains.", options,
             "lineside branding set portal.example.com --name 'Example Voice' --accent '#00529b' --languages en,de"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
