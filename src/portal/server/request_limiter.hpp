#pragma once

#include "rules/request_rate.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace lineside {

/// How much each asker has asked lately. Remembers a bounded number of them, and of those who have not asked for a while
/// none. Thread-safe.
class request_limiter {
public:
    explicit request_limiter(rules::request_rate rate) : rate_(rate) {}

    /// `asker` is a credential or a source; what is remembered of it is a hash.
    [[nodiscard]] rules::rate_verdict take(std::string_view asker);
    [[nodiscard]] const rules::request_rate& rate() const noexcept { return rate_; }

private:
    static constexpr std::size_t shards = 16;
    static constexpr std::size_t most_of_shard = 16'384;

    struct shard {
        std::mutex mutex;
        std::unordered_map<std::uint64_t, rules::request_tally> tallies;
    };

    const rules::request_rate rate_;
    std::array<shard, shards> all_;
};

} // namespace lineside
