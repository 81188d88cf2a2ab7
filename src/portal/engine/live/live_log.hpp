#pragma once

#include "rules/live_calls.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// What happened to the live calls, as the database keeps it: one entry of a stream for each operation, and now and then
/// the whole set instead of all entries before. Played back in order they come to the same set again.
struct live_entry {
    enum class kind : std::uint8_t { events, snapshot, admission, checkpoint, checkpoint_calls };

    kind what = kind::events;
    std::int64_t now = 0;                     ///< by the engine's clock
    std::int64_t hold_until = absent;         ///< of the first one after opening: see `hold_history`
    std::vector<std::string_view> sources;    ///< what the numbers of sources within this entry stand for
    std::vector<rules::live_event> events;    ///< of an admission: the call
    bool admitted = false;                    ///< of an admission: the answer
    std::int64_t stated = absent;             ///< of an admission
    std::uint32_t account = 0;                ///< of a snapshot
    std::int64_t at = 0;                      ///< of a snapshot
    std::vector<rules::listed_call> calls;    ///< of a snapshot; its source is the first of `sources`
    rules::live_calls::kept_state state;      ///< of a checkpoint
    std::vector<rules::kept_call> kept_calls; ///< of checkpoint_calls
};

/// Appends the bytes of an entry that is no part of a checkpoint.
void encode_live_entry(const live_entry& e, std::string& to);
/// The texts lie in `bytes`. Throws `lineside::error` (storage) where these are damaged.
[[nodiscard]] live_entry decode_live_entry(std::string_view bytes);

/// The entries of a checkpoint, each of some 100 KB.
[[nodiscard]] std::vector<std::string> encode_live_checkpoint(const rules::live_calls& calls,
                                                              const std::vector<std::string>& sources,
                                                              std::int64_t now);

/// Minutes of one account and UTC day as a document, in order and of that day alone.
void encode_live_day(std::span<const rules::live_minute> minutes, std::int64_t day_start, std::string& to);
/// Appends. Throws `lineside::error` (storage).
void decode_live_day(std::string_view bytes, std::uint32_t account, std::int64_t day_start,
                     std::vector<rules::live_minute>& to);

} // namespace lineside
