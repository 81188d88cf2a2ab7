#include "integration/contract/people.hpp"

#include <string>
#include <utility>

// Payments and balances at their limits.
namespace lineside::contract {

namespace {

class payment_edges_test : public people_test {
protected:
    [[nodiscard]] static payment_create wanted(std::string_view total) {
        payment_create r;
        r.account = acme;
        r.total = parse_money(total, "EUR").value();
        return r;
    }
    payment pay(payment_create r) { return lineside().async_create_payment(std::move(r), block); }
    [[nodiscard]] std::string refused_field(payment_create r) {
        return failure_of([&] { return pay(std::move(r)).id; }, errc::invalid_argument).field;
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(payment_edges, payment_edges_test);

} // namespace

TEST_P(payment_edges, less_than_a_unit_is_a_payment_and_a_status_that_is_none_is_not) {
    add_account();
    EXPECT_EQ(to_string(pay(wanted("0.01")).total), "0.01");
    auto r = wanted("1");
    r.status = static_cast<payment_status>(9);
    EXPECT_EQ(refused_field(std::move(r)), "status");
}

TEST_P(payment_edges, a_reference_has_128_bytes_at_most) {
    add_account();
    auto r = wanted("1");
    r.reference.assign(128, 'x');
    EXPECT_EQ(pay(r).reference, r.reference);
    r.reference += 'x';
    EXPECT_EQ(refused_field(std::move(r)), "reference");
}

TEST_P(payment_edges, an_operator_announces_with_what_only_operators_see) {
    add_account();
    transfer_announcement a{.account = acme, .total = parse_money("5", "EUR").value()};
    a.description = "Transfer # from the other bank";
    EXPECT_EQ(lineside().async_announce_transfer(std::move(a), block).description, "Transfer # from the other bank");
}

TEST_P(payment_edges, a_balance_of_an_account_without_currency_has_no_link_and_of_no_account_is_not_found) {
    settings.money.payment_link = "https://pay.example/{account}?a={amount}";
    add_account();
    account bare;
    bare.id = account_id("bare");
    (void)lineside().async_create_account(bare, block);
    const auto link = [&](const account_id& of) { return lineside().async_get_balance({of}, block).payment_link; };
    EXPECT_EQ(link(bare.id), "");
    EXPECT_EQ(link(acme), "https://pay.example/acme?a=0.00");
    EXPECT_EQ(failure_of([&] { return link(account_id("nobody")); }, errc::not_found).field, "account");
}

TEST_P(payment_edges, charges_count_whatever_stage_their_calls_are_at) {
    settings.storage.journal_calls = 2;
    const auto day = clock.now() - days(3);
    const auto month_before = clock.now() - days(40);
    const auto charges = [&] { return to_string(lineside().async_get_balance({acme}, block).charges.value()); };
    (void)import({charged(answered_call("old", month_before, minutes(1)), "1"),
                  charged(answered_call("old-2", month_before + days(1), minutes(1)), "2"),
                  charged(answered_call("a", day, minutes(1)), "4")});
    EXPECT_EQ(charges(), "7.00");
    (void)import({charged(answered_call("b", day + days(1), minutes(1)), "8")});
    (void)import({failed_call("c", day + days(1))});
    (void)import({charged(open_call("d", day + days(2)), "16")});
    EXPECT_EQ(charges(), "15.00") << "a call in progress counts nowhere";
    (void)import({charged(answered_call("a", day, minutes(2)), "5")});
    EXPECT_EQ(charges(), "16.00") << "a corrected call counts as corrected";
    reopen();
    EXPECT_EQ(charges(), "16.00");
}

} // namespace lineside::contract
