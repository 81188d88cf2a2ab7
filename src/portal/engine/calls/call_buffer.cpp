#include "portal/engine/calls/call_buffer.hpp"

#include "store/identity.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lineside {

namespace {

constexpr std::string_view call_view::*texts[] = {
    &call_view::call_id,      &call_view::branch,    &call_view::cli,      &call_view::destination,
    &call_view::hangup_cause, &call_view::source_ip, &call_view::currency,
};

} // namespace

char* call_buffer::allocate(std::size_t bytes) {
    if (bytes > block_bytes)
        return large_.emplace_back(std::make_unique_for_overwrite<char[]>(bytes)).get();
    if (block_ == 0 || used_ + bytes > block_bytes) {
        if (block_ == blocks_.size())
            blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_bytes));
        ++block_;
        used_ = 0;
    }
    char* at = blocks_[block_ - 1].get() + used_;
    used_ += bytes;
    return at;
}

char* call_buffer::allocate(account_room& of, std::size_t bytes) {
    // Quiet accounts take little: each time twice as much as the time before.
    constexpr std::size_t least = 64;
    constexpr std::size_t most = 8'192;
    if (bytes > of.left) {
        of.taken = std::max(bytes, std::clamp(of.taken * 2, least, most));
        of.at = allocate(of.taken);
        of.left = of.taken;
    }
    of.left -= bytes;
    return std::exchange(of.at, of.at + bytes);
}

void call_buffer::grow_account_slots() {
    account_slots_.assign(std::max<std::size_t>(64, account_slots_.size() * 2), 0);
    for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
        std::size_t at = store::hash_text(accounts_[i]) & (account_slots_.size() - 1);
        while (account_slots_[at] != 0)
            at = (at + 1) & (account_slots_.size() - 1);
        account_slots_[at] = i + 1;
    }
}

std::uint32_t call_buffer::intern_account(std::string_view id) {
    if (accounts_.size() * 2 >= account_slots_.size())
        grow_account_slots();
    for (std::size_t at = store::hash_text(id) & (account_slots_.size() - 1);;
         at = (at + 1) & (account_slots_.size() - 1)) {
        auto& slot = account_slots_[at];
        if (slot == 0) {
            char* kept = allocate(id.size());
            std::memcpy(kept, id.data(), id.size());
            accounts_.emplace_back(kept, id.size());
            rooms_.emplace_back();
            slot = static_cast<std::uint32_t>(accounts_.size());
        } else if (accounts_[slot - 1] != id) {
            continue;
        }
        return slot - 1;
    }
}

void call_buffer::add(const call_view& call, std::uint32_t source, bool attempts_known) {
    // Of the caller's bytes, which were read just now; the copies lie where nobody has been for a while.
    hashes_.push_back(store::hash_identity(source, call.call_id, call.branch));
    auto& kept = calls_.emplace_back();
    kept.view = call;
    kept.source = source;
    kept.attempts_known = attempts_known;
    const std::uint32_t account = intern_account(call.account);
    account_of_.push_back(account);
    kept.view.account = accounts_[account];
    std::size_t bytes = 0;
    for (const auto text : texts)
        bytes += (call.*text).size();
    auto& room = rooms_[account];
    char* at = allocate(room, bytes);
    for (const auto text : texts) {
        auto& view = kept.view.*text;
        if (!view.empty())
            std::memcpy(at, view.data(), view.size());
        view = {at, view.size()};
        at += view.size();
    }
    if (!kept.view.currency.empty() && kept.view.currency != room.currency) {
        room.currency = kept.view.currency;
        currency_changes_.push_back(static_cast<std::uint32_t>(calls_.size() - 1));
    }
}

void call_buffer::reserve(std::size_t calls) {
    calls_.reserve(calls);
    hashes_.reserve(calls);
    account_of_.reserve(calls);
}

void call_buffer::clear() noexcept {
    calls_.clear();
    hashes_.clear();
    accounts_.clear();
    rooms_.clear();
    account_of_.clear();
    currency_changes_.clear();
    std::fill(account_slots_.begin(), account_slots_.end(), 0);
    large_.clear();
    block_ = 0;
    used_ = block_bytes;
}

} // namespace lineside
