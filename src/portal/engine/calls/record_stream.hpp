#pragma once

#include <lineside/call_import.hpp>

#include "cdr/reader.hpp"
#include "portal/launch.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace lineside {

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
