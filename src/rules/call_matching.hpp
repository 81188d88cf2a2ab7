#pragma once

#include "rules/call_set.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace lineside::rules {

/// Which call of theirs is which of ours, one to one.
struct matching {
    static constexpr std::uint32_t none = 0xffff'ffff;

    std::vector<std::uint32_t> of_ours;   ///< by index of ours: theirs, or none
    std::vector<std::uint32_t> of_theirs; ///< the reverse
    std::uint64_t by_id = 0;
    std::uint64_t by_numbers = 0;

    /// Theirs less ours, one after another: how the clocks were found to be apart. A second one where the export
    /// changed its offset from UTC on the way.
    struct offset {
        std::int64_t whole_ms = 0; ///< whole quarter hours, as of a zone that was not stated
        std::int64_t skew_ms = 0;  ///< the rest
        std::uint64_t calls = 0;   ///< matched with it
        std::int64_t first = 0;    ///< of their starts
        std::int64_t last = 0;
    };
    std::vector<offset> offsets; ///< at least one
    std::int64_t skew_ms = 0;    ///< median over all matched calls of what is beyond the whole quarter hours

    /// Their start by our clock.
    [[nodiscard]] std::int64_t by_our_clock(std::int64_t their_start) const noexcept;
};

/// Matches by call id where an id stands on both sides for calls that can be the same (the called numbers correspond, or
/// the id is too long to be a coincidence; the starts lie within an hour). The rest by called and calling number, starts
/// not further apart than `tolerance_ms` once the clocks agree, the nearest start first, then the nearest billed time,
/// then the order of arrival. A withheld caller matches any. Deterministic.
///
/// Memory beyond the sets: 24 bytes a call. `check` is called now and then and may throw.
[[nodiscard]] matching match_calls(const call_set& ours, const call_set& theirs, std::int64_t tolerance_ms,
                                   const std::function<void()>& check);

} // namespace lineside::rules
