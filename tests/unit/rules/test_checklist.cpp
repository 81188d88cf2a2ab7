#include "rules/checklist.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace {

const instant noon = instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 10)) + 12h;

using found = std::vector<checklist_finding>;

money euros(std::int64_t units, std::int32_t nanos = 0) { return {units, nanos, "EUR"}; }

contact_facts all_done() { return {true, false, true, true, true, 10}; }

found of(const contact_facts& c) { return findings({.contact = c}, noon); }
found of(const credit_facts& c) { return findings({.credit = c}, noon); }
found of_keys(std::vector<instant> expiries) { return findings({.key_expiries = std::move(expiries)}, noon); }

const found none;
const found low = {{checklist_code::balance_low, severity::warning}};
const found exhausted = {{checklist_code::credit_exhausted, severity::error}};

} // namespace

TEST(checklist, nothing_known_is_nothing_to_do) {
    EXPECT_EQ(findings({}, noon), none);
    EXPECT_EQ(of(all_done()), none);
}

TEST(checklist, each_fact_about_a_contact_is_an_item_of_its_own) {
    auto c = all_done();
    c.email_verified = false;
    EXPECT_EQ(of(c), (found{{checklist_code::verify_email, severity::warning}}));
    c = all_done();
    c.email_pending = true;
    EXPECT_EQ(of(c), (found{{checklist_code::confirm_new_email, severity::warning}}));
    c = all_done();
    c.mobile_verified = false;
    EXPECT_EQ(of(c), (found{{checklist_code::verify_mobile, severity::warning}}));
    c.has_mobile = false;
    EXPECT_EQ(of(c), none) << "no mobile is nothing to verify";
    c = all_done();
    c.two_factor = false;
    c.recovery_codes = 0;
    EXPECT_EQ(of(c), (found{{checklist_code::two_factor_off, severity::info}}));
}

TEST(checklist, recovery_codes_run_out_at_three) {
    auto c = all_done();
    c.recovery_codes = 4;
    EXPECT_EQ(of(c), none);
    c.recovery_codes = 3;
    EXPECT_EQ(of(c), (found{{checklist_code::recovery_codes_low, severity::warning}}));
    c.recovery_codes = 0;
    EXPECT_EQ(of(c), (found{{checklist_code::recovery_codes_low, severity::error}}));
}

TEST(checklist, credit_is_exhausted_at_zero_and_below) {
    EXPECT_EQ(of(credit_facts{euros(0), euros(0)}), exhausted);
    EXPECT_EQ(of(credit_facts{euros(0, -1), euros(100)}), exhausted);
    EXPECT_EQ(of(credit_facts{euros(0, 1), euros(0)}), none);
    EXPECT_EQ(of(credit_facts{euros(0), euros(0), 1h}), exhausted) << "not low as well";
}

TEST(checklist, credit_is_low_below_a_tenth_of_the_limit) {
    EXPECT_EQ(of(credit_facts{euros(10), euros(100)}), none);
    EXPECT_EQ(of(credit_facts{euros(9, 999'999'999), euros(100)}), low);
    EXPECT_EQ(of(credit_facts{euros(1), euros(-5)}), none) << "a reserve is no credit";
    const auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(of(credit_facts{euros(most), euros(most)}), none) << "without overflow";
}

TEST(checklist, credit_is_low_when_it_lasts_less_than_three_days) {
    EXPECT_EQ(of(credit_facts{euros(1'000), euros(0), 72h}), none);
    EXPECT_EQ(of(credit_facts{euros(1'000), euros(0), 72h - 1ms}), low);
}

TEST(checklist, payments_blocks_and_alerts_are_counted) {
    EXPECT_EQ(findings({.pending_payments = 0}, noon), none);
    EXPECT_EQ(findings({.pending_payments = 2}, noon), (found{{checklist_code::payment_pending, severity::info}}));
    EXPECT_EQ(findings({.number_blocks = 1}, noon), none);
    EXPECT_EQ(findings({.number_blocks = 0}, noon), (found{{checklist_code::no_number_block, severity::info}}));
    EXPECT_EQ(findings({.alerts = alert_facts{}}, noon), none);
    EXPECT_EQ(findings({.alerts = alert_facts{1, severity::error}}, noon),
              (found{{checklist_code::alerts_fired, severity::error}}));
}

TEST(checklist, a_key_is_about_to_expire_for_two_weeks) {
    EXPECT_EQ(of_keys({}), none);
    EXPECT_EQ(of_keys({noon + 14 * 24h}), none);
    EXPECT_EQ(of_keys({noon + 300 * 24h, noon + 14 * 24h - 1ms}),
              (found{{checklist_code::key_expiring, severity::warning}}));
    EXPECT_EQ(of_keys({noon + 23h}), (found{{checklist_code::key_expiring, severity::error}}));
}

TEST(checklist, the_most_severe_comes_first_then_the_order_of_the_codes) {
    checklist_facts all;
    all.contact = contact_facts{false, true, true, false, false, 0};
    all.credit = credit_facts{euros(-1), euros(0)};
    all.pending_payments = 1;
    all.alerts = alert_facts{3, severity::warning};
    all.number_blocks = 0;
    all.key_expiries = {{noon + 1h}};
    std::vector<std::string_view> codes;
    for (const auto& f : findings(all, noon))
        codes.push_back(to_string(f.code));
    EXPECT_EQ(codes, (std::vector<std::string_view>{"credit_exhausted", "key_expiring", "alerts_fired", "verify_email",
                                                    "confirm_new_email", "verify_mobile", "two_factor_off",
                                                    "payment_pending", "no_number_block"}));
}

TEST(checklist, every_code_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    for (const auto c : every_checklist_code)
        names.insert(to_string(c));
    EXPECT_EQ(names.size(), std::size(every_checklist_code));
    EXPECT_FALSE(names.contains("unknown"));
}
