#pragma once

#include <lineside/summary.hpp>

#include "cli/table.hpp"

#include <cstddef>
#include <cstdint>

namespace lineside::cli {

/// How much of the date a row is labelled with.
enum class row_label : std::uint8_t { day_and_hour, hour, day, month };

/// The Summary as a table of at most `width` columns, as far as leaving out the less important ones goes.
[[nodiscard]] table summary_table(const summary& s, row_label label, std::size_t width);

} // namespace lineside::cli
