#pragma once

#include "store/sqlite_connection.hpp"
#include "store/store.hpp"

// Documents, names and streams on SQLite: what `snapshot` and `transaction` promise of them.
namespace lineside::store::sqlite {

[[nodiscard]] std::optional<std::string> find_record(connection& db, std::uint32_t account, std::string_view kind,
                                                     std::string_view id);
void scan_records(connection& db, std::uint32_t account, std::string_view kind, id_range ids, scan_order order,
                  const snapshot::record_visitor& visit);
void scan_all_records(connection& db, std::string_view kind, const snapshot::record_visitor& visit);
void put_record(connection& db, std::uint32_t account, std::string_view kind, std::string_view id,
                std::string_view body);
bool erase_record(connection& db, std::uint32_t account, std::string_view kind, std::string_view id);

[[nodiscard]] std::optional<name_owner> find_name(connection& db, std::string_view space, std::string_view name);
[[nodiscard]] bool claim_name(connection& db, std::string_view space, std::string_view name, const name_owner& owner);
void release_name(connection& db, std::string_view space, std::string_view name);

void scan_entries(connection& db, std::uint32_t account, std::string_view stream, std::uint64_t first,
                  std::uint64_t last, scan_order order, const snapshot::entry_visitor& visit);
[[nodiscard]] std::uint64_t last_entry(connection& db, std::uint32_t account, std::string_view stream);
std::uint64_t append_entry(connection& db, std::uint32_t account, std::string_view stream, std::string_view body);
void erase_entries(connection& db, std::uint32_t account, std::string_view stream, std::uint64_t last);

} // namespace lineside::store::sqlite
