#pragma once

#include <lineside/call_import.hpp>
#include <lineside/dispute.hpp>
#include <lineside/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

// What happens while records are read, one JSON object a line, as the functions of the request would be told it.
namespace lineside::wire {

/// Whose records: `none` where there is but one input.
enum class record_side : std::uint8_t { none, ours, theirs };

struct rejected_event {
    rejected_row row{};
    record_side side = record_side::none;

    bool operator==(const rejected_event&) const = default;
};

/// The next piece of the table of differing calls.
struct evidence_event {
    std::string text{};

    bool operator==(const evidence_event&) const = default;
};

/// What a newer server says on the way.
struct unknown_event {
    bool operator==(const unknown_event&) const = default;
};

/// The last one is a report or a failure. Report: import_report or dispute_report, here and below.
template <class Report>
using record_event = std::variant<unknown_event, import_progress, rejected_event, evidence_event, Report, failure>;

/// A line with its newline.
void append_event(std::string& out, const import_progress& progress);
void append_event(std::string& out, const rejected_event& rejected);
void append_event(std::string& out, const evidence_event& evidence);
void append_event(std::string& out, const import_report& report);
void append_event(std::string& out, const dispute_report& report);
void append_event(std::string& out, const failure& problem);

/// Reads a line. Throws `lineside::error` (protocol) where it is no event.
template <class Report>
[[nodiscard]] record_event<Report> parse_event(std::string_view line);

} // namespace lineside::wire
