#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

// API keys: what programs sign in with.
namespace lineside::cli {

namespace {

constexpr std::uint64_t longest_overlap_hours = 24 * 30;

constexpr option options[] = {
    {"--account", "ID", "whose keys; without it the operator's own"},
    {"--scope", "LIST", "create: what it may do, view_calls,view_summary;\nan operator's key without it everything"},
    {"--expires", "T", "create: until then; for ever unless given"},
    {"--overlap", "HOURS", "rotate: how long the old secret works on, 0 to 720; 24 unless given"},
    {"--json", "", "as JSON"},
};

std::string shown_scopes(const api_key& k) {
    std::string text;
    for (const auto p : k.scopes)
        text += (text.empty() ? "" : ",") + std::string(to_string(p));
    return text.empty() ? "everything" : text;
}

std::string shown_time(const std::optional<instant>& t) { return t ? cli::shown_time(*t, {}) : "-"; }

exit_status print_keys(session& s, const std::vector<api_key>& keys) {
    if (form_of(s.args()) == output_form::json) {
        print_json(page<api_key>{keys, {}});
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"key", "name", "state", "created UTC", "expires UTC", "last used UTC", "scopes"})
        t.add_column(heading, alignment::left);
    for (const auto& k : keys)
        t.add_row({k.id, k.name,
                   k.revoked          ? "revoked"
                   : k.previous_until ? "two secrets"
                                      : "active",
                   cli::shown_time(k.created_at, {}), shown_time(k.expires_at), shown_time(k.last_used_at),
                   shown_scopes(k)});
    print(t);
    return exit_status::done;
}

// The secret is the only line on standard output, so that it can be piped into a file of mode 0600.
exit_status print_grant(session& s, const api_key_grant& grant) {
    if (form_of(s.args()) == output_form::json)
        print_json(grant);
    else
        write_output(std::string(grant.text.reveal()) + '\n');
    return exit_status::done;
}

account_id owner_of(const arguments& args) { return account_id(text_of(args, "--account")); }

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    std::vector<api_key> all;
    api_key_query query{.account = owner_of(s.args()), .cursor = {}, .limit = 1'000};
    do {
        auto page = s.open().async_list_keys(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return print_keys(s, all);
}

exit_status run_create(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    api_key_create request;
    request.account = owner_of(args);
    request.name = operands[0];
    request.scopes = permissions_from(text_of(args, "--scope"), "--scope");
    request.expires_at = time_of(args, "--expires");
    return print_grant(s, s.open().async_create_key(std::move(request), s.options(), block));
}

exit_status run_rotate(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    api_key_rotation request;
    request.account = owner_of(args);
    request.key = operands[0];
    if (args.has("--overlap"))
        request.overlap = std::chrono::hours(number_of(args, "--overlap", 0, longest_overlap_hours));
    return print_grant(s, s.open().async_rotate_key(std::move(request), s.options(), block));
}

exit_status run_revoke(session& s, std::span<const std::string> operands) {
    (void)s.open().async_revoke_key({owner_of(s.args()), operands[0]}, s.options(), block);
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},
    {"create", 1, 1, run_create},
    {"rotate", 1, 1, run_rotate},
    {"revoke", 1, 1, run_revoke},
};

} // namespace

command key_command() {
    return {{"key", "list | create NAME | rotate|revoke KEY",
             "API keys of an account or of the operator. create and rotate print the key: it is shown once.", options,
             "lineside key create 'billing job' --account acme --scope view_summary > billing.key"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
