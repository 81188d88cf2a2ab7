#pragma once

#include <lineside/call.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lineside {

/// The formats of call records Lineside reads. `detect` looks at the content.
enum class record_format : std::uint8_t {
    detect,
    lineside, ///< Lineside's own CSV or NDJSON
    asterisk,
    asterisk_custom,
    freeswitch_csv,
    freeswitch_json,
    kamailio,
    opensips,
    yeti,
    connexcs,
};

/// "auto", "lineside", "asterisk", "asterisk-custom", "freeswitch-csv", ...: the program's `--format`.
[[nodiscard]] LINESIDE_API std::string_view to_string(record_format f) noexcept;
[[nodiscard]] LINESIDE_API result<record_format> parse_record_format(std::string_view text);

/// Bytes to be read once, front to back.
class LINESIDE_API byte_source {
public:
    virtual ~byte_source() = default;
    /// Fills a part of `to` and says how much; 0 is the end. Throws `lineside::error` (unavailable) when reading fails.
    virtual std::size_t read(std::span<char> to) = 0;
    /// How many bytes there will be in all, where that is known: for progress.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
};

/// A file, or standard input for "-". Errors: not_found, unavailable.
[[nodiscard]] LINESIDE_API result<std::shared_ptr<byte_source>> open_file(const std::string& path);

/// A row that could not become a call. The text is the row as it stood, so that it can be mended and imported again.
struct rejected_row {
    std::string file;
    std::uint64_t line = 0;   ///< first line of the row, from 1
    std::uint32_t column = 0; ///< column of the field in the row, from 1; 0 when the row as a whole is wrong
    std::string field;        ///< name of the field
    std::string reason;
    std::string text;
    std::string header; ///< the input's header row, where its format has one

    bool operator==(const rejected_row&) const = default;
};

struct import_progress {
    std::uint64_t rows = 0;  ///< rows read so far
    std::uint64_t bytes = 0; ///< bytes read so far (of a compressed file: compressed)
    std::optional<std::uint64_t> total_bytes;
};

/// What the engine does with a file that has bad rows.
enum class import_mode : std::uint8_t {
    keep_good, ///< reject bad rows one by one, import the rest
    strict,    ///< refuse the whole file at the first bad row, changing nothing
};

/// Whether the source writes a record for attempts that were not answered.
enum class attempt_coverage : std::uint8_t {
    all_attempts,
    answered_only, ///< then ASR and NER are "not reported" wherever its calls count
};

[[nodiscard]] LINESIDE_API std::string_view to_string(import_mode m) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(attempt_coverage c) noexcept;

/// A stream of a switch's call records to be read, folded into calls and stored.
struct import_request {
    std::shared_ptr<byte_source> input{};
    std::string name{}; ///< what messages call the input: the file's name
    record_format format = record_format::detect;
    std::optional<account_id> account{}; ///< put every record on this account ...
    std::string account_from{};          ///< ... or on the one this field of the record names; else the format's own
    std::string time_zone{};             ///< IANA zone of local times without offset
    std::string source{};                ///< default: the format's name
    std::string fields{};                ///< explicit column list or template where the format is configurable
    std::string currency{};              ///< of charges without one; default: the account's
    attempt_coverage coverage = attempt_coverage::all_attempts;
    import_mode mode = import_mode::keep_good;
    /// Called with each rejected row, on the thread that imports.
    std::function<void(const rejected_row&)> on_rejected{};
    /// Called every few tens of milliseconds, on the thread that imports.
    std::function<void(const import_progress&)> on_progress{};
};

/// What an import did. read = imported + duplicates + restated + rejected + folded.
struct import_report {
    std::uint64_t read = 0;       ///< rows read
    std::uint64_t imported = 0;   ///< calls that were new
    std::uint64_t duplicates = 0; ///< calls already stored, byte for byte the same in meaning
    std::uint64_t restated = 0;   ///< calls already stored that this record corrected
    std::uint64_t rejected = 0;   ///< rows refused
    std::uint64_t folded = 0;     ///< rows that were further legs or retries of a call counted above
    std::uint64_t bytes = 0;
    double seconds = 0;
    record_format format = record_format::detect; ///< the one that was used
    std::string source;
    std::string evidence;           ///< why that format
    std::vector<std::string> notes; ///< what the reader assumed: zone, ambiguous hours, columns ignored

    bool operator==(const import_report&) const = default;
};

/// Calls the host has already as values. All are stored in one transaction, or none.
struct call_batch {
    std::vector<call> calls{};
    attempt_coverage coverage = attempt_coverage::all_attempts;
};

} // namespace lineside
