#include "cli/dashboard.hpp"
#include "cli/output.hpp"
#include "rules/calendar.hpp"

#include <utility>

namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--account", "ID", "the account", presence::required},
    {"--at", "T", "the page as of this time; now unless given"},
    {"--zone", "ZONE", "IANA zone of clock and graphs; the account's unless given"},
};

// What is kept of the present moment alone.
void add_present(session& s, dashboard& page) {
    const auto& id = page.account.id;
    page.checklist = s.open().async_get_checklist({.account = id}, s.options(), block).items.size();
    page.channels = s.open().async_get_channels({id}, s.options(), block).in_use;
    if (auto b = s.open().async_get_balance({id}, s.options(), block); !b.currency.empty())
        page.balance = std::move(b.amount);
}

dashboard dashboard_of(session& s) {
    const auto& args = s.args();
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto named = zone_of(args);
    dashboard page;
    page.at = time_of(args, "--at").value_or(now);
    page.account = s.open().async_get_account(account_of(args), s.options(), block);
    const auto zone = rules::zone::find(named.empty() ? page.account.time_zone : named).value();
    page.zone = zone.name();
    page.offset = zone.offset_at(page.at);
    page.range = {page.at - std::chrono::hours(24), page.at};
    const auto series_of = [&](metric m) {
        series_query query;
        query.account = page.account.id;
        query.metric = m;
        query.range = page.range;
        query.step = time_step::five_minutes;
        query.zone = page.zone;
        return s.open().async_query_series(query, s.options(), block);
    };
    page.live_channels = series_of(metric::live_channels);
    page.asr = series_of(metric::asr);
    page.acd = series_of(metric::acd);
    page.dtmf_percent = series_of(metric::dtmf_percent);
    summary_query last_day;
    last_day.account = page.account.id;
    last_day.at = page.at;
    page.last_day = s.open().async_query_summary(last_day, s.options(), block);
    if (!args.has("--at"))
        add_present(s, page);
    return page;
}

exit_status run(session& s) {
    const auto page = dashboard_of(s);
    for (const auto& line : draw(page, output_width(), output_has_colour() ? colouring::on : colouring::off))
        write_output(line + '\n');
    return exit_status::done;
}

} // namespace

command dashboard_command() {
    return {{"dashboard", "", "The customer's page in the terminal: four graphs and the last 24 hours.", options,
             "lineside dashboard --account acct-0001 --at 2026-03-15T12:00:00Z --zone Europe/Berlin"},
            run};
}

} // namespace lineside::cli
