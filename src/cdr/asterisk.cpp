// Asterisk: cdr_csv (Master.csv) and cdr_custom, as CSV or as JSON lines.
//
// One attempt may have several rows: retries, the phones of a ring group, transfers. They are folded by linkedid, else
// by uniqueid, else by src, dst and start. Of the attempt,
//  - caller, destination and account are those of the row that starts first (of several: that stands first);
//  - the start is the earliest, the end the latest;
//  - it is answered when any row's disposition is ANSWERED, and then from the earliest such row's answer. An answer time
//    beside another disposition is the channel's own (an announcement, an early-media gateway), not the callee's;
//  - talk time is the time in which at least one answered row talks: rows one after the other add up, rows at the same
//    time do not. A row talks for its billsec;
//  - how an unanswered one ended is said by the row that ended last.
// A row without account joins the attempt that has one; without that it is rejected.
// No SIP code, no digits and no direction are recorded here, so calls have none.

#include "cdr/base.hpp"
#include "cdr/fold.hpp"
#include "cdr/formats.hpp"
#include "cdr/json_object.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace lineside::cdr {

namespace {

enum field : std::uint8_t {
    f_accountcode,
    f_src,
    f_dst,
    f_start,
    f_answer,
    f_end,
    f_duration,
    f_billsec,
    f_disposition,
    f_uniqueid,
    f_linkedid,
    field_count,
};
constexpr std::array<std::string_view, field_count> field_names{"accountcode", "src",      "dst",      "start",
                                                                "answer",      "end",      "duration", "billsec",
                                                                "disposition", "uniqueid", "linkedid"};

constexpr call_field_names names_in_faults{.call_id = "uniqueid",
                                           .account = "accountcode",
                                           .cli = "src",
                                           .destination = "dst",
                                           .hangup_cause = "disposition",
                                           .answer = "answer",
                                           .end = "end",
                                           .talk = "billsec"};

// cdr_csv.c, build_csv_record: what stands always, and what the options add.
constexpr std::array<std::string_view, 16> csv_columns{
    "accountcode", "src",   "dst",    "dcontext", "clid",     "channel", "dstchannel",  "lastapp",
    "lastdata",    "start", "answer", "end",      "duration", "billsec", "disposition", "amaflags"};
constexpr std::size_t most_csv_columns = 21;

// The Master.csv mapping of cdr_custom.conf as Asterisk ships it; older ones end sooner.
constexpr std::array<std::string_view, 19> custom_columns{
    "clid",     "src",         "dst",      "dcontext",  "channel",  "dstchannel", "lastapp",
    "lastdata", "start",       "answer",   "end",       "duration", "billsec",    "disposition",
    "amaflags", "accountcode", "uniqueid", "userfield", "sequence"};
constexpr std::size_t least_custom_columns = 16;

struct disposition {
    std::string_view key;
    call_outcome outcome;
};
constexpr std::array dispositions{
    disposition{"answered", call_outcome::answered},
    disposition{"noanswer", call_outcome::no_answer},
    disposition{"busy", call_outcome::busy},
    disposition{"failed", call_outcome::congestion},
    disposition{"congestion", call_outcome::congestion},
    disposition{"cancel", call_outcome::abandoned},
    disposition{"cancelled", call_outcome::abandoned},
};

/// `1498136032.47`, with a system name before it maybe. Tells a uniqueid from a user field.
bool is_uniqueid(std::string_view text) {
    const auto dash = text.rfind('-');
    if (dash != std::string_view::npos)
        text.remove_prefix(dash + 1);
    const auto point = text.find('.');
    if (point == std::string_view::npos || point < 9)
        return false;
    const auto digits = [](std::string_view t) {
        return !t.empty() && t.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return digits(text.substr(0, point)) && digits(text.substr(point + 1));
}

/// Unset times: empty in cdr_csv, zero as a number.
bool is_unset(std::string_view text) { return text.find_first_not_of("0.") == std::string_view::npos; }

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789.") == std::string_view::npos; }

struct talk_span {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// An attempt in the making.
struct attempt {
    std::string account;
    std::string cli;
    std::string destination;
    std::string disposition;
    std::int64_t start = absent;
    std::int64_t end = absent;
    std::int64_t answer = absent;
    std::int64_t last_end = absent; ///< of the row the disposition comes from
    std::vector<talk_span> talks;   ///< disjoint, in order
    std::uint32_t rows = 0;
    call_outcome outcome = call_outcome::unknown;

    [[nodiscard]] std::size_t bytes() const noexcept {
        return account.size() + cli.size() + destination.size() + disposition.size() + talks.size() * sizeof(talk_span);
    }
};

void add_talk(std::vector<talk_span>& talks, talk_span added) {
    const auto first = std::find_if(talks.begin(), talks.end(), [&](const auto& t) { return t.end >= added.begin; });
    auto last = first;
    for (; last != talks.end() && last->begin <= added.end; ++last) {
        added.begin = std::min(added.begin, last->begin);
        added.end = std::max(added.end, last->end);
    }
    talks.insert(talks.erase(first, last), added);
}

void merge(attempt& a, const call_view& row) {
    const bool first = a.rows++ == 0;
    if (first || row.start < a.start) {
        a.start = row.start;
        a.cli = row.cli;
        a.destination = row.destination;
        if (!row.account.empty())
            a.account = row.account;
    }
    if (first || row.end > a.end)
        a.end = row.end;
    if (row.answered()) {
        if (a.outcome != call_outcome::answered || row.answer < a.answer)
            a.answer = row.answer;
        add_talk(a.talks, {row.answer, row.answer + row.talk});
    }
    const bool answered_before = a.outcome == call_outcome::answered && !first;
    if (first || (row.answered() && !answered_before) || (row.answered() == answered_before && row.end >= a.last_end)) {
        a.outcome = row.outcome;
        a.disposition = row.hangup_cause;
        a.last_end = row.end;
    }
}

/// Columns by field, for one width of row.
struct layout {
    std::vector<std::string> names;
    std::array<int, field_count> column{};
    int account_column = -1;
};

class asterisk_reader final : public row_reader {
public:
    asterisk_reader(reader_options options, sink& to, bool custom, char separator);

private:
    row_verdict on_row(const csv_row& row) override;
    void on_end() override;

    using texts = std::array<std::string_view, field_count>;

    layout make_layout(std::vector<std::string> names) const;
    const layout* layout_of(const csv_row& row);
    void on_json(const csv_row& row);
    void take(const texts& values, std::string_view account, const layout* columns, const csv_row& row);
    bool convert(const texts& values, std::uint64_t line, call_view& call, row_fault& why);
    void emit(const std::string& key, attempt& a);

    bool custom_;
    std::vector<layout> layouts_; ///< one per width, or the one of the options
    layout with_userfield_;       ///< of rows with 17 or 20 columns that have a user field instead of a uniqueid
    layout with_userfield_and_more_;
    std::string account_name_;
    json_object object_;
    fold_window<attempt> window_;
    std::string key_;
    std::uint64_t contradictions_ = 0;
    std::uint64_t first_contradiction_ = 0;
};

/// The columns that `fields` names: a list, or the mapping of cdr_custom.conf itself.
std::vector<std::string> listed_fields(std::string_view fields, char separator) {
    std::vector<std::string> names;
    constexpr std::string_view function = "CDR(";
    for (auto at = fields.find(function); at != std::string_view::npos; at = fields.find(function, at)) {
        at += function.size();
        const auto name = fields.substr(at, fields.find_first_of(",)", at) - at);
        names.emplace_back(trim(name));
    }
    if (!names.empty())
        return names;
    while (!fields.empty()) {
        const auto end = std::min(fields.find(separator), fields.size());
        names.emplace_back(trim(fields.substr(0, end)));
        fields.remove_prefix(std::min(end + 1, fields.size()));
    }
    return names;
}

/// A list is separated as the file is.
char separator_of(std::string_view fields) {
    if (fields.find("CDR(") != std::string_view::npos)
        return ',';
    const auto at = fields.find_first_of(",;|\t");
    return at == std::string_view::npos ? ',' : fields[at];
}

asterisk_reader::asterisk_reader(reader_options given, sink& to, bool custom, char separator)
    : row_reader(std::move(given), to, {.separator = separator, .json_lines = custom}),
      custom_(custom) {
    account_name_ = account_field(field_names[f_accountcode]);
    const auto with = [&](std::size_t from, std::initializer_list<std::string_view> more) {
        std::vector<std::string> names(csv_columns.begin(), csv_columns.begin() + static_cast<std::ptrdiff_t>(from));
        names.insert(names.end(), more.begin(), more.end());
        return make_layout(std::move(names));
    };
    if (!options().fields.empty()) {
        layouts_.push_back(make_layout(listed_fields(options().fields, separator)));
        const auto& column = layouts_.front().column;
        const bool identified =
            column[f_uniqueid] >= 0 || column[f_linkedid] >= 0 || (column[f_src] >= 0 && column[f_dst] >= 0);
        if (column[f_start] < 0 || column[f_disposition] < 0 || !identified) {
            refuse(0, "the fields have to name start, disposition, and uniqueid, linkedid, or src and dst", "fields");
        }
        (void)account_column(layouts_.front().names, field_names[f_accountcode], 0);
    } else if (custom_) {
        for (std::size_t n = least_custom_columns; n <= custom_columns.size(); ++n)
            layouts_.push_back(
                make_layout({custom_columns.begin(), custom_columns.begin() + static_cast<std::ptrdiff_t>(n)}));
        (void)account_column(layouts_.back().names, field_names[f_accountcode], 0);
    } else {
        layouts_.push_back(with(16, {}));
        layouts_.push_back(with(16, {"uniqueid"}));
        layouts_.push_back(with(16, {"uniqueid", "userfield"}));
        layouts_.push_back(with(16, {"peeraccount", "linkedid", "sequence"}));
        layouts_.push_back(with(16, {"uniqueid", "peeraccount", "linkedid", "sequence"}));
        layouts_.push_back(with(16, {"uniqueid", "userfield", "peeraccount", "linkedid", "sequence"}));
        with_userfield_ = with(16, {"userfield"});
        with_userfield_and_more_ = with(16, {"userfield", "peeraccount", "linkedid", "sequence"});
        (void)account_column(layouts_.back().names, field_names[f_accountcode], 0);
    }
}

layout asterisk_reader::make_layout(std::vector<std::string> names) const {
    layout made{std::move(names), {}, -1};
    made.column.fill(-1);
    const auto account = header_key(account_name_);
    for (std::size_t i = 0; i < made.names.size(); ++i) {
        const auto key = header_key(made.names[i]);
        const auto known = std::find(field_names.begin(), field_names.end(), key);
        if (known != field_names.end())
            made.column[static_cast<std::size_t>(known - field_names.begin())] = static_cast<int>(i);
        if (!account.empty() && key == account)
            made.account_column = static_cast<int>(i);
    }
    return made;
}

const layout* asterisk_reader::layout_of(const csv_row& row) {
    if (!custom_ && options().fields.empty() && (row.size() == 17 || row.size() == 20) && !is_uniqueid(row[16])) {
        return row.size() == 17 ? &with_userfield_ : &with_userfield_and_more_;
    }
    const auto found =
        std::find_if(layouts_.begin(), layouts_.end(), [&](const layout& l) { return l.names.size() == row.size(); });
    return found == layouts_.end() ? nullptr : &*found;
}

row_verdict asterisk_reader::on_row(const csv_row& row) {
    if (custom_ && row.text.starts_with('{')) {
        on_json(row);
        return row_verdict::taken;
    }
    const auto* columns = layout_of(row);
    if (columns == nullptr) {
        if (row.lines > 1)
            return row_verdict::resplit;
        count_row();
        std::string wanted;
        if (!options().fields.empty()) {
            wanted = "the " + std::to_string(layouts_.front().names.size()) + " that were named";
        } else if (custom_) {
            wanted = "the 16 to 19 of the mapping that Asterisk ships; another one has to be named (--fields)";
        } else {
            wanted = std::to_string(csv_columns.size()) + " to " + std::to_string(most_csv_columns);
        }
        reject(row.line, {0, {}, "has " + std::to_string(row.size()) + " columns, not " + wanted}, row.text);
        return row_verdict::taken;
    }
    texts values;
    for (std::size_t i = 0; i < field_count; ++i) {
        if (columns->column[i] >= 0)
            values[i] = row[static_cast<std::size_t>(columns->column[i])];
    }
    const auto account =
        columns->account_column < 0 ? std::string_view{} : row[static_cast<std::size_t>(columns->account_column)];
    take(values, account, columns, row);
    return row_verdict::taken;
}

void asterisk_reader::on_json(const csv_row& row) {
    if (const auto bad = object_.parse(row.text)) {
        count_row();
        reject(row.line, {0, {}, std::string("the line ") + bad}, row.text);
        return;
    }
    texts values;
    std::string_view account;
    const auto account_key = header_key(account_name_);
    std::vector<std::string> names;
    bool has_account = false;
    for (const auto& member : object_.members()) {
        const auto key = header_key(member.name);
        const auto known = std::find(field_names.begin(), field_names.end(), key);
        if (known != field_names.end())
            values[static_cast<std::size_t>(known - field_names.begin())] = member.value;
        if (key == account_key) {
            account = member.value;
            has_account = true;
        }
        if (rows() == 0)
            names.emplace_back(member.name);
    }
    if (!has_account && rows() == 0)
        (void)account_column(names, field_names[f_accountcode], row.line);
    take(values, account, nullptr, row);
}

void asterisk_reader::take(const texts& values, std::string_view account, const layout* columns, const csv_row& row) {
    count_row();
    call_view call;
    row_fault why;
    const auto column_of = [&](std::string_view name) {
        if (columns == nullptr)
            return std::uint32_t{0};
        const auto found = std::find(columns->names.begin(), columns->names.end(), name);
        return found == columns->names.end() ? 0 : static_cast<std::uint32_t>(found - columns->names.begin() + 1);
    };
    const auto refuse_row = [&] {
        if (why.column == 0)
            why.column = column_of(why.field);
        reject(row.line, std::move(why), row.text);
    };

    key_ = trim(values[f_linkedid].empty() ? values[f_uniqueid] : values[f_linkedid]);
    if (key_.empty()) {
        note("rows without uniqueid and linkedid were taken for one call where src, dst and start are the same");
        key_.append(values[f_start]).append(" ").append(values[f_src]).append(" ").append(values[f_dst]);
    }
    call.call_id = key_;
    const auto account_at = columns == nullptr ? 0 : static_cast<std::uint32_t>(columns->account_column + 1);
    const bool has_account = resolve_account(account, account_at, account_name_, call.account, why);
    if (!has_account) {
        // Another row of the attempt may have said it.
        const auto* pending = window_.find(key_);
        if (pending == nullptr || !trim(account).empty())
            return refuse_row();
        call.account = pending->account;
    }
    if (!convert(values, row.line, call, why))
        return refuse_row();
    if (!has_account)
        call.account = {};

    window_.add(
        key_,
        [&](attempt& a) {
            const auto before = a.bytes();
            merge(a, call);
            return a.bytes() - before;
        },
        [&](const std::string& key, attempt& a) { emit(key, a); });
}

bool asterisk_reader::convert(const texts& values, std::uint64_t line, call_view& call, row_fault& why) {
    const auto wrong = [&](field f, fault reason) {
        why.field = field_names[f];
        why.reason = reason;
        return false;
    };
    parsed_time start, answer, end;
    const auto time = [&](field f, parsed_time& t) {
        if (is_number(values[f])) {
            t.local = false;
            const auto bad = parse_epoch(values[f], t.ms);
            return bad == nullptr || wrong(f, bad);
        }
        const auto bad = parse_time(values[f], t);
        return bad == nullptr || wrong(f, bad);
    };
    const bool has_end = !is_unset(values[f_end]);
    const bool has_answer = !is_unset(values[f_answer]);
    if (is_unset(values[f_start]))
        return wrong(f_start, "is empty");
    if (!time(f_start, start) || (has_answer && !time(f_answer, answer)) || (has_end && !time(f_end, end)))
        return false;

    std::int64_t duration = absent;
    std::int64_t billsec = absent;
    const auto seconds = [&](field f, std::int64_t& ms) {
        if (values[f].empty())
            return true;
        const auto bad = parse_seconds(values[f], ms);
        return bad == nullptr || wrong(f, bad);
    };
    if (!seconds(f_duration, duration) || !seconds(f_billsec, billsec))
        return false;

    const auto said = std::find_if(dispositions.begin(), dispositions.end(),
                                   [&](const disposition& d) { return d.key == header_key(values[f_disposition]); });
    if (said == dispositions.end()) {
        return wrong(f_disposition, "is no disposition (ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION, CANCEL)");
    }

    // Rows are written when the call is over, so their ends are in order; the other times lie before by what the row
    // itself says, which decides an hour that happens twice.
    const auto back_from = [&](const parsed_time& t, std::int64_t from, std::int64_t length) {
        return t.local ? clock().before(t.ms, from, length == absent ? 0 : length, line) : t.ms;
    };
    if (has_end) {
        call.end = end.local ? clock().end_in_order(end.ms, start.local ? start.ms : end.ms, duration, line) : end.ms;
        call.start = back_from(start, call.end, duration);
        if (has_answer)
            call.answer = back_from(answer, call.end, billsec);
    } else {
        call.start = in_order(start, line);
        if (has_answer)
            call.answer = not_before(answer, call.start, line);
        call.end = call.start + (duration == absent ? 0 : duration);
        if (has_answer && billsec != absent)
            call.end = std::max(call.end, call.answer + billsec);
    }

    call.cli = values[f_src];
    call.destination = values[f_dst];
    call.hangup_cause = values[f_disposition];
    call.outcome = said->outcome;
    if (call.answered()) {
        // The word counts even where the time is missing.
        if (!has_answer)
            call.answer = std::max(call.start, call.end - (billsec == absent ? 0 : billsec));
        call.talk = billsec == absent ? std::max<std::int64_t>(call.end - call.answer, 0) : billsec;
    }
    if (!check(call, names_in_faults, why))
        return false;
    if (!call.answered() && has_answer) {
        call.answer = absent;
        if (contradictions_++ == 0)
            first_contradiction_ = line;
    }
    return true;
}

void asterisk_reader::emit(const std::string& key, attempt& a) {
    call_view call;
    call.call_id = key;
    call.account = a.account;
    call.cli = a.cli;
    call.destination = a.destination;
    call.hangup_cause = a.disposition;
    call.start = a.start;
    call.end = a.end;
    call.outcome = a.outcome;
    if (call.answered()) {
        call.answer = a.answer;
        for (const auto& t : a.talks)
            call.talk += t.end - t.begin;
    }
    to().on_call(call, a.rows);
}

void asterisk_reader::on_end() {
    window_.finish([&](const std::string& key, attempt& a) { emit(key, a); });
    if (contradictions_ != 0) {
        note(std::to_string(contradictions_) + " rows (first in line " + std::to_string(first_contradiction_) +
             ") have an answer time and a disposition other than ANSWERED; the disposition counts");
    }
}

std::unique_ptr<reader> make_reader_of(reader_options options, sink& to, bool custom) {
    const char separator = separator_of(options.fields);
    return std::make_unique<asterisk_reader>(std::move(options), to, custom, separator);
}

} // namespace

std::unique_ptr<reader> make_asterisk_reader(reader_options options, sink& to) {
    return make_reader_of(std::move(options), to, false);
}

std::unique_ptr<reader> make_asterisk_custom_reader(reader_options options, sink& to) {
    return make_reader_of(std::move(options), to, true);
}

} // namespace lineside::cdr
