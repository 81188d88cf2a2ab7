#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <limits>
#include <utility>

// The operator's side of an account.
namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--name", "TEXT", "company name"},
    {"--currency", "CODE", "create: ISO 4217; stays for good"},
    {"--zone", "ZONE", "IANA zone of graphs and call lists"},
    {"--channels", "N", "configured channels, 0 is a real limit; 'none': no limit"},
    {"--contact-name", "TEXT", "whom to ask for"},
    {"--debit-limit", "AMOUNT", "how far the balance may go below zero; negative keeps a reserve"},
    {"--tax", "TEXT", "as it stands on invoices"},
    {"--paypal", "TEXT", "where PayPal payments come from"},
    {"--language", "TAG", "of contacts that chose none: de, pt-BR"},
    {"--status", "STATUS", "update: active or disabled"},
    {"--withhold", "LIST", "what none of its contacts may do: view_balance,manage_keys; 'none'"},
    {"--json", "", "as JSON"},
};

std::optional<std::string> given(const arguments& args, std::string_view option) {
    const auto text = args.find(option);
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

std::optional<std::uint32_t> channels_of(const arguments& args) {
    const auto text = args.find("--channels");
    if (!text || *text == "none")
        return std::nullopt;
    return static_cast<std::uint32_t>(number_from(*text, "--channels", 0, std::numeric_limits<std::uint32_t>::max()));
}

std::optional<money> limit_of(const arguments& args) {
    const auto text = args.find("--debit-limit");
    if (!text)
        return std::nullopt;
    auto amount = parse_money(*text);
    if (!amount)
        wrong_value("--debit-limit", amount.error().details.message);
    return *std::move(amount);
}

account_status status_of(const arguments& args) {
    for (const auto status : {account_status::active, account_status::disabled})
        if (to_string(status) == args.get("--status"))
            return status;
    wrong_value("--status", "it is active or disabled");
}

void print_account(session& s, const account& a) {
    if (form_of(s.args()) == output_form::json)
        return print_json(a);
    table t;
    t.add_column("account", alignment::left);
    t.add_column(a.id.value(), alignment::left);
    std::string withheld;
    for (const auto p : a.withheld)
        withheld += (withheld.empty() ? "" : ", ") + std::string(to_string(p));
    const std::pair<const char*, std::string> rows[] = {
        {"company", a.name},
        {"contact name", a.contact_name},
        {"currency", a.currency},
        {"debit limit", a.debit_limit ? to_string(*a.debit_limit) : std::string()},
        {"tax", a.tax},
        {"PayPal", a.paypal},
        {"zone", a.time_zone},
        {"language", a.language},
        {"channels", a.channel_limit ? std::to_string(*a.channel_limit) : "no limit"},
        {"status", std::string(to_string(a.status))},
        {"withheld", withheld},
        {"created UTC", shown_time(a.created_at, {})},
    };
    for (const auto& [name, value] : rows)
        t.add_row({name, value.empty() ? "-" : value});
    print(t);
}

exit_status run_get(session& s, std::span<const std::string> operands) {
    print_account(s, s.open().async_get_account(account_id(operands[0]), s.options(), block));
    return exit_status::done;
}

exit_status run_create(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    if (args.has("--status"))
        throw usage_error("an account is created active; --status is for update");
    account a;
    a.id = account_id(operands[0]);
    a.name = text_of(args, "--name");
    a.currency = text_of(args, "--currency");
    if (const auto zone = zone_of(args); !zone.empty())
        a.time_zone = zone;
    a.channel_limit = channels_of(args);
    a.contact_name = text_of(args, "--contact-name");
    a.debit_limit = limit_of(args).value_or(money{});
    a.tax = text_of(args, "--tax");
    a.paypal = text_of(args, "--paypal");
    a.language = given(args, "--language").value_or(a.language);
    if (const auto list = args.find("--withhold"))
        a.withheld = permissions_from(*list, "--withhold");
    print_account(s, s.open(database_file::may_be_created).async_create_account(a, s.options(), block));
    return exit_status::done;
}

exit_status run_update(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    if (args.has("--currency"))
        throw usage_error("the currency of an account stays for good");
    account_update u;
    u.account = account_id(operands[0]);
    u.name = given(args, "--name");
    if (const auto zone = zone_of(args); !zone.empty())
        u.time_zone = zone;
    u.channel_limit = channels_of(args);
    u.no_channel_limit = args.find("--channels") == "none";
    u.contact_name = given(args, "--contact-name");
    u.debit_limit = limit_of(args);
    u.tax = given(args, "--tax");
    u.paypal = given(args, "--paypal");
    u.language = given(args, "--language");
    if (args.has("--status"))
        u.status = status_of(args);
    if (const auto list = args.find("--withhold"))
        u.withheld = permissions_from(*list, "--withhold");
    print_account(s, s.open().async_update_account(u, s.options(), block));
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"create", 1, 1, run_create},
    {"get", 1, 1, run_get},
    {"update", 1, 1, run_update},
};

} // namespace

command account_command() {
    return {{"account", "create|get|update ID", "An account: what the operator keeps of a customer.", options,
             "lineside account create acme --name 'Acme Ltd' --currency EUR --channels 30 --debit-limit 100"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
