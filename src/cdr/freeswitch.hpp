#pragma once

#include "cdr/columns.hpp"
#include "cdr/fold.hpp"
#include "cdr/held_call.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// What mod_cdr_csv and mod_json_cdr have in common: the variables of a channel.
namespace lineside::cdr::freeswitch {

enum variable : std::size_t {
    uuid,
    accountcode,
    direction,
    originator,
    signal_bond,
    caller,
    called,
    network_addr,
    start,
    answer,
    end,
    progress,
    progress_media,
    duration_s,
    duration_ms,
    duration_us,
    bill_s,
    bill_ms,
    bill_us,
    progress_s,
    progress_ms,
    progress_us,
    progress_media_s,
    progress_media_ms,
    progress_media_us,
    hangup_cause,
    hangup_cause_q850,
    sip_status,
    last_bridge_cause,
    last_bridge_status,
    hangup_disposition,
    digits_dialed,
    variable_count
};

/// The variables by FreeSWITCH's names. `account_from` may name any other one.
[[nodiscard]] field_names variables(std::string_view account_from);

/// What had to be assumed about a channel.
struct assumptions {
    bool minutes_only = false; ///< the times have no seconds; lengths come from the columns
    bool no_start = false;     ///< no start was recorded: the call begins at its answer, or at its end
};

/// Reads a channel into a call, account and numbers' sources apart. `clock` decides local times, which FreeSWITCH
/// writes at the end of the call. A fault in what only adorns a call, as an unknown cause, is none.
[[nodiscard]] bool read_channel(const record& r, local_clock& clock, std::uint64_t line, call_view& call,
                                assumptions& assumed, row_fault& why);

/// The caller's number out of `"Name" <number>`, or the text itself.
[[nodiscard]] std::string_view number_of(std::string_view caller_id) noexcept;

/// Whether the channel was opened for another one: a B leg.
[[nodiscard]] bool is_b_leg(const record& r) noexcept;
/// The uuid of the A leg, where the B leg tells.
[[nodiscard]] std::string_view a_leg_of(const record& r) noexcept;

/// A legs that wait for rows of their B legs, and B legs that wait for their A leg.
class leg_window {
public:
    explicit leg_window(sink& to) : to_(&to) {}

    /// The same uuid again hands out what it had: whether it repeats or restates is for the engine to see.
    void a_leg(const call_view& call);
    void b_leg(std::string_view a_leg_uuid);
    void finish();
    /// B legs whose A leg never came.
    [[nodiscard]] std::uint64_t orphans() const noexcept { return orphans_; }
    /// Rows that left as calls.
    [[nodiscard]] std::uint64_t rows_of_calls() const noexcept { return rows_; }

private:
    struct legs {
        held_call a_leg;
        bool has_a_leg = false;
        std::uint32_t b_legs = 0;
    };
    void emit(legs& of);

    sink* to_;
    fold_window<legs> window_{4096, std::size_t{8} << 20};
    std::uint64_t orphans_ = 0;
    std::uint64_t rows_ = 0;
};

} // namespace lineside::cdr::freeswitch
