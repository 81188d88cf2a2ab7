#pragma once

#include "cli/session.hpp"

#include <span>
#include <string_view>

namespace lineside::cli {

/// Runs the program; `words` are its arguments without its own name. Says what went wrong on standard error.
[[nodiscard]] exit_status run_program(std::span<const std::string_view> words) noexcept;

} // namespace lineside::cli
