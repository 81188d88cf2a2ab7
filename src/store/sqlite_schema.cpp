#include "store/sqlite_schema.hpp"

#include <lineside/error.hpp>

#include <iterator>

namespace lineside::store {

namespace {

constexpr std::int64_t application_id = 0x4c696e65; // "Line"

// Numbered from 1 by position; never changed once released, only followed. The account comes first in every key.
constexpr const char* migrations[] = {
    R"(
CREATE TABLE account (
    key           INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    currency      TEXT    NOT NULL,
    time_zone     TEXT    NOT NULL,
    channel_limit INTEGER,
    created_at    INTEGER NOT NULL,
    longest_days  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE source (
    key  INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE import_run (
    run         INTEGER PRIMARY KEY,
    source      TEXT    NOT NULL,
    input       TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    calls       INTEGER
) STRICT;

-- Calls of an account by the UTC day they started on; bytes: segment.hpp.
CREATE TABLE segment (
    account INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    part    INTEGER NOT NULL,
    run     INTEGER NOT NULL,
    calls   INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    PRIMARY KEY (account, day, part)
) STRICT;

-- 96 quarter hours of a UTC day; bytes: rollup_blob.hpp. With rowids: pages of them hold blobs of this size tighter.
CREATE TABLE day_rollup (
    account INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    PRIMARY KEY (account, day)
) STRICT;

-- The days of a UTC month, by the month's first day.
CREATE TABLE month_rollup (
    account INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    PRIMARY KEY (account, day)
) STRICT, WITHOUT ROWID;

-- Days whose rollups lag behind their calls.
CREATE TABLE stale_day (
    account INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    PRIMARY KEY (account, day)
) STRICT, WITHOUT ROWID;

-- How often a Summary row was restated; level: 0 hour, 1 day, 2 month.
CREATE TABLE revision (
    account  INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    start    INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (account, level, start)
) STRICT, WITHOUT ROWID;

-- Small batches on their way into segments.
CREATE TABLE journal (
    entry INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Which call is kept where, in sorted runs; the operator's, because an identity has no account. bytes: identity.hpp.
CREATE TABLE identity_run (
    run     INTEGER PRIMARY KEY,
    level   INTEGER NOT NULL,
    entries INTEGER NOT NULL
) STRICT;
CREATE TABLE identity_part (
    run         INTEGER NOT NULL,
    first_print INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    PRIMARY KEY (run, first_print)
) STRICT, WITHOUT ROWID;
)",
    R"(
-- The rest of the company's profile. debit_limit: whole units and billionths; withheld: a bit a permission.
ALTER TABLE account ADD COLUMN contact_name      TEXT    NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN debit_limit       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN debit_limit_nanos INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN tax               TEXT    NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN paypal            TEXT    NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN language          TEXT    NOT NULL DEFAULT 'en';
ALTER TABLE account ADD COLUMN status            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN withheld          INTEGER NOT NULL DEFAULT 0;

-- Documents of an account (0: the operator's): contacts, sessions, payments ...; body: JSON.
CREATE TABLE record (
    account INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (account, kind, id)
) STRICT, WITHOUT ROWID;

-- What is unique across accounts, and whose it is: logins, digests of tokens, extensions.
CREATE TABLE name (
    space   TEXT    NOT NULL,
    name    BLOB    NOT NULL,
    account INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    PRIMARY KEY (space, name)
) STRICT, WITHOUT ROWID;

-- Entries of an account that are only ever appended: the access log, the history of alerts ...
CREATE TABLE entry (
    account INTEGER NOT NULL,
    stream  TEXT    NOT NULL,
    number  INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (account, stream, number)
) STRICT, WITHOUT ROWID;
)",
};

std::int64_t pragma(connection& db, const char* sql) {
    auto q = db.prepare(sql);
    return q.step() ? q.integer(0) : 0;
}

} // namespace

void migrate(connection& db, const std::string& path) {
    const std::int64_t version = pragma(db, "PRAGMA user_version");
    const std::int64_t owner = pragma(db, "PRAGMA application_id");
    const std::int64_t tables = pragma(db, "SELECT count(*) FROM sqlite_schema");
    if (owner != application_id && (owner != 0 || version != 0 || tables != 0))
        throw error(errc::precondition_failed, "'" + path + "' is a database of another program", "database");
    const auto newest = static_cast<std::int64_t>(std::size(migrations));
    if (version > newest)
        throw error(errc::precondition_failed,
                    "'" + path + "' was written by a newer Lineside (schema " + std::to_string(version) +
                        ", this one knows " + std::to_string(newest) + ")",
                    "database");
    // Nothing is written before the file is known to be ours.
    db.execute("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    for (std::int64_t next = version; next < newest; ++next) {
        db.execute("BEGIN IMMEDIATE");
        try {
            db.execute(migrations[next]);
            db.execute("PRAGMA user_version = " + std::to_string(next + 1));
            db.execute("PRAGMA application_id = " + std::to_string(application_id));
            db.execute("COMMIT");
        } catch (...) {
            sqlite3_exec(db.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
            throw;
        }
    }
}

} // namespace lineside::store
