#include "portal/engine/calls/queries.hpp"

#include <lineside/error.hpp>

#include "portal/engine/access_log.hpp"
#include "portal/engine/calls/export_writer.hpp"
#include "portal/engine/calls/live_merge.hpp"
#include "portal/engine/calls/rollup_reader.hpp"
#include "portal/engine/calls/segment_writer.hpp"
#include "rules/calendar.hpp"
#include "rules/downsample.hpp"
#include "rules/metrics.hpp"
#include "rules/selection.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace lineside {

namespace {

using store::day_number;
using store::stored_call;

constexpr std::size_t most_buckets = 1'000'000;
constexpr std::uint32_t most_accounts_a_page = 1'000;
constexpr std::uint32_t most_calls_a_page = 5'000;

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }
instant at_ms(std::int64_t t) { return instant(duration(t)); }

std::optional<duration> length(std::int64_t v) {
    if (v == absent)
        return std::nullopt;
    return duration(v);
}

std::optional<money> amount(std::int64_t nanos, std::string_view currency) {
    if (nanos == absent)
        return std::nullopt;
    return rules::to_money(nanos, std::string(currency));
}

void check_limit(std::uint32_t limit, std::uint32_t least, std::uint32_t most) {
    if (limit < least || limit > most)
        throw error(errc::invalid_argument,
                    "limit is " + std::to_string(limit) + "; expected " + std::to_string(least) + " to " +
                        std::to_string(most),
                    "limit");
}

void check_range(time_range range) {
    if (range.empty())
        throw error(errc::invalid_argument,
                    "the range from " + to_string(range.from) + " to " + to_string(range.to) + " is empty", "range");
}

// The years 0 to 9999: what a calendar is drawn for. Nothing that is added to such an instant overflows.
constexpr instant calendar_begin = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr instant calendar_end = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);

void check_calendar(time_range range) {
    check_range(range);
    if (range.from < calendar_begin || range.to > calendar_end)
        throw error(errc::invalid_argument, "the range reaches beyond the years 0 to 9999", "range");
}

std::vector<instant> edges_of(const rules::zone& zone, time_range range, time_step step) {
    check_calendar(range);
    constexpr std::int64_t shortest[] = {60'000, 300'000, 3'600'000, 80'000'000, 600'000'000, 2'400'000'000};
    // Unsigned: the ends may lie further apart than a signed number can say.
    if ((static_cast<std::uint64_t>(ms(range.to)) - static_cast<std::uint64_t>(ms(range.from))) /
            static_cast<std::uint64_t>(shortest[static_cast<std::size_t>(step)]) >
        most_buckets)
        throw error(errc::invalid_argument, "the range has more than 1,000,000 buckets of this step", "range");
    return rules::bucket_edges(zone, range, step);
}

// The columns a metric is made of; open calls go with every series.
store::cell_columns columns_of(metric m) {
    using enum store::cell_columns;
    switch (m) {
    case metric::live_channels:
    case metric::live_channels_avg: return open_calls | live;
    case metric::attempts: return open_calls | attempts;
    case metric::answered: return open_calls | answered;
    case metric::asr: return open_calls | attempts | answered | uncovered;
    case metric::acd: return open_calls | answered | talk;
    case metric::ner: return open_calls | attempts | effective | uncovered;
    case metric::dtmf_calls:
    case metric::dtmf_digits:
    case metric::dtmf_percent: return open_calls | answered | dtmf;
    case metric::cps_peak: return open_calls | cps;
    case metric::cps_avg: return open_calls | attempts;
    case metric::pdd: return open_calls | pdd;
    case metric::talk: return open_calls | talk;
    case metric::charge: return open_calls | attempts | charge;
    }
    return all;
}

bool is_live(metric m) { return m == metric::live_channels || m == metric::live_channels_avg; }

time_step step_of(summary_period p) {
    return p == summary_period::live ? time_step::hour : p == summary_period::daily ? time_step::day : time_step::month;
}

// The last 24 hours, 31 days or 12 months, the current one included.
time_range default_range(summary_period p, instant at) {
    using namespace std::chrono;
    const instant to = at + milliseconds(1); // the bucket that holds `at` is the last
    switch (p) {
    case summary_period::live: return {floor<hours>(at) - hours(23), to};
    case summary_period::daily: return {floor<days>(at) - days(30), to};
    case summary_period::monthly: break;
    }
    const year_month_day date{floor<days>(at)};
    return {sys_days{(date.year() / date.month() - months(11)) / 1}, to};
}

row_state state_of(instant end, instant at, std::uint32_t revision) {
    if (end > at)
        return row_state::open;
    if (revision > 0)
        return row_state::restated;
    return is_final(ms(end), ms(at)) ? row_state::final : row_state::provisional;
}

// Where a page of calls ended: (start, identity) of its last call, and the order it was read in.
struct call_cursor {
    std::int64_t start = 0;
    std::uint64_t hash = 0;
};

std::string write_cursor(const call_cursor& c, call_order order) {
    std::string text = order == call_order::oldest_first ? "a" : "d";
    char digits[17];
    for (const auto v : {static_cast<std::uint64_t>(c.start), c.hash}) {
        const auto end = std::to_chars(digits, digits + sizeof digits, v, 16).ptr;
        text.append(16 - static_cast<std::size_t>(end - digits), '0');
        text.append(digits, end);
    }
    return text;
}

call_cursor read_cursor(std::string_view text, call_order order) {
    const auto bad = [] { return error(errc::invalid_argument, "the cursor is not of this query", "cursor"); };
    if (text.size() != 33 || text.front() != (order == call_order::oldest_first ? 'a' : 'd'))
        throw bad();
    std::uint64_t parts[2] = {};
    for (std::size_t i = 0; i < 2; ++i) {
        const char* first = text.data() + 1 + i * 16;
        const auto [end, ec] = std::from_chars(first, first + 16, parts[i], 16);
        if (ec != std::errc{} || end != first + 16)
            throw bad();
    }
    const call_cursor cursor{static_cast<std::int64_t>(parts[0]), parts[1]};
    if (cursor.start < ms(calendar_begin) || cursor.start >= ms(calendar_end))
        throw bad();
    return cursor;
}

call_cursor place_of(const stored_call& c) {
    return {c.view.start, store::hash_identity(c.source, c.view.call_id, c.view.branch)};
}

bool earlier(const call_cursor& a, const call_cursor& b) {
    return a.start != b.start ? a.start < b.start : a.hash < b.hash;
}

bool matches(const call_query& q, const call_view& c) {
    if ((q.filter == call_filter::answered && !c.answered()) || (q.filter == call_filter::unanswered && c.answered()))
        return false;
    return q.number.empty() || c.cli.find(q.number) != std::string_view::npos ||
           c.destination.find(q.number) != std::string_view::npos;
}

struct parts_in_words {
    std::string_view numerator;
    std::string_view denominator;
};

parts_in_words words_of(metric m) {
    switch (m) {
    case metric::live_channels: return {"most calls in progress at one instant", "1"};
    case metric::live_channels_avg: return {"milliseconds calls spent in progress", "milliseconds of the range"};
    case metric::attempts: return {"calls started", "1"};
    case metric::answered: return {"answered calls", "1"};
    case metric::asr: return {"answered calls", "calls started"};
    case metric::acd: return {"talk time of answered calls, ms", "answered calls"};
    case metric::ner: return {"calls answered, busy, not answered, rejected or abandoned", "calls started"};
    case metric::dtmf_calls: return {"answered calls with at least one digit", "1"};
    case metric::dtmf_digits: return {"digits keyed", "1"};
    case metric::dtmf_percent: return {"answered calls with at least one digit", "answered calls that report digits"};
    case metric::cps_peak: return {"most calls started in one second", "1"};
    case metric::cps_avg: return {"calls started", "milliseconds of the range"};
    case metric::pdd: return {"post-dial delay, ms", "calls that report it"};
    case metric::talk: return {"talk time of answered calls, ms", "1"};
    case metric::charge: return {"charges, billionths", "1"};
    }
    return {};
}

constexpr std::string_view start_policy =
    "a call counts with all its talk time and charge where it started; ranges are half-open";
constexpr std::string_view live_policy =
    "a call occupies a channel from its start to its end, at one instant ends come before starts; what was told live "
    "counts where it is more, and once the range is final only on days without records";
constexpr std::string_view answered_policy = "; answered means that the source recorded an answer, be it of 0 s";

} // namespace

store::account_row queries::find(const account_id& id) {
    if (auto row = view_.stored->find_account(id.value()))
        return std::move(*row);
    throw error(errc::not_found, "there is no account '" + id.value() + "'", "account");
}

account queries::get_account(const account_id& id) { return find(id).value; }

page<account> queries::list_accounts(const account_query& q) {
    check_limit(q.limit, 1, most_accounts_a_page);
    page<account> result;
    for (auto& row : view_.stored->list_accounts(q.cursor, q.limit + 1)) {
        if (result.items.size() == q.limit) {
            result.next = result.items.back().id.value();
            break;
        }
        result.items.push_back(std::move(row.value));
    }
    return result;
}

// ---- calls ----------------------------------------------------------------------------------------------------------

call queries::to_call(const stored_call& c) {
    if (sources_.empty())
        sources_ = view_.stored->list_sources();
    const auto& v = c.view;
    call out;
    out.source = sources_.at(c.source);
    out.call_id = v.call_id;
    out.branch = v.branch;
    out.account_id = lineside::account_id(std::string(v.account));
    out.direction = v.direction;
    out.cli = v.cli;
    out.destination = v.destination;
    out.start_time = at_ms(v.start);
    if (v.answer != absent)
        out.answer_time = at_ms(v.answer);
    if (v.end != absent)
        out.end_time = at_ms(v.end);
    out.duration_ms = duration(v.talk);
    out.billed_ms = length(v.billed);
    out.pdd_ms = length(v.pdd);
    out.outcome = v.outcome;
    if (v.sip_code >= 0)
        out.sip_code = static_cast<std::uint16_t>(v.sip_code);
    if (v.q850_cause >= 0)
        out.q850_cause = static_cast<std::uint16_t>(v.q850_cause);
    out.hangup_cause = v.hangup_cause;
    out.released_by = v.released_by;
    if (v.dtmf_digits != absent)
        out.dtmf_digits = static_cast<std::uint32_t>(v.dtmf_digits);
    out.charge = amount(v.charge, v.currency);
    out.rate = amount(v.rate, v.currency);
    out.source_ip = v.source_ip;
    return out;
}

void queries::each_call(const call_query& q, const store::account_row& account,
                        const std::function<bool(const stored_call&)>& visit) {
    const bool everything = q.range == time_range{};
    if (!everything)
        check_range(q.range);
    std::int64_t from = ms(everything ? calendar_begin : std::max(q.range.from, calendar_begin));
    std::int64_t to = ms(everything ? calendar_end : std::min(q.range.to, calendar_end));
    std::optional<call_cursor> cursor;
    const bool descending = q.order == call_order::newest_first;
    if (!q.cursor.empty()) {
        cursor = read_cursor(q.cursor, q.order);
        if (descending)
            to = std::min(to, cursor->start + 1);
        else
            from = std::max(from, cursor->start);
    }

    // The days that hold calls: of segments and of the journal.
    const auto keys = view_.stored->segment_keys(account.key, store::day_of(from), store::day_of(to - 1));
    std::map<day_number, std::vector<const stored_call*>> days;
    for (const auto& k : keys)
        days[k.day];
    each_pending(view_.pending.get(), account.key, from, to,
                 [&](const stored_call& c) { days[store::day_of(c.view.start)].push_back(&c); });

    const auto visit_day = [&](day_number day, std::vector<const stored_call*> calls) {
        stop_.check();
        store::call_block stored;
        view_.stored->segments(account.key, day, day, [&](const store::segment_key&, std::string_view bytes) {
            store::decode_segment(bytes, day, account.value.id.value(), stored);
        });
        for (const auto& c : stored.calls)
            if (from <= c.view.start && c.view.start < to)
                calls.push_back(&c);
        std::erase_if(calls, [&](const stored_call* c) { return !matches(q, c->view); });
        std::vector<std::pair<call_cursor, const stored_call*>> placed(calls.size());
        std::transform(calls.begin(), calls.end(), placed.begin(),
                       [](const stored_call* c) { return std::pair(place_of(*c), c); });
        std::sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) { return earlier(a.first, b.first); });
        if (descending)
            std::reverse(placed.begin(), placed.end());
        for (const auto& [place, c] : placed) {
            const bool seen = cursor && (descending ? !earlier(place, *cursor) : !earlier(*cursor, place));
            if (!seen && !visit(*c))
                return false;
        }
        return true;
    };
    if (descending) {
        for (auto d = days.rbegin(); d != days.rend(); ++d)
            if (!visit_day(d->first, std::move(d->second)))
                return;
    } else {
        for (auto& [day, calls] : days)
            if (!visit_day(day, std::move(calls)))
                return;
    }
}

page<call> queries::list_calls(const call_query& q) {
    check_limit(q.limit, 1, most_calls_a_page);
    const auto account = find(q.account);
    page<call> result;
    call_cursor last;
    each_call(q, account, [&](const stored_call& c) {
        if (result.items.size() == q.limit) {
            result.next = write_cursor(last, q.order);
            return false;
        }
        last = place_of(c);
        result.items.push_back(to_call(c));
        return true;
    });
    return result;
}

void queries::scan_calls(const account_id& account, time_range range,
                         const std::function<void(const stored_call&)>& visit) {
    each_call({.account = account, .range = range.empty() ? time_range{} : range}, find(account),
              [&](const stored_call& c) {
                  visit(c);
                  return true;
              });
}

// ---- series ---------------------------------------------------------------------------------------------------------

series queries::query_series(const series_query& q) {
    const auto account = find(q.account);
    const auto zone = rules::zone::find(q.zone.empty() ? account.value.time_zone : q.zone).value();
    const auto edges = edges_of(zone, q.range, q.step);
    auto cells = read_cells(view_, account, edges, columns_of(q.metric));
    if (is_live(q.metric))
        merge_live_history(live_, view_, account, edges, cells, now_);

    series s;
    s.account = q.account;
    s.metric = q.metric;
    s.unit = unit_of(q.metric);
    s.zone = zone.name();
    s.step = q.step;
    const auto groups = rules::merge_plan(cells.size(), q.max_points);
    const std::size_t n = groups.size() - 1;
    s.time.reserve(n);
    s.offset_s.reserve(n);
    s.value.reserve(n);
    s.numerator.reserve(n);
    s.denominator.reserve(n);
    s.open_calls.reserve(n);
    auto stretch = zone.stretch_at(edges.front());
    for (std::size_t g = 0; g < n; ++g) {
        auto& cell = cells[groups[g]];
        for (std::size_t i = groups[g] + 1; i < groups[g + 1]; ++i)
            cell.merge(cells[i]);
        const instant start = edges[groups[g]];
        const auto m = rules::measure_of(cell, q.metric, (edges[groups[g + 1]] - start).count());
        if (start >= stretch.end)
            stretch = zone.stretch_at(start);
        s.time.push_back(start);
        s.offset_s.push_back(static_cast<std::int32_t>(stretch.offset.count()));
        s.value.push_back(m.value);
        s.numerator.push_back(m.numerator);
        s.denominator.push_back(m.denominator);
        s.open_calls.push_back(static_cast<std::uint32_t>(cell.open_calls));
        if (q.metric == metric::charge)
            s.amount.push_back(rules::to_money(cell.charge, account.value.currency));
    }
    return s;
}

// ---- summary --------------------------------------------------------------------------------------------------------

struct queries::summary_cells {
    instant at;
    std::vector<instant> edges;
    std::vector<rules::cell> cells;
};

queries::summary_cells queries::read_summary(const summary_query& q, const store::account_row& account) {
    using enum store::cell_columns;
    summary_cells s;
    s.at = q.at.value_or(now_);
    if (s.at < calendar_begin || s.at >= calendar_end)
        throw error(errc::invalid_argument, "the instant lies beyond the years 0 to 9999", "at");
    s.edges = edges_of(rules::zone(), q.range.value_or(default_range(q.period, s.at)), step_of(q.period));
    s.cells = read_cells(view_, account, s.edges,
                         attempts | answered | uncovered | open_calls | talk | billed | dtmf | charge);
    return s;
}

summary queries::show(const summary_query& q, const store::account_row& account, const summary_cells& s) {
    summary result{q.account, q.period, s.at, {}};
    const auto level = q.period == summary_period::live    ? store::row_level::hour
                       : q.period == summary_period::daily ? store::row_level::day
                                                           : store::row_level::month;
    const auto revisions = view_.stored->revisions(account.key, level, ms(s.edges.front()), ms(s.edges.back()));
    auto revision = revisions.begin();
    result.rows.reserve(s.cells.size());
    for (std::size_t i = 0; i < s.cells.size(); ++i) {
        auto& row = result.rows.emplace_back(rules::shown_row(s.cells[i], account.value.currency));
        row.start = s.edges[i];
        row.end = s.edges[i + 1];
        if (revision != revisions.end() && revision->first == ms(row.start))
            row.revision = (revision++)->second;
        row.state = state_of(row.end, s.at, row.revision);
    }
    return result;
}

summary queries::query_summary(const summary_query& q) {
    const auto account = find(q.account);
    return show(q, account, read_summary(q, account));
}

selection_statistics queries::query_statistics(const statistics_query& q) {
    const auto s = read_summary(q.summary, find(q.summary.account));
    const auto rows = static_cast<std::uint32_t>(s.cells.size());
    const std::uint32_t last = q.last_row.value_or(rows);
    if (q.first_row > last || last > rows)
        throw error(errc::invalid_argument,
                    "rows " + std::to_string(q.first_row) + " to " + std::to_string(last) +
                        " are not among the summary's " + std::to_string(rows),
                    "rows");
    return rules::select(std::span(s.cells).subspan(q.first_row, last - q.first_row), q.column);
}

// ---- explanation ----------------------------------------------------------------------------------------------------

// The latest call start there is.
std::optional<instant> queries::watermark_of(const store::account_row& account) {
    std::optional<std::int64_t> latest;
    const auto see = [&](std::int64_t start) { latest = std::max(latest.value_or(start), start); };
    const auto keys = view_.stored->segment_keys(account.key, std::numeric_limits<day_number>::min(),
                                                 std::numeric_limits<day_number>::max());
    if (!keys.empty()) {
        const day_number day = keys.back().day;
        std::vector<rules::call_facts> calls;
        view_.stored->segments(account.key, day, day, [&](const store::segment_key&, std::string_view bytes) {
            store::decode_facts(bytes, day, calls);
        });
        for (const auto& c : calls)
            see(c.start);
    }
    each_pending(view_.pending.get(), account.key, std::numeric_limits<std::int64_t>::min(),
                 std::numeric_limits<std::int64_t>::max(), [&](const stored_call& c) { see(c.view.start); });
    if (!latest)
        return std::nullopt;
    return at_ms(*latest);
}

explanation queries::explain(const explain_query& q) {
    check_limit(q.limit, 0, most_calls_a_page);
    check_calendar(q.range);
    if (ms(q.range.from) % 1'000 != 0 || ms(q.range.to) % 1'000 != 0)
        throw error(errc::invalid_argument, "the range must begin and end on a whole second", "range");
    const auto account = find(q.account);
    const instant edges[] = {q.range.from, q.range.to};
    auto cell = read_cells(view_, account, edges, store::cell_columns::all).front();
    if (is_live(q.metric))
        merge_live_history(live_, view_, account, edges, std::span(&cell, 1), now_);
    const auto m = rules::measure_of(cell, q.metric, (q.range.to - q.range.from).count());

    explanation e;
    e.account = q.account;
    e.metric = q.metric;
    e.unit = unit_of(q.metric);
    e.range = q.range;
    if (m.denominator != 0)
        e.value = m.value;
    e.numerator = m.numerator;
    e.denominator = m.denominator;
    if (q.metric == metric::charge && e.value)
        e.amount = rules::to_money(cell.charge, account.value.currency);
    e.numerator_is = words_of(q.metric).numerator;
    e.denominator_is = words_of(q.metric).denominator;
    e.policy = std::string(is_live(q.metric) ? live_policy : start_policy) + std::string(answered_policy);
    e.open_calls = cell.open_calls;
    e.watermark = watermark_of(account);

    // Live channels have calls behind them that started before the range.
    call_query behind;
    behind.account = q.account;
    behind.range = q.range;
    if (is_live(q.metric)) {
        behind.range.from -= std::chrono::days(account.longest_days + 1);
        each_pending(
            view_.pending.get(), account.key, std::numeric_limits<std::int64_t>::min(), ms(q.range.from),
            [&](const stored_call& c) { behind.range.from = std::min(behind.range.from, at_ms(c.view.start)); });
    }
    std::map<std::uint32_t, source_coverage> coverage;
    each_call(behind, account, [&](const stored_call& c) {
        const auto& v = c.view;
        const bool counts = v.end != absent && (is_live(q.metric) ? v.end > ms(q.range.from) && v.end > v.start : true);
        if (!counts)
            return true;
        auto& from = coverage[c.source];
        ++from.attempts;
        from.attempts_known = from.attempts_known && c.attempts_known;
        from.pdd_reported += v.pdd != absent ? 1 : 0;
        from.dtmf_reported += v.dtmf_digits != absent ? 1 : 0;
        from.charge_reported += v.charge != absent ? 1 : 0;
        ++e.call_count;
        if (e.calls.size() < q.limit)
            e.calls.push_back(to_call(c));
        return true;
    });
    if (sources_.empty())
        sources_ = view_.stored->list_sources();
    for (auto& [key, from] : coverage) {
        from.source = sources_.at(key);
        e.coverage.push_back(std::move(from));
    }
    return e;
}

// ---- export ---------------------------------------------------------------------------------------------------------

export_report queries::export_data(const export_request& q) {
    if (!q.write)
        throw error(errc::invalid_argument, "an export needs somewhere to write to", "write");
    export_writer out(q);
    if (const auto* rows = std::get_if<summary_export>(&q.what)) {
        const auto one = [&](const store::account_row& account) {
            stop_.check();
            const summary_query of{account.value.id, rows->period, rows->at, rows->range};
            out.put(show(of, account, read_summary(of, account)));
        };
        out.begin<summary>();
        if (rows->account) {
            one(find(*rows->account));
        } else {
            std::string after;
            for (;;) {
                const auto accounts = view_.stored->list_accounts(after, most_accounts_a_page);
                for (const auto& account : accounts)
                    one(account);
                if (accounts.size() < most_accounts_a_page)
                    break;
                after = accounts.back().value.id.value();
            }
        }
    } else if (const auto* calls = std::get_if<call_query>(&q.what)) {
        call_query all = *calls;
        all.cursor.clear();
        const auto account = find(all.account);
        out.begin<call>();
        each_call(all, account, [&](const stored_call& c) {
            out.put(to_call(c));
            return true;
        });
    } else if (const auto* entries = std::get_if<access_log_query>(&q.what)) {
        const auto account = entries->account.empty() ? 0 : find(entries->account).key;
        out.begin<access_entry>();
        each_access_entry(*view_.stored, account, entries->range, 0, stop_, [&](const access_entry& e) {
            out.put(e);
            return true;
        });
    } else {
        const auto points = query_series(std::get<series_query>(q.what));
        out.begin<series>();
        out.put(points);
    }
    return out.finish();
}

} // namespace lineside
