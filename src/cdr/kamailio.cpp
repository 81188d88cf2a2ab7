// What Kamailio's acc module leaves behind: the table acc_cdrs or acc as CSV, JSON lines (acc_json, or a table dumped
// so), and the lines of its syslog. Which columns there are is the operator's choice (cdr_extra, db_extra), so usual
// names are known, and `fields` names the columns of a table without header row.
//
// Decided here:
//  - A record with a start time is a call; one with a method and a time is a transaction, and an INVITE goes with the
//    BYE of its Call-ID.
//  - `duration` counts from the creation of the dialog (cdr_start_on_confirmed=0, the default), so it holds the ringing
//    too, and is 0 for a failed one. Where a column says when the call was answered, talk is counted from there. Else a
//    call was answered when its duration is above 0, and its talk is that duration, with a note.
//  - The word `start_on_confirmed` in `fields` says that cdr_start_on_confirmed=1: the start is the answer.
//  - An INVITE row is written with its final response, so a call known by transactions begins at its answer unless a
//    column says when it was set up.

#include "cdr/accounting.hpp"
#include "cdr/columns.hpp"
#include "cdr/formats.hpp"
#include "cdr/json_object.hpp"
#include "cdr/json_values.hpp"
#include "cdr/outcome.hpp"

#include <algorithm>
#include <array>

namespace lineside::cdr {
namespace {

enum field : std::size_t {
    call_id,
    row_id,
    account,
    start_time,
    end_time,
    duration_s,
    duration_ms,
    setup_time,
    answer_time,
    caller,
    callee,
    sip_code,
    reason,
    source_ip,
    method,
    time_of,
    from_tag,
    to_tag,
    field_count
};

constexpr std::array<std::string_view, field_count> names = {
    "callid|call_id|sip_call_id|ci",
    "id|cdr_id",
    "account|account_id|accountcode|customer|customer_id|billing_account",
    "start_time|start",
    "end_time|end",
    "duration",
    "ms_duration|duration_ms",
    "setup_time|created|init_time|invite_time|created_time",
    "answer_time|connect_time|answered_time|answer|connected|established|confirmed_time",
    "caller|src_user|from_user|caller_id|cli|src|source|fU|from_uri",
    "callee|dst_user|called|destination|dst_ouser|to_user|dst|ruri_user|rU|to_uri",
    "sip_code|code|response_code|status",
    "sip_reason|reason",
    "src_ip|source_ip|srcip|src_addr|si",
    "method",
    "time|timestamp|time_hires",
    "from_tag|fromtag|ft",
    "to_tag|totag|tt",
};

constexpr std::string_view confirmed_word = "start_on_confirmed";
constexpr std::string_view cdr_begin = "start_time=";
constexpr std::string_view transaction_begin = "ACC: ";

// sip:alice@example.com -> alice
std::string_view user_of(std::string_view uri) {
    for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
        if (uri.starts_with(scheme)) {
            uri.remove_prefix(scheme.size());
            return uri.substr(0, std::min(uri.find_first_of("@;"), uri.size()));
        }
    }
    return uri;
}

std::vector<std::string> column_list(std::string_view fields) {
    auto list = split_list(fields);
    std::erase(list, confirmed_word);
    return list;
}

class kamailio_reader final : public reader_base, private csv_handler {
public:
    kamailio_reader(reader_options opts, sink& to)
        : reader_base(std::move(opts), to),
          known_(known_names(options())),
          record_(known_),
          columns_(column_list(options().fields)),
          window_(to, [this](std::uint64_t line, row_fault why, std::string_view text) {
              reject(line, std::move(why), text);
          }) {
        const auto words = split_list(options().fields);
        start_on_confirmed_ = std::find(words.begin(), words.end(), confirmed_word) != words.end();
    }

    void feed(std::string_view bytes) override {
        if (csv_) {
            csv_->feed(bytes, *this);
        } else if (json_) {
            json_->feed(bytes);
        } else if (first_.feed(bytes, false)) {
            begin();
        }
    }

    void finish() override {
        if (!csv_ && !json_) {
            first_.feed({}, true);
            begin();
        }
        if (csv_)
            csv_->finish(*this);
        if (json_)
            json_->finish();
        window_.finish();
        if (log_ && rows() == 0 && !is_log(first_.line()) && !first_.line().empty()) {
            refuse(1, "no line is a call record of Kamailio: neither a table with a header, nor JSON, nor a log with "
                      "start_time= or ACC:");
        }
        if (window_.in_progress() != 0) {
            note(std::to_string(window_.in_progress()) +
                 " answered calls have no BYE row; they are taken to be in progress");
        }
        if (left_out_ != 0) {
            note(std::to_string(left_out_) + " lines or rows are about something else than calls; they were left out");
        }
        note_clock();
    }

private:
    static field_names known_names(const reader_options& options) {
        field_names known(names);
        if (!options.account_from.empty())
            known.prefer(account, options.account_from);
        return known;
    }

    static bool is_log(std::string_view line) {
        return line.find(cdr_begin) != std::string_view::npos || line.find(transaction_begin) != std::string_view::npos;
    }

    // JSON, a log, or a table: the first line tells.
    void begin() {
        const auto line = trim(first_.line());
        if (line.starts_with('{') || line.starts_with('[')) {
            json_.emplace([this](const json_piece& piece) { on_json(piece); });
            json_->feed(first_.bytes());
            return;
        }
        // A log may begin with anything, but never with a table's header.
        log_ = columns_.empty() && (is_log(line) || (line.find(',') == std::string_view::npos && !line.empty()));
        csv_.emplace(csv_options{.dialect = log_ ? csv_dialect::lines : csv_dialect::rfc4180});
        csv_->feed(first_.bytes(), *this);
    }

    void on_bad_row(std::uint64_t line, std::string_view why, std::string_view text) override {
        count_row();
        reject(line, {0, {}, std::string(why)}, text);
    }

    row_verdict on_row(const csv_row& row) override {
        if (log_) {
            on_log_line(row);
            return row_verdict::taken;
        }
        if (!header_checked_) {
            header_checked_ = true;
            std::vector<std::string> found;
            for (const auto f : row.fields)
                found.emplace_back(trim(f));
            const bool given = !columns_.empty();
            const bool is_header =
                !given || std::equal(found.begin(), found.end(), columns_.begin(), columns_.end(),
                                     [](const auto& a, const auto& b) { return header_key(a) == header_key(b); });
            if (!given)
                columns_ = std::move(found);
            if (is_header)
                keep_header(row.text);
            check_columns(given ? 0 : row.line);
            if (is_header)
                return row_verdict::taken;
        }
        if (!header().empty() && row.text == header())
            return row_verdict::taken;
        if (row.size() != columns_.size()) {
            if (row.lines > 1)
                return row_verdict::resplit;
            count_row();
            reject(row.line,
                   {0,
                    {},
                    "has " + std::to_string(row.size()) + " fields where the header has " +
                        std::to_string(columns_.size())},
                   row.text);
            return row_verdict::taken;
        }
        record_.clear();
        for (std::size_t i = 0; i < columns_.size(); ++i)
            record_.put(matches_[i], columns_[i], row[i], static_cast<std::uint32_t>(i + 1));
        take_or_reject(row.line, row.text);
        return row_verdict::taken;
    }

    void check_columns(std::uint64_t line) {
        for (const auto& name : columns_) {
            matches_.push_back(known_.find(name));
            record_.put(matches_.back(), name, "x", 0);
        }
        constexpr std::string_view hint = "; a header row, or --fields, has to name the columns";
        if (!record_[start_time].there && !(record_[method].there && record_[time_of].there)) {
            refuse(line, "there is neither a column start_time nor the columns method and time" + std::string(hint),
                   "fields");
        }
        if (!record_[call_id].there) {
            if (!record_[row_id].there || !record_[start_time].there) {
                refuse(line, "there is no column callid, so that calls cannot be told apart" + std::string(hint),
                       "fields");
            }
            note("there is no column callid; calls are told apart by " + std::string(record_[row_id].name));
        }
        if (!options().account_from.empty())
            static_cast<void>(account_column(columns_, "account", line));
    }

    // start_time=...; end_time=...; k=v, or ACC: transaction answered: timestamp=...;method=INVITE;...
    void on_log_line(const csv_row& row) {
        auto at = row.text.find(cdr_begin);
        if (const auto acc = row.text.find(transaction_begin); acc != std::string_view::npos && acc < at) {
            at = row.text.find_first_of(":", acc + transaction_begin.size());
            at = at == std::string_view::npos ? at : at + 1;
        }
        if (at == std::string_view::npos) {
            ++left_out_; // the log of a proxy is mostly about other things
            return;
        }
        record_.clear();
        for (auto rest = row.text.substr(at); !rest.empty();) {
            const auto end = std::min(rest.find(';'), rest.size());
            const auto pair = trim(rest.substr(0, end));
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos) {
                record_.put(trim(pair.substr(0, equals)), pair.substr(equals + 1),
                            static_cast<std::uint32_t>(pair.data() - row.text.data() + 1));
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        take_or_reject(row.line, row.text);
    }

    void on_json(const json_piece& piece) {
        if (piece.what != json_piece::kind::document) {
            count_row();
            reject(piece.line,
                   {0,
                    {},
                    piece.what == json_piece::kind::bare_line ? "is no JSON object"
                    : piece.what == json_piece::kind::cut_off ? "the JSON object is cut off"
                                                              : "the object is longer than the limit of 4 MiB"},
                   piece.text);
            return;
        }
        if (const auto bad = object_.parse(piece.text)) {
            count_row();
            reject(piece.line, {0, {}, bad}, piece.text);
            return;
        }
        record_.clear();
        for (const auto& m : object_.members()) {
            if (m.what != json_member::kind::nested && m.what != json_member::kind::null)
                record_.put(m.name, m.value);
        }
        take_or_reject(piece.line, piece.text);
    }

    void take_or_reject(std::uint64_t line, std::string_view text) {
        row_fault why;
        const auto counted = rows();
        const auto left_out = left_out_;
        if (take(line, text, why)) {
            if (left_out_ == left_out)
                count_row();
            return;
        }
        if (rows() == counted)
            count_row();
        if (why.column == 0 && !why.field.empty()) {
            for (std::size_t f = 0; f < record_.size(); ++f) {
                if (record_[f].there && record_[f].name == why.field)
                    why.column = record_[f].column;
            }
        }
        reject(line, std::move(why), text);
    }

    bool take(std::uint64_t line, std::string_view text, row_fault& why) {
        if (!record_[start_time].empty())
            return take_call(line, why);
        if (record_[method].empty()) {
            why = {0, "start_time", "is empty, and no method says that this is a transaction"};
            return false;
        }
        return take_transaction(line, text, why);
    }

    bool begin_call(call_view& call, row_fault& why) {
        const auto& id = record_[call_id].empty() ? record_[row_id] : record_[call_id];
        if (id.empty()) {
            why = {record_[call_id].column, record_[call_id].there ? std::string(record_[call_id].name) : "callid",
                   "is empty"};
            return false;
        }
        call.call_id = id.text;
        call.cli = user_of(record_[caller].text);
        call.destination = user_of(record_[callee].text);
        call.source_ip = record_[source_ip].text;
        call.hangup_cause = record_[reason].text;
        const auto& of = record_[account];
        return resolve_account(of.text, of.column, of.there ? of.name : account_field("account"), call.account, why) &&
               read_sip_code(record_[sip_code], call.sip_code, why);
    }

    bool check(const call_view& call, row_fault& why) {
        const auto name = [&](field f, std::string_view usual) { return record_[f].there ? record_[f].name : usual; };
        const call_field_names as{.call_id = name(call_id, "callid"),
                                  .account = name(account, "account"),
                                  .cli = name(caller, "caller"),
                                  .destination = name(callee, "callee"),
                                  .hangup_cause = name(reason, "sip_reason"),
                                  .source_ip = name(source_ip, "src_ip"),
                                  .answer = name(answer_time, "answer_time"),
                                  .end = name(end_time, "end_time")};
        return reader_base::check(call, as, why);
    }

    bool take_call(std::uint64_t line, row_fault& why) {
        call_view call;
        std::optional<parsed_time> started, set_up, answered, ended;
        std::int64_t length = absent;
        if (!begin_call(call, why) || !read_time(record_[start_time], started, why) ||
            !read_time(record_[setup_time], set_up, why) || !read_time(record_[answer_time], answered, why) ||
            !read_time(record_[end_time], ended, why) || !read_seconds(record_[duration_s], length, why) ||
            (record_[duration_s].empty() && !read_milliseconds(record_[duration_ms], length, why))) {
            return false;
        }
        if (!started) {
            why = fault_of(record_[start_time], "is no time");
            return false;
        }
        const bool failed_by_code = call.sip_code >= 300;
        // Rows are written when calls end, so it is the ends that are in order.
        if (ended) {
            // A failed dialog's duration is 0 whatever its times.
            call.end = ended->local && started->local && length > 0
                           ? clock().end_in_order(ended->ms, started->ms, length, line)
                           : in_order(*ended, line);
        }
        call.start = !ended || !started->local
                         ? in_order(*started, line)
                         : clock().before(started->ms, call.end, length == absent ? 0 : length, line);
        if (!ended)
            call.end = call.start + (length == absent ? 0 : length);
        if (start_on_confirmed_) {
            const bool was_answered = length > 0 || (call.sip_code >= 200 && call.sip_code < 300);
            if (was_answered) {
                call.answer = call.start;
                call.talk = length != absent ? length : call.end - call.answer;
            }
            if (set_up) {
                call.start = std::min(call.start, not_before(*set_up, INT64_MIN, line));
            } else {
                note("calls begin at their answer: the records do not say when they were set up");
            }
            call.outcome =
                was_answered ? call_outcome::answered : unanswered_outcome(call.sip_code, -1, call.hangup_cause);
        } else if (record_[answer_time].there || knows_answers_) {
            knows_answers_ = true; // JSON and log lines leave out what is not set
            if (answered && !failed_by_code) {
                call.answer = not_before(*answered, call.start, line);
                call.outcome = call_outcome::answered;
                call.talk = std::max<std::int64_t>(0, call.end - call.answer);
            } else {
                call.outcome = unanswered_outcome(call.sip_code, -1, call.hangup_cause);
            }
        } else {
            if (length == absent)
                length = call.end - call.start;
            if (length > 0 && !failed_by_code) {
                call.outcome = call_outcome::answered;
                call.talk = length;
                note("talk time includes ringing: durations count from the dialog's creation and no field says when "
                     "calls were answered (say start_on_confirmed with --fields where cdr_start_on_confirmed=1)");
            } else {
                call.outcome = unanswered_outcome(call.sip_code, -1, call.hangup_cause);
            }
        }
        if (!check(call, why))
            return false;
        to().on_call(call, 1);
        return true;
    }

    bool take_transaction(std::uint64_t line, std::string_view text, row_fault& why) {
        const auto what = record_[method].text;
        const bool is_bye = equal_ignoring_case(what, "BYE");
        if (!is_bye && !equal_ignoring_case(what, "INVITE")) {
            ++left_out_;
            return true;
        }
        std::optional<parsed_time> at, set_up;
        if (!read_time(record_[time_of], at, why))
            return false;
        if (!at) {
            why = {record_[time_of].column, record_[time_of].there ? std::string(record_[time_of].name) : "time",
                   "is empty"};
            return false;
        }
        const accounting_row row{line, text, record_[from_tag].text, record_[to_tag].text};
        if (is_bye) {
            const auto& id = record_[call_id];
            if (id.empty() || check_text(id.text, max_call_id) != nullptr) {
                why = {id.column, id.there ? std::string(id.name) : "callid", "is no Call-ID"};
                return false;
            }
            window_.bye(id.text, in_order(*at, line), row);
            return true;
        }
        call_view call;
        if (!begin_call(call, why) || !read_time(record_[setup_time], set_up, why))
            return false;
        if (call.sip_code < 0) {
            why = {record_[sip_code].column, record_[sip_code].there ? std::string(record_[sip_code].name) : "sip_code",
                   "is empty"};
            return false;
        }
        const auto responded = in_order(*at, line);
        call.start = set_up ? std::min(not_before(*set_up, INT64_MIN, line), responded) : responded;
        const bool answered = call.sip_code >= 200 && call.sip_code < 300;
        if (answered) {
            call.answer = responded;
            call.outcome = call_outcome::answered;
            if (!set_up)
                note("calls begin at their answer: transactions do not say when they were set up");
        } else {
            call.end = responded;
            call.outcome = unanswered_outcome(call.sip_code, -1, call.hangup_cause);
        }
        if (!check(call, why))
            return false;
        window_.invite(call, row, answered);
        return true;
    }

    field_names known_;
    record record_;
    std::vector<std::string> columns_;
    std::vector<const std::vector<field_names::match>*> matches_;
    accounting_window window_;
    first_line first_;
    std::optional<csv_splitter> csv_;
    std::optional<json_splitter> json_;
    json_object object_;
    std::uint64_t left_out_ = 0;
    bool log_ = false;
    bool header_checked_ = false;
    bool start_on_confirmed_ = false;
    bool knows_answers_ = false;
};

} // namespace

std::unique_ptr<reader> make_kamailio_reader(reader_options options, sink& to) {
    return std::make_unique<kamailio_reader>(std::move(options), to);
}

} // namespace lineside::cdr
