#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace lineside::store {

/// Throws `lineside::error` (storage; unavailable when the database is busy or the disk is full) with SQLite's message.
[[noreturn]] void throw_sqlite(sqlite3* db, std::string_view doing);

/// A prepared statement in use: resets itself. Columns are borrowed until the next step.
class query {
public:
    query(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
    query(query&& other) noexcept
        : db_(other.db_),
          statement_(std::exchange(other.statement_, nullptr)),
          next_(other.next_) {}
    query(const query&) = delete;
    query& operator=(const query&) = delete;
    query& operator=(query&&) = delete;
    ~query();

    query& bind(std::int64_t v);
    query& bind_text(std::string_view v); ///< copied
    query& bind_blob(std::string_view v); ///< must outlive the step
    query& bind_null();
    query& bind_optional(std::optional<std::int64_t> v) { return v ? bind(*v) : bind_null(); }

    /// The next row; false at the end.
    bool step();
    /// For statements without rows.
    void run();

    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

private:
    sqlite3* db_;
    sqlite3_stmt* statement_;
    int next_ = 1;
};

/// One connection and its prepared statements. Used by one thread at a time.
class connection {
public:
    enum class access : std::uint8_t { write, read };

    connection(const std::string& path, access mode, std::size_t cache_bytes);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    /// `sql` is a literal: its address is the key of the prepared statement.
    [[nodiscard]] query prepare(const char* sql);
    void execute(const std::string& sql);
    [[nodiscard]] std::int64_t last_rowid() const { return sqlite3_last_insert_rowid(db_); }
    [[nodiscard]] sqlite3* handle() const noexcept { return db_; }

private:
    sqlite3* db_ = nullptr;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

} // namespace lineside::store
