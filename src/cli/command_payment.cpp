#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

// Payments of an account and what is left of them.
namespace lineside::cli {

namespace {

constexpr std::uint32_t payments_a_page = 1'000;
constexpr std::uint64_t most_payments = 1'000'000;

constexpr option options[] = {
    {"--account", "ID", "whose payments; every verb needs it", presence::required},
    {"--status", "STATUS", "list, create: pending, completed, cancelled; create: pending unless given"},
    {"--limit", "N", "list: the newest N; all unless given"},
    {"--currency", "CODE", "create, announce: ISO 4217; the account's unless given"},
    {"--method", "TEXT", "create: 'card', 'bank transfer' ..."},
    {"--description", "TEXT", "create, announce: what follows a '#' only the operator sees"},
    {"--reference", "TEXT", "create, announce: yours, unique in the account; asking again gives the same payment"},
    {"--json", "", "as JSON"},
};

money amount_of(const arguments& args, const std::string& text) {
    auto amount = parse_money(text, text_of(args, "--currency"));
    if (!amount)
        throw usage_error("AMOUNT: " + amount.error().details.message);
    return *std::move(amount);
}

void print_payments(const std::vector<payment>& payments) {
    table t;
    t.add_column("payment", alignment::left);
    t.add_column("made UTC", alignment::left);
    t.add_column("amount", alignment::right);
    for (const auto* heading : {"", "status", "method", "reference", "description"})
        t.add_column(heading, alignment::left);
    for (const auto& p : payments)
        t.add_row({p.id, shown_time(p.created_at, {}), to_string(p.total), p.total.currency,
                   std::string(to_string(p.status)), p.method.empty() ? "-" : p.method,
                   p.reference.empty() ? "-" : p.reference, p.description.empty() ? "-" : p.description});
    print(t);
}

exit_status print_payment(session& s, const payment& p) {
    if (form_of(s.args()) == output_form::json)
        print_json(p);
    else
        print_payments({p});
    return exit_status::done;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    payment_query query;
    query.account = account_of(args);
    if (args.has("--status"))
        query.status = value_of(args, "--status", parse_payment_status);
    const auto limit = args.has("--limit") ? number_of(args, "--limit", 1, most_payments) : most_payments;
    std::vector<payment> all;
    do {
        query.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit - all.size(), payments_a_page));
        auto page = s.open().async_list_payments(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty() && all.size() < limit);
    if (form_of(args) == output_form::json)
        print_json(all);
    else
        print_payments(all);
    return exit_status::done;
}

exit_status run_create(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    payment_create request;
    request.account = account_of(args);
    request.total = amount_of(args, operands[0]);
    if (args.has("--status"))
        request.status = value_of(args, "--status", parse_payment_status);
    request.method = text_of(args, "--method");
    request.description = text_of(args, "--description");
    request.reference = text_of(args, "--reference");
    return print_payment(s, s.open().async_create_payment(std::move(request), s.options(), block));
}

exit_status run_announce(session& s, std::span<const std::string> operands) {
    const auto& args = s.args();
    if (args.has("--status") || args.has("--method"))
        throw usage_error("an announced payment is a pending bank transfer: --status and --method are for create");
    transfer_announcement request;
    request.account = account_of(args);
    request.total = amount_of(args, operands[0]);
    request.description = text_of(args, "--description");
    request.reference = text_of(args, "--reference");
    return print_payment(s, s.open().async_announce_transfer(std::move(request), s.options(), block));
}

exit_status run_complete(session& s, std::span<const std::string> operands) {
    return print_payment(s, s.open().async_complete_payment({account_of(s.args()), operands[0]}, s.options(), block));
}

exit_status run_cancel(session& s, std::span<const std::string> operands) {
    return print_payment(s, s.open().async_cancel_payment({account_of(s.args()), operands[0]}, s.options(), block));
}

exit_status run_balance(session& s, std::span<const std::string> /*operands*/) {
    const auto b = s.open().async_get_balance({account_of(s.args())}, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(b);
        return exit_status::done;
    }
    table t;
    t.add_column("account", alignment::left);
    t.add_column(b.account.value(), alignment::right);
    t.add_column(b.currency.empty() ? "no currency yet" : b.currency, alignment::left);
    const auto row = [&](const char* name, const std::optional<money>& amount, std::string remark = {}) {
        t.add_row({name, shown(amount), std::move(remark)});
    };
    row("payments", b.payments, "completed");
    row("charges", b.charges, "of all calls stored");
    row("balance", b.amount);
    row("debit limit", b.debit_limit);
    row("credit available", b.credit_available, "balance + debit limit");
    row("in flight", b.in_flight,
        b.calls_without_rate == 0 ? "" : std::to_string(b.calls_without_rate) + " live calls have no rate");
    row("burn per minute", b.burn_per_minute);
    t.add_row({"time to zero", b.time_to_zero ? shown_length(*b.time_to_zero) : "-", "at the present burn"});
    print(t);
    if (!b.payment_link.empty())
        write_output("\npay at " + b.payment_link + '\n');
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},         {"create", 1, 1, run_create}, {"announce", 1, 1, run_announce},
    {"complete", 1, 1, run_complete}, {"cancel", 1, 1, run_cancel}, {"balance", 0, 0, run_balance},
};

} // namespace

command payment_command() {
    return {{"payment", "list | create AMOUNT | announce AMOUNT | complete ID | cancel ID | balance",
             "Payments of an account and its balance. Only completed payments count; a purchase is negative.", options,
             "lineside payment create 250.00 --account acme --method 'bank transfer' --reference INV-2026-17"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
