#pragma once

#include <lineside/call.hpp>
#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/page.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

enum class call_event_kind : std::uint8_t { started, answered, digit, ended };

[[nodiscard]] LINESIDE_API std::string_view to_string(call_event_kind k) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<call_event_kind> parse_call_event_kind(std::string_view text);

/// Something a switch says about a call in progress. Repeated and out of order it comes to the same.
struct call_event {
    call_event_kind kind = call_event_kind::started;
    std::string source{};
    std::string call_id{};
    std::string branch{};
    instant at{};
    std::optional<std::uint64_t> sequence{}; ///< the source's own order of the events of a call; else `at` decides
    account_id account{};                    ///< needed when started; made where it is not known, as by call records
    std::string cli{};
    std::string destination{};
    call_direction direction = call_direction::unknown;
    std::optional<money> rate{}; ///< per minute of answered time

    bool operator==(const call_event&) const = default;
};

struct call_event_batch {
    std::vector<call_event> events{};
};

struct call_event_report {
    std::uint64_t applied = 0;
    std::uint64_t ignored = 0; ///< told before, or older than what is known

    bool operator==(const call_event_report&) const = default;
};

enum class live_call_state : std::uint8_t { ringing, answered, ghost };

[[nodiscard]] LINESIDE_API std::string_view to_string(live_call_state s) noexcept;

struct live_call {
    account_id account{};
    std::string source{};
    std::string call_id{};
    std::string branch{};
    live_call_state state = live_call_state::ringing;
    instant started_at{};
    std::optional<instant> answered_at{};
    std::string cli{};
    std::string destination{};
    call_direction direction = call_direction::unknown;
    std::uint32_t dtmf_digits = 0;
    std::optional<money> rate{}; ///< per minute of answered time

    bool operator==(const live_call&) const = default;
};

/// All calls a source has in progress at an instant.
struct live_snapshot {
    std::string source{};
    std::optional<account_id> account{}; ///< of this account alone
    instant at{};
    std::vector<live_call> calls{}; ///< source and state may be left out; started_at (0) where it is not known
};

struct live_snapshot_report {
    std::uint64_t confirmed = 0;
    std::uint64_t added = 0;    ///< not known before: drift
    std::uint64_t vanished = 0; ///< known, but over: drift

    bool operator==(const live_snapshot_report&) const = default;
};

/// May this call start? Answers and occupies the channel in one step; asked again for the same call it answers the same,
/// unless `at` is later than its end or refusal: then the identity is used again.
struct admission_request {
    account_id account{};
    std::string source{};
    std::string call_id{};
    std::string branch{};
    instant at{}; ///< by the source's clock; unset (0): now
    std::string cli{};
    std::string destination{};
    call_direction direction = call_direction::unknown;
    std::optional<money> rate{};
};

struct admission {
    bool admitted = false;
    std::string reason{}; ///< stable, where refused: "channel_limit", "account_disabled"
    std::uint32_t in_use = 0;
    std::optional<std::uint32_t> limit{};

    bool operator==(const admission&) const = default;
};

struct channel_query {
    account_id account{};
};

struct channel_status {
    account_id account{};
    instant as_of{};
    std::uint32_t in_use = 0;
    std::optional<std::uint32_t> configured{}; ///< unset: no limit
    std::uint32_t ringing = 0;
    std::uint32_t answered = 0;
    std::uint32_t ghosts = 0;     ///< calls that should be over; not in use
    std::uint64_t drift = 0;      ///< corrections that snapshots made since the engine was opened
    std::int64_t drift_net = 0;   ///< calls that they added less those that they ended
    std::uint64_t aged_out = 0;   ///< calls given up at the maximum duration, likewise
    std::uint32_t peak_today = 0; ///< since midnight UTC

    bool operator==(const channel_status&) const = default;
};

enum class live_call_filter : std::uint8_t { in_use, ghosts, all };

[[nodiscard]] LINESIDE_API std::string_view to_string(live_call_filter f) noexcept;

/// Oldest first.
struct live_call_query {
    account_id account{};
    live_call_filter filter = live_call_filter::in_use;
    std::string cursor{};
    /// 1 to 5,000.
    std::uint32_t limit = 100;
};

} // namespace lineside
