// What an input is, by what stands in it. Headers and members are told apart by their names, rows without header by
// their width and by what their columns look like.

#include "cdr/csv.hpp"
#include "cdr/fields.hpp"
#include "cdr/outcome.hpp"
#include "cdr/reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace lineside::cdr {

namespace {

constexpr std::size_t enough_rows = 50;
constexpr std::size_t enough_names = 4096;

/// Names as they stand, found by their header keys.
class name_set {
public:
    void add(std::string_view name) {
        if (keys_.size() < enough_names && !trim(name).empty())
            keys_.insert(header_key(name));
    }
    [[nodiscard]] bool has(std::string_view key) const { return keys_.find(key) != keys_.end(); }
    [[nodiscard]] bool has_any(std::initializer_list<std::string_view> keys) const {
        return std::any_of(keys.begin(), keys.end(), [&](auto key) { return has(key); });
    }
    [[nodiscard]] bool has_all(std::initializer_list<std::string_view> keys) const {
        return std::all_of(keys.begin(), keys.end(), [&](auto key) { return has(key); });
    }

private:
    std::set<std::string, std::less<>> keys_;
};

struct kind_of_names {
    record_format format;
    std::string_view telling;
};

std::optional<kind_of_names> by_names(const name_set& names) {
    using enum record_format;
    if (names.has_all({"variables"}) && names.has_any({"coreuuid", "callflow", "channeldata"})) {
        return kind_of_names{freeswitch_json, "variables, with core-uuid, channel_data or callflow"};
    }
    if (names.has("timestart") && names.has_any({"timeend", "timeconnect"})) {
        return kind_of_names{yeti, "Time Start, with Time Connect or Time End"};
    }
    if (names.has_any({"msduration", "setuptime"}) && names.has_any({"callid", "method", "created", "callstarttime"})) {
        return kind_of_names{opensips, "ms_duration or setuptime, beside callid, method or created"};
    }
    if (names.has_all({"callid", "starttime"}) &&
        (names.has("durationms") || (names.has("accountid") && !names.has("duration")))) {
        return kind_of_names{lineside, "call_id and start_time, with duration_ms or account_id"};
    }
    if (names.has_any({"calltime", "dt"}) &&
        names.has_any({"callid", "billedduration", "customerduration", "customercharge", "releasereason",
                       "sourcenumber", "sourcecli", "destcli", "destnumber", "pddin", "branchidx", "sipcode"})) {
        return kind_of_names{connexcs, "Call Time or dt, beside other names of a ConnexCS CDR"};
    }
    if (names.has("disposition") && names.has_any({"uniqueid", "linkedid", "dst", "billsec"})) {
        return kind_of_names{asterisk_custom, "disposition, beside uniqueid, linkedid, dst or billsec"};
    }
    if (names.has_all({"starttime", "endtime", "duration"})) {
        return kind_of_names{kamailio, "start_time, end_time and duration, as in acc_cdrs"};
    }
    if (names.has_all({"method", "fromtag", "totag"}) && names.has_any({"callid", "sipcode", "code"})) {
        return kind_of_names{kamailio, "method, from_tag and to_tag, as in acc"};
    }
    return std::nullopt;
}

/// Names of members in what may be the beginning of a document.
name_set members_of(std::string_view text) {
    name_set names;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string_view::npos;) {
        const auto begin = ++at;
        while (at < text.size() && text[at] != '"')
            at += text[at] == '\\' ? 2 : 1;
        if (at >= text.size())
            break;
        const auto name = text.substr(begin, at - begin);
        const auto next = text.find_first_not_of(" \t\r\n", ++at);
        if (next != std::string_view::npos && text[next] == ':')
            names.add(name);
    }
    return names;
}

/// Names in a log line `...: name=value;name=value`.
name_set assigned_in(std::string_view line) {
    name_set names;
    while (!line.empty()) {
        auto part = line.substr(0, std::min(line.find(';'), line.size()));
        line.remove_prefix(std::min(part.size() + 1, line.size()));
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            continue;
        part = part.substr(0, equals);
        const auto space = part.find_last_of(" \t\"");
        names.add(space == std::string_view::npos ? part : part.substr(space + 1));
    }
    return names;
}

struct owned_row {
    std::vector<std::string> fields;

    [[nodiscard]] std::string_view operator[](std::size_t i) const {
        return i < fields.size() ? std::string_view(fields[i]) : std::string_view{};
    }
};

/// The first rows.
class collector final : public csv_handler {
public:
    std::vector<owned_row> rows;

    row_verdict on_row(const csv_row& row) override {
        if (rows.size() < enough_rows)
            rows.push_back({{row.fields.begin(), row.fields.end()}});
        return row_verdict::taken;
    }
    void on_bad_row(std::uint64_t, std::string_view, std::string_view) override {}
};

std::vector<owned_row> first_rows(std::string_view head, csv_dialect dialect) {
    collector found;
    csv_splitter splitter({.dialect = dialect});
    splitter.feed(head, found);
    // The last row may be cut, unless it is all there is.
    if (found.rows.empty())
        splitter.finish(found);
    return std::move(found.rows);
}

bool is_time(std::string_view text) {
    parsed_time t;
    std::int64_t ms = 0;
    return parse_time(text, t) == nullptr || (text.size() >= 10 && parse_epoch(text, ms) == nullptr);
}

bool is_disposition(std::string_view text) {
    constexpr std::array words{"answered", "noanswer", "busy", "failed", "congestion", "cancel"};
    const auto key = header_key(text);
    return std::find(words.begin(), words.end(), key) != words.end();
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

/// Asterisk's columns with the start at `start` (from 0).
bool is_asterisk_row(const owned_row& row, std::size_t start, std::size_t most) {
    return row.fields.size() >= 16 && row.fields.size() <= most && is_time(row[start]) &&
           (row[start + 1].empty() || is_time(row[start + 1])) && is_time(row[start + 2]) &&
           is_disposition(row[start + 5]);
}

struct freeswitch_shape {
    std::size_t uuid = 0;
    std::size_t cause = 0; ///< 0: none
    std::size_t times = 0;
    std::size_t first_time = 0;
};

/// Columns from 1.
std::optional<freeswitch_shape> freeswitch_row(const owned_row& row) {
    freeswitch_shape shape;
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        const auto text = trim(row[i]);
        parsed_time t;
        if (shape.uuid == 0 && is_uuid(text))
            shape.uuid = i + 1;
        if (shape.cause == 0 && text.find('_') != std::string_view::npos && meaning_of_cause(text))
            shape.cause = i + 1;
        if (parse_time(text, t) == nullptr && shape.times++ == 0)
            shape.first_time = i + 1;
    }
    if (shape.uuid == 0 || shape.times == 0 || (shape.cause == 0 && shape.times < 2))
        return std::nullopt;
    return shape;
}

template <class Is>
bool most_of(const std::vector<owned_row>& rows, Is&& is) {
    const auto n = static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is));
    return n != 0 && n * 2 >= rows.size();
}

detection named(const char* what, const kind_of_names& kind) {
    return {kind.format, std::string(what) + " " + std::string(kind.telling)};
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) {
               return equal_ignoring_case({&a, 1}, {&b, 1});
           }) != text.end();
}

/// Without byte order mark, empty lines and comments.
std::string_view beginning(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF"))
        head.remove_prefix(3);
    for (;;) {
        const auto first = head.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos)
            return {};
        head.remove_prefix(first);
        if (!head.starts_with(comment_prefix))
            return head;
        head.remove_prefix(std::min(head.find('\n'), head.size()));
    }
}

detection by_rows(std::string_view head) {
    using enum record_format;
    const auto rows = first_rows(head, csv_dialect::rfc4180);
    if (!rows.empty()) {
        name_set header;
        for (const auto& name : rows.front().fields)
            header.add(name);
        if (const auto kind = by_names(header))
            return named("the header names", *kind);

        const auto width = [&] { return std::to_string(rows.front().fields.size()) + " columns without a header, "; };
        if (most_of(rows, [](const auto& row) { return is_asterisk_row(row, 9, 21); })) {
            return {asterisk, width() + "times in columns 10 to 12, a disposition (" + std::string(rows.front()[14]) +
                                  ") in column 15, as cdr_csv writes"};
        }
        if (most_of(rows, [](const auto& row) { return is_asterisk_row(row, 8, 19); })) {
            return {asterisk_custom, width() + "clid first, times in columns 9 to 11, a disposition (" +
                                         std::string(rows.front()[13]) + ") in column 14, as cdr_custom writes"};
        }
    }
    const auto lenient = first_rows(head, csv_dialect::lenient);
    if (most_of(lenient, [](const auto& row) { return freeswitch_row(row).has_value(); })) {
        const auto& row =
            *std::find_if(lenient.begin(), lenient.end(), [](const auto& r) { return freeswitch_row(r).has_value(); });
        const auto shape = *freeswitch_row(row);
        std::string evidence = std::to_string(row.fields.size()) +
                               " columns without a header, the first time in column " +
                               std::to_string(shape.first_time) + ", ";
        if (shape.cause != 0) {
            evidence += "a hangup cause (" + std::string(trim(row[shape.cause - 1])) + ") in column " +
                        std::to_string(shape.cause) + ", ";
        }
        return {freeswitch_csv, evidence + "a uuid in column " + std::to_string(shape.uuid)};
    }
    return {};
}

} // namespace

detection detect(std::string_view head) {
    using enum record_format;
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
        return {record_format::detect, "it is UTF-16 text; save it as UTF-8"};
    }
    if (head.starts_with("PK\x03\x04")) {
        return {record_format::detect, "it is a ZIP archive or a spreadsheet; export it as CSV"};
    }
    const auto text = beginning(head);
    if (text.empty())
        return {record_format::detect, "it has no rows"};
    const auto line = text.substr(0, std::min(text.find('\n'), text.size()));

    if (text.front() == '{' || text.front() == '[') {
        if (text.find("\"E_ACC_") != std::string_view::npos)
            return {opensips, "JSON with an event E_ACC_..."};
        if (const auto kind = by_names(members_of(text)))
            return named("JSON with members", *kind);
        return {record_format::detect, "JSON whose members are of no known format"};
    }
    if (line.starts_with("cdr=") || contains_ignoring_case(line, "%22core-uuid%22")) {
        return {freeswitch_json, "a URL-encoded JSON document, as mod_json_cdr posts it"};
    }
    if (contains_ignoring_case(line.substr(0, 32), "insert into") && contains_ignoring_case(line, "values")) {
        return {freeswitch_csv, "an INSERT statement, as the template sql of mod_cdr_csv has it"};
    }
    if (line.find(';') != std::string_view::npos && line.find('=') != std::string_view::npos) {
        if (const auto kind = by_names(assigned_in(line)))
            return named("log lines with", *kind);
    }
    if (auto found = by_rows(text); found.format != record_format::detect)
        return found;
    return {record_format::detect, "neither a header nor the shape of the first rows is of a known format"};
}

} // namespace lineside::cdr
