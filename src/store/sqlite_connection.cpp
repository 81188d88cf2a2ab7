#include "store/sqlite_connection.hpp"

#include <lineside/error.hpp>

namespace lineside::store {

namespace {

class sqlite_category_type final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "sqlite"; }
    [[nodiscard]] std::string message(int value) const override { return sqlite3_errstr(value); }
};

const boost::system::error_category& sqlite_category() {
    static const sqlite_category_type instance;
    return instance;
}

errc code_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN: return errc::unavailable;
    case SQLITE_FULL: return errc::exhausted;
    case SQLITE_INTERRUPT: return errc::cancelled;
    default: return errc::storage;
    }
}

} // namespace

void throw_sqlite(sqlite3* db, std::string_view doing) {
    const int code = db != nullptr ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
    diagnostics d;
    d.message = std::string(doing) + ": " + (db != nullptr ? sqlite3_errmsg(db) : "out of memory");
    d.cause = {code, sqlite_category()};
    throw error(make_error_code(code_of(code)), std::move(d));
}

query::~query() {
    if (statement_ != nullptr) {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

query& query::bind(std::int64_t v) {
    sqlite3_bind_int64(statement_, next_++, v);
    return *this;
}

query& query::bind_text(std::string_view v) {
    sqlite3_bind_text64(statement_, next_++, v.data() != nullptr ? v.data() : "", v.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

query& query::bind_blob(std::string_view v) {
    sqlite3_bind_blob64(statement_, next_++, v.data() != nullptr ? v.data() : "", v.size(), SQLITE_STATIC);
    return *this;
}

query& query::bind_null() {
    sqlite3_bind_null(statement_, next_++);
    return *this;
}

bool query::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        throw_sqlite(db_, "the database refused a statement");
    return false;
}

void query::run() {
    while (step()) {
    }
}

std::optional<std::int64_t> query::optional_integer(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL)
        return std::nullopt;
    return integer(column);
}

std::string_view query::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data != nullptr ? std::string_view(data, size) : std::string_view();
}

connection::connection(const std::string& path, access mode, std::size_t cache_bytes) {
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (mode == access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
    if (sqlite3_open_v2(path.c_str(), &db_, flags, nullptr) != SQLITE_OK) {
        // The handle must be closed even when opening failed, and the message dies with it.
        std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing(db_, &sqlite3_close);
        throw_sqlite(db_, "cannot open the database '" + path + "'");
    }
    try {
        sqlite3_extended_result_codes(db_, 1);
        sqlite3_busy_timeout(db_, 5'000);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        // One connection writes and checkpoints: SQLite before 3.51.3 can lose pages when two do.
        execute("PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;"
                "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                "PRAGMA cache_size = -" +
                std::to_string(cache_bytes / 1024));
        if (mode == access::read)
            execute("PRAGMA query_only = ON");
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

connection::~connection() {
    for (const auto& [sql, statement] : statements_)
        sqlite3_finalize(statement);
    sqlite3_close(db_);
}

query connection::prepare(const char* sql) {
    auto& statement = statements_[sql];
    if (statement == nullptr &&
        sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        throw_sqlite(db_, "the database does not understand a statement");
    return {db_, statement};
}

void connection::execute(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw_sqlite(db_, "the database refused a command");
}

} // namespace lineside::store
