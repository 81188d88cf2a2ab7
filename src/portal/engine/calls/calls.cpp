#include "cdr/base.hpp"
#include "portal/engine/alerts/alert_evaluation.hpp"
#include "portal/engine/calls/record_import.hpp"
#include "portal/engine/desk.hpp"
#include "rules/rollup.hpp"

#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

// Calls in, and the numbers of calls out.
namespace lineside {

namespace {

constexpr std::size_t most_source_bytes = 128;

std::int64_t nanos_of(const money& m, std::size_t index, const char* field) {
    const rules::nanos128 nanos = static_cast<rules::nanos128>(m.units) * 1'000'000'000 + m.nanos;
    if (nanos > std::numeric_limits<std::int64_t>::max() || nanos <= std::numeric_limits<std::int64_t>::min())
        throw error(errc::invalid_argument,
                    "calls[" + std::to_string(index) + "]." + field + ": " + to_string(m) + " is out of range", field);
    return static_cast<std::int64_t>(nanos);
}

// Of a call's start: what has a day in the database, and what records can state.
constexpr instant earliest_start = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr instant latest_start = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);

// A call of the host's, checked as strictly as a record from a file. The views lie in `c`.
call_view view_of(const call& c, std::size_t index) {
    const auto refuse = [&](const std::string& field, const std::string& why) {
        throw error(errc::invalid_argument, "calls[" + std::to_string(index) + "]." + field + ": " + why, field);
    };
    const auto ms = [](instant t) { return t.time_since_epoch().count(); };
    const auto length = [&](const char* field, duration d) {
        if (d.count() < 0)
            refuse(field, "is negative");
        if (d.count() > cdr::max_length_ms)
            refuse(field, "is longer than a year");
        return d.count();
    };
    if (const auto bad = cdr::check_text(c.source, most_source_bytes); bad != nullptr || c.source.empty())
        refuse("source", bad != nullptr ? bad : "is empty");
    if (c.start_time < earliest_start || c.start_time >= latest_start)
        refuse("start_time", "is no time of a call");
    if (c.end_time && *c.end_time >= latest_start)
        refuse("end_time", "is no time of a call");
    if (c.answered() && !c.answer_time && c.duration_ms.count() == 0 && !c.end_time)
        refuse("outcome", "says answered, but nothing says when");
    if (c.charge && c.rate && c.charge->currency != c.rate->currency)
        refuse("rate", "is not in the currency of charge");
    if (c.outcome > call_outcome::redirected)
        refuse("outcome", "is none");
    if (c.direction > call_direction::internal)
        refuse("direction", "is none");
    if (c.released_by > release_party::network)
        refuse("released_by", "is nobody");
    call_view v;
    v.call_id = c.call_id;
    v.branch = c.branch;
    v.account = c.account_id.value();
    v.cli = c.cli;
    v.destination = c.destination;
    v.hangup_cause = c.hangup_cause;
    v.source_ip = c.source_ip;
    v.start = ms(c.start_time);
    if (c.answer_time)
        v.answer = ms(*c.answer_time);
    if (c.end_time)
        v.end = ms(*c.end_time);
    v.talk = length("duration_ms", c.duration_ms);
    if (c.billed_ms)
        v.billed = length("billed_ms", *c.billed_ms);
    if (c.pdd_ms)
        v.pdd = length("pdd_ms", *c.pdd_ms);
    if (c.charge) {
        v.charge = nanos_of(*c.charge, index, "charge");
        v.currency = c.charge->currency;
    }
    if (c.rate) {
        v.rate = nanos_of(*c.rate, index, "rate");
        v.currency = c.rate->currency;
    }
    if (c.dtmf_digits)
        v.dtmf_digits = *c.dtmf_digits;
    if (c.sip_code)
        v.sip_code = *c.sip_code;
    if (c.q850_cause)
        v.q850_cause = *c.q850_cause;
    v.outcome = c.outcome;
    v.direction = c.direction;
    v.released_by = c.released_by;
    if (cdr::row_fault why; !cdr::check_call(v, {.currency = c.charge ? "charge" : "rate", .talk = "duration_ms"}, why))
        refuse(why.field, why.reason);
    return v;
}

import_report store_batch(ledger& to, const call_batch& batch) {
    const auto begun = std::chrono::steady_clock::now();
    call_buffer buffer;
    buffer.reserve(batch.calls.size());
    std::string source;
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < batch.calls.size(); ++i) {
        const auto& c = batch.calls[i];
        const auto view = view_of(c, i);
        if (i == 0 || c.source != source) {
            source = c.source;
            key = to.source_key(source);
        }
        buffer.add(view, key, batch.coverage == attempt_coverage::all_attempts);
    }
    const auto counts = to.commit(buffer, 0);
    if (counts.folded)
        to.settle({});
    import_report report;
    report.read = batch.calls.size();
    report.imported = counts.imported;
    report.duplicates = counts.duplicates;
    report.restated = counts.restated;
    report.source = source;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
}

std::set<std::string, std::less<>> accounts_of(const call_batch& batch) {
    std::set<std::string, std::less<>> accounts;
    const account_id* last = nullptr;
    for (const auto& c : batch.calls) {
        if (last == nullptr || c.account_id != *last)
            accounts.insert(c.account_id.value());
        last = &c.account_id;
    }
    return accounts;
}

constexpr auto what_calls_change = bits_of(watch_topic::summary, watch_topic::balance, watch_topic::dashboard);

void tell_watches(engine_core& core, const std::set<std::string, std::less<>>& accounts) {
    for (const auto& account : accounts)
        core.hub->touch(account, what_calls_change);
}

// An import that fails has stored something as well.
struct import_notice {
    engine_core& core;
    const std::set<std::string, std::less<>>& accounts;
    const bool named; ///< `accounts` are the accounts: whoever began to watch meanwhile looks at all of them

    ~import_notice() {
        try {
            if (named)
                tell_watches(core, accounts);
            else
                core.hub->touch_all(what_calls_change);
        } catch (...) { // for want of memory: the clock brings it again
            return;
        }
    }
};

// A database in memory is read in the writer's turn, which must not be kept while the host's code runs: it may well ask
// the engine again.
export_report export_in_memory(engine_core& core, export_request request, const stopper& stop) {
    std::vector<std::string> pieces;
    const auto write = request.write;
    if (write)
        request.write = [&](std::string_view piece) { pieces.emplace_back(piece); };
    const auto report = core.ask(stop).export_data(request);
    for (const auto& piece : pieces) {
        stop.check();
        write(piece);
    }
    return report;
}

} // namespace

import_report desk::import_calls(call_batch request) {
    auto report = store_batch(*core_.calls, request);
    if (core_.hub->is_watched())
        tell_watches(core_, accounts_of(request));
    if (report.imported + report.restated > 0 && core_.alerts.watches_any(*core_.db))
        after_arrival(core_, accounts_of(request), arrival::calls);
    return report;
}

import_report desk::import_records(import_request request) {
    std::set<std::string, std::less<>> accounts;
    const bool named = core_.alerts.watches_any(*core_.db) || core_.hub->is_watched();
    const import_notice notice{core_, accounts, named};
    auto report = lineside::import_records(*core_.calls, std::move(request), core_.options.storage.import_batch_calls,
                                           stop_, named ? &accounts : nullptr);
    if (report.imported + report.restated > 0)
        after_arrival(core_, accounts, arrival::calls);
    return report;
}

page<call> desk::query_calls(call_query request) { return ask().list_calls(request); }

series desk::query_series(series_query request) { return ask().query_series(request); }

summary desk::query_summary(summary_query request) { return ask().query_summary(request); }

selection_statistics desk::query_statistics(statistics_query request) { return ask().query_statistics(request); }

explanation desk::explain(explain_query request) { return ask().explain(request); }

export_report desk::export_data(export_request request) {
    return core_.in_memory() ? export_in_memory(core_, std::move(request), stop_) : ask().export_data(request);
}

} // namespace lineside
