#include "portal/engine/money/money.hpp"

#include <lineside/error.hpp>

#include "portal/engine/engine_core.hpp"
#include "portal/engine/money/charges.hpp"
#include "portal/engine/records.hpp"
#include "rules/account_ledger.hpp"

#include <utility>

namespace lineside {

namespace {

using rules::to_nanos;

money exactly(rules::nanos128 amount, const std::string& currency) {
    return rules::exact_money(amount, currency).value();
}

std::string link_of(const std::string& pattern, const balance& b) {
    if (pattern.empty() || b.currency.empty())
        return {};
    const auto amount = rules::coins(rules::amount_due(to_nanos(b.amount), b.currency), b.currency);
    return rules::payment_link(pattern, {b.account.value(), amount, b.currency, {}});
}

} // namespace

balance balance_of(engine_core& core, ledger_view& view, const store::account_row& account, instant now) {
    const auto& a = account.value;
    const auto funds = find<funds_record>(*view.stored, account.key, funds_record::only).value_or(funds_record());
    const auto paid = to_nanos(funds.completed);
    const auto charged = read_charges(view, account);
    const auto limit = to_nanos(a.debit_limit);
    const auto state = rules::state_of(paid, charged, limit).value();
    const auto live = core.live->exposure_of(account.key, a.currency, now);

    balance b;
    b.account = a.id;
    b.currency = a.currency;
    b.as_of = now;
    b.amount = exactly(state.balance, a.currency);
    b.payments = exactly(paid, a.currency);
    b.charges = exactly(charged, a.currency);
    b.debit_limit = exactly(limit, a.currency);
    b.credit_available = exactly(state.credit, a.currency);
    b.in_flight = live.locked;
    b.burn_per_minute = live.per_minute;
    b.calls_without_rate = live.calls_without_rate;
    b.time_to_zero = rules::time_to_zero(state.credit, to_nanos(live.locked), to_nanos(live.per_minute));
    b.payment_link = link_of(core.options.money.payment_link, b);
    return b;
}

balance balance_of(engine_core& core, const account_id& account) {
    auto view = core.calls->view();
    const auto row = view.stored->find_account(account.value());
    if (!row)
        throw error(errc::not_found, "there is no account '" + account.value() + "'", "account");
    return balance_of(core, view, *row, core.now());
}

} // namespace lineside
