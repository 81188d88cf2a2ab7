#pragma once

#include "store/segment.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::store {

/// Where the call of an identity is kept. `hash` is of (source, call id, branch); only its upper 40 bits are stored, so
/// an entry is a hint: whoever follows it compares the real identity.
struct identity_entry {
    std::uint64_t hash = 0;
    std::uint32_t account = 0; ///< key
    day_number day = 0;

    bool operator==(const identity_entry&) const = default;
};

[[nodiscard]] std::uint64_t hash_text(std::string_view text) noexcept;
[[nodiscard]] std::uint64_t hash_identity(std::uint32_t source, std::string_view call_id,
                                          std::string_view branch) noexcept;
[[nodiscard]] constexpr std::uint64_t print_of(std::uint64_t hash) noexcept { return hash >> 24U; }

void sort_by_hash(std::vector<identity_entry>& entries);

/// Parts of at most about 1,000 entries; entries of one print never lie in two parts of a run.
inline constexpr std::size_t entries_a_part = 1'000;
/// `entries` sorted by print.
void encode_identities(std::span<const identity_entry> entries, std::string& to);
/// Appends; the lower 24 bits of each hash are zero.
void decode_identities(std::string_view bytes, std::vector<identity_entry>& to);

/// "Certainly not stored", for most calls that are new: a Bloom filter in cache-line blocks, in layers that
/// grow fourfold. 24 bits a call; about one false alarm in 3,000 a layer. Not thread-safe.
class identity_filter {
public:
    [[nodiscard]] bool may_contain(std::uint64_t hash) const noexcept;
    /// Brings the cache lines that may_contain and insert will touch.
    void prefetch(std::uint64_t hash) const noexcept;
    void insert(std::uint64_t hash);
    void reserve(std::size_t calls);
    void clear();
    [[nodiscard]] std::size_t size_bytes() const noexcept;

private:
    struct alignas(64) block {
        std::uint64_t words[8] = {};
    };
    struct layer {
        std::vector<block> blocks;
        std::size_t left = 0; // insertions until it is full
    };
    std::vector<layer> layers_;
};

} // namespace lineside::store
