// Job D, durable number blocks: bench_job_d PROGRAM FOLDER BLOCKS
//   engine   claim_block on a file, one block a commit; then who owns a number, and the next available block
//   store    the floor: one document a commit, in the same database with the same durability
//   sqlite   a table with an index and a trigger that refuses overlaps, WAL, synchronous = FULL
// Blocks of 20 to 80 numbers in 7 digits, one in every hundred, in random order.

#include "store/store.hpp"
#include "support.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>

namespace {

using namespace lineside;

constexpr std::uint64_t slot = 100;
constexpr std::size_t questions = 200'000;
constexpr std::size_t most_searches = 1'000;

struct range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

std::vector<range> shuffled_blocks(std::size_t count) {
    std::mt19937_64 random(7);
    std::vector<range> all;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t first = 1'000'000 + i * slot + random() % 20;
        all.push_back({first, first + 19 + random() % 60});
    }
    std::shuffle(all.begin(), all.end(), random);
    return all;
}

std::vector<std::uint64_t> shuffled_numbers(std::size_t blocks) {
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> all(questions);
    for (auto& n : all)
        n = 1'000'000 + random() % (blocks * slot);
    return all;
}

template <class Operation>
double rate(std::size_t count, Operation operation) {
    const bench::stopwatch watch;
    for (std::size_t i = 0; i < count; ++i)
        operation(i);
    return static_cast<double>(count) / watch.seconds();
}

const account_id customer{"customer"};

void run_engine(const std::string& path, std::size_t count) {
    engine e(engine_options{.database = "sqlite:" + path});
    account a;
    a.id = customer;
    (void)e.async_create_account(a, block);
    numbering n;
    n.range_start = "1000000";
    n.block_size = slot;
    n.rest_days = 0;
    (void)e.async_set_numbering(n, block);
    const auto all = shuffled_blocks(count);
    const auto numbers = shuffled_numbers(count);
    const double claims = rate(count, [&](std::size_t i) {
        (void)e.async_claim_block({customer, {std::to_string(all[i].first), std::to_string(all[i].last)}, {}}, block);
    });
    std::size_t held = 0;
    const double owners = rate(questions, [&](std::size_t i) {
        held += e.async_get_number_owner({{}, std::to_string(numbers[i])}, block).block ? 1 : 0;
    });
    const double next = rate(std::min(count, most_searches), [&](std::size_t) {
        const auto b = e.async_add_block({customer, {}, {}}, block);
        (void)e.async_release_block({customer, b.id, release_extensions::refuse}, block);
    });
    bench::report({{"claim", claims}, {"owner", owners}, {"next", next}, {"held", static_cast<double>(held)}});
}

void run_store(const std::string& path, std::size_t count) {
    const auto db = store::open_store("sqlite:" + path, {});
    const auto all = shuffled_blocks(count);
    const double commits = rate(count, [&](std::size_t i) {
        const auto tx = db->write();
        tx->put_record(1, "block", std::to_string(all[i].first), R"({"created_at":"2026-03-10T12:00:00.000Z"})");
        tx->commit();
    });
    bench::report({{"claim", commits}});
}

// ---- SQLite

void check(int code, sqlite3* db) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        throw std::runtime_error(sqlite3_errmsg(db));
}

class statement {
public:
    statement(sqlite3* db, const char* sql) : db_(db) { check(sqlite3_prepare_v2(db, sql, -1, &handle_, nullptr), db); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement() { sqlite3_finalize(handle_); }

    /// The first column of the first row; 0 where there is none.
    std::int64_t run(std::initializer_list<std::uint64_t> values) {
        int at = 0;
        for (const auto v : values)
            sqlite3_bind_int64(handle_, ++at, static_cast<std::int64_t>(v));
        const int code = sqlite3_step(handle_);
        check(code, db_);
        const std::int64_t answer = code == SQLITE_ROW ? sqlite3_column_int64(handle_, 0) : 0;
        sqlite3_reset(handle_);
        return answer;
    }

private:
    sqlite3* db_;
    sqlite3_stmt* handle_ = nullptr;
};

void run_sqlite(const std::string& path, std::size_t count) {
    sqlite3* db = nullptr;
    check(sqlite3_open(path.c_str(), &db), db);
    const auto execute = [&](const char* sql) { check(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), db); };
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, owner INTEGER NOT NULL);"
            "CREATE TRIGGER no_overlap BEFORE INSERT ON block WHEN "
            "  (SELECT last FROM block WHERE first <= NEW.last ORDER BY first DESC LIMIT 1) >= NEW.first "
            "BEGIN SELECT RAISE(ABORT, 'overlap'); END;");
    const auto all = shuffled_blocks(count);
    const auto numbers = shuffled_numbers(count);
    double claims = 0;
    double owners = 0;
    double next = 0;
    std::size_t held = 0;
    {
        statement insert(db, "INSERT INTO block VALUES (?, ?, 1)");
        claims = rate(count, [&](std::size_t i) { (void)insert.run({all[i].first, all[i].last}); });
        statement owner(db, "SELECT CASE WHEN last >= ?1 THEN owner END FROM block WHERE first <= ?1 "
                            "ORDER BY first DESC LIMIT 1");
        owners = rate(questions, [&](std::size_t i) { held += owner.run({numbers[i]}) != 0 ? 1 : 0; });
        // The lowest slot of the grid that nothing touches: a walk over the blocks.
        statement search(db, "WITH RECURSIVE slot(n) AS (SELECT 1000000 UNION ALL SELECT n + 100 FROM slot WHERE "
                             "(SELECT last FROM block WHERE first < n + 100 ORDER BY first DESC LIMIT 1) >= n) "
                             "SELECT max(n) FROM slot");
        statement erase(db, "DELETE FROM block WHERE first = ?");
        next = rate(20, [&](std::size_t) {
            const auto first = static_cast<std::uint64_t>(search.run({}));
            (void)insert.run({first, first + slot - 1});
            (void)erase.run({first});
        });
    }
    sqlite3_close(db);
    bench::report({{"claim", claims}, {"owner", owners}, {"next", next}, {"held", static_cast<double>(held)}});
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: bench_job_d engine|store|sqlite FOLDER BLOCKS\n", stderr);
        return 2;
    }
    const std::string_view what = argv[1];
    const std::filesystem::path folder = argv[2];
    const std::size_t count = std::strtoull(argv[3], nullptr, 10);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const auto path = (folder / "job_d.db").string();
    try {
        if (what == "engine")
            run_engine(path, count);
        else if (what == "store")
            run_store(path, count);
        else
            run_sqlite(path, count);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    std::filesystem::remove_all(folder);
}
