#include <lineside/error.hpp>

#include "store/identity_index.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace lineside::store {
namespace {

using hit = identity_index::hit;

std::vector<identity_entry> random_entries(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<identity_entry> entries(n);
    for (auto& e : entries)
        e = {random(), static_cast<std::uint32_t>(random() % 1'000 + 1),
             static_cast<day_number>(random() % 20'000) - 100};
    return entries;
}

// What the bytes keep of an entry.
identity_entry stored_part(identity_entry e) {
    e.hash = print_of(e.hash) << 24U;
    return e;
}

TEST(identity, each_part_of_an_identity_tells_calls_apart) {
    std::set<std::uint64_t> hashes;
    for (const std::uint32_t source : {0U, 1U, 77U})
        for (const auto* id : {"a", "b", "ab", "1700000000.1", "1700000000.10"})
            for (const auto* branch : {"", "a", "b", "0"})
                hashes.insert(hash_identity(source, id, branch));
    EXPECT_EQ(hashes.size(), 3U * 5 * 4);
    EXPECT_EQ(hash_identity(3, "x", "y"), hash_identity(3, "x", "y"));
}

TEST(identity, sorting_orders_by_print_whatever_the_number) {
    for (const std::size_t n : {0, 1, 2, 100, 4'095, 4'096, 20'000}) {
        auto entries = random_entries(n, n);
        auto wanted = entries;
        std::stable_sort(wanted.begin(), wanted.end(),
                         [](const auto& a, const auto& b) { return print_of(a.hash) < print_of(b.hash); });
        sort_by_hash(entries);
        ASSERT_EQ(entries.size(), wanted.size());
        for (std::size_t i = 0; i < n; ++i)
            ASSERT_EQ(print_of(entries[i].hash), print_of(wanted[i].hash)) << i;
        const auto less = [](const identity_entry& a, const identity_entry& b) {
            return std::tie(a.hash, a.account, a.day) < std::tie(b.hash, b.account, b.day);
        };
        std::sort(entries.begin(), entries.end(), less);
        std::sort(wanted.begin(), wanted.end(), less);
        EXPECT_EQ(entries, wanted) << "none lost";
    }
}

TEST(identity, sorting_orders_entries_of_one_print_by_the_rest_of_the_hash) {
    for (const std::size_t n : {100, 20'000}) {
        auto entries = random_entries(n, n);
        for (auto& e : entries)
            e.hash &= 0x0000'0070'0000'0fffULL; // eight prints
        sort_by_hash(entries);
        EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(),
                                   [](const auto& a, const auto& b) { return a.hash < b.hash; }));
    }
}

TEST(identity, a_part_comes_back_with_the_upper_40_bits) {
    for (const std::size_t n : {1, 2, 1'000, 3'000}) {
        auto entries = random_entries(n, 50 + n);
        sort_by_hash(entries);
        std::string bytes;
        encode_identities(entries, bytes);
        std::vector<identity_entry> back{{1, 2, 3}}; // appended to
        decode_identities(bytes, back);
        ASSERT_EQ(back.size(), n + 1);
        for (std::size_t i = 0; i < n; ++i)
            ASSERT_EQ(back[i + 1], stored_part(entries[i])) << i;
    }
}

TEST(identity, a_damaged_part_is_refused_or_other_entries) {
    auto entries = random_entries(200, 3);
    sort_by_hash(entries);
    std::string bytes;
    encode_identities(entries, bytes);
    const auto attempt = [](const std::string& damaged) {
        const std::vector<char> exact(damaged.begin(), damaged.end());
        std::vector<identity_entry> to;
        try {
            decode_identities({exact.data(), exact.size()}, to);
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::storage) << e.what();
        }
    };
    for (std::size_t n = 0; n < bytes.size(); ++n)
        attempt(bytes.substr(0, n));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto damaged = bytes;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        attempt(damaged);
    }
}

// ---- the filter -----------------------------------------------------------------------------------------------------

TEST(identity_filter, what_was_inserted_is_never_denied) {
    std::mt19937_64 random(4);
    identity_filter filter;
    EXPECT_FALSE(filter.may_contain(1));
    std::vector<std::uint64_t> hashes(600'000); // into a second layer
    for (auto& h : hashes) {
        h = random();
        filter.insert(h);
    }
    for (const auto h : hashes) {
        ASSERT_TRUE(filter.may_contain(h));
        // A filter that is loaded from the database knows the upper 40 bits only: the lower ones may not matter.
        ASSERT_TRUE(filter.may_contain(h ^ (random() >> 40U)));
    }
}

TEST(identity_filter, false_alarms_are_rare) {
    std::mt19937_64 random(5);
    identity_filter filter;
    filter.reserve(200'000);
    for (int i = 0; i < 200'000; ++i)
        filter.insert(random());
    int alarms = 0;
    for (int i = 0; i < 300'000; ++i)
        alarms += filter.may_contain(random()) ? 1 : 0;
    EXPECT_LT(alarms, 300);
    filter.clear();
    EXPECT_EQ(filter.size_bytes(), 0U);
}

// ---- the index ------------------------------------------------------------------------------------------------------

class identity_index_test : public testing::Test {
protected:
    std::unique_ptr<store> db = open_store("sqlite::memory:", {});

    // In one transaction, as a batch does.
    void add(identity_index& index, std::vector<identity_entry> entries) {
        sort_by_hash(entries);
        const auto tx = db->write();
        index.load(*tx);
        index.add(*tx, index.prepare(entries));
        tx->commit();
        for (const auto& e : entries)
            all[print_of(e.hash)].insert({e.account, e.day});
    }

    void expect_all_found(const identity_index& index) {
        const auto tx = db->write();
        for (const auto& [print, places] : all)
            ASSERT_TRUE(index.may_contain(print << 24U));
        // One by one, and in one go.
        std::vector<std::uint64_t> hashes;
        std::set<hit> everywhere;
        std::size_t n = 0;
        for (const auto& [print, places] : all) {
            hashes.push_back(print << 24U | (n & 0xffffffU));
            everywhere.insert(places.begin(), places.end());
            if (n++ % 97 == 0) {
                ASSERT_EQ(index.find(*tx, {print << 24U}), std::vector<hit>(places.begin(), places.end()));
            }
        }
        EXPECT_EQ(index.find(*tx, hashes), std::vector<hit>(everywhere.begin(), everywhere.end()));
    }

    std::map<std::uint64_t, std::set<hit>> all; // by print
};

TEST_F(identity_index_test, finds_nothing_in_an_empty_database) {
    identity_index index;
    const auto tx = db->write();
    index.load(*tx);
    EXPECT_FALSE(index.may_contain(77));
    EXPECT_TRUE(index.find(*tx, {1, 2, 3}).empty());
    EXPECT_TRUE(index.find(*tx, {}).empty());
}

TEST_F(identity_index_test, finds_every_entry_over_many_runs_and_merges) {
    identity_index index;
    std::size_t most_runs = 0;
    for (std::uint64_t i = 0; i < 150; ++i) {
        add(index, random_entries(i % 10 == 0 ? 2'500 : i % 60 + 1, 1'000 + i));
        most_runs = std::max(most_runs, db->write()->identity_runs().size());
    }
    EXPECT_LT(most_runs, 24U) << "runs are merged";
    expect_all_found(index);
    std::uint64_t entries = 0;
    for (const auto& run : db->write()->identity_runs())
        entries += run.entries;
    std::uint64_t wanted = 0;
    for (const auto& [print, places] : all)
        wanted += places.size();
    EXPECT_EQ(entries, wanted) << "and none is lost or doubled";

    identity_index reopened;
    reopened.load(*db->write());
    expect_all_found(reopened);
}

TEST_F(identity_index_test, what_is_not_there_is_not_found) {
    identity_index index;
    add(index, random_entries(5'000, 6));
    const auto tx = db->write();
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> others;
    while (others.size() < 5'000) {
        const auto h = random();
        if (!all.contains(print_of(h)))
            others.push_back(h);
    }
    others.push_back(0);
    others.push_back(~std::uint64_t{0});
    EXPECT_TRUE(index.find(*tx, others).empty());
}

TEST_F(identity_index_test, equal_prints_at_the_boundary_of_parts_are_all_found) {
    // 999 entries, then 40 of one print, then the rest: the print would straddle two parts of 1,000.
    for (const std::size_t before : {990, 999, 1'000, 1'001}) {
        db = open_store("sqlite::memory:", {});
        all.clear();
        identity_index index;
        std::vector<identity_entry> entries;
        for (std::size_t i = 0; i < before; ++i)
            entries.push_back({(i + 1) << 24U, 1, static_cast<day_number>(i)});
        for (std::uint32_t i = 0; i < 40; ++i)
            entries.push_back({(before + 1) << 24U | i, i + 1, static_cast<day_number>(i)});
        for (std::size_t i = 0; i < 2'000; ++i)
            entries.push_back({(before + 2 + i) << 24U, 2, static_cast<day_number>(i)});
        add(index, entries);
        expect_all_found(index);
        // The same prints again in seven more runs: they are merged into one.
        for (day_number run = 1; run < 9; ++run) {
            auto more = entries;
            for (auto& e : more)
                e.day += run * 10'000;
            add(index, more);
        }
        expect_all_found(index);
    }
}

TEST_F(identity_index_test, more_entries_of_one_print_than_a_part_holds) {
    identity_index index;
    std::vector<identity_entry> entries;
    for (std::uint32_t i = 0; i < 2'500; ++i)
        entries.push_back({std::uint64_t{5} << 24U, i + 1, 3});
    entries.push_back({std::uint64_t{4} << 24U, 1, 1});
    entries.push_back({std::uint64_t{6} << 24U, 1, 1});
    add(index, entries);
    expect_all_found(index);
}

TEST_F(identity_index_test, entries_of_a_transaction_that_is_undone_are_gone) {
    identity_index index;
    add(index, random_entries(10, 8));
    auto lost = random_entries(2'000, 9);
    sort_by_hash(lost);
    {
        const auto tx = db->write();
        index.load(*tx);
        index.add(*tx, index.prepare(lost));
    }
    expect_all_found(index);
    std::vector<std::uint64_t> hashes;
    for (const auto& e : lost)
        hashes.push_back(e.hash);
    EXPECT_TRUE(index.find(*db->write(), hashes).empty());
}

} // namespace
} // namespace lineside::store
