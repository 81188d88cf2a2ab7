#include "cli/output.hpp"
#include "cli/verbs.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

// How a contact's dashboard is arranged.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "the account", presence::required},
    {"--contact", "ID", "whose dashboard", presence::required},
    {"--json", "", "as JSON: what set reads"},
};

std::string content_of(const std::string& path) {
    if (path == "-")
        return {std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw error(errc::not_found, path + " cannot be opened");
    return {std::istreambuf_iterator<char>(file), {}};
}

layout_query whose(session& s) { return {account_of(s.args()), contact_id(text_of(s.args(), "--contact"))}; }

exit_status print_layout(session& s, const layout& x) {
    if (form_of(s.args()) == output_form::json) {
        print_json(x.widgets);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"widget", "kind", "shows"})
        t.add_column(heading, alignment::left);
    for (const auto heading : {"width", "height", "hours"})
        t.add_column(heading, alignment::right);
    for (const auto heading : {"step", "zone"})
        t.add_column(heading, alignment::left);
    for (const auto& w : x.widgets)
        t.add_row({w.id, std::string(to_string(w.kind)),
                   w.metric   ? std::string(to_string(*w.metric))
                   : w.period ? std::string(to_string(*w.period))
                              : "-",
                   std::to_string(w.width), std::to_string(w.height),
                   w.range_hours ? std::to_string(*w.range_hours) : "-", w.step ? std::string(to_string(*w.step)) : "-",
                   w.zone.empty() ? "-" : w.zone});
    print(t);
    return exit_status::done;
}

exit_status run_get(session& s, std::span<const std::string> /*operands*/) {
    return print_layout(s, s.open().async_get_layout(whose(s), s.options(), block));
}

exit_status run_reset(session& s, std::span<const std::string> /*operands*/) {
    return print_layout(s, s.open().async_reset_layout(whose(s), s.options(), block));
}

exit_status run_set(session& s, std::span<const std::string> operands) {
    layout x;
    const auto q = whose(s);
    x.account = q.account;
    x.contact = q.contact;
    x.widgets = wire::parse_json<std::vector<widget>>(content_of(operands[0]), wire::missing_member::defaulted);
    return print_layout(s, s.open().async_set_layout(std::move(x), s.options(), block));
}

constexpr verb verbs[] = {
    {"get", 0, 0, run_get},
    {"set", 1, 1, run_set},
    {"reset", 0, 0, run_reset},
};

} // namespace

command layout_command() {
    return {{"layout", "get | set FILE | reset", "How a contact's dashboard is arranged; FILE is an array of widgets.",
             options, "lineside layout get --account acme --contact c-0 --json > widgets.json"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
