#pragma once

#include <lineside/call.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace lineside::cdr {

/// What a final SIP response says about an attempt; `unknown` for provisional and unassigned codes.
[[nodiscard]] call_outcome outcome_of_sip(std::int32_t code) noexcept;

/// What a Q.850 cause says about an attempt that was not answered: normal clearing (16) without answer is one that
/// nobody answered. FreeSWITCH's own numbers above 127 are understood too.
[[nodiscard]] call_outcome outcome_of_q850(std::int32_t cause) noexcept;

struct hangup_cause_meaning {
    std::int32_t q850 = -1; ///< -1: a private cause without a Q.850 number
    call_outcome outcome = call_outcome::unknown;
};

/// A cause by FreeSWITCH's name (`USER_BUSY`, also `user busy`), for an attempt that was not answered.
[[nodiscard]] std::optional<hangup_cause_meaning> meaning_of_cause(std::string_view name) noexcept;

/// The best word for how an unanswered attempt ended: by SIP code, else Q.850 cause, else the cause's name.
[[nodiscard]] call_outcome unanswered_outcome(std::int32_t sip_code, std::int32_t q850_cause,
                                              std::string_view cause_name) noexcept;

} // namespace lineside::cdr
