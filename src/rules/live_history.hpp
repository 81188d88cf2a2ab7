#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lineside::rules {

inline constexpr std::int64_t minute_ms = 60'000;

/// Live channels of one account within one minute.
struct live_minute {
    std::uint32_t account = 0;
    std::int64_t start = 0;          ///< UTC milliseconds, a whole minute
    std::uint32_t peak = 0;          ///< most channels in use at one instant
    std::uint64_t channel_ms = 0;    ///< sum over calls of the milliseconds they spent in it
    std::int64_t length = minute_ms; ///< shorter: the minute is not over

    bool operator==(const live_minute&) const = default;
};

/// When calls of one account occupied channels, as far as it may still change: how many were live where the open
/// time begins, and what started and ended since, in any order. What happened in closed time counts from where the open
/// time begins, so that nothing is ever counted twice or forgotten. Which time is open is said with every call.
///
/// Half-open: at one millisecond ends come before starts, exactly as in `concurrency_sweep`.
class live_history {
public:
    void start(std::int64_t t, std::int64_t open) { push(start_key(t), 1, open); }
    void end(std::int64_t t, std::int64_t open) { push(end_key(t), -1, open); }
    void undo_start(std::int64_t t, std::int64_t open) { push(start_key(t), -1, open); }
    void undo_end(std::int64_t t, std::int64_t open) { push(end_key(t), 1, open); }

    /// Closes [from, to), whole minutes; `visit(minute)` for those that are not empty, in order. `buffer`
    /// is for whatever.
    template <class Visit>
    void close(std::int64_t from, std::int64_t to, std::vector<std::int64_t>& buffer, Visit visit) {
        if (base_ == 0 && changes_.empty())
            return;
        take_sorted_until(to, buffer);
        base_ = sweep(buffer, base_, from, to, visit);
    }
    /// Closes all before `to` without looking at it.
    void skip(std::int64_t to);
    /// What [from, to) looks like now, without closing it; `from` is where the open time begins.
    template <class Visit>
    void look(std::int64_t from, std::int64_t to, std::vector<std::int64_t>& buffer, Visit visit) const {
        buffer.clear();
        std::copy_if(changes_.begin(), changes_.end(), std::back_inserter(buffer),
                     [to](std::int64_t c) { return key_of(c) < start_key(to); });
        std::sort(buffer.begin(), buffer.end());
        sweep(buffer, base_, from, to, visit);
    }

    // As a checkpoint keeps it.
    [[nodiscard]] std::int64_t base() const noexcept { return base_; }
    [[nodiscard]] std::span<const std::int64_t> changes() const noexcept { return changes_; }
    void restore(std::int64_t base, std::vector<std::int64_t> changes) {
        base_ = base;
        changes_ = std::move(changes);
    }
    /// Calls that are live when everything told has happened: those in use.
    [[nodiscard]] std::int64_t balance() const noexcept;
    /// The last change there is; `open` where there is none.
    [[nodiscard]] std::int64_t latest(std::int64_t open) const noexcept;

private:
    // A start at t is 2t and an end at t is 2t - 1, so that ends sort before starts of their millisecond and an end on
    // a minute's edge belongs to the minute before. A change is its key with a bit that tells whether it takes away.
    static constexpr std::int64_t start_key(std::int64_t t) { return 2 * t; }
    static constexpr std::int64_t end_key(std::int64_t t) { return 2 * t - 1; }
    static constexpr std::int64_t time_of(std::int64_t key) { return (key + 1) >> 1; }
    static constexpr std::int64_t key_of(std::int64_t change) { return change >> 1; }
    static constexpr std::int64_t sign_of(std::int64_t change) { return (change & 1) != 0 ? -1 : 1; }

    // What a clock far ahead says counts at once: it would have to be kept until then.
    static constexpr std::int64_t furthest = 86'400'000;

    void push(std::int64_t key, std::int64_t sign, std::int64_t open) {
        if (key < start_key(open) || key > start_key(open + furthest))
            base_ += sign;
        else
            changes_.push_back(2 * key + (sign < 0 ? 1 : 0));
    }

    /// Takes the changes before `to` out of those that remain.
    void take_sorted_until(std::int64_t to, std::vector<std::int64_t>& taken);

    template <class Visit>
    static std::int64_t sweep(std::span<const std::int64_t> changes, std::int64_t live, std::int64_t from,
                              std::int64_t to, Visit visit) {
        std::size_t i = 0;
        while (from < to) {
            if (live == 0) { // on to the next minute in which anything happens
                if (i == changes.size())
                    break;
                const std::int64_t next = (key_of(changes[i]) >> 1) / minute_ms * minute_ms;
                from = std::max(from, next);
            }
            const std::int64_t edge = std::min(from + minute_ms, to);
            live_minute m{0, from, 0, 0, edge - from};
            std::int64_t peak = live;
            std::int64_t spent = live * (edge - from);
            while (i < changes.size() && key_of(changes[i]) < start_key(edge)) {
                // What happens at one instant is summed before it is looked at: corrections cancel out.
                const std::int64_t key = key_of(changes[i]);
                std::int64_t net = 0;
                for (; i < changes.size() && key_of(changes[i]) == key; ++i)
                    net += sign_of(changes[i]);
                live += net;
                spent += net * (edge - time_of(key));
                peak = std::max(peak, live);
            }
            if (peak > 0) {
                m.peak = static_cast<std::uint32_t>(peak);
                m.channel_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(spent, 0));
                visit(m);
            }
            from = edge;
        }
        return live;
    }

    std::int64_t base_ = 0;
    std::vector<std::int64_t> changes_;
};

} // namespace lineside::rules
