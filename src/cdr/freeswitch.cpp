#include "cdr/freeswitch.hpp"

#include "cdr/outcome.hpp"

#include <algorithm>
#include <array>

namespace lineside::cdr::freeswitch {
namespace {

constexpr std::array<std::string_view, variable_count> names = {
    "uuid",
    "accountcode",
    "direction",
    "originator|originating_leg_uuid",
    "signal_bond",
    "caller_id_number|ani|sip_from_user|caller_id",
    "destination_number|dialed_user|sip_req_user|sip_to_user",
    "network_addr|sip_network_ip|sip_received_ip",
    "start_uepoch|start_epoch|start_stamp|created_time|profile_start_uepoch|profile_start_epoch|profile_start_stamp",
    "answer_uepoch|answer_epoch|answer_stamp|answered_time",
    "end_uepoch|end_epoch|end_stamp|hangup_time",
    "progress_uepoch|progress_epoch|progress_time|progress_stamp",
    "progress_media_uepoch|progress_media_epoch|progress_media_time|progress_media_stamp",
    "duration",
    "mduration",
    "uduration",
    "billsec",
    "billmsec",
    "billusec",
    "progresssec",
    "progressmsec",
    "progressusec",
    "progress_mediasec",
    "progress_mediamsec",
    "progress_mediausec",
    "hangup_cause",
    "hangup_cause_q850",
    "proto_specific_hangup_cause|sip_term_status|sip_invite_failure_status",
    "last_bridge_hangup_cause|bridge_hangup_cause",
    "last_bridge_proto_specific_hangup_cause",
    "sip_hangup_disposition",
    "digits_dialed",
};

constexpr std::int64_t longest_us = 7LL * 24 * 3600 * 1'000'000;

bool read_microseconds(const cell& c, std::int64_t& ms, row_fault& why) {
    if (c.empty())
        return true;
    std::int64_t us = 0;
    if (const auto bad = parse_count(c.text, us, longest_us)) {
        why = fault_of(c, bad);
        return false;
    }
    ms = us / 1000;
    return true;
}

// The finest of three variants that is there.
bool read_length(const record& r, variable s, variable ms, variable us, std::int64_t& to, row_fault& why) {
    if (!r[us].empty())
        return read_microseconds(r[us], to, why);
    if (!r[ms].empty())
        return read_milliseconds(r[ms], to, why);
    return read_seconds(r[s], to, why);
}

// A cause that only says that the channel was let go in order.
bool is_normal(std::string_view cause) {
    return cause.empty() || cause == "NORMAL_CLEARING" || cause == "NONE" || cause == "SUCCESS" ||
           cause == "NORMAL_UNSPECIFIED";
}

std::int32_t sip_code_of(std::string_view text) {
    std::int32_t code = -1;
    if (text.empty() || parse_sip_code(text, code) != nullptr)
        return -1;
    return code;
}

// What the switch did, or what was done to it, on the caller's leg.
release_party released_by(std::string_view disposition, const call_view& call) {
    if (disposition == "recv_bye" || disposition == "recv_cancel")
        return release_party::caller;
    if (disposition == "send_bye")
        return release_party::callee;
    if (disposition != "send_refuse")
        return release_party::unknown;
    const bool by_callee = call.outcome == call_outcome::busy || call.outcome == call_outcome::rejected;
    return by_callee ? release_party::callee : release_party::network;
}

// The first sign of ringing. 0 means that there was none: nothing rings within the same microsecond.
void find_pdd(const record& r, call_view& call) {
    row_fault ignored;
    auto first = absent;
    const auto consider = [&](std::int64_t ms) {
        if (ms > 0 && (first == absent || ms < first))
            first = ms;
    };
    for (const auto v : {progress, progress_media}) {
        std::optional<parsed_time> t;
        if (read_time(r[v], t, ignored) && t && !t->local)
            consider(t->ms - call.start);
    }
    if (first == absent) {
        std::int64_t ms = absent;
        if (read_length(r, progress_s, progress_ms, progress_us, ms, ignored))
            consider(ms);
        ms = absent;
        if (read_length(r, progress_media_s, progress_media_ms, progress_media_us, ms, ignored))
            consider(ms);
    }
    call.pdd = first;
}

void find_outcome(const record& r, bool answered, call_view& call) {
    auto cause = r[hangup_cause].text;
    auto sip = sip_code_of(r[sip_status].text);
    const auto bridged = r[last_bridge_cause].text;
    std::int64_t q850 = -1;
    if (const auto& c = r[hangup_cause_q850]; c.empty() || parse_count(c.text, q850, 65'535) != nullptr)
        q850 = -1;
    // An A leg that was let go in order after its bridge failed: the bridge knows what happened.
    if (!answered && is_normal(cause) && !is_normal(bridged)) {
        cause = bridged;
        q850 = -1;
        sip = sip_code_of(r[last_bridge_status].text);
    }
    call.hangup_cause = cause;
    call.sip_code = sip;
    call.q850_cause = static_cast<std::int32_t>(q850);
    if (q850 < 0) {
        if (const auto meaning = meaning_of_cause(cause))
            call.q850_cause = meaning->q850;
    }
    call.outcome = answered ? call_outcome::answered : unanswered_outcome(sip, call.q850_cause, cause);
    call.released_by = released_by(r[hangup_disposition].text, call);
}

bool find_times(const record& r, local_clock& clock, std::uint64_t line, call_view& call, assumptions& assumed,
                row_fault& why) {
    std::optional<parsed_time> started, answered, ended;
    std::int64_t length = absent;
    std::int64_t talk = absent;
    if (!read_time(r[start], started, why) || !read_time(r[answer], answered, why) || !read_time(r[end], ended, why) ||
        !read_length(r, duration_s, duration_ms, duration_us, length, why) ||
        !read_length(r, bill_s, bill_ms, bill_us, talk, why)) {
        return false;
    }
    if (!started && !answered && !ended) {
        why = fault_of(r[start].there ? r[start] : r[end], "is empty");
        return false;
    }
    const auto in_order = [&](const parsed_time& t) { return t.local ? clock.in_order(t.ms, line) : t.ms; };
    const auto not_before = [&](const parsed_time& t, std::int64_t reference) {
        return t.local ? clock.not_before(t.ms, reference, line) : t.ms;
    };

    // The answer's time decides; where the record has none, there being something to bill.
    const bool was_answered = r[answer].there ? answered.has_value() : talk != absent && talk > 0;
    const auto billed = talk == absent ? 0 : talk;
    const bool coarse =
        (started && started->minutes_only) || (ended && ended->minutes_only) || (answered && answered->minutes_only);
    if (started && coarse) {
        assumed.minutes_only = true;
        call.start = in_order(*started);
        if (length == absent)
            length = billed;
        call.end = call.start + length;
        if (was_answered) {
            call.talk = std::min(billed, length);
            call.answer = call.end - call.talk;
        }
        return true;
    }
    if (ended) {
        call.end = ended->local && started && started->local ? clock.end_in_order(ended->ms, started->ms, length, line)
                                                             : in_order(*ended);
    }
    if (started) {
        call.start = !ended || !started->local ? in_order(*started)
                     : length == absent        ? clock.before(started->ms, call.end, 0, line)
                                               : clock.before(started->ms, call.end, length, line);
    }
    if (answered)
        call.answer = not_before(*answered, started ? call.start : INT64_MIN);
    if (!started) {
        if (length != absent && ended) {
            call.start = call.end - length;
        } else {
            assumed.no_start = true;
            call.start = answered ? call.answer : call.end;
        }
    }
    if (!was_answered) {
        call.answer = absent;
        if (!ended)
            call.end = call.start + (length == absent ? 0 : length);
        return true;
    }
    if (!answered && ended)
        call.answer = std::max(call.start, call.end - billed);
    if (!ended)
        call.end = call.answer == absent ? call.start + billed : call.answer + billed;
    if (call.answer == absent)
        call.answer = call.start;
    // Whole seconds of either kind agree within one; then the times are the finer measure unless a finer one is there.
    const auto between = call.end - call.answer;
    const bool fine = !r[bill_us].empty() || !r[bill_ms].empty();
    const bool agree = talk == absent || (!fine && std::abs(between - talk) < 1000);
    call.talk = agree ? between : talk;
    return true;
}

} // namespace

field_names variables(std::string_view account_from) {
    field_names known(names);
    if (!account_from.empty())
        known.prefer(accountcode, account_from);
    return known;
}

std::string_view number_of(std::string_view caller_id) noexcept {
    const auto open = caller_id.rfind('<');
    const auto close = caller_id.rfind('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return caller_id;
    return caller_id.substr(open + 1, close - open - 1);
}

bool read_channel(const record& r, local_clock& clock, std::uint64_t line, call_view& call, assumptions& assumed,
                  row_fault& why) {
    if (r[uuid].empty()) {
        why = fault_of(r[uuid], "is empty");
        if (why.field.empty())
            why.field = "uuid";
        return false;
    }
    call.call_id = r[uuid].text;
    call.cli = number_of(r[caller].text);
    call.destination = r[called].text;
    call.source_ip = r[network_addr].text;
    if (!find_times(r, clock, line, call, assumed, why))
        return false;
    find_outcome(r, call.answer != absent, call);
    find_pdd(r, call);
    if (const auto& digits = r[digits_dialed]; !digits.empty()) {
        call.dtmf_digits = digits.text == "none" ? 0 : static_cast<std::int64_t>(digits.text.size());
    }
    return true;
}

bool is_b_leg(const record& r) noexcept {
    if (!r[originator].empty() && r[originator].text != r[uuid].text)
        return r[direction].text != "inbound";
    return r[direction].text == "outbound" && !r[signal_bond].empty() && r[signal_bond].text != r[uuid].text;
}

std::string_view a_leg_of(const record& r) noexcept {
    return r[originator].empty() ? r[signal_bond].text : r[originator].text;
}

void leg_window::emit(legs& of) {
    if (!of.has_a_leg) {
        orphans_ += of.b_legs;
        return;
    }
    const auto rows = 1 + of.b_legs;
    rows_ += rows;
    to_->on_call(of.a_leg.view(), rows);
}

void leg_window::a_leg(const call_view& call) {
    window_.add(
        call.call_id,
        [&](legs& of) -> std::size_t {
            if (of.has_a_leg)
                emit(of);
            if (of.has_a_leg)
                of.b_legs = 0;
            const auto before = of.a_leg.bytes();
            of.a_leg.hold(call);
            of.has_a_leg = true;
            return of.a_leg.bytes() - std::min(before, of.a_leg.bytes());
        },
        [&](const std::string&, legs& of) { emit(of); });
}

void leg_window::b_leg(std::string_view a_leg_uuid) {
    window_.add(
        a_leg_uuid,
        [](legs& of) -> std::size_t {
            ++of.b_legs;
            return 0;
        },
        [&](const std::string&, legs& of) { emit(of); });
}

void leg_window::finish() {
    window_.finish([&](const std::string&, legs& of) { emit(of); });
}

} // namespace lineside::cdr::freeswitch
