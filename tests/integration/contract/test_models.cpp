#include "integration/contract/contract.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// Long random sequences of operations, opened again in between, against models that are too simple to be wrong.
namespace lineside::contract {

namespace {

class models_test : public portal_test {
protected:
    void open(const account_id& id) {
        (void)lineside().async_create_account({.id = id, .name = id.value(), .currency = "EUR"}, block);
    }
    [[nodiscard]] std::shared_ptr<portal> program(const account_id& of) {
        api_key_create k{.account = of, .name = "program", .scopes = permission_set::everything().list()};
        credential who;
        who.token = lineside().async_create_key(std::move(k), block).text;
        tokens_[of] = who.token.copy();
        return lineside().as(std::move(who));
    }
    /// Opens again; portals have to be asked for again too.
    [[nodiscard]] std::shared_ptr<portal> program_again(const account_id& of) {
        return lineside().as({tokens_.at(of).copy(), {}, {}});
    }
    template <class Run>
    static std::optional<errc> failure(Run run) {
        try {
            (void)run();
            return std::nullopt;
        } catch (const error& e) {
            return static_cast<errc>(e.code().value());
        }
    }

private:
    std::map<account_id, secret> tokens_;
};

LINESIDE_ON_EVERY_PORTAL_WITH(models, models_test);

// ---- numbers: one entry for each of them

constexpr int first_number = 100;
constexpr int last_number = 259;
constexpr int block_size = 10;
constexpr int rest_days = 5;
constexpr int nobody = -1;

struct number_entry {
    int block_owner = nobody;
    int block_first = 0; // of its block
    instant block_rests{};
    int user = nobody;
    instant rests{};
    bool reserved = false;
};

class number_model {
public:
    number_entry& at(int n) { return all_.at(static_cast<std::size_t>(n)); }

    bool has_block(int who) {
        return std::any_of(all_.begin(), all_.end(), [&](const number_entry& e) { return e.block_owner == who; });
    }
    bool suits(int who, int first, int last, instant now) {
        for (int n = first; n <= last; ++n) {
            const auto& e = at(n);
            if (e.reserved || e.block_owner != nobody || e.block_rests > now || (e.user != nobody && e.user != who))
                return false;
        }
        return true;
    }
    std::optional<int> next_block(int who, int size, instant now) {
        for (int n = first_number; n + size <= 1'000; n += size)
            if (suits(who, n, n + size - 1, now))
                return n;
        return std::nullopt;
    }
    bool may_take(int who, int n, instant now) {
        const auto& e = at(n);
        return !e.reserved && e.user == nobody && e.rests <= now && e.block_rests <= now &&
               (e.block_owner == who || (e.block_owner == nobody && !has_block(who)));
    }
    bool may_be_given(int to, int n) {
        const auto& e = at(n);
        return e.user == to || e.block_owner == to || (e.block_owner == nobody && !has_block(to));
    }
    void give_block(int who, int first, int last) {
        for (int n = first; n <= last; ++n) {
            at(n).block_owner = who;
            at(n).block_first = first;
        }
    }
    std::pair<int, int> block_around(int n) {
        const int first = at(n).block_first;
        int last = n;
        while (last < 999 && at(last + 1).block_owner == at(n).block_owner && at(last + 1).block_first == first)
            ++last;
        return {first, last};
    }
    /// As the portal lists them.
    std::vector<std::string> blocks_of(int who) {
        std::vector<std::string> ids;
        for (int n = 0; n < 1'000; ++n)
            if (at(n).block_owner == who && at(n).block_first == n)
                ids.push_back(std::to_string(n) + "-" + std::to_string(block_around(n).second));
        return ids;
    }
    std::vector<std::string> extensions_of(int who) {
        std::vector<std::string> numbers;
        for (int n = 0; n < 1'000; ++n)
            if (at(n).user == who)
                numbers.push_back(std::to_string(n));
        return numbers;
    }

private:
    std::array<number_entry, 1'000> all_{};
};

} // namespace

TEST_P(models, numbers_are_whose_a_list_of_all_numbers_says) {
    const std::vector<account_id> accounts = {account_id("a"), account_id("b"), account_id("c")};
    std::vector<std::shared_ptr<portal>> customers;
    for (const auto& id : accounts) {
        open(id);
        customers.push_back(program(id));
    }
    numbering rules;
    rules.range_start = std::to_string(first_number);
    rules.block_size = block_size;
    rules.rest_days = rest_days;
    (void)lineside().async_set_numbering(rules, block);

    number_model model;
    random_calls random(9);
    for (int step = 0; step < 1'500; ++step) {
        SCOPED_TRACE(testing::Message() << "step " << step);
        const int who = static_cast<int>(random.number(0, 2));
        const int other = static_cast<int>(random.number(0, 2));
        const auto& id = accounts[static_cast<std::size_t>(who)];
        const auto& to = accounts[static_cast<std::size_t>(other)];
        portal& customer = *customers[static_cast<std::size_t>(who)];
        const int n = static_cast<int>(random.number(first_number, last_number));
        const auto number = std::to_string(n);
        const auto now = clock.now();
        switch (random.number(0, 11)) {
        case 0: {
            const auto expected = model.next_block(who, block_size, now);
            std::string got;
            const auto failed = failure([&] { return got = customer.async_add_block({}, block).range.first; });
            ASSERT_EQ(failed, expected ? std::nullopt : std::optional(errc::exhausted));
            if (!expected)
                break;
            ASSERT_EQ(got, std::to_string(*expected));
            model.give_block(who, *expected, *expected + block_size - 1);
            break;
        }
        case 1: {
            const int last = std::min(last_number, n + static_cast<int>(random.number(0, 15)));
            const bool suits = model.suits(who, n, last, now);
            const auto failed = failure([&] {
                return customer.async_claim_block({{}, {number, std::to_string(last)}, {}}, block).id;
            });
            ASSERT_EQ(failed, suits ? std::nullopt : std::optional(errc::conflict));
            if (suits)
                model.give_block(who, n, last);
            break;
        }
        case 2: { // of whoever's block it is in: one's own can be released, another one's is not there
            if (model.at(n).block_owner == nobody)
                break;
            const auto [first, last] = model.block_around(n);
            const auto block_id = std::to_string(first) + "-" + std::to_string(last);
            const bool along = random.chance(2);
            bool used = false;
            for (int i = first; i <= last; ++i)
                used |= model.at(i).user != nobody;
            const auto failed = failure([&] {
                const auto how = along ? release_extensions::release : release_extensions::refuse;
                return customer.async_release_block({{}, block_id, how}, block);
            });
            if (model.at(n).block_owner != who) {
                ASSERT_EQ(failed, errc::not_found);
            } else if (used && !along) {
                ASSERT_EQ(failed, errc::conflict);
            } else {
                ASSERT_EQ(failed, std::nullopt);
                for (int i = first; i <= last; ++i) {
                    auto& e = model.at(i);
                    e.block_owner = e.user = nobody;
                    e.block_first = 0;
                    e.block_rests = now + days(rest_days);
                }
            }
            break;
        }
        case 3: {
            if (model.at(n).block_owner == nobody)
                break;
            const auto [first, last] = model.block_around(n);
            const auto block_id = std::to_string(first) + "-" + std::to_string(last);
            const bool holds = model.at(n).block_owner == who;
            const auto failed = failure([&] { return lineside().async_transfer_block({id, block_id, to}, block).id; });
            ASSERT_EQ(failed, holds ? std::nullopt : std::optional(errc::not_found));
            if (holds)
                for (int i = first; i <= last; ++i) {
                    auto& e = model.at(i);
                    e.block_owner = other;
                    e.user = e.user == nobody ? nobody : other;
                }
            break;
        }
        case 4: {
            const auto failed = failure([&] { return customer.async_release_extension({{}, number}, block); });
            ASSERT_EQ(failed, model.at(n).user == who ? std::nullopt : std::optional(errc::not_found));
            if (model.at(n).user == who) {
                model.at(n).user = nobody;
                model.at(n).rests = now + days(rest_days);
            }
            break;
        }
        case 5: {
            const auto failed = failure([&] {
                extension_transfer t{.account = id, .number = number, .to_account = to};
                return lineside().async_transfer_extension(t, block).number;
            });
            if (model.at(n).user != who) {
                ASSERT_EQ(failed, errc::not_found);
            } else if (model.may_be_given(other, n)) {
                ASSERT_EQ(failed, std::nullopt);
                model.at(n).user = other;
            } else {
                ASSERT_EQ(failed, errc::conflict);
            }
            break;
        }
        case 6: { // SIP users of several customers: all or none
            extension_import list;
            std::set<int> seen;
            std::vector<std::pair<int, int>> wanted;
            bool good = true;
            for (auto rows = random.number(1, 4); rows > 0; --rows) {
                const int owner = static_cast<int>(random.number(0, 2));
                const int wants = static_cast<int>(random.number(first_number, last_number));
                list.rows.push_back({accounts[static_cast<std::size_t>(owner)], std::to_string(wants), {}});
                good &= seen.insert(wants).second && model.may_take(owner, wants, now);
                wanted.emplace_back(wants, owner);
            }
            ASSERT_EQ(lineside().async_check_extensions(list, block).collisions.empty(), good);
            ASSERT_EQ(lineside().async_import_extensions(list, block).imported, good ? list.rows.size() : 0U);
            if (good)
                for (const auto& [taken, owner] : wanted)
                    model.at(taken).user = owner;
            break;
        }
        case 7: {
            if (!random.chance(8))
                break;
            rules.reserved.clear();
            bool used = false;
            for (auto ranges = random.number(0, 2); ranges > 0; --ranges) {
                const int from = static_cast<int>(random.number(first_number, last_number - 3));
                rules.reserved.push_back({std::to_string(from), std::to_string(from + 2)});
                for (int i = from; i <= from + 2; ++i)
                    used |= model.at(i).user != nobody;
            }
            const auto failed = failure([&] { return lineside().async_set_numbering(rules, block); });
            ASSERT_EQ(failed, used ? std::optional(errc::conflict) : std::nullopt);
            if (used) {
                rules = lineside().async_get_numbering({}, block);
                break;
            }
            for (int i = 0; i < 1'000; ++i)
                model.at(i).reserved = false;
            for (const auto& r : rules.reserved)
                for (int i = std::stoi(r.first); i <= std::stoi(r.last); ++i)
                    model.at(i).reserved = true;
            break;
        }
        case 8: clock.advance(hours(random.number(1, 30))); break;
        case 9: {
            std::optional<int> expected;
            for (int i = 999; i >= 0; --i)
                if (model.at(i).block_owner == who && model.may_take(who, i, now))
                    expected = i;
            std::string got;
            const auto failed = failure([&] { return got = customer.async_claim_extension({}, block).number; });
            if (expected) {
                ASSERT_EQ(got, std::to_string(*expected));
                model.at(*expected).user = who;
            } else {
                ASSERT_EQ(failed, model.has_block(who) ? errc::exhausted : errc::invalid_argument);
            }
            break;
        }
        default: {
            const bool may = model.may_take(who, n, now);
            const auto failed = failure([&] {
                return customer.async_claim_extension({{}, number, {}, {}}, block).number;
            });
            ASSERT_EQ(failed, may ? std::nullopt : std::optional(errc::conflict));
            if (may)
                model.at(n).user = who;
        }
        }
        if (step % 100 != 99)
            continue;
        if (step % 300 == 299) {
            customers.clear();
            reopen();
            for (const auto& a : accounts)
                customers.push_back(program_again(a));
        }
        for (std::size_t a = 0; a < accounts.size(); ++a) {
            const int holder = static_cast<int>(a);
            std::vector<std::string> blocks;
            for (const auto& b : customers[a]->async_list_blocks({.limit = 1'000}, block).items)
                blocks.push_back(b.id);
            ASSERT_EQ(blocks, model.blocks_of(holder));
            std::vector<std::string> extensions;
            for (const auto& e : customers[a]->async_list_extensions({.limit = 1'000}, block).items)
                extensions.push_back(e.number);
            ASSERT_EQ(extensions, model.extensions_of(holder));
            const auto u = customers[a]->async_get_utilisation({}, block);
            std::uint64_t inside = 0;
            for (int i = 0; i < 1'000; ++i)
                inside += model.at(i).user == holder && model.at(i).block_owner == holder ? 1 : 0;
            ASSERT_EQ(u.used, inside);
            ASSERT_EQ(u.used + u.outside_blocks, extensions.size());
            ASSERT_EQ(u.used + u.resting + u.reserved + u.free, u.numbers);
        }
    }
}

// ---- money: what was paid, what calls cost, and what lies between

TEST_P(models, the_balance_is_payments_less_charges_whatever_the_order) {
    open(acme);
    random_calls random(10);
    std::map<std::string, std::pair<std::int64_t, payment_status>> payments; // cents
    std::map<std::string, std::int64_t> charges;                             // of calls, in hundredths of a cent
    std::int64_t limit = 0;                                                  // cents
    const auto in_cents = [](const money& m) { return m.units * 100 + m.nanos / 10'000'000; };
    const auto amount = [](std::int64_t hundredths) {
        return money{hundredths / 10'000, static_cast<std::int32_t>(hundredths % 10'000) * 100'000, "EUR"};
    };
    for (int step = 0; step < 600; ++step) {
        SCOPED_TRACE(testing::Message() << "step " << step);
        switch (random.number(0, 5)) {
        case 0: {
            const auto cents = random.number(1, 50'000) * (random.chance(4) ? -1 : 1);
            payment_create p{.account = acme, .total = amount(cents * 100)};
            p.status = static_cast<payment_status>(random.number(0, 2));
            payments[lineside().async_create_payment(p, block).id] = {cents, p.status};
            break;
        }
        case 1: {
            if (payments.empty())
                break;
            auto which = payments.begin();
            std::advance(which, random.number(0, static_cast<std::int64_t>(payments.size()) - 1));
            const auto goal = random.chance(3) ? payment_status::cancelled : payment_status::completed;
            auto& there = which->second.second;
            const auto failed = failure([&] {
                return goal == payment_status::completed
                           ? lineside().async_complete_payment({acme, which->first}, block).id
                           : lineside().async_cancel_payment({acme, which->first}, block).id;
            });
            const bool may = there == payment_status::pending || there == goal;
            ASSERT_EQ(failed, may ? std::nullopt : std::optional(errc::conflict));
            if (may)
                there = goal;
            break;
        }
        case 2: {
            limit = random.number(-10'000, 10'000);
            account_update u{.account = acme};
            u.debit_limit = amount(limit * 100);
            (void)lineside().async_update_account(u, block);
            break;
        }
        default: { // new calls, calls told again, and calls told again with another charge
            std::vector<call> calls;
            for (auto n = random.number(1, 5); n > 0; --n) {
                const auto id = "c" + std::to_string(random.number(0, 400));
                const auto known = charges.find(id);
                const auto cost = known != charges.end() && random.chance(2) ? known->second : random.number(0, 30'000);
                if (std::any_of(calls.begin(), calls.end(), [&](const call& c) { return c.call_id == id; }))
                    continue;
                // Over two months, so that days and months are rolled up.
                const auto start = at("2026-01-10T00:00:00Z") + hours(std::stoi(id.substr(1)) * 3);
                calls.push_back(answered_call(id, start, minutes(1)));
                calls.back().charge = amount(cost);
                charges[id] = cost;
            }
            (void)import(std::move(calls));
        }
        }
        if (random.chance(40))
            reopen();
        if (!random.chance(8))
            continue;
        std::int64_t paid = 0;
        for (const auto& [id, p] : payments)
            paid += p.second == payment_status::completed ? p.first : 0;
        std::int64_t charged = 0;
        for (const auto& [id, c] : charges)
            charged += c;
        const auto b = lineside().async_get_balance({acme}, block);
        ASSERT_EQ(in_cents(b.payments.value()), paid);
        ASSERT_EQ(b.charges, amount(charged));
        ASSERT_EQ(b.amount, amount(paid * 100 - charged));
        ASSERT_EQ(b.credit_available, amount((paid + limit) * 100 - charged));
    }
}

} // namespace lineside::contract
