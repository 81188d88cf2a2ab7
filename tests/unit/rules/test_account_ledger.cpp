#include "rules/account_ledger.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;

namespace {

nanos128 nanos(std::string_view amount) { return to_nanos(parse_money(amount).value()); }

constexpr nanos128 highest = ((nanos128{1} << 126) - 1) * 2 + 1;
constexpr nanos128 lowest = -highest - 1;

TEST(account_ledger, amounts_survive_the_way_through_billionths) {
    for (const auto* text : {"0.00", "0.000000001", "-0.000000001", "-12.50", "9223372036854775807.999999999",
                             "-9223372036854775807.999999999"})
        EXPECT_EQ(to_string(exact_money(nanos(text), "EUR").value()), text);
    EXPECT_FALSE(exact_money(nanos("9223372036854775807.999999999") + 1, "EUR"));
    EXPECT_FALSE(exact_money(nanos("-9223372036854775807.999999999") - 1, "EUR"));
    EXPECT_FALSE(exact_money(highest, "EUR"));
    EXPECT_FALSE(exact_money(lowest, "EUR"));
}

TEST(account_ledger, an_amount_has_one_sign_and_less_than_a_unit_of_nanos) {
    EXPECT_TRUE(is_amount({}));
    EXPECT_TRUE(is_amount({1, 999'999'999, ""}));
    EXPECT_TRUE(is_amount({0, -1, ""}));
    EXPECT_TRUE(is_amount({-3, -1, ""}));
    EXPECT_FALSE(is_amount({1, -1, ""}));
    EXPECT_FALSE(is_amount({-1, 1, ""}));
    EXPECT_FALSE(is_amount({0, 1'000'000'000, ""}));
    EXPECT_FALSE(is_amount({0, -1'000'000'000, ""}));
    EXPECT_FALSE(is_amount({0, std::numeric_limits<std::int32_t>::min(), ""}));
}

TEST(account_ledger, sums_that_overflow_are_refused) {
    EXPECT_EQ(checked_sum({}).value(), 0);
    EXPECT_EQ(checked_sum({nanos("1.5"), nanos("-0.5")}).value(), nanos("1"));
    EXPECT_TRUE(checked_sum({highest, -1}));
    EXPECT_FALSE(checked_sum({highest, 1}));
    EXPECT_FALSE(checked_sum({lowest, -1}));
    EXPECT_FALSE(state_of(lowest, 1, 0));
    EXPECT_FALSE(state_of(highest, 0, 1));
}

TEST(account_ledger, prepaid_postpaid_and_reserve_are_one_formula) {
    const auto state = [](const char* limit) { return state_of(nanos("100"), nanos("30.25"), nanos(limit)).value(); };
    EXPECT_EQ(state("0").balance, nanos("69.75"));
    EXPECT_EQ(state("0").credit, nanos("69.75"));
    EXPECT_EQ(state("500").credit, nanos("569.75"));
    EXPECT_EQ(state("-5").credit, nanos("64.75"));
    EXPECT_EQ(state("-5").balance, nanos("69.75"));
}

TEST(account_ledger, credit_lasts_until_the_burn_used_it_up) {
    EXPECT_EQ(time_to_zero(nanos("6"), 0, nanos("2")), std::chrono::minutes(3));
    EXPECT_EQ(time_to_zero(nanos("6"), nanos("1"), nanos("2")), std::chrono::milliseconds(150'000));
    EXPECT_EQ(time_to_zero(nanos("0.01"), 0, nanos("0.03")), std::chrono::milliseconds(20'000));
    EXPECT_EQ(time_to_zero(1, 0, 7), std::chrono::milliseconds(8'571)) << "rounded down";
}

TEST(account_ledger, nothing_runs_out_where_nothing_burns) {
    EXPECT_EQ(time_to_zero(nanos("6"), 0, 0), std::nullopt);
    EXPECT_EQ(time_to_zero(nanos("-6"), 0, 0), std::nullopt);
    EXPECT_EQ(time_to_zero(nanos("6"), 0, nanos("-1")), std::nullopt);
}

TEST(account_ledger, what_is_used_up_lasts_no_time) {
    EXPECT_EQ(time_to_zero(0, 0, 1), duration(0));
    EXPECT_EQ(time_to_zero(nanos("-1"), 0, nanos("2")), duration(0));
    EXPECT_EQ(time_to_zero(nanos("1"), nanos("1"), nanos("2")), duration(0));
    EXPECT_EQ(time_to_zero(lowest, 1, 1), duration(0));
}

TEST(account_ledger, time_to_zero_ends_at_a_thousand_years) {
    const auto longest = time_to_zero(highest, 0, 1).value();
    EXPECT_EQ(time_to_zero(nanos("9223372036854775807"), 0, 1), longest);
    EXPECT_EQ(time_to_zero(highest, -1, 1), longest);
    EXPECT_EQ(std::chrono::floor<std::chrono::days>(longest).count(), 365'242);
}

TEST(account_ledger, a_payment_leaves_pending_once) {
    using enum payment_status;
    EXPECT_EQ(next_status(pending, payment_step::complete).value(), completed);
    EXPECT_EQ(next_status(pending, payment_step::cancel).value(), cancelled);
    EXPECT_EQ(next_status(completed, payment_step::complete).value(), std::nullopt);
    EXPECT_EQ(next_status(cancelled, payment_step::cancel).value(), std::nullopt);
    EXPECT_EQ(next_status(completed, payment_step::cancel).error().code, make_error_code(errc::conflict));
    EXPECT_EQ(next_status(cancelled, payment_step::complete).error().code, make_error_code(errc::conflict));
}

TEST(account_ledger, a_description_is_public_up_to_the_first_hash) {
    EXPECT_EQ(public_part("Invoice 7"), "Invoice 7");
    EXPECT_EQ(public_part("  Invoice 7 # paid late # again"), "Invoice 7");
    EXPECT_EQ(public_part("#private"), "");
    EXPECT_EQ(public_part(" \t # private"), "");
    EXPECT_EQ(public_part("\r\n Invoice\n7 \r\n#x"), "Invoice\n7");
    EXPECT_EQ(public_part(""), "");
    EXPECT_EQ(public_part("Überweisung#x"), "Überweisung");
}

TEST(account_ledger, what_is_due_is_what_the_balance_lacks_in_whole_coins) {
    EXPECT_EQ(amount_due(nanos("5"), "EUR"), 0);
    EXPECT_EQ(amount_due(0, "EUR"), 0);
    EXPECT_EQ(amount_due(nanos("-12.34"), "EUR"), nanos("12.34"));
    EXPECT_EQ(amount_due(nanos("-12.340000001"), "EUR"), nanos("12.35"));
    EXPECT_EQ(amount_due(nanos("-12.1"), "JPY"), nanos("13"));
    EXPECT_EQ(amount_due(nanos("-12.1001"), "KWD"), nanos("12.101"));
    EXPECT_EQ(coins(nanos("12.35"), "EUR"), "12.35");
    EXPECT_EQ(coins(0, "EUR"), "0.00");
    EXPECT_EQ(coins(nanos("0.05"), "EUR"), "0.05");
    EXPECT_EQ(coins(nanos("-0.5"), "EUR"), "-0.50");
    EXPECT_EQ(coins(nanos("1250"), "JPY"), "1250");
    EXPECT_EQ(coins(0, "JPY"), "0");
    EXPECT_EQ(coins(nanos("7.101"), "KWD"), "7.101");
}

std::string refusal_of(std::string_view pattern) {
    const auto checked = check_payment_link(pattern);
    if (checked)
        return {};
    EXPECT_EQ(checked.error().details.field, "money.payment_link");
    return checked.error().details.message;
}

TEST(payment_link, places_are_filled_in_percent_encoded) {
    const std::string pattern = "https://pay.example/{account}?a={amount}&c={currency}&p={payment}&again={account}";
    EXPECT_EQ(refusal_of(pattern), "");
    EXPECT_EQ(payment_link(pattern, {"a/b&c=ü {x}", "12.50", "EUR", ""}),
              "https://pay.example/a%2Fb%26c%3D%C3%BC%20%7Bx%7D?a=12.50&c=EUR&p=&again=a%2Fb%26c%3D%C3%BC%20%7Bx%7D");
    EXPECT_EQ(payment_link("http://pay.example/{account}", {"a.b_c~d-E{1", "", "", ""}),
              "http://pay.example/a.b_c~d-E%7B1");
    EXPECT_EQ(payment_link("", {}), "");
    EXPECT_EQ(refusal_of(""), "");
    EXPECT_EQ(refusal_of("http://localhost:8080/pay"), "");
}

TEST(payment_link, unknown_places_are_refused_by_name) {
    EXPECT_NE(refusal_of("https://pay.example/{accuont}").find("{accuont}"), std::string::npos);
    EXPECT_NE(refusal_of("https://pay.example/{}").find("{}"), std::string::npos);
    EXPECT_NE(refusal_of("https://pay.example/{first}/{second}").find("{first} is no place"), std::string::npos);
    for (const auto* pattern :
         {"https://pay.example/{account", "https://pay.example/account}", "https://pay.example/{{account}}"})
        EXPECT_NE(refusal_of(pattern), "") << pattern;
}

TEST(payment_link, is_a_url_whose_host_is_fixed) {
    for (const auto* pattern :
         {"pay.example/{account}", "javascript:alert(1)//https://x", "https://", "https:///x",
          "https://{account}.example/", "https://user@pay.example/", "https://pay.example/a b",
          "https://pay.example/\"x", "https://pay.example/<x>", "https://pay.example/\n", "ftp://pay.example/", "https",
          "https://pay.example/ x{account}y", "https://pay.example{account}/"})
        EXPECT_NE(refusal_of(pattern), "") << pattern;
    EXPECT_NE(refusal_of("https://pay.example/" + std::string(3'000, 'x')), "");
}

// Payments and charges by chance against a model that keeps nothing but the list of what happened.
TEST(account_ledger, a_running_sum_is_the_sum_of_what_was_completed) {
    std::mt19937_64 random(12);
    const auto below = [&](std::uint64_t n) { return random() % n; };
    for (int round = 0; round < 200; ++round) {
        struct known_payment {
            nanos128 total;
            payment_status status = payment_status::pending;
        };
        std::vector<known_payment> payments;
        std::vector<nanos128> charges;
        nanos128 running = 0;
        const nanos128 limit = static_cast<nanos128>(below(2'000)) * 1'000'000'000 - 1'000'000'000'000;
        for (int step = 0; step < 100; ++step) {
            if (payments.empty() || below(3) == 0) {
                const auto units = static_cast<nanos128>(below(2 * most_units)) - most_units;
                payments.push_back({units * 1'000'000'000 + static_cast<nanos128>(below(1'000'000'000))});
            } else if (below(4) == 0) {
                charges.push_back(static_cast<nanos128>(below(std::numeric_limits<std::int64_t>::max())));
            } else {
                auto& p = payments[below(payments.size())];
                const auto next = next_status(p.status, below(3) == 0 ? payment_step::cancel : payment_step::complete);
                if (!next || !*next)
                    continue;
                p.status = **next;
                if (p.status == payment_status::completed)
                    running = checked_sum({running, p.total}).value();
            }
            nanos128 paid = 0;
            for (const auto& p : payments)
                paid += p.status == payment_status::completed ? p.total : 0;
            nanos128 charged = 0;
            for (const auto c : charges)
                charged += c;
            ASSERT_EQ(running, paid);
            const auto state = state_of(running, charged, limit).value();
            ASSERT_EQ(state.balance, paid - charged);
            ASSERT_EQ(state.credit, paid - charged + limit);
            ASSERT_EQ(to_nanos(exact_money(state.credit, "EUR").value()), state.credit);
            const auto due = amount_due(state.balance, "EUR");
            ASSERT_GE(due + state.balance, std::min<nanos128>(state.balance, 0) == 0 ? state.balance : 0);
            ASSERT_LT(due + std::min<nanos128>(state.balance, 0), 10'000'000);
            ASSERT_EQ(nanos(coins(due, "EUR")), due);
            const auto burn = static_cast<nanos128>(below(1'000'000'000'000));
            const auto flying = static_cast<nanos128>(below(1'000'000'000'000));
            if (const auto lasts = time_to_zero(state.credit, flying, burn); lasts && lasts->count() > 0) {
                const nanos128 used = burn * lasts->count();
                const nanos128 left = (state.credit - flying) * 60'000;
                ASSERT_LE(used, left);
                ASSERT_TRUE(left - used < burn || lasts->count() > 31'000'000'000'000);
            }
        }
    }
}

} // namespace
