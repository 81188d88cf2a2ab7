#include "cli/summary_table.hpp"

#include "cli/shown.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::cli {

namespace {

// A column of the table. The least important ones go where the page is narrow.
struct column {
    std::string_view heading;
    alignment align;
    int importance;
    std::string (*cell)(const summary_row&);
};

constexpr int essential = 9;

constexpr std::array<column, 13> columns{{
    {"attempts", alignment::right, essential, [](const summary_row& r) { return std::to_string(r.attempts); }},
    {"answered", alignment::right, essential, [](const summary_row& r) { return std::to_string(r.answered); }},
    {"ASR %", alignment::right, essential, [](const summary_row& r) { return shown(r.asr); }},
    {"ACD s", alignment::right, essential, [](const summary_row& r) { return shown(r.acd_s); }},
    {"talk", alignment::right, 5,
     [](const summary_row& r) { return shown_length(std::chrono::milliseconds(std::llround(r.talk_s * 1000))); }},
    {"billed s", alignment::right, 3, [](const summary_row& r) { return shown(r.billed_s); }},
    {"DTMF calls", alignment::right, 4, [](const summary_row& r) { return shown(r.dtmf_calls); }},
    {"DTMF %", alignment::right, 6, [](const summary_row& r) { return shown(r.dtmf_percent); }},
    {"charge", alignment::right, 8, [](const summary_row& r) { return shown(r.charge); }},
    {"currency", alignment::left, 2, [](const summary_row& r) { return r.currency.empty() ? "-" : r.currency; }},
    {"open calls", alignment::right, 1, [](const summary_row& r) { return std::to_string(r.open_calls); }},
    {"state", alignment::left, 7, [](const summary_row& r) { return std::string(to_string(r.state)); }},
    {"revision", alignment::right, 2, [](const summary_row& r) { return std::to_string(r.revision); }},
}};

std::string label_of(instant start, row_label label) {
    const auto text = shown_time(start, {});
    switch (label) {
    case row_label::day_and_hour: return text.substr(0, 16);
    case row_label::hour: return text.substr(5, 11);
    case row_label::day: return text.substr(0, 10);
    case row_label::month: return text.substr(0, 7);
    }
    return text;
}

table table_of(const summary& s, row_label label, int least_important) {
    table t;
    t.add_column("UTC", alignment::left);
    for (const auto& c : columns)
        if (c.importance >= least_important)
            t.add_column(c.heading, c.align);
    for (const auto& row : s.rows) {
        std::vector<std::string> cells{label_of(row.start, label)};
        for (const auto& c : columns)
            if (c.importance >= least_important)
                cells.push_back(c.cell(row));
        t.add_row(std::move(cells));
    }
    return t;
}

} // namespace

table summary_table(const summary& s, row_label label, std::size_t width) {
    for (int least_important = 1;; ++least_important) {
        auto t = table_of(s, label, least_important);
        if (t.width() <= width || least_important == essential)
            return t;
    }
}

} // namespace lineside::cli
