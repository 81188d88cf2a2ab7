#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Several who want what only one can have, at the same moment: exactly one gets it, and what the engine says afterwards
// is what it says after opening again.
namespace lineside::contract {

namespace {

/// Runs all at the same moment and counts those that succeed; the others have to fail with one of `losses`.
std::size_t winners_of(const std::vector<std::function<void()>>& racers, std::initializer_list<errc> losses) {
    std::atomic<std::size_t> ready = 0;
    std::atomic<std::size_t> won = 0;
    std::vector<std::thread> threads;
    for (const auto& run : racers)
        threads.emplace_back([&] {
            ++ready;
            while (ready < racers.size())
                std::this_thread::yield();
            try {
                run();
                ++won;
            } catch (const error& e) {
                EXPECT_NE(std::find(losses.begin(), losses.end(), e.code()), losses.end()) << e.what();
            }
        });
    for (auto& t : threads)
        t.join();
    return won;
}

std::size_t winners_of_many(std::size_t racers, const std::function<void(std::size_t)>& run,
                            std::initializer_list<errc> losses) {
    std::vector<std::function<void()>> all;
    for (std::size_t i = 0; i < racers; ++i)
        all.emplace_back([&run, i] { run(i); });
    return winners_of(all, losses);
}

const account_id rival{"rival"};
constexpr std::size_t many = 6;
constexpr int rounds = 8;

class races_test : public identity_test {
protected:
    races_test() {
        settings.delivery.mailer = [this](const mail& m) {
            const std::lock_guard turn(mailing_);
            mails.push_back(m);
        };
        settings.attempts_per_source = 100'000;
    }

    void open(const account_id& id, std::string currency = "EUR") {
        (void)lineside().async_create_account({.id = id, .name = id.value(), .currency = std::move(currency)}, block);
    }
    [[nodiscard]] std::shared_ptr<portal> program(const account_id& of) {
        api_key_create k{.account = of, .name = "program", .scopes = permission_set::everything().list()};
        return as(lineside().async_create_key(std::move(k), block).text);
    }
    /// The logs are whole, and nothing is another way after opening again.
    void expect_lasting(const std::function<std::string()>& state) {
        const auto before = state();
        reopen();
        EXPECT_EQ(state(), before);
        for (const auto& a : lineside().async_list_accounts({}, block).items)
            EXPECT_TRUE(lineside().async_verify_access_log({a.id}, block).intact) << a.id;
    }
    [[nodiscard]] std::string numbers_of(const account_id& id) {
        std::string all;
        for (const auto& b : lineside().async_list_blocks({.account = id, .limit = 1'000}, block).items)
            all += " block " + b.id;
        for (const auto& e : lineside().async_list_extensions({.account = id, .limit = 5'000}, block).items)
            all += " extension " + e.number;
        const auto u = lineside().async_get_utilisation({id}, block);
        return id.value() + all + " used " + std::to_string(u.used) + " resting " + std::to_string(u.resting) + "\n";
    }

private:
    std::mutex mailing_;
};

LINESIDE_ON_EVERY_PORTAL_WITH(races, races_test);

} // namespace

// ---- reading what somebody else writes

TEST_P(races, an_account_is_never_read_as_it_was_before_a_change_that_was_answered) {
    constexpr std::uint32_t changes = 200;
    const account_id id("changing");
    open(id);
    std::atomic<std::uint32_t> answered = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i)
        readers.emplace_back([&] {
            for (std::uint32_t floor = 0; floor < changes;) {
                floor = answered;
                EXPECT_GE(lineside().async_get_account(id, block).channel_limit.value_or(0), floor);
                EXPECT_GE(lineside().async_get_channels({id}, block).configured.value_or(0), floor);
            }
        });
    for (std::uint32_t i = 1; i <= changes; ++i) {
        account_update u{.account = id};
        u.channel_limit = i;
        (void)lineside().async_update_account(std::move(u), block);
        answered = i;
    }
    for (auto& r : readers)
        r.join();
}

// ---- who somebody is

TEST_P(races, one_recovery_code_lets_one_in) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto factor = enrol(*ann);
    for (std::size_t i = 0; i < 4; ++i) {
        const std::string code(factor.codes.codes.at(i).reveal());
        EXPECT_EQ(
            winners_of_many(many, [&](std::size_t) { (void)sign_in(code); }, {errc::unauthenticated, errc::exhausted}),
            1U);
        // Guesses of the losers are counted; nobody waits for them here.
        clock.advance(minutes(16));
    }
    reopen();
    (void)refused(errc::unauthenticated, good_password, factor.codes.codes.front().reveal());
    clock.advance(minutes(16));
    (void)sign_in(factor.codes.codes.at(4).reveal());
}

TEST_P(races, one_of_those_who_change_a_password_at_once_has_changed_it) {
    (void)add_ann();
    std::vector<std::shared_ptr<portal>> places;
    for (std::size_t i = 0; i < 4; ++i)
        places.push_back(as(sign_in().token));
    const auto wanted = [](std::size_t i) { return "kdgz wtmf pqhj rxb" + std::to_string(i); };
    // Whoever is late has an old password that is wrong by then, or a session that has ended.
    EXPECT_EQ(winners_of_many(places.size(),
                              [&](std::size_t i) {
                                  (void)places[i]->async_change_password(change(good_password, wanted(i)), block);
                              },
                              {errc::unauthenticated}),
              1U);
    reopen();
    clock.advance(minutes(16));
    (void)refused(errc::unauthenticated, good_password);
    std::size_t works = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        clock.advance(minutes(16));
        try {
            (void)lineside().async_sign_in(attempt(wanted(i)), block);
            ++works;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::unauthenticated);
        }
    }
    EXPECT_EQ(works, 1U);
}

TEST_P(races, whoever_is_disabled_while_signing_in_has_no_session_afterwards) {
    const auto ann = add_ann();
    (void)add("bob@acme.example", role::administrator);
    for (int round = 0; round < rounds; ++round) {
        secret token;
        (void)winners_of({[&] { token = sign_in().token; }, [&] { set_status(ann, contact_status::disabled); }},
                         {errc::unauthenticated});
        if (!token.empty()) {
            EXPECT_FALSE(is_known(*as(token)));
        }
        set_status(ann, contact_status::active);
        if (!token.empty()) {
            EXPECT_FALSE(is_known(*as(token))) << "a session came back";
        }
    }
}

TEST_P(races, a_session_used_while_it_is_ended_stays_ended) {
    (void)add_ann();
    for (int round = 0; round < rounds; ++round) {
        const auto grant = sign_in();
        const auto here = as(grant.token);
        const auto there = as(grant.token);
        clock.advance(minutes(2)); // its use is due to be written
        std::vector<std::function<void()>> racers(many - 1, [&] { (void)here->async_who_am_i({}, block); });
        racers.emplace_back([&] { (void)end(*there, sign_out_scope::all); });
        (void)winners_of(racers, {errc::unauthenticated});
        EXPECT_FALSE(is_known(*here));
    }
    reopen();
    const auto page = lineside().async_list_contacts({.account = acme}, block);
    EXPECT_TRUE(lineside().async_list_sessions({acme, page.items.at(0).id}, block).items.empty());
}

TEST_P(races, one_gets_an_email_address_that_is_created_and_verified_at_once) {
    open(rival);
    (void)add_ann();
    const auto ann = as(sign_in().token);
    for (int round = 0; round < rounds; ++round) {
        const auto wanted = "wanted" + std::to_string(round) + "@acme.example";
        const auto login = ann->async_get_profile({}, block).email;
        profile_update update{.email = wanted};
        update.password = secret(good_password);
        (void)ann->async_update_profile(std::move(update), block);
        clock.advance(minutes(2));
        (void)ann->async_send_verification({}, block);
        const auto& text = mails.back().text;
        const auto at = std::search_n(text.begin(), text.end(), 6, 0, [](char c, int) { return c >= '0' && c <= '9'; });
        ASSERT_NE(at, text.end());
        verification_answer code;
        code.code = secret(std::string_view(&*at, 6));
        std::vector<std::function<void()>> racers(many - 1, [&] { (void)add(wanted, role::viewer, rival); });
        racers.emplace_back([&] { (void)ann->async_verify_contact(std::move(code), block); });
        EXPECT_EQ(winners_of(racers, {errc::conflict}), 1U);
        const auto now = ann->async_get_profile({}, block);
        EXPECT_TRUE(now.email == login || now.email == wanted);
        EXPECT_EQ(now.pending_email, "");
        (void)failure_of([&] { return add(wanted, role::viewer, rival).id; }, errc::conflict);
    }
}

TEST_P(races, a_key_revoked_while_it_is_rotated_works_no_longer) {
    open(acme);
    for (int round = 0; round < rounds; ++round) {
        api_key_create k{.account = acme, .name = "program", .scopes = {permission::view_company}};
        const auto made = lineside().async_create_key(std::move(k), block);
        secret fresh;
        (void)winners_of({[&] {
                              api_key_rotation r{.account = acme, .key = made.key.id};
                              fresh = lineside().async_rotate_key(std::move(r), block).text;
                          },
                          [&] {
                              (void)lineside().async_revoke_key({acme, made.key.id}, block);
                          }},
                         {errc::conflict});
        EXPECT_FALSE(is_known(*as(made.text)));
        if (!fresh.empty()) {
            EXPECT_FALSE(is_known(*as(fresh)));
        }
    }
}

TEST_P(races, of_many_rotations_without_overlap_one_secret_works) {
    open(acme);
    api_key_create k{.account = acme, .name = "program", .scopes = {permission::view_company}};
    const auto made = lineside().async_create_key(std::move(k), block);
    std::vector<secret> texts(many);
    EXPECT_EQ(winners_of_many(many,
                              [&](std::size_t i) {
                                  api_key_rotation r{.account = acme, .key = made.key.id};
                                  r.overlap = duration(0);
                                  texts[i] = lineside().async_rotate_key(std::move(r), block).text;
                              },
                              {}),
              many);
    reopen();
    EXPECT_FALSE(is_known(*as(made.text)));
    EXPECT_EQ(std::count_if(texts.begin(), texts.end(), [&](const secret& t) { return is_known(*as(t)); }), 1);
}

TEST_P(races, one_creates_an_account) {
    (void)lineside(); // opened before anybody asks
    for (int round = 0; round < rounds; ++round) {
        const account_id id("a" + std::to_string(round));
        EXPECT_EQ(winners_of_many(many, [&](std::size_t) { open(id); }, {errc::conflict}), 1U);
        EXPECT_EQ(lineside().async_list_access_log({.account = id}, block).items.size(), 1U);
    }
    EXPECT_EQ(lineside().async_list_accounts({}, block).items.size(), std::size_t{rounds});
}

// ---- money

TEST_P(races, the_first_payment_gives_an_account_its_currency_and_others_are_refused) {
    for (int round = 0; round < rounds; ++round) {
        const account_id id("a" + std::to_string(round));
        open(id, "");
        const auto pay = [&](const char* currency) {
            payment_create p{.account = id, .total = {5, 0, currency}, .status = payment_status::completed};
            (void)lineside().async_create_payment(p, block);
        };
        auto bill = charged(answered_call("c", at("2026-03-10T11:00:00Z"), minutes(1)), "1.00", "GBP");
        bill.account_id = id;
        EXPECT_EQ(winners_of({[&] { pay("EUR"); }, [&] { pay("USD"); }, [&] { (void)import({bill}); }},
                             {errc::conflict, errc::invalid_argument}),
                  1U);
        const auto b = lineside().async_get_balance({id}, block);
        const auto kept = lineside().async_get_account(id, block).currency;
        EXPECT_EQ(b.currency, kept);
        EXPECT_EQ(b.payments.value().units, kept == "GBP" ? 0 : 5);
        EXPECT_EQ(b.charges.value().units, kept == "GBP" ? 1 : 0);
    }
}

TEST_P(races, the_last_transfer_that_may_be_announced_is_announced_once) {
    open(acme);
    const auto customer = program(acme);
    const auto announce = [&] {
        (void)customer->async_announce_transfer({.account = acme, .total = {1, 0, "EUR"}}, block);
    };
    for (int i = 0; i < 99; ++i)
        announce();
    EXPECT_EQ(winners_of_many(many, [&](std::size_t) { announce(); }, {errc::conflict}), 1U);
    payment_query q{.account = acme, .status = payment_status::pending, .limit = 1'000};
    EXPECT_EQ(lineside().async_list_payments(q, block).items.size(), 100U);
    expect_lasting([&] { return std::to_string(lineside().async_list_payments(q, block).items.size()); });
}

// ---- channels

TEST_P(races, a_call_admitted_and_reported_at_once_occupies_one_channel) {
    account a{.id = acme};
    a.channel_limit = 1;
    (void)lineside().async_create_account(a, block);
    for (int round = 0; round < rounds; ++round) {
        call_event e;
        e.source = "switch-1";
        e.call_id = "c" + std::to_string(round);
        e.at = clock.now();
        e.account = acme;
        const admission_request ask{.account = acme, .source = e.source, .call_id = e.call_id};
        std::vector<std::function<void()>> racers(
            many - 1, [&] { EXPECT_TRUE(lineside().async_admit_call(ask, block).admitted); });
        racers.emplace_back([&] { (void)lineside().async_report_call_events({{e}}, block); });
        EXPECT_EQ(winners_of(racers, {}), many);
        EXPECT_EQ(lineside().async_get_channels({acme}, block).in_use, 1U);
        e.kind = call_event_kind::ended;
        e.at += seconds(1);
        (void)lineside().async_report_call_events({{e}}, block);
        EXPECT_EQ(lineside().async_get_channels({acme}, block).in_use, 0U);
        clock.advance(seconds(2));
    }
}

// ---- numbers

TEST_P(races, overlapping_blocks_are_never_given_together) {
    open(acme);
    open(rival);
    const std::shared_ptr<portal> customers[] = {program(acme), program(rival)};
    for (int round = 0; round < rounds; ++round) {
        const int first = 1'000 + 100 * round;
        // Each reaches into the next one's range.
        const auto won = winners_of_many(many,
                                         [&](std::size_t i) {
                                             const auto from = first + 10 * static_cast<int>(i);
                                             const number_range range{std::to_string(from), std::to_string(from + 14)};
                                             (void)customers[i % 2]->async_claim_block({{}, range, {}}, block);
                                         },
                                         {errc::conflict});
        EXPECT_GE(won, 2U);
        EXPECT_LE(won, 3U);
    }
    std::set<std::pair<std::string, std::string>> ranges;
    for (const auto& id : {acme, rival})
        for (const auto& b : lineside().async_list_blocks({.account = id, .limit = 1'000}, block).items)
            ranges.emplace(b.range.first, b.range.last);
    std::string last;
    for (const auto& [from, to] : ranges) {
        EXPECT_GT(from, last);
        last = to;
    }
    expect_lasting([&] { return numbers_of(acme) + numbers_of(rival); });
}

TEST_P(races, an_extension_is_one_accounts) {
    open(acme);
    open(rival);
    const std::shared_ptr<portal> customers[] = {program(acme), program(rival)};
    for (int round = 0; round < rounds; ++round) {
        const auto number = std::to_string(5'000 + round);
        EXPECT_EQ(winners_of_many(many,
                                  [&](std::size_t i) {
                                      (void)customers[i % 2]->async_claim_extension({{}, number, {}, {}}, block);
                                  },
                                  {errc::conflict}),
                  1U);
    }
    expect_lasting([&] { return numbers_of(acme) + numbers_of(rival); });
}

TEST_P(races, an_extension_given_away_and_released_at_once_is_one_of_both) {
    open(acme);
    open(rival);
    const auto customer = program(acme);
    for (int round = 0; round < rounds; ++round) {
        const auto number = std::to_string(5'000 + round);
        (void)customer->async_claim_extension({{}, number, {}, {}}, block);
        EXPECT_EQ(winners_of({[&] {
                                  (void)customer->async_release_extension({{}, number}, block);
                              },
                              [&] {
                                  extension_transfer t{.account = acme, .number = number, .to_account = rival};
                                  (void)lineside().async_transfer_extension(t, block);
                              }},
                             {errc::not_found}),
                  1U);
        const auto owner = lineside().async_get_number_owner({{}, number}, block);
        EXPECT_TRUE(owner.owner == rival || owner.state == number_state::resting) << owner.text;
    }
    expect_lasting([&] { return numbers_of(acme) + numbers_of(rival); });
}

TEST_P(races, a_number_taken_while_its_block_is_released_or_reserved_is_one_of_both) {
    open(acme);
    const auto customer = program(acme);
    for (int round = 0; round < rounds; ++round) {
        const auto first = std::to_string(1'000 + 10 * round);
        const number_range range{first, std::to_string(1'009 + 10 * round)};
        const auto id = customer->async_claim_block({{}, range, {}}, block).id;
        const auto take = [&] { (void)customer->async_claim_extension({{}, first, {}, {}}, block); };
        const auto give_up = [&] { (void)customer->async_release_block({{}, id}, block); };
        numbering reserving;
        reserving.reserved = {range};
        const auto reserve = [&] { (void)lineside().async_set_numbering(reserving, block); };
        EXPECT_EQ(winners_of({take, round % 2 == 0 ? std::function<void()>(give_up) : reserve}, {errc::conflict}), 1U);
        (void)lineside().async_set_numbering({}, block);
    }
    expect_lasting([&] { return numbers_of(acme); });
}

// ---- engines

TEST_P(races, a_portal_used_while_its_engine_closes_is_right_or_says_so) {
    for (int round = 0; round < 3; ++round) {
        auto e = std::make_unique<engine>(engine_options{.clock = clock.reader()});
        (void)e->async_create_account({.id = acme}, block);
        const auto customer = [&] {
            api_key_create k{.account = acme, .name = "program", .scopes = {permission::view_company}};
            credential who;
            who.token = e->async_create_key(std::move(k), block).text;
            return e->as(std::move(who));
        }();
        std::vector<std::function<void()>> racers(3, [&] {
            for (;;)
                EXPECT_EQ(customer->async_get_account({}, block).id, acme);
        });
        racers.emplace_back([&] { e.reset(); });
        EXPECT_EQ(winners_of(racers, {errc::unavailable, errc::cancelled}), 1U);
        (void)failure_of([&] { return customer->async_get_account({}, block); }, errc::unavailable);
    }
}

} // namespace lineside::contract
