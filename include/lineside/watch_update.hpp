#pragma once

#include <lineside/alert.hpp>
#include <lineside/balance.hpp>
#include <lineside/channel.hpp>
#include <lineside/checklist.hpp>
#include <lineside/id.hpp>
#include <lineside/layout.hpp>
#include <lineside/shared_value.hpp>
#include <lineside/summary.hpp>
#include <lineside/time.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// What can be watched. Each needs the permission of the operation that shows the same.
enum class watch_topic : std::uint8_t {
    channels,   ///< as get_channels
    live_calls, ///< as list_live_calls with ghosts, the oldest 5,000
    balance,    ///< as get_balance
    alerts,     ///< as list_alert_events
    summary,    ///< the hours of query_summary
    dashboard,  ///< as get_layout and get_checklist
};

[[nodiscard]] LINESIDE_API std::string_view to_string(watch_topic t) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<watch_topic> parse_watch_topic(std::string_view text);

struct watch_request {
    account_id account{};
    contact_id contact{}; ///< for the operator: whose dashboard
    std::vector<watch_topic> topics{};
    /// The position of the last update that was handled; empty: from the present on.
    std::string resume{};
};

enum class watch_kind : std::uint8_t {
    snapshot, ///< the whole: what was known before is void. Of alerts: events follow from here on
    change,   ///< live calls and summary: what changed since the update before; the others: the whole, anew
    event,
    /// A snapshot that does not follow from the position to resume at: that is another engine's, or what lies between is
    /// no longer kept.
    resync,
};

[[nodiscard]] LINESIDE_API std::string_view to_string(watch_kind k) noexcept;

/// What tells a live call from all others.
struct live_call_key {
    std::string source{};
    std::string call_id{};
    std::string branch{};

    auto operator<=>(const live_call_key&) const = default;
};

struct live_call_changes {
    std::vector<live_call> calls{};     ///< of a snapshot: all, oldest first; else those that are new or changed
    std::vector<live_call_key> ended{}; ///< those that are no longer among them
    bool more = false;                  ///< there are younger ones than those that are shown

    bool operator==(const live_call_changes&) const = default;
};

struct summary_changes {
    std::vector<summary_row> rows{}; ///< of a snapshot: all, in order; else those that are new or changed
    std::vector<instant> gone{};     ///< starts of those that are out of the range

    bool operator==(const summary_changes&) const = default;
};

/// How a contact's dashboard is arranged, and what waits for the contact.
struct dashboard {
    lineside::layout layout{};
    lineside::checklist checklist{};

    bool operator==(const dashboard&) const = default;
};

/// Something that was not so before. The member of its topic is set; of alerts only in an `event`.
struct watch_update {
    watch_topic topic = watch_topic::channels;
    watch_kind kind = watch_kind::snapshot;
    /// Opaque, of the whole watch: what to resume after once this is handled.
    std::string position{};
    instant at{}; ///< when it was so

    shared_value<channel_status> channels{};
    shared_value<live_call_changes> live_calls{};
    shared_value<lineside::balance> balance{};
    shared_value<alert_event> alert{};
    shared_value<summary_changes> summary{};
    shared_value<lineside::dashboard> dashboard{};

    /// Brings a list of live calls, or of the Summary's hours, up to date; of another topic it changes nothing. Live calls
    /// are in the order of their starts, then of their keys.
    LINESIDE_API void apply_to(std::vector<live_call>& list) const;
    LINESIDE_API void apply_to(std::vector<summary_row>& list) const;

    bool operator==(const watch_update&) const = default;
};

} // namespace lineside
