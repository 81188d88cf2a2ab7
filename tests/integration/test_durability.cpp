// What was acknowledged survives a kill of the process, and what was not is imported by importing again.

#include <lineside/engine.hpp>

#include "helpers/import_helper.hpp"
#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {
namespace {

using test::child_process;

constexpr auto calls_in_file = 200'000;
const time_range all_days{parse_instant("2026-03-01").value(), parse_instant("2026-04-12").value()};
const instant as_of = parse_instant("2026-04-10T12:00:00Z").value();

// Everything a customer is billed by: each account's hours, days and months, with their states and revisions.
std::map<std::string, std::vector<summary>> totals_of(const std::string& database) {
    engine e(engine_options{.database = database});
    std::map<std::string, std::vector<summary>> totals;
    for (const auto& a : e.async_list_accounts({{}, 1'000}, block).items)
        for (const auto period : {summary_period::live, summary_period::daily, summary_period::monthly})
            totals[a.id.value()].push_back(e.async_query_summary({a.id, period, as_of, all_days}, block));
    return totals;
}

std::uint64_t attempts_in(const std::map<std::string, std::vector<summary>>& totals) {
    std::uint64_t n = 0;
    for (const auto& [account, summaries] : totals)
        for (const auto& row : summaries.at(1).rows)
            n += row.attempts;
    return n;
}

void expect_intact(const std::filesystem::path& file) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    std::string answer;
    sqlite3_exec(
        db, "PRAGMA integrity_check",
        [](void* to, int, char** values, char**) {
            *static_cast<std::string*>(to) += values[0];
            return 0;
        },
        &answer, nullptr);
    sqlite3_close(db);
    EXPECT_EQ(answer, "ok");
}

class durability : public testing::Test {
protected:
    // Made once by the program itself, and imported once without disturbance.
    struct undisturbed {
        test::scratch_dir dir;
        std::string file = (dir.path() / "calls.csv").string();
        std::string text;
        std::map<std::string, std::vector<summary>> totals;

        undisturbed() {
            child_process generate({LINESIDE_CLI_PATH, "generate", "--calls", std::to_string(calls_in_file),
                                    "--accounts", "20", "--days", "40", "--seed", "7"});
            text = generate.read_rest();
            EXPECT_EQ(generate.wait(), 0);
            std::ofstream(file, std::ios::binary) << text;
            engine e(engine_options{.database = dir.database()});
            import_request request;
            request.input = open_file(file).value();
            request.name = "calls.csv";
            EXPECT_EQ(e.async_import_records(std::move(request), block).imported, std::uint64_t{calls_in_file});
        }
    };
    static undisturbed& whole() {
        static undisturbed made;
        if (made.totals.empty())
            made.totals = totals_of(made.dir.database());
        return made;
    }

    test::scratch_dir dir;
    const std::filesystem::path file = dir.path() / "test.db";
};

// A database for each size of batches, and nine kills each: anywhere in the file, and every fourth one near its end, where
// the last batch is committed and the days are rolled up.
class durability_of_records : public durability {
protected:
    void kill_again_and_again(std::uint64_t seed, const std::vector<int>& batches) {
        const auto& wanted = whole();
        ASSERT_EQ(attempts_in(wanted.totals), std::uint64_t{calls_in_file});
        std::mt19937_64 random(seed);
        // Of the file, and the mark at its end.
        child_process counting({LINESIDE_IMPORT_HELPER, "records", "sqlite::memory:", wanted.file, "131072"});
        const std::size_t pieces = counting.read_rest().size();
        ASSERT_GT(pieces, 10U);
        for (const int calls : batches) {
            SCOPED_TRACE(testing::Message() << calls << " calls a batch");
            const auto path = dir.path() / (std::to_string(calls) + ".db");
            const std::vector<std::string> command{LINESIDE_IMPORT_HELPER, "records", "sqlite:" + path.string(),
                                                   wanted.file, std::to_string(calls)};
            for (int kill = 0; kill < 9; ++kill) {
                child_process importer(command);
                const auto until = random() % 4 == 0 ? pieces - random() % 3 : random() % pieces;
                for (std::size_t read = 0; read < until && importer.read_byte() >= 0; ++read) {
                }
                importer.kill();
                (void)importer.wait();
            }
            child_process last(command);
            EXPECT_EQ(last.read_rest().size(), pieces);
            ASSERT_EQ(last.wait(), 0);
            EXPECT_EQ(totals_of("sqlite:" + path.string()), wanted.totals);
            expect_intact(path);
        }
    }
};

TEST_F(durability_of_records, of_small_batches_ends_with_the_same_totals) {
    kill_again_and_again(1, {1'000, 2'000, 3'000, 5'000, 8'000});
}

TEST_F(durability_of_records, of_large_batches_ends_with_the_same_totals) {
    kill_again_and_again(2, {12'000, 20'000, 30'000, 60'000, 131'072});
}

// The program itself, fed through a pipe that breaks off with it.
TEST_F(durability, a_program_killed_at_its_input_goes_on_where_it_was) {
    const auto& wanted = whole();
    const std::vector<std::string> command{LINESIDE_CLI_PATH, "--db", file.string(), "import", "-"};
    std::mt19937_64 random(2);
    for (int kill = 0; kill < 10; ++kill) {
        child_process importer(command);
        (void)importer.write(std::string_view(wanted.text).substr(0, random() % wanted.text.size()));
        importer.kill();
        (void)importer.wait();
    }
    child_process last(command);
    EXPECT_TRUE(last.write(wanted.text));
    last.close_input();
    (void)last.read_rest();
    ASSERT_EQ(last.wait(), 0);
    EXPECT_EQ(totals_of("sqlite:" + file.string()), wanted.totals);
    expect_intact(file);
}

TEST_F(durability, every_acknowledged_batch_is_there_after_a_kill_and_none_is_there_in_part) {
    constexpr std::size_t calls = 50;
    const auto database = "sqlite:" + file.string();
    std::mt19937_64 random(3);
    std::size_t stored = 0; // batches
    for (int kill = 0; kill < 40; ++kill) {
        child_process importer(
            {LINESIDE_IMPORT_HELPER, "values", database, std::to_string(stored), "1000000", std::to_string(calls)});
        std::size_t acknowledged = stored;
        for (auto until = random() % 20; until > 0 && importer.read_byte() == 'a'; --until)
            ++acknowledged;
        importer.kill();
        acknowledged += importer.read_rest().size(); // said before it died
        EXPECT_EQ(importer.wait(), -SIGKILL);

        engine e(engine_options{.database = database, .clock = [] { return test::helper_now; }});
        std::map<std::string, call> found;
        for (const auto& account : e.async_list_accounts({}, block).items) {
            call_query q{.account = account.id, .limit = 5'000};
            do {
                const auto page = e.async_query_calls(q, block);
                for (const auto& c : page.items)
                    EXPECT_TRUE(found.emplace(c.call_id, c).second) << c.call_id << " is there twice";
                q.cursor = page.next;
            } while (!q.cursor.empty());
        }
        ASSERT_EQ(found.size() % calls, 0U) << "a batch is there in part";
        stored = found.size() / calls;
        ASSERT_GE(stored, acknowledged);
        ASSERT_LE(stored, acknowledged + 1) << "one may be stored and its acknowledgement lost";
        std::map<std::string, call> wanted;
        for (std::size_t batch = 0; batch < stored; ++batch)
            for (const auto& c : test::helper_batch(batch, calls))
                wanted.insert_or_assign(c.call_id, c);
        ASSERT_TRUE(found == wanted);
    }
    ASSERT_GT(stored, 100U);
    expect_intact(file);
}

} // namespace
} // namespace lineside
