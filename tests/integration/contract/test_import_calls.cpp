#include "integration/contract/contract.hpp"

#include <limits>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(import_calls);

const instant noon = at("2026-03-10T12:00:00Z");

void expect_counts(const import_report& r, std::uint64_t imported, std::uint64_t duplicates, std::uint64_t restated) {
    EXPECT_EQ(r.imported, imported);
    EXPECT_EQ(r.duplicates, duplicates);
    EXPECT_EQ(r.restated, restated);
    EXPECT_EQ(r.read, imported + duplicates + restated);
}

TEST_P(import_calls, every_field_of_a_call_comes_back) {
    random_calls random(1);
    auto calls = random.within({noon - days(3), noon}, 500);
    expect_counts(import(calls), 500, 0, 0);
    std::map<std::string, call> by_id;
    for (const auto& c : all_calls(acme))
        by_id.emplace(c.call_id, c);
    for (const auto& c : calls)
        EXPECT_EQ(by_id.at(c.call_id), c) << c.call_id;
}

TEST_P(import_calls, a_call_of_which_little_is_reported_reports_no_more_afterwards) {
    call c;
    c.source = "s";
    c.call_id = "1";
    c.account_id = acme;
    c.start_time = noon;
    c.end_time = noon;
    expect_counts(import({c}), 1, 0, 0);
    EXPECT_EQ(all_calls(acme), std::vector{c});
}

TEST_P(import_calls, the_same_call_again_is_a_duplicate_and_changes_nothing) {
    const auto c = charged(answered_call("1", noon, seconds(60)), "1.25");
    expect_counts(import({c}), 1, 0, 0);
    const auto before = everything(lineside(), noon);
    expect_counts(import({c}), 0, 1, 0);
    expect_counts(import({c, c, c}), 0, 3, 0);
    EXPECT_EQ(everything(lineside(), noon), before);
}

TEST_P(import_calls, a_call_that_differs_in_any_field_restates) {
    const auto c = answered_call("1", noon, seconds(60));
    (void)import({c});
    std::vector<call> versions(14, c);
    versions[0].cli = "1";
    versions[1].destination = "2";
    versions[2].charge = money{1, 0, "EUR"};
    versions[3].rate = money{0, 5, "EUR"};
    versions[4].duration_ms = seconds(59);
    versions[5].billed_ms = duration(0);
    versions[6].pdd_ms = duration(0);
    versions[7].sip_code = 480;
    versions[8].q850_cause = 16;
    versions[9].hangup_cause = "x";
    versions[10].released_by = release_party::callee;
    versions[11].dtmf_digits = 0;
    versions[12].source_ip = "::1";
    versions[13].direction = call_direction::inbound;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        SCOPED_TRACE(i);
        expect_counts(import({versions[i]}), 0, 0, 1);
        EXPECT_EQ(all_calls(acme), std::vector{versions[i]});
    }
    auto unknown_attempts = versions.back();
    expect_counts(import({unknown_attempts}, attempt_coverage::answered_only), 0, 0, 1);
}

TEST_P(import_calls, source_and_branch_are_parts_of_the_identity) {
    auto a = failed_call("1", noon);
    auto b = a;
    b.branch = "2";
    auto c = a;
    c.source = "switch-2";
    expect_counts(import({a, b, c}), 3, 0, 0);
    expect_counts(import({c, b, a}), 0, 3, 0);
    EXPECT_EQ(all_calls(acme).size(), 3U);
}

TEST_P(import_calls, an_identity_has_one_account_and_a_correction_moves_it) {
    auto c = charged(answered_call("1", noon, seconds(60)), "1");
    (void)import({c});
    c.account_id = account_id("other");
    expect_counts(import({c}), 0, 0, 1);
    EXPECT_TRUE(all_calls(acme).empty());
    EXPECT_EQ(all_calls(account_id("other")), std::vector{c});
    const auto rows = lineside().async_query_summary({.account = acme, .at = noon}, block).rows;
    for (const auto& r : rows)
        EXPECT_EQ(r.attempts, 0U);
}

TEST_P(import_calls, within_one_batch_the_last_occurrence_holds) {
    const auto first = answered_call("1", noon, seconds(60));
    auto second = first;
    second.duration_ms = seconds(30);
    expect_counts(import({first, first, second, second, first, second}), 1, 2, 3);
    EXPECT_EQ(all_calls(acme), std::vector{second});
    // And against what is stored.
    expect_counts(import({second, first, second}), 0, 1, 2);
    EXPECT_EQ(all_calls(acme), std::vector{second});
    expect_counts(import({first, second, first}), 0, 0, 3);
    EXPECT_EQ(all_calls(acme), std::vector{first});
}

TEST_P(import_calls, an_open_call_is_restated_by_its_end) {
    (void)import({open_call("1", noon)});
    auto row = lineside().async_query_summary({.account = acme, .at = noon}, block).rows.back();
    EXPECT_EQ(row.attempts, 0U);
    EXPECT_EQ(row.open_calls, 1U);
    expect_counts(import({answered_call("1", noon, seconds(60))}), 0, 0, 1);
    row = lineside().async_query_summary({.account = acme, .at = noon}, block).rows.back();
    EXPECT_EQ(row.attempts, 1U);
    EXPECT_EQ(row.open_calls, 0U);
}

TEST_P(import_calls, an_empty_batch_is_nothing) { expect_counts(import({}), 0, 0, 0); }

TEST_P(import_calls, a_bad_call_is_named_and_nothing_of_its_batch_is_stored) {
    const auto good = answered_call("good", noon, seconds(60));
    const auto refused = [&](const char* field, auto spoil) {
        SCOPED_TRACE(field);
        auto bad = answered_call("bad", noon, seconds(60));
        spoil(bad);
        const auto d = failure_of([&] { return import({good, good, bad, good}); }, errc::invalid_argument);
        EXPECT_EQ(d.field, field) << d.message;
        EXPECT_NE(d.message.find("calls[2]"), std::string::npos) << d.message;
    };
    refused("call_id", [](call& c) { c.call_id.clear(); });
    refused("call_id", [](call& c) { c.call_id.assign(513, 'x'); });
    refused("source", [](call& c) { c.source.clear(); });
    refused("account_id", [](call& c) { c.account_id = account_id(""); });
    refused("account_id", [](call& c) { c.account_id = account_id(std::string(129, 'x')); });
    refused("end_time", [](call& c) { c.end_time = c.start_time - duration(1); });
    refused("answer_time", [](call& c) { c.answer_time = c.start_time - duration(1); });
    refused("answer_time", [](call& c) { c.answer_time = *c.end_time + duration(1); });
    refused("duration_ms", [](call& c) { c.duration_ms = duration(-1); });
    refused("charge", [](call& c) { c.charge = money{std::numeric_limits<std::int64_t>::max(), 0, "EUR"}; });
    refused("rate", [](call& c) {
        c.charge = money{1, 0, "EUR"};
        c.rate = money{1, 0, "USD"};
    });
    EXPECT_TRUE(lineside().async_list_accounts({}, block).items.empty());
}

// What a reader of records would refuse is no better as a value.
TEST_P(import_calls, what_no_record_may_hold_is_refused) {
    const auto refused = [&](const char* field, auto spoil) {
        SCOPED_TRACE(field);
        auto bad = answered_call("bad", noon, seconds(60));
        spoil(bad);
        const auto d = failure_of([&] { return import({bad}); }, errc::invalid_argument);
        EXPECT_EQ(d.field, field) << d.message;
        EXPECT_NE(d.message.find("calls[0]"), std::string::npos) << d.message;
    };
    refused("hangup_cause", [](call& c) { c.hangup_cause.assign(2U << 20U, 'x'); });
    refused("cli", [](call& c) { c.cli.assign(513, '1'); });
    refused("destination", [](call& c) { c.destination = "a\nb"; });
    refused("source", [](call& c) { c.source.assign(1'000, 's'); });
    refused("source_ip", [](call& c) { c.source_ip = "\xff"; });
    refused("branch", [](call& c) { c.branch.assign(513, 'b'); });
    refused("call_id", [](call& c) { c.call_id = std::string("a\0b", 3); });
    refused("charge", [](call& c) { c.charge = money{1, 0, "euro"}; });
    refused("billed_ms", [](call& c) { c.billed_ms = duration(-1); });
    refused("pdd_ms", [](call& c) { c.pdd_ms = duration(-1); });
}

// A day is a key of the database, and a call touches every day it lasts: times that are no times of calls are refused
// before they cost anything.
TEST_P(import_calls, times_beyond_all_reason_are_refused) {
    const auto refused = [&](const char* field, auto spoil) {
        SCOPED_TRACE(field);
        auto bad = answered_call("bad", noon, seconds(60));
        spoil(bad);
        const auto d = failure_of([&] { return import({bad}); }, errc::invalid_argument);
        EXPECT_EQ(d.field, field) << d.message;
    };
    const auto starting_at = [](instant t) {
        return [t](call& c) {
            c.start_time = t;
            c.answer_time.reset();
            c.end_time.reset();
            c.duration_ms = duration(1);
        };
    };
    refused("start_time", starting_at(instant::max()));
    refused("start_time", starting_at(instant::min()));
    refused("start_time", starting_at(instant(duration(std::numeric_limits<std::int64_t>::min() + 1))));
    refused("end_time", [](call& c) { c.end_time = instant::max(); });
    refused("end_time", [](call& c) { c.end_time = c.start_time + days(3'650); });
    refused("duration_ms", [](call& c) { c.duration_ms = duration::max(); });
}

TEST_P(import_calls, the_first_charge_fixes_the_currency_of_its_account) {
    (void)import({answered_call("0", noon, seconds(1))});
    EXPECT_EQ(lineside().async_get_account(acme, block).currency, "");
    (void)import({charged(answered_call("1", noon, seconds(60)), "1.50", "PLN")});
    EXPECT_EQ(lineside().async_get_account(acme, block).currency, "PLN");

    const auto before = everything(lineside(), noon);
    const auto d = failure_of(
        [&] {
            return import(
                {answered_call("2", noon, seconds(60)), charged(answered_call("3", noon, seconds(60)), "1.50", "EUR")});
        },
        errc::conflict);
    EXPECT_EQ(d.field, "currency");
    EXPECT_NE(d.message.find("PLN"), std::string::npos) << d.message;
    EXPECT_NE(d.message.find("'3'"), std::string::npos) << d.message;
    EXPECT_EQ(everything(lineside(), noon), before);

    // A refused batch fixes nothing.
    const account_id fresh("fresh");
    auto a = charged(answered_call("4", noon, seconds(60)), "1", "USD");
    auto b = charged(answered_call("5", noon, seconds(60)), "1", "EUR");
    a.account_id = b.account_id = fresh;
    (void)failure_of([&] { return import({a, b}); }, errc::conflict);
    (void)failure_of([&] { return lineside().async_get_account(fresh, block); }, errc::not_found);
    (void)import({b});
    EXPECT_EQ(lineside().async_get_account(fresh, block).currency, "EUR");
}

TEST_P(import_calls, a_charge_without_a_currency_is_in_that_of_the_account) {
    (void)import({charged(answered_call("1", noon, seconds(60)), "1.50", "EUR")});
    (void)import({charged(answered_call("2", noon, seconds(60)), "2.25", "")});
    const auto row = lineside().async_query_summary({.account = acme, .at = noon}, block).rows.back();
    EXPECT_EQ(row.charge, (money{3, 750'000'000, "EUR"}));
}

TEST_P(import_calls, a_number_of_batches_is_what_one_batch_is) {
    random_calls random(2);
    const auto calls = random.within({noon - hours(20), noon}, 600);
    for (std::size_t i = 0; i < calls.size(); i += 7)
        (void)import({calls.begin() + static_cast<std::ptrdiff_t>(i),
                      calls.begin() + static_cast<std::ptrdiff_t>(std::min(i + 7, calls.size()))});
    const auto in_pieces = everything(lineside(), noon);
    const auto whole = GetParam().open(settings);
    (void)whole->get().async_import_calls({calls}, block);
    EXPECT_EQ(in_pieces, everything(whole->get(), noon));
}

TEST_P(import_calls, calls_are_there_when_the_portal_is_opened_again) {
    random_calls random(3);
    (void)import(random.within({noon - days(40), noon}, 300));
    (void)import(random.within({noon - hours(5), noon}, 100)); // these wait in the journal
    const auto before = everything(lineside(), noon);
    reopen();
    EXPECT_EQ(everything(lineside(), noon), before);
    random_calls again(3);
    EXPECT_EQ(import(again.within({noon - days(40), noon}, 300)).duplicates, 300U);
    EXPECT_EQ(import(again.within({noon - hours(5), noon}, 100)).duplicates, 100U);
}

} // namespace
} // namespace lineside::contract
