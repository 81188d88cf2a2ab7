#include "portal/engine/calls/record_stream.hpp"

#include <lineside/error.hpp>

#include "rules/calendar.hpp"

#include <string_view>
#include <utility>

namespace lineside {

namespace {

constexpr std::size_t detection_bytes = 64U << 10U;

cdr::zone_resolver resolver_of(const std::string& name) {
    if (name.empty())
        return {};
    return [zone = rules::zone::find(name).value()](std::int64_t civil_ms, cdr::repeated_hour which) {
        using from = enum rules::zone::local_time::kind;
        using to = enum cdr::resolved_time::kind;
        const auto local = zone.resolve(civil_ms);
        const auto kind = local.kind == from::unique     ? to::unique
                          : local.kind == from::repeated ? to::repeated
                                                         : to::skipped;
        const auto t = which == cdr::repeated_hour::second ? local.second : local.first;
        return cdr::resolved_time{t.time_since_epoch().count(), kind};
    };
}

void choose_format(const import_request& request, std::string_view head, stream_read& to) {
    to.format = request.format;
    to.evidence = "named by the caller";
    if (to.format != record_format::detect)
        return;
    auto found = cdr::detect(head.substr(0, detection_bytes));
    if (found.format == record_format::detect)
        throw error(errc::invalid_argument,
                    request.name + ": not recognised as call records of a known format" +
                        (found.evidence.empty() ? "" : " (" + found.evidence + ")") + "; name the format",
                    "format");
    to.format = found.format;
    to.evidence = std::move(found.evidence);
}

} // namespace

stream_read read_stream(const import_request& request, cdr::reader_options options, cdr::sink& to,
                        const std::function<void(std::uint64_t rows, std::uint64_t bytes)>& progress,
                        const stopper& stop) {
    if (!request.input)
        throw error(errc::invalid_argument, "there is no input to read", "input");
    options.name = request.name;
    options.zone = resolver_of(request.time_zone);
    options.currency = request.currency;
    options.fields = request.fields;

    stream_read result;
    cdr::decoded_input input(*request.input);
    const auto next = [&] {
        stop.check();
        return input.next();
    };
    // Enough to recognise a format by: a pipe hands out a few bytes at a time.
    std::string head;
    while (head.size() < detection_bytes) {
        const auto bytes = next();
        if (bytes.empty())
            break;
        head += bytes;
    }
    choose_format(request, head, result);
    const auto reader = cdr::make_reader(result.format, std::move(options), to);
    for (std::string_view bytes = head; !bytes.empty(); bytes = next()) {
        reader->feed(bytes);
        progress(reader->rows(), input.raw_bytes_read());
    }
    reader->finish();
    result.rows = reader->rows();
    result.bytes = input.raw_bytes_read();
    return result;
}

} // namespace lineside
