#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <vector>

// Who is signed in.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "the contact's account", presence::required},
    {"--session", "ID", "end: this one alone"},
    {"--json", "", "as JSON"},
};

exit_status run_list(session& s, std::span<const std::string> operands) {
    const auto page = s.open().async_list_sessions({account_of(s.args()), contact_id(operands[0])}, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(page);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"session", "since UTC", "last used UTC", "ends UTC", "from", "with"})
        t.add_column(heading, alignment::left);
    for (const auto& x : page.items)
        t.add_row({x.id, shown_time(x.created_at, {}), shown_time(x.last_used_at, {}), shown_time(x.expires_at, {}),
                   x.source_ip.empty() ? "-" : x.source_ip, x.user_agent.empty() ? "-" : x.user_agent});
    print(t);
    return exit_status::done;
}

exit_status run_end(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    sign_out_request request{.account = account_of(args), .contact = contact_id(operands[0])};
    request.scope = args.has("--session") ? sign_out_scope::one : sign_out_scope::all;
    request.session = text_of(args, "--session");
    const auto report = s.open().async_sign_out(request, s.options(), block);
    if (form_of(args) == output_form::json)
        print_json(report);
    else
        write_output("sessions ended: " + std::to_string(report.ended) + '\n');
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 1, 1, run_list},
    {"end", 1, 1, run_end},
};

} // namespace

command session_command() {
    return {{"session", "list|end CONTACT", "Who is signed in. end: all of a contact's sessions, or one.", options,
             "lineside session end c-06b1c2d3e4f5g6h7j8k9 --account acme"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
