#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace lineside::rules {

/// The newest changes of something that readers follow, each reader at its own pace. Numbers grow, with gaps.
template <class Change>
class change_log {
public:
    explicit change_log(std::size_t most_changes) : most_(most_changes) {}

    /// Nothing is kept, and the next change leads on from `number`.
    void restart(std::uint64_t number) {
        kept_.clear();
        weight_ = 0;
        base_ = number;
    }
    /// `weight` is what it costs to keep or to tell; all that are kept weigh `most_weight` or less together. `number` is
    /// greater than the newest.
    void push(std::uint64_t number, Change change, std::size_t weight, std::size_t most_weight) {
        kept_.push_back({number, weight, std::move(change)});
        weight_ += weight;
        while (!kept_.empty() && (kept_.size() > most_ || weight_ > most_weight)) {
            base_ = kept_.front().number;
            weight_ -= kept_.front().weight;
            kept_.pop_front();
        }
    }

    enum class standing : std::uint8_t {
        current, ///< there is nothing after it
        behind,  ///< there is, and it is known what
        lost,    ///< it is too old, or never was a number
    };
    struct step {
        change_log::standing standing = standing::lost;
        std::uint64_t number = 0;       ///< of what comes next
        const Change* change = nullptr; ///< until something changes
    };
    /// What follows for a reader that has everything up to `number`.
    [[nodiscard]] step after(std::uint64_t number) const {
        if (number == newest())
            return {standing::current};
        const auto next = std::upper_bound(kept_.begin(), kept_.end(), number,
                                           [](std::uint64_t n, const entry& e) { return n < e.number; });
        if (next == kept_.end() || number != (next == kept_.begin() ? base_ : std::prev(next)->number))
            return {standing::lost};
        return {standing::behind, next->number, &next->change};
    }
    [[nodiscard]] std::uint64_t newest() const { return kept_.empty() ? base_ : kept_.back().number; }
    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }

private:
    struct entry {
        std::uint64_t number;
        std::size_t weight;
        Change change;
    };

    const std::size_t most_;
    std::deque<entry> kept_;
    std::size_t weight_ = 0;
    std::uint64_t base_ = 0; // the number before the oldest that is kept
};

} // namespace lineside::rules
