#include "rules/alerting.hpp"

#include <lineside/error.hpp>

#include "rules/quiet_hours.hpp"
#include "rules/wilson.hpp"

#include <charconv>
#include <cmath>

namespace lineside::rules {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr duration shortest_period = minutes(1);
constexpr duration longest_period = hours(24 * 31);
// Beyond this a double no longer tells one thousandth from the next.
constexpr double largest_threshold = 1e12;

bool is_less(alert_operator o) { return o == alert_operator::less || o == alert_operator::less_or_equal; }
bool is_greater(alert_operator o) { return o == alert_operator::greater || o == alert_operator::greater_or_equal; }

// Of what is shown with two decimals.
bool same_as_shown(double a, double b) { return std::abs(a - b) < 0.005; }

bool is_beyond(alert_operator o, double value, double threshold) {
    switch (o) {
    case alert_operator::less: return value < threshold;
    case alert_operator::less_or_equal: return value <= threshold;
    case alert_operator::equal: return same_as_shown(value, threshold);
    case alert_operator::greater_or_equal: return value >= threshold;
    case alert_operator::greater: return value > threshold;
    }
    return false;
}

bool is_reset(const alert_rule& r, double value) {
    if (!r.reset_threshold || !(is_less(r.op) || is_greater(r.op)))
        return !is_beyond(r.op, value, r.threshold);
    return is_less(r.op) ? value > *r.reset_threshold : value < *r.reset_threshold;
}

// Few calls prove nothing: 1 of 3 answered may well be a bad minute of a good carrier.
bool is_certain(const alert_rule& r, const observation& seen) {
    if (r.area != alert_area::asr || r.op == alert_operator::equal)
        return true;
    const auto share = wilson_interval(seen.hits, seen.samples);
    return is_beyond(r.op, 100 * (is_less(r.op) ? share.high : share.low), r.threshold);
}

bool needs_samples(alert_area a) {
    using enum alert_area;
    return a == asr || a == acd || a == pdd || a == consecutive_failures;
}

bool is_count(alert_area a) {
    using enum alert_area;
    return a == cps || a == channels || a == consecutive_failures;
}

std::string_view samples_in_words(alert_area a) {
    switch (a) {
    case alert_area::acd: return "answered calls";
    case alert_area::pdd: return "calls that report it";
    default: return "calls";
    }
}

std::string_view operator_in_words(alert_operator o) {
    switch (o) {
    case alert_operator::less: return "below";
    case alert_operator::less_or_equal: return "at most";
    case alert_operator::equal: return "equal to";
    case alert_operator::greater_or_equal: return "at least";
    case alert_operator::greater: return "above";
    }
    return {};
}

std::string time_in_words(instant t) {
    auto text = lineside::to_string(t).substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

std::string seen_in_words(const alert_subject& of, const observation& seen) {
    auto text =
        std::string(area_in_words(of.rule.area)) + " is " + value_in_words(of.rule.area, *seen.value, of.currency);
    if (of.rule.area == alert_area::asr)
        text += " (" + std::to_string(seen.hits) + " of " + std::to_string(seen.samples) + " calls answered)";
    else if (needs_samples(of.rule.area))
        text += " over " + std::to_string(seen.samples) + ' ' + std::string(samples_in_words(of.rule.area));
    return text;
}

std::string threshold_in_words(const alert_subject& of) {
    return std::string(operator_in_words(of.rule.op)) + ' ' +
           value_in_words(of.rule.area, of.rule.threshold, of.currency);
}

std::string uncertainty_in_words(const alert_subject& of, const observation& seen) {
    const auto share = wilson_interval(seen.hits, seen.samples);
    return "so few calls may come from an ASR of " + value_in_words(alert_area::asr, 100 * share.low, {}) + " to " +
           value_in_words(alert_area::asr, 100 * share.high, {}) + ", which is not all " + threshold_in_words(of);
}

// A time in the future is one of a clock that was ahead: from here on it counts anew, so that neither the jump nor the
// way back makes anybody be told twice.
void mend_clock(alert_state& s, instant now) {
    for (auto* t : {&s.fired_at, &s.notified_at})
        if (*t && **t > now)
            *t = now;
}

} // namespace

std::string_view to_string(alert_phase p) noexcept { return p == alert_phase::fired ? "fired" : "armed"; }

std::string_view to_string(alert_told t) noexcept {
    switch (t) {
    case alert_told::nothing: return "nothing";
    case alert_told::held_back: return "held_back";
    case alert_told::notified: return "notified";
    }
    return "unknown";
}

std::optional<alert_event_kind> event_of(alert_outcome o) noexcept {
    switch (o) {
    case alert_outcome::fired: return alert_event_kind::fired;
    case alert_outcome::repeated: return alert_event_kind::repeated;
    case alert_outcome::held_back: return alert_event_kind::held_back;
    case alert_outcome::reset: return alert_event_kind::reset;
    default: return std::nullopt;
    }
}

alert_decision decide(const alert_subject& of, const observation& seen, const alert_state& state) {
    const auto& r = of.rule;
    alert_decision d{.next = state};
    auto& s = d.next;
    mend_clock(s, seen.at);
    s.evaluated_at = seen.at;
    const auto come_to = [&](alert_outcome o, std::string reason) {
        d.outcome = o;
        d.reason = std::move(reason);
        return std::move(d);
    };

    if (needs_samples(r.area) && seen.samples < r.minimum_samples)
        return come_to(alert_outcome::too_few_samples, std::to_string(seen.samples) + ' ' +
                                                           std::string(samples_in_words(r.area)) + " of the " +
                                                           std::to_string(r.minimum_samples) + " it takes");
    if (!seen.value)
        return come_to(alert_outcome::nothing_to_measure,
                       std::string(area_in_words(r.area)) + " is not reported for this time");

    const auto what = seen_in_words(of, seen);
    if (!is_beyond(r.op, *seen.value, r.threshold)) {
        if (s.phase == alert_phase::armed)
            return come_to(alert_outcome::fine, what + ", not " + threshold_in_words(of));
        if (!is_reset(r, *seen.value))
            return come_to(alert_outcome::waiting, what + "; it fires again once it was beyond " +
                                                       value_in_words(r.area, *r.reset_threshold, of.currency));
        s.phase = alert_phase::armed;
        s.told = alert_told::nothing;
        s.fired_at.reset();
        return come_to(alert_outcome::reset, what + ", no longer " + threshold_in_words(of));
    }
    const auto wrong = what + ", " + threshold_in_words(of);
    if (!is_certain(r, seen))
        return come_to(alert_outcome::not_certain, what + "; " + uncertainty_in_words(of, seen));

    if (s.phase == alert_phase::armed) {
        s.phase = alert_phase::fired;
        s.told = alert_told::nothing;
        s.fired_at = seen.at;
    }
    const auto quiet = r.quiet ? quiet_stretch(*r.quiet, of.quiet_zone, seen.at) : time_range{};
    const bool too_soon = s.notified_at && seen.at - *s.notified_at < r.repeat_period;
    if (!quiet.contains(seen.at) && !too_soon) {
        const bool again = s.told == alert_told::notified;
        s.told = alert_told::notified;
        s.notified_at = seen.at;
        return come_to(again ? alert_outcome::repeated : alert_outcome::fired, wrong);
    }
    if (s.told != alert_told::nothing)
        return come_to(alert_outcome::still_firing, wrong);
    s.told = alert_told::held_back;
    return come_to(alert_outcome::held_back,
                   wrong + (too_soon ? "; told " + time_in_words(*s.notified_at) + ", and again from " +
                                           time_in_words(*s.notified_at + r.repeat_period)
                                     : "; quiet until " + time_in_words(quiet.to)));
}

void check_alert_rule(const alert_rule& r) {
    const auto refuse = [](const char* why, const char* field) { throw error(errc::invalid_argument, why, field); };
    if (r.area > alert_area::daily_spend)
        refuse("the area is none", "area");
    if (r.op > alert_operator::greater)
        refuse("the operator is none", "op");
    if (r.level > severity::error)
        refuse("the level is none", "level");
    if (!std::isfinite(r.threshold) || std::abs(r.threshold) > largest_threshold)
        refuse("the threshold is not a number within 10^12", "threshold");
    if (r.area != alert_area::balance && r.threshold < 0)
        refuse("only a balance can be below zero", "threshold");
    if (r.area == alert_area::asr && r.threshold > 100)
        refuse("an ASR is at most 100 %", "threshold");
    if (r.area == alert_area::asr && ((is_less(r.op) && r.threshold <= 0) || (is_greater(r.op) && r.threshold >= 100)))
        refuse("no number of calls proves an ASR of 0 % or 100 %; use consecutive_failures", "threshold");
    if (r.area != alert_area::balance && r.op == alert_operator::less && r.threshold <= 0)
        refuse("only a balance can be below zero", "threshold");
    if (is_count(r.area) && r.op == alert_operator::equal && !same_as_shown(r.threshold, std::round(r.threshold)))
        refuse("a number of calls is whole", "threshold");
    if (r.reset_threshold) {
        if (!std::isfinite(*r.reset_threshold) || std::abs(*r.reset_threshold) > largest_threshold)
            refuse("the reset threshold is not a number within 10^12", "reset_threshold");
        if (r.op == alert_operator::equal)
            refuse("= has no reset threshold: it is over when the value is another", "reset_threshold");
        if (is_less(r.op) ? *r.reset_threshold < r.threshold : *r.reset_threshold > r.threshold)
            refuse("the reset threshold lies on the good side of the threshold", "reset_threshold");
        if (r.area != alert_area::balance && is_greater(r.op) && *r.reset_threshold <= 0)
            refuse("the reset threshold has to be above 0: it fires again only once the value was below it",
                   "reset_threshold");
        if (r.area == alert_area::asr && *r.reset_threshold >= 100)
            refuse("the reset threshold has to be below 100 %: it fires again only once the ASR was beyond it",
                   "reset_threshold");
    }
    if (r.sample_period < shortest_period || r.sample_period > longest_period ||
        r.sample_period % minutes(1) != minutes(0))
        refuse("the sample period is whole minutes, 1 minute to 31 days", "sample_period");
    if (r.repeat_period < shortest_period || r.repeat_period > longest_period)
        refuse("the repeat period is 1 minute to 31 days", "repeat_period");
    if (r.quiet) {
        if (r.quiet->from_minute >= 1'440 || r.quiet->to_minute >= 1'440)
            refuse("quiet hours are minutes of the day, 0 to 1439", "quiet");
        if (r.quiet->from_minute == r.quiet->to_minute)
            refuse("quiet hours begin and end at different times", "quiet");
        if (!r.quiet->zone.empty())
            (void)zone::find(r.quiet->zone).value();
    }
}

bool same_condition(const alert_rule& a, const alert_rule& b) noexcept {
    return a.area == b.area && a.op == b.op && same_as_shown(a.threshold, b.threshold) &&
           a.reset_threshold == b.reset_threshold && a.sample_period == b.sample_period &&
           a.minimum_samples == b.minimum_samples;
}

duration evaluation_step(const alert_rule& r) noexcept {
    using enum alert_area;
    if (r.area == balance || r.area == daily_spend)
        return minutes(1);
    // A few hundred looks in a sample period are as good as one each minute.
    if (r.sample_period >= hours(48) && r.sample_period % hours(1) == hours(0))
        return hours(1);
    if (r.sample_period >= hours(5) && r.sample_period % minutes(5) == minutes(0))
        return minutes(5);
    return minutes(1);
}

instant last_evaluation(const alert_rule& r, instant now) noexcept {
    const auto step = evaluation_step(r);
    const auto since = now.time_since_epoch();
    auto late = since % step;
    if (late < duration(0))
        late += step;
    return now - late;
}

std::string_view area_in_words(alert_area a) noexcept {
    switch (a) {
    case alert_area::balance: return "credit available";
    case alert_area::asr: return "ASR";
    case alert_area::acd: return "ACD";
    case alert_area::pdd: return "PDD";
    case alert_area::cps: return "CPS";
    case alert_area::channels: return "live channels";
    case alert_area::consecutive_failures: return "consecutive failures";
    case alert_area::daily_spend: return "spend of the day";
    }
    return "unknown";
}

std::string_view unit_of(alert_area a, std::string_view currency) noexcept {
    switch (a) {
    case alert_area::balance:
    case alert_area::daily_spend: return currency;
    case alert_area::asr: return "%";
    case alert_area::acd: return "s";
    case alert_area::pdd: return "ms";
    default: return {};
    }
}

std::string value_in_words(alert_area a, double value, std::string_view currency) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed,
                                   is_count(a) && value == std::floor(value) ? 0 : 2)
                         .ptr;
    std::string text(digits, end);
    if (const auto unit = unit_of(a, currency); !unit.empty())
        (text += ' ') += unit;
    return text;
}

} // namespace lineside::rules
