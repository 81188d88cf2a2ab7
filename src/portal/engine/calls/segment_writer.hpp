#pragma once

#include "portal/engine/calls/prepared_batch.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lineside {

/// Months of accounts whose segments one import alone wrote, as far as somebody has looked: its next batch need not look
/// at all of them again.
class sole_writers {
public:
    [[nodiscard]] bool is(std::uint32_t account, store::day_number month, std::int64_t run) const;
    /// Every segment of the month is this import's.
    void learn(std::uint32_t account, store::day_number month, std::int64_t run);
    /// Before a segment of the month is written.
    void wrote(std::uint32_t account, store::day_number month, std::int64_t run);
    void clear() noexcept { runs_.clear(); }

private:
    std::unordered_map<std::uint64_t, std::int64_t> runs_; // by account and month
};

/// Writes one commit's calls into segments, and everything that follows from that: which days must be rolled up again,
/// and which Summary rows were restated. Lives as long as one transaction.
class segment_writer {
public:
    /// A new call of an hour that was final at `now_ms` restates it, if another import wrote to that hour before.
    segment_writer(store::transaction& tx, sole_writers& writers, std::int64_t run, std::int64_t now_ms)
        : tx_(tx),
          writers_(writers),
          run_(run),
          now_(now_ms) {}

    /// New calls of one account, sorted by start. The calls and their order stay where they are until `finish`.
    void add(store::account_row& account, std::span<const store::stored_call* const> calls);
    /// The same for a day of a prepared batch, which stays until `finish`.
    void add(store::account_row& account, prepared_batch& batch, const prepared_batch::day_group& group);
    /// Takes out calls of one account that are stored in segments, sorted by start.
    void remove(store::account_row& account, std::span<const store::stored_call* const> calls);
    /// A restatement touched the rows of this call.
    void restate(const store::account_row& account, const store::stored_call& call);
    /// After the last call: writes the segments, encoding some of them on a second thread, then marks and revisions.
    void finish();

private:
    void add_day(store::account_row& account, store::day_number day, std::span<const store::stored_call* const> calls,
                 prepared_batch* batch, std::size_t first_part);
    void raise_late(const store::account_row& account, store::day_number day, std::span<const store::segment_key> keys,
                    std::span<const store::stored_call* const> calls);
    void remove_day(store::account_row& account, store::day_number day,
                    std::span<const store::stored_call* const> calls);
    void plan_parts(std::uint32_t account, store::day_number day, std::uint32_t part,
                    std::span<const store::stored_call* const> calls, prepared_batch* batch, std::size_t first_part);
    void write_planned();
    void touch_days(store::account_row& account, store::day_number day, store::day_number last);
    void raise(std::uint32_t account, std::int64_t start);

    store::transaction& tx_;
    sole_writers& writers_;
    const std::int64_t run_;
    const std::int64_t now_;
    // A part that will be written: what it holds is known, its bytes are not made yet.
    struct planned_part {
        std::uint32_t account;
        store::segment_key key;
        std::span<const store::stored_call* const> calls;
        prepared_batch::part* prepared; // null: made here
    };

    std::vector<planned_part> planned_;
    std::deque<store::call_block> kept_;                        // calls of small parts that are written again ...
    std::deque<std::vector<const store::stored_call*>> joined_; // ... and their order among the new ones
    store::segment_encoder encoder_;
    std::string bytes_;
    std::set<std::pair<std::uint32_t, store::day_number>> stale_;
    std::set<std::pair<std::uint32_t, std::pair<store::row_level, std::int64_t>>> raised_;
};

/// Whether an hour (or any stretch) that ended at `end` is final at `now`.
[[nodiscard]] constexpr bool is_final(std::int64_t end_ms, std::int64_t now_ms) noexcept {
    return end_ms + store::day_ms <= now_ms;
}
[[nodiscard]] std::int64_t hour_end(std::int64_t instant_ms) noexcept;

} // namespace lineside
