#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

// Extensions, and lists of them to be taken over.
namespace lineside::cli {

namespace {

constexpr option extension_options[] = {
    {"--account", "ID", "whose extension; every verb but owner, check and import needs it"},
    {"--contact", "ID", "claim: who uses it; list: whose alone"},
    {"--to-contact", "ID", "transfer: the contact that gets it; nobody in particular unless given"},
    {"--to", "ID", "transfer: the account that gets it"},
    {"--request-id", "TEXT", "claim: asking again within a day gives the same number"},
    {"--json", "", "as JSON"},
};

account_id needed_account(const arguments& args) {
    if (!args.has("--account"))
        throw usage_error("this needs --account ID");
    return account_of(args);
}

exit_status print_extensions(session& s, const std::vector<extension>& all) {
    if (form_of(s.args()) == output_form::json) {
        print_json(all);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"number", "account", "contact", "since UTC"})
        t.add_column(heading, alignment::left);
    for (const auto& e : all)
        t.add_row(
            {e.number, e.account.value(), e.contact.empty() ? "-" : e.contact.value(), shown_time(e.created_at, {})});
    print(t);
    return exit_status::done;
}

exit_status print_extension(session& s, const extension& e) {
    if (form_of(s.args()) != output_form::json)
        return print_extensions(s, {e});
    print_json(e);
    return exit_status::done;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    std::vector<extension> all;
    extension_query query{.account = needed_account(s.args()), .contact = {}, .cursor = {}, .limit = 5'000};
    if (s.args().has("--contact"))
        query.contact = contact_id(text_of(s.args(), "--contact"));
    do {
        auto page = s.open().async_list_extensions(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return print_extensions(s, all);
}

exit_status run_claim(session& s, std::span<const std::string> operands) {
    const extension_claim request{needed_account(s.args()), operands.empty() ? "" : operands[0],
                                  contact_id(text_of(s.args(), "--contact")), text_of(s.args(), "--request-id")};
    return print_extension(s, s.open().async_claim_extension(request, s.options(), block));
}

exit_status run_release(session& s, std::span<const std::string> operands) {
    const extension_key request{needed_account(s.args()), operands[0]};
    (void)s.open().async_release_extension(request, s.options(), block);
    return exit_status::done;
}

exit_status run_transfer(session& s, std::span<const std::string> operands) {
    extension_transfer request;
    request.account = needed_account(s.args());
    request.number = operands[0];
    request.to_contact = contact_id(text_of(s.args(), "--to-contact"));
    if (s.args().has("--to"))
        request.to_account = account_id(text_of(s.args(), "--to"));
    return print_extension(s, s.open().async_transfer_extension(request, s.options(), block));
}

exit_status run_owner(session& s, std::span<const std::string> operands) {
    const number_owner_query request{account_id(text_of(s.args(), "--account")), operands[0]};
    const auto n = s.open().async_get_number_owner(request, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(n);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"number", "state", "account", "contact", "block", "in words"})
        t.add_column(heading, alignment::left);
    t.add_row({n.number, std::string(to_string(n.state)), n.owner ? n.owner->value() : "-",
               n.contact ? n.contact->value() : "-", n.block ? n.block->first + '-' + n.block->last : "-", n.text});
    print(t);
    return exit_status::done;
}

// --- lists

// The fields of a line of CSV; a field in quotes may hold commas and doubled quotes.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
            fields.back() += line[++i];
        else if (c == '"' && (quoted || fields.back().empty()))
            quoted = !quoted;
        else if (c == ',' && !quoted)
            fields.emplace_back();
        else
            fields.back() += c;
    }
    return fields;
}

struct import_list {
    extension_import request;
    std::vector<std::size_t> lines; ///< of the rows, from 1
};

// Columns account, contact, number, or in the order that a first row with these names says.
import_list list_from(std::istream& in, const std::string& name) {
    std::size_t account = 0;
    std::size_t contact = 1;
    std::size_t number = 2;
    import_list list;
    std::string line;
    for (std::size_t at = 1; std::getline(in, line); ++at) {
        if (at == 1 && line.starts_with("\xef\xbb\xbf"))
            line.erase(0, 3);
        if (line.ends_with('\r'))
            line.pop_back();
        if (line.empty())
            continue;
        auto fields = fields_of(line);
        const auto column = [&](std::string_view wanted) {
            return static_cast<std::size_t>(std::find(fields.begin(), fields.end(), wanted) - fields.begin());
        };
        if (list.lines.empty() && column("account") < fields.size() && column("number") < fields.size()) {
            account = column("account");
            contact = column("contact");
            number = column("number");
            continue;
        }
        if (fields.size() <= std::max(account, number))
            throw error(errc::invalid_argument, name + ":" + std::to_string(at) + ": not account,contact,number");
        list.request.rows.push_back({account_id(fields[account]), fields[number],
                                     contact_id(contact < fields.size() ? fields[contact] : std::string())});
        list.lines.push_back(at);
    }
    return list;
}

import_list list_named(const std::string& name) {
    if (name == "-")
        return list_from(std::cin, "standard input");
    std::ifstream file(name, std::ios::binary);
    if (!file)
        throw error(errc::not_found, "cannot open " + name);
    return list_from(file, name);
}

exit_status print_report(session& s, const extension_import_report& report, const import_list& list) {
    if (form_of(s.args()) == output_form::json) {
        print_json(report);
    } else {
        if (!report.collisions.empty()) {
            table t;
            t.add_column("line", alignment::right);
            for (const auto heading : {"account", "number", "reason", "in words"})
                t.add_column(heading, alignment::left);
            for (const auto& c : report.collisions)
                t.add_row({std::to_string(list.lines.at(c.row)), c.account.value(), c.number,
                           std::string(to_string(c.reason)), c.text});
            print(t);
        }
        write_output(std::to_string(report.rows) + " rows, " + std::to_string(report.collisions.size()) +
                     " collisions, " + std::to_string(report.imported) + " imported\n");
    }
    return report.collisions.empty() ? exit_status::done : exit_status::failed;
}

exit_status run_check(session& s, std::span<const std::string> operands) {
    const auto list = list_named(operands[0]);
    return print_report(s, s.open().async_check_extensions(list.request, s.options(), block), list);
}

exit_status run_import(session& s, std::span<const std::string> operands) {
    const auto list = list_named(operands[0]);
    return print_report(s, s.open().async_import_extensions(list.request, s.options(), block), list);
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},         {"claim", 0, 1, run_claim}, {"release", 1, 1, run_release},
    {"transfer", 1, 1, run_transfer}, {"owner", 1, 1, run_owner}, {"check", 1, 1, run_check},
    {"import", 1, 1, run_import},
};

} // namespace

command extension_command() {
    return {{"extension", "list|claim|release|transfer|owner|check|import [NUMBER|FILE]",
             "Extensions; 'claim' without NUMBER takes the next free one, 'check' and 'import' read a CSV FILE of\n"
             "account,contact,number. A list with collisions changes nothing and ends with status 1.",
             extension_options, "lineside extension check users.csv && lineside extension import users.csv"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
