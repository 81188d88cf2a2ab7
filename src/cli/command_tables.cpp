#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/summary_table.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace lineside::cli {

namespace {

constexpr option account_option{"--account", "ID", "the account", presence::required};
constexpr option json_option{"--json", "", "as JSON"};
constexpr option csv_option{"--csv", "", "as CSV"};
constexpr option tsv_option{"--tsv", "", "as tab-separated values"};
constexpr option raw_option{"--raw", "",
                            "CSV and TSV without the apostrophe that keeps spreadsheets from running texts"};
constexpr option no_headers_option{"--no-headers", "", "CSV and TSV without the header row"};
constexpr option period_option{"--period", "P", "live (hours, the last 24), daily (31) or monthly (12)",
                               presence::required};
constexpr option at_option{"--at", "T", "as of this time; now unless given"};
constexpr option from_option{"--from", "T", "the rows that touch the range from here, instead of the last ones ..."};
constexpr option to_option{"--to", "T", "... to here"};

// --- accounts

constexpr option accounts_options[] = {json_option};

std::vector<account> all_accounts(session& s) {
    std::vector<account> all;
    account_query query{.cursor = {}, .limit = 1000};
    do {
        auto page = s.open().async_list_accounts(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return all;
}

exit_status run_accounts(session& s) {
    const auto accounts = all_accounts(s);
    if (form_of(s.args()) == output_form::json) {
        print_json(accounts);
        return exit_status::done;
    }
    table t;
    for (const auto heading : {"account", "company", "currency", "zone"})
        t.add_column(heading, alignment::left);
    t.add_column("channels", alignment::right);
    t.add_column("created UTC", alignment::left);
    for (const auto& a : accounts)
        t.add_row({a.id.value(), a.name, a.currency.empty() ? "-" : a.currency, a.time_zone,
                   a.channel_limit ? std::to_string(*a.channel_limit) : "no limit", shown_time(a.created_at, {})});
    print(t);
    return exit_status::done;
}

// --- series

constexpr option series_options[] = {
    account_option,
    {"--metric", "M",
     "live_channels (peak), live_channels_avg, attempts, answered, asr, acd, ner,\n"
     "dtmf_calls, dtmf_digits, dtmf_percent, cps_peak, cps_avg, pdd, talk, charge",
     presence::required},
    {"--from", "T", "from here ...", presence::required},
    {"--to", "T", "... to here, widened to whole steps", presence::required},
    {"--step", "STEP", "1m, 5m, 1h, 1d, 1w or 1mo", presence::required},
    {"--zone", "ZONE", "the IANA zone whose days and hours are meant; the account's unless given"},
    json_option,
    csv_option,
    tsv_option,
    raw_option,
    no_headers_option,
};

std::string shown_point(const series& x, std::size_t i) {
    if (std::isnan(x.value[i]))
        return "-";
    return x.amount.empty() ? shown(std::optional(x.value[i])) : to_string(x.amount[i]);
}

void print_series(const series& x) {
    table t;
    t.add_column(x.zone, alignment::left);
    t.add_column("UTC", alignment::left);
    t.add_column(std::string(to_string(x.metric)) + ' ' + x.unit, alignment::right);
    t.add_column("numerator", alignment::right);
    t.add_column("denominator", alignment::right);
    for (std::size_t i = 0; i < x.time.size(); ++i) {
        const std::chrono::seconds offset(x.offset_s[i]);
        t.add_row({shown_time(x.time[i], offset) + ' ' + to_string(x.time[i], offset).substr(23),
                   shown_time(x.time[i], {}), shown_point(x, i), std::to_string(x.numerator[i]),
                   std::to_string(x.denominator[i])});
    }
    print(t);
}

exit_status run_series(session& s) {
    const auto& args = s.args();
    series_query query;
    query.account = account_of(args);
    query.metric = value_of(args, "--metric", parse_metric);
    query.range = *range_of(args);
    query.step = value_of(args, "--step", parse_time_step);
    query.zone = zone_of(args);
    const auto form = form_of(args);
    if (form == output_form::csv || form == output_form::tsv) {
        print_export(s, query, form);
        return exit_status::done;
    }
    const auto answer = s.open().async_query_series(query, s.options(), block);
    form == output_form::json ? print_json(answer) : print_series(answer);
    return exit_status::done;
}

// --- summary

constexpr option summary_options[] = {
    account_option, period_option, at_option,  from_option, to_option,
    json_option,    csv_option,    tsv_option, raw_option,  no_headers_option,
};

summary_query summary_query_of(const arguments& args) {
    summary_query query;
    query.account = account_of(args);
    query.period = value_of(args, "--period", parse_summary_period);
    query.at = time_of(args, "--at");
    query.range = range_of(args);
    return query;
}

row_label label_of(summary_period period) {
    switch (period) {
    case summary_period::daily: return row_label::day;
    case summary_period::monthly: return row_label::month;
    case summary_period::live: break;
    }
    return row_label::day_and_hour;
}

exit_status run_summary(session& s) {
    const auto query = summary_query_of(s.args());
    const auto form = form_of(s.args());
    if (form == output_form::csv || form == output_form::tsv) {
        print_export(s, summary_export{query.account, query.period, query.at, query.range}, form);
        return exit_status::done;
    }
    const auto answer = s.open().async_query_summary(query, s.options(), block);
    if (form == output_form::json)
        print_json(answer);
    else
        print(summary_table(answer, label_of(answer.period), table_width()));
    return exit_status::done;
}

// --- stats

constexpr option stats_options[] = {
    account_option,
    period_option,
    {"--column", "C", "attempts, answered, asr, acd, talk, billed, dtmf_calls, dtmf_percent or charge",
     presence::required},
    {"--rows", "A:B", "rows of the summary, counted from 0, B excluded; all unless given"},
    at_option,
    from_option,
    to_option,
    json_option,
};

// `A:B`, either of which may be left out.
void set_rows(statistics_query& query, const arguments& args) {
    const auto text = text_of(args, "--rows");
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        wrong_value("--rows", "'" + text + "' is not A:B, such as 0:24");
    const auto first = text.substr(0, colon);
    const auto last = text.substr(colon + 1);
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (!first.empty())
        query.first_row = static_cast<std::uint32_t>(number_from(first, "--rows", 0, most));
    if (!last.empty())
        query.last_row = static_cast<std::uint32_t>(number_from(last, "--rows", query.first_row, most));
}

exit_status run_stats(session& s) {
    const auto& args = s.args();
    statistics_query query;
    query.summary = summary_query_of(args);
    query.column = value_of(args, "--column", parse_summary_column);
    if (args.has("--rows"))
        set_rows(query, args);
    const auto answer = s.open().async_query_statistics(query, s.options(), block);
    if (form_of(args) == output_form::json) {
        print_json(answer);
        return exit_status::done;
    }
    const auto text = [](const std::optional<std::string>& x) { return x.value_or("-"); };
    table t;
    t.add_column(answer.column, alignment::left);
    t.add_column(std::to_string(answer.count) + " cells", alignment::right);
    t.add_column("", alignment::left);
    t.add_row({"sum", text(answer.sum), "of the shown values"});
    t.add_row({"average", text(answer.average_of_values), "of the shown values: an average of averages"});
    t.add_row({"true average", text(answer.true_average), "of the calls behind them"});
    print(t);
    return exit_status::done;
}

} // namespace

command accounts_command() {
    return {{"accounts", "", "List the accounts.", accounts_options, "lineside accounts"}, run_accounts};
}

command series_command() {
    return {{"series", "", "One metric of an account over time.", series_options,
             "lineside series --account acct-0001 --metric asr --from 2026-03-01 --to 2026-04-01 --step 1d --zone "
             "Europe/Berlin"},
            run_series};
}

command summary_command() {
    return {{"summary", "", "The customer Summary: 24-hour UTC, the only numbers valid for billing.", summary_options,
             "lineside summary --account acct-0001 --period daily --csv > daily.csv"},
            run_summary};
}

command stats_command() {
    return {{"stats", "", "Sum and both averages of a selection of Summary cells.", stats_options,
             "lineside stats --account acct-0001 --period live --column asr --rows 0:12"},
            run_stats};
}

} // namespace lineside::cli
