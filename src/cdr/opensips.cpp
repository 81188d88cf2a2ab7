// What OpenSIPS' acc module writes to its table `acc` (and missed_calls), as CSV. Extra columns are the operator's, so
// usual names are known, and `fields` names the columns of a table without header row.
//
// Decided here:
//  - Calls as CDRs (do_accounting with "cdr"): `created` is the set-up, `time` the answer, `ms_duration` the talk.
//    `duration` is the same rounded up to seconds: it serves only where the exact one is missing, with a note.
//  - A final response of 300 and above is an attempt that failed; `setuptime` says after how many seconds.
//  - Without CDRs an INVITE row goes with the BYE row of its Call-ID.
//  - Rows of one Call-ID are one attempt: legs repeat a row, branches fail before one is answered.

#include "cdr/accounting.hpp"
#include "cdr/columns.hpp"
#include "cdr/formats.hpp"
#include "cdr/outcome.hpp"

#include <array>

namespace lineside::cdr {
namespace {

enum field : std::size_t {
    call_id,
    account,
    method,
    from_tag,
    to_tag,
    sip_code,
    reason,
    time_of,
    duration_s,
    duration_ms,
    set_up_s,
    created,
    caller,
    callee,
    source_ip,
    field_count
};

constexpr std::array<std::string_view, field_count> names = {
    "callid|call_id",
    "account|account_id|accountcode|customer|customer_id",
    "method",
    "from_tag",
    "to_tag",
    "sip_code|code",
    "sip_reason|reason",
    "time|call_start_time",
    "duration",
    "ms_duration",
    "setuptime|setup_time",
    "created",
    "caller|caller_id|src_user|from_user|cli|src|from_uri|fU",
    "callee|callee_id|dst_user|called|destination|to_user|dst|ruri|rU|to_uri",
    "src_ip|source_ip|srcip|si",
};

std::string_view user_of(std::string_view uri) {
    const auto colon = uri.find(':');
    if (colon == std::string_view::npos || (!uri.starts_with("sip") && !uri.starts_with("tel")))
        return uri;
    uri.remove_prefix(colon + 1);
    return uri.substr(0, std::min(uri.find_first_of("@;"), uri.size()));
}

field_names known_names(const reader_options& options) {
    field_names known(names);
    if (!options.account_from.empty())
        known.prefer(account, options.account_from);
    return known;
}

class opensips_reader final : public table_reader {
public:
    opensips_reader(reader_options options, sink& to)
        : table_reader(options, to, known_names(options), split_list(options.fields)),
          window_(to, [this](std::uint64_t line, row_fault why, std::string_view text) {
              reject(line, std::move(why), text);
          }) {}

private:
    void on_header(std::uint64_t line) override {
        require(line, call_id, "the callid");
        require(line, sip_code, "the sip_code");
        if (!has(created))
            require(line, time_of, "the time");
        static_cast<void>(account_column(columns().header(), "account", line));
    }

    void on_record(const csv_row& row) override {
        row_fault why;
        if (!take(row, why))
            reject_row(row, std::move(why));
    }

    void on_end() override {
        window_.finish();
        if (window_.in_progress() != 0) {
            note(std::to_string(window_.in_progress()) +
                 " answered calls have no BYE row; they are taken to be in progress");
        }
    }

    bool take(const csv_row& row, row_fault& why) {
        const auto at = [&](field f) { return columns().at(row, f); };
        const auto what = at(method).text;
        const accounting_row origin{row.line, row.text, at(from_tag).text, at(to_tag).text};
        std::optional<parsed_time> time, set_up;
        std::int64_t set_up_ms = absent;
        std::int64_t talk = absent;
        if (!read_time(at(time_of), time, why) || !read_time(at(created), set_up, why) ||
            !read_seconds(at(set_up_s), set_up_ms, why) || !read_milliseconds(at(duration_ms), talk, why)) {
            return false;
        }
        if (!time && !set_up) {
            why = fault_of(has(time_of) ? at(time_of) : at(created), "is empty");
            return false;
        }
        if (equal_ignoring_case(what, "BYE")) {
            if (at(call_id).empty() || check_text(at(call_id).text, max_call_id) != nullptr) {
                why = fault_of(at(call_id), "is no Call-ID");
                return false;
            }
            window_.bye(at(call_id).text, in_order(time ? *time : *set_up, row.line), origin);
            return true;
        }
        if (!what.empty() && !equal_ignoring_case(what, "INVITE")) {
            why = fault_of(at(method), "is neither INVITE nor BYE");
            return false;
        }

        call_view call;
        call.call_id = at(call_id).text;
        call.cli = user_of(at(caller).text);
        call.destination = user_of(at(callee).text);
        call.source_ip = at(source_ip).text;
        call.hangup_cause = at(reason).text;
        if (!resolve_account(at(account).text, at(account).column, has(account) ? at(account).name : "account",
                             call.account, why) ||
            !read_sip_code(at(sip_code), call.sip_code, why)) {
            return false;
        }
        if (call.sip_code < 0) {
            why = fault_of(at(sip_code), "is empty");
            return false;
        }
        const bool answered = call.sip_code >= 200 && call.sip_code < 300;
        bool open = false;
        if (answered) {
            if (talk == absent && !at(duration_s).empty()) {
                if (!read_seconds(at(duration_s), talk, why))
                    return false;
                if (talk > 0)
                    note("talk times are rounded up to whole seconds: there is no column ms_duration");
            }
            // Only CDRs say when the call was set up.
            open = !set_up && (talk == absent || talk == 0);
            call.talk = talk == absent ? 0 : talk;
            call.outcome = call_outcome::answered;
            // A CDR is written when its call ends, so it is the ends that are in order.
            if (time) {
                const auto end = in_order({time->ms + call.talk, time->local}, row.line);
                call.answer = time->local ? clock().before(time->ms, end, call.talk, row.line) : time->ms;
            } else {
                const auto waited = set_up_ms == absent ? 0 : set_up_ms;
                const auto end = in_order({set_up->ms + waited + call.talk, set_up->local}, row.line);
                call.answer = end - call.talk;
            }
            if (!open)
                call.end = call.answer + call.talk;
            if (set_up) {
                call.start = set_up->local ? clock().before(set_up->ms, call.answer,
                                                            set_up_ms == absent ? 0 : set_up_ms, row.line)
                                           : set_up->ms;
            } else {
                call.start = set_up_ms == absent ? call.answer : call.answer - set_up_ms;
                if (set_up_ms == absent)
                    note("calls begin at their answer: no column says when they were set up");
            }
        } else {
            const auto written = in_order(time ? *time : *set_up, row.line);
            if (set_up) {
                call.start = set_up->local && time
                                 ? clock().before(set_up->ms, written, set_up_ms == absent ? 0 : set_up_ms, row.line)
                             : set_up->local ? written
                                             : set_up->ms;
            } else {
                call.start = set_up_ms == absent ? written : written - set_up_ms;
            }
            call.end = set_up_ms != absent ? call.start + set_up_ms : std::max(call.start, written);
            call.outcome = unanswered_outcome(call.sip_code, -1, call.hangup_cause);
        }
        constexpr call_field_names fields{.call_id = "callid",
                                          .account = "account",
                                          .cli = "caller",
                                          .destination = "callee",
                                          .hangup_cause = "sip_reason",
                                          .source_ip = "src_ip",
                                          .answer = "time",
                                          .end = "setuptime",
                                          .talk = "ms_duration"};
        if (!check(call, fields, why))
            return false;
        window_.invite(call, origin, open);
        return true;
    }

    accounting_window window_;
};

} // namespace

std::unique_ptr<reader> make_opensips_reader(reader_options options, sink& to) {
    return std::make_unique<opensips_reader>(std::move(options), to);
}

} // namespace lineside::cdr
