// The CSV download of ConnexCS, and what its API writes: columns chosen per download, so known by name only; times are
// always UTC.
//
// Decided here:
//  - Answered: a duration above 0, or SIP code 200. No column says when; where both PDD and ring duration are there,
//    the answer is the call time plus the two.
//  - PDD and ring duration are seconds. A PDD above three minutes is longer than SIP lets a call ring, so it is read as
//    milliseconds, with a note; the word `pdd_ms` in `fields` says that both are milliseconds.
//  - DTMF holds the digits that were captured: where the column is there and empty, none were.

#include "cdr/columns.hpp"
#include "cdr/formats.hpp"
#include "cdr/outcome.hpp"

#include <algorithm>
#include <array>

namespace lineside::cdr {
namespace {

enum field : std::size_t {
    call_id,
    branch,
    account,
    call_time,
    cli,
    destination,
    duration,
    billed,
    charge,
    rate,
    currency,
    pdd,
    ring,
    sip_code,
    sip_reason,
    release_reason,
    dtmf,
    source_ip,
    direction,
    field_count
};

constexpr std::array<std::string_view, field_count> names = {
    "Call ID|callid",
    "branch_idx|branch",
    "customer_id|Customer|Customer Name|account",
    "Call Time|dt",
    "Source Number|source_cli|CLI|src_number|dest_cli",
    "Destination|Destination Number|source_dest_number|dest_number",
    "Duration|Call Duration",
    "Billed Duration|customer_duration",
    "Charge|customer_charge",
    "Rate|customer_card_rate",
    "Currency|customer_card_currency",
    "PDD|PDD In|pdd_out",
    "Ring Duration",
    "SIP Code|status",
    "SIP Reason",
    "Release Reason|hangup_cause",
    "DTMF",
    "Source IP",
    "Direction",
};

constexpr std::int64_t longest_pdd_in_seconds = 180; // RFC 3261, timer C
constexpr std::string_view milliseconds_word = "pdd_ms";

bool contains(std::string_view text, std::string_view part) { return header_key(text).find(part) != std::string::npos; }

release_party released_by(std::string_view reason) {
    const auto key = header_key(reason);
    if (key == "downstreambye")
        return release_party::caller;
    if (key == "upstreambye")
        return release_party::callee;
    // All others are the switch's: MI Termination, Ping Timeout, Missing ACK, Lifetime Timeout ...
    return key.empty() ? release_party::unknown : release_party::network;
}

// Termination is traffic that the customer sends, origination what comes to the customer.
call_direction direction_of(std::string_view text) {
    if (contains(text, "internal"))
        return call_direction::internal;
    if (contains(text, "term") || contains(text, "out"))
        return call_direction::outbound;
    if (contains(text, "orig") || contains(text, "in"))
        return call_direction::inbound;
    return call_direction::unknown;
}

std::vector<std::string> column_list(std::string_view fields) {
    auto list = split_list(fields);
    std::erase(list, milliseconds_word);
    return list;
}

field_names known_names(const reader_options& options) {
    field_names known(names);
    if (!options.account_from.empty())
        known.prefer(account, options.account_from);
    return known;
}

class connexcs_reader final : public table_reader {
public:
    connexcs_reader(reader_options options, sink& to)
        : table_reader(options, to, known_names(options), column_list(options.fields)) {
        const auto words = split_list(options.fields);
        pdd_in_ms_ = std::find(words.begin(), words.end(), milliseconds_word) != words.end();
    }

private:
    void on_header(std::uint64_t line) override {
        require(line, call_time, "the Call Time (dt)");
        require(line, call_id, "the Call ID (callid)");
        require(line, duration, "the Duration");
        if (!has(ring) || !has(pdd)) {
            note("the columns do not say when calls were answered (PDD and Ring Duration would)");
        }
        static_cast<void>(account_column(columns().header(), "customer_id", line));
    }

    void on_record(const csv_row& row) override {
        row_fault why;
        if (!take(row, why))
            reject_row(row, std::move(why));
    }

    bool take(const csv_row& row, row_fault& why) {
        const auto at = [&](field f) { return columns().at(row, f); };
        call_view call;
        call.call_id = at(call_id).text;
        call.branch = at(branch).text;
        call.cli = at(cli).text;
        call.destination = at(destination).text;
        call.source_ip = at(source_ip).text;
        if (!resolve_account(at(account).text, at(account).column, has(account) ? at(account).name : "customer_id",
                             call.account, why)) {
            return false;
        }
        std::optional<parsed_time> start;
        if (!read_time(at(call_time), start, why))
            return false;
        if (!start) {
            why = fault_of(at(call_time), "is empty");
            return false;
        }
        call.start = start->ms; // local is UTC here
        std::int64_t ring_ms = absent;
        if (!read_seconds(at(duration), call.talk, why) || !read_seconds(at(billed), call.billed, why) ||
            !read_nanos(at(charge), call.charge, why) || !read_nanos(at(rate), call.rate, why) ||
            !read_sip_code(at(sip_code), call.sip_code, why) || !read_wait(at(pdd), call.pdd, why) ||
            !read_wait(at(ring), ring_ms, why)) {
            return false;
        }
        const auto money = at(currency);
        call.currency = money.empty() ? std::string_view(options().currency) : money.text;
        if (call.charge == absent && call.rate == absent)
            call.currency = {};

        const auto reason = at(release_reason).text;
        call.hangup_cause = reason.empty() ? at(sip_reason).text : reason;
        call.released_by = released_by(reason);
        call.direction = direction_of(at(direction).text);
        if (at(dtmf).there)
            call.dtmf_digits = static_cast<std::int64_t>(at(dtmf).text.size());

        auto connected = call.start;
        if (call.talk > 0 || call.sip_code == 200) {
            call.outcome = call_outcome::answered;
            if (call.pdd != absent && ring_ms != absent)
                call.answer = connected = call.start + call.pdd + ring_ms;
        } else {
            call.outcome = unanswered_outcome(call.sip_code, -1, call.hangup_cause);
            if (call.pdd != absent)
                connected += call.pdd;
            if (ring_ms != absent)
                connected += ring_ms;
        }
        call.end = connected + call.talk;

        constexpr call_field_names fields{.call_id = "Call ID",
                                          .account = "Customer",
                                          .cli = "Source Number",
                                          .destination = "Destination",
                                          .hangup_cause = "Release Reason",
                                          .source_ip = "Source IP",
                                          .currency = "Currency"};
        if (!check(call, fields, why))
            return false;
        to().on_call(call, 1);
        return true;
    }

    bool read_wait(const cell& c, std::int64_t& ms, row_fault& why) {
        if (pdd_in_ms_)
            return read_milliseconds(c, ms, why);
        if (!read_seconds(c, ms, why))
            return false;
        if (ms != absent && ms > longest_pdd_in_seconds * 1000) {
            ms /= 1000;
            note("waits of more than three minutes in PDD or Ring Duration were read as milliseconds");
        }
        return true;
    }

    bool pdd_in_ms_ = false;
};

} // namespace

std::unique_ptr<reader> make_connexcs_reader(reader_options options, sink& to) {
    return std::make_unique<connexcs_reader>(std::move(options), to);
}

} // namespace lineside::cdr
