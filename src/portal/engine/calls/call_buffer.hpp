#pragma once

#include "store/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace lineside {

/// Calls on their way into the ledger, with the memory their texts lie in. Grows; is cleared and used again.
class call_buffer {
public:
    /// Copies the texts.
    void add(const call_view& call, std::uint32_t source, bool attempts_known);
    void reserve(std::size_t calls);
    void clear() noexcept;

    [[nodiscard]] std::vector<store::stored_call>& calls() noexcept { return calls_; }
    [[nodiscard]] const std::vector<store::stored_call>& calls() const noexcept { return calls_; }
    [[nodiscard]] const std::vector<std::uint64_t>& hashes() const noexcept { return hashes_; }
    /// The accounts the calls name, each once, and each call's place among them.
    [[nodiscard]] const std::vector<std::string_view>& accounts() const noexcept { return accounts_; }
    [[nodiscard]] const std::vector<std::uint32_t>& account_of() const noexcept { return account_of_; }
    /// Which calls state a currency that the calls of their account before did not: all there are, in order.
    [[nodiscard]] const std::vector<std::uint32_t>& currency_changes() const noexcept { return currency_changes_; }
    [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }
    [[nodiscard]] bool empty() const noexcept { return calls_.empty(); }

private:
    // The texts of an account's calls lie together, so that making columns of them reads memory in order.
    struct account_room {
        char* at = nullptr;
        std::size_t left = 0;
        std::size_t taken = 0;     // of the blocks, the last time
        std::string_view currency; // the last one stated
    };

    [[nodiscard]] char* allocate(std::size_t bytes);
    [[nodiscard]] char* allocate(account_room& of, std::size_t bytes);
    [[nodiscard]] std::uint32_t intern_account(std::string_view id);
    void grow_account_slots();

    static constexpr std::size_t block_bytes = std::size_t{1} << 18U;

    std::vector<store::stored_call> calls_;
    std::vector<std::uint64_t> hashes_; // of the identities
    std::vector<std::string_view> accounts_;
    std::vector<account_room> rooms_; // of the accounts
    std::vector<std::uint32_t> account_of_;
    std::vector<std::uint32_t> currency_changes_;
    std::vector<std::uint32_t> account_slots_; // hash table: index + 1
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::vector<std::unique_ptr<char[]>> large_; // texts beyond a block
    std::size_t block_ = 0;
    std::size_t used_ = block_bytes; // of blocks_[block_ - 1]
};

} // namespace lineside
