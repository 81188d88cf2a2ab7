#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cli {

enum class alignment : std::uint8_t { left, right };

/// A table of text with aligned columns, each as wide as its widest cell.
class table {
public:
    /// Columns are separated by two spaces.
    void add_column(std::string_view heading, alignment align);
    /// As many cells as there are columns. Control characters are shown as '?'.
    void add_row(std::vector<std::string> cells);

    [[nodiscard]] std::size_t width() const;
    [[nodiscard]] const std::vector<std::string>& headings() const noexcept { return headings_; }
    /// Heading and rows, one string a line, without trailing spaces.
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    [[nodiscard]] std::string line(const std::vector<std::string>& cells) const;

    std::vector<std::string> headings_;
    std::vector<alignment> aligned_;
    std::vector<std::size_t> widths_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace lineside::cli
