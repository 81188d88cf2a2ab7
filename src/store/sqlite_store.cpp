#include <lineside/error.hpp>

#include "store/sqlite_connection.hpp"
#include "store/sqlite_records.hpp"
#include "store/sqlite_schema.hpp"
#include "store/store.hpp"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lineside::store {

namespace {

constexpr std::string_view scheme = "sqlite:";
constexpr std::string_view in_memory = ":memory:";
constexpr std::size_t reader_cache_bytes = 4U << 20U;
constexpr std::size_t idle_readers = 4;
constexpr int checkpoint_pages = 16'384;

// Keeps every other engine out, in this process or another: SQLite's own locks would let a second writer in between
// two transactions.
class file_lock {
public:
    explicit file_lock(const std::string& database) {
        const std::string path = database + "-lock";
        fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd_ < 0)
            throw error(errc::unavailable, "cannot open '" + path + "': " + std::strerror(errno), "database");
        if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd_);
            throw error(errc::unavailable, "'" + database + "' is in use by another engine", "database");
        }
    }
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;
    ~file_lock() { ::close(fd_); }

private:
    int fd_;
};

// Links to one file must meet at one lock.
std::string real_path(const std::string& path) {
    if (path == in_memory)
        return path;
    std::error_code ec;
    auto real = std::filesystem::weakly_canonical(path, ec);
    return ec ? path : real.string();
}

account_row to_account(const query& q) {
    account_row row;
    row.key = static_cast<std::uint32_t>(q.integer(0));
    row.value.id = account_id(q.text(1));
    row.value.name = q.text(2);
    row.value.currency = q.text(3);
    row.value.time_zone = q.text(4);
    if (const auto limit = q.optional_integer(5))
        row.value.channel_limit = static_cast<std::uint32_t>(*limit);
    row.value.created_at = instant(duration(q.integer(6)));
    row.longest_days = static_cast<std::uint32_t>(q.integer(7));
    row.value.contact_name = q.text(8);
    row.value.debit_limit = money{q.integer(9), static_cast<std::int32_t>(q.integer(10)), row.value.currency};
    row.value.tax = q.text(11);
    row.value.paypal = q.text(12);
    row.value.language = q.text(13);
    row.value.status = static_cast<account_status>(q.integer(14));
    for (std::int64_t bits = q.integer(15), i = 0; bits != 0; bits >>= 1, ++i)
        if ((bits & 1) != 0)
            row.value.withheld.push_back(static_cast<permission>(i));
    return row;
}

std::int64_t bits_of(const std::vector<permission>& list) {
    std::int64_t bits = 0;
    for (const auto p : list)
        bits |= std::int64_t{1} << static_cast<unsigned>(p);
    return bits;
}

#define LINESIDE_ACCOUNT_COLUMNS                                                                         \
    "SELECT key, id, name, currency, time_zone, channel_limit, created_at, longest_days, contact_name, " \
    "debit_limit, debit_limit_nanos, tax, paypal, language, status, withheld FROM account "

// The reading half, shared by snapshots and the writer's transaction.
template <class Base>
class sqlite_view : public Base {
public:
    explicit sqlite_view(connection& db) : db_(db) {}

    std::optional<account_row> find_account(std::string_view id) override {
        auto q = db_.prepare(LINESIDE_ACCOUNT_COLUMNS "WHERE id = ?");
        q.bind_text(id);
        if (!q.step())
            return std::nullopt;
        return to_account(q);
    }

    account_row account_by_key(std::uint32_t key) override {
        auto q = db_.prepare(LINESIDE_ACCOUNT_COLUMNS "WHERE key = ?");
        q.bind(key);
        if (!q.step())
            throw error(errc::storage, "the database names an account it does not hold");
        return to_account(q);
    }

    std::vector<account_row> list_accounts(std::string_view after, std::uint32_t limit) override {
        auto q = db_.prepare(LINESIDE_ACCOUNT_COLUMNS "WHERE id > ? ORDER BY id LIMIT ?");
        q.bind_text(after).bind(limit);
        std::vector<account_row> rows;
        while (q.step())
            rows.push_back(to_account(q));
        return rows;
    }

    std::vector<std::string> list_sources() override {
        auto q = db_.prepare("SELECT key, name FROM source ORDER BY key");
        std::vector<std::string> names;
        while (q.step()) {
            names.resize(static_cast<std::size_t>(q.integer(0)) + 1);
            names.back() = q.text(1);
        }
        return names;
    }

    void segments(std::uint32_t account, day_number first, day_number last,
                  const snapshot::bytes_of_segment& visit) override {
        auto q = db_.prepare("SELECT day, part, run, calls, bytes FROM segment WHERE account = ? AND day BETWEEN ? "
                             "AND ? ORDER BY day, part");
        q.bind(account).bind(first).bind(last);
        while (q.step())
            visit(to_segment_key(q), q.bytes(4));
    }

    std::vector<segment_key> segment_keys(std::uint32_t account, day_number first, day_number last) override {
        auto q = db_.prepare("SELECT day, part, run, calls FROM segment WHERE account = ? AND day BETWEEN ? AND ? "
                             "ORDER BY day, part");
        q.bind(account).bind(first).bind(last);
        std::vector<segment_key> keys;
        while (q.step())
            keys.push_back(to_segment_key(q));
        return keys;
    }

    void day_rollups(std::uint32_t account, day_number first, day_number last,
                     const snapshot::bytes_of_day& visit) override {
        visit_days("SELECT day, bytes FROM day_rollup WHERE account = ? AND day BETWEEN ? AND ? ORDER BY day", account,
                   first, last, visit);
    }

    void month_rollups(std::uint32_t account, day_number first, day_number last,
                       const snapshot::bytes_of_day& visit) override {
        visit_days("SELECT day, bytes FROM month_rollup WHERE account = ? AND day BETWEEN ? AND ? ORDER BY day",
                   account, first, last, visit);
    }

    std::vector<day_number> stale_days(std::uint32_t account, day_number first, day_number last) override {
        auto q = db_.prepare("SELECT day FROM stale_day WHERE account = ? AND day BETWEEN ? AND ? ORDER BY day");
        q.bind(account).bind(first).bind(last);
        std::vector<day_number> days;
        while (q.step())
            days.push_back(static_cast<day_number>(q.integer(0)));
        return days;
    }

    std::vector<std::pair<std::uint32_t, day_number>> all_stale_days(std::size_t limit) override {
        auto q = db_.prepare("SELECT account, day FROM stale_day ORDER BY account, day LIMIT ?");
        q.bind(static_cast<std::int64_t>(limit));
        std::vector<std::pair<std::uint32_t, day_number>> days;
        while (q.step())
            days.emplace_back(static_cast<std::uint32_t>(q.integer(0)), static_cast<day_number>(q.integer(1)));
        return days;
    }

    std::vector<std::pair<std::int64_t, std::uint32_t>> revisions(std::uint32_t account, row_level level,
                                                                  std::int64_t from, std::int64_t to) override {
        auto q = db_.prepare("SELECT start, revision FROM revision WHERE account = ? AND level = ? AND start >= ? AND "
                             "start < ? ORDER BY start");
        q.bind(account).bind(static_cast<std::int64_t>(level)).bind(from).bind(to);
        std::vector<std::pair<std::int64_t, std::uint32_t>> rows;
        while (q.step())
            rows.emplace_back(q.integer(0), static_cast<std::uint32_t>(q.integer(1)));
        return rows;
    }

    std::optional<std::string> find_record(std::uint32_t account, std::string_view kind, std::string_view id) override {
        return sqlite::find_record(db_, account, kind, id);
    }
    void scan_records(std::uint32_t account, std::string_view kind, id_range ids, scan_order order,
                      const snapshot::record_visitor& visit) override {
        sqlite::scan_records(db_, account, kind, ids, order, visit);
    }
    void scan_all_records(std::string_view kind, const snapshot::record_visitor& visit) override {
        sqlite::scan_all_records(db_, kind, visit);
    }
    std::optional<name_owner> find_name(std::string_view space, std::string_view name) override {
        return sqlite::find_name(db_, space, name);
    }
    void scan_entries(std::uint32_t account, std::string_view stream, std::uint64_t first, std::uint64_t last,
                      scan_order order, const snapshot::entry_visitor& visit) override {
        sqlite::scan_entries(db_, account, stream, first, last, order, visit);
    }
    std::uint64_t last_entry(std::uint32_t account, std::string_view stream) override {
        return sqlite::last_entry(db_, account, stream);
    }

protected:
    connection& db_;

private:
    static segment_key to_segment_key(const query& q) {
        return {static_cast<day_number>(q.integer(0)), static_cast<std::uint32_t>(q.integer(1)), q.integer(2),
                static_cast<std::uint32_t>(q.integer(3))};
    }

    void visit_days(const char* sql, std::uint32_t account, day_number first, day_number last,
                    const snapshot::bytes_of_day& visit) {
        auto q = db_.prepare(sql);
        q.bind(account).bind(first).bind(last);
        while (q.step())
            visit(static_cast<day_number>(q.integer(0)), q.bytes(1));
    }
};

class sqlite_transaction final : public sqlite_view<transaction> {
public:
    sqlite_transaction(connection& db, std::unique_lock<std::mutex> turn, std::atomic<std::uint64_t>& changes)
        : sqlite_view(db),
          turn_(std::move(turn)),
          changes_(changes) {
        db_.execute("BEGIN IMMEDIATE");
    }
    sqlite_transaction(const sqlite_transaction&) = delete;
    sqlite_transaction& operator=(const sqlite_transaction&) = delete;
    ~sqlite_transaction() override {
        if (!committed_)
            sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }

    void commit() override {
        db_.execute("COMMIT");
        committed_ = true;
        if (changed_)
            ++changes_;
    }

    account_row add_account(const account& value) override {
        auto q = db_.prepare("INSERT INTO account (id, name, currency, time_zone, created_at) VALUES (?, ?, ?, ?, ?)");
        q.bind_text(value.id.value()).bind_text(value.name).bind_text(value.currency).bind_text(value.time_zone);
        q.bind(value.created_at.time_since_epoch().count()).run();
        account_row row{static_cast<std::uint32_t>(db_.last_rowid()), value, 0};
        if (!row.value.debit_limit)
            row.value.debit_limit = money{0, 0, value.currency};
        update_account(row);
        return row;
    }

    void update_account(const account_row& row) override {
        changed_ = true;
        auto q = db_.prepare("UPDATE account SET name = ?, currency = ?, time_zone = ?, channel_limit = ?, "
                             "longest_days = ?, contact_name = ?, debit_limit = ?, debit_limit_nanos = ?, tax = ?, "
                             "paypal = ?, language = ?, status = ?, withheld = ? WHERE key = ?");
        const auto& a = row.value;
        const auto limit = a.debit_limit.value_or(money());
        q.bind_text(a.name).bind_text(a.currency).bind_text(a.time_zone).bind_optional(a.channel_limit);
        q.bind(row.longest_days).bind_text(a.contact_name).bind(limit.units).bind(limit.nanos);
        q.bind_text(a.tax).bind_text(a.paypal).bind_text(a.language).bind(static_cast<std::int64_t>(a.status));
        q.bind(bits_of(a.withheld)).bind(row.key).run();
    }

    void put_record(std::uint32_t account, std::string_view kind, std::string_view id, std::string_view body) override {
        changed_ = true;
        sqlite::put_record(db_, account, kind, id, body);
    }
    bool erase_record(std::uint32_t account, std::string_view kind, std::string_view id) override {
        changed_ = true;
        return sqlite::erase_record(db_, account, kind, id);
    }
    bool claim_name(std::string_view space, std::string_view name, const name_owner& owner) override {
        changed_ = true;
        return sqlite::claim_name(db_, space, name, owner);
    }
    void release_name(std::string_view space, std::string_view name) override {
        changed_ = true;
        sqlite::release_name(db_, space, name);
    }
    std::uint64_t append_entry(std::uint32_t account, std::string_view stream, std::string_view body) override {
        return sqlite::append_entry(db_, account, stream, body);
    }
    void erase_entries(std::uint32_t account, std::string_view stream, std::uint64_t last) override {
        sqlite::erase_entries(db_, account, stream, last);
    }

    std::uint32_t add_source(std::string_view name) override {
        db_.prepare("INSERT INTO source (name) VALUES (?)").bind_text(name).run();
        return static_cast<std::uint32_t>(db_.last_rowid());
    }

    void put_segment(std::uint32_t account, const segment_key& key, std::string_view bytes) override {
        auto q = db_.prepare("INSERT INTO segment (account, day, part, run, calls, bytes) VALUES (?, ?, ?, ?, ?, ?) "
                             "ON CONFLICT DO UPDATE SET run = excluded.run, calls = excluded.calls, bytes = "
                             "excluded.bytes");
        q.bind(account).bind(key.day).bind(key.part).bind(key.run).bind(key.calls).bind_blob(bytes).run();
    }

    void erase_segment(std::uint32_t account, day_number day, std::uint32_t part) override {
        db_.prepare("DELETE FROM segment WHERE account = ? AND day = ? AND part = ?")
            .bind(account)
            .bind(day)
            .bind(part)
            .run();
    }

    void put_day_rollup(std::uint32_t account, day_number day, std::string_view bytes) override {
        db_.prepare("INSERT INTO day_rollup (account, day, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "bytes = excluded.bytes")
            .bind(account)
            .bind(day)
            .bind_blob(bytes)
            .run();
    }

    void put_month_rollup(std::uint32_t account, day_number first_day, std::string_view bytes) override {
        db_.prepare("INSERT INTO month_rollup (account, day, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "bytes = excluded.bytes")
            .bind(account)
            .bind(first_day)
            .bind_blob(bytes)
            .run();
    }

    void mark_stale(std::uint32_t account, day_number day) override {
        db_.prepare("INSERT OR IGNORE INTO stale_day (account, day) VALUES (?, ?)").bind(account).bind(day).run();
    }

    void unmark_stale(std::uint32_t account, day_number day) override {
        db_.prepare("DELETE FROM stale_day WHERE account = ? AND day = ?").bind(account).bind(day).run();
    }

    void raise_revision(std::uint32_t account, row_level level, std::int64_t start) override {
        db_.prepare("INSERT INTO revision (account, level, start, revision) VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE "
                    "SET revision = revision + 1")
            .bind(account)
            .bind(static_cast<std::int64_t>(level))
            .bind(start)
            .run();
    }

    void append_journal(std::string_view bytes) override {
        db_.prepare("INSERT INTO journal (bytes) VALUES (?)").bind_blob(bytes).run();
    }

    void each_journal(const std::function<void(std::string)>& visit) override {
        auto q = db_.prepare("SELECT bytes FROM journal ORDER BY entry");
        while (q.step())
            visit(q.text(0));
    }

    void clear_journal() override { db_.prepare("DELETE FROM journal").run(); }

    std::vector<identity_run> identity_runs() override {
        auto q = db_.prepare("SELECT run, level, entries FROM identity_run ORDER BY run");
        std::vector<identity_run> runs;
        while (q.step())
            runs.push_back(
                {q.integer(0), static_cast<std::uint32_t>(q.integer(1)), static_cast<std::uint64_t>(q.integer(2))});
        return runs;
    }

    std::int64_t add_identity_run(std::uint32_t level) override {
        db_.prepare("INSERT INTO identity_run (level, entries) VALUES (?, 0)").bind(level).run();
        return db_.last_rowid();
    }

    void put_identity_part(std::int64_t run, std::uint64_t first_print, std::uint32_t entries,
                           std::string_view bytes) override {
        db_.prepare("INSERT INTO identity_part (run, first_print, bytes) VALUES (?, ?, ?)")
            .bind(run)
            .bind(static_cast<std::int64_t>(first_print))
            .bind_blob(bytes)
            .run();
        db_.prepare("UPDATE identity_run SET entries = entries + ? WHERE run = ?").bind(entries).bind(run).run();
    }

    void erase_identity_run(std::int64_t run) override {
        db_.prepare("DELETE FROM identity_part WHERE run = ?").bind(run).run();
        db_.prepare("DELETE FROM identity_run WHERE run = ?").bind(run).run();
    }

    bool next_identity_part(std::int64_t run, std::optional<std::uint64_t> print,
                            const std::function<void(std::string_view)>& visit) override {
        auto q = db_.prepare("SELECT bytes FROM identity_part WHERE run = ? AND first_print > ? ORDER BY first_print "
                             "LIMIT 1");
        q.bind(run).bind(print ? static_cast<std::int64_t>(*print) : -1);
        if (!q.step())
            return false;
        visit(q.bytes(0));
        return true;
    }

    bool find_identity_part(std::int64_t run, std::uint64_t print,
                            const std::function<void(std::string_view)>& visit) override {
        auto q = db_.prepare("SELECT bytes FROM identity_part WHERE run = ? AND first_print <= ? ORDER BY first_print "
                             "DESC LIMIT 1");
        q.bind(run).bind(static_cast<std::int64_t>(print));
        if (!q.step())
            return false;
        visit(q.bytes(0));
        return true;
    }

    std::int64_t open_import(std::string_view source, std::string_view input, instant now) override {
        {
            auto q = db_.prepare("SELECT run FROM import_run WHERE source = ? AND input = ? AND finished_at IS NULL");
            q.bind_text(source).bind_text(input);
            if (q.step())
                return q.integer(0);
        }
        db_.prepare("INSERT INTO import_run (source, input, started_at) VALUES (?, ?, ?)")
            .bind_text(source)
            .bind_text(input)
            .bind(now.time_since_epoch().count())
            .run();
        return db_.last_rowid();
    }

    void finish_import(std::int64_t run, instant now, std::uint64_t calls) override {
        db_.prepare("UPDATE import_run SET finished_at = ?, calls = ? WHERE run = ?")
            .bind(now.time_since_epoch().count())
            .bind(static_cast<std::int64_t>(calls))
            .bind(run)
            .run();
    }

private:
    std::unique_lock<std::mutex> turn_;
    std::atomic<std::uint64_t>& changes_;
    bool changed_ = false; // accounts, documents or names
    bool committed_ = false;
};

#undef LINESIDE_ACCOUNT_COLUMNS

class sqlite_store final : public store {
public:
    sqlite_store(const std::string& path, store_options options) : path_(real_path(path)) {
        if (path_ != in_memory)
            lock_.emplace(path_);
        writer_.emplace(path_, connection::access::write, options.cache_bytes);
        migrate(*writer_, path_);
        sqlite3_wal_hook(
            writer_->handle(),
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<sqlite_store*>(self)->logged_pages_ = pages;
                return SQLITE_OK;
            },
            this);
    }

    ~sqlite_store() override {
        readers_.clear();
        // The last connection to close checkpoints; do it here, where the writer is known to be the only one.
        sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    }

    std::unique_ptr<snapshot> read() override {
        if (path_ == in_memory)
            return std::make_unique<exclusive_snapshot>(*writer_, std::unique_lock(writing_));
        return std::make_unique<pooled_snapshot>(*this, take_reader());
    }

    bool reads_at_once() override {
        return path_ != in_memory || std::unique_lock(writing_, std::try_to_lock).owns_lock();
    }

    std::unique_ptr<transaction> write() override {
        return std::make_unique<sqlite_transaction>(*writer_, std::unique_lock(writing_), changes_);
    }

    std::unique_ptr<transaction> try_write() override {
        std::unique_lock turn(writing_, std::try_to_lock);
        return turn ? std::make_unique<sqlite_transaction>(*writer_, std::move(turn), changes_) : nullptr;
    }

    [[nodiscard]] std::uint64_t changes() const noexcept override { return changes_; }

    void tidy() noexcept override {
        const std::lock_guard turn(writing_);
        if (logged_pages_ < checkpoint_pages)
            return;
        sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        logged_pages_ = 0;
    }

private:
    // A database in memory has one connection: reading takes the writer's turn.
    class exclusive_snapshot final : public sqlite_view<snapshot> {
    public:
        exclusive_snapshot(connection& db, std::unique_lock<std::mutex> turn)
            : sqlite_view(db),
              turn_(std::move(turn)) {}

    private:
        std::unique_lock<std::mutex> turn_;
    };

    class pooled_snapshot final : public sqlite_view<snapshot> {
    public:
        pooled_snapshot(sqlite_store& owner, std::unique_ptr<connection> reader)
            : sqlite_view(*reader),
              owner_(owner),
              reader_(std::move(reader)) {
            // BEGIN alone takes no snapshot; the first read does.
            db_.prepare("BEGIN").run();
            auto q = db_.prepare("SELECT 1 FROM sqlite_schema LIMIT 1");
            (void)q.step();
        }
        pooled_snapshot(const pooled_snapshot&) = delete;
        pooled_snapshot& operator=(const pooled_snapshot&) = delete;
        ~pooled_snapshot() override {
            sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
            owner_.give_back(std::move(reader_));
        }

    private:
        sqlite_store& owner_;
        std::unique_ptr<connection> reader_;
    };

    std::unique_ptr<connection> take_reader() {
        {
            const std::lock_guard guard(pool_);
            if (!readers_.empty()) {
                auto reader = std::move(readers_.back());
                readers_.pop_back();
                return reader;
            }
        }
        return std::make_unique<connection>(path_, connection::access::read, reader_cache_bytes);
    }

    void give_back(std::unique_ptr<connection> reader) {
        const std::lock_guard guard(pool_);
        if (readers_.size() < idle_readers)
            readers_.push_back(std::move(reader));
    }

    std::string path_;
    std::atomic<std::uint64_t> changes_ = 0;
    std::optional<file_lock> lock_;
    std::mutex writing_;   // guards the writer and what follows
    int logged_pages_ = 0; // in the write-ahead log since it was last moved into the database
    std::optional<connection> writer_;
    std::mutex pool_;
    std::vector<std::unique_ptr<connection>> readers_;
};

} // namespace

std::unique_ptr<store> open_store(const std::string& database, store_options options) {
    if (!database.starts_with(scheme) || database.size() == scheme.size())
        throw error(errc::invalid_argument, "'" + database + "' is not a database; expected sqlite:PATH", "database");
    return std::make_unique<sqlite_store>(database.substr(scheme.size()), options);
}

} // namespace lineside::store
