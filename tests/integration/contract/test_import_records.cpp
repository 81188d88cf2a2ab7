#include "integration/contract/contract.hpp"

#include <algorithm>
#include <atomic>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(import_records);

const instant noon = at("2026-03-10T12:00:00Z");
const std::string header = "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction,cli,"
                           "destination,dtmf_digits,charge,currency\n";

std::string row(int id, const char* talk = "60000") {
    return std::to_string(id) + ",acme,2026-03-10T10:00:00Z,2026-03-10T10:00:05Z,2026-03-10T10:01:05Z," + talk +
           ",200,outbound,1,2,,1.25,EUR\n";
}

void expect_sums(const import_report& r) {
    EXPECT_EQ(r.read, r.imported + r.duplicates + r.restated + r.rejected + r.folded);
}

TEST_P(import_records, rows_become_calls) {
    random_calls random(1);
    auto calls = random.within({noon - days(30), noon}, 2'000);
    for (auto& c : calls)
        c.source = "lineside";
    const auto text = to_csv(calls);
    const auto r = import_text(text);
    expect_sums(r);
    EXPECT_EQ(r.read, 2'000U);
    EXPECT_EQ(r.imported, 2'000U);
    EXPECT_EQ(r.rejected, 0U);
    EXPECT_EQ(r.bytes, text.size());
    EXPECT_EQ(r.format, record_format::lineside);
    EXPECT_EQ(r.source, "lineside");
    std::map<std::string, call> by_id;
    for (const auto& c : all_calls(acme))
        by_id.emplace(c.call_id, c);
    ASSERT_EQ(by_id.size(), 2'000U);
    for (const auto& c : calls)
        EXPECT_EQ(by_id.at(c.call_id), c);
}

TEST_P(import_records, the_format_is_found_by_the_content_and_the_evidence_named) {
    import_request q;
    q.input = from_text(header + row(1));
    const auto r = lineside().async_import_records(q, block);
    EXPECT_EQ(r.format, record_format::lineside);
    EXPECT_NE(r.evidence, "");
    EXPECT_EQ(r.imported, 1U);
}

TEST_P(import_records, what_is_no_call_record_is_refused_and_asks_for_the_format) {
    import_request q;
    q.input = from_text("dear sir or madam,\nplease find enclosed\n");
    const auto d = failure_of([&] { return lineside().async_import_records(q, block); }, errc::invalid_argument);
    EXPECT_EQ(d.field, "format");
    EXPECT_TRUE(lineside().async_list_accounts({}, block).items.empty());
}

TEST_P(import_records, importing_again_counts_nothing_twice) {
    random_calls random(2);
    const auto text = to_csv(random.within({noon - days(3), noon}, 300));
    (void)import_text(text);
    const auto before = everything(lineside(), noon);
    const auto r = import_text(text);
    expect_sums(r);
    EXPECT_EQ(r.duplicates, 300U);
    EXPECT_EQ(everything(lineside(), noon), before);
}

TEST_P(import_records, bad_rows_are_handed_back_and_the_rest_is_imported) {
    std::vector<rejected_row> rejected;
    import_request q;
    q.name = "march.csv";
    q.on_rejected = [&](const rejected_row& r) { rejected.push_back(r); };
    const auto bad = row(2, "sixty");
    const auto r = import_text(header + row(1) + bad + row(3) + "just one field\n" + row(4), q);
    expect_sums(r);
    EXPECT_EQ(r.imported, 3U);
    EXPECT_EQ(r.rejected, 2U);
    ASSERT_EQ(rejected.size(), 2U);
    EXPECT_EQ(rejected[0].file, "march.csv");
    EXPECT_EQ(rejected[0].line, 3U);
    EXPECT_EQ(rejected[0].column, 6U);
    EXPECT_EQ(rejected[0].field, "duration_ms");
    EXPECT_NE(rejected[0].reason, "");
    EXPECT_EQ(rejected[0].text + "\n", bad);
    EXPECT_EQ(rejected[0].header + "\n", header);
    EXPECT_EQ(rejected[1].line, 5U);
    EXPECT_EQ(rejected[1].text, "just one field");
    // Mended and imported again, as the header and the text allow.
    EXPECT_EQ(import_text(rejected[0].header + "\n" + row(2)).imported, 1U);
}

TEST_P(import_records, a_strict_import_with_a_bad_row_changes_nothing) {
    (void)import_text(header + row(1));
    const auto before = everything(lineside(), noon);
    import_request q;
    q.mode = import_mode::strict;
    q.name = "march.csv";
    const auto d =
        failure_of([&] { return import_text(header + row(2) + row(3, "sixty") + row(4), q); }, errc::invalid_argument);
    EXPECT_EQ(d.field, "duration_ms");
    EXPECT_NE(d.message.find("march.csv:3:6"), std::string::npos) << d.message;
    EXPECT_EQ(everything(lineside(), noon), before);
    const auto r = import_text(header + row(2) + row(3), q);
    expect_sums(r);
    EXPECT_EQ(r.imported, 2U);
}

TEST_P(import_records, a_strict_import_is_refused_for_a_row_at_the_very_end) {
    settings.storage.import_batch_calls = 100;
    std::string text = header;
    for (int i = 0; i < 5'000; ++i)
        text += row(i);
    import_request q;
    q.mode = import_mode::strict;
    (void)failure_of([&] { return import_text(text + row(5'000, "?"), q); }, errc::invalid_argument);
    EXPECT_TRUE(lineside().async_list_accounts({}, block).items.empty());
    EXPECT_EQ(import_text(text, q).imported, 5'000U);
}

// A call touches every day it lasts: one slip of a digit must not touch three million of them.
TEST_P(import_records, a_call_of_a_thousand_years_is_a_rejected_row) {
    auto endless = row(2);
    endless.replace(endless.find("2026-03-10T10:01:05Z"), 4, "9026");
    std::vector<rejected_row> rejected;
    import_request q;
    q.on_rejected = [&](const rejected_row& r) { rejected.push_back(r); };
    const auto r = import_text(header + row(1) + endless + row(3), q);
    EXPECT_EQ(r.imported, 2U);
    ASSERT_EQ(rejected.size(), 1U);
    EXPECT_EQ(rejected[0].line, 3U);
    EXPECT_EQ(rejected[0].field, "end_time");
}

TEST_P(import_records, a_charge_in_another_currency_is_a_rejected_row) {
    auto other = row(2);
    other.replace(other.find("EUR"), 3, "USD");
    std::vector<rejected_row> rejected;
    import_request q;
    q.on_rejected = [&](const rejected_row& r) { rejected.push_back(r); };
    const auto r = import_text(header + row(1) + other + row(3), q);
    expect_sums(r);
    EXPECT_EQ(r.imported, 2U);
    ASSERT_EQ(rejected.size(), 1U);
    EXPECT_EQ(rejected[0].field, "currency");
    EXPECT_EQ(rejected[0].text + "\n", other) << "a rejected row says which it is";
    EXPECT_EQ(rejected[0].line, 3U);
    EXPECT_EQ(lineside().async_get_account(acme, block).currency, "EUR");
}

TEST_P(import_records, rows_can_be_put_on_one_account_and_under_a_source) {
    import_request q;
    q.account = account_id("everybody");
    q.source = "switch-9";
    const auto r = import_text(header + row(1), q);
    EXPECT_EQ(r.source, "switch-9");
    const auto calls = all_calls(account_id("everybody"));
    ASSERT_EQ(calls.size(), 1U);
    EXPECT_EQ(calls[0].source, "switch-9");
    (void)failure_of([&] { return lineside().async_get_account(acme, block); }, errc::not_found);
}

TEST_P(import_records, progress_never_goes_back_and_ends_at_the_whole) {
    std::vector<import_progress> told;
    random_calls random(3);
    const auto text = to_csv(random.within({noon - days(3), noon}, 3'000));
    import_request q;
    q.on_progress = [&](const import_progress& p) { told.push_back(p); };
    (void)import_text(text, q);
    ASSERT_FALSE(told.empty());
    for (std::size_t i = 1; i < told.size(); ++i) {
        EXPECT_LE(told[i - 1].rows, told[i].rows);
        EXPECT_LE(told[i - 1].bytes, told[i].bytes);
    }
    EXPECT_EQ(told.back().rows, 3'000U);
    EXPECT_EQ(told.back().bytes, text.size());
    EXPECT_EQ(told.back().total_bytes, text.size());
}

TEST_P(import_records, a_cancelled_import_keeps_what_it_committed_and_goes_on_when_asked_again) {
    settings.storage.import_batch_calls = 50;
    random_calls random(4);
    const auto text = to_csv(random.within({noon - days(5), noon}, 3'000));
    const auto whole = GetParam().open(settings);
    import_request q;
    q.format = record_format::lineside;
    q.name = "x.csv";
    q.input = from_text(text);
    (void)whole->get().async_import_records(q, block);

    std::uint64_t stored = 0;
    for (const std::size_t until : {text.size() / 4, text.size() / 2, text.size() * 3 / 4}) {
        std::stop_source stop;
        q.input = from_text(text, 2'000, [&](std::size_t read) {
            if (read >= until)
                stop.request_stop();
        });
        call_options options;
        options.stop = stop.get_token();
        const auto d = failure_of([&] { return lineside().async_import_records(q, options, block); }, errc::cancelled);
        EXPECT_NE(d.message.find("import it again"), std::string::npos) << d.message;
        const auto now = all_calls(acme).size();
        EXPECT_GE(now, stored);
        EXPECT_LT(now, 3'000U);
        stored = now;
    }
    EXPECT_GT(stored, 0U);
    q.input = from_text(text);
    const auto r = lineside().async_import_records(q, block);
    expect_sums(r);
    EXPECT_EQ(r.duplicates, stored);
    EXPECT_EQ(r.imported, 3'000 - stored);
    EXPECT_EQ(everything(lineside(), noon), everything(whole->get(), noon));
}

TEST_P(import_records, an_input_that_fails_is_an_error_and_what_was_committed_stays) {
    settings.storage.import_batch_calls = 10;
    random_calls random(5);
    const auto text = to_csv(random.within({noon - days(1), noon}, 500));
    import_request q;
    q.format = record_format::lineside;
    q.input = from_text(text, 1'000, [&](std::size_t read) {
        if (read > text.size() / 2)
            throw error(errc::unavailable, "the disk went away");
    });
    const auto d = failure_of([&] { return lineside().async_import_records(q, block); }, errc::unavailable);
    EXPECT_NE(d.message.find("the disk went away"), std::string::npos);
    q.input = from_text(text);
    expect_sums(lineside().async_import_records(q, block));
    EXPECT_EQ(all_calls(acme).size(), 500U);
}

TEST_P(import_records, a_callback_that_throws_ends_the_import) {
    import_request q;
    q.on_rejected = [](const rejected_row&) { throw std::runtime_error("enough"); };
    const auto d = failure_of([&] { return import_text(header + row(1, "?"), q); }, errc::internal);
    EXPECT_EQ(d.message, "enough");
    EXPECT_EQ(import_text(header + row(1)).imported, 1U);
}

TEST_P(import_records, an_import_without_an_input_is_refused) {
    EXPECT_EQ(failure_of([&] { return lineside().async_import_records({}, block); }, errc::invalid_argument).field,
              "input");
}

TEST_P(import_records, local_times_need_a_zone) {
    const std::string local = "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction,cli,"
                              "destination,dtmf_digits,charge\n"
                              "1,acme,2026-03-10T10:00:00,,2026-03-10T10:00:08,0,486,outbound,1,2,,\n";
    (void)failure_of([&] { return import_text(local); }, errc::invalid_argument);
    import_request q;
    q.time_zone = "Asia/Kolkata";
    EXPECT_EQ(import_text(local, q).imported, 1U);
    EXPECT_EQ(all_calls(acme).at(0).start_time, at("2026-03-10T04:30:00Z"));
    q.time_zone = "Asia/Atlantis";
    (void)failure_of([&] { return import_text(local, q); }, errc::invalid_argument);
}

// ---- readers and writers beside an import ----------------------------------------------------------------------------

TEST_P(import_records, queries_and_other_imports_go_on_while_one_is_held) {
    settings.storage.import_batch_calls = 10;
    (void)import({answered_call("before", noon - hours(1), seconds(60))});
    random_calls random(6);
    int held = 0;
    std::uint64_t least = 1;
    import_request q;
    q.format = record_format::lineside;
    q.input = from_text(to_csv(random.within({noon - days(1), noon}, 500)), 2'000, [&](std::size_t) {
        // The import stands still here, batches behind it; nothing below may wait for it.
        ++held;
        const auto attempts =
            lineside().async_explain({acme, metric::attempts, {noon - days(2), noon + days(2)}, 0}, block);
        EXPECT_GE(attempts.call_count, least);
        least = attempts.call_count;
        EXPECT_EQ(import({answered_call("beside " + std::to_string(held), noon, seconds(1))}).imported, 1U);
        EXPECT_EQ(lineside().async_query_summary({.account = acme}, block).rows.size(), 24U);
    });
    expect_sums(lineside().async_import_records(q, block));
    EXPECT_GT(held, 10);
    EXPECT_EQ(all_calls(acme).size(), 501U + static_cast<std::size_t>(held));
}

} // namespace
} // namespace lineside::contract
