#include "rules/rollup.hpp"

#include "model/call_view.hpp"

#include <algorithm>
#include <cstddef>

namespace lineside::rules {

namespace {

constexpr std::uint32_t bit(call_outcome o) { return 1U << static_cast<unsigned>(o); }

// E.425: whatever the called side did is the network's success.
constexpr std::uint32_t effective_outcomes = bit(call_outcome::answered) | bit(call_outcome::busy) |
                                             bit(call_outcome::no_answer) | bit(call_outcome::rejected) |
                                             bit(call_outcome::abandoned);

// Outcomes and gaps are as good as random, so this counts without branches.
void add_if(bool counts, std::int64_t amount, std::uint64_t& sum, std::uint64_t& number) {
    sum += counts ? static_cast<std::uint64_t>(amount) : 0;
    number += counts ? 1 : 0;
}

void count_ended(const call_facts& call, cell& c) {
    const bool answered = call.outcome == call_outcome::answered;
    const bool dtmf = answered && call.dtmf_digits != absent;
    c.attempts += 1;
    c.effective += (effective_outcomes >> static_cast<unsigned>(call.outcome)) & 1U;
    c.uncovered += call.attempts_known ? 0 : 1;
    add_if(answered, call.talk, c.talk_ms, c.answered);
    add_if(call.billed != absent, call.billed, c.billed_ms, c.billed_reported);
    add_if(call.pdd != absent, call.pdd, c.pdd_ms, c.pdd_reported);
    add_if(dtmf, call.dtmf_digits, c.dtmf_digits, c.dtmf_reported);
    c.dtmf_calls += dtmf && call.dtmf_digits > 0 ? 1 : 0;
    const bool charged = call.charge != absent;
    c.charge += charged ? call.charge : 0;
    c.charge_reported += charged ? 1 : 0;
}

} // namespace

void cell::merge(const cell& other) noexcept {
    attempts += other.attempts;
    answered += other.answered;
    effective += other.effective;
    uncovered += other.uncovered;
    open_calls += other.open_calls;
    talk_ms += other.talk_ms;
    billed_ms += other.billed_ms;
    billed_reported += other.billed_reported;
    pdd_ms += other.pdd_ms;
    pdd_reported += other.pdd_reported;
    dtmf_reported += other.dtmf_reported;
    dtmf_calls += other.dtmf_calls;
    dtmf_digits += other.dtmf_digits;
    charge_reported += other.charge_reported;
    charge += other.charge;
    cps_peak = std::max(cps_peak, other.cps_peak);
    live_peak = std::max(live_peak, other.live_peak);
    live_ms += other.live_ms;
}

bool cell::empty() const noexcept { return *this == cell{}; }

void roller::run(std::span<const call_facts> calls, std::span<const live_span> carried, std::int64_t from,
                 std::int64_t step_ms, std::span<cell> out) {
    std::fill(out.begin(), out.end(), cell{});
    spans_.assign(carried.begin(), carried.end());
    spans_.reserve(carried.size() + calls.size());

    std::size_t index = 0;
    std::int64_t next_edge = from + step_ms;
    std::int64_t next_second = from;
    std::uint64_t in_second = 0;
    for (const call_facts& call : calls) {
        for (; call.start >= next_edge; next_edge += step_ms)
            ++index;
        cell& c = out[index];
        if (call.start >= next_second) {
            next_second = call.start - (call.start - from) % 1'000 + 1'000;
            in_second = 0;
        }
        c.cps_peak = std::max(c.cps_peak, ++in_second);
        if (call.end == absent) {
            ++c.open_calls;
            continue;
        }
        count_ended(call, c);
        spans_.push_back({call.start, call.end});
    }

    live_.resize(out.size());
    sweep_.run(spans_, from, step_ms, live_);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].live_peak = live_[i].peak;
        out[i].live_ms = live_[i].channel_ms;
    }
}

} // namespace lineside::rules
