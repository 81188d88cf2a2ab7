// Number blocks and extensions under full disks, kills and threads that race: everything or nothing, and memory is what
// the database says.

#include <lineside/engine.hpp>

#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <iostream>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

namespace lineside {
namespace {

const account_id acme{"acme"};
const account_id other{"other"};

engine_options at(const std::string& database) {
    return {.database = database, .clock = [] { return parse_instant("2026-03-10T12:00:00Z").value(); }};
}

void open_accounts(portal& p) {
    for (const auto& id : {acme, other}) {
        account a;
        a.id = id;
        (void)p.async_create_account(a, block);
    }
}

std::vector<number_block> blocks_of(portal& p, const account_id& account) {
    return p.async_list_blocks({account, {}, 1'000}, block).items;
}

std::vector<extension> extensions_of(portal& p, const account_id& account) {
    extension_query q{.account = account, .contact = {}, .cursor = {}, .limit = 5'000};
    std::vector<extension> all;
    do {
        auto page = p.async_list_extensions(q, block);
        all.insert(all.end(), page.items.begin(), page.items.end());
        q.cursor = page.next;
    } while (!q.cursor.empty());
    return all;
}

// What the documents say of both accounts.
std::string stored(portal& p) {
    std::ostringstream text;
    for (const auto& id : {acme, other}) {
        for (const auto& b : blocks_of(p, id))
            text << id << " block " << b.id << "\n";
        for (const auto& e : extensions_of(p, id))
            text << id << " extension " << e.number << "\n";
    }
    return text.str();
}

// What the engine's memory says of them: utilisation, each block's next-door numbers and each extension's owner.
std::string remembered(portal& p) {
    std::ostringstream text;
    for (const auto& id : {acme, other}) {
        const auto u = p.async_get_utilisation({id}, block);
        for (const auto& b : u.blocks)
            text << id << " " << b.range.first << "-" << b.range.last << " used " << b.used << " resting " << b.resting
                 << " free " << b.free << "\n";
        text << id << " outside " << u.outside_blocks << "\n";
    }
    for (const auto* n : {"0999", "1000", "1500", "1999", "2000", "5000", "5001"}) {
        const auto o = p.async_get_number_owner({{}, n}, block);
        text << n << " " << to_string(o.state) << " " << (o.owner ? o.owner->value() : "-") << "\n";
    }
    return text.str();
}

extension_import many(const account_id& account, int first, int count) {
    extension_import list;
    for (int i = 0; i < count; ++i)
        list.rows.push_back({account, std::to_string(first + i), {}});
    return list;
}

constexpr int used = 3'000; // extensions in the block 1000-... of the changes below

struct change {
    const char* name;
    std::function<void(portal&)> run;
};

const std::vector<change>& changes() {
    static const std::vector<change> all = {
        {"release",
         [](portal& p) {
             (void)p.async_release_block({acme, "1000-4999", release_extensions::release}, block);
         }},
        {"transfer",
         [](portal& p) {
             (void)p.async_transfer_block({acme, "1000-4999", other}, block);
         }},
        {"import",
         [](portal& p) {
             const auto report = p.async_import_extensions(many(other, 5'000, used), block);
             if (report.imported != used)
                 throw error(errc::internal,
                             report.collisions.empty() ? "not imported" : report.collisions.front().text);
         }},
    };
    return all;
}

// A block of acme's with thousands of extensions.
void fill(const std::string& database) {
    engine e(at(database));
    open_accounts(e);
    (void)e.async_claim_block({acme, {"1000", "4999"}, {}}, block);
    ASSERT_EQ(e.async_import_extensions(many(acme, 1'000, used), block).imported, std::uint64_t{used});
}

void limit_files_to(std::optional<rlim_t> bytes) {
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes.value_or(limit.rlim_max);
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

} // namespace

TEST(number_durability, a_kill_during_a_large_change_leaves_all_of_it_or_nothing) {
    std::mt19937_64 random(5);
    for (const auto& c : changes()) {
        SCOPED_TRACE(c.name);
        for (int kill = 0; kill < 8; ++kill) {
            test::scratch_dir dir;
            fill(dir.database());
            const auto old_state = [&] {
                engine e(at(dir.database()));
                return stored(e);
            }();
            // From the first moments of the change to beyond its end.
            const auto microseconds = static_cast<suseconds_t>(200 + random() % 120'000);
            const int status = test::in_child([&] {
                engine e(at(dir.database()));
                (void)e.async_get_numbering({}, block);
                itimerval timer{};
                timer.it_value.tv_usec = microseconds;
                std::signal(SIGALRM, SIG_DFL); // ends the process there and then
                ::setitimer(ITIMER_REAL, &timer, nullptr);
                c.run(e);
                ::raise(SIGKILL); // acknowledged: from here on it must be there
                return 1;
            });
            ASSERT_TRUE(status == -SIGALRM || status == -SIGKILL) << status;
            engine e(at(dir.database()));
            const auto found = stored(e);
            if (found == old_state) {
                EXPECT_NE(status, -SIGKILL) << "an acknowledged change is gone";
                c.run(e);
            }
            const auto finished = stored(e);
            EXPECT_TRUE(found == old_state || found == finished);
            EXPECT_NE(finished, old_state);
        }
    }
}

TEST(number_durability, on_a_full_disk_memory_is_what_the_database_says) {
    for (const auto& c : changes()) {
        SCOPED_TRACE(c.name);
        for (const rlim_t room : {0UL, 20'000UL, 200'000UL}) {
            test::scratch_dir dir;
            fill(dir.database());
            const int status = test::in_child([&] {
                std::signal(SIGXFSZ, SIG_IGN);
                engine e(at(dir.database()));
                const auto documents = stored(e);
                const auto memory = remembered(e);
                // Files may grow no further than the database is, and a little.
                limit_files_to(room);
                bool failed = false;
                try {
                    c.run(e);
                } catch (const error& what) {
                    failed = what.code() == errc::storage || what.code() == errc::unavailable;
                    if (!failed)
                        std::cerr << what.what() << std::endl;
                }
                if (!failed)
                    return 2;
                if (stored(e) != documents || remembered(e) != memory)
                    return 3;
                limit_files_to(std::nullopt);
                if (stored(e) != documents || remembered(e) != memory)
                    return 4;
                c.run(e);
                return remembered(e) != memory ? 0 : 5;
            });
            ASSERT_EQ(status, 0) << "room " << room;
            engine e(at(dir.database()));
            EXPECT_EQ(extensions_of(e, acme).size(), c.name == std::string("import") ? std::size_t{used} : 0U);
        }
    }
}

TEST(number_durability, memory_is_the_same_after_opening_again) {
    for (const auto& c : changes()) {
        SCOPED_TRACE(c.name);
        const test::scratch_dir dir;
        fill(dir.database());
        std::string memory;
        {
            engine e(at(dir.database()));
            c.run(e);
            memory = remembered(e);
        }
        engine e(at(dir.database()));
        EXPECT_EQ(remembered(e), memory);
    }
}

// ---- races

namespace {

void race(unsigned threads, const std::function<void(unsigned)>& run) {
    std::atomic<unsigned> ready = 0;
    std::vector<std::thread> all;
    for (unsigned t = 0; t < threads; ++t)
        all.emplace_back([&, t] {
            ++ready;
            while (ready < threads)
                std::this_thread::yield();
            run(t);
        });
    for (auto& t : all)
        t.join();
}

bool wins(const std::function<void()>& run, errc loss) {
    try {
        run();
        return true;
    } catch (const error& e) {
        EXPECT_EQ(e.code(), loss) << e.what();
        return false;
    }
}

} // namespace

class number_races : public testing::TestWithParam<unsigned> {
protected:
    test::scratch_dir dir;
};
INSTANTIATE_TEST_SUITE_P(threads, number_races, testing::Values(2U, 8U));

TEST_P(number_races, one_gets_the_block_that_all_claim) {
    engine e(at(dir.database()));
    open_accounts(e);
    for (int round = 0; round < 10; ++round) {
        const auto first = std::to_string(1'000 + round * 100);
        const auto last = std::to_string(1'099 + round * 100);
        std::atomic<int> won = 0;
        race(GetParam(), [&](unsigned t) {
            won += wins(
                       [&] {
                           (void)e.async_claim_block({t % 2 == 0 ? acme : other, {first, last}, {}}, block);
                       },
                       errc::conflict)
                       ? 1
                       : 0;
        });
        EXPECT_EQ(won, 1);
    }
    EXPECT_EQ(blocks_of(e, acme).size() + blocks_of(e, other).size(), 10U);
}

TEST_P(number_races, next_blocks_have_neither_gaps_nor_overlaps) {
    constexpr unsigned each = 20;
    {
        engine e(at(dir.database()));
        open_accounts(e);
        numbering n;
        n.range_start = "10000";
        n.block_size = 10;
        (void)e.async_set_numbering(n, block);
        race(GetParam(), [&](unsigned t) {
            for (unsigned i = 0; i < each; ++i)
                (void)e.async_add_block({t % 2 == 0 ? acme : other, {}, {}}, block);
        });
    }
    engine e(at(dir.database()));
    std::set<std::string> firsts;
    for (const auto& id : {acme, other})
        for (const auto& b : blocks_of(e, id))
            firsts.insert(b.range.first);
    ASSERT_EQ(firsts.size(), each * GetParam());
    unsigned i = 0;
    for (const auto& first : firsts)
        EXPECT_EQ(first, std::to_string(10'000 + 10 * i++));
}

TEST_P(number_races, one_gets_the_last_extension) {
    engine e(at(dir.database()));
    open_accounts(e);
    for (int round = 0; round < 10; ++round) {
        (void)e.async_claim_block({acme, {std::to_string(1'000 + round), std::to_string(1'000 + round)}, {}}, block);
        std::atomic<int> won = 0;
        race(GetParam(), [&](unsigned) {
            won += wins([&] { (void)e.async_claim_extension({acme, {}, {}, {}}, block); }, errc::exhausted) ? 1 : 0;
        });
        EXPECT_EQ(won, 1);
    }
    EXPECT_EQ(extensions_of(e, acme).size(), 10U);
}

TEST_P(number_races, all_who_repeat_a_request_get_the_same_block) {
    engine e(at(dir.database()));
    open_accounts(e);
    std::vector<std::string> got(GetParam());
    race(GetParam(), [&](unsigned t) { got[t] = e.async_add_block({acme, {}, "r-1"}, block).id; });
    for (const auto& id : got)
        EXPECT_EQ(id, "1000-1999");
    EXPECT_EQ(blocks_of(e, acme).size(), 1U);
}

} // namespace lineside
