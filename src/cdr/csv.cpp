#include "cdr/csv.hpp"

#include "cdr/fields.hpp"
#include "cdr/reader.hpp"

#include <algorithm>
#include <cstring>

namespace lineside::cdr {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// More is no table but an attack on memory.
constexpr std::size_t max_columns = 4096;

// Without escaping a lost quote shows only by what follows. A value with more lines than this is none.
constexpr std::uint32_t max_lenient_newlines = 16;

constexpr std::string_view too_long = "the row is longer than the limit";

std::string_view without_cr(std::string_view line) {
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    return line;
}

} // namespace

std::size_t csv_handler::on_plain_rows(std::string_view, std::uint64_t&) { return 0; }

void csv_splitter::feed(std::string_view bytes, csv_handler& to) {
    while (mark_ < byte_order_mark.size() && !bytes.empty()) {
        if (bytes.front() == byte_order_mark[mark_]) {
            ++mark_;
            bytes.remove_prefix(1);
        } else {
            carry_.assign(byte_order_mark.substr(0, mark_));
            mark_ = static_cast<std::uint8_t>(byte_order_mark.size());
        }
    }
    while (!carry_.empty() && !bytes.empty()) {
        const auto newline = bytes.find('\n');
        const auto size = newline == std::string_view::npos ? bytes.size() : newline + 1;
        carry_.append(bytes.substr(0, size));
        bytes.remove_prefix(size);
        carry_.erase(0, consume(carry_, false, to));
    }
    if (!bytes.empty()) {
        const auto done = consume(bytes, false, to);
        carry_.assign(bytes.substr(done));
    }
}

void csv_splitter::finish(csv_handler& to) {
    if (mark_ < byte_order_mark.size()) {
        carry_.insert(0, byte_order_mark.substr(0, mark_));
        mark_ = static_cast<std::uint8_t>(byte_order_mark.size());
    }
    consume(carry_, true, to);
    carry_.clear();
}

// Hands out the rows at the front of `bytes` and returns how many bytes they were; the rest is a row that is cut.
std::size_t csv_splitter::consume(std::string_view bytes, bool last, csv_handler& to) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        if (skipping_) {
            const auto newline = bytes.find('\n', done);
            if (newline == std::string_view::npos)
                return bytes.size();
            skipping_ = false;
            ++line_;
            done = newline + 1;
            continue;
        }
        if (state_ == state::row_begin && pos_ == 0) {
            done += to.on_plain_rows(bytes.substr(done), line_);
            if (done == bytes.size())
                break;
        }
        const auto rest = bytes.substr(done);
        switch (scan(rest, last)) {
        case scan_result::more: return done;
        case scan_result::row:
            if (row_size_ != 0 && hand_out(rest, to) == row_verdict::resplit && newlines_ != 0) {
                done += drop_first_line(rest,
                                        "the row goes on over several lines and has the wrong number of fields; "
                                        "maybe a quote is missing",
                                        to);
                break;
            }
            [[fallthrough]];
        case scan_result::comment:
            line_ += newlines_ + 1;
            done += pos_;
            begin_row();
            break;
        case scan_result::bad: done += drop_first_line(rest, bad_, to); break;
        }
    }
    return done;
}

// Goes on where the last call stopped. What is found does not depend on how much of the row is there at a time: no
// byte beyond the limit is ever looked at.
csv_splitter::scan_result csv_splitter::scan(std::string_view bytes, bool last) {
    const bool over = bytes.size() > options_.row_limit + 2;
    const auto view = over ? bytes.substr(0, options_.row_limit + 2) : bytes;
    const bool ends = last && !over;

    auto found = scan_result::more;
    if (state_ == state::row_begin) {
        const auto comment = scan_comment(view, ends);
        if (comment && (*comment != scan_result::more || !over))
            return *comment;
        if (options_.json_lines && !decided_ && view.front() != '\n' && view.front() != '\r') {
            decided_ = true;
            if (view.front() == '{')
                options_.dialect = csv_dialect::lines;
        }
        state_ = state::field_begin;
        pos_ = 0;
    }
    if (state_ != state::broken) {
        found = options_.dialect == csv_dialect::lines ? scan_line(view, ends) : scan_row(view, ends);
        if (found == scan_result::row && row_size_ > options_.row_limit)
            found = fail(too_long);
        if (found == scan_result::more && over)
            found = fail(too_long);
    }
    if (state_ != state::broken)
        return found;

    // Only the first line is bad, so it has to be there.
    const auto newline = view.find('\n', pos_);
    if (newline != std::string_view::npos || over || ends)
        return scan_result::bad;
    pos_ = view.size();
    return scan_result::more;
}

// Nothing when the row is no comment.
std::optional<csv_splitter::scan_result> csv_splitter::scan_comment(std::string_view view, bool ends) {
    if (view.front() != '#')
        return std::nullopt;
    auto end = view.find('\n', pos_);
    if (end == std::string_view::npos) {
        pos_ = view.size();
        if (!ends)
            return scan_result::more;
        end = view.size();
    }
    if (!view.starts_with(comment_prefix))
        return std::nullopt;
    pos_ = std::min(end + 1, view.size());
    newlines_ = 0;
    return scan_result::comment;
}

csv_splitter::scan_result csv_splitter::scan_line(std::string_view view, bool ends) {
    const auto newline = view.find('\n', pos_);
    if (newline == std::string_view::npos) {
        pos_ = view.size();
        if (!ends)
            return scan_result::more;
        return end_row(view, view.size());
    }
    return end_row(view, newline);
}

csv_splitter::scan_result csv_splitter::scan_row(std::string_view view, bool ends) {
    const char separator = options_.separator;
    const bool lenient = options_.dialect == csv_dialect::lenient;
    for (;;) {
        switch (state_) {
        case state::field_begin: {
            auto at = pos_;
            if (lenient) {
                while (at < view.size() && view[at] == ' ')
                    ++at;
            }
            if (at == view.size() && !ends)
                return scan_result::more;
            if (raw_.size() == max_columns)
                return fail("the row has too many columns");
            doubled_ = false;
            if (at < view.size() && view[at] == '"') {
                field_begin_ = pos_ = at + 1;
                state_ = state::quoted;
            } else {
                field_begin_ = pos_;
                state_ = state::plain;
            }
            break;
        }
        case state::plain: {
            while (pos_ < view.size() && view[pos_] != separator && view[pos_] != '\n')
                ++pos_;
            if (pos_ == view.size()) {
                if (!ends)
                    return scan_result::more;
                return end_row(view, pos_);
            }
            if (view[pos_] == '\n')
                return end_row(view, pos_);
            end_field(pos_, false);
            break;
        }
        case state::quoted: {
            const auto quote = view.find('"', pos_);
            const auto end = std::min(quote, view.size());
            newlines_ += static_cast<std::uint32_t>(std::count(view.begin() + pos_, view.begin() + end, '\n'));
            if (lenient && newlines_ > max_lenient_newlines)
                return fail("a quote is not closed");
            pos_ = end;
            if (quote == std::string_view::npos) {
                if (!ends)
                    return scan_result::more;
                return fail("a quote is not closed");
            }
            quote_end_ = pos_++;
            state_ = state::after_quote;
            break;
        }
        case state::after_quote: {
            bool unsure = false;
            if (closes(view, ends, unsure)) {
                if (pos_ < view.size() && view[pos_] == separator) {
                    end_field(quote_end_, true);
                    break;
                }
                return end_row(view, std::min(view.find('\n', pos_), view.size()));
            }
            if (unsure)
                return scan_result::more;
            if (!lenient) {
                if (view[pos_] != '"')
                    return fail("text follows a closing quote");
                doubled_ = true;
                ++pos_;
            }
            state_ = state::quoted;
            break;
        }
        case state::row_begin:
        case state::broken: return scan_result::more;
        }
    }
}

// Whether the quote before `pos_` closes its field. `unsure` when that depends on bytes yet to come.
bool csv_splitter::closes(std::string_view view, bool ends, bool& unsure) const {
    auto at = pos_;
    if (at < view.size() && view[at] == options_.separator)
        return true;
    // One of the compiled-in FreeSWITCH templates ends its rows so.
    if (options_.dialect == csv_dialect::lenient && at < view.size() && view[at] == ';')
        ++at;
    if (at < view.size() && view[at] == '\r')
        ++at;
    if (at == view.size()) {
        unsure = !ends;
        return ends;
    }
    return view[at] == '\n';
}

void csv_splitter::end_field(std::size_t end, bool quoted) {
    raw_.push_back({field_begin_, end - field_begin_, quoted, doubled_});
    ++pos_;
    state_ = state::field_begin;
}

csv_splitter::scan_result csv_splitter::end_row(std::string_view view, std::size_t end) {
    row_size_ = without_cr(view.substr(0, end)).size();
    if (state_ == state::after_quote) {
        end_field(quote_end_, true);
    } else {
        end_field(std::max(row_size_, field_begin_), false);
    }
    pos_ = std::min(end + 1, view.size());
    return scan_result::row;
}

csv_splitter::scan_result csv_splitter::fail(std::string_view reason) {
    bad_ = reason;
    state_ = state::broken;
    pos_ = 0;
    return scan_result::bad;
}

void csv_splitter::begin_row() noexcept {
    state_ = state::row_begin;
    pos_ = 0;
    field_begin_ = 0;
    newlines_ = 0;
    raw_.clear();
}

row_verdict csv_splitter::hand_out(std::string_view bytes, csv_handler& to) {
    fields_.clear();
    quoted_.clear();
    scratch_.clear();
    scratch_.reserve(row_size_); // so that views into it stay valid
    for (const auto& f : raw_) {
        auto text = bytes.substr(f.begin, f.size);
        if (f.doubled) {
            const auto begin = scratch_.size();
            for (std::size_t i = 0; i < text.size(); ++i) {
                scratch_ += text[i];
                if (text[i] == '"')
                    ++i;
            }
            text = std::string_view(scratch_).substr(begin);
        }
        fields_.push_back(text);
        quoted_.push_back(f.quoted ? 1 : 0);
    }
    return to.on_row({line_, newlines_ + 1, bytes.substr(0, row_size_), fields_, quoted_});
}

std::size_t csv_splitter::drop_first_line(std::string_view bytes, std::string_view reason, csv_handler& to) {
    const auto view = bytes.substr(0, options_.row_limit + 2);
    const auto newline = view.find('\n');
    begin_row();
    if (newline != std::string_view::npos) {
        to.on_bad_row(line_, reason, without_cr(view.substr(0, newline)));
        ++line_;
        return newline + 1;
    }
    const auto line = without_cr(bytes.substr(0, options_.row_limit));
    // Beyond the limit nothing is kept; the row is lost, its place in the file is not.
    skipping_ = true;
    to.on_bad_row(line_, reason, line);
    return bytes.size() > view.size() ? view.size() : bytes.size();
}

std::string header_key(std::string_view name) {
    std::string key;
    for (const char c : name) {
        if (c == ' ' || c == '_' || c == '-' || c == '\t')
            continue;
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return key;
}

csv_header::csv_header(std::span<const std::string_view> names) {
    for (const auto name : names) {
        names_.emplace_back(trim(name));
        keys_.push_back(header_key(name));
    }
}

std::optional<std::size_t> csv_header::find(std::string_view name) const {
    const auto found = std::find(keys_.begin(), keys_.end(), header_key(name));
    if (found == keys_.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - keys_.begin());
}

std::optional<std::size_t> csv_header::find_any(std::span<const std::string_view> names) const {
    for (const auto name : names) {
        if (const auto found = find(name))
            return found;
    }
    return std::nullopt;
}

std::string_view csv_header::duplicate() const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (!keys_[i].empty() && std::find(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(i), keys_[i]) !=
                                     keys_.begin() + static_cast<std::ptrdiff_t>(i)) {
            return names_[i];
        }
    }
    return {};
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        parts.emplace_back(trim(text.substr(0, comma)));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

} // namespace lineside::cdr
