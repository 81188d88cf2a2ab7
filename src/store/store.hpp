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

/// A document or an entry of a stream, as the database keeps it. The views live until the visitor returns.
struct stored_record {
    std::uint32_t account = 0; ///< key; 0 is the operator
    std::string_view id;
    std::string_view body;
};

/// Whose a name is.
struct name_owner {
    std::uint32_t account = 0;
    std::string id;
    bool operator==(const name_owner&) const = default;
};

enum class scan_order : std::uint8_t { ascending, descending };

/// Which ids of a scan: those after and before, both excluded; empty is open.
struct id_range {
    std::string_view after;
    std::string_view before;
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

    // Documents: small, of a kind, an account's, found by their id or by scanning ids in byte order.
    using record_visitor = std::function<bool(const stored_record&)>; ///< false ends the scan
    virtual std::optional<std::string> find_record(std::uint32_t account, std::string_view kind,
                                                   std::string_view id) = 0;
    virtual void scan_records(std::uint32_t account, std::string_view kind, id_range ids, scan_order order,
                              const record_visitor& visit) = 0;
    /// Of every account, by account and id. Reads the whole table: for opening and for the operator's reports.
    virtual void scan_all_records(std::string_view kind, const record_visitor& visit) = 0;
    /// Names are unique in their space across all accounts: a login, the digest of a token, an extension.
    virtual std::optional<name_owner> find_name(std::string_view space, std::string_view name) = 0;

    // Streams: entries appended to and numbered from 1, without gaps, a stream an account and name.
    using entry_visitor = std::function<bool(std::uint64_t number, std::string_view body)>; ///< false ends the scan
    /// Those with first <= number <= last.
    virtual void scan_entries(std::uint32_t account, std::string_view stream, std::uint64_t first, std::uint64_t last,
                              scan_order order, const entry_visitor& visit) = 0;
    /// The number of the newest; 0: none.
    virtual std::uint64_t last_entry(std::uint32_t account, std::string_view stream) = 0;
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

    virtual void put_record(std::uint32_t account, std::string_view kind, std::string_view id,
                            std::string_view body) = 0; ///< adds or replaces
    virtual bool erase_record(std::uint32_t account, std::string_view kind, std::string_view id) = 0;
    /// False: somebody else has it.
    [[nodiscard]] virtual bool claim_name(std::string_view space, std::string_view name, const name_owner& owner) = 0;
    virtual void release_name(std::string_view space, std::string_view name) = 0;
    /// Its number.
    virtual std::uint64_t append_entry(std::uint32_t account, std::string_view stream, std::string_view body) = 0;
    /// Those up to `last`; later ones keep their numbers, and the last of all is kept so that numbers go on.
    virtual void erase_entries(std::uint32_t account, std::string_view stream, std::uint64_t last) = 0;

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
    /// Whether a `read` now would not be kept waiting by somebody else's transaction. A hint: it may have changed by then.
    [[nodiscard]] virtual bool reads_at_once() = 0;
    /// Waits for the writer before. Not to be called while the calling thread holds a snapshot.
    [[nodiscard]] virtual std::unique_ptr<transaction> write() = 0;
    /// The same without waiting: null where somebody is writing (or, in memory, reading).
    [[nodiscard]] virtual std::unique_ptr<transaction> try_write() = 0;
    /// Another number once a commit has changed accounts, documents or names, before that `commit` returns. Thread-safe.
    [[nodiscard]] virtual std::uint64_t changes() const noexcept = 0;
    /// Between transactions: moves what is logged into the database file where it has grown. Never fails.
    virtual void tidy() noexcept = 0;
};

/// `sqlite:PATH` or `sqlite::memory:`. Errors: invalid_argument, unavailable, precondition_failed, storage.
[[nodiscard]] std::unique_ptr<store> open_store(const std::string& database, store_options options);

} // namespace lineside::store
