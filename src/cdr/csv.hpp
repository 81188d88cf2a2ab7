#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cdr {

/// How rows are told apart.
enum class csv_dialect : std::uint8_t {
    rfc4180, ///< quotes doubled inside a quoted field, which may hold separators and newlines
    lenient, ///< nothing is escaped: a quote closes a field only where a separator or the row's end follows it
    lines,   ///< no fields: each line is a row of one field, as of JSON lines or a log
};

struct csv_options {
    csv_dialect dialect = csv_dialect::rfc4180;
    char separator = ',';
    /// The first row decides: where it begins with `{`, all are lines.
    bool json_lines = false;
    /// A longer row is a bad one.
    std::size_t row_limit = std::size_t{1} << 20;
};

/// One row; the views live until the handler returns.
struct csv_row {
    std::uint64_t line = 0;                   ///< first line of the row, from 1
    std::uint32_t lines = 1;                  ///< more where a quoted field holds newlines
    std::string_view text;                    ///< as it stood, without its newline
    std::span<const std::string_view> fields; ///< without quotes, doubled quotes made single
    std::span<const std::uint8_t> quoted;     ///< per field: 1 where it stood in quotes

    [[nodiscard]] std::size_t size() const noexcept { return fields.size(); }
    /// Empty for a column the row does not have.
    [[nodiscard]] std::string_view operator[](std::size_t column) const noexcept {
        return column < fields.size() ? fields[column] : std::string_view{};
    }
};

/// What a handler made of a row.
enum class row_verdict : std::uint8_t {
    taken,   ///< read or rejected: go on behind it
    resplit, ///< for a row of several lines that has the wrong shape, maybe because a quote is missing: only its first
             ///< line is bad (the splitter calls on_bad_row for it), the others are split anew
};

/// Where rows go. What a handler throws passes through `feed`.
class csv_handler {
public:
    virtual row_verdict on_row(const csv_row& row) = 0;
    virtual void on_bad_row(std::uint64_t line, std::string_view reason, std::string_view text) = 0;
    /// The fast path: `bytes` begins at a row and may end in the middle of one. Takes whole rows from the front as far
    /// as it likes, adds their lines to `line` and returns how many bytes that were.
    virtual std::size_t on_plain_rows(std::string_view bytes, std::uint64_t& line);

protected:
    ~csv_handler() = default;
};

/// Cuts a stream of bytes into rows, whatever the chunks. Rows may end in LF or CRLF, the last one in neither; a byte
/// order mark, empty lines and comment lines are skipped. A row that cannot be split costs one line: the splitter goes
/// on at the next, so that a missing quote does not swallow the rest of the file. Only the row that is cut at the end
/// of a chunk is copied.
class csv_splitter {
public:
    explicit csv_splitter(csv_options options = {}) : options_(options) {}

    void feed(std::string_view bytes, csv_handler& to);
    void finish(csv_handler& to);

private:
    enum class state : std::uint8_t { row_begin, field_begin, plain, quoted, after_quote, broken };
    enum class scan_result : std::uint8_t { row, comment, bad, more };
    struct raw_field {
        std::size_t begin = 0;
        std::size_t size = 0;
        bool quoted = false;
        bool doubled = false;
    };

    std::size_t consume(std::string_view bytes, bool last, csv_handler& to);
    scan_result scan(std::string_view bytes, bool last);
    scan_result scan_row(std::string_view view, bool ends);
    scan_result scan_line(std::string_view view, bool ends);
    std::optional<scan_result> scan_comment(std::string_view view, bool ends);
    bool closes(std::string_view view, bool ends, bool& unsure) const;
    void end_field(std::size_t end, bool quoted);
    scan_result end_row(std::string_view view, std::size_t end);
    scan_result fail(std::string_view reason);
    void begin_row() noexcept;
    row_verdict hand_out(std::string_view bytes, csv_handler& to);
    std::size_t drop_first_line(std::string_view bytes, std::string_view reason, csv_handler& to);

    csv_options options_;
    std::string carry_;      ///< the cut row, and what of it was split anew
    std::uint64_t line_ = 1; ///< of the row being scanned
    std::uint8_t mark_ = 0;  ///< bytes of the byte order mark seen; 3: over
    bool decided_ = false;   ///< whether lines are JSON
    bool skipping_ = false;  ///< in the rest of a line that is too long

    // The row being scanned; offsets from its first byte.
    state state_ = state::row_begin;
    std::size_t pos_ = 0;
    std::size_t field_begin_ = 0;
    std::size_t quote_end_ = 0; ///< where the field's last quote stands
    std::size_t row_size_ = 0;  ///< without newline
    std::uint32_t newlines_ = 0;
    bool doubled_ = false;
    std::string_view bad_;
    std::vector<raw_field> raw_;

    std::vector<std::string_view> fields_;
    std::vector<std::uint8_t> quoted_;
    std::string scratch_;
};

/// Where named columns stand. Names compare without case, spaces, underscores and dashes.
class csv_header {
public:
    csv_header() = default;
    explicit csv_header(std::span<const std::string_view> names);

    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
    /// The first of several names that is there.
    [[nodiscard]] std::optional<std::size_t> find_any(std::span<const std::string_view> names) const;
    /// As they stood in the header.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
    /// A name that two columns bear; empty where there is none.
    [[nodiscard]] std::string_view duplicate() const;

private:
    std::vector<std::string> names_;
    std::vector<std::string> keys_;
};

/// A column's name without case, spaces, underscores and dashes.
[[nodiscard]] std::string header_key(std::string_view name);

/// "a, b, c" -> its parts without spaces around them: of `fields` options.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

} // namespace lineside::cdr
