#pragma once

#include <lineside/call_import.hpp>

#include "model/call_view.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cdr {

/// Where the calls of a reader go. Called on the thread that feeds the reader; what it throws passes through `feed`.
class sink {
public:
    virtual ~sink() = default;
    /// The views live until the call returns. `rows` rows of the input were folded into this attempt (at least 1).
    virtual void on_call(const call_view& call, std::uint32_t rows) = 0;
    virtual void on_rejected(rejected_row row) = 0;
    /// A remark about the whole input, each text at most once per input: an assumption, a column that was ignored.
    virtual void on_note(std::string note) = 0;
};

/// Which of two equal wall-clock instants of an hour that happens twice.
enum class repeated_hour : std::uint8_t { first, second };

/// What a local time without offset turned out to be.
struct resolved_time {
    std::int64_t utc_ms = 0;
    enum class kind : std::uint8_t { unique, repeated, skipped } kind = kind::unique;
};

/// Local civil milliseconds (as if the wall clock were UTC) -> UTC. Given by the caller, because time zones are the
/// business of rules/calendar. For a repeated hour `which` chooses; a skipped one resolves to the instant of the jump.
using zone_resolver = std::function<resolved_time(std::int64_t local_ms, repeated_hour which)>;

struct reader_options {
    std::string name{};                   ///< of the input, for messages
    std::optional<std::string> account{}; ///< every record belongs to this account
    std::string account_from{};           ///< or to the one this field names
    zone_resolver zone{};                 ///< empty: local times without offset are refused
    std::string currency{};               ///< of charges that come without one
    /// The currency the account of a call is kept in, asked for calls that state one; a call in another is rejected.
    /// Empty: anything goes.
    std::function<std::string_view(const call_view&)> kept_currency{};
    std::string fields{}; ///< column list or template, where the format is configurable
};

/// Turns the bytes of one format into calls. Bounded memory whatever the input's size; no database, no clock, no I/O.
class reader {
public:
    virtual ~reader() = default;
    /// Takes the next bytes, cut anywhere. Throws `lineside::error` (invalid_argument, naming file and line) when the
    /// input as a whole cannot be read: no zone for local times, a header without a needed column.
    virtual void feed(std::string_view bytes) = 0;
    /// The input is over: hands out what is still being folded.
    virtual void finish() = 0;
    /// Rows seen so far, headers and comments not counted.
    [[nodiscard]] virtual std::uint64_t rows() const noexcept = 0;
};

/// The reader of `format`, which is not `detect`.
[[nodiscard]] std::unique_ptr<reader> make_reader(record_format format, reader_options options, sink& to);

/// What an input looks like.
struct detection {
    record_format format = record_format::detect; ///< `detect`: not recognised
    std::string evidence;                         ///< in words, for the report: "header names Time Start, ..."
};

/// Looks at the first bytes (64 KiB are plenty; already decompressed) of an input.
[[nodiscard]] detection detect(std::string_view head);

/// Rows of a rejects file carry the reason in a line that begins so, before the row; every reader skips such lines.
inline constexpr std::string_view comment_prefix = "# lineside: ";

/// `source` with gzip undone where its first bytes say gzip (also several members); otherwise the same bytes.
/// `raw_bytes_read` of the result tells the progress in the original.
class decoded_input {
public:
    explicit decoded_input(byte_source& source);
    ~decoded_input();
    decoded_input(const decoded_input&) = delete;
    decoded_input& operator=(const decoded_input&) = delete;

    /// The next bytes, at most `capacity` of a buffer the object owns; empty at the end. Valid until the next call.
    /// Throws `lineside::error` (invalid_argument) for a truncated or damaged gzip stream.
    [[nodiscard]] std::string_view next();
    [[nodiscard]] std::uint64_t raw_bytes_read() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace lineside::cdr
