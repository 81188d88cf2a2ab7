#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace lineside::rules {

/// Guesses at one login are slowed down: the first five failures cost nothing, each further one doubles the wait from
/// 1 s up to 15 minutes. A success forgets them.
inline constexpr std::uint32_t free_failures = 5;
inline constexpr duration first_delay = std::chrono::seconds(1);
inline constexpr duration longest_delay = std::chrono::minutes(15);

/// At most 100 failures in a row, then a sign-in needs a new password by mail, or the operator. Ten of them are kept for
/// sources that this login was used from before, so that a stranger cannot use them up.
inline constexpr std::uint32_t most_failures = 100;
inline constexpr std::uint32_t most_familiar_failures = 10;
inline constexpr std::uint32_t most_strange_failures = most_failures - most_familiar_failures;

/// Failures in a row.
struct failure_count {
    std::uint32_t failures = 0;
    instant last{};

    bool operator==(const failure_count&) const = default;
};

enum class gate : std::uint8_t {
    open,
    waiting, ///< until the wait is over
    closed,  ///< for good
};

struct gate_state {
    rules::gate gate = rules::gate::open;
    duration wait{}; ///< of waiting

    bool operator==(const gate_state&) const = default;
};

/// How long after its last failure a login stays shut.
[[nodiscard]] duration delay_after(std::uint32_t failures);

/// Whether another attempt may be made. A clock that was set back makes nobody wait longer than the delay.
[[nodiscard]] gate_state may_try(const failure_count& f, instant now, std::uint32_t most);

void count_failure(failure_count& f, instant now);

/// Attempts from one source, of whichever login.
struct bucket_limits {
    std::uint32_t burst = 30;
    duration refill = std::chrono::seconds(10); ///< of one token
};

struct token_bucket {
    std::uint32_t taken = 0;
    instant since{}; ///< when the refilling of the next token began

    bool operator==(const token_bucket&) const = default;
};

/// Takes a token; 0, or how long to wait for one.
[[nodiscard]] duration take_token(token_bucket& b, const bucket_limits& limits, instant now);
/// The attempt was a good one.
void give_back(token_bucket& b);
/// Nothing is missing: it need not be remembered.
[[nodiscard]] bool is_full(const token_bucket& b, const bucket_limits& limits, instant now);

/// Who shares a bucket: an IPv4 address, or a /64 of IPv6, of which one customer has all. What is no address stands for
/// itself, cut to 64 bytes; empty stays empty.
[[nodiscard]] std::string source_of(std::string_view address);

} // namespace lineside::rules
