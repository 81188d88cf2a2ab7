#include "portal/engine/calls/record_stream.hpp"

#include <lineside/error.hpp>

#include "rules/calendar.hpp"

#include <string_view>
#include <utility>

namespace lineside {

namespace {

constexpr std::size_t detection_bytes = 64U << 10U;

} // namespace

record_input::record_input(const import_request& request, const stopper& stop)
    : stop_(stop),
      input_(*request.input),
      format_(request.format) {
    // A pipe hands out a few bytes at a time.
    while (head_.size() < detection_bytes) {
        const auto bytes = read();
        if (bytes.empty())
            break;
        head_ += bytes;
    }
    if (format_ != record_format::detect)
        return;
    auto found = cdr::detect(std::string_view(head_).substr(0, detection_bytes));
    if (found.format == record_format::detect)
        throw error(errc::invalid_argument,
                    request.name + ": not recognised as call records of a known format" +
                        (found.evidence.empty() ? "" : " (" + found.evidence + ")") + "; name the format",
                    "format");
    format_ = found.format;
    evidence_ = std::move(found.evidence);
}

std::string_view record_input::read() {
    stop_.check();
    return input_.next();
}

cdr::zone_resolver zone_resolver_of(const std::string& name) {
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

stream_read read_stream(const import_request& request, cdr::reader_options options, cdr::sink& to,
                        const std::function<void(std::uint64_t rows, std::uint64_t bytes)>& progress,
                        const stopper& stop) {
    if (!request.input)
        throw error(errc::invalid_argument, "there is no input to read", "input");
    options.name = request.name;
    options.zone = zone_resolver_of(request.time_zone);
    options.currency = request.currency;
    options.fields = request.fields;

    record_input input(request, stop);
    const auto reader = cdr::make_reader(input.format(), std::move(options), to);
    for (auto bytes = input.next(); !bytes.empty(); bytes = input.next()) {
        reader->feed(bytes);
        progress(reader->rows(), input.raw_bytes_read());
    }
    reader->finish();
    return {input.format(), input.evidence(), reader->rows(), input.raw_bytes_read()};
}

} // namespace lineside
