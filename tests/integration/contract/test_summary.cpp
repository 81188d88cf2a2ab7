#include "integration/contract/contract.hpp"

#include <algorithm>
#include <cmath>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(query_summary);

const instant noon = at("2026-03-10T12:00:00Z");

class summary_test : public portal_test {
protected:
    summary_row row_at(instant start, summary_period period = summary_period::live) {
        summary_query q;
        q.account = acme;
        q.period = period;
        q.range = {start, start + duration(1)};
        return lineside().async_query_summary(q, block).rows.at(0);
    }
    // Revisions of the hour, day and month of an instant.
    std::vector<std::uint32_t> revisions(instant t) {
        return {row_at(t).revision, row_at(t, summary_period::daily).revision,
                row_at(t, summary_period::monthly).revision};
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(row_states, summary_test);
LINESIDE_ON_EVERY_PORTAL_WITH(revisions_of_rows, summary_test);

using revision_list = std::vector<std::uint32_t>;

// ---- ranges and rows ------------------------------------------------------------------------------------------------

TEST_P(query_summary, default_ranges_end_with_the_current_row) {
    (void)import({failed_call("1", noon)});
    clock.set(at("2026-03-10T12:34:56Z"));
    const auto ask = [&](summary_period period) {
        return lineside().async_query_summary({.account = acme, .period = period}, block);
    };
    const auto live = ask(summary_period::live);
    EXPECT_EQ(live.as_of, clock.now());
    ASSERT_EQ(live.rows.size(), 24U);
    EXPECT_EQ(live.rows.front().start, at("2026-03-09T13:00:00Z"));
    EXPECT_EQ(live.rows.back().start, at("2026-03-10T12:00:00Z"));
    EXPECT_EQ(live.rows.back().end, at("2026-03-10T13:00:00Z"));
    const auto daily = ask(summary_period::daily);
    ASSERT_EQ(daily.rows.size(), 31U);
    EXPECT_EQ(daily.rows.front().start, at("2026-02-08"));
    EXPECT_EQ(daily.rows.back().start, at("2026-03-10"));
    const auto monthly = ask(summary_period::monthly);
    ASSERT_EQ(monthly.rows.size(), 12U);
    EXPECT_EQ(monthly.rows.front().start, at("2025-04-01"));
    EXPECT_EQ(monthly.rows.back().start, at("2026-03-01"));
    EXPECT_EQ(monthly.rows.back().end, at("2026-04-01"));
}

TEST_P(query_summary, a_row_begins_with_its_first_instant) {
    (void)import({failed_call("1", noon)});
    summary_query q{.account = acme, .at = at("2026-03-10T12:00:00Z")};
    EXPECT_EQ(lineside().async_query_summary(q, block).rows.back().start, at("2026-03-10T12:00:00Z"));
    q.at = at("2026-03-10T11:59:59.999Z");
    EXPECT_EQ(lineside().async_query_summary(q, block).rows.back().start, at("2026-03-10T11:00:00Z"));
}

TEST_P(query_summary, the_rows_of_a_range_are_those_it_touches) {
    (void)import({failed_call("1", noon)});
    summary_query q{.account = acme, .period = summary_period::daily};
    q.range = {at("2026-03-01T23:59:59.999Z"), at("2026-03-03T00:00:00Z")};
    EXPECT_EQ(lineside().async_query_summary(q, block).rows.size(), 2U);
    q.range = {at("2026-03-01T23:59:59.999Z"), at("2026-03-03T00:00:00.001Z")};
    EXPECT_EQ(lineside().async_query_summary(q, block).rows.size(), 3U);
    q.range = {noon, noon};
    EXPECT_EQ(failure_of([&] { return lineside().async_query_summary(q, block); }, errc::invalid_argument).field,
              "range");
}

TEST_P(query_summary, an_instant_beyond_the_calendar_is_refused) {
    (void)import({failed_call("1", noon)});
    for (const auto t : {instant::min(), instant::max()})
        EXPECT_EQ(failure_of([&] { return lineside().async_query_summary({.account = acme, .at = t}, block); },
                             errc::invalid_argument)
                      .field,
                  "at");
}

TEST_P(query_summary, the_accounts_zone_moves_no_row) {
    account a;
    a.id = acme;
    a.time_zone = "Asia/Kolkata";
    (void)lineside().async_create_account(a, block);
    (void)import({failed_call("1", at("2026-03-09T20:00:00Z"))}); // the next day in Kolkata
    summary_query q{.account = acme, .period = summary_period::daily};
    q.range = {at("2026-03-09"), at("2026-03-11")};
    const auto rows = lineside().async_query_summary(q, block).rows;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].start, at("2026-03-09"));
    EXPECT_EQ(rows[0].attempts, 1U);
    EXPECT_EQ(rows[1].attempts, 0U);
}

double two_decimals(std::int64_t numerator, std::int64_t denominator, std::int64_t scale) {
    return static_cast<double>((numerator * scale * 200 + denominator) / (2 * denominator)) / 100;
}

TEST_P(query_summary, rows_show_what_the_calls_say) {
    random_calls random(1);
    const time_range range{noon - days(5), noon};
    const auto calls = random.within(range, 800);
    (void)import({calls.begin(), calls.begin() + 500});
    (void)import({calls.begin() + 500, calls.end()});
    for (const auto period : {summary_period::live, summary_period::daily, summary_period::monthly}) {
        summary_query q{.account = acme, .period = period};
        q.range = range;
        for (const auto& r : lineside().async_query_summary(q, block).rows) {
            SCOPED_TRACE(testing::Message() << to_string(period) << " " << to_string(r.start));
            const time_range bucket{r.start, r.end};
            const auto of = [&](metric m) { return measure(calls, m, bucket); };
            EXPECT_EQ(r.attempts, static_cast<std::uint64_t>(of(metric::attempts).numerator));
            EXPECT_EQ(r.answered, static_cast<std::uint64_t>(of(metric::answered).numerator));
            EXPECT_EQ(r.open_calls, of(metric::attempts).open_calls);
            EXPECT_DOUBLE_EQ(r.talk_s, static_cast<double>(of(metric::talk).numerator) / 1'000);
            EXPECT_EQ(r.currency, "EUR");
            const auto shown = [&](metric m, std::int64_t scale, std::int64_t divisor) {
                const auto x = of(m);
                return x.denominator == 0 ? std::nullopt
                                          : std::optional(two_decimals(x.numerator, x.denominator * divisor, scale));
            };
            EXPECT_EQ(r.asr, shown(metric::asr, 100, 1));
            EXPECT_EQ(r.acd_s, shown(metric::acd, 1, 1'000));
            EXPECT_EQ(r.dtmf_percent, shown(metric::dtmf_percent, 100, 1));
            const auto dtmf = of(metric::dtmf_calls);
            EXPECT_EQ(r.dtmf_calls.has_value(), dtmf.denominator != 0);
            EXPECT_EQ(r.dtmf_calls.value_or(0), static_cast<std::uint64_t>(dtmf.numerator));
            const auto charge = of(metric::charge);
            EXPECT_EQ(r.charge.has_value(), charge.denominator != 0);
            if (r.charge) {
                EXPECT_EQ(r.charge->units * 1'000'000'000 + r.charge->nanos, charge.numerator);
                EXPECT_EQ(r.charge->currency, "EUR");
            }
            std::int64_t billed = 0;
            bool reported = false;
            for (const auto& c : calls) {
                if (bucket.contains(c.start_time) && c.end_time && c.billed_ms) {
                    billed += c.billed_ms->count();
                    reported = true;
                }
            }
            if (reported || r.attempts > 0) {
                EXPECT_EQ(r.billed_s.has_value(), reported);
                EXPECT_DOUBLE_EQ(r.billed_s.value_or(0), static_cast<double>(billed) / 1'000);
            }
        }
    }
}

TEST_P(query_summary, days_and_months_are_the_sums_of_their_hours) {
    random_calls random(2);
    const time_range range{at("2026-01-15"), at("2026-03-05")};
    (void)import(random.within(range, 1'500));
    const auto rows = [&](summary_period period, time_range of) {
        summary_query q{.account = acme, .period = period};
        q.range = of;
        return lineside().async_query_summary(q, block).rows;
    };
    for (const auto period : {summary_period::daily, summary_period::monthly}) {
        for (const auto& whole : rows(period, range)) {
            std::uint64_t attempts = 0, answered = 0, open = 0, dtmf = 0;
            std::int64_t talk = 0, billed = 0, charge = 0;
            for (const auto& hour : rows(summary_period::live, {whole.start, whole.end})) {
                attempts += hour.attempts;
                answered += hour.answered;
                open += hour.open_calls;
                dtmf += hour.dtmf_calls.value_or(0);
                talk += std::llround(hour.talk_s * 1'000);
                billed += std::llround(hour.billed_s.value_or(0) * 1'000);
                if (hour.charge)
                    charge += hour.charge->units * 1'000'000'000 + hour.charge->nanos;
            }
            EXPECT_EQ(whole.attempts, attempts);
            EXPECT_EQ(whole.answered, answered);
            EXPECT_EQ(whole.open_calls, open);
            EXPECT_EQ(whole.dtmf_calls.value_or(0), dtmf);
            EXPECT_EQ(std::llround(whole.talk_s * 1'000), talk);
            EXPECT_EQ(std::llround(whole.billed_s.value_or(0) * 1'000), billed);
            EXPECT_EQ(whole.charge ? whole.charge->units * 1'000'000'000 + whole.charge->nanos : 0, charge);
        }
    }
}

TEST_P(query_summary, null_cells_are_not_zero) {
    auto silent = answered_call("1", noon - hours(1), seconds(60)); // reports neither charge, digits nor billed time
    (void)import({failed_call("2", noon), silent});
    const auto rows = lineside().async_query_summary({.account = acme}, block).rows;
    const auto& empty = rows[0];
    EXPECT_EQ(empty.attempts, 0U);
    EXPECT_FALSE(empty.asr);
    EXPECT_FALSE(empty.acd_s);
    EXPECT_FALSE(empty.dtmf_percent);
    const auto& answered = rows[22];
    EXPECT_EQ(answered.asr, 100.0);
    EXPECT_EQ(answered.acd_s, 60.0);
    EXPECT_FALSE(answered.charge);
    EXPECT_FALSE(answered.billed_s);
    EXPECT_FALSE(answered.dtmf_calls);
    EXPECT_FALSE(answered.dtmf_percent);
    const auto& failed = rows[23];
    EXPECT_EQ(failed.asr, 0.0);
    EXPECT_FALSE(failed.acd_s);
    EXPECT_EQ(failed.dtmf_calls, 0U) << "nobody answered, nobody keyed";
}

TEST_P(query_summary, shown_values_have_two_decimals_half_up) {
    std::vector<call> calls;
    for (int i = 0; i < 8; ++i) // 1 of 8 is 12.5, 1 of 3 is 33.33, 2 of 3 is 66.67, 1 of 800 would be 0.125
        calls.push_back(i == 0 ? answered_call("x" + std::to_string(i), noon, duration(1'005))
                               : failed_call("x" + std::to_string(i), noon));
    for (int i = 0; i < 3; ++i)
        calls.push_back(i < 2 ? answered_call("y" + std::to_string(i), noon - hours(1), duration(i == 0 ? 10 : 0))
                              : failed_call("y2", noon - hours(1)));
    (void)import(calls);
    const auto rows = lineside().async_query_summary({.account = acme}, block).rows;
    EXPECT_EQ(rows[23].asr, 12.5);
    EXPECT_EQ(rows[23].acd_s, 1.01); // 1.005 s
    EXPECT_EQ(rows[22].asr, 66.67);
    EXPECT_EQ(rows[22].acd_s, 0.01); // 0.005 s
}

// ---- states ---------------------------------------------------------------------------------------------------------

TEST_P(row_states, a_row_is_open_then_provisional_then_final) {
    (void)import({failed_call("1", noon)});
    const auto state = [&](summary_period period, instant now) {
        clock.set(now);
        return row_at(noon, period).state;
    };
    using enum row_state;
    EXPECT_EQ(state(summary_period::live, noon), open);
    EXPECT_EQ(state(summary_period::live, at("2026-03-10T12:59:59.999Z")), open);
    EXPECT_EQ(state(summary_period::live, at("2026-03-10T13:00:00Z")), provisional);
    EXPECT_EQ(state(summary_period::live, at("2026-03-11T12:59:59.999Z")), provisional);
    EXPECT_EQ(state(summary_period::live, at("2026-03-11T13:00:00Z")), row_state::final);
    EXPECT_EQ(state(summary_period::daily, at("2026-03-10T23:59:59.999Z")), open);
    EXPECT_EQ(state(summary_period::daily, at("2026-03-11T00:00:00Z")), provisional);
    EXPECT_EQ(state(summary_period::daily, at("2026-03-12T00:00:00Z")), row_state::final);
    EXPECT_EQ(state(summary_period::monthly, at("2026-03-31T23:00:00Z")), open);
    EXPECT_EQ(state(summary_period::monthly, at("2026-04-01T00:00:00Z")), provisional);
    EXPECT_EQ(state(summary_period::monthly, at("2026-04-02T00:00:00Z")), row_state::final);
}

TEST_P(row_states, the_query_may_name_the_instant_the_states_are_told_for) {
    (void)import({failed_call("1", noon)});
    summary_query q{.account = acme, .at = noon + days(5)};
    q.range = {noon, noon + hours(1)};
    const auto s = lineside().async_query_summary(q, block);
    EXPECT_EQ(s.as_of, noon + days(5));
    EXPECT_EQ(s.rows.at(0).state, row_state::final);
}

TEST_P(row_states, a_corrected_row_is_restated_once_it_is_over) {
    (void)import({answered_call("1", noon, seconds(60))});
    (void)import({answered_call("1", noon, seconds(61))});
    clock.set(noon + minutes(5));
    EXPECT_EQ(row_at(noon).state, row_state::open);
    clock.set(noon + hours(2));
    EXPECT_EQ(row_at(noon).state, row_state::restated);
    clock.set(noon + days(100));
    EXPECT_EQ(row_at(noon).state, row_state::restated);
    EXPECT_EQ(row_at(noon).revision, 1U);
}

// ---- revisions ------------------------------------------------------------------------------------------------------

TEST_P(revisions_of_rows, new_calls_and_duplicates_raise_nothing) {
    random_calls random(3);
    const auto calls = random.within({noon - hours(20), noon}, 200);
    for (std::size_t i = 0; i < calls.size(); i += 20)
        (void)import(
            {calls.begin() + static_cast<std::ptrdiff_t>(i), calls.begin() + static_cast<std::ptrdiff_t>(i + 20)});
    (void)import(calls);
    summary_query q{.account = acme};
    q.range = {noon - days(2), noon + days(2)};
    for (const auto& r : lineside().async_query_summary(q, block).rows)
        EXPECT_EQ(r.revision, 0U) << to_string(r.start);
}

TEST_P(revisions_of_rows, a_restatement_raises_its_rows_and_no_other) {
    const auto start = at("2026-03-10T10:20:00Z");
    (void)import({answered_call("1", start, seconds(60)), answered_call("2", start + hours(1), seconds(60))});
    (void)import({answered_call("1", start, seconds(50))});
    EXPECT_EQ(revisions(start), (revision_list{1, 1, 1}));
    EXPECT_EQ(revisions(start + hours(1)), (revision_list{0, 1, 1}));
    EXPECT_EQ(revisions(start - days(1)), (revision_list{0, 0, 1}));
    EXPECT_EQ(revisions(start - days(20)), (revision_list{0, 0, 0}));
}

TEST_P(revisions_of_rows, one_batch_raises_a_row_once) {
    const auto start = at("2026-03-10T10:20:00Z");
    std::vector<call> calls;
    for (int i = 0; i < 10; ++i)
        calls.push_back(answered_call(std::to_string(i), start, seconds(60)));
    (void)import(calls);
    for (auto& c : calls)
        c.duration_ms = seconds(50);
    (void)import(calls);
    EXPECT_EQ(revisions(start), (revision_list{1, 1, 1}));
    for (auto& c : calls)
        c.duration_ms = seconds(40);
    (void)import(calls);
    EXPECT_EQ(revisions(start), (revision_list{2, 2, 2}));
    (void)import(calls);
    EXPECT_EQ(revisions(start), (revision_list{2, 2, 2})) << "duplicates";
}

TEST_P(revisions_of_rows, a_restatement_moves_the_call_to_its_new_hour) {
    const auto start = at("2026-02-28T23:50:00Z");
    clock.set(start + minutes(30));
    (void)import({answered_call("1", start, seconds(60))});
    auto moved = answered_call("1", start + minutes(20), seconds(60)); // another hour, day and month
    (void)import({moved});
    EXPECT_EQ(row_at(start).attempts, 0U);
    EXPECT_EQ(row_at(moved.start_time).attempts, 1U);
    EXPECT_EQ(revisions(start), (revision_list{1, 1, 1}));
    EXPECT_EQ(revisions(moved.start_time), (revision_list{1, 1, 1}));
}

TEST_P(revisions_of_rows, a_restatement_to_another_account_raises_both) {
    (void)import({answered_call("1", noon, seconds(60))});
    auto moved = answered_call("1", noon, seconds(60));
    moved.account_id = account_id("other");
    (void)import({moved});
    EXPECT_EQ(row_at(noon).revision, 1U);
    summary_query q{.account = moved.account_id};
    q.range = {noon, noon + hours(1)};
    const auto row = lineside().async_query_summary(q, block).rows.at(0);
    EXPECT_EQ(row.attempts, 1U);
    EXPECT_EQ(row.revision, 1U);
}

TEST_P(revisions_of_rows, a_late_call_raises_the_final_row_it_changes) {
    const auto start = at("2026-02-10T10:20:00Z");
    clock.set(start + minutes(30));
    (void)import({answered_call("1", start, seconds(60))});
    clock.set(start + hours(23)); // still provisional
    (void)import({answered_call("2", start, seconds(60))});
    EXPECT_EQ(revisions(start), (revision_list{0, 0, 0}));
    clock.set(start + hours(30)); // the hour is final, its day is not
    (void)import({answered_call("3", start, seconds(60))});
    EXPECT_EQ(revisions(start), (revision_list{1, 0, 0}));
    clock.set(start + days(5)); // the day is final too
    (void)import({answered_call("4", start, seconds(60))});
    EXPECT_EQ(revisions(start), (revision_list{2, 1, 0}));
    clock.set(start + days(60)); // and the month
    (void)import({answered_call("5", start, seconds(60))});
    EXPECT_EQ(revisions(start), (revision_list{3, 2, 1}));
    (void)import({answered_call("5", start, seconds(60))});
    EXPECT_EQ(revisions(start), (revision_list{3, 2, 1})) << "a duplicate is no change";
    EXPECT_EQ(row_at(start).attempts, 5U);
}

TEST_P(revisions_of_rows, a_late_call_in_a_quiet_hour_raises_the_final_day_it_changes) {
    const auto start = at("2026-02-10T10:20:00Z");
    clock.set(start + minutes(30));
    (void)import({answered_call("1", start, seconds(60))});
    clock.set(start + days(5));
    ASSERT_EQ(row_at(start, summary_period::daily).state, row_state::final);
    (void)import({answered_call("2", start + hours(2), seconds(60))});
    ASSERT_EQ(row_at(start, summary_period::daily).attempts, 2U);
    EXPECT_EQ(row_at(start, summary_period::daily).state, row_state::restated);
    EXPECT_EQ(row_at(start).revision, 0U) << "its own hour had no calls and has not changed";
}

TEST_P(revisions_of_rows, calls_that_waited_in_the_journal_are_not_late) {
    settings.storage.journal_calls = 1'000;
    const auto start = at("2026-02-10T10:20:00Z");
    clock.set(start + minutes(30));
    for (int i = 0; i < 5; ++i)
        (void)import({answered_call(std::to_string(i), start, seconds(60))});
    clock.set(start + days(60));
    auto elsewhere = answered_call("x", clock.now(), seconds(1));
    (void)import({elsewhere});
    elsewhere.duration_ms = seconds(0);
    (void)import({elsewhere}); // a correction folds the journal
    EXPECT_EQ(revisions(start), (revision_list{0, 0, 0}));
    EXPECT_EQ(row_at(start).attempts, 5U);
}

TEST_P(revisions_of_rows, one_import_of_old_calls_in_several_batches_raises_nothing) {
    settings.storage.import_batch_calls = 25;
    random_calls random(4);
    const time_range range{noon - days(40), noon - days(36)};
    const auto calls = random.within(range, 500);
    const auto text = to_csv(calls);
    EXPECT_EQ(import_text(text).imported, 500U);
    summary_query q{.account = acme};
    q.range = range;
    for (const auto period : {summary_period::live, summary_period::daily, summary_period::monthly}) {
        q.period = period;
        for (const auto& r : lineside().async_query_summary(q, block).rows) {
            EXPECT_EQ(r.revision, 0U) << to_string(r.start);
            if (period != summary_period::monthly) {
                EXPECT_EQ(r.state, row_state::final);
            }
        }
    }
    // The same again changes nothing; another import into the same hours does.
    (void)import_text(text);
    EXPECT_EQ(row_at(calls[0].start_time).revision, 0U);
    import_request other;
    other.name = "late.csv";
    auto late = failed_call("late", calls[0].start_time);
    (void)import_text(to_csv({late}), other);
    EXPECT_EQ(row_at(calls[0].start_time).revision, 1U);
}

TEST_P(revisions_of_rows, a_cancelled_import_that_goes_on_is_one_import) {
    settings.storage.import_batch_calls = 25;
    random_calls random(5);
    const time_range range{noon - days(40), noon - days(38)};
    const auto text = to_csv(random.within(range, 500));
    std::stop_source stop;
    import_request q;
    q.format = record_format::lineside;
    q.name = "february.csv";
    q.input = from_text(text, 2'000, [&](std::size_t read) {
        if (read > text.size() / 2)
            stop.request_stop();
    });
    call_options options;
    options.stop = stop.get_token();
    (void)failure_of([&] { return lineside().async_import_records(q, options, block); }, errc::cancelled);
    q.input = from_text(text);
    (void)lineside().async_import_records(q, block);
    summary_query s{.account = acme};
    s.range = range;
    for (const auto& r : lineside().async_query_summary(s, block).rows)
        EXPECT_EQ(r.revision, 0U) << to_string(r.start);
}

TEST_P(revisions_of_rows, stay_when_the_portal_is_opened_again) {
    (void)import({answered_call("1", noon, seconds(60))});
    (void)import({answered_call("1", noon, seconds(61))});
    reopen();
    EXPECT_EQ(revisions(noon), (revision_list{1, 1, 1}));
}

// ---- selections -----------------------------------------------------------------------------------------------------

// Two hours: 1000 attempts, 100 answered, 6000 s; and 10, 9, 2700 s.
TEST_P(query_summary, the_average_of_shown_values_stands_beside_the_true_one) {
    std::vector<call> calls;
    const auto add = [&](instant hour, int attempts, int answered, duration talk) {
        for (int i = 0; i < attempts; ++i) {
            const auto id = to_string(hour) + std::to_string(i);
            calls.push_back(i < answered ? answered_call(id, hour + seconds(i), talk / answered)
                                         : failed_call(id, hour + seconds(i)));
        }
    };
    add(noon - hours(2), 1'000, 100, seconds(6'000));
    add(noon - hours(1), 10, 9, seconds(2'700));
    (void)import(calls);
    statistics_query q;
    q.summary = {.account = acme, .period = summary_period::live, .at = noon};
    const auto of = [&](summary_column column) {
        q.column = column;
        return lineside().async_query_statistics(q, block);
    };
    const auto asr = of(summary_column::asr);
    EXPECT_EQ(asr.column, "asr");
    EXPECT_EQ(asr.count, 2U);
    EXPECT_EQ(asr.average_of_values, "50.00");
    EXPECT_EQ(asr.true_average, "10.79");
    const auto acd = of(summary_column::acd_s);
    EXPECT_EQ(acd.average_of_values, "180.00");
    EXPECT_EQ(acd.true_average, "79.82");
    EXPECT_EQ(of(summary_column::attempts).sum, "1010");
    EXPECT_EQ(of(summary_column::talk_s).sum, "8700.00");
    EXPECT_EQ(of(summary_column::charge).count, 22U) << "the hours without calls cost nothing";

    q.first_row = 21;
    q.last_row = 22;
    EXPECT_EQ(of(summary_column::asr).average_of_values, "10.00");
    q.last_row = 21;
    EXPECT_EQ(of(summary_column::asr).count, 0U);
    EXPECT_FALSE(of(summary_column::asr).sum);
    for (const auto& [first, last] : {std::pair(0U, 25U), std::pair(22U, 21U), std::pair(25U, 25U)}) {
        q.first_row = first;
        q.last_row = last;
        EXPECT_EQ(failure_of([&] { return of(summary_column::asr); }, errc::invalid_argument).field, "rows");
    }
    q.first_row = 25;
    q.last_row.reset();
    (void)failure_of([&] { return of(summary_column::asr); }, errc::invalid_argument);
}

} // namespace
} // namespace lineside::contract
