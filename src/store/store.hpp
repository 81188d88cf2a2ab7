#pragma once

#include <lineside/account.hpp>

#include "store/identity.hpp"
#include "store/segment.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::store {

/// An account as the database keeps it.
struct account_row {
    std::uint32_t key = 0; ///< small and dense: what every other table's key begins with
    account value;
    std::uint32_t longest_days = 0; ///< the most midnights one of its calls has crossed
};

struct segment_key {
    day_number day = 0;
    std::uint32_t part = 0;
    std::int64_t run = 0; ///< the import run that wrote it; 0: none
    std::uint32_t calls = 0;
};

/// What a Summary row is called, for its revision.
enum class row_level : std::uint8_t { hour, day, month };

struct identity_run {
    std::int64_t run = 0;
    std::uint32_t level = 0; ///< how many merges it went through
    std::uint64_t entries = 0;
};

/// A consistent view of the database. Used by one thread at a time. Everything throws `lineside::error` (storage).
class snapshot {
public:
    virtual ~snapshot() = default;

    virtual std::optional<account_row> find_account(std::string_view id) = 0;
    /// Of a key the database itself named.
    virtual account_row account_by_key(std::uint32_t key) = 0;
    /// In the order of ids, those after `after`.
    virtual std::vector<account_row> list_accounts(std::string_view after, std::uint32_t limit) = 0;
    virtual std::vector<std::string> list_sources() = 0; ///< index = key

    using bytes_of_segment = std::function<void(const segment_key&, std::string_view)>;
    using bytes_of_day = std::function<void(day_number, std::string_view)>;
    /// Days of [first, last] in order, parts of a day in order.
    virtual void segments(std::uint32_t account, day_number first, day_number last, const bytes_of_segment& visit) = 0;
    /// The same without the bytes.
    virtual std::vector<segment_key> segment_keys(std::uint32_t account, day_number first, day_number last) = 0;
    virtual void day_rollups(std::uint32_t account, day_number first, day_number last, const bytes_of_day& visit) = 0;
    /// By the first day of the month.
    virtual void month_rollups(std::uint32_t account, day_number first, day_number last, const bytes_of_day& visit) = 0;
    /// Days whose rollups lag behind their calls.
    virtual std::vector<day_number> stale_days(std::uint32_t account, day_number first, day_number last) = 0;
    /// At most `limit` (account, day) of all accounts, by account and day.
    virtual std::vector<std::pair<std::uint32_t, day_number>> all_stale_days(std::size_t limit) = 0;
    /// (start, revision) of the rows of [from, to) that were restated.
    virtual std::vector<std::pair<std::int64_t, std::uint32_t>> revisions(std::uint32_t account, row_level level,
                                                                          std::int64_t from, std::int64_t to) = 0;
};

/// The one writer's transaction; undone unless committed.
class transaction : public snapshot {
public:
    virtual void commit() = 0;

    virtual account_row add_account(const account& value) = 0; ///< assigns the key
    virtual void update_account(const account_row& row) = 0;
    virtual std::uint32_t add_source(std::string_view name) = 0;

    virtual void put_segment(std::uint32_t account, const segment_key& key, std::string_view bytes) = 0;
    virtual void erase_segment(std::uint32_t account, day_number day, std::uint32_t part) = 0;
    virtual void put_day_rollup(std::uint32_t account, day_number day, std::string_view bytes) = 0;
    virtual void put_month_rollup(std::uint32_t account, day_number first_day, std::string_view bytes) = 0;
    virtual void mark_stale(std::uint32_t account, day_number day) = 0;
    virtual void unmark_stale(std::uint32_t account, day_number day) = 0;
    virtual void raise_revision(std::uint32_t account, row_level level, std::int64_t start) = 0;

    virtual void append_journal(std::string_view bytes) = 0;
    virtual void each_journal(const std::function<void(std::string)>& visit) = 0;
    virtual void clear_journal() = 0;

    virtual std::vector<identity_run> identity_runs() = 0;
    virtual std::int64_t add_identity_run(std::uint32_t level) = 0;
    virtual void put_identity_part(std::int64_t run, std::uint64_t first_print, std::uint32_t entries,
                                   std::string_view bytes) = 0;
    virtual void erase_identity_run(std::int64_t run) = 0;
    /// The part that begins after `print`, or the first one; false: none.
    virtual bool next_identity_part(std::int64_t run, std::optional<std::uint64_t> print,
                                    const std::function<void(std::string_view)>& visit) = 0;
    /// The part that could hold `print`: the one with the greatest first print not above it. False: none.
    virtual bool find_identity_part(std::int64_t run, std::uint64_t print,
                                    const std::function<void(std::string_view)>& visit) = 0;

    /// The unfinished import of this input, or a new one.
    virtual std::int64_t open_import(std::string_view source, std::string_view input, instant now) = 0;
    virtual void finish_import(std::int64_t run, instant now, std::uint64_t calls) = 0;
};

struct store_options {
    std::size_t cache_bytes = 32U << 20U;
};

/// A database. Reading and writing go on side by side; there is one writer at a time.
class store {
public:
    virtual ~store() = default;
    /// Thread-safe.
    [[nodiscard]] virtual std::unique_ptr<snapshot> read() = 0;
    /// Waits for the writer before. Not to be called while the calling thread holds a snapshot.
    [[nodiscard]] virtual std::unique_ptr<transaction> write() = 0;
    /// Between transactions: moves what is logged into the database file where it has grown. Never fails.
    virtual void tidy() noexcept = 0;
};

/// `sqlite:PATH` or `sqlite::memory:`. Errors: invalid_argument, unavailable, precondition_failed, storage.
[[nodiscard]] std::unique_ptr<store> open_store(const std::string& database, store_options options);

} // namespace lineside::store
