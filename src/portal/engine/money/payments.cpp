#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/money/money.hpp"
#include "portal/engine/records.hpp"
#include "rules/account_ledger.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

// Payments: made once, completed or cancelled once.
namespace lineside {

namespace {

constexpr std::uint32_t most_payments_a_page = 1'000;
constexpr std::size_t longest_reference = 128;
constexpr std::string_view bank_transfer = "bank transfer";

payment shown(const payment_record& r, const account_id& account, const principal& who) {
    payment p;
    p.account = account;
    p.id = r.id;
    p.created_at = r.created_at;
    p.completed_at = r.completed_at;
    p.cancelled_at = r.cancelled_at;
    p.total = r.total;
    p.status = r.status;
    p.method = r.method;
    p.description = who.is_operator() ? r.description : std::string(rules::public_part(r.description));
    p.reference = r.reference;
    return p;
}

store::account_row account_row_of(store::snapshot& db, const account_id& id) {
    auto row = db.find_account(id.value());
    if (!row)
        throw error(errc::not_found, "there is no account '" + id.value() + "'", "account");
    return *std::move(row);
}

payment_record payment_named(store::snapshot& db, std::uint32_t account, const std::string& id) {
    auto found = find<payment_record>(db, account, id);
    if (!found)
        throw error(errc::not_found, "there is no payment '" + id + "'", "payment");
    return *std::move(found);
}

// Whoever asks for the same once more gets what there is.
bool is_repeated(const payment_record& there, const payment_record& wanted) {
    return there.total == wanted.total && there.created_as == wanted.created_as && there.method == wanted.method &&
           there.description == wanted.description;
}

void check_total(const money& total) {
    if (!rules::is_amount(total) || total.units > rules::most_units || total.units < -rules::most_units)
        throw error(errc::invalid_argument, "a payment is an amount of at most 1,000,000,000,000,000", "total");
    if (total.units == 0 && total.nanos == 0)
        throw error(errc::invalid_argument, "a payment of nothing is none", "total");
    if (!parse_money("0", total.currency))
        throw error(errc::invalid_argument, "'" + total.currency + "' is not an ISO 4217 currency code", "currency");
}

std::string checked_reference(std::string text) {
    if (text.size() > longest_reference)
        throw error(errc::invalid_argument, "a reference has at most 128 bytes", "reference");
    return checked_text(std::move(text), "reference");
}

std::string reference_name(std::uint32_t account, const std::string& reference) {
    return std::to_string(account) + '/' + reference;
}

void add_to_funds(funds_record& funds, const money& total) {
    const auto sum = rules::checked_sum({rules::to_nanos(funds.completed), rules::to_nanos(total)});
    auto fits = rules::exact_money(sum.value(), total.currency); // any two amounts have a sum, not each fits
    if (!fits)
        throw error(errc::exhausted, "the account's payments come to more than can be counted", "total");
    funds.completed = *std::move(fits);
}

funds_record funds_of(store::snapshot& db, std::uint32_t account) {
    return find<funds_record>(db, account, funds_record::only).value_or(funds_record());
}

// The currency is the account's. It has none yet: this payment's, where the operator makes it.
void settle_currency(account& a, money& total, const principal& who) {
    if (a.currency.empty() && !who.is_operator())
        throw error(errc::conflict, "the account has no currency yet: your operator sets it", "currency");
    if (total.currency.empty())
        total.currency = a.currency;
    if (total.currency.empty())
        throw error(errc::invalid_argument, "the account has no currency yet: which one is this?", "currency");
    if (a.currency.empty()) {
        a.currency = total.currency;
        a.debit_limit.value().currency = total.currency; // as it is kept it is set
    }
    if (a.currency != total.currency)
        throw error(errc::conflict,
                    "the payment is in " + total.currency + ", account '" + a.id.value() + "' is kept in " + a.currency,
                    "currency");
}

enum class made : std::uint8_t { now, before };

// Within a transaction. `r` has neither id nor times, which it gets; or it is the one that was made before.
made make_payment(store::transaction& tx, std::uint32_t account, payment_record& r, instant now) {
    if (!r.reference.empty())
        if (const auto owner = tx.find_name(reference_space, reference_name(account, r.reference))) {
            auto there = payment_named(tx, account, owner->id);
            if (!is_repeated(there, r))
                throw error(errc::conflict, "the reference '" + r.reference + "' is another payment's", "reference");
            r = std::move(there);
            return made::before;
        }
    auto funds = funds_of(tx, account);
    // Ids tell the order of payments, also of those of one millisecond and across a clock that was set back.
    funds.last_made = std::max(now, funds.last_made + duration(1));
    r.id = new_id("pay", funds.last_made);
    r.created_at = now;
    r.created_as = r.status;
    switch (r.status) {
    case payment_status::pending: tx.put_record(account, pending_kind, r.id, {}); break;
    case payment_status::completed:
        r.completed_at = now;
        add_to_funds(funds, r.total);
        break;
    case payment_status::cancelled: r.cancelled_at = now; break;
    }
    if (!r.reference.empty()) // which nobody has: this transaction looked
        (void)tx.claim_name(reference_space, reference_name(account, r.reference), {account, r.id});
    put(tx, account, r);
    put(tx, account, funds);
    return made::now;
}

std::string in_words(const payment_record& r) {
    return to_string(r.total) + ' ' + r.total.currency + ", " + std::string(to_string(r.status));
}

std::vector<std::string> newest_pending(store::snapshot& db, std::uint32_t account, std::string_view before,
                                        std::size_t most) {
    std::vector<std::string> ids;
    db.scan_records(account, pending_kind, {{}, before}, store::scan_order::descending,
                    [&](const store::stored_record& r) {
                        ids.emplace_back(r.id);
                        return ids.size() < most;
                    });
    return ids;
}

void check_announced(store::snapshot& db, std::uint32_t account) {
    if (newest_pending(db, account, {}, most_announced + 1).size() > most_announced)
        throw error(errc::conflict,
                    "100 payments of this account are pending: your operator completes or cancels them first");
}

// Who makes or moves a payment, and when.
struct clerk {
    engine_core& core;
    const principal& who;
    instant now;
    const keyed_call& call;
};

kept_answer<payment> create(const clerk& by, const account_id& account, payment_record wanted,
                            std::string_view action) {
    check_total(wanted.total);
    wanted.method = checked_text(std::move(wanted.method), "method");
    wanted.description = checked_text(std::move(wanted.description), "description");
    wanted.reference = checked_reference(std::move(wanted.reference));
    wanted.created_by = by.who.label();
    wanted.created_as = wanted.status;
    std::optional<kept_answer<payment>> answer;
    const auto make = [&](store::transaction& tx, store::account_row& row) {
        settle_currency(row.value, wanted.total, by.who);
        if (make_payment(tx, row.key, wanted, by.now) == made::now) {
            if (!by.who.is_operator())
                check_announced(tx, row.key);
            log_access(tx, row.key, by.who, by.now,
                       {.action = action, .target = wanted.id, .detail = in_words(wanted)});
        }
        answer.emplace(by.call.keep(tx, shown(wanted, account, by.who)));
    };
    // A first currency goes through the ledger of calls, which keeps accounts in mind.
    if (account_row_of(*by.core.db->read(), account).value.currency.empty()) {
        (void)by.core.calls->update_account(account, make);
    } else {
        const auto tx = by.core.db->write();
        auto row = account_row_of(*tx, account);
        make(*tx, row);
        tx->commit();
    }
    return std::move(answer).value();
}

payment move(const clerk& by, const payment_key& which, rules::payment_step step, std::string_view action) {
    const auto tx = by.core.db->write();
    const auto row = account_row_of(*tx, which.account);
    auto r = payment_named(*tx, row.key, which.payment);
    if (const auto next = rules::next_status(r.status, step).value()) {
        r.status = *next;
        if (r.status == payment_status::completed) {
            r.completed_at = by.now;
            auto funds = funds_of(*tx, row.key);
            add_to_funds(funds, r.total);
            put(*tx, row.key, funds);
        } else {
            r.cancelled_at = by.now;
        }
        put(*tx, row.key, r);
        (void)tx->erase_record(row.key, pending_kind, r.id);
        log_access(*tx, row.key, by.who, by.now, {.action = action, .target = r.id, .detail = in_words(r)});
        tx->commit();
    }
    return shown(r, row.value.id, by.who);
}

} // namespace

kept_answer<payment> desk::create_payment(payment_create request) {
    if (request.status > payment_status::cancelled)
        throw error(errc::invalid_argument, "the status is none", "status");
    payment_record wanted;
    wanted.total = std::move(request.total);
    wanted.status = request.status;
    wanted.method = std::move(request.method);
    wanted.description = std::move(request.description);
    wanted.reference = std::move(request.reference);
    return create({core_, who_, now_, call_}, request.account, std::move(wanted), "create_payment");
}

kept_answer<payment> desk::announce_transfer(transfer_announcement request) {
    if (request.total.units < 0 || request.total.nanos < 0)
        throw error(errc::invalid_argument, "a transfer is above zero", "total");
    if (request.description.find('#') != std::string::npos && !who_.is_operator())
        throw error(errc::invalid_argument, "a '#' begins what only the operator sees: leave it out", "description");
    payment_record wanted;
    wanted.total = std::move(request.total);
    wanted.method = bank_transfer;
    wanted.description = std::move(request.description);
    wanted.reference = std::move(request.reference);
    return create({core_, who_, now_, call_}, request.account, std::move(wanted), "announce_transfer");
}

payment desk::complete_payment(payment_key request) {
    return move({core_, who_, now_, call_}, request, rules::payment_step::complete, "complete_payment");
}

payment desk::cancel_payment(payment_key request) {
    return move({core_, who_, now_, call_}, request, rules::payment_step::cancel, "cancel_payment");
}

// ---- reading

page<payment> desk::list_payments(payment_query request) {
    if (request.limit < 1 || request.limit > most_payments_a_page)
        throw error(errc::invalid_argument, "a page has 1 to 1000 payments", "limit");
    const auto db = core_.db->read();
    const auto account = account_row_of(*db, request.account);
    page<payment> answer;
    const auto add = [&](const payment_record& r) {
        if (answer.items.size() == request.limit) {
            answer.next = answer.items.back().id;
            return false;
        }
        answer.items.push_back(shown(r, account.value.id, who_));
        return true;
    };
    if (request.status == payment_status::pending) {
        for (const auto& id : newest_pending(*db, account.key, request.cursor, request.limit + std::size_t{1}))
            add(payment_named(*db, account.key, id));
        return answer;
    }
    constexpr std::size_t payments_a_check = 1'024;
    std::size_t seen = 0;
    each<payment_record>(*db, account.key, {{}, request.cursor}, store::scan_order::descending,
                         [&](const payment_record& r) {
                             if (++seen % payments_a_check == 0)
                                 stop_.check();
                             return (request.status && r.status != *request.status) || add(r);
                         });
    return answer;
}

// ---- the balance

balance desk::get_balance(balance_query request) {
    auto b = balance_of(core_, request.account);
    // Together they tell either: what was paid and what calls cost.
    if (!who_.may.contains(permission::view_payments) || !who_.may.contains(permission::view_summary)) {
        b.payments.reset();
        b.charges.reset();
    }
    return b;
}

} // namespace lineside
