#pragma once

#include "model/call_view.hpp"
#include "rules/rollup.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::store {

/// Days since 1970-01-01, UTC.
using day_number = std::int32_t;
inline constexpr std::int64_t day_ms = 86'400'000;

[[nodiscard]] constexpr day_number day_of(std::int64_t instant_ms) noexcept {
    return static_cast<day_number>(instant_ms >= 0 ? instant_ms / day_ms : (instant_ms - day_ms + 1) / day_ms);
}
[[nodiscard]] constexpr std::int64_t start_of(day_number day) noexcept { return day * day_ms; }

/// A call as the database keeps it: `view.account` is the account's id, `source` the key of its source.
struct stored_call {
    call_view view;
    std::uint32_t source = 0;
    bool attempts_known = true;

    bool operator==(const stored_call&) const = default;
};

/// Calls and the memory their texts lie in. Move-only: the views point into it.
struct call_block {
    std::vector<stored_call> calls;
    std::deque<std::string> heaps; // a deque never moves its elements

    call_block() = default;
    call_block(call_block&&) = default;
    call_block& operator=(call_block&&) = default;
    call_block(const call_block&) = delete;
    call_block& operator=(const call_block&) = delete;
};

/// Turns calls into bytes. Keeps its buffers between uses; used by one thread at a time.
class segment_encoder {
public:
    segment_encoder();
    ~segment_encoder();

    /// A segment: calls of one account that started on one UTC day, sorted by start, as compressed columns. The account
    /// is the key's business and not in the bytes.
    void encode_segment(std::span<const stored_call* const> calls, day_number day, std::string& to);
    /// A journal entry: calls of any accounts and days, in the order given.
    void encode_journal(std::span<const stored_call* const> calls, std::string& to);

private:
    struct columns;
    std::unique_ptr<columns> columns_;
};

/// Appends the calls; their `view.account` is `account`, which the caller keeps alive. `bytes` are copied where the
/// views need them.
void decode_segment(std::string_view bytes, day_number day, std::string_view account, call_block& to);
/// Appends only what is counted: several times faster.
void decode_facts(std::string_view bytes, day_number day, std::vector<rules::call_facts>& to);
/// Appends the spans of ended calls that are still live at `after`: faster still.
void decode_spans(std::string_view bytes, day_number day, std::int64_t after, std::vector<rules::live_span>& to);

/// Appends the calls of a journal entry.
void decode_journal(std::string bytes, call_block& to);

} // namespace lineside::store
