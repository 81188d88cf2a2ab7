#include "integration/contract/contract.hpp"

#include <algorithm>
#include <sstream>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(export_data);

const instant noon = at("2026-03-10T12:00:00Z");

class exported : public std::vector<std::vector<std::string>> {
public:
    exported(portal& p, export_request request, char separator = ',') {
        request.write = [&](std::string_view piece) {
            ++pieces;
            text.append(piece);
        };
        report = p.async_export_data(request, block);
        // None of the fields below holds a separator, a quote or a line break.
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (!line.empty() && line.back() == '\r')
                line.pop_back();
            auto& row = emplace_back();
            std::istringstream cells(line);
            for (std::string cell; std::getline(cells, cell, separator);)
                row.push_back(cell);
            if (!line.empty() && line.back() == separator)
                row.emplace_back();
        }
        EXPECT_EQ(report.bytes, text.size());
    }
    // The cell of a row by the name of its column.
    std::string cell(std::size_t row, std::string_view column) const {
        const auto& names = front();
        const auto found = std::find(names.begin(), names.end(), column);
        if (found == names.end()) {
            ADD_FAILURE() << "there is no column " << column << " in\n" << text.substr(0, 400);
            return {};
        }
        return at(row).at(static_cast<std::size_t>(found - names.begin()));
    }

    std::string text;
    std::size_t pieces = 0;
    export_report report;
};

TEST_P(export_data, a_table_holds_what_the_summary_shows) {
    random_calls random(1);
    (void)import(random.within({noon - days(3), noon}, 400));
    for (const auto period : {summary_period::live, summary_period::daily, summary_period::monthly}) {
        const auto rows = lineside().async_query_summary({.account = acme, .period = period}, block).rows;
        const exported table(lineside(), {.what = summary_export{.account = acme, .period = period}});
        EXPECT_EQ(table.report.rows, rows.size());
        ASSERT_EQ(table.size(), rows.size() + 1);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& r = rows[i];
            EXPECT_EQ(table.cell(i + 1, "account"), "acme");
            EXPECT_EQ(table.cell(i + 1, "zone"), "UTC");
            EXPECT_EQ(parse_instant(table.cell(i + 1, "start")).value(), r.start);
            EXPECT_EQ(parse_instant(table.cell(i + 1, "end")).value(), r.end);
            EXPECT_EQ(table.cell(i + 1, "attempts"), std::to_string(r.attempts));
            EXPECT_EQ(table.cell(i + 1, "answered"), std::to_string(r.answered));
            const auto number = [&](const char* column, auto value) {
                const auto text = table.cell(i + 1, column);
                ASSERT_EQ(text.empty(), !value.has_value()) << column << " of row " << i << ": null is an empty cell";
                if (value) {
                    EXPECT_DOUBLE_EQ(std::stod(text), static_cast<double>(*value)) << column;
                }
            };
            number("asr", r.asr);
            number("acd_s", r.acd_s);
            number("talk_s", std::optional(r.talk_s));
            number("billed_s", r.billed_s);
            number("dtmf_calls", r.dtmf_calls);
            number("dtmf_percent", r.dtmf_percent);
            EXPECT_EQ(table.cell(i + 1, "charge"), r.charge ? to_string(*r.charge) : "");
            EXPECT_EQ(table.cell(i + 1, "currency"), r.currency);
            EXPECT_EQ(table.cell(i + 1, "state"), to_string(r.state));
            EXPECT_EQ(table.cell(i + 1, "revision"), std::to_string(r.revision));
            EXPECT_EQ(table.cell(i + 1, "open_calls"), std::to_string(r.open_calls));
        }
    }
}

TEST_P(export_data, without_an_account_it_is_all_of_them_in_the_order_of_their_ids) {
    std::vector<std::string> ids;
    std::vector<call> calls;
    for (int i = 0; i < 1'050; ++i) { // more than a page of accounts
        ids.push_back("a" + std::to_string(i * 11 % 1'050));
        calls.push_back(failed_call(std::to_string(i), noon));
        calls.back().account_id = account_id(ids.back());
    }
    (void)import(calls);
    std::sort(ids.begin(), ids.end());
    summary_export what;
    what.period = summary_period::daily;
    what.range = time_range{noon - days(1), noon};
    const exported table(lineside(), {.what = what, .header = header_row::omitted});
    ASSERT_EQ(table.size(), ids.size() * 2);
    EXPECT_EQ(table.report.rows, ids.size() * 2);
    for (std::size_t i = 0; i < table.size(); ++i)
        ASSERT_EQ(table[i][0], ids[i / 2]);
}

TEST_P(export_data, calls_come_out_as_they_went_in) {
    random_calls random(2);
    const auto calls = random.within({noon - days(3), noon}, 1'500);
    (void)import(calls);
    const call_query q{.account = acme, .limit = 10}; // an export has no pages
    const exported table(lineside(), {.what = q, .safety = cell_safety::raw});
    EXPECT_EQ(table.report.rows, calls.size());
    EXPECT_GT(table.pieces, 1U) << "a large table comes in pieces";
    ASSERT_EQ(table.size(), calls.size() + 1);
    const auto listed = all_calls(acme);
    for (std::size_t i = 0; i < listed.size(); ++i) {
        EXPECT_EQ(table.cell(i + 1, "call_id"), listed[i].call_id);
        EXPECT_EQ(parse_instant(table.cell(i + 1, "start_time")).value(), listed[i].start_time);
        EXPECT_EQ(table.cell(i + 1, "charge"), listed[i].charge ? to_string(*listed[i].charge) : "");
    }
    call_query answered = q;
    answered.filter = call_filter::answered;
    answered.order = call_order::newest_first;
    const auto some = exported(lineside(), {.what = answered}).report.rows;
    EXPECT_EQ(some, static_cast<std::uint64_t>(
                        std::count_if(calls.begin(), calls.end(), [](const call& c) { return c.answered(); })));
}

TEST_P(export_data, calls_that_are_exported_can_be_imported) {
    random_calls random(3);
    auto calls = random.within({noon - days(3), noon}, 300);
    for (auto& c : calls)
        c.source = "lineside";
    (void)import(calls);
    for (const auto format : {export_format::csv, export_format::ndjson}) {
        const exported table(lineside(),
                             {.what = call_query{.account = acme}, .format = format, .safety = cell_safety::raw});
        const auto r = import_text(table.text);
        EXPECT_EQ(r.rejected, 0U);
        EXPECT_EQ(r.duplicates, 300U) << "restated " << r.restated << ", imported " << r.imported;
    }
}

TEST_P(export_data, series_come_as_rows) {
    random_calls random(4);
    (void)import(random.within({noon - days(1), noon}, 100));
    const series_query q{acme, metric::acd, {noon - days(1), noon}, time_step::hour, "Asia/Kolkata"};
    const auto s = lineside().async_query_series(q, block);
    const exported table(lineside(), {.what = q, .format = export_format::tsv}, '\t');
    ASSERT_EQ(table.size(), s.time.size() + 1);
    EXPECT_EQ(table.report.rows, s.time.size());
    for (std::size_t i = 0; i < s.time.size(); ++i) {
        EXPECT_EQ(table.cell(i + 1, "value").empty(), s.denominator[i] == 0);
        EXPECT_EQ(table.cell(i + 1, "zone"), "Asia/Kolkata");
    }
}

TEST_P(export_data, text_that_a_spreadsheet_would_run_is_disarmed_unless_it_is_raw) {
    auto c = failed_call("=1+2", noon);
    c.cli = "+442012345678";
    (void)import({c});
    const exported safe(lineside(), {.what = call_query{.account = acme}});
    EXPECT_EQ(safe.cell(1, "call_id"), "'=1+2");
    EXPECT_EQ(safe.cell(1, "cli"), "'+442012345678");
    const exported raw(lineside(), {.what = call_query{.account = acme}, .safety = cell_safety::raw});
    EXPECT_EQ(raw.cell(1, "call_id"), "=1+2");
}

TEST_P(export_data, what_write_throws_ends_it_and_reaches_the_caller) {
    random_calls random(5);
    (void)import(random.within({noon - days(3), noon}, 1'500));
    int pieces = 0;
    export_request q{.what = call_query{.account = acme}};
    q.write = [&](std::string_view) {
        ++pieces;
        throw error(errc::exhausted, "the disk is full");
    };
    EXPECT_EQ(failure_of([&] { return lineside().async_export_data(q, block); }, errc::exhausted).message,
              "the disk is full");
    q.write = [&](std::string_view) {
        ++pieces;
        throw std::runtime_error("no more");
    };
    EXPECT_EQ(failure_of([&] { return lineside().async_export_data(q, block); }, errc::internal).message, "no more");
    EXPECT_EQ(pieces, 2);
    EXPECT_EQ(all_calls(acme).size(), 1'500U);
}

TEST_P(export_data, write_may_ask_the_portal_itself) {
    random_calls random(6);
    (void)import(random.within({noon - days(3), noon}, 1'500));
    int pieces = 0;
    export_request q{.what = call_query{.account = acme}};
    q.write = [&](std::string_view) {
        EXPECT_EQ(lineside().async_get_account(acme, block).id, acme);
        EXPECT_EQ(import({failed_call("while exporting " + std::to_string(++pieces), noon)}).imported, 1U);
    };
    EXPECT_GE(lineside().async_export_data(q, block).rows, 1'500U);
    EXPECT_GT(pieces, 1);
    EXPECT_EQ(all_calls(acme).size(), 1'500U + static_cast<std::size_t>(pieces));
}

TEST_P(export_data, an_export_needs_somewhere_to_write_to) {
    EXPECT_EQ(failure_of([&] { return lineside().async_export_data({.what = summary_export{}}, block); },
                         errc::invalid_argument)
                  .field,
              "write");
}

} // namespace
} // namespace lineside::contract
