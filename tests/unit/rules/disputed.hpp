#pragma once

#include "rules/dispute.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

/// What the tests of comparisons have in common.
namespace lineside::rules::testing {

inline constexpr std::int64_t second = 1'000;
inline constexpr std::int64_t minute = 60 * second;
inline constexpr std::int64_t hour = 60 * minute;
inline constexpr std::int64_t day = 24 * hour;
inline constexpr std::int64_t noon = 1'772'366'400'000; // 2026-03-01T12:00:00Z

/// A call in few words. Times in milliseconds, charges in nanos.
struct told_call {
    std::int64_t start = noon;
    std::int64_t talk = 60 * second;
    std::string id;
    std::string callee = "4930123456";
    std::string caller = "4420700000";
    std::int64_t charge = absent;
    std::int64_t billed = absent;
    std::int64_t ring = absent;
    call_outcome outcome = call_outcome::answered;
};

inline void add(call_set& to, const told_call& c) {
    call_view v;
    v.call_id = c.id;
    v.destination = c.callee;
    v.cli = c.caller;
    v.start = c.start;
    v.answer = c.ring == absent ? absent : c.start + c.ring;
    v.end = c.start + c.talk;
    v.talk = c.talk;
    v.billed = c.billed;
    v.charge = c.charge;
    v.outcome = c.outcome;
    to.add(v);
}

inline call_set set_of(const std::vector<told_call>& calls) {
    call_set set;
    for (const auto& c : calls)
        add(set, c);
    return set;
}

inline void unchecked() {}

/// Both sets with what came out of comparing them, which refers to them.
struct compared {
    compared(const std::vector<told_call>& our_calls, const std::vector<told_call>& their_calls,
             dispute_options options = {})
        : ours(set_of(our_calls)),
          theirs(set_of(their_calls)),
          result(ours, theirs, std::move(options), unchecked) {}
    compared(const compared&) = delete;
    compared& operator=(const compared&) = delete;

    [[nodiscard]] const dispute_report& report() const { return result.report(); }
    /// The kinds of the differences, in the order of time.
    [[nodiscard]] std::vector<difference_class> kinds() const {
        std::vector<difference_class> all;
        for (const auto& d : result.differences())
            all.push_back(d.kind);
        return all;
    }

    call_set ours;
    call_set theirs;
    comparison result;
};

} // namespace lineside::rules::testing
