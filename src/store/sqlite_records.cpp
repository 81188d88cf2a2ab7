#include "store/sqlite_records.hpp"

#include <algorithm>
#include <limits>

namespace lineside::store::sqlite {

namespace {

// Above every id: ids are UTF-8, which has no byte 0xff.
constexpr std::string_view beyond_all = "\xff";

std::int64_t to_number(std::uint64_t n) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(n, std::numeric_limits<std::int64_t>::max()));
}

} // namespace

std::optional<std::string> find_record(connection& db, std::uint32_t account, std::string_view kind,
                                       std::string_view id) {
    auto q = db.prepare("SELECT body FROM record WHERE account = ? AND kind = ? AND id = ?");
    q.bind(account).bind_text(kind).bind_text(id);
    if (!q.step())
        return std::nullopt;
    return q.text(0);
}

void scan_records(connection& db, std::uint32_t account, std::string_view kind, id_range ids, scan_order order,
                  const snapshot::record_visitor& visit) {
    auto q = order == scan_order::ascending
                 ? db.prepare("SELECT id, body FROM record WHERE account = ? AND kind = ? AND id > ? AND id < "
                              "CAST(? AS TEXT) ORDER BY id")
                 : db.prepare("SELECT id, body FROM record WHERE account = ? AND kind = ? AND id > ? AND id < "
                              "CAST(? AS TEXT) ORDER BY id DESC");
    q.bind(account).bind_text(kind).bind_text(ids.after);
    q.bind_blob(ids.before.empty() ? beyond_all : ids.before);
    while (q.step())
        if (!visit({account, q.bytes(0), q.bytes(1)}))
            return;
}

void scan_all_records(connection& db, std::string_view kind, const snapshot::record_visitor& visit) {
    auto q = db.prepare("SELECT account, id, body FROM record WHERE kind = ? ORDER BY account, id");
    q.bind_text(kind);
    while (q.step())
        if (!visit({static_cast<std::uint32_t>(q.integer(0)), q.bytes(1), q.bytes(2)}))
            return;
}

void put_record(connection& db, std::uint32_t account, std::string_view kind, std::string_view id,
                std::string_view body) {
    auto q = db.prepare("INSERT INTO record (account, kind, id, body) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET body = excluded.body");
    q.bind(account).bind_text(kind).bind_text(id).bind_blob(body).run();
}

bool erase_record(connection& db, std::uint32_t account, std::string_view kind, std::string_view id) {
    auto q = db.prepare("DELETE FROM record WHERE account = ? AND kind = ? AND id = ? RETURNING 1");
    q.bind(account).bind_text(kind).bind_text(id);
    const bool was_there = q.step();
    while (q.step()) {
    }
    return was_there;
}

std::optional<name_owner> find_name(connection& db, std::string_view space, std::string_view name) {
    auto q = db.prepare("SELECT account, id FROM name WHERE space = ? AND name = ?");
    q.bind_text(space).bind_blob(name);
    if (!q.step())
        return std::nullopt;
    return name_owner{static_cast<std::uint32_t>(q.integer(0)), q.text(1)};
}

bool claim_name(connection& db, std::string_view space, std::string_view name, const name_owner& owner) {
    if (const auto has = find_name(db, space, name))
        return *has == owner;
    auto q = db.prepare("INSERT INTO name (space, name, account, id) VALUES (?, ?, ?, ?)");
    q.bind_text(space).bind_blob(name).bind(owner.account).bind_text(owner.id).run();
    return true;
}

void release_name(connection& db, std::string_view space, std::string_view name) {
    auto q = db.prepare("DELETE FROM name WHERE space = ? AND name = ?");
    q.bind_text(space).bind_blob(name).run();
}

void scan_entries(connection& db, std::uint32_t account, std::string_view stream, std::uint64_t first,
                  std::uint64_t last, scan_order order, const snapshot::entry_visitor& visit) {
    auto q = order == scan_order::ascending
                 ? db.prepare("SELECT number, body FROM entry WHERE account = ? AND stream = ? AND number BETWEEN ? "
                              "AND ? ORDER BY number")
                 : db.prepare("SELECT number, body FROM entry WHERE account = ? AND stream = ? AND number BETWEEN ? "
                              "AND ? ORDER BY number DESC");
    q.bind(account).bind_text(stream).bind(to_number(first)).bind(to_number(last));
    while (q.step())
        if (!visit(static_cast<std::uint64_t>(q.integer(0)), q.bytes(1)))
            return;
}

std::uint64_t last_entry(connection& db, std::uint32_t account, std::string_view stream) {
    auto q = db.prepare("SELECT max(number) FROM entry WHERE account = ? AND stream = ?");
    q.bind(account).bind_text(stream);
    return q.step() ? static_cast<std::uint64_t>(q.integer(0)) : 0;
}

std::uint64_t append_entry(connection& db, std::uint32_t account, std::string_view stream, std::string_view body) {
    const auto number = last_entry(db, account, stream) + 1;
    auto q = db.prepare("INSERT INTO entry (account, stream, number, body) VALUES (?, ?, ?, ?)");
    q.bind(account).bind_text(stream).bind(to_number(number)).bind_blob(body).run();
    return number;
}

void erase_entries(connection& db, std::uint32_t account, std::string_view stream, std::uint64_t last) {
    const auto newest = last_entry(db, account, stream);
    auto q = db.prepare("DELETE FROM entry WHERE account = ? AND stream = ? AND number <= ? AND number < ?");
    q.bind(account).bind_text(stream).bind(to_number(last)).bind(to_number(newest)).run();
}

} // namespace lineside::store::sqlite
