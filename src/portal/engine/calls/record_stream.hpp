#pragma once

#include <lineside/call_import.hpp>

#include "cdr/reader.hpp"
#include "portal/launch.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace lineside {

/// The input of a request, of which enough was read to know its format. Both of what it is given outlive it.
class record_input {
public:
    /// Throws `lineside::error`: invalid_argument (no format that is known), unavailable, and what `stop` throws.
    record_input(const import_request& request, const stopper& stop);

    [[nodiscard]] record_format format() const noexcept { return format_; }
    /// Why that format.
    [[nodiscard]] const std::string& evidence() const noexcept { return evidence_; }
    /// The next piece of it from its beginning on, without gzip; empty: there is no more. Good until the next one. Throws as
    /// the constructor does.
    [[nodiscard]] std::string_view next() { return std::exchange(begun_, true) ? read() : std::string_view(head_); }
    /// As it came, before gzip was undone.
    [[nodiscard]] std::uint64_t raw_bytes_read() const { return input_.raw_bytes_read(); }

private:
    [[nodiscard]] std::string_view read();

    const stopper& stop_;
    cdr::decoded_input input_;
    std::string head_; // enough to recognise a format by
    bool begun_ = false;
    record_format format_;
    std::string evidence_ = "named by the caller";
};

/// Of a zone's name; nothing of none. Throws `lineside::error` (invalid_argument).
[[nodiscard]] cdr::zone_resolver zone_resolver_of(const std::string& name);

/// What was read of a stream of records.
struct stream_read {
    record_format format = record_format::detect;
    std::string evidence; ///< why that format
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
};

/// Reads a stream of call records to its end, as its request says, without storing anything: recognises the format where
/// none is named, undoes gzip and hands the calls to `to`. `options` are completed with the name, zone, currency and
/// fields of the request; whose the calls are is for the caller to say there. `progress` is told rows and bytes read so
/// far, after every piece. Throws `lineside::error`: invalid_argument, unavailable, and what `stop` throws.
[[nodiscard]] stream_read read_stream(const import_request& request, cdr::reader_options options, cdr::sink& to,
                                      const std::function<void(std::uint64_t rows, std::uint64_t bytes)>& progress,
                                      const stopper& stop);

} // namespace lineside
