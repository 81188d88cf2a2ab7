#include "portal/engine/calls/prepared_batch.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace lineside {

using store::day_number;
using store::stored_call;

bool comes_before(const stored_call& a, const stored_call& b) noexcept {
    if (a.view.start != b.view.start)
        return a.view.start < b.view.start;
    return std::tie(a.view.call_id, a.view.branch, a.source) < std::tie(b.view.call_id, b.view.branch, b.source);
}

void sort_calls(std::span<const stored_call*> calls) {
    const auto before = [](const stored_call* a, const stored_call* b) { return comes_before(*a, *b); };
    // Records mostly come in order.
    if (!std::is_sorted(calls.begin(), calls.end(), before))
        std::sort(calls.begin(), calls.end(), before);
}

day_number last_day_of(day_number day, std::span<const stored_call* const> calls) {
    std::int64_t end = store::start_of(day) + 1;
    for (const auto* c : calls)
        end = std::max(end, c->view.end); // `absent` is the lowest integer
    return store::day_of(end - 1);
}

void prepared_batch::part::make(store::segment_encoder& encoder) {
    if (claimed_.exchange(true))
        return;
    try {
        constexpr std::size_t usual_bytes = 40; // a call
        bytes_.reserve((calls_.size() + 4) * usual_bytes);
        encoder.encode_segment(calls_, day_, bytes_);
    } catch (...) {
        failure_ = std::current_exception();
    }
    made_ = true;
    made_.notify_one();
}

std::string prepared_batch::part::take(store::segment_encoder& encoder) {
    make(encoder);
    made_.wait(false);
    if (failure_)
        std::rethrow_exception(failure_);
    return std::move(bytes_);
}

prepared_batch::prepared_batch(const call_buffer& batch) {
    sort_identities(batch);
    if (!repeats_)
        group(batch);
}

void prepared_batch::sort_identities(const call_buffer& batch) {
    identities_.resize(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i)
        identities_[i] = {batch.hashes()[i], batch.account_of()[i], store::day_of(batch.calls()[i].view.start)};
    store::sort_by_hash(identities_);
    // Whether equal hashes are equal identities is for somebody else to find out: they hardly ever are not.
    const auto same = [](const auto& a, const auto& b) { return a.hash == b.hash; };
    repeats_ = std::adjacent_find(identities_.begin(), identities_.end(), same) != identities_.end();
}

void prepared_batch::group(const call_buffer& batch) {
    // A counting sort by account: their places are dense.
    std::vector<std::uint32_t> ends(batch.accounts().size() + 1, 0);
    for (const auto account : batch.account_of())
        ++ends[account + 1];
    for (std::size_t k = 1; k < ends.size(); ++k)
        ends[k] += ends[k - 1];
    order_.resize(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i)
        order_[ends[batch.account_of()[i]]++] = &batch.calls()[i];
    // Now ends[k] is where account k ends.
    for (std::uint32_t account = 0, begin = 0; account < batch.accounts().size(); begin = ends[account++]) {
        const auto calls = std::span(order_).subspan(begin, ends[account] - begin);
        sort_calls(calls);
        each_day(calls, [&](day_number day, std::span<const stored_call* const> of_day) {
            groups_.push_back({account, day, last_day_of(day, of_day), of_day, parts_.size()});
            for (std::size_t at = 0; at < of_day.size(); at += calls_a_part)
                parts_.emplace_back(of_day.subspan(at, std::min(calls_a_part, of_day.size() - at)), day);
        });
    }
}

void prepared_batch::encode(const std::function<bool()>& enough) {
    store::segment_encoder encoder;
    for (const auto& g : groups_) {
        // The committing thread rather joins small parts with what is stored.
        if (g.calls.size() <= small_part / 2)
            continue;
        for (std::size_t at = 0; at < g.calls.size(); at += calls_a_part) {
            if (given_up_ || enough())
                return;
            parts_[g.first_part + at / calls_a_part].make(encoder);
        }
    }
}

} // namespace lineside
