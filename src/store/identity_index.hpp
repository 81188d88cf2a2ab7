#pragma once

#include "store/identity.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lineside::store {

/// Finds where calls are kept by their identities: sorted runs in the database, a filter in memory before them. Runs
/// are merged eight at a time, so an entry is rewritten once per factor of eight. Not thread-safe.
class identity_index {
public:
    /// Fills the filter from the database, once; afterwards free.
    void load(transaction& tx);
    [[nodiscard]] bool may_contain(std::uint64_t hash) const noexcept { return filter_.may_contain(hash); }
    void prefetch(std::uint64_t hash) const noexcept { filter_.prefetch(hash); }

    struct hit {
        std::uint32_t account = 0;
        day_number day = 0;

        auto operator<=>(const hit&) const = default;
    };
    /// Where calls of these identities may be: sorted, each place once.
    [[nodiscard]] std::vector<hit> find(transaction& tx, std::vector<std::uint64_t> hashes) const;

    /// A run that is ready to be written.
    struct prepared_run {
        struct part {
            std::uint64_t first_print;
            std::uint32_t entries;
            std::string bytes;
        };
        std::vector<part> parts;
    };
    /// Of entries sorted by hash. Needs no transaction, so it can go on beside one; the filter knows the entries from now
    /// on.
    [[nodiscard]] prepared_run prepare(std::span<const identity_entry> entries);
    void add(transaction& tx, const prepared_run& run);

private:
    static void merge_full_levels(transaction& tx);

    identity_filter filter_;
    bool loaded_ = false;
};

} // namespace lineside::store
