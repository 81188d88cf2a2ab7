#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace lineside::net {

/// When a failed call is made again: "standard" mode of AWS' SDKs, full jitter, and a quota that a client's calls share,
/// so that a server in trouble is not made worse.
struct retry_policy {
    unsigned attempts = 3; ///< 1: none is repeated
    std::chrono::milliseconds base{50};
    std::chrono::milliseconds throttled_base{1'000};
    std::chrono::milliseconds cap{20'000};
    std::chrono::milliseconds longest_retry_after{60'000}; ///< a server that asks for more is not asked again
    unsigned quota = 500;
    unsigned retry_cost = 14;
    unsigned throttled_cost = 5;
};

/// What the calls of one client may spend on being made again.
class retry_quota {
public:
    explicit retry_quota(unsigned most) : most_(most), left_(most) {}

    /// False: too little is left, and nothing was taken.
    [[nodiscard]] bool take(unsigned cost) noexcept;
    void give_back(unsigned cost) noexcept;
    [[nodiscard]] unsigned left() const noexcept { return left_; }

private:
    const unsigned most_;
    unsigned left_;
};

/// What one attempt came to.
struct attempt_outcome {
    enum class kind : std::uint8_t {
        answered,
        unsent, ///< there was no connection: it can have had no effect
        lost,   ///< it may have had its effect
        final,  ///< whatever it was, another time would not mend it
    };

    kind came = kind::answered;
    unsigned status = 0;            ///< of an answer
    std::string_view retry_after{}; ///< of an answer: the field's value
    bool taken = false;             ///< a part of the answer is in the caller's hands
};

/// What to do next.
struct retry_step {
    enum class action : std::uint8_t { send, wait, done };

    action act = action::send;
    std::chrono::milliseconds pause{}; ///< of wait; then it is to be sent

    bool operator==(const retry_step&) const = default;
};

/// Decides about one call. Does no I/O and has no clock: a driver sends and waits.
class retry {
public:
    /// Any number is as likely as any other.
    using random_numbers = std::function<std::uint32_t()>;
    enum class call : std::uint8_t {
        once,       ///< only what cannot have had an effect is done again
        repeatable, ///< a second time comes to the same
    };

    /// All three outlive it.
    retry(const retry_policy& policy, retry_quota& quota, const random_numbers& random, call c)
        : policy_(policy),
          quota_(quota),
          random_(random),
          call_(c) {}

    /// The number of the attempt that is under way or to be made, from 1.
    [[nodiscard]] unsigned attempt() const noexcept { return attempt_; }

    /// After each attempt.
    [[nodiscard]] retry_step resume(const attempt_outcome& o, instant now);

private:
    [[nodiscard]] retry_step again(bool throttled, std::chrono::milliseconds asked);

    const retry_policy& policy_;
    retry_quota& quota_;
    const random_numbers& random_;
    const call call_;
    unsigned attempt_ = 1;
    unsigned paid_ = 0; // for the last retry
};

/// Reads the field Retry-After (RFC 9110 10.2.3): seconds, or a date in one of the three forms of HTTP, of which one that
/// has passed is no time at all. What is neither is nothing.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, instant now);

} // namespace lineside::net
