#include "cli/output.hpp"

#include <utility>

#include <unistd.h>

namespace lineside::cli {

namespace {

// Counts the rows that pass. A newline within quotes belongs to its cell.
class row_counter {
public:
    /// The part of the piece that belongs to the first `limit` rows of all.
    std::string_view up_to(std::uint64_t limit, std::string_view piece) {
        for (std::size_t i = 0; i < piece.size(); ++i) {
            quoted_ ^= piece[i] == '"';
            if (piece[i] == '\n' && !quoted_ && ++rows_ == limit)
                return piece.substr(0, i + 1);
        }
        return piece;
    }
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

private:
    bool quoted_ = false;
    std::uint64_t rows_ = 0;
};

} // namespace

void print(const table& t) {
    for (const auto& line : t.lines())
        write_output(line + '\n');
}

std::size_t table_width() {
    return isatty(STDOUT_FILENO) == 1 ? output_width() : std::numeric_limits<std::size_t>::max();
}

void print_export(session& s, decltype(export_request::what) what, output_form form, std::uint64_t rows) {
    export_request request;
    request.what = std::move(what);
    request.format = form == output_form::tsv ? export_format::tsv : export_format::csv;
    request.safety = s.args().has("--raw") ? cell_safety::raw : cell_safety::formula_safe;
    request.header = s.args().has("--no-headers") ? header_row::omitted : header_row::present;
    const auto limit = rows == no_limit || request.header == header_row::omitted ? rows : rows + 1;
    if (limit == 0)
        return;
    bool full = false;
    request.write = [&, counter = row_counter()](std::string_view piece) mutable {
        if (limit == no_limit)
            return write_output(piece);
        write_output(counter.up_to(limit, piece));
        full = counter.rows() >= limit;
        if (full)
            throw error(errc::cancelled, "enough rows");
    };
    try {
        (void)s.open().async_export_data(std::move(request), s.options(), block);
    } catch (const error&) {
        if (!full)
            throw;
    }
}

} // namespace lineside::cli
