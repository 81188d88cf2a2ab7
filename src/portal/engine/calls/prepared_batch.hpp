#pragma once

#include "portal/engine/calls/call_buffer.hpp"
#include "store/identity.hpp"
#include "store/segment.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace lineside {

/// Parts of a busy day stay small enough to be decoded for one page of a call list.
inline constexpr std::size_t calls_a_part = 16'384;
/// Parts below this are joined with what follows, as long as the same import writes them.
inline constexpr std::size_t small_part = 32;

/// What can be done for a batch before its turn in the database comes, taking every call for a new one: the identities
/// in the order of the index, the calls by account and day, sorted, and the bytes of their segments. One thread makes it
/// while the batch before is committed; the committing thread helps with what is not made when it arrives there.
class prepared_batch {
public:
    /// Segment bytes, made by whoever comes first.
    class part {
    public:
        explicit part(std::span<const store::stored_call* const> calls, store::day_number day)
            : calls_(calls),
              day_(day) {}

        /// Makes the bytes unless somebody does already.
        void make(store::segment_encoder& encoder);
        /// Makes them, or waits for them.
        [[nodiscard]] std::string take(store::segment_encoder& encoder);

    private:
        std::span<const store::stored_call* const> calls_;
        store::day_number day_;
        std::atomic<bool> claimed_ = false;
        std::atomic<bool> made_ = false;
        std::exception_ptr failure_;
        std::string bytes_;
    };

    struct day_group {
        std::uint32_t account; ///< place among the batch's accounts
        store::day_number day;
        store::day_number last_day; ///< the last one that a call reaches into
        std::span<const store::stored_call* const> calls;
        std::size_t first_part; ///< of `parts`, one for each calls_a_part begun
    };

    /// The calls stay where they are as long as this lives; the buffer itself may be moved.
    explicit prepared_batch(const call_buffer& batch);
    prepared_batch(const prepared_batch&) = delete;
    prepared_batch& operator=(const prepared_batch&) = delete;

    /// An identity comes twice, or seems to: there are no groups.
    [[nodiscard]] bool repeats() const noexcept { return repeats_; }
    /// Sorted by hash. Instead of an account's key: its place among the batch's accounts.
    [[nodiscard]] std::span<store::identity_entry> identities() noexcept { return identities_; }
    [[nodiscard]] std::span<const day_group> groups() const noexcept { return groups_; }
    [[nodiscard]] part& part_at(std::size_t i) noexcept { return parts_[i]; }

    /// Makes the bytes of everything that will surely be written as it is; stops early when `enough()`.
    void encode(const std::function<bool()>& enough);
    /// The committing thread has no use for the rest.
    void give_up() noexcept { given_up_ = true; }

private:
    void sort_identities(const call_buffer& batch);
    void group(const call_buffer& batch);

    std::vector<store::identity_entry> identities_;
    bool repeats_ = false;
    std::vector<const store::stored_call*> order_;
    std::vector<day_group> groups_;
    std::deque<part> parts_;
    std::atomic<bool> given_up_ = false;
};

/// By (start, identity): the order of calls everywhere.
[[nodiscard]] bool comes_before(const store::stored_call& a, const store::stored_call& b) noexcept;
void sort_calls(std::span<const store::stored_call*> calls);

/// The last day that calls of one day reach into. A call that ends exactly at midnight does not reach into the next.
[[nodiscard]] store::day_number last_day_of(store::day_number day, std::span<const store::stored_call* const> calls);

/// Calls visit(day, calls of that day) for calls sorted by start.
template <class Visit>
void each_day(std::span<const store::stored_call* const> calls, Visit visit) {
    while (!calls.empty()) {
        const store::day_number day = store::day_of(calls.front()->view.start);
        const std::int64_t midnight = store::start_of(day + 1);
        std::size_t n = 1;
        while (n < calls.size() && calls[n]->view.start < midnight)
            ++n;
        visit(day, calls.first(n));
        calls = calls.subspan(n);
    }
}

} // namespace lineside
