#include <lineside/engine.hpp>

#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace lineside {
namespace {

// One call set, written by every kind of source that can carry it: tests/fixtures/conformance.
struct written_by {
    const char* file;
    const char* account_from = "";
};

void PrintTo(const written_by& w, std::ostream* out) { *out << w.file; }

class conformance : public testing::TestWithParam<written_by> {};

// What the Summary says of an account: only what every format carries.
std::vector<std::string> hours_of(portal& p, const char* account) {
    summary_query q;
    q.account = account_id(account);
    q.range = time_range{parse_instant("2026-03-08").value(), parse_instant("2026-03-12").value()};
    std::vector<std::string> hours;
    for (const auto& row : p.async_query_summary(q, block).rows) {
        hours.push_back(to_string(row.start) + ' ' + std::to_string(row.attempts) + ' ' + std::to_string(row.answered) +
                        ' ' + std::to_string(row.talk_s) + ' ' + std::to_string(row.asr.value_or(-1)) + ' ' +
                        std::to_string(row.acd_s.value_or(-1)));
    }
    return hours;
}

std::vector<std::string> peaks_of(portal& p, const char* account) {
    series_query q;
    q.account = account_id(account);
    q.metric = metric::live_channels;
    q.range = {parse_instant("2026-03-08").value(), parse_instant("2026-03-12").value()};
    std::vector<std::string> peaks;
    for (const double v : p.async_query_series(q, block).value)
        peaks.push_back(std::to_string(v));
    return peaks;
}

void read(portal& p, const written_by& w) {
    const std::string path = std::string(LINESIDE_FIXTURES) + "/conformance/" + w.file;
    import_request r;
    r.input = open_file(path).value();
    r.name = w.file;
    r.time_zone = "UTC";
    r.account_from = w.account_from;
    r.on_rejected = [](const rejected_row& row) {
        ADD_FAILURE() << row.file << ':' << row.line << ' ' << row.field << ": " << row.reason;
    };
    const auto report = p.async_import_records(std::move(r), block);
    EXPECT_EQ(report.imported, 40U) << report.evidence;
}

TEST_P(conformance, the_same_calls_give_the_same_summary_whoever_wrote_them) {
    engine truth(engine_options{});
    read(truth, {"lineside.csv"});
    engine read_here(engine_options{});
    read(read_here, GetParam());
    for (const char* account : {"acme", "bluefin"}) {
        EXPECT_EQ(hours_of(read_here, account), hours_of(truth, account)) << account;
        EXPECT_EQ(peaks_of(read_here, account), peaks_of(truth, account)) << account;
    }
}

INSTANTIATE_TEST_SUITE_P(formats, conformance,
                         testing::Values(written_by{"lineside.ndjson"}, written_by{"asterisk.csv"},
                                         written_by{"asterisk-custom.csv"}, written_by{"freeswitch-csv.csv"},
                                         written_by{"freeswitch-json.json"}, written_by{"kamailio.csv"},
                                         written_by{"kamailio.json"}, written_by{"opensips.csv"},
                                         written_by{"yeti.csv", "customer_acc_external_id"},
                                         written_by{"yeti.csv.gz", "customer_acc_external_id"},
                                         written_by{"connexcs.csv"}, written_by{"connexcs-api.csv"}),
                         [](const auto& format) {
                             std::string name;
                             for (const char c : std::string(format.param.file))
                                 name += c == '-' || c == '.' ? '_' : c;
                             return name;
                         });

} // namespace
} // namespace lineside
