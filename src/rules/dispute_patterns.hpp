#pragma once

#include "rules/call_matching.hpp"
#include "rules/call_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lineside::rules {

struct difference;

/// What a comparison found, to look for patterns in.
struct compared_calls {
    const call_set& ours;
    const call_set& theirs;
    const matching& matched;
    const std::vector<difference>& differences; ///< in the order of time
    bool money = false;                         ///< charges were compared
    std::uint64_t left_out = 0;                 ///< calls that one side does not record because nobody answered
};

/// What nearly all differences have in common, in words: how the clocks are apart, how lengths are rounded, which rates
/// were used, what is missing in a row, what stands twice. Looks at no more than 200,000 calls for each.
[[nodiscard]] std::vector<std::string> find_patterns(const compared_calls& calls);

/// "61 s", "60.25 s".
[[nodiscard]] std::string seconds_text(std::int64_t ms);

} // namespace lineside::rules
