#include "cli/alert_options.hpp"

#include "cli/values.hpp"
#include "rules/alerting.hpp"
#include "rules/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace lineside::cli {

namespace {

using std::chrono::minutes;

constexpr std::pair<char, duration> units[] = {
    {'d', std::chrono::days(1)},
    {'h', std::chrono::hours(1)},
    {'m', minutes(1)},
    {'s', std::chrono::seconds(1)},
};
constexpr std::uint64_t most_units = 1'000'000;

double decimal_of(const arguments& args, std::string_view option) {
    const auto text = args.get(option);
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        wrong_value(option, "'" + std::string(text) + "' is not a number");
    return value;
}

duration length_of(const arguments& args, std::string_view option) {
    const auto text = args.get(option);
    for (const auto& [letter, length] : units)
        if (text.ends_with(letter))
            return number_from(text.substr(0, text.size() - 1), option, 1, most_units) * length;
    wrong_value(option, "'" + std::string(text) + "' is not a length such as 15m, 5h or 7d");
}

std::uint32_t minute_from(std::string_view text) {
    if (text.size() != 5 || text[2] != ':')
        wrong_value("--quiet", "'" + std::string(text) + "' is not a time of day such as 22:00");
    const auto hour = number_from(text.substr(0, 2), "--quiet", 0, 23);
    return static_cast<std::uint32_t>(hour * 60 + number_from(text.substr(3), "--quiet", 0, 59));
}

std::optional<quiet_hours> quiet_of(const arguments& args) {
    const auto text = args.get("--quiet");
    if (text == "none")
        return std::nullopt;
    const auto zone_at = text.find('@');
    const auto hours = text.substr(0, zone_at);
    const auto dash = hours.find('-');
    if (dash == std::string_view::npos)
        wrong_value("--quiet", "'" + std::string(text) + "' is not of the form 22:00-07:00 or 22:00-07:00@ZONE");
    quiet_hours q;
    q.from_minute = minute_from(hours.substr(0, dash));
    q.to_minute = minute_from(hours.substr(dash + 1));
    if (zone_at != std::string_view::npos) {
        const auto zone = rules::zone::find(text.substr(zone_at + 1));
        if (!zone)
            wrong_value("--quiet", zone.error().details.message);
        q.zone = zone->name();
    }
    return q;
}

severity level_of(const arguments& args) {
    for (const auto s : {severity::info, severity::warning, severity::error})
        if (to_string(s) == args.get("--level"))
            return s;
    wrong_value("--level", "it is info, warning or error");
}

void change_threshold(alert_rule& rule, const arguments& args) {
    const bool below = args.has("--below");
    const bool above = args.has("--above");
    if ((below && above) || ((below || above) && (args.has("--op") || args.has("--threshold"))))
        throw usage_error("one of --below, --above, and --op with --threshold");
    if (below || above) {
        rule.op = below ? alert_operator::less : alert_operator::greater;
        rule.threshold = decimal_of(args, below ? "--below" : "--above");
        return;
    }
    if (args.has("--op"))
        rule.op = value_of(args, "--op", parse_alert_operator);
    if (args.has("--threshold"))
        rule.threshold = decimal_of(args, "--threshold");
}

std::string two_digits(std::uint32_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

std::string time_of_day(std::uint32_t minute) { return two_digits(minute / 60) + ':' + two_digits(minute % 60); }

} // namespace

void change_rule(alert_rule& rule, const arguments& args) {
    if (args.has("--enabled") && args.has("--disabled"))
        throw usage_error("one of --enabled and --disabled");
    if (args.has("--title"))
        rule.title = text_of(args, "--title");
    if (args.has("--area"))
        rule.area = value_of(args, "--area", parse_alert_area);
    change_threshold(rule, args);
    if (const auto reset = args.find("--reset"))
        rule.reset_threshold = *reset == "none" ? std::nullopt : std::optional(decimal_of(args, "--reset"));
    if (args.has("--period"))
        rule.sample_period = length_of(args, "--period");
    if (args.has("--minimum-samples"))
        rule.minimum_samples = static_cast<std::uint32_t>(
            number_of(args, "--minimum-samples", 0, std::numeric_limits<std::uint32_t>::max()));
    if (args.has("--repeat"))
        rule.repeat_period = length_of(args, "--repeat");
    if (args.has("--level"))
        rule.level = level_of(args);
    if (const auto list = args.find("--recipients"))
        rule.recipients = list_from(*list);
    if (args.has("--quiet"))
        rule.quiet = quiet_of(args);
    if (args.has("--enabled") || args.has("--disabled"))
        rule.enabled = args.has("--enabled");
}

bool changes_rule(const arguments& args) {
    constexpr std::string_view fields[] = {
        "--title",  "--area",  "--below", "--above",      "--op",      "--threshold", "--reset",          "--period",
        "--repeat", "--level", "--quiet", "--recipients", "--enabled", "--disabled",  "--minimum-samples"};
    return std::any_of(std::begin(fields), std::end(fields), [&](std::string_view f) { return args.has(f); });
}

std::string condition_of(const alert_rule& rule) {
    return std::string(to_string(rule.area)) + ' ' + std::string(to_string(rule.op)) + ' ' +
           rules::value_in_words(rule.area, rule.threshold, {});
}

std::string shown_period(duration d) {
    for (const auto& [letter, length] : units)
        if (d % length == duration(0))
            return std::to_string(d / length) + letter;
    return std::to_string(d.count()) + "ms";
}

std::string shown_quiet(const alert_rule& rule) {
    if (!rule.quiet)
        return "-";
    const auto& q = *rule.quiet;
    return time_of_day(q.from_minute) + '-' + time_of_day(q.to_minute) + (q.zone.empty() ? "" : "@" + q.zone);
}

} // namespace lineside::cli
