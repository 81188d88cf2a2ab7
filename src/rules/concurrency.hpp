#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lineside::rules {

/// A call's occupation of a channel: [start, end) in UTC milliseconds. end == start occupies nothing.
struct live_span {
    std::int64_t start = 0;
    std::int64_t end = 0;

    bool operator==(const live_span&) const = default;
};

/// Live channels within one bucket.
struct live_channels {
    std::uint32_t peak = 0;       ///< most channels in use at one instant
    std::uint64_t channel_ms = 0; ///< sum over calls of the milliseconds they spent in the bucket

    bool operator==(const live_channels&) const = default;
};

/// Works out live channels over equal buckets. Keeps its buffers between uses; not thread-safe.
class concurrency_sweep {
public:
    /// `out[i]` is told for [from + i*step_ms, from + (i+1)*step_ms). `spans` in any order, reaching out of the buckets
    /// at will. At one millisecond ends come before starts (half-open). Cost: linear in spans and buckets, plus
    /// sorting within a bucket.
    void run(std::span<const live_span> spans, std::int64_t from, std::int64_t step_ms, std::span<live_channels> out);

private:
    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint64_t> events_;
};

} // namespace lineside::rules
