#include "cli/table.hpp"

#include "cli/terminal.hpp"

#include <algorithm>
#include <utility>

namespace lineside::cli {

void table::add_column(std::string_view heading, alignment align) {
    headings_.emplace_back(heading);
    aligned_.push_back(align);
    widths_.push_back(columns_of(heading));
}

void table::add_row(std::vector<std::string> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i] = printable(cells[i]);
        widths_[i] = std::max(widths_[i], columns_of(cells[i]));
    }
    rows_.push_back(std::move(cells));
}

std::size_t table::width() const {
    std::size_t sum = widths_.empty() ? 0 : 2 * (widths_.size() - 1);
    for (const auto w : widths_)
        sum += w;
    return sum;
}

std::vector<std::string> table::lines() const {
    std::vector<std::string> lines{line(headings_)};
    for (const auto& row : rows_)
        lines.push_back(line(row));
    return lines;
}

std::string table::line(const std::vector<std::string>& cells) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0)
            text += "  ";
        text += aligned_[i] == alignment::left ? fit_left(cells[i], widths_[i]) : fit_right(cells[i], widths_[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

} // namespace lineside::cli
