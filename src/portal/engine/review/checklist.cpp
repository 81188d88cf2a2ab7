#include "rules/checklist.hpp"

#include "portal/engine/alerts/alert_records.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/texts.hpp"

#include <algorithm>
#include <string>
#include <utility>

// What waits for a customer: nothing of it is kept, all of it is asked for.
namespace lineside {

namespace {

struct item_texts {
    text what;
    text remedy;
};

item_texts texts_of(rules::checklist_code c) {
    using enum rules::checklist_code;
    switch (c) {
    case credit_exhausted: return {text::credit_exhausted, text::credit_exhausted_remedy};
    case alerts_fired: return {text::alerts_fired, text::alerts_fired_remedy};
    case balance_low: return {text::balance_low, text::balance_low_remedy};
    case verify_email: return {text::verify_email, text::verify_email_remedy};
    case confirm_new_email: return {text::confirm_new_email, text::confirm_new_email_remedy};
    case verify_mobile: return {text::verify_mobile, text::verify_mobile_remedy};
    case two_factor_off: return {text::two_factor_off, text::two_factor_off_remedy};
    case recovery_codes_low: return {text::recovery_codes_low, text::recovery_codes_low_remedy};
    case key_expiring: return {text::key_expiring, text::key_expiring_remedy};
    case payment_pending: return {text::payment_pending, text::payment_pending_remedy};
    case no_number_block: break;
    }
    return {text::no_number_block, text::no_number_block_remedy};
}

/// Facts, and what their texts say about them.
struct known_facts {
    rules::checklist_facts facts{};
    std::string amount{};      ///< of credit
    std::string key{};         ///< the name of the one that expires first
    std::string key_expires{}; ///< a date
};

rules::contact_facts facts_of(store::snapshot& db, const known_contact& known) {
    const auto& c = known.contact;
    rules::contact_facts f;
    f.email_verified = c.email_verified_at.has_value();
    f.email_pending = !c.pending_email.empty();
    f.has_mobile = !c.mobile.empty();
    f.mobile_verified = c.mobile_verified_at.has_value();
    f.two_factor = has_two_factor(db, known.account.key, c.id);
    f.recovery_codes = static_cast<std::uint32_t>(recovery_codes_left(db, known.account.key, c.id));
    return f;
}

void add_credit(known_facts& k, const balance& b) {
    // Without a currency no money was ever moved: the host keeps balances elsewhere.
    if (b.currency.empty())
        return;
    k.facts.credit = {b.credit_available, b.debit_limit, b.time_to_zero};
    k.amount = to_string(b.credit_available) + ' ' + b.currency;
}

void add_keys(known_facts& k, const std::vector<api_key>& keys, instant now) {
    auto& expiries = k.facts.key_expiries.emplace();
    const api_key* first = nullptr;
    for (const auto& key : keys) {
        if (key.revoked || !key.expires_at || *key.expires_at <= now)
            continue;
        expiries.push_back(*key.expires_at);
        if (first == nullptr || *key.expires_at < *first->expires_at)
            first = &key;
    }
    if (first == nullptr)
        return;
    k.key = first->name.empty() ? first->id : first->name;
    k.key_expires = to_string(*first->expires_at).substr(0, 10);
}

std::string address_in(rules::checklist_code code, const contact_record& c) {
    switch (code) {
    case rules::checklist_code::confirm_new_email: return c.pending_email;
    case rules::checklist_code::verify_mobile: return c.mobile;
    default: return c.email;
    }
}

std::uint64_t count_in(rules::checklist_code code, const rules::checklist_facts& facts) {
    switch (code) {
    case rules::checklist_code::alerts_fired: return facts.alerts->firing;
    case rules::checklist_code::recovery_codes_low: return facts.contact->recovery_codes;
    case rules::checklist_code::payment_pending: return *facts.pending_payments;
    default: return 0;
    }
}

checklist_item item_of(const rules::checklist_finding& f, const known_facts& k, const std::optional<known_contact>& c,
                       std::string_view language) {
    const auto address = c ? address_in(f.code, c->contact) : std::string();
    const auto count = std::to_string(count_in(f.code, k.facts));
    const auto texts = texts_of(f.code);
    return {
        std::string(rules::to_string(f.code)), f.severity,
        write(texts.what, language,
              {{"amount", k.amount}, {"address", address}, {"count", count}, {"name", k.key}, {"date", k.key_expires}}),
        write(texts.remedy, language)};
}

} // namespace

checklist desk::get_checklist(checklist_query request) {
    std::optional<known_contact> contact;
    store::account_row account;
    known_facts k;
    {
        const auto db = core_.db->read();
        if (who_.kind == principal::kind::contact || !request.contact.empty())
            contact = contact_asked_about(*db, who_, request.account, request.contact);
        account = contact ? contact->account : account_named(*db, request.account);
        if (contact)
            k.facts.contact = facts_of(*db, *contact);
    }
    const auto may = contact ? permissions_of(contact->contact, account.value) : who_.may;
    const auto& id = account.value.id;
    if (may.contains(permission::view_balance))
        add_credit(k, get_balance({id}));
    if (may.contains(permission::view_alerts))
        k.facts.alerts = firing_alerts_of(*core_.db->read(), account.key, may);
    if (may.contains(permission::view_payments))
        k.facts.pending_payments =
            list_payments({.account = id, .status = payment_status::pending, .limit = 1'000}).items.size();
    if (may.contains(permission::view_numbers))
        k.facts.number_blocks = list_blocks({.account = id, .limit = 1}).items.size();
    if (may.contains(permission::manage_keys))
        add_keys(k, list_keys({.account = id, .limit = 1'000}).items, now_);

    checklist answer;
    answer.account = id;
    answer.language = !request.language.empty() ? text_language(checked_language(request.language))
                      : contact                 ? language_of(*contact)
                                                : text_language(account.value.language);
    for (const auto& f : rules::findings(k.facts, now_))
        answer.items.push_back(item_of(f, k, contact, answer.language));
    return answer;
}

} // namespace lineside
