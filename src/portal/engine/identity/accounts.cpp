#include "cdr/base.hpp"
#include "portal/engine/desk.hpp"
#include "rules/bcp47.hpp"
#include "rules/calendar.hpp"

#include <memory>
#include <optional>
#include <utility>

// Accounts: what the operator keeps of a customer.
namespace lineside {

namespace {

void check_account_id(const std::string& id, std::string field) {
    if (id.empty() || cdr::check_text(id, cdr::max_account) != nullptr)
        throw error(errc::invalid_argument, "an account id is 1 to 128 bytes of UTF-8 without control characters",
                    std::move(field));
}

void check_text(const std::string& text, const char* field) {
    if (const auto* bad = cdr::check_text(text, 256); bad != nullptr && !text.empty())
        throw error(errc::invalid_argument, std::string(field) + " " + bad, field);
}

void check(account& a) {
    if (a.name.empty())
        a.name = a.id.value();
    if (a.time_zone.empty())
        a.time_zone = "UTC";
    (void)rules::zone::find(a.time_zone).value();
    (void)parse_money("0", a.currency).value();
    auto& limit = a.debit_limit ? *a.debit_limit : a.debit_limit.emplace();
    if (!limit.currency.empty() && limit.currency != a.currency)
        throw error(errc::invalid_argument, "the debit limit is in the account's currency", "debit_limit");
    limit.currency = a.currency;
    check_text(a.name, "name");
    check_text(a.contact_name, "contact_name");
    check_text(a.tax, "tax");
    check_text(a.paypal, "paypal");
    a.language = a.language.empty() ? "en" : rules::parse_language(a.language).value();
    a.withheld = permission_set(a.withheld).list();
}

template <class To, class T>
void set(To& to, std::optional<T>& from, const char* name, std::string& changed) {
    if (!from)
        return;
    to = std::move(*from);
    changed += changed.empty() ? "" : ", ";
    changed += name;
}

} // namespace

store::account_row desk::account_named(store::snapshot& db, const account_id& id) {
    auto row = db.find_account(id.value());
    if (!row)
        throw error(errc::not_found, "there is no account '" + id.value() + "'", "account");
    return *std::move(row);
}

std::shared_ptr<const store::account_row> desk::account_named(const account_id& id) {
    const auto changes = core_.db->changes();
    auto known = core_.known_accounts.find(id.value(), changes);
    if (!known) {
        known = std::make_shared<const store::account_row>(account_named(*core_.db->read(), id));
        core_.known_accounts.keep(id.value(), changes, known);
    }
    return known;
}

kept_answer<account> desk::create_account(account request) {
    check_account_id(request.id.value(), "id");
    check(request);
    std::optional<kept_answer<account>> made;
    (void)core_.calls->create_account(std::move(request), [&](store::transaction& tx, const store::account_row& row) {
        note(tx, row.key, {.action = "create_account", .target = row.value.id.value()});
        made.emplace(keep(tx, row.value));
    });
    return std::move(made).value();
}

account desk::get_account(account_id request) {
    auto a = account_named(request)->value;
    if (!who_.may.contains(permission::view_balance))
        a.debit_limit.reset();
    return a;
}

account desk::update_account(account_update request) {
    return core_.calls->update_account(request.account, [&](store::transaction& tx, store::account_row& row) {
        auto& a = row.value;
        check_unchanged([&] { return a; });
        std::string changed;
        set(a.name, request.name, "name", changed);
        set(a.time_zone, request.time_zone, "time_zone", changed);
        set(a.contact_name, request.contact_name, "contact_name", changed);
        set(a.debit_limit, request.debit_limit, "debit_limit", changed);
        set(a.tax, request.tax, "tax", changed);
        set(a.paypal, request.paypal, "paypal", changed);
        set(a.language, request.language, "language", changed);
        set(a.status, request.status, "status", changed);
        set(a.withheld, request.withheld, "withheld", changed);
        if (request.no_channel_limit || request.channel_limit) {
            a.channel_limit = request.no_channel_limit ? std::nullopt : request.channel_limit;
            changed += changed.empty() ? "channel_limit" : ", channel_limit";
        }
        check(a);
        note(tx, row.key, {.action = "update_account", .target = a.id.value(), .detail = changed});
    });
}

page<account> desk::list_accounts(account_query request) { return ask().list_accounts(request); }

} // namespace lineside
