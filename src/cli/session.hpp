#pragma once

#include <lineside/portal.hpp>

#include "cli/args.hpp"
#include "cli/interrupt.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace lineside::cli {

enum class exit_status : std::uint8_t { done = 0, failed = 1, usage = 2, rejected_rows = 3, differences = 3 };

enum class database_file : std::uint8_t {
    must_exist,
    may_be_created,
};

/// Where the portal is.
struct portal_place {
    std::string database{};
    std::string server{};     ///< a base URL; empty: the database
    std::string token_file{}; ///< for the server; empty: LINESIDE_TOKEN
};

/// One run of a command: its arguments, the portal, and Ctrl-C.
class session {
public:
    session(arguments args, portal_place place) : args_(std::move(args)), place_(std::move(place)) {}

    [[nodiscard]] const arguments& args() const noexcept { return args_; }
    /// Opens the database, or turns to the server, at the first call. Throws `lineside::error`: what engine and client
    /// throw; not_found.
    [[nodiscard]] portal& open(database_file file = database_file::must_exist);
    [[nodiscard]] call_options options() const {
        call_options options;
        options.stop = interrupt_.token();
        return options;
    }

private:
    arguments args_;
    portal_place place_;
    interrupt interrupt_;
    std::unique_ptr<portal> portal_;
};

/// A command: what it takes, and what it does.
struct command {
    cli::syntax syntax;
    exit_status (*run)(session& s) = nullptr;
};

[[nodiscard]] command import_command();
[[nodiscard]] command accounts_command();
[[nodiscard]] command series_command();
[[nodiscard]] command summary_command();
[[nodiscard]] command stats_command();
[[nodiscard]] command explain_command();
[[nodiscard]] command calls_command();
[[nodiscard]] command dashboard_command();
[[nodiscard]] command generate_command();
[[nodiscard]] command account_command();
[[nodiscard]] command contact_command();
[[nodiscard]] command session_command();
[[nodiscard]] command key_command();
[[nodiscard]] command password_command();
[[nodiscard]] command two_factor_command();
[[nodiscard]] command layout_command();
[[nodiscard]] command branding_command();
[[nodiscard]] command dispute_command();
[[nodiscard]] command block_command();
[[nodiscard]] command extension_command();
[[nodiscard]] command channel_command();
[[nodiscard]] command alert_command();
[[nodiscard]] command webhook_command();
[[nodiscard]] command work_command();
[[nodiscard]] command payment_command();
[[nodiscard]] command log_command();
[[nodiscard]] command review_command();
[[nodiscard]] command serve_command();
[[nodiscard]] command watch_command();
[[nodiscard]] command simulate_command();

} // namespace lineside::cli
