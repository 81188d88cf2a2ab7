#include "cdr/columns.hpp"

#include <algorithm>

namespace lineside::cdr {

field_names::field_names(std::span<const std::string_view> names) : size_(names.size()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto rest = names[i];
        for (std::uint32_t rank = 1; !rest.empty(); ++rank) {
            const auto bar = std::min(rest.find('|'), rest.size());
            add(i, rest.substr(0, bar), rank);
            rest.remove_prefix(std::min(bar + 1, rest.size()));
        }
    }
}

void field_names::prefer(std::size_t field, std::string_view name) { add(field, name, 0); }

void field_names::add(std::size_t field, std::string_view name, std::uint32_t rank) {
    matches_[header_key(name)].push_back({field, rank});
}

const std::vector<field_names::match>* field_names::find(std::string_view name) const {
    const auto found = matches_.find(header_key(name));
    return found == matches_.end() ? nullptr : &found->second;
}

void record::clear() { std::fill(cells_.begin(), cells_.end(), cell{}); }

void record::put(const std::vector<field_names::match>* matches, std::string_view name, std::string_view text,
                 std::uint32_t column) {
    if (!matches)
        return;
    for (const auto& m : *matches) {
        auto& known = cells_[m.field];
        const auto value = trim(text);
        const bool better = m.rank < ranks_[m.field];
        if (known.there && (known.empty() == value.empty() ? !better : value.empty()))
            continue;
        known = {value, name, column, true};
        ranks_[m.field] = m.rank;
    }
}

table_columns::table_columns(const field_names& known, std::span<const std::string> header)
    : header_(header.begin(), header.end()),
      columns_(known.size()) {
    std::vector<std::uint32_t> ranks(known.size());
    for (std::size_t i = 0; i < header_.size(); ++i) {
        const auto* matches = known.find(header_[i]);
        if (!matches)
            continue;
        for (const auto& m : *matches) {
            if (columns_[m.field] && ranks[m.field] <= m.rank)
                continue;
            columns_[m.field] = i;
            ranks[m.field] = m.rank;
        }
    }
}

cell table_columns::at(const csv_row& row, std::size_t field) const {
    const auto column = columns_[field];
    if (!column)
        return {};
    return {trim(row[*column]), header_[*column], static_cast<std::uint32_t>(*column + 1), true};
}

std::uint32_t table_columns::column_of(std::string_view name) const {
    const auto key = header_key(name);
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (header_key(header_[i]) == key)
            return static_cast<std::uint32_t>(i + 1);
    }
    return 0;
}

row_fault fault_of(const cell& c, std::string reason) { return {c.column, std::string(c.name), std::move(reason)}; }

namespace {

bool read(const cell& c, fault bad, row_fault& why) {
    if (bad == nullptr)
        return true;
    why = fault_of(c, bad);
    return false;
}

bool is_number(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool is_zero(std::string_view text) noexcept { return text.find_first_not_of("0.") == std::string_view::npos; }

} // namespace

bool read_time(const cell& c, std::optional<parsed_time>& to, row_fault& why) {
    // Databases write "never" as a time of zeros.
    if (c.empty() || c.text.starts_with("0000-00-00"))
        return true;
    parsed_time t;
    if (is_number(c.text)) {
        if (is_zero(c.text))
            return true;
        if (!read(c, parse_epoch(c.text, t.ms), why))
            return false;
    } else if (!read(c, parse_time(c.text, t), why)) {
        return false;
    }
    to = t;
    return true;
}

bool read_seconds(const cell& c, std::int64_t& ms, row_fault& why) {
    return c.empty() || read(c, parse_seconds(c.text, ms), why);
}

bool read_milliseconds(const cell& c, std::int64_t& ms, row_fault& why) {
    constexpr std::int64_t week = 7LL * 24 * 3600 * 1000;
    return c.empty() || read(c, parse_count(c.text, ms, week), why);
}

bool read_nanos(const cell& c, std::int64_t& nanos, row_fault& why) {
    return c.empty() || read(c, parse_nanos(c.text, nanos), why);
}

bool read_sip_code(const cell& c, std::int32_t& code, row_fault& why) {
    if (c.empty() || is_zero(c.text))
        return true;
    return read(c, parse_sip_code(c.text, code), why);
}

bool first_line::feed(std::string_view bytes, bool last) {
    constexpr std::size_t enough = std::size_t{64} << 10;
    head_ += bytes;
    if (begin_ == 0 && head_.starts_with("\xEF\xBB\xBF"))
        begin_ = 3;
    for (;;) {
        const auto newline = head_.find('\n', begin_);
        end_ = std::min(newline, head_.size());
        if (newline == std::string::npos)
            return last || end_ - begin_ >= enough;
        if (!trim(line()).empty() && !line().starts_with(comment_prefix))
            return true;
        begin_ = newline + 1;
    }
}

table_reader::table_reader(reader_options options, sink& to, field_names known, std::vector<std::string> fields,
                           csv_options csv)
    : row_reader(std::move(options), to, csv),
      known_(std::move(known)) {
    if (!fields.empty())
        columns_ = table_columns(known_, fields);
    ready_ = !fields.empty();
}

void table_reader::take_header(std::vector<std::string> names, std::uint64_t line) {
    columns_ = table_columns(known_, names);
    on_header(line);
    ready_ = true;
}

row_verdict table_reader::on_row(const csv_row& row) {
    if (first_) {
        first_ = false;
        std::vector<std::string> names;
        for (const auto field : row.fields)
            names.emplace_back(trim(field));
        if (!ready_) {
            keep_header(row.text);
            take_header(std::move(names), row.line);
            return row_verdict::taken;
        }
        on_header(0);
        // Options that name the columns do not forbid the header.
        const auto& known = columns_.header();
        if (std::equal(names.begin(), names.end(), known.begin(), known.end(),
                       [](const auto& a, const auto& b) { return header_key(a) == header_key(b); })) {
            keep_header(row.text);
            return row_verdict::taken;
        }
    }
    // Files put behind one another have their headers in the middle.
    if (!header().empty() && row.text == header())
        return row_verdict::taken;
    if (row.size() != columns_.width()) {
        if (row.lines > 1)
            return row_verdict::resplit;
        count_row();
        reject(
            row.line,
            {0,
             {},
             "has " + std::to_string(row.size()) + " fields where the header has " + std::to_string(columns_.width())},
            row.text);
        return row_verdict::taken;
    }
    count_row();
    on_record(row);
    return row_verdict::taken;
}

void table_reader::require(std::uint64_t line, std::size_t field, std::string_view words) const {
    if (columns_.has(field))
        return;
    refuse(line, "no column is " + std::string(words) + "; a header row, or --fields, has to name the columns");
}

void table_reader::reject_row(const csv_row& row, row_fault why) {
    if (why.column == 0 && !why.field.empty())
        why.column = columns_.column_of(why.field);
    reject(row.line, std::move(why), row.text);
}

} // namespace lineside::cdr
