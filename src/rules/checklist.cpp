#include "rules/checklist.hpp"

#include "model/names.hpp"
#include "rules/rollup.hpp"

#include <algorithm>

namespace lineside::rules {

namespace {

constexpr name_of<checklist_code> codes[] = {
    {checklist_code::credit_exhausted, "credit_exhausted"},
    {checklist_code::alerts_fired, "alerts_fired"},
    {checklist_code::balance_low, "balance_low"},
    {checklist_code::verify_email, "verify_email"},
    {checklist_code::confirm_new_email, "confirm_new_email"},
    {checklist_code::verify_mobile, "verify_mobile"},
    {checklist_code::two_factor_off, "two_factor_off"},
    {checklist_code::recovery_codes_low, "recovery_codes_low"},
    {checklist_code::key_expiring, "key_expiring"},
    {checklist_code::payment_pending, "payment_pending"},
    {checklist_code::no_number_block, "no_number_block"},
};

using found = std::vector<checklist_finding>;

void about_contact(const contact_facts& c, found& to) {
    if (!c.email_verified)
        to.push_back({checklist_code::verify_email, severity::warning});
    if (c.email_pending)
        to.push_back({checklist_code::confirm_new_email, severity::warning});
    if (c.has_mobile && !c.mobile_verified)
        to.push_back({checklist_code::verify_mobile, severity::warning});
    if (!c.two_factor)
        to.push_back({checklist_code::two_factor_off, severity::info});
    else if (c.recovery_codes <= few_recovery_codes)
        to.push_back({checklist_code::recovery_codes_low, c.recovery_codes == 0 ? severity::error : severity::warning});
}

nanos128 nanos_of(const money& m) { return static_cast<nanos128>(m.units) * 1'000'000'000 + m.nanos; }

void about_credit(const credit_facts& c, found& to) {
    const auto available = nanos_of(c.available);
    if (available <= 0) {
        to.push_back({checklist_code::credit_exhausted, severity::error});
        return;
    }
    const bool little = nanos_of(c.debit_limit) > 0 && available * 10 < nanos_of(c.debit_limit);
    const bool soon = c.time_to_zero && *c.time_to_zero < low_credit_lasts;
    if (little || soon)
        to.push_back({checklist_code::balance_low, severity::warning});
}

void about_keys(const std::vector<instant>& expiries, instant now, found& to) {
    const auto soonest = std::min_element(expiries.begin(), expiries.end());
    if (soonest != expiries.end() && *soonest < now + key_warning)
        to.push_back({checklist_code::key_expiring, *soonest < now + key_alarm ? severity::error : severity::warning});
}

} // namespace

std::string_view to_string(checklist_code c) noexcept { return find_name(codes, c); }

std::vector<checklist_finding> findings(const checklist_facts& facts, instant now) {
    found all;
    if (facts.contact)
        about_contact(*facts.contact, all);
    if (facts.credit)
        about_credit(*facts.credit, all);
    if (facts.pending_payments.value_or(0) > 0)
        all.push_back({checklist_code::payment_pending, severity::info});
    if (facts.alerts && facts.alerts->firing > 0)
        all.push_back({checklist_code::alerts_fired, facts.alerts->worst});
    if (facts.number_blocks && *facts.number_blocks == 0)
        all.push_back({checklist_code::no_number_block, severity::info});
    if (facts.key_expiries)
        about_keys(*facts.key_expiries, now, all);
    std::sort(all.begin(), all.end(), [](const checklist_finding& a, const checklist_finding& b) {
        return a.severity != b.severity ? a.severity > b.severity : a.code < b.code;
    });
    return all;
}

} // namespace lineside::rules
