#include "rules/calendar.hpp"

#include "model/names.hpp"

#include <date/tz.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace lineside::rules {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

// Zones that were renamed: whichever spelling a host's database knows, its customers may use either.
constexpr std::pair<std::string_view, std::string_view> renamed[] = {
    {"Europe/Kyiv", "Europe/Kiev"},          {"America/Nuuk", "America/Godthab"}, {"Asia/Ho_Chi_Minh", "Asia/Saigon"},
    {"Asia/Kathmandu", "Asia/Katmandu"},     {"Asia/Kolkata", "Asia/Calcutta"},   {"Asia/Yangon", "Asia/Rangoon"},
    {"Pacific/Kanton", "Pacific/Enderbury"},
};

std::string_view other_spelling(std::string_view name) {
    for (const auto& [now, before] : renamed) {
        if (name == now)
            return before;
        if (name == before)
            return now;
    }
    return {};
}

// The database reads a zone's file on first use, so one look-up tells whether it can be read.
const date::time_zone* locate(std::string_view name) {
    if (name.empty() || name == "localtime") // the host's own zone is no IANA name
        return nullptr;
    try {
        // The list of zones is made once; held here, so that a thread sanitizer sees which thread made it.
        [[maybe_unused]] static const date::tzdb& zones = date::get_tzdb();
        const date::time_zone* found = date::locate_zone(name);
        (void)found->get_info(date::sys_seconds{});
        return found;
    } catch (const std::exception&) {
        return nullptr;
    }
}

// The first of the database's stretches begins, and the last one ends, where its years do.
constexpr instant first_known = sys_days{std::chrono::year{-32'000} / 1 / 1};
constexpr instant last_known = sys_days{std::chrono::year{32'000} / 1 / 1};

instant floor_to(instant t, duration step, duration offset) {
    const auto past = (t.time_since_epoch() + offset) % step;
    return t - (past < duration{} ? past + step : past);
}

// Whether the same instants end a step before and after a jump of the wall clock.
bool keep_step(const zone::stretch& a, const zone::stretch& b, duration step) {
    return (a.offset - b.offset) % step == duration{};
}

instant clock_edge_before(const zone& z, instant t, duration step) {
    zone::stretch s = z.stretch_at(t);
    const instant edge = floor_to(t, step, s.offset);
    while (edge < s.begin) {
        const zone::stretch before = z.stretch_at(s.begin - duration{1});
        if (!keep_step(before, s, step))
            return s.begin;
        s = before;
    }
    return edge;
}

std::vector<instant> clock_edges(const zone& z, time_range range, duration step) {
    instant edge = clock_edge_before(z, range.from, step);
    zone::stretch s = z.stretch_at(edge);
    std::vector<instant> edges;
    edges.reserve(static_cast<std::size_t>((range.to - edge) / step) + 4);
    while (edge < range.to) {
        edges.push_back(edge);
        edge = floor_to(edge, step, s.offset) + step;
        for (const instant stop = std::min(s.end, range.to); edge < stop; edge += step)
            edges.push_back(edge);
        while (s.end <= edge) {
            const zone::stretch after = z.stretch_at(s.end);
            if (!keep_step(s, after, step))
                edge = s.end;
            s = after;
        }
    }
    edges.push_back(edge);
    return edges;
}

sys_days period_start(sys_days date, time_step step) {
    using namespace std::chrono;
    if (step == time_step::week)
        return date - (weekday{date} - Monday);
    if (step == time_step::month)
        return sys_days{year_month_day{date}.year() / year_month_day{date}.month() / 1};
    return date;
}

sys_days next_period(sys_days start, time_step step) {
    using namespace std::chrono;
    if (step == time_step::month)
        return sys_days{year_month_day{start} + months{1}};
    return start + (step == time_step::week ? days{7} : days{1});
}

// A day begins when the wall clock first shows its date or passes it by: at the later end of a jump over midnight, at
// the earlier of two midnights, and together with the next day where the whole day was skipped.
std::vector<instant> calendar_edges(const zone& z, time_range range, time_step step) {
    sys_days date = period_start(std::chrono::floor<days>(range.from + z.offset_at(range.from)), step);
    zone::stretch s = z.stretch_at(date - days{1}); // no offset reaches a day
    std::vector<instant> edges;
    while (edges.empty() || edges.back() < range.to) {
        while (date - s.offset >= s.end)
            s = z.stretch_at(s.end);
        const instant edge = std::max<instant>(date - s.offset, s.begin);
        if (edge <= range.from)
            edges.assign(1, edge);
        else if (edge != edges.back())
            edges.push_back(edge);
        date = next_period(date, step);
    }
    return edges;
}

} // namespace

zone::zone() : name_("UTC") {}

result<zone> zone::find(std::string_view name) {
    zone z;
    if (name == z.name_)
        return z;
    const date::time_zone* found = locate(name);
    if (found == nullptr)
        found = locate(other_spelling(name));
    if (found == nullptr)
        return wrong("'" + std::string(name) +
                         "' is not a known time zone; expected an IANA name such as Europe/Madrid",
                     "zone");
    z.name_ = name;
    z.rep_ = found;
    const stretch s = z.stretch_at(instant{});
    if (s.begin == instant::min() && s.end == instant::max() && s.offset == s.offset.zero())
        z.rep_ = nullptr;
    return z;
}

zone zone::find_or_utc(std::string_view name) {
    auto found = find(name);
    return found ? *std::move(found) : zone();
}

zone::stretch zone::stretch_at(instant t) const {
    if (is_utc())
        return {instant::min(), instant::max(), std::chrono::seconds{}};
    const auto info = static_cast<const date::time_zone*>(rep_)->get_info(std::clamp(t, first_known, last_known));
    return {info.begin <= first_known ? instant::min() : instant{info.begin},
            info.end >= last_known ? instant::max() : instant{info.end}, info.offset};
}

zone::local_time zone::resolve(std::int64_t civil_ms) const {
    using kind = enum local_time::kind;
    const instant civil{duration{civil_ms}};
    // No offset reaches a day, so these are all the stretches that may show the wall clock so.
    std::optional<instant> first;
    for (stretch s = stretch_at(civil - days{1});; s = stretch_at(s.end)) {
        const instant t = civil - s.offset;
        if (!first && t < s.begin)
            return {kind::skipped, s.begin, s.begin};
        if (t >= s.begin && t < s.end) {
            if (first)
                return {kind::repeated, *first, t};
            first = t;
        }
        if (s.end > civil + days{1})
            return {kind::unique, *first, *first};
    }
}

std::vector<instant> bucket_edges(const zone& z, time_range range, time_step step) {
    if (range.empty())
        return {};
    switch (step) {
    case time_step::minute: return clock_edges(z, range, std::chrono::minutes{1});
    case time_step::five_minutes: return clock_edges(z, range, std::chrono::minutes{5});
    case time_step::hour: return clock_edges(z, range, std::chrono::hours{1});
    case time_step::day:
    case time_step::week:
    case time_step::month: break;
    }
    return calendar_edges(z, range, step);
}

} // namespace lineside::rules
