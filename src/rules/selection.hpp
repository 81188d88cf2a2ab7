#pragma once

#include <lineside/summary.hpp>

#include "rules/rollup.hpp"

#include <span>

namespace lineside::rules {

/// Sum, average of the shown values and true average over a selection of cells of one Summary column (semantics of the
/// customer Summary: null leaves sum, count and averages; shown values are the rounded ones; the true average is that of
/// the calls). Of a count column (attempts, talk, charge ...) both averages are the average per row.
[[nodiscard]] selection_statistics select(std::span<const cell> rows, summary_column column);

/// The row a cell shows as; start, end, state and revision are left to the caller.
[[nodiscard]] summary_row shown_row(const cell& c, const std::string& currency);

} // namespace lineside::rules
