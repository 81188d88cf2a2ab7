#include "cdr/reader.hpp"
#include "unit/cdr/reading.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

// One call set in every format (tests/fixtures/conformance/make.py): whatever switch wrote it, it is the same calls.
namespace lineside::cdr {
namespace {

using namespace cdr::testing;

struct dialect {
    std::string file;
    record_format format;
    bool has_digits;
    bool has_charge;
    const char* account_from;
};

std::ostream& operator<<(std::ostream& out, const dialect& d) { return out << d.file; }

/// start, cli, destination, account, answered, talk
using fact = std::tuple<std::int64_t, std::string, std::string, std::string, bool, std::int64_t>;

struct expected_call {
    fact what;
    std::string outcome;
    std::int64_t digits = 0;
};

std::vector<expected_call> expected() {
    std::vector<expected_call> calls;
    std::istringstream in(fixture("conformance/calls.csv"));
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        std::vector<std::string> f;
        std::istringstream fields(line);
        for (std::string part; std::getline(fields, part, ',');)
            f.push_back(part);
        calls.push_back(
            {{std::stoll(f.at(4)) * 1000, f.at(2), f.at(3), f.at(1), f.at(5) == "yes", std::stoll(f.at(6)) * 1000},
             f.at(7),
             std::stoll(f.at(8))});
    }
    return calls;
}

input_read read_dialect(const dialect& d, std::size_t piece = std::string_view::npos) {
    reader_options options;
    options.name = d.file;
    options.zone = fixed_zone(0);
    options.account_from = d.account_from;
    return read(d.format, fixture("conformance/" + d.file), options, piece);
}

fact fact_of(const lineside::test::recorded_call& c) {
    return {c->start, std::string(c->cli), std::string(c->destination), std::string(c->account), c->answered(),
            c->talk};
}

class conformance : public ::testing::TestWithParam<dialect> {};

TEST_P(conformance, yields_the_same_calls) {
    const auto out = read_dialect(GetParam());
    std::vector<fact> seen, wanted;
    for (const auto& c : out.calls)
        seen.push_back(fact_of(c));
    for (const auto& c : expected())
        wanted.push_back(c.what);
    std::sort(seen.begin(), seen.end());
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(seen, wanted);
    for (const auto& r : out.rejected)
        ADD_FAILURE() << r.line << ":" << r.column << " " << r.field << " " << r.reason;
    EXPECT_EQ(out.rows, out.accounted_rows);
}

TEST_P(conformance, yields_the_same_calls_byte_by_byte) {
    const auto whole = read_dialect(GetParam());
    const auto bytes = read_dialect(GetParam(), 1);
    EXPECT_EQ(whole.calls, bytes.calls);
    EXPECT_EQ(whole.notes, bytes.notes);
}

TEST_P(conformance, keeps_digits_and_charges_apart_from_what_is_not_reported) {
    std::map<fact, expected_call> by_fact;
    for (const auto& c : expected())
        by_fact.emplace(c.what, c);
    for (const auto& c : read_dialect(GetParam()).calls) {
        const auto found = by_fact.find(fact_of(c));
        ASSERT_NE(found, by_fact.end());
        EXPECT_EQ(c->dtmf_digits, GetParam().has_digits ? found->second.digits : absent) << c->call_id;
        EXPECT_EQ(c->charge != absent, GetParam().has_charge) << c->call_id;
        EXPECT_TRUE(c->end != absent) << c->call_id;
    }
}

TEST_P(conformance, tells_outcomes_apart_as_far_as_the_format_does) {
    std::map<std::tuple<std::int64_t, std::string, std::string>, std::string> outcomes;
    for (const auto& c : expected())
        outcomes[{std::get<0>(c.what), std::get<1>(c.what), std::get<2>(c.what)}] = c.outcome;
    const bool is_asterisk =
        GetParam().format == record_format::asterisk || GetParam().format == record_format::asterisk_custom;
    for (const auto& c : read_dialect(GetParam()).calls) {
        const auto wanted = outcomes.at({c->start, std::string(c->cli), std::string(c->destination)});
        if (is_asterisk && wanted == "rejected")
            continue; // Asterisk has no word for it
        EXPECT_EQ(to_string(c->outcome), wanted) << c->call_id;
    }
}

INSTANTIATE_TEST_SUITE_P(
    formats, conformance,
    ::testing::Values(dialect{"lineside.csv", record_format::lineside, true, true, ""},
                      dialect{"lineside.ndjson", record_format::lineside, true, true, ""},
                      dialect{"asterisk.csv", record_format::asterisk, false, false, ""},
                      dialect{"asterisk-custom.csv", record_format::asterisk_custom, false, false, ""},
                      dialect{"freeswitch-csv.csv", record_format::freeswitch_csv, false, false, ""},
                      dialect{"freeswitch-json.json", record_format::freeswitch_json, true, false, ""},
                      dialect{"kamailio.csv", record_format::kamailio, false, false, ""},
                      dialect{"kamailio.json", record_format::kamailio, false, false, ""},
                      dialect{"opensips.csv", record_format::opensips, false, false, ""},
                      dialect{"yeti.csv", record_format::yeti, false, true, "customer_acc_external_id"},
                      dialect{"connexcs.csv", record_format::connexcs, true, true, ""},
                      dialect{"connexcs-api.csv", record_format::connexcs, false, true, ""}),
    [](const auto& of) {
        auto name = of.param.file;
        std::replace_if(
            name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
        return name;
    });

} // namespace
} // namespace lineside::cdr
