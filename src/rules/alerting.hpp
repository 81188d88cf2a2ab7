#pragma once

#include <lineside/alert.hpp>

#include "rules/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

/// What a rule looks at, at an instant.
struct observation {
    instant at{};
    std::optional<double> value{}; ///< unset: there is nothing to measure
    std::uint64_t hits = 0;        ///< of ASR: answered, of `samples`
    std::uint64_t samples = 0;

    bool operator==(const observation&) const = default;
};

enum class alert_phase : std::uint8_t { armed, fired };
/// How much of the present firing was told.
enum class alert_told : std::uint8_t { nothing, held_back, notified };

[[nodiscard]] std::string_view to_string(alert_phase p) noexcept;
[[nodiscard]] std::string_view to_string(alert_told t) noexcept;

/// What a rule remembers from one look to the next.
struct alert_state {
    alert_phase phase = alert_phase::armed;
    alert_told told = alert_told::nothing;
    std::optional<instant> fired_at{};    ///< while it is fired
    std::optional<instant> notified_at{}; ///< the last time anybody was told, whenever that was
    std::optional<instant> evaluated_at{};

    bool operator==(const alert_state&) const = default;
};

enum class alert_outcome : std::uint8_t {
    nothing_to_measure,
    too_few_samples,
    not_certain, ///< beyond the threshold, but so few calls may be so by chance
    fine,        ///< not beyond the threshold
    waiting,     ///< fired, no longer beyond the threshold and not yet beyond the reset threshold
    fired,       ///< notify
    repeated,    ///< still firing: notify again
    held_back,   ///< fires, and it is not the time to notify
    still_firing,
    reset, ///< beyond the reset threshold: armed again
};

[[nodiscard]] constexpr bool notifies(alert_outcome o) noexcept {
    return o == alert_outcome::fired || o == alert_outcome::repeated;
}
/// What the history keeps of it; unset: nothing.
[[nodiscard]] std::optional<alert_event_kind> event_of(alert_outcome o) noexcept;

struct alert_decision {
    alert_outcome outcome = alert_outcome::fine;
    std::string reason{}; ///< in words
    alert_state next{};
};

/// A rule in its surroundings.
struct alert_subject {
    const alert_rule& rule;
    const zone& quiet_zone;    ///< of `rule.quiet`
    std::string_view currency; ///< of the account
};

/// What a rule does about what it sees. Notifies at most once in a repeat period, and not in quiet hours: what is held
/// back then is told at their end if it still holds. A clock that went back starts the repeat period again.
[[nodiscard]] alert_decision decide(const alert_subject& of, const observation& seen, const alert_state& state);

/// Throws invalid_argument with the field: what no rule can mean, and rules that could never fire.
void check_alert_rule(const alert_rule& r);

/// Whether both look at the same in the same way, so that what one remembers means something to the other.
[[nodiscard]] bool same_condition(const alert_rule& a, const alert_rule& b) noexcept;

/// How far apart the instants are at which a rule looks; they are multiples of it since 1970. The sample period is a
/// multiple too.
[[nodiscard]] duration evaluation_step(const alert_rule& r) noexcept;
[[nodiscard]] instant last_evaluation(const alert_rule& r, instant now) noexcept;

/// "ASR", "credit available" ...
[[nodiscard]] std::string_view area_in_words(alert_area a) noexcept;
/// "%", "s", "ms", a currency, or nothing.
[[nodiscard]] std::string_view unit_of(alert_area a, std::string_view currency) noexcept;
/// "12.50 %"
[[nodiscard]] std::string value_in_words(alert_area a, double value, std::string_view currency);

} // namespace lineside::rules
