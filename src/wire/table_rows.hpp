#pragma once

#include <lineside/data_export.hpp>

#include <cstdint>
#include <string_view>

namespace lineside::wire {

/// Counts the rows of a table as `append_header` and `append_row` write it, piece by piece.
class row_counter {
public:
    row_counter(export_format format, header_row header) noexcept
        : quotes_(format != export_format::ndjson),
          header_(header == header_row::present && quotes_) {}

    void count(std::string_view piece) noexcept;
    /// Without the header.
    [[nodiscard]] std::uint64_t rows() const noexcept { return header_ && lines_ > 0 ? lines_ - 1 : lines_; }

private:
    bool quotes_; // a newline between quotes is no end of a row
    bool header_;
    bool inside_ = false;
    std::uint64_t lines_ = 0;
};

} // namespace lineside::wire
