#include "integration/contract/contract.hpp"
#include "test_paths.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::contract {
namespace {

namespace json = boost::json;

// What one side has more than the other, in whole numbers.
struct amounts {
    std::int64_t calls = 0;
    std::int64_t billed_ms = 0;
    std::int64_t nanos = 0;

    bool operator==(const amounts&) const = default;
    amounts& operator+=(const amounts& o) {
        calls += o.calls;
        billed_ms += o.billed_ms;
        nanos += o.nanos;
        return *this;
    }
    friend amounts operator-(const amounts& a, const amounts& b) {
        return {a.calls - b.calls, a.billed_ms - b.billed_ms, a.nanos - b.nanos};
    }
};

void PrintTo(const amounts& a, std::ostream* out) {
    *out << a.calls << " calls, " << a.billed_ms << " ms, " << a.nanos << " nanos";
}

std::int64_t nanos_of(const std::optional<money>& m) { return m ? m->units * 1'000'000'000 + m->nanos : 0; }
amounts of(const dispute_amount& a) { return {a.calls, a.billed_ms.count(), nanos_of(a.charge)}; }
amounts of(const dispute_totals& t) {
    return {static_cast<std::int64_t>(t.calls), t.billed_ms.count(), nanos_of(t.charge)};
}
amounts of(const std::vector<dispute_class_total>& classes) {
    amounts sum;
    for (const auto& c : classes)
        sum += of(c.amount);
    return sum;
}
amounts of(const std::vector<call>& calls) {
    amounts sum;
    for (const auto& c : calls)
        if (c.end_time)
            sum += {1, c.billed_ms.value_or(c.duration_ms).count(), nanos_of(c.charge)};
    return sum;
}

class compare_calls_test : public portal_test {
protected:
    static dispute_side records(std::string text, std::string name = {},
                                record_format format = record_format::lineside) {
        import_request r;
        r.input = from_text(std::move(text), 4'096);
        r.name = std::move(name);
        r.format = format;
        dispute_side side;
        side.records = std::move(r);
        return side;
    }
    static dispute_side fixture(const std::string& file, const std::string& account_from = {}) {
        import_request r;
        r.input = open_file(std::string(LINESIDE_FIXTURES) + "/conformance/" + file).value();
        r.name = file;
        r.time_zone = "UTC";
        r.account_from = account_from;
        dispute_side side;
        side.records = std::move(r);
        return side;
    }
    void add_account(const account_id& id = acme, std::string currency = "EUR") {
        (void)lineside().async_create_account({.id = id, .currency = std::move(currency)}, block);
    }
    dispute_report compare(dispute_request request) {
        return lineside().async_compare_calls(std::move(request), block);
    }
    dispute_report compare(dispute_side ours, dispute_side theirs, dispute_tolerance tolerance = {}) {
        dispute_request r;
        r.ours = std::move(ours);
        r.theirs = std::move(theirs);
        r.tolerance = std::move(tolerance);
        return compare(std::move(r));
    }
    // The stored calls against this text.
    dispute_request stored_against(std::string text) {
        dispute_request r;
        r.account = acme;
        r.theirs = records(std::move(text), "carrier.csv");
        r.theirs.records->account = acme;
        return r;
    }
};

const instant noon = at("2026-03-09T12:00:00Z");

call charged_call(std::string id, instant start, duration talk, std::string_view amount = "0.10") {
    auto c = charged(answered_call(std::move(id), start, talk), amount);
    c.billed_ms = talk;
    return c;
}

std::map<difference_class, std::uint64_t> counts_of(const dispute_report& r) {
    std::map<difference_class, std::uint64_t> all;
    for (const auto& c : r.classes)
        all[c.kind] += c.count;
    return all;
}

// On every level, the classes make up exactly what ours have more than theirs; in money where both sides report it.
void expect_adds_up(const dispute_report& r) {
    const auto of_side = [&](const dispute_totals& t) {
        auto a = of(t);
        if (!r.difference.charge)
            a.nanos = 0;
        return a;
    };
    EXPECT_EQ(of(r.difference), of_side(r.ours) - of_side(r.theirs));
    EXPECT_EQ(of(r.difference), of(r.classes));
    amounts ours;
    amounts theirs;
    std::map<instant, amounts> by_day;
    for (const auto& d : r.days) {
        EXPECT_EQ(of(d.difference), of_side(d.ours) - of_side(d.theirs));
        EXPECT_EQ(of(d.difference), of(d.classes));
        ours += of(d.ours);
        theirs += of(d.theirs);
        by_day[d.start] = of(d.difference);
    }
    EXPECT_EQ(ours, of(r.ours));
    EXPECT_EQ(theirs, of(r.theirs));
    std::map<instant, amounts> of_hours;
    for (const auto& h : r.hours) {
        EXPECT_EQ(of(h.difference), of(h.classes));
        of_hours[std::chrono::floor<std::chrono::days>(h.start)] += of(h.difference);
    }
    for (const auto& [day, sum] : by_day)
        EXPECT_EQ(of_hours[day], sum) << to_string(day);
    if (r.calls.size() == r.differing_calls) {
        amounts sum;
        for (const auto& c : r.calls)
            sum += of(c.amount);
        EXPECT_EQ(sum, of(r.difference));
    }
}

} // namespace

LINESIDE_ON_EVERY_PORTAL_WITH(compare_calls, compare_calls_test);

// ---- formats

TEST_P(compare_calls, the_same_calls_written_by_two_kinds_of_switch_agree) {
    struct written_by {
        const char* file;
        const char* account_from = "";
    };
    const written_by others[] = {{"asterisk.csv"}, {"freeswitch-csv.csv"}, {"freeswitch-json.json"},
                                 {"kamailio.csv"}, {"opensips.csv"},       {"yeti.csv.gz", "customer_acc_external_id"},
                                 {"connexcs.csv"}, {"lineside.ndjson"},    {"asterisk-custom.csv"}};
    for (const auto& other : others)
        for (const auto& [account, calls] : {std::pair("acme", 24U), std::pair("bluefin", 16U)}) {
            SCOPED_TRACE(std::string(other.file) + " of " + account);
            auto ours = fixture("lineside.csv");
            auto theirs = fixture(other.file, other.account_from);
            ours.only_account = theirs.only_account = account;
            const auto r = compare(std::move(ours), std::move(theirs));
            EXPECT_EQ(r.our_input.rejected + r.their_input.rejected, 0U);
            EXPECT_EQ(r.our_input.other_account, 40 - calls) << "in another currency, which is no matter";
            EXPECT_EQ(r.ours.calls, calls);
            EXPECT_EQ(r.theirs.calls, calls);
            EXPECT_EQ(r.matched, calls);
            EXPECT_EQ(r.ours.answered, r.theirs.answered);
            expect_adds_up(r);
            EXPECT_NE(r.their_input.format, record_format::detect);
            EXPECT_FALSE(r.their_input.evidence.empty());
        }
}

TEST_P(compare_calls, the_stored_calls_agree_with_the_file_they_came_from) {
    add_account();
    random_calls random(5);
    auto calls = random.within({noon - days(2), noon}, 300);
    (void)import_text(to_csv(calls));
    auto request = stored_against(to_csv(calls));
    const auto r = compare(std::move(request));
    EXPECT_EQ(r.our_input.name, "stored calls");
    EXPECT_EQ(r.their_input.name, "carrier.csv");
    EXPECT_EQ(of(r.ours), of(calls));
    EXPECT_TRUE(r.classes.empty());
    EXPECT_TRUE(r.agrees());
    EXPECT_EQ(r.differing_calls, 0U);
}

TEST_P(compare_calls, a_comparison_stores_nothing) {
    add_account();
    (void)import({charged_call("a", noon, seconds(60))});
    const auto before = everything(lineside(), noon + days(1));
    (void)compare(stored_against(to_csv({charged_call("b", noon + hours(1), seconds(60))})));
    EXPECT_EQ(everything(lineside(), noon + days(1)), before);
}

// ---- classes

TEST_P(compare_calls, each_difference_is_classified_and_named) {
    add_account();
    (void)import({charged_call("same", noon, seconds(60)), charged_call("only ours", noon + minutes(10), seconds(30)),
                  charged_call("longer", noon + minutes(20), seconds(100), "0.10"),
                  charged_call("dearer", noon + minutes(30), seconds(60), "0.20")});
    const auto r = compare(stored_against(to_csv({charged_call("same", noon, seconds(60)),
                                                  charged_call("longer", noon + minutes(20), seconds(60), "0.06"),
                                                  charged_call("dearer", noon + minutes(30), seconds(60), "0.10"),
                                                  charged_call("only theirs", noon + minutes(40), seconds(50))})));
    EXPECT_EQ(counts_of(r), (std::map<difference_class, std::uint64_t>{{difference_class::missing_in_ours, 1},
                                                                       {difference_class::missing_in_theirs, 1},
                                                                       {difference_class::length, 1},
                                                                       {difference_class::rating, 1}}));
    EXPECT_FALSE(r.agrees());
    EXPECT_EQ(r.matched, 3U);
    ASSERT_EQ(r.calls.size(), 4U) << "in the order of time";
    EXPECT_EQ(r.calls[0].ours->call_id, "only ours");
    EXPECT_FALSE(r.calls[0].theirs.has_value());
    EXPECT_EQ(r.calls[1].kind, difference_class::length);
    EXPECT_EQ(of(r.calls[1].amount), (amounts{0, 40'000, 40'000'000}));
    EXPECT_EQ(r.calls[2].kind, difference_class::rating);
    EXPECT_EQ(of(r.calls[2].amount), (amounts{0, 0, 100'000'000}));
    EXPECT_EQ(r.calls[3].theirs->call_id, "only theirs");
    for (const auto& c : r.calls)
        EXPECT_FALSE(c.text.empty());
    expect_adds_up(r);
}

TEST_P(compare_calls, what_the_tolerance_explains_is_rounding_and_still_adds_up) {
    add_account();
    (void)import({charged_call("a", noon, seconds(61), "0.0611"), charged_call("b", noon + hours(1), seconds(10))});
    auto request = stored_against(to_csv(
        {charged_call("a", noon, seconds(120), "0.1202"), charged_call("b", noon + hours(1), seconds(60), "0.60")}));
    request.tolerance.rounding = duration_rounding::increments;
    const auto r = compare(std::move(request));
    EXPECT_EQ(counts_of(r)[difference_class::rounding], 2U);
    EXPECT_TRUE(r.agrees());
    EXPECT_EQ(of(r.difference), of(r.ours) - of(r.theirs));
    EXPECT_NE(r.difference.billed_ms.count(), 0);
    expect_adds_up(r);

    auto exact = stored_against(to_csv({charged_call("a", noon, seconds(120), "0.1202")}));
    EXPECT_FALSE(compare(std::move(exact)).agrees()) << "without the rule it is a difference";
}

TEST_P(compare_calls, a_tolerance_is_met_to_the_millisecond_and_the_nano) {
    const auto differs = [&](duration by, std::string_view charge) {
        dispute_tolerance t;
        t.length_ms = seconds(1);
        t.charge = parse_money("0.0001").value();
        auto theirs = charged_call("a", noon, seconds(60) + by, charge);
        return !compare(records(to_csv({charged_call("a", noon, seconds(60))})), records(to_csv({theirs})), t).agrees();
    };
    EXPECT_FALSE(differs(seconds(1), "0.10"));
    EXPECT_TRUE(differs(seconds(1) + duration(1), "0.10"));
    EXPECT_FALSE(differs({}, "0.1001"));
    EXPECT_TRUE(differs({}, "0.100100001"));
}

TEST_P(compare_calls, clocks_that_are_apart_by_a_zone_are_put_right) {
    std::vector<call> ours;
    std::vector<call> theirs;
    for (int i = 0; i < 30; ++i) {
        auto c = charged_call("call-number-" + std::to_string(i), noon + minutes(7 * i), seconds(20 + i));
        ours.push_back(c);
        c.start_time += hours(1) + seconds(2);
        *c.answer_time += hours(1) + seconds(2);
        *c.end_time += hours(1) + seconds(2);
        theirs.push_back(c);
    }
    const auto r = compare(records(to_csv(ours)), records(to_csv(theirs)));
    EXPECT_TRUE(r.agrees());
    EXPECT_EQ(r.zone_shift_ms, hours(1));
    EXPECT_EQ(r.clock_skew_ms, seconds(2));
    EXPECT_FALSE(r.findings.empty());
}

// ---- which calls

TEST_P(compare_calls, a_range_takes_calls_by_our_start) {
    add_account();
    (void)import({charged_call("a", noon - duration(1), seconds(60)), charged_call("b", noon, seconds(60)),
                  charged_call("c", noon + hours(1), seconds(60))});
    auto request = stored_against(to_csv({charged_call("b", noon, seconds(60))}));
    request.range = {noon, noon + hours(1)};
    const auto r = compare(std::move(request));
    EXPECT_EQ(r.ours.calls, 1U);
    EXPECT_EQ(r.our_input.not_compared, 2U);
    EXPECT_TRUE(r.agrees());
}

TEST_P(compare_calls, calls_in_progress_are_left_out_and_counted) {
    add_account();
    (void)import({charged_call("a", noon, seconds(60)), open_call("b", noon)});
    const auto r = compare(stored_against(to_csv({charged_call("a", noon, seconds(60))})));
    EXPECT_TRUE(r.agrees());
    EXPECT_EQ(r.our_input.not_compared, 1U);
}

TEST_P(compare_calls, of_many_accounts_records_the_one_is_compared) {
    add_account();
    (void)import({charged_call("a", noon, seconds(60))});
    auto foreign = charged_call("z", noon, seconds(60));
    foreign.account_id = account_id("bluefin");
    dispute_request r;
    r.account = acme;
    r.theirs = records(to_csv({charged_call("a", noon, seconds(60)), foreign}));
    r.theirs.only_account = "acme";
    const auto report = compare(std::move(r));
    EXPECT_TRUE(report.agrees());
    EXPECT_EQ(report.their_input.other_account, 1U);
}

// ---- evidence

TEST_P(compare_calls, the_evidence_has_every_differing_call_however_few_are_named) {
    std::vector<call> ours;
    for (int i = 0; i < 500; ++i)
        ours.push_back(charged_call("c" + std::to_string(i), noon + minutes(i), seconds(60)));
    std::string csv;
    dispute_request request;
    request.ours = records(to_csv(ours));
    request.theirs = records(to_csv({ours.front()}));
    request.limit = 3;
    request.write_evidence = [&](std::string_view piece) { csv += piece; };
    const auto r = compare(std::move(request));
    EXPECT_EQ(r.calls.size(), 3U);
    EXPECT_EQ(r.differing_calls, 499U);
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 500) << "one line of headings";
    EXPECT_TRUE(csv.starts_with("zone,kind,text,our_start,")) << csv.substr(0, 200);
    EXPECT_NE(csv.find("UTC,missing_in_theirs,"), std::string::npos);
}

TEST_P(compare_calls, evidence_disarms_what_a_spreadsheet_would_run) {
    const auto evidence_of = [&](cell_safety safety) {
        auto c = charged_call("=1+1", noon, seconds(60));
        std::string csv;
        dispute_request request;
        request.ours = records(to_csv({c, charged_call("b", noon, seconds(60))}));
        request.theirs = records(to_csv({charged_call("b", noon, seconds(60))}));
        request.evidence_safety = safety;
        request.write_evidence = [&](std::string_view piece) { csv += piece; };
        (void)compare(std::move(request));
        return csv;
    };
    EXPECT_NE(evidence_of(cell_safety::formula_safe).find(",'=1+1,"), std::string::npos);
    EXPECT_NE(evidence_of(cell_safety::raw).find(",=1+1,"), std::string::npos);
}

TEST_P(compare_calls, what_the_evidence_throws_ends_the_comparison) {
    dispute_request request;
    request.ours = records(to_csv({charged_call("a", noon, seconds(60))}));
    request.theirs = records(to_csv({charged_call("b", noon + hours(5), seconds(60))}));
    request.write_evidence = [](std::string_view) { throw error(errc::exhausted, "the disk is full"); };
    EXPECT_EQ(failure_of([&] { return compare(std::move(request)); }, errc::exhausted).message, "the disk is full");
}

// ---- what cannot be meant

TEST_P(compare_calls, a_request_that_cannot_be_meant_is_refused_by_name) {
    add_account();
    const auto refused = [&](dispute_request r) {
        return failure_of([&] { return compare(std::move(r)); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(refused({.account = acme}), "theirs/records");
    dispute_request r;
    r.theirs = records("");
    EXPECT_EQ(refused(std::move(r)), "account") << "stored calls are somebody's";
    r = {.account = acme};
    r.theirs.records.emplace();
    EXPECT_EQ(refused(std::move(r)), "theirs/input");
    r = stored_against("");
    r.range = {noon, noon - hours(1)};
    EXPECT_EQ(refused(std::move(r)), "range");
    r = stored_against("");
    r.limit = 10'001;
    EXPECT_EQ(refused(std::move(r)), "limit");
    r = stored_against("");
    r.theirs.only_account = "acme";
    EXPECT_EQ(refused(std::move(r)), "theirs/only_account");
    r = stored_against("");
    r.tolerance.start_ms = hours(2);
    EXPECT_EQ(refused(std::move(r)), "start_ms");
    r = stored_against("");
    r.account = account_id("nobody");
    EXPECT_EQ(failure_of([&] { return compare(std::move(r)); }, errc::not_found).field, "account");
}

TEST_P(compare_calls, a_bad_row_is_counted_or_ends_it_as_the_side_says) {
    add_account();
    (void)import({charged_call("a", noon, seconds(60))});
    const auto text = to_csv({charged_call("a", noon, seconds(60))}) + "x,,acme,yesterday,,,,,,,,,,,,,,,,,,\n";
    std::vector<std::string> fields;
    auto request = stored_against(text);
    request.theirs.records->on_rejected = [&](const rejected_row& row) { fields.push_back(row.field); };
    const auto r = compare(std::move(request));
    EXPECT_EQ(r.their_input.rejected, 1U);
    EXPECT_EQ(fields, std::vector<std::string>{"start_time"});
    auto strict = stored_against(text);
    strict.theirs.records->mode = import_mode::strict;
    EXPECT_EQ(failure_of([&] { return compare(std::move(strict)); }, errc::invalid_argument).field, "start_time");
}

// ---- who may

TEST_P(compare_calls, a_customer_compares_its_own_calls_alone) {
    add_account();
    add_account(account_id("rival"));
    (void)import({charged_call("a", noon, seconds(60))});
    const auto customer = [&](std::vector<permission> may) {
        api_key_create k;
        k.account = acme;
        k.name = "tests";
        k.scopes = std::move(may);
        auto grant = lineside().async_create_key(std::move(k), block);
        return lineside().as({std::move(grant.text), {}, {}});
    };
    const auto ask = [&](account_id account) {
        auto request = stored_against(to_csv({charged_call("a", noon, seconds(60))}));
        request.account = std::move(account);
        return request;
    };
    const auto acme_may = customer({permission::view_calls});
    EXPECT_EQ(acme_may->async_compare_calls(ask({}), block).account, acme);
    (void)failure_of([&] { return acme_may->async_compare_calls(ask(account_id("rival")), block); }, errc::not_found);
    (void)failure_of([&] { return customer({permission::view_summary})->async_compare_calls(ask({}), block); },
                     errc::permission_denied);
}

// ---- the sum of it

TEST_P(compare_calls, on_random_sets_the_numbers_of_both_sides_add_up_to_the_difference_shown) {
    add_account();
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE(seed);
        random_calls random(seed);
        const time_range range{noon - days(3), noon};
        std::vector<call> ours;
        std::vector<call> theirs;
        const auto skew = seconds(random.number(-5, 5)) + (random.chance(3) ? hours(random.number(-3, 3)) : duration());
        for (std::int64_t n = random.number(20, 150); n > 0; --n) {
            auto c = random.within(range);
            c.call_id = "seed-" + std::to_string(seed) + "-" + c.call_id; // ids are of the whole operator
            if (!random.chance(20))
                ours.push_back(c);
            if (random.chance(20))
                continue;
            for (auto* t :
                 {&c.start_time, c.answer_time ? &*c.answer_time : nullptr, c.end_time ? &*c.end_time : nullptr})
                if (t != nullptr)
                    *t += skew;
            if (c.billed_ms && random.chance(4))
                *c.billed_ms += seconds(random.number(1, 90));
            if (c.charge && random.chance(4))
                c.charge->units += random.number(1, 3);
            if (random.chance(10))
                c.call_id.insert(0, "other-");
            theirs.push_back(c);
        }
        std::shuffle(theirs.begin(), theirs.end(), random.generator());
        dispute_request request;
        request.ours = records(to_csv(ours), "ours.csv");
        request.theirs = records(to_csv(theirs), "theirs.csv");
        request.population = dispute_population::all;
        request.limit = 10'000;
        if (random.chance(2))
            request.tolerance.rounding = duration_rounding::increments;
        if (random.chance(2))
            request.tolerance.charge = {1, 0, {}};
        std::string evidence;
        request.evidence_format = export_format::ndjson;
        request.write_evidence = [&](std::string_view piece) { evidence += piece; };
        const auto r = compare(std::move(request));
        expect_adds_up(r);
        EXPECT_EQ(of(r.ours).calls, of(ours).calls);
        EXPECT_EQ(of(r.theirs).calls, of(theirs).calls);
        EXPECT_EQ(of(r.ours).billed_ms, of(ours).billed_ms);
        EXPECT_EQ(of(r.theirs).billed_ms, of(theirs).billed_ms);
        // The evidence alone gives the same difference.
        amounts sum;
        std::istringstream rows(evidence);
        std::uint64_t lines = 0;
        for (std::string line; std::getline(rows, line); ++lines) {
            const auto row = json::parse(line);
            sum.calls += row.at("difference_calls").to_number<std::int64_t>();
            sum.billed_ms += row.at("difference_billed_ms").to_number<std::int64_t>();
            if (!row.at("difference_charge").is_null())
                sum.nanos += nanos_of(parse_money(row.at("difference_charge").as_string()).value());
        }
        EXPECT_EQ(lines, r.differing_calls);
        EXPECT_EQ(sum, of(r.difference));
        if (HasFailure())
            return;
    }
}

} // namespace lineside::contract
