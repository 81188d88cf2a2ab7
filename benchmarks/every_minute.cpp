// Asks a database for every account's live channels, minute by minute: every_minute DATABASE
// With --print it prints every number of job A as CSV, for benchmarks/run check.

#include "support.hpp"

#include <cinttypes>

namespace {

using namespace lineside;

series ask(portal& p, const account_id& account, metric m, time_range range = bench::month) {
    return p.async_query_series({account, m, range, time_step::minute, "UTC"}, block);
}

void print_minutes(portal& p, const account_id& account) {
    // The last calls of the month end in the next one.
    const time_range range{bench::month.from, bench::month.to + std::chrono::days(1)};
    const auto attempts = ask(p, account, metric::attempts, range);
    const auto answered = ask(p, account, metric::answered, range);
    const auto talk = ask(p, account, metric::talk, range);
    const auto dtmf = ask(p, account, metric::dtmf_calls, range);
    const auto charge = ask(p, account, metric::charge, range);
    const auto peak = ask(p, account, metric::live_channels, range);
    const auto average = ask(p, account, metric::live_channels_avg, range);
    for (std::size_t i = 0; i < attempts.time.size(); ++i) {
        const auto second = attempts.time[i].time_since_epoch().count() / 1'000;
        if (attempts.numerator[i] != 0)
            std::printf("minute,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\n",
                        account.value().c_str(), second, attempts.numerator[i], answered.numerator[i],
                        talk.numerator[i], dtmf.numerator[i], charge.numerator[i] / 1'000);
        if (average.numerator[i] != 0)
            std::printf("live,%s,%" PRId64 ",%" PRId64 ",%" PRId64 "\n", account.value().c_str(), second,
                        peak.numerator[i], average.numerator[i]);
    }
}

void print_summary(portal& p, const account_id& account, summary_period period, const char* name) {
    const auto rows = p.async_query_summary({account, period, std::nullopt, bench::month}, block).rows;
    for (const auto& row : rows)
        if (row.attempts != 0)
            std::printf("%s,%s,%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%lld,%" PRIu64 ",%" PRId64 "\n", name,
                        account.value().c_str(), row.start.time_since_epoch().count() / 1'000, row.attempts,
                        row.answered, std::llround(row.talk_s * 1'000), row.dtmf_calls.value_or(0),
                        row.charge->units * 1'000'000 + row.charge->nanos / 1'000);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return 2;
    const bench::stopwatch watch;
    engine engine({.database = std::string("sqlite:") + argv[1]});
    double points = 0;
    for (const auto& account : bench::accounts_of(engine)) {
        if (argc == 2) {
            points += static_cast<double>(ask(engine, account, metric::live_channels).value.size());
            points += static_cast<double>(ask(engine, account, metric::live_channels_avg).value.size());
            continue;
        }
        print_minutes(engine, account);
        print_summary(engine, account, summary_period::live, "hour");
        print_summary(engine, account, summary_period::daily, "day");
        print_summary(engine, account, summary_period::monthly, "month");
    }
    if (argc == 2)
        bench::report({{"seconds", watch.seconds()}, {"points", points}});
}
