#include <lineside/error.hpp>

#include "portal/engine/identity/identity_state.hpp"
#include "rules/sealing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// What an engine keeps in memory about those who sign in, and the keys beside its database.
namespace lineside {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const instant noon = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10) + std::chrono::hours(12);

engine_identity cheap() {
    engine_identity options;
    options.password_memory_kib = 64;
    return options;
}

engine_identity with_key(char of) {
    auto options = cheap();
    options.key = secret(std::string(rules::sealing_key_size, of));
    return options;
}

class identity_state_test : public testing::Test {
protected:
    [[nodiscard]] std::string refused(const engine_identity& options) {
        try {
            const identity_state made(options, *db);
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument) << e.what();
            return e.details().field;
        }
        return "nothing";
    }

    std::unique_ptr<store::store> db = store::open_store("sqlite::memory:", {});
    const account_id acme{"acme"};
};

} // namespace

TEST(turns, are_for_so_many_at_once_and_one_more_is_refused_where_nobody_may_wait) {
    turns one(1, 0);
    one.take([&] {
        try {
            one.take([] { ADD_FAILURE() << "two at once"; });
            ADD_FAILURE() << "nothing was thrown";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::unavailable);
        }
    });
    EXPECT_EQ(one.take([] { return 7; }), 7) << "the turn is over";
}

TEST(turns, whoever_may_wait_gets_one_when_another_ends) {
    turns one(1, 8);
    std::atomic<int> inside = 0;
    std::atomic<int> served = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            one.take([&] {
                EXPECT_EQ(++inside, 1);
                std::this_thread::yield();
                --inside;
                ++served;
            });
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(served, 8);
}

TEST(instants_by_name, more_names_than_are_kept_make_it_forget_them_all) {
    instants_by_name names(2);
    EXPECT_TRUE(names.once_a_minute("a", noon));
    EXPECT_FALSE(names.once_a_minute("a", noon + seconds(59)));
    EXPECT_TRUE(names.once_a_minute("a", noon + minutes(1)));
    names.set("b", noon);
    names.forget("b");
    EXPECT_FALSE(names.find("b"));
    names.set("b", noon);
    names.set("c", noon);
    EXPECT_FALSE(names.find("a"));
    EXPECT_EQ(names.find("c"), noon);
}

TEST(remembered, knows_what_it_was_told_until_the_database_has_changed) {
    const auto what = std::make_shared<const int>(7);
    remembered<int> memory(2);
    EXPECT_EQ(memory.find("a", 1), nullptr);
    memory.keep("a", 1, what);
    EXPECT_EQ(memory.find("a", 1), what);
    EXPECT_EQ(memory.find("a", 2), nullptr);
    memory.keep("a", 2, what);
    EXPECT_EQ(memory.find("a", 2), what);
}

TEST(remembered, one_more_than_it_has_room_for_makes_it_forget_all_others) {
    const auto what = std::make_shared<const int>(7);
    remembered<int> memory(2);
    memory.keep("a", 1, what);
    memory.keep("b", 1, what);
    memory.keep("a", 1, what); // which it knows already
    EXPECT_EQ(memory.find("b", 1), what);
    memory.keep("c", 1, what);
    EXPECT_EQ(memory.find("a", 1), nullptr);
    EXPECT_EQ(memory.find("b", 1), nullptr);
    EXPECT_EQ(memory.find("c", 1), what);
}

TEST(source_table, sources_that_are_full_again_make_room_and_then_those_with_most_left) {
    source_table sources({3, seconds(10)}, 3);
    for (const auto* from : {"192.0.2.1", "192.0.2.2", "192.0.2.3"})
        EXPECT_EQ(sources.take(from, noon), duration::zero());
    EXPECT_EQ(sources.take("192.0.2.4", noon + seconds(10)), duration::zero()) << "the others have all theirs back";
    EXPECT_EQ(sources.size(), 1U);
    // Three that have failed once, twice and three times: the one with the most left goes.
    const auto later = noon + minutes(10);
    for (int times = 1; times <= 3; ++times)
        for (int i = 0; i < times; ++i)
            EXPECT_EQ(sources.take("198.51.100." + std::to_string(times), later), duration::zero());
    EXPECT_EQ(sources.size(), 3U);
    EXPECT_EQ(sources.take("203.0.113.1", later), duration::zero());
    EXPECT_EQ(sources.size(), 3U);
    EXPECT_GT(sources.take("198.51.100.3", later), duration::zero()) << "whoever failed most is remembered";
}

TEST(source_table, those_who_all_failed_often_make_room_too) {
    source_table sources({8, seconds(10)}, 2);
    for (const auto* from : {"192.0.2.1", "192.0.2.2"})
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(sources.take(from, noon), duration::zero());
    EXPECT_EQ(sources.take("192.0.2.3", noon), duration::zero());
    EXPECT_EQ(sources.size(), 1U);
}

TEST(source_table, an_unknown_source_waits_for_nothing_and_gets_nothing_back) {
    source_table sources({1, seconds(10)}, 2);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sources.take("", noon), duration::zero());
    sources.give_back("192.0.2.1");
    EXPECT_EQ(sources.size(), 0U);
}

TEST_F(identity_state_test, options_that_make_no_sense_are_refused_by_name) {
    auto options = cheap();
    options.password_memory_kib = 7;
    EXPECT_EQ(refused(options), "identity.password_memory_kib");
    options = cheap();
    options.key = secret("too short");
    EXPECT_EQ(refused(options), "identity.key");
    for (const auto* issuer : {"", "Line:side"}) {
        options = cheap();
        options.issuer = issuer;
        EXPECT_EQ(refused(options), "identity.issuer") << issuer;
    }
    options = cheap();
    options.attempts_per_source = 0;
    EXPECT_EQ(refused(options), "identity.attempts_per_source");
    EXPECT_EQ(refused(cheap()), "nothing");
}

TEST_F(identity_state_test, a_password_matches_its_hash_and_what_is_no_hash_matches_nothing) {
    identity_state identity(cheap(), *db);
    const auto kept = identity.hash("nineteen blue kettles");
    EXPECT_TRUE(identity.matches("nineteen blue kettles", kept));
    EXPECT_FALSE(identity.matches("nineteen blue kettle", kept));
    EXPECT_FALSE(identity.matches("nineteen blue kettles", ""));
    EXPECT_FALSE(identity.matches("", "$argon2id$"));
}

TEST_F(identity_state_test, what_is_sealed_opens_for_the_same_contact_alone) {
    const identity_state identity(cheap(), *db);
    const auto sealed = identity.seal(acme, "c-1", "the key");
    EXPECT_EQ(identity.open(acme, "c-1", sealed), "the key");
    for (const auto& [contact, text] : {std::pair<std::string, std::string>{"c-2", sealed}, {"c-1", "!"}, {"c-1", ""}})
        EXPECT_THROW((void)identity.open(acme, contact, text), error) << contact << ' ' << text;
}

TEST_F(identity_state_test, a_hosts_key_comes_beside_the_engines_own_and_neither_opens_what_the_other_sealed) {
    const auto before = identity_state(cheap(), *db).seal(acme, "c-1", "before");
    const identity_state hosts(with_key('h'), *db);
    EXPECT_EQ(hosts.open(acme, "c-1", before), "before") << "the engine's own stays";
    const auto after = hosts.seal(acme, "c-1", "after");
    EXPECT_EQ(hosts.open(acme, "c-1", after), "after");
    EXPECT_EQ(identity_state(cheap(), *db).open(acme, "c-1", before), "before") << "the same one as before";
    EXPECT_THROW((void)identity_state(cheap(), *db).open(acme, "c-1", after), error);
    EXPECT_THROW((void)identity_state(with_key('o'), *db).open(acme, "c-1", after), error);
}

TEST_F(identity_state_test, a_host_with_a_key_needs_none_of_the_engines) {
    const identity_state hosts(with_key('h'), *db);
    EXPECT_EQ(hosts.open(acme, "c-1", hosts.seal(acme, "c-1", "x")), "x");
    EXPECT_NE(hosts.slot_of("ann@acme.example"), identity_state(with_key('o'), *db).slot_of("ann@acme.example"));
}

} // namespace lineside
