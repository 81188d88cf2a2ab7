#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::rules {

/// Codes that prove that an address is somebody's: six digits, ten minutes, five tries, used once; one a minute and ten
/// a day may be sent. So a guesser has at most 50 tries in a million a day.
inline constexpr std::size_t code_digits = 6;
inline constexpr duration code_lifetime = std::chrono::minutes(10);
inline constexpr std::uint32_t code_tries = 5;
inline constexpr duration code_interval = std::chrono::minutes(1);
inline constexpr std::size_t codes_a_day = 10;

/// Six digits, each code as likely as any other, out of `random` (8 bytes of a generator of secrets).
[[nodiscard]] std::string make_code(std::string_view random);

/// The code without what people put between its digits; nothing where it is not one.
[[nodiscard]] std::optional<std::string> tidy_code(std::string_view text);

/// What is known of the code of one purpose of one person, but for the code itself.
struct code_state {
    instant issued_at{};
    std::uint32_t tries = 0; ///< wrong ones
    bool used = false;
    bool undelivered = false;    ///< the last sending failed
    std::vector<instant> sent{}; ///< the last day's sendings, of this code and the ones before

    bool operator==(const code_state&) const = default;
};

/// The code can still be accepted.
[[nodiscard]] bool is_live(const code_state& s, instant now);

/// When the next sending is allowed; `now` or before: at once. One that failed makes nobody wait a minute, but counts
/// towards the day.
[[nodiscard]] instant next_sending(const code_state& s, instant now);

/// Whether the code before stays good beside a fresh one: its sending failed, but it may have arrived all the same.
[[nodiscard]] bool keeps_code_before(const code_state& s, instant now);
/// The state once a fresh code is on its way. Tries go on being counted where the code before stays good.
[[nodiscard]] code_state after_sending(code_state s, instant now);

enum class code_verdict : std::uint8_t {
    accepted,
    wrong,
    too_many_tries, ///< wrong, and it was the last try or there was none left
    expired,        ///< or used, or never sent
};

/// Judges a try and counts it. `matches`: the code given is one that is good.
[[nodiscard]] code_verdict try_code(code_state& s, bool matches, instant now);

} // namespace lineside::rules
