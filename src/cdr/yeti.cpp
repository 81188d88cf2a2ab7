// The CDR export of Yeti: CSV with titleised headers, of the customer's columns or of the operator's.
//
// Decided here:
//  - A call is (orig_call_id, local_tag): a caller may use a Call-ID again, and then the tag, Yeti's own name for the
//    call, tells them apart. It is the branch of every call whose export has it.
//  - Routing attempts of a call (routing_attempt, is_last_cdr) are rows of one attempt: the last one's, from the start
//    of the first. Exports run backwards in time, so they are collected in whatever order.
//  - Answered is `success`, else that there is a connect time.
//  - Amounts are what the customer pays: customer_price, destination_next_rate, customer_duration.

#include "cdr/columns.hpp"
#include "cdr/fold.hpp"
#include "cdr/formats.hpp"
#include "cdr/held_call.hpp"
#include "cdr/outcome.hpp"

#include <algorithm>
#include <array>

namespace lineside::cdr {
namespace {

enum field : std::size_t {
    call_id,
    local_tag,
    account,
    time_start,
    time_connect,
    time_end,
    success,
    duration_s,
    caller,
    callee,
    sip_code,
    reason,
    q850,
    initiator,
    source_ip,
    rate,
    price,
    billed,
    currency,
    pdd,
    is_last,
    attempt,
    field_count
};

// A titleised name loses its last "_id": "Orig Call" is orig_call_id.
constexpr std::array<std::string_view, field_count> names = {
    "orig_call_id|orig_call|call_id",
    "local_tag",
    "customer_acc_external_id|customer_acc_external|customer_acc_id|customer_acc|customer_external_id|customer",
    "time_start",
    "time_connect",
    "time_end",
    "success",
    "duration",
    "src_prefix_in|src_prefix_routing|src_prefix_out",
    "dst_prefix_in|dst_prefix_routing|dst_prefix_out",
    "lega_disconnect_code",
    "lega_disconnect_reason",
    "lega_q850_cause",
    "disconnect_initiator_id|disconnect_initiator",
    "auth_orig_ip|sign_orig_ip",
    "destination_next_rate",
    "customer_price|customer_price_no_vat",
    "customer_duration",
    "customer_currency|currency",
    "pdd",
    "is_last_cdr",
    "routing_attempt",
};

bool is_true(std::string_view text) {
    return text == "t" || text == "1" || equal_ignoring_case(text, "true") || equal_ignoring_case(text, "yes");
}

bool is_false(std::string_view text) {
    return text == "f" || text == "0" || equal_ignoring_case(text, "false") || equal_ignoring_case(text, "no");
}

// 0 routing, 1 switch, 2 destination, 3 origination.
release_party released_by(std::string_view initiator_of) {
    if (initiator_of == "2" || equal_ignoring_case(initiator_of, "destination"))
        return release_party::callee;
    if (initiator_of == "3" || equal_ignoring_case(initiator_of, "origination"))
        return release_party::caller;
    return initiator_of.empty() ? release_party::unknown : release_party::network;
}

field_names known_names(const reader_options& options) {
    field_names known(names);
    if (!options.account_from.empty()) {
        known.prefer(account, options.account_from);
        if (options.account_from.ends_with("_id")) {
            known.prefer(account, std::string_view(options.account_from).substr(0, options.account_from.size() - 3));
        }
    }
    return known;
}

class yeti_reader final : public table_reader {
public:
    yeti_reader(reader_options options, sink& to)
        : table_reader(options, to, known_names(options), split_list(options.fields)) {}

private:
    /// The routing attempts of a call.
    struct attempts {
        held_call best;
        std::uint32_t rows = 0;
        bool last = false; ///< `best` is the one marked as the last
        std::int64_t number = 0;
        std::int64_t start = absent; ///< of the first
    };

    void on_header(std::uint64_t line) override {
        require(line, time_start, "the Time Start");
        if (!has(call_id))
            require(line, local_tag, "the Orig Call Id or the Local Tag");
        if (!has(success) && !has(time_connect))
            require(line, duration_s, "the Success, the Time Connect or the Duration");
        if (!options().account_from.empty() && !options().account && !has(account)) {
            static_cast<void>(account_column(columns().header(), "customer_acc_external_id", line));
        }
        // Without a mark all rows are calls.
        folds_ = has(is_last) || has(attempt);
    }

    void on_record(const csv_row& row) override {
        row_fault why;
        if (!take(row, why))
            reject_row(row, std::move(why));
    }

    void on_end() override {
        window_.finish([&](const std::string&, attempts& a) { emit(a); });
    }

    bool take(const csv_row& row, row_fault& why) {
        const auto at = [&](field f) { return columns().at(row, f); };
        call_view call;
        call.call_id = has(call_id) ? at(call_id).text : at(local_tag).text;
        call.branch = has(call_id) ? at(local_tag).text : std::string_view();
        call.cli = at(caller).text;
        call.destination = at(callee).text;
        call.source_ip = at(source_ip).text;
        call.hangup_cause = at(reason).text;
        call.released_by = released_by(at(initiator).text);
        if (!resolve_account(at(account).text, at(account).column,
                             has(account) ? at(account).name : "customer_acc_external_id", call.account, why)) {
            return false;
        }
        std::optional<parsed_time> started, connected, ended;
        std::int64_t talk = absent;
        if (!read_time(at(time_start), started, why) || !read_time(at(time_connect), connected, why) ||
            !read_time(at(time_end), ended, why) || !read_seconds(at(duration_s), talk, why) ||
            !read_sip_code(at(sip_code), call.sip_code, why) || !read_nanos(at(rate), call.rate, why) ||
            !read_nanos(at(price), call.charge, why) || !read_seconds(at(billed), call.billed, why) ||
            !read_seconds(at(pdd), call.pdd, why)) {
            return false;
        }
        if (!started) {
            why = fault_of(at(time_start), "is empty");
            return false;
        }
        std::int64_t cause = absent;
        if (!at(q850).empty()) {
            if (const auto bad = parse_count(at(q850).text, cause, 127)) {
                why = fault_of(at(q850), bad);
                return false;
            }
            if (cause > 0)
                call.q850_cause = static_cast<std::int32_t>(cause);
        }
        bool answered = connected.has_value();
        if (const auto& mark = at(success); !mark.empty()) {
            if (!is_true(mark.text) && !is_false(mark.text)) {
                why = fault_of(mark, "is neither t nor f");
                return false;
            }
            answered = is_true(mark.text);
        } else if (!has(time_connect)) {
            answered = talk > 0;
        }
        call.start = in_order(*started, row.line);
        if (connected)
            call.answer = not_before(*connected, call.start, row.line);
        if (ended)
            call.end = not_before(*ended, connected ? call.answer : call.start, row.line);
        if (!answered) {
            call.answer = absent;
            if (!ended)
                call.end = call.start;
            call.outcome = unanswered_outcome(call.sip_code, call.q850_cause, call.hangup_cause);
        } else {
            call.outcome = call_outcome::answered;
            if (!connected && ended && talk != absent)
                call.answer = std::max(call.start, call.end - talk);
            if (!ended)
                call.end = (connected ? call.answer : call.start) + (talk == absent ? 0 : talk);
            const auto between = call.answer == absent ? call.end - call.start : call.end - call.answer;
            // The export's duration is whole seconds; the times have microseconds unless they were rounded too.
            const bool agree = talk != absent && std::abs(between - talk) <= 1000;
            call.talk = talk == absent || (agree && between % 1000 != 0) ? between : talk;
        }
        const auto unit = at(currency).text;
        if (call.charge != absent || call.rate != absent) {
            call.currency = unit.empty() ? std::string_view(options().currency) : unit;
        }
        constexpr call_field_names fields{.call_id = "orig_call_id",
                                          .account = "customer_acc_external_id",
                                          .cli = "src_prefix_in",
                                          .destination = "dst_prefix_in",
                                          .hangup_cause = "lega_disconnect_reason",
                                          .source_ip = "auth_orig_ip",
                                          .currency = "customer_currency",
                                          .answer = "time_connect",
                                          .end = "time_end"};
        if (!check(call, fields, why))
            return false;
        if (!folds_) {
            to().on_call(call, 1);
            return true;
        }
        return fold(call, at(is_last), at(attempt), why);
    }

    bool fold(const call_view& call, const cell& mark, const cell& which, row_fault& why) {
        std::int64_t number = 0;
        if (!which.empty()) {
            if (const auto bad = parse_count(which.text, number, 10'000)) {
                why = fault_of(which, bad);
                return false;
            }
        }
        const bool last = is_true(mark.text);
        if (!mark.empty() && !last && !is_false(mark.text)) {
            why = fault_of(mark, "is neither t nor f");
            return false;
        }
        key_.assign(call.call_id);
        key_ += '\0';
        key_ += call.branch;
        window_.add(
            key_,
            [&](attempts& a) -> std::size_t {
                const auto before = a.best.bytes();
                if (a.rows == 0 || (last && !a.last) || (last == a.last && number >= a.number)) {
                    a.best.hold(call);
                    a.last = last;
                    a.number = number;
                }
                a.start = a.rows == 0 ? call.start : std::min(a.start, call.start);
                ++a.rows;
                return std::max(before, a.best.bytes()) - before;
            },
            [&](const std::string&, attempts& a) { emit(a); });
        return true;
    }

    void emit(attempts& a) {
        auto call = a.best.view();
        call.start = a.start;
        to().on_call(call, a.rows);
    }

    fold_window<attempts> window_{32'768, std::size_t{32} << 20};
    std::string key_;
    bool folds_ = false;
};

} // namespace

std::unique_ptr<reader> make_yeti_reader(reader_options options, sink& to) {
    return std::make_unique<yeti_reader>(std::move(options), to);
}

} // namespace lineside::cdr
