#include "wire/events.hpp"

#include "wire/json.hpp"
#include "wire/json_document.hpp"
#include "wire/problem.hpp"

#include <utility>

namespace lineside::wire {

namespace {

template <class Value>
void append_line(std::string& out, std::string_view name, const Value& value) {
    out.append("{\"").append(name).append("\":");
    append_json(out, value);
    out += "}\n";
}

std::string_view name_of(record_side side) { return side == record_side::ours ? "ours" : "theirs"; }

template <class T>
T value_of(std::string_view member) {
    return parse_json<T>(member, missing_member::defaulted, unknown_member::ignored);
}

record_side side_of(const json_members& rejected) {
    const auto name = rejected.find("side");
    if (!name)
        return record_side::none;
    if (name == "\"ours\"")
        return record_side::ours;
    if (name == "\"theirs\"")
        return record_side::theirs;
    throw error(errc::invalid_argument, "/rejected/side is neither ours nor theirs", "/rejected/side");
}

template <class Report>
record_event<Report> event_of(const json_members& document) {
    if (const auto progress = document.find("progress"))
        return value_of<import_progress>(*progress);
    if (const auto rejected = document.find("rejected")) {
        rejected_event event{value_of<rejected_row>(*rejected)};
        event.side = side_of(json_members(*rejected));
        return event;
    }
    if (const auto evidence = document.find("evidence"))
        return evidence_event{value_of<std::string>(*evidence)};
    if (const auto report = document.find("report"))
        return value_of<Report>(*report);
    if (const auto problem = document.find("problem")) {
        const auto members = parse_document(*problem);
        const auto* status = members.is_object() ? members.get_object().if_contains("status") : nullptr;
        return parse_problem(status != nullptr && status->is_int64() ? static_cast<int>(status->get_int64()) : 500,
                             *problem);
    }
    return unknown_event{};
}

} // namespace

void append_event(std::string& out, const import_progress& progress) { append_line(out, "progress", progress); }

void append_event(std::string& out, const rejected_event& rejected) {
    append_line(out, "rejected", rejected.row);
    if (rejected.side == record_side::none)
        return;
    out.resize(out.size() - std::string_view("}}\n").size());
    out.append(",\"side\":\"").append(name_of(rejected.side)).append("\"}}\n");
}

void append_event(std::string& out, const evidence_event& evidence) { append_line(out, "evidence", evidence.text); }
void append_event(std::string& out, const import_report& report) { append_line(out, "report", report); }
void append_event(std::string& out, const dispute_report& report) { append_line(out, "report", report); }

void append_event(std::string& out, const failure& problem) {
    out += R"({"problem":)";
    append_problem(out, problem);
    out += "}\n";
}

template <class Report>
record_event<Report> parse_event(std::string_view line) {
    try {
        return event_of<Report>(json_members(line));
    } catch (const error& e) {
        throw error(errc::protocol, "an event of the answer is wrong: " + e.details().message, e.details().field);
    }
}

template record_event<import_report> parse_event<import_report>(std::string_view);
template record_event<dispute_report> parse_event<dispute_report>(std::string_view);

} // namespace lineside::wire
