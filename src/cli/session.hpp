#pragma once

#include <lineside/engine.hpp>

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

/// One run of a command: its arguments, the database, and Ctrl-C.
class session {
public:
    session(arguments args, std::string database) : args_(std::move(args)), database_(std::move(database)) {}

    [[nodiscard]] const arguments& args() const noexcept { return args_; }
    /// Opens the database at the first call. Throws `lineside::error`: what the engine throws; not_found.
    [[nodiscard]] portal& open(database_file file = database_file::must_exist);
    [[nodiscard]] call_options options() const {
        call_options options;
        options.stop = interrupt_.token();
        return options;
    }

private:
    arguments args_;
    std::string database_;
    interrupt interrupt_;
    std::unique_ptr<engine> engine_;
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

} // namespace lineside::cli
