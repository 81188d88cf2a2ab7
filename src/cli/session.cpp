#include "cli/session.hpp"

#include <filesystem>

namespace lineside::cli {

portal& session::open(database_file file) {
    if (!engine_) {
        if (file == database_file::must_exist && !std::filesystem::exists(database_))
            throw error(errc::not_found, "there is no database " + database_ + "; 'lineside import' makes one");
        engine_options options;
        options.database = "sqlite:" + database_;
        engine_ = std::make_unique<engine>(std::move(options));
    }
    return *engine_;
}

} // namespace lineside::cli
