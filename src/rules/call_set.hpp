#pragma once

#include "model/call_view.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lineside::rules {

/// What a number is compared by: its digits without a scheme, a host or leading zeros, or a name in lower case.
struct number_digits {
    std::array<char, 64> text{};
    std::size_t size = 0;
    bool is_name = false;

    [[nodiscard]] std::string_view view() const noexcept { return {text.data(), size}; }
    /// Empty, withheld, or too short a text of digits to tell a caller by.
    [[nodiscard]] bool tells_nobody() const noexcept;
};
[[nodiscard]] number_digits digits_of(std::string_view number) noexcept;

/// The same number, however it was dialled: equal, or one of them the end of the other from the seventh digit on
/// (`+49 30 1234567`, `0301234567`, `9991#49301234567`).
[[nodiscard]] bool correspond(const number_digits& a, const number_digits& b) noexcept;

/// Equal for numbers that correspond: made of the last seven digits. Below 2^27; 0 for nothing.
[[nodiscard]] std::uint32_t ending_of(const number_digits& number) noexcept;

/// What is compared of a call. `absent` (model/call_view.hpp) where it is not reported.
struct compared_call {
    std::int64_t start = 0;   ///< UTC milliseconds
    std::int64_t talk = 0;    ///< ms
    std::int64_t billed = 0;  ///< ms; talk time where it is not reported
    std::int64_t charge = 0;  ///< nanos or absent
    std::uint64_t callee = 0; ///< see call_set::number
    std::uint64_t caller = 0;
    std::uint64_t id = 0;   ///< see call_set::id_of
    std::uint32_t ring = 0; ///< ms from start to answer; no_ring where it is not reported
    call_outcome outcome = call_outcome::unknown;

    static constexpr std::uint32_t no_ring = 0xffff'ffff;
    [[nodiscard]] bool answered() const noexcept { return outcome == call_outcome::answered; }
};
static_assert(sizeof(compared_call) == 64);

/// Calls in their order of arrival, small enough that five million of them are held beside as many others: 64 bytes and
/// the call id each, numbers that are not plain digits once.
class call_set {
public:
    /// Charges are taken to be of one currency.
    void add(const call_view& call);

    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] const compared_call& operator[](std::uint32_t i) const noexcept {
        return blocks_[i >> block_bits][i & (block_size - 1)];
    }
    [[nodiscard]] std::string_view id_of(const compared_call& c) const noexcept;
    /// As it was written, but for `+` the digits alone.
    [[nodiscard]] std::string number(std::uint64_t packed) const;
    [[nodiscard]] number_digits digits(std::uint64_t packed) const noexcept;

    [[nodiscard]] std::uint64_t unanswered() const noexcept { return unanswered_; }
    [[nodiscard]] bool reports_charges() const noexcept { return charged_ > 0; }
    /// The smallest step the charges are written in: 100,000 nanos for four decimals. Few charges may all be round by
    /// chance: then it is no larger than that.
    [[nodiscard]] std::int64_t charge_step() const noexcept;

private:
    static constexpr unsigned block_bits = 14;
    static constexpr std::uint32_t block_size = 1U << block_bits;
    static constexpr std::size_t text_block = std::size_t{1} << 20U;
    static constexpr std::uint64_t in_pool = std::uint64_t{1} << 63U;
    static constexpr std::uint64_t with_plus = std::uint64_t{1} << 62U;

    [[nodiscard]] std::uint64_t packed(std::string_view number);
    [[nodiscard]] std::uint64_t kept(std::string_view id);

    std::vector<std::unique_ptr<compared_call[]>> blocks_;
    std::uint32_t size_ = 0;
    std::vector<std::unique_ptr<char[]>> ids_;
    std::size_t ids_used_ = text_block; // of the last one
    std::vector<const std::string*> pool_;
    std::unordered_map<std::string, std::uint64_t> pooled_;
    std::uint64_t unanswered_ = 0;
    std::uint64_t charged_ = 0;
    std::int64_t charge_step_ = 1'000'000'000;
};

} // namespace lineside::rules
