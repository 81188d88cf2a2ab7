#include "wire/parameters.hpp"

#include <utility>
#include <variant>

namespace lineside::wire {

namespace {

template <class To, class From>
void copy_reading(To& to, const From& from) {
    to.name = from.name;
    to.format = from.format;
    to.account = from.account;
    to.account_from = from.account_from;
    to.time_zone = from.time_zone;
    to.source = from.source;
    to.fields = from.fields;
    to.currency = from.currency;
    to.coverage = from.coverage;
    to.mode = from.mode;
}

template <class To, class From>
void copy_comparison(To& to, const From& from) {
    to.account = from.account;
    to.range = from.range;
    to.population = from.population;
    to.tolerance = from.tolerance;
    to.limit = from.limit;
    to.evidence_format = from.evidence_format;
    to.evidence_safety = from.evidence_safety;
}

dispute_side_parameters side_parameters(const dispute_side& side) {
    dispute_side_parameters p;
    if (side.records)
        p.records = parameters_of(*side.records);
    p.only_account = side.only_account;
    p.name = side.name;
    return p;
}

dispute_side side_of(dispute_side_parameters parameters) {
    dispute_side side;
    if (parameters.records)
        side.records = request_of(*std::move(parameters.records));
    side.only_account = std::move(parameters.only_account);
    side.name = std::move(parameters.name);
    return side;
}

} // namespace

record_upload parameters_of(const import_request& request) {
    record_upload p;
    copy_reading(p, request);
    return p;
}

import_request request_of(record_upload parameters) {
    import_request r;
    copy_reading(r, parameters);
    return r;
}

table_export parameters_of(const export_request& request) {
    table_export p;
    struct {
        export_subject& what;
        void operator()(const summary_export& x) const { what.summary = x; }
        void operator()(const call_query& x) const { what.calls = x; }
        void operator()(const series_query& x) const { what.series = x; }
        void operator()(const access_log_query& x) const { what.access_log = x; }
    } const set{p.what};
    std::visit(set, request.what);
    p.format = request.format;
    p.safety = request.safety;
    p.header = request.header;
    return p;
}

export_request request_of(table_export parameters) {
    export_request r;
    auto& what = parameters.what;
    if (what.summary.has_value() + what.calls.has_value() + what.series.has_value() + what.access_log.has_value() != 1)
        throw error(errc::invalid_argument, "what is not exactly one of summary, calls, series and access_log", "what");
    if (what.summary)
        r.what = *std::move(what.summary);
    else if (what.calls)
        r.what = *std::move(what.calls);
    else if (what.series)
        r.what = *std::move(what.series);
    else
        r.what = *std::move(what.access_log);
    r.format = parameters.format;
    r.safety = parameters.safety;
    r.header = parameters.header;
    return r;
}

dispute_parameters parameters_of(const dispute_request& request) {
    dispute_parameters p;
    copy_comparison(p, request);
    p.ours = side_parameters(request.ours);
    p.theirs = side_parameters(request.theirs);
    p.evidence = static_cast<bool>(request.write_evidence);
    return p;
}

dispute_request request_of(dispute_parameters parameters) {
    dispute_request r;
    copy_comparison(r, parameters);
    r.ours = side_of(std::move(parameters.ours));
    r.theirs = side_of(std::move(parameters.theirs));
    return r;
}

} // namespace lineside::wire
