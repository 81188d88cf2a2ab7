#pragma once

#include "cdr/csv.hpp"
#include "cdr/fields.hpp"
#include "cdr/reader.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace lineside::cdr {

/// What is wrong with a row: where it is wrong, and why.
struct row_fault {
    std::uint32_t column = 0; ///< from 1; 0: the row as a whole
    std::string field;
    std::string reason;
};

/// What every call must be, whatever its source: an id, an account, times in order, texts that are texts. `names` are
/// the format's own words for the fields, for the message.
struct call_field_names {
    std::string_view call_id = "call_id";
    std::string_view account = "account_id";
    std::string_view cli = "cli";
    std::string_view destination = "destination";
    std::string_view hangup_cause = "hangup_cause";
    std::string_view source_ip = "source_ip";
    std::string_view currency = "currency";
    std::string_view answer = "answer_time";
    std::string_view end = "end_time";
    std::string_view talk = "duration";
};
[[nodiscard]] bool check_call(const call_view& call, const call_field_names& names, row_fault& why);

/// What all readers do in the same way: count, reject, remark, find the account, make sense of local times.
class reader_base : public reader {
public:
    [[nodiscard]] std::uint64_t rows() const noexcept override { return rows_; }

protected:
    /// Throws `lineside::error` (invalid_argument) for an account or a currency that is none.
    reader_base(reader_options options, sink& to);

    [[nodiscard]] const reader_options& options() const noexcept { return options_; }
    [[nodiscard]] local_clock& clock() noexcept { return clock_; }
    [[nodiscard]] sink& to() noexcept { return *to_; }

    void count_row() noexcept { ++rows_; }
    void count_rows(std::uint64_t n) noexcept { rows_ += n; }
    /// The header that goes into rejected rows.
    void keep_header(std::string_view text) { header_.assign(text); }
    [[nodiscard]] const std::string& header() const noexcept { return header_; }

    /// check_call, and the caller's own rule about currencies.
    [[nodiscard]] bool check(const call_view& call, const call_field_names& names, row_fault& why) const;
    void reject(std::uint64_t line, row_fault why, std::string_view text);
    /// Each text once per input; a hundred different ones are enough.
    void note(std::string text);
    /// Says at the end what the clock had to assume.
    void note_clock();

    /// The input as a whole cannot be read: throws `lineside::error` (invalid_argument) with "NAME:LINE: MESSAGE".
    /// `line` 0: the message is not about a line.
    [[noreturn]] void refuse(std::uint64_t line, const std::string& message, std::string member = {}) const;

    /// The name of the field that says whose a call is: `account_from`, else `standard`. Empty where the options put
    /// everything on one account.
    [[nodiscard]] std::string_view account_field(std::string_view standard) const noexcept;
    /// The column of that field among `names`, compared as headers are. Nothing where the options name the account, or
    /// where the format's standard field is not there (then each row is rejected for want of an account). Refuses an
    /// `account_from` that is not there, listing what is.
    [[nodiscard]] std::optional<std::size_t> account_column(std::span<const std::string> names,
                                                            std::string_view standard, std::uint64_t line) const;
    /// The account of a row: the options', else `value`. A fault when there is none, or it is none.
    [[nodiscard]] bool resolve_account(std::string_view value, std::uint32_t column, std::string_view field,
                                       std::string_view& account, row_fault& why) const;

    /// A time as written -> UTC, in the order of rows. Refuses a local one without a zone.
    [[nodiscard]] std::int64_t in_order(const parsed_time& t, std::uint64_t line) {
        return t.local ? clock_.in_order(t.ms, line) : t.ms;
    }
    [[nodiscard]] std::int64_t not_before(const parsed_time& t, std::int64_t reference, std::uint64_t line) {
        return t.local ? clock_.not_before(t.ms, reference, line) : t.ms;
    }

private:
    reader_options options_;
    local_clock clock_;
    sink* to_;
    std::uint64_t rows_ = 0;
    std::string header_;
    std::set<std::string, std::less<>> notes_;
};

/// A reader of rows: the splitter, and what is wrong with rows that cannot be split.
class row_reader : public reader_base, protected csv_handler {
public:
    void feed(std::string_view bytes) override { splitter_.feed(bytes, *this); }
    void finish() override;

protected:
    row_reader(reader_options options, sink& to, csv_options csv)
        : reader_base(std::move(options), to),
          splitter_(csv) {}

    void on_bad_row(std::uint64_t line, std::string_view reason, std::string_view text) override;
    /// All rows were read: hand out what is still being folded.
    virtual void on_end() {}

private:
    csv_splitter splitter_;
};

} // namespace lineside::cdr
