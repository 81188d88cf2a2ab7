#pragma once

#include <lineside/secret.hpp>

#include "cli/session.hpp"

#include <stop_token>
#include <string>
#include <string_view>

namespace lineside::cli {

/// A secret never comes from the command line, which others on the machine can read: it is the first line of the file
/// that `option` names ("-": standard input), else it is asked for on the terminal, unseen. `twice`: asked for again, so
/// that nobody sets what they mistyped. Errors: usage_error (there is no terminal), unavailable (the file cannot be
/// read), invalid_argument (others may read the file; it is empty; two different ones were typed), cancelled.
enum class asked : std::uint8_t { once, twice };
[[nodiscard]] secret secret_from(session& s, std::string_view option, std::string_view prompt, asked how);

/// The first line of a file that nobody else may read; "-" is standard input. Errors: as above.
[[nodiscard]] secret secret_in_file(const std::string& path, const std::stop_token& stop);

} // namespace lineside::cli
