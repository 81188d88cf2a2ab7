#pragma once

#include <lineside/error.hpp>

#include <string>
#include <string_view>

namespace lineside::wire {

/// The HTTP status that a code of Lineside comes with; 500 for codes of others.
[[nodiscard]] int http_status_of(error_code ec) noexcept;
/// The code that a status of others stands for.
[[nodiscard]] errc errc_of_status(int status) noexcept;

/// "urn:lineside:error:not_found"
[[nodiscard]] std::string problem_type(errc e);
/// "not_found" ...; the name in errc.def.
[[nodiscard]] std::string_view to_string(errc e) noexcept;

/// Writes a problem document (RFC 9457). Its status is the diagnostics', where they state one. Of the cause it says what
/// is a rule for numbers or keys of calls; any other one is nobody else's business.
void append_problem(std::string& out, const failure& problem);

/// Reads what a server or somebody in between says about a failure, which may be no problem document at all: then the
/// status says what it is. Never fails.
[[nodiscard]] failure parse_problem(int status, std::string_view body);

} // namespace lineside::wire
