#include <lineside/engine.hpp>
#include <lineside/error.hpp>

#include "store/store.hpp"
#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

namespace lineside::store {
namespace {

error_code code_of(const std::function<void()>& run) {
    try {
        run();
    } catch (const error& e) {
        EXPECT_NE(std::string(e.what()), "");
        return e.code();
    }
    return {};
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

account named(std::string id) {
    account a;
    a.id = account_id(id);
    a.name = std::move(id);
    return a;
}

std::vector<std::string> ids(store& db) {
    std::vector<std::string> ids;
    for (const auto& row : db.read()->list_accounts("", 1'000'000))
        ids.push_back(row.value.id.value());
    return ids;
}

void add(store& db, const std::string& id) {
    const auto tx = db.write();
    tx->add_account(named(id));
    tx->commit();
}

class database_file {
public:
    explicit database_file(const std::filesystem::path& path) { sqlite3_open(path.c_str(), &db_); }
    database_file(const database_file&) = delete;
    database_file& operator=(const database_file&) = delete;
    ~database_file() { sqlite3_close(db_); }

    void run(const std::string& sql) {
        ASSERT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    }
    std::string ask(const std::string& sql) {
        std::string answer;
        sqlite3_exec(
            db_, sql.c_str(),
            [](void* to, int, char** values, char**) {
                *static_cast<std::string*>(to) += values[0] != nullptr ? values[0] : "null";
                return 0;
            },
            &answer, nullptr);
        return answer;
    }

private:
    sqlite3* db_ = nullptr;
};

class sqlite_store_test : public testing::Test {
protected:
    test::scratch_dir dir;
    const std::filesystem::path file = dir.path() / "test.db";
    const std::string database = dir.database();
};

// ---- opening --------------------------------------------------------------------------------------------------------

TEST_F(sqlite_store_test, opening_creates_the_schema_once) {
    add(*open_store(database, {}), "acme");
    EXPECT_EQ(database_file(file).ask("PRAGMA user_version"), "2");
    EXPECT_NE(database_file(file).ask("PRAGMA application_id"), "0");
    EXPECT_EQ(database_file(file).ask("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(ids(*open_store(database, {})), std::vector<std::string>{"acme"});
}

TEST_F(sqlite_store_test, tables_are_strict_and_the_log_is_synced) {
    const auto db = open_store(database, {});
    EXPECT_EQ(database_file(file).ask("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict AND "
                                      "name NOT LIKE 'sqlite_%'"),
              "0");
    EXPECT_EQ(database_file(file).ask("PRAGMA journal_mode"), "wal");
}

TEST_F(sqlite_store_test, a_newer_schema_is_refused_untouched) {
    add(*open_store(database, {}), "acme");
    database_file(file).run("PRAGMA user_version = 999");
    const auto before = bytes_of(file);
    EXPECT_EQ(code_of([&] { (void)open_store(database, {}); }), errc::precondition_failed);
    EXPECT_EQ(bytes_of(file), before);
    EXPECT_EQ(code_of([&] { const engine e(engine_options{.database = database}); }), errc::precondition_failed);
}

TEST_F(sqlite_store_test, another_programs_database_is_refused_untouched) {
    database_file(file).run("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('borscht')");
    const auto before = bytes_of(file);
    EXPECT_EQ(code_of([&] { (void)open_store(database, {}); }), errc::precondition_failed);
    EXPECT_EQ(bytes_of(file), before);
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-wal"));
}

TEST_F(sqlite_store_test, a_database_marked_by_another_program_is_refused_untouched) {
    for (const auto* mark : {"PRAGMA application_id = 77", "PRAGMA user_version = 1"}) {
        std::filesystem::remove(file);
        database_file(file).run(mark);
        const auto before = bytes_of(file);
        EXPECT_EQ(code_of([&] { (void)open_store(database, {}); }), errc::precondition_failed) << mark;
        EXPECT_EQ(bytes_of(file), before);
    }
}

TEST_F(sqlite_store_test, a_file_that_is_no_database_is_refused_untouched) {
    const std::string text(5'000, 'x');
    std::ofstream(file) << text;
    EXPECT_EQ(code_of([&] { (void)open_store(database, {}); }), errc::storage);
    EXPECT_EQ(bytes_of(file), text);
}

TEST_F(sqlite_store_test, what_is_no_database_name_is_an_invalid_argument) {
    for (const auto* name : {"", "sqlite:", "postgres://localhost/x", "x.db", "SQLITE:x", "sqlite"})
        EXPECT_EQ(code_of([&] { (void)open_store(name, {}); }), errc::invalid_argument) << name;
}

TEST_F(sqlite_store_test, a_path_that_cannot_be_opened_is_unavailable) {
    EXPECT_EQ(code_of([&] { (void)open_store("sqlite:" + (dir.path() / "no/such/dir/x.db").string(), {}); }),
              errc::unavailable);
    std::filesystem::create_directory(dir.path() / "folder.db");
    EXPECT_EQ(code_of([&] { (void)open_store("sqlite:" + (dir.path() / "folder.db").string(), {}); }),
              errc::unavailable);
    if (::getuid() != 0) {
        std::filesystem::permissions(dir.path(),
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        EXPECT_EQ(code_of([&] { (void)open_store(database, {}); }), errc::unavailable);
        std::filesystem::permissions(dir.path(), std::filesystem::perms::owner_all);
    }
}

TEST_F(sqlite_store_test, a_path_may_hold_any_characters) {
    for (const auto* name :
         {"with space.db", "per%20cent.db", "question?mode=ro.db", "naïve.db", ":memory", "file:x.db"}) {
        add(*open_store("sqlite:" + (dir.path() / name).string(), {}), "acme");
        EXPECT_TRUE(std::filesystem::exists(dir.path() / name)) << name;
    }
}

TEST_F(sqlite_store_test, in_memory_works_and_is_ones_own) {
    const auto a = open_store("sqlite::memory:", {});
    const auto b = open_store("sqlite::memory:", {});
    add(*a, "acme");
    EXPECT_EQ(ids(*a), std::vector<std::string>{"acme"});
    EXPECT_TRUE(ids(*b).empty());
    a->tidy();
    { // undone
        const auto tx = a->write();
        tx->add_account(named("b"));
    }
    EXPECT_EQ(ids(*a).size(), 1U);
    EXPECT_FALSE(std::filesystem::exists(":memory:-lock"));
}

// ---- one owner ------------------------------------------------------------------------------------------------------

TEST_F(sqlite_store_test, a_second_engine_in_the_same_process_is_refused_until_the_first_is_gone) {
    auto first = open_store(database, {});
    EXPECT_EQ(code_of([&] { (void)open_store(database, {}); }), errc::unavailable);
    // By another name too.
    std::filesystem::create_directory(dir.path() / "sub");
    EXPECT_EQ(code_of([&] { (void)open_store("sqlite:" + (dir.path() / "sub/../test.db").string(), {}); }),
              errc::unavailable);
    add(*first, "acme");
    first.reset();
    EXPECT_EQ(ids(*open_store(database, {})).size(), 1U);
}

TEST_F(sqlite_store_test, a_link_is_the_file_it_points_to) {
    const auto first = open_store(database, {});
    std::filesystem::create_symlink(file, dir.path() / "link.db");
    EXPECT_EQ(code_of([&] { (void)open_store("sqlite:" + (dir.path() / "link.db").string(), {}); }), errc::unavailable);
}

TEST_F(sqlite_store_test, another_process_is_refused_and_the_owner_goes_on) {
    const auto first = open_store(database, {});
    add(*first, "acme");
    const auto result =
        test::in_child([&] { return code_of([&] { (void)open_store(database, {}); }) == errc::unavailable ? 0 : 1; });
    EXPECT_EQ(result, 0);
    add(*first, "beta");
    EXPECT_EQ(ids(*first).size(), 2U);
}

TEST_F(sqlite_store_test, in_a_forked_child_an_engine_refuses_and_lets_go_without_harm) {
    {
        engine e(engine_options{.database = database});
        (void)e.async_create_account(named("acme"), block);
        const auto result = test::in_child([&] {
            const auto refused =
                code_of([&] { (void)e.async_list_accounts({}, block); }) == errc::unavailable &&
                code_of([&] { (void)e.async_create_account(named("child"), block); }) == errc::unavailable;
            e.~engine();
            return refused ? 0 : 1;
        });
        EXPECT_EQ(result, 0);
        (void)e.async_create_account(named("beta"), block);
        EXPECT_EQ(e.async_list_accounts({}, block).items.size(), 2U);
    }
    EXPECT_EQ(ids(*open_store(database, {})).size(), 2U);
    EXPECT_EQ(database_file(file).ask("PRAGMA integrity_check"), "ok");
}

TEST_F(sqlite_store_test, a_child_may_open_what_its_parent_has_closed) {
    add(*open_store(database, {}), "acme");
    EXPECT_EQ(test::in_child([&] {
                  const auto db = open_store(database, {});
                  add(*db, "from the child");
                  return static_cast<int>(ids(*db).size());
              }),
              2);
    EXPECT_EQ(ids(*open_store(database, {})).size(), 2U);
}

// ---- transactions and snapshots --------------------------------------------------------------------------------------

TEST_F(sqlite_store_test, what_is_not_committed_never_was) {
    const auto db = open_store(database, {});
    add(*db, "acme");
    {
        const auto tx = db->write();
        tx->add_account(named("lost"));
        tx->add_source("lost");
        tx->put_segment(1, {20'000, 0, 0, 1}, "bytes");
        tx->append_journal("bytes");
        EXPECT_TRUE(tx->find_account("lost")) << "the writer sees its own";
        EXPECT_FALSE(db->read()->find_account("lost")) << "nobody else does";
    }
    EXPECT_FALSE(db->read()->find_account("lost"));
    EXPECT_TRUE(db->read()->segment_keys(1, 0, 30'000).empty());
    add(*db, "beta");
    EXPECT_EQ(ids(*db), (std::vector<std::string>{"acme", "beta"}));
}

TEST_F(sqlite_store_test, a_snapshot_stays_as_it_was_while_others_commit) {
    const auto db = open_store(database, {});
    add(*db, "a0");
    const auto before = db->read();
    for (int i = 1; i <= 20; ++i) {
        add(*db, "a" + std::to_string(i));
        EXPECT_EQ(before->list_accounts("", 100).size(), 1U);
        if (i % 5 == 0)
            db->tidy();
    }
    EXPECT_EQ(ids(*db).size(), 21U);
    EXPECT_EQ(before->list_accounts("", 100).size(), 1U);
}

TEST_F(sqlite_store_test, a_reader_is_not_held_up_by_an_open_transaction_nor_a_writer_by_a_snapshot) {
    const auto db = open_store(database, {});
    add(*db, "acme");
    const auto tx = db->write(); // stays open
    tx->add_account(named("beta"));
    std::vector<std::unique_ptr<snapshot>> snapshots;
    for (int i = 0; i < 12; ++i) {
        snapshots.push_back(db->read());
        EXPECT_EQ(snapshots.back()->list_accounts("", 10).size(), 1U);
    }
    tx->commit(); // while all of them are open
    for (const auto& s : snapshots)
        EXPECT_EQ(s->list_accounts("", 10).size(), 1U);
    EXPECT_EQ(ids(*db).size(), 2U);
}

TEST_F(sqlite_store_test, only_in_memory_does_a_transaction_keep_readers_waiting) {
    const auto stored = open_store(database, {});
    const auto memory = open_store("sqlite::memory:", {});
    EXPECT_TRUE(memory->reads_at_once());
    const auto one = stored->write();
    auto other = memory->write();
    EXPECT_TRUE(stored->reads_at_once());
    std::thread([&] { EXPECT_FALSE(memory->reads_at_once()); }).join();
    other.reset();
    EXPECT_TRUE(memory->reads_at_once());
}

TEST_F(sqlite_store_test, readers_see_whole_transactions_while_a_writer_commits) {
    const auto db = open_store(database, {});
    std::atomic<bool> writing = true;
    std::thread writer([&] {
        for (int i = 0; i < 60; ++i) {
            {
                const auto tx = db->write();
                // The same number of segments and of stale days, and one day rollup that says how many.
                tx->put_segment(1, {i, 0, 0, 1}, std::string(3'000, 's'));
                tx->mark_stale(1, i);
                tx->put_day_rollup(1, 0, std::to_string(i + 1));
                tx->commit();
            }
            if (i % 7 == 0)
                db->tidy();
        }
        writing = false;
    });
    std::vector<std::thread> readers;
    for (int r = 0; r < 3; ++r)
        readers.emplace_back([&] {
            std::size_t last = 0;
            while (writing) {
                const auto s = db->read();
                std::size_t said = 0;
                s->day_rollups(1, 0, 0,
                               [&](day_number, std::string_view bytes) { said = std::stoul(std::string(bytes)); });
                ASSERT_EQ(s->segment_keys(1, 0, 100).size(), said);
                ASSERT_EQ(s->stale_days(1, 0, 100).size(), said);
                ASSERT_GE(said, last);
                last = said;
            }
        });
    writer.join();
    for (auto& r : readers)
        r.join();
    EXPECT_EQ(db->read()->segment_keys(1, 0, 100).size(), 60U);
}

// ---- what is kept ---------------------------------------------------------------------------------------------------

TEST_F(sqlite_store_test, accounts_come_back_as_they_were_given) {
    const auto db = open_store(database, {});
    account_row row;
    {
        const auto tx = db->write();
        auto a = named("acme");
        a.name = std::string("nul\0inside", 10);
        a.currency = "EUR";
        a.channel_limit = 4'294'967'295U;
        a.created_at = instant(duration(-5));
        row = tx->add_account(a);
        row.longest_days = 3;
        tx->update_account(row);
        tx->commit();
    }
    const auto back = db->read()->find_account("acme");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->value, row.value);
    EXPECT_EQ(back->longest_days, 3U);
    EXPECT_EQ(db->read()->account_by_key(row.key).value, row.value);
    EXPECT_EQ(code_of([&] { (void)db->read()->account_by_key(4'711); }), errc::storage);
}

TEST_F(sqlite_store_test, segments_come_in_order_and_only_those_of_the_account_and_days) {
    const auto db = open_store(database, {});
    {
        const auto tx = db->write();
        for (const std::uint32_t account : {2U, 1U, 3U})
            for (const day_number day : {7, -3, 5})
                for (const std::uint32_t part : {1U, 0U})
                    tx->put_segment(account, {day, part, 9, account},
                                    std::to_string(account) + "/" + std::to_string(day) + "/" + std::to_string(part));
        tx->erase_segment(1, 5, 0);
        tx->put_segment(1, {7, 1, 9, 1}, "replaced");
        tx->commit();
    }
    std::vector<std::string> seen;
    db->read()->segments(1, -3, 7, [&](const segment_key& k, std::string_view bytes) {
        EXPECT_EQ(k.run, 9);
        EXPECT_EQ(k.calls, 1U);
        seen.emplace_back(bytes);
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"1/-3/0", "1/-3/1", "1/5/1", "1/7/0", "replaced"}));
    EXPECT_EQ(db->read()->segment_keys(2, 5, 6).size(), 2U);
    EXPECT_TRUE(db->read()->segment_keys(4, -100, 100).empty());
}

TEST_F(sqlite_store_test, revisions_count_up_and_are_read_by_level_and_range) {
    const auto db = open_store(database, {});
    {
        const auto tx = db->write();
        for (int i = 0; i < 3; ++i)
            tx->raise_revision(1, row_level::hour, 3'600'000);
        tx->raise_revision(1, row_level::hour, 7'200'000);
        tx->raise_revision(1, row_level::day, 3'600'000);
        tx->raise_revision(2, row_level::hour, 3'600'000);
        tx->commit();
    }
    using list = std::vector<std::pair<std::int64_t, std::uint32_t>>;
    EXPECT_EQ(db->read()->revisions(1, row_level::hour, 0, 7'200'001), (list{{3'600'000, 3}, {7'200'000, 1}}));
    EXPECT_EQ(db->read()->revisions(1, row_level::hour, 0, 7'200'000), (list{{3'600'000, 3}}));
    EXPECT_EQ(db->read()->revisions(1, row_level::month, 0, 7'200'000), list{});
}

TEST_F(sqlite_store_test, an_unfinished_import_is_found_again_and_a_finished_one_is_not) {
    const auto db = open_store(database, {});
    const auto tx = db->write();
    const auto first = tx->open_import("asterisk", "Master.csv", instant{});
    EXPECT_GT(first, 0);
    EXPECT_EQ(tx->open_import("asterisk", "Master.csv", instant{}), first);
    EXPECT_NE(tx->open_import("asterisk", "other.csv", instant{}), first);
    EXPECT_NE(tx->open_import("yeti", "Master.csv", instant{}), first);
    tx->finish_import(first, instant{}, 7);
    EXPECT_NE(tx->open_import("asterisk", "Master.csv", instant{}), first);
}

TEST_F(sqlite_store_test, the_log_is_moved_into_the_file_when_the_store_closes) {
    auto db = open_store(database, {});
    for (int i = 0; i < 50; ++i)
        add(*db, "a" + std::to_string(i));
    db.reset();
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-wal"));
    EXPECT_EQ(database_file(file).ask("SELECT count(*) FROM account"), "50");
}

// ---- a full disk ----------------------------------------------------------------------------------------------------

std::vector<call> some_calls(const std::string& prefix, std::size_t n) {
    std::vector<call> calls(n);
    for (std::size_t i = 0; i < n; ++i) {
        auto& c = calls[i];
        c.source = "s";
        c.call_id = prefix + std::to_string(i * 2'654'435'761U) + std::string(40, static_cast<char>('a' + i % 26));
        c.hangup_cause = std::to_string(i * 40'503U % 65'536) + prefix;
        c.account_id = account_id("acme");
        c.start_time = instant(duration(1'772'323'200'000 + static_cast<std::int64_t>(i) * 977));
        c.end_time = c.start_time + duration(5'000);
        c.outcome = call_outcome::busy;
    }
    return calls;
}

std::size_t count_calls(engine& e) {
    return e
        .async_explain({account_id("acme"), metric::attempts, {instant{}, instant(duration(4'000'000'000'000))}, 0},
                       block)
        .call_count;
}

// Imports until there is no more room, then makes room and goes on.
void fill_up(const std::string& database, const std::function<void()>& make_room) {
    std::size_t stored = 0;
    std::vector<call> refused;
    {
        engine e(engine_options{.database = database});
        for (int batch = 0; refused.empty() && batch < 200; ++batch) {
            const auto calls = some_calls("b" + std::to_string(batch) + "-", 3'000);
            try {
                stored += e.async_import_calls({calls, {}}, block).imported;
            } catch (const error& failure) {
                EXPECT_TRUE(failure.code() == errc::exhausted || failure.code() == errc::storage) << failure.what();
                EXPECT_TRUE(failure.details().cause) << "the database's own code is kept";
                refused = calls;
            }
        }
        ASSERT_FALSE(refused.empty()) << "there was room for everything";
        EXPECT_EQ(count_calls(e), stored) << "what was acknowledged can still be read";
        // Again and again: it stays an error, and stays the same.
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(code_of([&] { (void)e.async_import_calls({refused, {}}, block); }));
        EXPECT_EQ(count_calls(e), stored);
        make_room();
        EXPECT_EQ(e.async_import_calls({refused, {}}, block).imported, refused.size());
        EXPECT_EQ(count_calls(e), stored + refused.size());
    }
    engine again(engine_options{.database = database});
    EXPECT_EQ(count_calls(again), stored + refused.size());
    EXPECT_EQ(again.async_import_calls({refused, {}}, block).duplicates, refused.size());
}

class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;
    ~file_size_limit() {
        lift();
        std::signal(SIGXFSZ, handler_);
    }
    void lift() const { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

TEST_F(sqlite_store_test, a_file_that_may_not_grow_is_an_error_and_the_database_stays_whole) {
    {
        const file_size_limit limit(3U << 20U);
        fill_up(database, [&] { limit.lift(); });
    }
    EXPECT_EQ(database_file(file).ask("PRAGMA integrity_check"), "ok");
}

TEST_F(sqlite_store_test, a_full_disk_is_an_error_and_the_database_stays_whole) {
    const auto disk = dir.path() / "disk";
    std::filesystem::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=4m") != 0)
        GTEST_SKIP() << "needs to mount a small disk";
    struct unmounting {
        std::string path;
        ~unmounting() { ::umount2(path.c_str(), MNT_DETACH); }
    } const after{disk.string()};
    fill_up("sqlite:" + (disk / "full.db").string(),
            [&] { ASSERT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0); });
    EXPECT_EQ(database_file(disk / "full.db").ask("PRAGMA integrity_check"), "ok");
}

TEST_F(sqlite_store_test, a_damaged_database_is_an_error_of_the_storage) {
    {
        engine e(engine_options{.database = database});
        (void)e.async_import_calls({some_calls("x", 5'000), {}}, block);
        auto late = some_calls("y", 1);
        (void)e.async_import_calls({late, {}}, block);
    }
    // The bytes of a segment are damaged, not the pages of the database.
    database_file(file).run("UPDATE segment SET bytes = substr(bytes, 1, length(bytes) / 2)");
    engine e(engine_options{.database = database});
    EXPECT_EQ(code_of([&] { (void)e.async_query_calls({.account = account_id("acme")}, block); }), errc::storage);
    EXPECT_EQ(e.async_list_accounts({}, block).items.size(), 1U);
}

} // namespace
} // namespace lineside::store
