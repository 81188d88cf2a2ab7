#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

enum class call_direction : std::uint8_t { unknown, inbound, outbound, internal };

/// How an attempt ended, normalised from the source's own words, which `call::hangup_cause` keeps.
enum class call_outcome : std::uint8_t {
    unknown,
    answered,
    busy,
    no_answer,
    rejected,
    abandoned, ///< the caller gave up (SIP 487)
    invalid_number,
    congestion, ///< network failure or lack of capacity
    blocked,    ///< refused by the source itself: limit, credit, list
    unauthorized,
    redirected,
};

enum class release_party : std::uint8_t { unknown, caller, callee, network };

/// One attempt to reach somebody, folded from however many rows the source wrote for it.
/// (source, call_id, branch) is its identity. "Optional" means the source may not report it: then it is unset,
/// never zero.
struct call {
    std::string source{};  ///< name of the switch or file family; ids are unique within it
    std::string call_id{}; ///< 1 to 512 bytes
    std::string branch{};  ///< tells apart attempts that share a call id; usually empty
    lineside::account_id account_id{};
    call_direction direction = call_direction::unknown;
    std::string cli{};         ///< caller's number
    std::string destination{}; ///< called number
    instant start_time{};      ///< set-up: the bucket the call belongs to
    std::optional<instant> answer_time{};
    std::optional<instant> end_time{}; ///< unset while the call is in progress
    duration duration_ms{};            ///< talk time, answer to end; 0 for an unanswered call
    std::optional<duration> billed_ms{};
    std::optional<duration> pdd_ms{}; ///< start to first ringing or progress
    call_outcome outcome = call_outcome::unknown;
    std::optional<std::uint16_t> sip_code{};
    std::optional<std::uint16_t> q850_cause{};
    std::string hangup_cause{}; ///< the source's own text
    release_party released_by = release_party::unknown;
    std::optional<std::uint32_t> dtmf_digits{}; ///< how many digits were keyed during the call
    std::optional<money> charge{};              ///< its currency may be empty: then the account's
    std::optional<money> rate{};                ///< per minute
    std::string source_ip{};

    [[nodiscard]] bool answered() const noexcept { return outcome == call_outcome::answered; }
    bool operator==(const call&) const = default;
};

[[nodiscard]] LINESIDE_API std::string_view to_string(call_direction v) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(call_outcome v) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(release_party v) noexcept;

enum class call_order : std::uint8_t { oldest_first, newest_first };
enum class call_filter : std::uint8_t { all, answered, unanswered };

[[nodiscard]] LINESIDE_API std::string_view to_string(call_order v) noexcept;
[[nodiscard]] LINESIDE_API std::string_view to_string(call_filter v) noexcept;

/// Which calls of one account to list, ordered by (start_time, identity).
struct call_query {
    account_id account{};
    time_range range{}; ///< of `start_time`; left at its default: all there are
    call_filter filter = call_filter::all;
    std::string number{}; ///< a part of `cli` or `destination`; empty: any
    call_order order = call_order::oldest_first;
    std::string cursor{};
    /// 1 to 5,000.
    std::uint32_t limit = 100;
};

} // namespace lineside
