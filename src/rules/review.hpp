#pragma once

#include <lineside/review.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What is worth a look in a week of an account.
namespace lineside::rules {

// ---- who came in

enum class sign_in_result : std::uint8_t {
    in,
    wrong,      ///< the password, or the account is shut
    wrong_code, ///< the password was right, the second factor was not
};

struct sign_in_fact {
    instant at{};
    std::string who{};
    std::string source_ip{};
    std::string user_agent{};
    sign_in_result result = sign_in_result::in;
};

/// Where an address belongs: the /24 of IPv4, the /48 of IPv6, as text; empty for what is no address.
[[nodiscard]] std::string network_of(std::string_view address);
/// A user agent without its version numbers, so that an update is not a new program.
[[nodiscard]] std::string program_of(std::string_view user_agent);

inline constexpr std::uint32_t burst_failures = 5; ///< of one person or from one network ...
inline constexpr duration burst_time = std::chrono::minutes(10);
inline constexpr std::uint32_t burst_codes = 3; ///< wrong codes after a right password ...
inline constexpr duration burst_code_time = std::chrono::minutes(30);

/// Both in order of time. New is what nobody of that name signed in from before, told once; who never signed in before has
/// nothing to compare with. At most 100, in order of time; the words are left to the caller.
[[nodiscard]] std::vector<sign_in_anomaly> sign_in_anomalies(std::span<const sign_in_fact> before,
                                                             std::span<const sign_in_fact> week);

// ---- what moved

/// What calls to one destination came to.
struct destination_facts {
    std::uint64_t attempts = 0;
    std::uint64_t answered = 0;
    std::uint64_t uncovered = 0; ///< attempts whose source does not record failed ones: there is no ASR
    std::uint64_t talk_ms = 0;
    double talk_squares = 0; ///< of the answered, in s2: how much lengths of calls differ

    void count(bool is_answered, bool attempts_known, std::int64_t talk);
};
/// By country code; the empty name is all calls.
using facts_by_destination = std::map<std::string, destination_facts, std::less<>>;

/// The country code of a number (ITU-T E.164), after `+`, `00` or nothing; empty where it is no international number.
[[nodiscard]] std::string_view country_of(std::string_view destination) noexcept;

inline constexpr std::uint64_t fewest_attempts = 50; ///< of both weeks, for ASR
inline constexpr std::uint64_t fewest_answered = 30; ///< of both weeks, for ACD
inline constexpr double least_asr_move = 5;          ///< percentage points
inline constexpr double least_acd_move = 0.2;        ///< of the week before

/// What moved further than that and further than chance explains (three standard errors): all calls first, then the widest
/// moves. At most 20.
[[nodiscard]] std::vector<metric_move> movers(const facts_by_destination& before, const facts_by_destination& week);

// ---- what ends soon

inline constexpr duration expiry_notice = std::chrono::hours(24 * 30);

/// Those of [week begin, its end + 30 days), soonest first; at most 100.
[[nodiscard]] std::vector<expiring_thing> about_to_expire(std::vector<expiring_thing> things, time_range week);

} // namespace lineside::rules
