#include "cli/session.hpp"

#include <lineside/client.hpp>
#include <lineside/engine.hpp>

#include "cli/secret_input.hpp"

#include <cstdlib>
#include <filesystem>

namespace lineside::cli {

namespace {

std::unique_ptr<portal> far_away(const portal_place& place, const std::stop_token& stop) {
    client_options options;
    options.base_url = place.server;
    options.host_agent = "lineside-program";
    if (const char* ca = std::getenv("LINESIDE_CA_FILE"); ca && *ca)
        options.tls.ca_file = ca;
    if (!place.token_file.empty())
        options.token = secret_in_file(place.token_file, stop);
    else if (const char* token = std::getenv("LINESIDE_TOKEN"); token && *token)
        options.token = secret(token);
    return std::make_unique<client>(std::move(options));
}

} // namespace

portal& session::open(database_file file) {
    if (portal_)
        return *portal_;
    if (!place_.server.empty()) {
        portal_ = far_away(place_, interrupt_.token());
        return *portal_;
    }
    if (file == database_file::must_exist && !std::filesystem::exists(place_.database))
        throw error(errc::not_found, "there is no database " + place_.database + "; 'lineside import' makes one");
    engine_options options;
    options.database = "sqlite:" + place_.database;
    portal_ = std::make_unique<engine>(std::move(options));
    return *portal_;
}

} // namespace lineside::cli
