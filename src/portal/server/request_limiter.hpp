#pragma once

#include "rules/request_rate.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace lineside {

/// How much each of many has asked lately. Remembers a bounded number of them, and of those who have not asked for a while
/// none. Thread-safe.
class request_tallies {
public:
    [[nodiscard]] rules::rate_verdict take(std::uint64_t asker, const rules::request_rate& rate, std::int64_t now);
    /// Takes nothing; nothing: it has not asked lately.
    [[nodiscard]] std::optional<rules::rate_verdict> look(std::uint64_t asker, const rules::request_rate& rate,
                                                          std::int64_t now);
    void forget(std::uint64_t asker);

private:
    static constexpr std::size_t shards = 16;
    static constexpr std::size_t least_looked_through = 256;
    static constexpr std::size_t most_of_shard = 16'384;

    struct shard {
        std::mutex mutex;
        std::unordered_map<std::uint64_t, rules::request_tally> tallies;
        std::size_t looked_through_at = least_looked_through;
    };

    [[nodiscard]] shard& of(std::uint64_t asker) { return all_[asker % shards]; }

    std::array<shard, shards> all_;
};

/// Who asks: hashes of a credential and of where it comes from.
struct rate_asker {
    std::uint64_t credential = 0; ///< 0: none
    std::uint64_t source = 0;
};
[[nodiscard]] rate_asker asker_of(std::string_view credential, std::string_view source);

/// Who may ask now. A credential counts for itself, wherever it comes from; without one a source does. Whoever invents
/// credentials is no better off for it: a source of too many that were refused brings no new ones for a while. Thread-safe.
class request_limiter {
public:
    explicit request_limiter(rules::request_rate rate) : rate_(rate) {}

    [[nodiscard]] rules::rate_verdict take(const rate_asker& who);
    /// The credential that was just counted is none.
    void count_refused(const rate_asker& who);
    [[nodiscard]] const rules::request_rate& rate() const noexcept { return rate_; }

private:
    const rules::request_rate rate_;
    request_tallies credentials_;
    request_tallies sources_;
    request_tallies refused_; ///< credentials, by source
};

} // namespace lineside
