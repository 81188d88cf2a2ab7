#include "integration/contract/people.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

namespace lineside::contract {
namespace {

class payments_test : public people_test {
protected:
    [[nodiscard]] static payment_create wanted(std::string_view total,
                                               payment_status status = payment_status::pending) {
        payment_create r;
        r.account = acme;
        r.total = parse_money(total, "EUR").value();
        r.status = status;
        r.method = "card";
        r.description = "Top-up";
        return r;
    }
    payment pay(std::string_view total, payment_status status = payment_status::completed) {
        return lineside().async_create_payment(wanted(total, status), block);
    }
    payment complete(const std::string& id) { return lineside().async_complete_payment({acme, id}, block); }
    payment cancel(const std::string& id) { return lineside().async_cancel_payment({acme, id}, block); }
    [[nodiscard]] balance money_of(const account_id& account = acme) {
        return lineside().async_get_balance({account}, block);
    }
    [[nodiscard]] std::string paid() { return to_string(money_of().payments.value()); }
    [[nodiscard]] static std::vector<payment> all(portal& p, std::optional<payment_status> status = std::nullopt,
                                                  std::uint32_t limit = 1'000) {
        std::vector<payment> found;
        payment_query q;
        q.account = acme;
        q.status = status;
        q.limit = limit;
        do {
            const auto page = p.async_list_payments(q, block);
            EXPECT_LE(page.items.size(), limit);
            found.insert(found.end(), page.items.begin(), page.items.end());
            q.cursor = page.next;
        } while (!q.cursor.empty());
        return found;
    }
    [[nodiscard]] transfer_announcement transfer(std::string_view total) const {
        transfer_announcement t;
        t.account = acme;
        t.total = parse_money(total, "EUR").value();
        return t;
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(payments, payments_test);

TEST_P(payments, only_completed_ones_count) {
    add_account();
    const auto pending = pay("100", payment_status::pending);
    (void)pay("20.5", payment_status::cancelled);
    EXPECT_EQ(paid(), "0.00");
    (void)pay("7.25");
    EXPECT_EQ(paid(), "7.25");
    EXPECT_EQ(complete(pending.id).status, payment_status::completed);
    EXPECT_EQ(paid(), "107.25");
    EXPECT_EQ(to_string(money_of().amount), "107.25");
}

TEST_P(payments, say_when_they_were_made_and_moved) {
    add_account();
    const auto made_at = clock.now();
    const auto made = pay("5", payment_status::pending);
    EXPECT_EQ(made.created_at, made_at);
    EXPECT_EQ(made.completed_at, std::nullopt);
    EXPECT_EQ(made.account, acme);
    EXPECT_EQ(made.method, "card");
    EXPECT_EQ(made.total, (money{5, 0, "EUR"}));
    clock.advance(hours(3));
    const auto done = complete(made.id);
    EXPECT_EQ(done.created_at, made_at);
    EXPECT_EQ(done.completed_at, clock.now());
    EXPECT_EQ(done.cancelled_at, std::nullopt);
    const auto other = pay("6", payment_status::pending);
    EXPECT_EQ(cancel(other.id).cancelled_at, clock.now());
    EXPECT_EQ(pay("7").completed_at, clock.now()) << "made completed";
}

TEST_P(payments, purchases_are_negative) {
    add_account();
    (void)pay("100");
    (void)pay("-30.000000001");
    EXPECT_EQ(paid(), "69.999999999");
    (void)pay("-100");
    EXPECT_EQ(paid(), "-30.000000001");
}

TEST_P(payments, completing_twice_counts_once) {
    add_account();
    const auto p = pay("10", payment_status::pending);
    const auto first = complete(p.id);
    clock.advance(minutes(1));
    EXPECT_EQ(complete(p.id), first);
    EXPECT_EQ(paid(), "10.00");
    const auto c = pay("10", payment_status::pending);
    const auto cancelled = cancel(c.id);
    clock.advance(minutes(1));
    EXPECT_EQ(cancel(c.id), cancelled);
}

TEST_P(payments, completed_and_cancelled_are_ends) {
    add_account();
    const auto done = pay("10");
    const auto gone = pay("20", payment_status::cancelled);
    (void)failure_of([&] { return cancel(done.id); }, errc::conflict);
    (void)failure_of([&] { return complete(gone.id); }, errc::conflict);
    EXPECT_EQ(paid(), "10.00");
}

TEST_P(payments, who_is_not_there_is_not_found) {
    add_account();
    add_account(account_id("other"));
    const auto p = pay("1", payment_status::pending);
    (void)failure_of([&] { return complete("pay-none"); }, errc::not_found);
    (void)failure_of(
        [&] {
            return lineside().async_complete_payment({account_id("other"), p.id}, block);
        },
        errc::not_found);
    (void)failure_of(
        [&] {
            return lineside().async_cancel_payment({account_id("none"), p.id}, block);
        },
        errc::not_found);
    (void)failure_of([&] { return lineside().async_list_payments({.account = account_id("none")}, block); },
                     errc::not_found);
    auto request = wanted("1");
    request.account = account_id("none");
    (void)failure_of([&] { return lineside().async_create_payment(request, block); }, errc::not_found);
}

TEST_P(payments, another_currency_than_the_accounts_is_refused) {
    add_account();
    auto request = wanted("1");
    request.total.currency = "USD";
    const auto d = failure_of([&] { return lineside().async_create_payment(request, block); }, errc::conflict);
    EXPECT_NE(d.message.find("USD"), std::string::npos);
    EXPECT_NE(d.message.find("EUR"), std::string::npos);
    request.total.currency.clear();
    EXPECT_EQ(lineside().async_create_payment(request, block).total.currency, "EUR") << "the account's, unless said";
    request.total.currency = "euro";
    (void)failure_of([&] { return lineside().async_create_payment(request, block); }, errc::invalid_argument);
}

TEST_P(payments, the_first_one_gives_an_account_its_currency) {
    account a;
    a.id = acme;
    a.debit_limit = {50, 0, ""};
    (void)lineside().async_create_account(a, block);
    auto request = wanted("1", payment_status::completed);
    request.total.currency.clear();
    const auto d = failure_of([&] { return lineside().async_create_payment(request, block); }, errc::invalid_argument);
    EXPECT_EQ(d.field, "currency");
    request.total.currency = "CHF";
    (void)lineside().async_create_payment(request, block);
    EXPECT_EQ(lineside().async_get_account(acme, block).currency, "CHF");
    EXPECT_EQ(money_of().currency, "CHF");
    EXPECT_EQ(money_of().credit_available, (money{51, 0, "CHF"}));
    (void)failure_of([&] { return import({charged(answered_call("1", clock.now() - hours(1), seconds(60)), "1")}); },
                     errc::conflict);
    (void)import({charged(answered_call("1", clock.now() - hours(1), seconds(60)), "0.25", "CHF")});
    EXPECT_EQ(to_string(money_of().amount), "0.75");
    reopen();
    EXPECT_EQ(lineside().async_get_account(acme, block).currency, "CHF");
}

TEST_P(payments, a_call_gives_an_account_its_currency_too) {
    (void)import({charged(answered_call("1", clock.now() - hours(1), seconds(60)), "1", "GBP")});
    (void)failure_of([&] { return pay("1"); }, errc::conflict);
    auto request = wanted("3", payment_status::completed);
    request.total.currency = "GBP";
    (void)lineside().async_create_payment(request, block);
    EXPECT_EQ(to_string(money_of().amount), "2.00");
}

TEST_P(payments, amounts_that_are_none_are_refused) {
    add_account();
    for (const auto& total : {money{0, 0, "EUR"}, money{1, -1, "EUR"}, money{0, 1'000'000'000, "EUR"},
                              money{1'000'000'000'000'001, 0, "EUR"}, money{-1'000'000'000'000'001, 0, "EUR"}}) {
        auto request = wanted("1");
        request.total = total;
        EXPECT_EQ(
            failure_of([&] { return lineside().async_create_payment(request, block); }, errc::invalid_argument).field,
            "total");
    }
    auto request = wanted("1");
    request.description = std::string(257, 'x');
    EXPECT_EQ(failure_of([&] { return lineside().async_create_payment(request, block); }, errc::invalid_argument).field,
              "description");
    EXPECT_TRUE(all(lineside()).empty());
}

TEST_P(payments, a_sum_that_no_longer_counts_exactly_is_refused) {
    add_account();
    const auto most = "1000000000000000";
    const auto p = pay(most, payment_status::pending);
    for (int i = 0; i < 9'223; ++i)
        (void)pay(most);
    EXPECT_EQ(paid(), "9223000000000000000.00");
    (void)failure_of([&] { return complete(p.id); }, errc::exhausted);
    EXPECT_EQ(paid(), "9223000000000000000.00");
    EXPECT_EQ(all(lineside(), payment_status::pending).size(), 1U);
}

TEST_P(payments, a_reference_makes_the_same_payment_once) {
    add_account();
    auto request = wanted("10", payment_status::completed);
    request.reference = "order-7";
    const auto first = lineside().async_create_payment(request, block);
    EXPECT_EQ(first.reference, "order-7");
    clock.advance(hours(1));
    EXPECT_EQ(lineside().async_create_payment(request, block), first);
    reopen();
    EXPECT_EQ(all(lineside()).size(), 1U);
    EXPECT_EQ(paid(), "10.00");
    for (const auto change : {0, 1, 2, 3}) {
        auto other = request;
        if (change == 0)
            other.total.units = 11;
        if (change == 1)
            other.status = payment_status::pending;
        if (change == 2)
            other.method = "cash";
        if (change == 3)
            other.description = "Top-up # twice";
        EXPECT_EQ(failure_of([&] { return lineside().async_create_payment(other, block); }, errc::conflict).field,
                  "reference");
    }
    EXPECT_EQ(paid(), "10.00");
}

TEST_P(payments, a_reference_is_an_accounts_own) {
    add_account();
    add_account(account_id("other"));
    auto request = wanted("10", payment_status::completed);
    request.reference = "order-7";
    const auto first = lineside().async_create_payment(request, block);
    request.account = account_id("other");
    EXPECT_NE(lineside().async_create_payment(request, block).id, first.id);
    EXPECT_EQ(to_string(money_of(account_id("other")).payments.value()), "10.00");
}

TEST_P(payments, a_repeated_request_gives_a_payment_that_has_moved_on) {
    add_account();
    auto request = wanted("10");
    request.reference = "order-8";
    const auto p = lineside().async_create_payment(request, block);
    (void)complete(p.id);
    EXPECT_EQ(lineside().async_create_payment(request, block).status, payment_status::completed);
    EXPECT_EQ(paid(), "10.00");
}

TEST_P(payments, are_listed_newest_first_page_by_page) {
    add_account();
    std::vector<std::string> ids;
    for (int i = 0; i < 25; ++i) { // all in one millisecond
        ids.push_back(pay(std::to_string(i + 1), i % 3 == 0 ? payment_status::pending : payment_status::completed).id);
        if (i == 12)
            clock.set(clock.now() - hours(1));
    }
    std::reverse(ids.begin(), ids.end());
    for (const std::uint32_t limit : {1U, 4U, 24U, 25U, 26U, 1'000U}) {
        std::vector<std::string> listed;
        for (const auto& p : all(lineside(), std::nullopt, limit))
            listed.push_back(p.id);
        EXPECT_EQ(listed, ids) << limit;
    }
    EXPECT_EQ(all(lineside(), payment_status::pending, 2).size(), 9U);
    EXPECT_EQ(all(lineside(), payment_status::completed, 3).size(), 16U);
    EXPECT_TRUE(all(lineside(), payment_status::cancelled).empty());
    for (const std::uint32_t limit : {0U, 1'001U})
        (void)failure_of(
            [&] { return lineside().async_list_payments({.account = acme, .status = {}, .limit = limit}, block); },
            errc::invalid_argument);
    payment_query q;
    q.account = acme;
    q.cursor = "7";
    (void)failure_of([&] { return lineside().async_list_payments(q, block); }, errc::invalid_argument);
}

TEST_P(payments, what_stands_behind_a_hash_is_the_operators) {
    add_account();
    (void)add("bill@acme.example", role::billing);
    auto request = wanted("10", payment_status::completed);
    request.description = "Invoice 7  # paid late, again";
    const auto made = lineside().async_create_payment(request, block);
    EXPECT_EQ(made.description, "Invoice 7  # paid late, again");
    const auto bill = sign_in("bill@acme.example");
    const auto seen = all(*bill);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].description, "Invoice 7");
    EXPECT_EQ(all(lineside())[0].description, made.description);
}

TEST_P(payments, a_customer_announces_a_transfer) {
    add_account();
    (void)add("bill@acme.example", role::billing);
    const auto bill = sign_in("bill@acme.example");
    auto request = transfer("250");
    request.account = {};
    request.description = "Invoice 12";
    request.reference = "E2E-1";
    const auto made = bill->async_announce_transfer(request, block);
    EXPECT_EQ(made.status, payment_status::pending);
    EXPECT_EQ(made.method, "bank transfer");
    EXPECT_EQ(made.account, acme);
    EXPECT_EQ(bill->async_announce_transfer(request, block), made);
    EXPECT_EQ(paid(), "0.00");
    (void)complete(made.id);
    EXPECT_EQ(paid(), "250.00");
    EXPECT_EQ(all(*bill)[0].status, payment_status::completed);
}

TEST_P(payments, a_customer_gives_its_account_no_currency) {
    (void)lineside().async_create_account({.id = acme}, block);
    (void)add("bill@acme.example", role::billing);
    const auto bill = sign_in("bill@acme.example");
    EXPECT_EQ(failure_of([&] { return bill->async_announce_transfer(transfer("5"), block); }, errc::conflict).field,
              "currency");
    EXPECT_EQ(lineside().async_get_account(acme, block).currency, "") << "it stays for good, so the operator sets it";
}

TEST_P(payments, a_transfer_is_above_zero_and_without_private_text) {
    add_account();
    (void)add("bill@acme.example", role::billing);
    const auto bill = sign_in("bill@acme.example");
    for (const auto* total : {"0", "-1", "-0.000000001"})
        EXPECT_EQ(
            failure_of([&] { return bill->async_announce_transfer(transfer(total), block); }, errc::invalid_argument)
                .field,
            "total");
    auto request = transfer("1");
    request.description = "Invoice # 7";
    EXPECT_EQ(failure_of([&] { return bill->async_announce_transfer(request, block); }, errc::invalid_argument).field,
              "description");
    EXPECT_TRUE(all(lineside()).empty());
}

TEST_P(payments, a_customer_has_at_most_a_hundred_pending) {
    add_account();
    (void)add("bill@acme.example", role::billing);
    const auto bill = sign_in("bill@acme.example");
    for (int i = 0; i < 99; ++i)
        (void)pay("1", payment_status::pending);
    const auto last = bill->async_announce_transfer(transfer("1"), block);
    (void)failure_of([&] { return bill->async_announce_transfer(transfer("1"), block); }, errc::conflict);
    EXPECT_EQ(all(lineside()).size(), 100U);
    (void)pay("1", payment_status::pending); // the operator knows what it does
    (void)cancel(last.id);
    (void)cancel(all(lineside(), payment_status::pending)[0].id);
    (void)bill->async_announce_transfer(transfer("1"), block);
}

TEST_P(payments, customers_make_complete_and_cancel_none) {
    add_account();
    add_account(account_id("other"));
    (void)add("ada@acme.example", role::administrator);
    (void)add("view@acme.example", role::viewer);
    const auto p = pay("1", payment_status::pending);
    const auto ada = sign_in("ada@acme.example");
    (void)failure_of([&] { return ada->async_create_payment(wanted("5"), block); }, errc::permission_denied);
    (void)failure_of([&] { return ada->async_complete_payment({acme, p.id}, block); }, errc::permission_denied);
    (void)failure_of([&] { return ada->async_cancel_payment({acme, p.id}, block); }, errc::permission_denied);
    (void)failure_of([&] { return ada->async_list_payments({.account = account_id("other")}, block); },
                     errc::not_found);
    const auto viewer = sign_in("view@acme.example");
    (void)failure_of([&] { return viewer->async_list_payments({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return viewer->async_announce_transfer(transfer("1"), block); }, errc::permission_denied);
    (void)failure_of([&] { return nobody()->async_list_payments({}, block); }, errc::unauthenticated);
}

TEST_P(payments, are_in_the_access_log_and_repeats_are_not) {
    add_account();
    auto request = wanted("10");
    request.reference = "r";
    const auto p = lineside().async_create_payment(request, block);
    (void)lineside().async_create_payment(request, block);
    (void)complete(p.id);
    (void)complete(p.id);
    (void)cancel(pay("5", payment_status::pending).id);
    std::vector<std::string> actions;
    for (const auto& e : lineside().async_list_access_log({.account = acme}, block).items)
        actions.push_back(e.action + ' ' + e.detail);
    EXPECT_EQ(actions,
              (std::vector<std::string>{"cancel_payment 5.00 EUR, cancelled", "create_payment 5.00 EUR, pending",
                                        "complete_payment 10.00 EUR, completed", "create_payment 10.00 EUR, pending",
                                        "create_account "}));
}

TEST_P(payments, eight_threads_that_complete_one_payment_count_it_once) {
    add_account();
    std::vector<std::string> ids;
    for (int i = 0; i < 40; ++i)
        ids.push_back(pay("1.25", payment_status::pending).id);
    std::atomic<int> conflicts = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t i = 0; i < ids.size(); ++i)
                try {
                    // One of them cancels every tenth payment instead: either may be first.
                    if (t == 0 && i % 10 == 0)
                        (void)cancel(ids[i]);
                    else
                        (void)complete(ids[i]);
                } catch (const error& e) {
                    EXPECT_EQ(e.code(), errc::conflict) << e.what();
                    ++conflicts;
                }
        });
    for (auto& t : threads)
        t.join();
    std::int64_t completed = 0;
    for (const auto& p : all(lineside()))
        completed += p.status == payment_status::completed ? 1 : 0;
    EXPECT_GE(completed, 36);
    const auto sum = money_of().payments.value();
    EXPECT_EQ(sum.units * 100 + sum.nanos / 10'000'000, completed * 125);
    EXPECT_TRUE(all(lineside(), payment_status::pending).empty());
}

TEST_P(payments, eight_threads_with_one_reference_make_one_payment) {
    add_account();
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::set<std::string> ids;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                auto request = wanted("2", payment_status::completed);
                request.reference = "order-" + std::to_string(i);
                const auto made = lineside().async_create_payment(request, block);
                const std::lock_guard turn(mutex);
                ids.insert(made.id);
            }
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(ids.size(), 10U);
    EXPECT_EQ(paid(), "20.00");
}

// A model that keeps nothing but what was asked for.
TEST_P(payments, the_balance_is_what_a_ledger_on_paper_says) {
    add_account();
    random_calls random(5);
    std::map<std::string, std::pair<std::int64_t, payment_status>> paper; // id -> cents and status
    std::map<std::string, payment_create> asked;
    for (int step = 0; step < 400; ++step) {
        const auto pick = [&] {
            auto at = paper.begin();
            std::advance(at, random.number(0, static_cast<std::int64_t>(paper.size()) - 1));
            return at;
        };
        if (paper.empty() || random.chance(2)) {
            const auto cents = random.number(-50'000, 100'000) * 2 + 1;
            auto request = wanted("0", static_cast<payment_status>(random.number(0, 2)));
            request.total = {cents / 100, static_cast<std::int32_t>(cents % 100) * 10'000'000, "EUR"};
            if (random.chance(3))
                request.reference = "r-" + std::to_string(random.number(0, 30));
            if (const auto before = asked.find(request.reference);
                !request.reference.empty() && before != asked.end()) {
                const auto count = paper.size();
                EXPECT_TRUE(paper.contains(lineside().async_create_payment(before->second, block).id));
                EXPECT_EQ(paper.size(), count);
                continue;
            }
            paper[lineside().async_create_payment(request, block).id] = {cents, request.status};
            if (!request.reference.empty())
                asked[request.reference] = request;
        } else {
            const auto at = pick();
            const bool completes = random.chance(2);
            auto& there = at->second.second;
            const auto goal = completes ? payment_status::completed : payment_status::cancelled;
            const auto move = [&] { return completes ? complete(at->first) : cancel(at->first); };
            if (there != payment_status::pending && there != goal) {
                (void)failure_of(move, errc::conflict);
            } else {
                EXPECT_EQ(move().status, goal);
                there = goal;
            }
        }
        if (step % 40 == 39) {
            std::int64_t sum = 0;
            std::size_t pending = 0;
            for (const auto& [id, p] : paper) {
                sum += p.second == payment_status::completed ? p.first : 0;
                pending += p.second == payment_status::pending ? 1 : 0;
            }
            const auto counted = money_of().payments.value();
            ASSERT_EQ(counted.units * 100 + counted.nanos / 10'000'000, sum);
            ASSERT_EQ(all(lineside(), payment_status::pending, 7).size(), pending);
            ASSERT_EQ(all(lineside()).size(), paper.size());
        }
        if (step == 200)
            reopen();
    }
}

} // namespace
} // namespace lineside::contract
