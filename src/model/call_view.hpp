#pragma once

#include <lineside/call.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

namespace lineside {

/// "Not reported" in the integer members of a call_view.
inline constexpr std::int64_t absent = std::numeric_limits<std::int64_t>::min();

/// A call whose texts lie in somebody else's memory: what readers hand on and the store packs. Instants are UTC
/// milliseconds, lengths milliseconds, amounts billionths of the currency's unit. Members mean what `call`'s do.
struct call_view {
    std::string_view call_id;
    std::string_view branch;
    std::string_view account;
    std::string_view cli;
    std::string_view destination;
    std::string_view hangup_cause;
    std::string_view source_ip;
    std::string_view currency; ///< of charge and rate
    std::int64_t start = absent;
    std::int64_t answer = absent;
    std::int64_t end = absent;
    std::int64_t talk = 0;
    std::int64_t billed = absent;
    std::int64_t pdd = absent;
    std::int64_t charge = absent;
    std::int64_t rate = absent;
    std::int64_t dtmf_digits = absent;
    std::int32_t sip_code = -1;   ///< -1: not reported
    std::int32_t q850_cause = -1; ///< -1: not reported
    call_outcome outcome = call_outcome::unknown;
    call_direction direction = call_direction::unknown;
    release_party released_by = release_party::unknown;

    [[nodiscard]] bool answered() const noexcept { return outcome == call_outcome::answered; }
    bool operator==(const call_view&) const = default;
};

} // namespace lineside
