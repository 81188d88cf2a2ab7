#include "cli/output.hpp"
#include "cli/secret_input.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <iterator>
#include <utility>
#include <vector>

// The people of an account.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "whose contacts", presence::required},
    {"--name", "TEXT", "create: what they are called"},
    {"--department", "TEXT", "create: for information"},
    {"--phone", "NUMBER", "create: +44 20 7946 0000"},
    {"--mobile", "NUMBER", "create: likewise"},
    {"--language", "TAG", "create: de, pt-BR; the company's unless given"},
    {"--zone", "ZONE", "create: IANA zone; the company's unless given"},
    {"--role", "ROLE", "administrator, manager, billing, technician or viewer (the default)"},
    {"--grant", "LIST", "beside those of the role: view_calls,manage_numbers; 'none'"},
    {"--deny", "LIST", "taken from those of the role; 'none'"},
    {"--allow-ip", "LIST", "sign in from there alone: 192.0.2.0/24,2001:db8::7; 'none': from anywhere"},
    {"--with-password", "", "create: give a first password; else the contact is invited to choose one"},
    {"--password-file", "FILE", "with it: FILE's first line instead of asking; - is standard input"},
    {"--address", "WHICH", "verify: email (the default) or mobile"},
    {"--json", "", "as JSON"},
};

std::string verified(const std::string& address, bool is) {
    return address.empty() ? "-" : address + (is ? "" : " (not verified)");
}

exit_status print_contacts(session& s, const std::vector<contact>& contacts) {
    if (form_of(s.args()) == output_form::json) {
        print_json(contacts);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"contact", "name", "e-mail", "mobile", "role", "status", "two-factor", "since UTC"})
        t.add_column(heading, alignment::left);
    for (const auto& c : contacts)
        t.add_row({c.id.value(), c.name, verified(c.email, c.email_verified), verified(c.mobile, c.mobile_verified),
                   std::string(to_string(c.role)) + (c.grants.empty() && c.denials.empty() ? "" : " *"),
                   std::string(to_string(c.status)), c.two_factor ? "on" : "off", shown_time(c.created_at, {})});
    print(t);
    return exit_status::done;
}

exit_status print_contact(session& s, const contact& c) {
    if (form_of(s.args()) != output_form::json)
        return print_contacts(s, {c});
    print_json(c);
    return exit_status::done;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    std::vector<contact> all;
    contact_query query{.account = account_of(s.args()), .cursor = {}, .limit = 1'000};
    do {
        auto page = s.open().async_list_contacts(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return print_contacts(s, all);
}

exit_status run_get(session& s, std::span<const std::string> operands) {
    const contact_key key{account_of(s.args()), contact_id(operands[0])};
    return print_contact(s, s.open().async_get_contact(key, s.options(), block));
}

exit_status run_create(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    contact_create c;
    c.account = account_of(args);
    c.email = operands[0];
    c.name = args.has("--name") ? text_of(args, "--name") : c.email;
    c.department = text_of(args, "--department");
    c.phone = text_of(args, "--phone");
    c.mobile = text_of(args, "--mobile");
    c.language = text_of(args, "--language");
    c.time_zone = zone_of(args);
    if (args.has("--role"))
        c.role = value_of(args, "--role", parse_role);
    c.grants = permissions_from(text_of(args, "--grant"), "--grant");
    c.denials = permissions_from(text_of(args, "--deny"), "--deny");
    c.allowed_ips = list_from(text_of(args, "--allow-ip"));
    if (args.has("--with-password") || args.has("--password-file"))
        c.password = secret_from(s, "--password-file", "Password for " + c.email, asked::twice);
    return print_contact(s, s.open().async_create_contact(std::move(c), s.options(), block));
}

contact_update update_of(session& s, const std::string& contact) {
    contact_update u;
    u.account = account_of(s.args());
    u.contact = contact_id(contact);
    return u;
}

exit_status run_update(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    auto u = update_of(s, operands[0]);
    if (args.has("--role"))
        u.role = value_of(args, "--role", parse_role);
    if (const auto list = args.find("--grant"))
        u.grants = permissions_from(*list, "--grant");
    if (const auto list = args.find("--deny"))
        u.denials = permissions_from(*list, "--deny");
    if (const auto list = args.find("--allow-ip"))
        u.allowed_ips = list_from(*list);
    if (!u.role && !u.grants && !u.denials && !u.allowed_ips)
        throw usage_error("what is to change? --role, --grant, --deny or --allow-ip");
    return print_contact(s, s.open().async_update_contact(u, s.options(), block));
}

template <contact_status Status>
exit_status run_status(session& s, std::span<const std::string> operands) {
    auto u = update_of(s, operands[0]);
    u.status = Status;
    return print_contact(s, s.open().async_update_contact(u, s.options(), block));
}

exit_status run_verify(session& s, std::span<const std::string> operands) {
    verification_answer v;
    v.account = account_of(s.args());
    v.contact = contact_id(operands[0]);
    if (s.args().has("--address"))
        v.address = value_of(s.args(), "--address", parse_contact_address);
    return print_contact(s, s.open().async_verify_contact(std::move(v), s.options(), block));
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},
    {"get", 1, 1, run_get},
    {"create", 1, 1, run_create},
    {"update", 1, 1, run_update},
    {"disable", 1, 1, run_status<contact_status::disabled>},
    {"enable", 1, 1, run_status<contact_status::active>},
    {"verify", 1, 1, run_verify},
};

} // namespace

command contact_command() {
    return {{"contact", "list | create EMAIL | get|update|disable|enable|verify CONTACT",
             "The people of an account. verify: the operator vouches for an address.", options,
             "lineside contact create robin@example.com --account acme --name 'Robin Example' --role administrator"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
