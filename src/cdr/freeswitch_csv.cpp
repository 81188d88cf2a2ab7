// mod_cdr_csv of FreeSWITCH: one row per channel, from a template of the operator's making, nothing escaped.
//
// Decided here:
//  - `fields` is the name of a template that FreeSWITCH ships or the text of one, also with the XML around it. Without
//    it the shipped ones are told apart by their width and by where times and uuids stand.
//  - What a caller's name does to a row (quotes, separators, line breaks) is mended where the shape of the other
//    columns shows how; a row that cannot be mended costs its first line.
//  - The same uuid twice is two rows to the engine: equal ones are duplicates, others restate.
//  - A B leg is a channel with an originator, or, where the template has none, an outbound one that is bonded to
//    another. B legs count as rows of their A leg; without one they are left out, with a note.

#include "cdr/formats.hpp"
#include "cdr/freeswitch.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace lineside::cdr {
namespace {

using namespace freeswitch;

constexpr std::string_view common_begin =
    "caller_id_name,caller_id_number,destination_number,context,start_stamp,answer_stamp,end_stamp,duration,billsec,"
    "hangup_cause,uuid,bleg_uuid,accountcode";

struct shipped_template {
    std::string_view name;
    bool begins_as_common;
    std::string_view columns; ///< behind the common ones
};

constexpr std::array shipped_templates = {
    shipped_template{"example", true, "read_codec,write_codec"},
    shipped_template{"default", true, ""}, // compiled in, for want of a configuration
    shipped_template{"sql", true, ""},
    shipped_template{"snom", true,
                     "read_codec,write_codec,sip_user_agent,call_clientcode,sip_rtp_rxstat,sip_rtp_txstat,"
                     "sofia_record_file"},
    shipped_template{"linksys", true, "read_codec,write_codec,sip_user_agent,sip_p_rtp_stat"},
    shipped_template{"asterisk", false,
                     "accountcode,caller_id_number,destination_number,context,caller_id,channel_name,bridge_channel,"
                     "last_app,last_arg,start_stamp,answer_stamp,end_stamp,duration,billsec,hangup_cause,amaflags,uuid,"
                     "userfield"},
    shipped_template{"opencdrrate", false,
                     "uuid,signal_bond,direction,ani,destination_number,answer_stamp,end_stamp,billsec,accountcode,"
                     "userfield,network_addr,original_caller_id_name,sip_gateway_name"},
};

/// A template: what each column of a row is. An empty name is a column that is not one variable alone.
struct row_template {
    std::string name;
    std::vector<std::string> columns;
    char separator = ',';
    bool sql = false;
};

std::vector<std::string> columns_of(const shipped_template& t) {
    std::string list(t.begins_as_common ? common_begin : "");
    if (!list.empty() && !t.columns.empty())
        list += ',';
    list += t.columns;
    return split_list(list);
}

std::optional<row_template> shipped(std::string_view name) {
    for (const auto& t : shipped_templates) {
        if (equal_ignoring_case(name, t.name))
            return row_template{std::string(t.name), columns_of(t), ',', t.name == "sql"};
    }
    return std::nullopt;
}

bool is_insert(std::string_view text) {
    constexpr std::string_view word = "insert";
    return text.size() > word.size() && equal_ignoring_case(text.substr(0, word.size()), word);
}

std::string without_xml(std::string_view text) {
    text = trim(text);
    if (text.starts_with('<')) {
        const auto open = text.find('>');
        const auto close = text.rfind("</");
        if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
            text = text.substr(open + 1, close - open - 1);
        }
    }
    std::string out;
    constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
        {{"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto entity = std::find_if(entities.begin(), entities.end(),
                                         [&](const auto& e) { return text.substr(i).starts_with(e.first); });
        out += entity == entities.end() ? text[i] : entity->second;
        if (entity != entities.end())
            i += entity->first.size() - 1;
    }
    return std::string(trim(out));
}

// The variable that a column is alone, maybe in quotes; empty where it is something else.
std::string variable_of(std::string_view column) {
    column = trim(column);
    while (!column.empty() && column.back() == ';')
        column = trim(column.substr(0, column.size() - 1));
    if (column.size() >= 2 && (column.front() == '"' || column.front() == '\'') && column.back() == column.front()) {
        column = trim(column.substr(1, column.size() - 2));
    }
    if (!column.starts_with("${") || !column.ends_with('}'))
        return {};
    column = column.substr(2, column.size() - 3);
    const bool plain = std::all_of(column.begin(), column.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    return plain ? std::string(column) : std::string();
}

// "${a}","${b}" -> a, b. Separators inside braces or quotes separate nothing.
row_template parse_template(std::string_view text) {
    row_template t{"given by --fields", {}, ',', false};
    auto body = without_xml(text);
    if (is_insert(body)) {
        t.sql = true;
        const auto variables_begin = body.find("${");
        const auto open = variables_begin == std::string::npos ? std::string::npos : body.rfind('(', variables_begin);
        const auto close = body.rfind(')');
        if (open != std::string::npos && close != std::string::npos && close > open) {
            body = body.substr(open + 1, close - open - 1);
        }
    } else if (const auto brace = body.find('}'); brace != std::string::npos) {
        auto at = brace + 1;
        while (at < body.size() && (body[at] == '"' || body[at] == ' ' || body[at] == '}'))
            ++at;
        if (at < body.size() && (body[at] == ';' || body[at] == '|' || body[at] == '\t') && at + 1 < body.size()) {
            t.separator = body[at];
        }
    }
    std::string column;
    int braces = 0;
    char quote = 0;
    for (const char c : body) {
        if (c == '{')
            ++braces;
        if (c == '}')
            --braces;
        if (braces == 0 && (c == '"' || c == '\''))
            quote = quote == 0 ? c : quote == c ? '\0' : quote;
        if (c == t.separator && braces <= 0 && quote == 0) {
            t.columns.push_back(variable_of(column));
            column.clear();
        } else {
            column += c;
        }
    }
    t.columns.push_back(variable_of(column));
    return t;
}

bool looks_like_time(std::string_view text) {
    parsed_time t;
    return parse_time(trim(text), t) == nullptr;
}

bool looks_like_count(std::string_view text) {
    text = trim(text);
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool looks_like_uuid(std::string_view text) {
    text = trim(text);
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
            return false;
    }
    return true;
}

using row_fields = std::span<const std::string_view>;

// Whether the columns whose shape is known have it when the ones from `from` on stand `shift` further right.
bool fits(const row_template& t, row_fields fields, std::size_t from = 0, std::size_t shift = 0) {
    for (std::size_t i = 0; i < t.columns.size(); ++i) {
        const auto at = i < from ? i : i + shift;
        if (at >= fields.size())
            return false;
        const std::string_view name = t.columns[i];
        const auto text = trim(fields[at]);
        if (name == "uuid") {
            // Only the length of a uuid is sure: a switch may be told to make them otherwise.
            if (text.empty() || text.find(' ') != std::string_view::npos)
                return false;
        } else if (name.ends_with("_stamp")) {
            if (!text.empty() && !looks_like_time(text))
                return false;
        } else if (name.ends_with("_epoch") || name.ends_with("_uepoch") || name.starts_with("billsec") ||
                   name == "duration" || name == "billmsec" || name == "mduration") {
            if (!text.empty() && !looks_like_count(text))
                return false;
        }
    }
    return true;
}

// A column that may hold anything: where a row that is too wide was cut once too often.
bool holds_anything(std::string_view name) {
    return name.empty() || name.ends_with("name") || name == "caller_id" || name == "userfield" || name == "last_arg" ||
           name == "sip_user_agent";
}

// 'a', "b" as an SQL statement has them: a quote ends a value only where a comma or the end follows.
std::vector<std::string_view> split_sql(std::string_view values) {
    std::vector<std::string_view> out;
    while (true) {
        values = trim(values);
        if (!values.empty() && (values.front() == '"' || values.front() == '\'')) {
            const char quote = values.front();
            auto end = std::size_t{1};
            auto next = std::string_view::npos;
            for (; end < values.size(); ++end) {
                if (values[end] != quote)
                    continue;
                next = values.find_first_not_of(' ', end + 1);
                if (next == std::string_view::npos || values[next] == ',')
                    break;
            }
            out.push_back(values.substr(1, std::min(end, values.size()) - 1));
            if (end >= values.size() || next == std::string_view::npos)
                return out;
            values.remove_prefix(next + 1);
            continue;
        }
        const auto comma = std::min(values.find(','), values.size());
        out.push_back(trim(values.substr(0, comma)));
        if (comma == values.size())
            return out;
        values.remove_prefix(comma + 1);
    }
}

std::optional<row_template> given_template(std::string_view fields) {
    fields = trim(fields);
    if (fields.empty())
        return std::nullopt;
    if (auto known = shipped(fields))
        return known;
    if (fields.find("${") != std::string_view::npos)
        return parse_template(fields);
    // A plain list of variables.
    return row_template{"given by --fields", split_list(fields), ',', false};
}

class freeswitch_csv_reader final : public reader_base, private csv_handler {
public:
    freeswitch_csv_reader(reader_options opts, sink& to)
        : reader_base(std::move(opts), to),
          template_(given_template(options().fields)),
          known_(variables(options().account_from)),
          record_(known_),
          window_(to) {}

    void feed(std::string_view bytes) override {
        if (splitter_) {
            splitter_->feed(bytes, *this);
        } else if (first_.feed(bytes, false)) {
            begin();
        }
    }

    void finish() override {
        if (!splitter_) {
            first_.feed({}, true);
            begin();
        }
        splitter_->finish(*this);
        end_of_rows();
        note_clock();
    }

private:
    // Statements are lines; the rows of other templates may hold line breaks.
    void begin() {
        csv_options csv{.dialect = csv_dialect::lenient, .separator = template_ ? template_->separator : ','};
        if (template_ ? template_->sql : is_insert(first_.line()))
            csv.dialect = csv_dialect::lines;
        splitter_.emplace(csv);
        splitter_->feed(first_.bytes(), *this);
    }

    void on_bad_row(std::uint64_t line, std::string_view reason, std::string_view text) override {
        count_row();
        reject(line, {0, {}, std::string(reason)}, text);
    }

    row_verdict on_row(const csv_row& row) override {
        if (!checked_) {
            checked_ = true;
            if (template_)
                check_template(0);
        }
        if (swallows_a_row(row))
            return row_verdict::resplit;
        if (!template_ && !recognise(row)) {
            if (row.lines > 1)
                return row_verdict::resplit;
            unrecognised_.emplace_back(row.line, row.text);
            if (unrecognised_.size() >= max_unrecognised)
                refuse_shape(row.line, row.size());
            return row_verdict::taken;
        }
        std::vector<std::string_view> values;
        auto fields = row.fields;
        if (template_->sql || is_insert(row.text)) {
            const auto text = row.text;
            const auto open = text.rfind('(', text.find_first_of("\"'"));
            const auto close = text.rfind(')');
            if (!is_insert(text) || open == std::string_view::npos || close == std::string_view::npos || close < open) {
                return bad_shape(row, "is no INSERT statement");
            }
            values = split_sql(text.substr(open + 1, close - open - 1));
            fields = values;
        }
        const auto width = template_->columns.size();
        std::size_t from = 0;
        std::size_t shift = 0;
        if (fields.size() > width && !more_columns_) {
            shift = fields.size() - width;
            while (from < width &&
                   (!holds_anything(template_->columns[from]) || !fits(*template_, fields, from + 1, shift)))
                ++from;
            if (from == width)
                shift = 0;
            ++from;
        }
        if (fields.size() < width || (fields.size() > width && shift == 0 && !more_columns_)) {
            return bad_shape(row, "has " + std::to_string(fields.size()) + " fields where the template " +
                                      template_->name + " has " + std::to_string(width));
        }
        if (row.lines > 1 && shift == 0 && !fits(*template_, fields))
            return row_verdict::resplit;
        record_.clear();
        for (std::size_t i = 0; i < width; ++i) {
            const auto at = i < from ? i : i + shift;
            if (matches_[i])
                record_.put(matches_[i], template_->columns[i], fields[at], static_cast<std::uint32_t>(at + 1));
        }
        row_fault why;
        if (!take(row, why)) {
            count_row();
            reject(row.line, std::move(why), row.text);
        }
        count_rows(window_.rows_of_calls() - counted_);
        counted_ = window_.rows_of_calls();
        return row_verdict::taken;
    }

    void end_of_rows() {
        if (!template_ && !unrecognised_.empty())
            refuse_shape(unrecognised_.front().first, 0);
        window_.finish();
        count_rows(window_.rows_of_calls() - counted_);
        counted_ = window_.rows_of_calls();
        if (window_.orphans() != 0) {
            note(std::to_string(window_.orphans()) + " rows are B legs without their A leg; they were left out");
        }
    }

    bool take(const csv_row& row, row_fault& why) {
        const auto b_leg = is_b_leg(record_);
        if (b_leg && !record_[uuid].empty()) {
            window_.b_leg(a_leg_of(record_));
            return true;
        }
        call_view call;
        assumptions assumed;
        const auto& account = record_[accountcode];
        if (!resolve_account(account.text, account.column, account.there ? account.name : "accountcode", call.account,
                             why) ||
            !read_channel(record_, clock(), row.line, call, assumed, why)) {
            return false;
        }
        if (assumed.minutes_only) {
            note("the times have minute precision, as a spreadsheet leaves them; lengths come from the duration and "
                 "billsec columns");
        }
        if (assumed.no_start) {
            note("the template has no start time: calls begin at their answer, unanswered ones at their end");
        }
        constexpr call_field_names names{.call_id = "uuid",
                                         .account = "accountcode",
                                         .cli = "caller_id_number",
                                         .destination = "destination_number",
                                         .source_ip = "network_addr",
                                         .answer = "answer_stamp",
                                         .end = "end_stamp",
                                         .talk = "billsec"};
        if (!check(call, names, why)) {
            for (std::size_t v = 0; v < record_.size() && why.column == 0; ++v) {
                if (record_[v].name == why.field)
                    why.column = record_[v].column;
            }
            return false;
        }
        if (follows_legs_) {
            window_.a_leg(call);
        } else {
            count_row();
            to().on_call(call, 1);
        }
        return true;
    }

    // Whether a line in it begins as rows do: then a quote is missing before, and the next row was taken for text.
    [[nodiscard]] bool swallows_a_row(const csv_row& row) const {
        if (row.lines < 2 || !row.text.starts_with('"'))
            return false;
        const char separator = template_ ? template_->separator : ',';
        for (auto at = row.text.find("\n\""); at != std::string_view::npos; at = row.text.find("\n\"", at + 1)) {
            if (at + 2 < row.text.size() && row.text[at + 2] != separator && row.text[at + 2] != '\n')
                return true;
        }
        return false;
    }

    row_verdict bad_shape(const csv_row& row, std::string reason) {
        if (row.lines > 1)
            return row_verdict::resplit;
        count_row();
        reject(row.line, {0, {}, std::move(reason)}, row.text);
        return row_verdict::taken;
    }

    // Which shipped template the row is of.
    bool recognise(const csv_row& row) {
        if (is_insert(row.text)) {
            template_ = shipped("sql");
        } else {
            for (const auto& t : shipped_templates) {
                const row_template candidate{std::string(t.name), columns_of(t), ',', false};
                if (t.name == "sql" || candidate.columns.size() != row.size())
                    continue;
                if (fits(candidate, row.fields) && has_length(candidate, row.fields)) {
                    template_ = candidate;
                    break;
                }
            }
            // Operators append their variables to the one they found.
            if (!template_) {
                for (const auto* name : {"asterisk", "example"}) {
                    auto candidate = *shipped(name);
                    if (row.size() <= candidate.columns.size() || !fits(candidate, row.fields) ||
                        !has_length(candidate, row.fields)) {
                        continue;
                    }
                    note("rows begin as the template " + candidate.name + " of FreeSWITCH does; the columns from the " +
                         std::to_string(candidate.columns.size() + 1) + "th on are unknown (--fields names them)");
                    template_ = std::move(candidate);
                    more_columns_ = true;
                    break;
                }
            }
        }
        if (!template_)
            return false;
        note("rows have the shape of the template " + template_->name + " of FreeSWITCH");
        check_template(row.line);
        for (const auto& [line, text] : unrecognised_) {
            count_row();
            reject(line, {0, {}, "does not have the shape of the template " + template_->name}, text);
        }
        unrecognised_.clear();
        return true;
    }

    // An example and an opencdrrate row may have the same width; a time that is there tells.
    static bool has_length(const row_template& t, row_fields fields) {
        bool uuid_fits = true;
        bool time = false;
        for (std::size_t i = 0; i < t.columns.size(); ++i) {
            if (t.columns[i] == "uuid")
                uuid_fits = looks_like_uuid(fields[i]);
            if (t.columns[i] == "end_stamp")
                time = looks_like_time(fields[i]);
        }
        return uuid_fits && time;
    }

    void check_template(std::uint64_t line) {
        const auto has = [&](std::initializer_list<variable> wanted) {
            record_.clear();
            for (const auto& column : template_->columns)
                record_.put(column, "x");
            return std::any_of(wanted.begin(), wanted.end(), [&](variable v) { return record_[v].there; });
        };
        if (!has({uuid}))
            refuse(line, "the template has no ${uuid}, so that calls cannot be told apart", "fields");
        if (!has({start, answer, end}))
            refuse(line, "the template has no time of the call", "fields");
        if (!has({answer}) && !has({bill_s, bill_ms, bill_us})) {
            refuse(line, "the template has neither an answer time nor billsec, so that nothing says what was answered",
                   "fields");
        }
        for (const auto& column : template_->columns)
            matches_.push_back(column.empty() ? nullptr : known_.find(column));
        follows_legs_ = has({originator}) || (has({direction}) && has({signal_bond}));
        if (!options().account_from.empty() && !options().account) {
            static_cast<void>(account_column(template_->columns, "accountcode", line));
        }
    }

    [[noreturn]] void refuse_shape(std::uint64_t line, std::size_t width) {
        refuse(line,
               (width == 0 ? std::string("the rows fit") : "the rows, of " + std::to_string(width) + " columns, fit") +
                   " no template that FreeSWITCH ships; give the one of cdr_csv.conf.xml with --fields",
               "fields");
    }

    static constexpr std::size_t max_unrecognised = 8;

    first_line first_;
    std::optional<csv_splitter> splitter_;
    std::optional<row_template> template_;
    std::vector<const std::vector<field_names::match>*> matches_; ///< per column of the template
    field_names known_;
    record record_;
    leg_window window_;
    std::vector<std::pair<std::uint64_t, std::string>> unrecognised_;
    std::uint64_t counted_ = 0;
    bool checked_ = false;
    bool follows_legs_ = false;
    bool more_columns_ = false;
};

} // namespace

std::unique_ptr<reader> make_freeswitch_csv_reader(reader_options options, sink& to) {
    return std::make_unique<freeswitch_csv_reader>(std::move(options), to);
}

} // namespace lineside::cdr
