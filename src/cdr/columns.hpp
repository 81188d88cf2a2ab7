#pragma once

#include "cdr/base.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lineside::cdr {

/// One field of a record, with what a message says about it.
struct cell {
    std::string_view text; ///< without spaces around it; empty where the record says nothing
    std::string_view name;
    std::uint32_t column = 0; ///< from 1; 0 where there are no columns
    bool there = false;       ///< the record has the field, though it may be empty

    [[nodiscard]] bool empty() const noexcept { return text.empty(); }
};

/// Under which names a format's fields go. Field `i` is `names[i]`: alternatives separated by `|`, the best one first.
class field_names {
public:
    explicit field_names(std::span<const std::string_view> names);

    /// Another name for a field, better than all it had. Not once `find` has answered.
    void prefer(std::size_t field, std::string_view name);

    struct match {
        std::size_t field = 0;
        std::uint32_t rank = 0; ///< 0 is the best
    };
    [[nodiscard]] const std::vector<match>* find(std::string_view name) const;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    void add(std::size_t field, std::string_view name, std::uint32_t rank);

    std::size_t size_ = 0;
    std::unordered_map<std::string, std::vector<match>> matches_; ///< by `header_key`
};

/// The fields of the record at hand.
class record {
public:
    explicit record(const field_names& names) : names_(&names), cells_(names.size()), ranks_(names.size()) {}

    void clear();
    /// Takes a field by its name; ignores one that nobody asks for, and one that a better name has brought already. A
    /// name that brings a text is better than one that brings none.
    /// `name` and `text` must outlive the record's use.
    void put(std::string_view name, std::string_view text, std::uint32_t column = 0) {
        put(names_->find(name), name, text, column);
    }
    /// The same, with what `field_names::find` said of the name.
    void put(const std::vector<field_names::match>* matches, std::string_view name, std::string_view text,
             std::uint32_t column);

    [[nodiscard]] const cell& operator[](std::size_t field) const noexcept { return cells_[field]; }
    [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }

private:
    const field_names* names_;
    std::vector<cell> cells_;
    std::vector<std::uint32_t> ranks_;
};

/// Where the fields stand in the rows of a table.
class table_columns {
public:
    table_columns() = default;
    table_columns(const field_names& known, std::span<const std::string> header);

    [[nodiscard]] bool has(std::size_t field) const noexcept { return columns_[field].has_value(); }
    [[nodiscard]] cell at(const csv_row& row, std::size_t field) const;
    [[nodiscard]] std::size_t width() const noexcept { return header_.size(); }
    [[nodiscard]] const std::vector<std::string>& header() const noexcept { return header_; }
    /// The column whose name is `name`, from 1; 0 where there is none.
    [[nodiscard]] std::uint32_t column_of(std::string_view name) const;

private:
    std::vector<std::string> header_;
    std::vector<std::optional<std::size_t>> columns_;
};

// Each of these leaves `to` as it is where the cell is empty, and says what is wrong with the cell where it cannot be
// read.
[[nodiscard]] bool read_time(const cell& c, std::optional<parsed_time>& to, row_fault& why); ///< also epochs; 0: never
[[nodiscard]] bool read_seconds(const cell& c, std::int64_t& ms, row_fault& why);
[[nodiscard]] bool read_milliseconds(const cell& c, std::int64_t& ms, row_fault& why);
[[nodiscard]] bool read_nanos(const cell& c, std::int64_t& nanos, row_fault& why);
[[nodiscard]] bool read_sip_code(const cell& c, std::int32_t& code, row_fault& why); ///< 0: none
[[nodiscard]] row_fault fault_of(const cell& c, std::string reason);

/// Waits for the first line of an input that says something: what the rest is read as depends on it.
class first_line {
public:
    /// Whether the line is there. What is not a line within 64 KiB counts as one.
    bool feed(std::string_view bytes, bool last);
    [[nodiscard]] std::string_view line() const noexcept {
        return std::string_view(head_).substr(begin_, end_ - begin_);
    }
    /// All bytes so far.
    [[nodiscard]] const std::string& bytes() const noexcept { return head_; }

private:
    std::string head_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// A reader of tables whose first row names the columns, unless `fields` does.
class table_reader : public row_reader {
protected:
    table_reader(reader_options options, sink& to, field_names known, std::vector<std::string> fields,
                 csv_options csv = {});

    /// The columns are known: refuse what cannot be read. `line` 0: they come from the options.
    virtual void on_header(std::uint64_t line) = 0;
    /// A row as wide as the header.
    virtual void on_record(const csv_row& row) = 0;

    [[nodiscard]] const table_columns& columns() const noexcept { return columns_; }
    [[nodiscard]] bool has(std::size_t field) const noexcept { return columns_.has(field); }
    /// Refuses a table without any of these fields' columns; `words` say what is missing.
    void require(std::uint64_t line, std::size_t field, std::string_view words) const;
    /// Rejects the row; a fault without column gets the one of its field.
    void reject_row(const csv_row& row, row_fault why);

private:
    row_verdict on_row(const csv_row& row) final;
    void take_header(std::vector<std::string> names, std::uint64_t line);

    field_names known_;
    table_columns columns_;
    bool ready_ = false;
    bool first_ = true;
};

} // namespace lineside::cdr
