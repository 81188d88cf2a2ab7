#pragma once

#include "portal/engine/texts.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace lineside {

/// What the weekly review says, in the languages of `text_languages`. In braces: what `write` fills in.
enum class review_text : std::uint8_t {
    title,
    all_times, ///< {zone}
    // The numbers at the top.
    sign_ins,
    failed_sign_ins,
    attempts,
    in_week_before, ///< {value}
    day_by_day,     ///< {what}: of a picture, for who cannot see it
    log_intact,     ///< {count}
    log_broken,     ///< {number}
    // Sign-ins that stand out.
    unusual,
    nothing_unusual,
    new_network,   ///< {who}, {address}, {network}
    new_program,   ///< {who}, {program}
    failed_burst,  ///< {who}, {count}, {minutes}
    network_burst, ///< {network}, {count}, {minutes}
    failed_codes,  ///< {who}, {count}, {minutes}
    // Metrics that moved.
    moved,
    nothing_moved,
    destination,
    all_calls,
    week_before,
    this_week,
    calls,
    // Alerts.
    alerts,
    no_alerts,
    alert,
    fired,
    repeated,
    held_back,
    reset,
    tested,
    warning,
    error,
    // Who changed what.
    changes,
    no_changes,
    time,
    who,
    what,
    operators,
    nobody,
    // People and things that wait.
    unverified,
    all_verified,
    email_unverified,
    mobile_unverified,
    new_email_waits,
    expiring,
    nothing_expires,
    key,         ///< {name}
    key_secret,  ///< {name}
    newest_only, ///< {count}
};
inline constexpr std::size_t review_text_count = static_cast<std::size_t>(review_text::newest_only) + 1;

/// As `write` of texts.hpp.
[[nodiscard]] std::string write(review_text t, std::string_view language, std::initializer_list<blank> blanks = {});

/// As it stands in the table, for tests.
[[nodiscard]] std::string_view raw_text(review_text t, std::string_view language);

} // namespace lineside
