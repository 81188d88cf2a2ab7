#pragma once

#include "store/sqlite_connection.hpp"

namespace lineside::store {

/// Brings the database to this library's schema: creates it, or runs the missing migrations, each in a transaction of its
/// own. A file of another program or of a newer Lineside is refused untouched (precondition_failed).
void migrate(connection& db, const std::string& path);

} // namespace lineside::store
