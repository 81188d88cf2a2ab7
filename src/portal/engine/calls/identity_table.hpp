#pragma once

#include "store/segment.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace lineside {

[[nodiscard]] inline bool same_identity(const store::stored_call& a, const store::stored_call& b) noexcept {
    return a.source == b.source && a.view.call_id == b.view.call_id && a.view.branch == b.view.branch;
}

/// Finds calls by identity: open addressing over the hashes, whose collisions the identities themselves resolve.
class identity_table {
public:
    explicit identity_table(std::size_t calls) : slots_(std::bit_ceil(calls * 2 + 2), 0) {}

    void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }

    /// The number kept for this identity, or the fresh one, which is kept then. `is_it(number)` compares identities.
    template <class IsIt>
    std::uint32_t find_or_keep(std::uint64_t hash, std::uint32_t fresh, IsIt is_it) {
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            auto& slot = slots_[at];
            if (slot == 0) {
                slot = static_cast<std::uint64_t>(tag) << 32U | (fresh + 1);
                return fresh;
            }
            const auto number = static_cast<std::uint32_t>(slot) - 1;
            if (static_cast<std::uint32_t>(slot >> 32U) == tag && is_it(number))
                return number;
        }
    }
    /// The same without keeping; `none` when there is none.
    template <class IsIt>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, IsIt is_it) const {
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            const auto slot = slots_[at];
            if (slot == 0)
                return none;
            const auto number = static_cast<std::uint32_t>(slot) - 1;
            if (static_cast<std::uint32_t>(slot >> 32U) == tag && is_it(number))
                return number;
        }
    }

    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

private:
    std::vector<std::uint64_t> slots_; // tag of the hash, number + 1
};

} // namespace lineside
