#pragma once

#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/values.hpp"
#include "wire/json.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace lineside::cli {

// How commands answer.

template <class T>
void print_json(const T& value) {
    std::string text;
    wire::append_json(text, value);
    write_output(text + '\n');
}

void print(const table& t);

/// How wide a table for people may be: on a terminal as that is, in a file without limit.
[[nodiscard]] std::size_t table_width();

inline constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();

/// Exports through the portal: CSV or TSV with the switches `--raw` and `--no-headers`, at most `rows` rows.
void print_export(session& s, decltype(export_request::what) what, output_form form, std::uint64_t rows = no_limit);

} // namespace lineside::cli
