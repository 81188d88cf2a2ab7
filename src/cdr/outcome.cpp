#include "cdr/outcome.hpp"

#include <algorithm>
#include <array>

namespace lineside::cdr {

namespace {

using enum call_outcome;

struct named_cause {
    std::string_view name;
    std::int32_t number; ///< Q.850 up to 127, FreeSWITCH's own above
    call_outcome outcome;
};

// switch_types.h of FreeSWITCH names the numbers of Q.850 and adds its own.
constexpr std::array named_causes{
    named_cause{"UNALLOCATED_NUMBER", 1, invalid_number},
    named_cause{"NO_ROUTE_TRANSIT_NET", 2, congestion},
    named_cause{"NO_ROUTE_DESTINATION", 3, invalid_number},
    named_cause{"CHANNEL_UNACCEPTABLE", 6, congestion},
    named_cause{"CALL_AWARDED_DELIVERED", 7, unknown},
    named_cause{"NORMAL_CLEARING", 16, no_answer},
    named_cause{"USER_BUSY", 17, busy},
    named_cause{"NO_USER_RESPONSE", 18, no_answer},
    named_cause{"NO_ANSWER", 19, no_answer},
    named_cause{"SUBSCRIBER_ABSENT", 20, no_answer},
    named_cause{"CALL_REJECTED", 21, rejected},
    named_cause{"NUMBER_CHANGED", 22, invalid_number},
    named_cause{"REDIRECTION_TO_NEW_DESTINATION", 23, redirected},
    named_cause{"EXCHANGE_ROUTING_ERROR", 25, congestion},
    named_cause{"DESTINATION_OUT_OF_ORDER", 27, congestion},
    named_cause{"INVALID_NUMBER_FORMAT", 28, invalid_number},
    named_cause{"FACILITY_REJECTED", 29, congestion},
    named_cause{"RESPONSE_TO_STATUS_ENQUIRY", 30, unknown},
    named_cause{"NORMAL_UNSPECIFIED", 31, unknown},
    named_cause{"NORMAL_CIRCUIT_CONGESTION", 34, congestion},
    named_cause{"NETWORK_OUT_OF_ORDER", 38, congestion},
    named_cause{"NORMAL_TEMPORARY_FAILURE", 41, congestion},
    named_cause{"SWITCH_CONGESTION", 42, congestion},
    named_cause{"ACCESS_INFO_DISCARDED", 43, congestion},
    named_cause{"REQUESTED_CHAN_UNAVAIL", 44, congestion},
    named_cause{"PRE_EMPTED", 45, congestion},
    named_cause{"FACILITY_NOT_SUBSCRIBED", 50, blocked},
    named_cause{"OUTGOING_CALL_BARRED", 52, blocked},
    named_cause{"INCOMING_CALL_BARRED", 54, blocked},
    named_cause{"BEARERCAPABILITY_NOTAUTH", 57, congestion},
    named_cause{"BEARERCAPABILITY_NOTAVAIL", 58, congestion},
    named_cause{"SERVICE_UNAVAILABLE", 63, congestion},
    named_cause{"BEARERCAPABILITY_NOTIMPL", 65, congestion},
    named_cause{"CHAN_NOT_IMPLEMENTED", 66, congestion},
    named_cause{"FACILITY_NOT_IMPLEMENTED", 69, congestion},
    named_cause{"SERVICE_NOT_IMPLEMENTED", 79, congestion},
    named_cause{"INVALID_CALL_REFERENCE", 81, congestion},
    named_cause{"INCOMPATIBLE_DESTINATION", 88, congestion},
    named_cause{"INVALID_MSG_UNSPECIFIED", 95, congestion},
    named_cause{"MANDATORY_IE_MISSING", 96, congestion},
    named_cause{"MESSAGE_TYPE_NONEXIST", 97, congestion},
    named_cause{"WRONG_MESSAGE", 98, congestion},
    named_cause{"IE_NONEXIST", 99, congestion},
    named_cause{"INVALID_IE_CONTENTS", 100, congestion},
    named_cause{"WRONG_CALL_STATE", 101, congestion},
    named_cause{"RECOVERY_ON_TIMER_EXPIRE", 102, congestion},
    named_cause{"MANDATORY_IE_LENGTH_ERROR", 103, congestion},
    named_cause{"PROTOCOL_ERROR", 111, congestion},
    named_cause{"INTERWORKING", 127, congestion},
    named_cause{"ORIGINATOR_CANCEL", 487, abandoned},
    named_cause{"CRASH", 700, congestion},
    named_cause{"SYSTEM_SHUTDOWN", 701, congestion},
    named_cause{"LOSE_RACE", 702, no_answer},
    named_cause{"MANAGER_REQUEST", 703, blocked},
    named_cause{"BLIND_TRANSFER", 800, redirected},
    named_cause{"ATTENDED_TRANSFER", 801, redirected},
    named_cause{"ALLOTTED_TIMEOUT", 802, no_answer},
    named_cause{"USER_CHALLENGE", 803, unauthorized},
    named_cause{"MEDIA_TIMEOUT", 804, congestion},
    named_cause{"PICKED_OFF", 805, no_answer},
    named_cause{"USER_NOT_REGISTERED", 806, no_answer},
    named_cause{"PROGRESS_TIMEOUT", 807, congestion},
    named_cause{"INVALID_GATEWAY", 808, congestion},
    named_cause{"GATEWAY_DOWN", 809, congestion},
    named_cause{"INVALID_URL", 810, congestion},
    named_cause{"INVALID_PROFILE", 811, congestion},
    named_cause{"NO_PICKUP", 812, no_answer},
    named_cause{"SRTP_READ_ERROR", 813, congestion},
    named_cause{"BOWOUT", 814, unknown},
    named_cause{"BUSY_EVERYWHERE", 815, busy},
    named_cause{"DECLINE", 816, rejected},
    named_cause{"DOES_NOT_EXIST_ANYWHERE", 817, invalid_number},
    named_cause{"NOT_ACCEPTABLE", 818, congestion},
    named_cause{"UNWANTED", 819, rejected},
    named_cause{"NO_IDENTITY", 820, rejected},
    named_cause{"BAD_IDENTITY_INFO", 821, rejected},
    named_cause{"UNSUPPORTED_CERTIFICATE", 822, rejected},
    named_cause{"INVALID_IDENTITY", 823, rejected},
    named_cause{"STALE_DATE", 824, rejected},
    named_cause{"REJECT_ALL", 825, rejected},
};

constexpr char canonical(char c) noexcept {
    if (c == ' ' || c == '-')
        return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

} // namespace

call_outcome outcome_of_sip(std::int32_t code) noexcept {
    switch (code) {
    case 401:
    case 407: return unauthorized;
    case 402:
    case 403: return rejected;
    case 404:
    case 410:
    case 484:
    case 485:
    case 604: return invalid_number;
    case 480: return no_answer;
    case 486:
    case 600: return busy;
    case 487: return abandoned;
    // The STIR identity family, and anonymity.
    case 428:
    case 429:
    case 433:
    case 436:
    case 437:
    case 438:
    case 603:
    case 607:
    case 608: return rejected;
    case 400:
    case 405:
    case 406:
    case 408:
    case 413:
    case 414:
    case 415:
    case 416:
    case 420:
    case 421:
    case 481:
    case 482:
    case 483:
    case 488:
    case 491:
    case 493:
    case 494:
    case 606: return congestion;
    default: break;
    }
    if (code >= 200 && code < 300)
        return answered;
    if (code >= 300 && code < 400)
        return redirected;
    if (code >= 500 && code < 600)
        return congestion;
    return unknown;
}

call_outcome outcome_of_q850(std::int32_t cause) noexcept {
    const auto found = std::find_if(named_causes.begin(), named_causes.end(),
                                    [cause](const named_cause& c) { return c.number == cause; });
    return found == named_causes.end() ? unknown : found->outcome;
}

std::optional<hangup_cause_meaning> meaning_of_cause(std::string_view name) noexcept {
    const auto found = std::find_if(named_causes.begin(), named_causes.end(), [name](const named_cause& c) {
        return std::equal(name.begin(), name.end(), c.name.begin(), c.name.end(),
                          [](char a, char b) { return canonical(a) == b; });
    });
    if (found == named_causes.end())
        return std::nullopt;
    return hangup_cause_meaning{found->number <= 127 ? found->number : -1, found->outcome};
}

call_outcome unanswered_outcome(std::int32_t sip_code, std::int32_t q850_cause, std::string_view cause_name) noexcept {
    // A success code without an answer says nothing about how the attempt ended.
    if (sip_code >= 300) {
        if (const auto o = outcome_of_sip(sip_code); o != unknown)
            return o;
    }
    if (q850_cause >= 0) {
        if (const auto o = outcome_of_q850(q850_cause); o != unknown)
            return o;
    }
    if (const auto meaning = meaning_of_cause(cause_name))
        return meaning->outcome;
    return unknown;
}

} // namespace lineside::cdr
