// Job C, questions to 10 million stored calls:
//   bench_job_c prepare DATABASE ROLLUPS   copies every account's minutes, hours and days into a SQLite file
//   bench_job_c lineside DATABASE          times of the engine
//   bench_job_c sqlite ROLLUPS             times of the same questions to the rival's prepared rows

#include "support.hpp"
#include "wire/json.hpp"

#include <array>
#include <cstring>
#include <deque>
#include <filesystem>
#include <optional>
#include <random>

namespace {

using namespace lineside;

constexpr std::size_t questions = 2'000;
constexpr std::size_t busiest = 10; // the first accounts have most of the traffic: calls in nearly every minute
const std::string kyiv = "Europe/Kyiv";

// What the four graphs and a bill are drawn from.
constexpr std::array<metric, 8> metrics{
    metric::live_channels, metric::live_channels_avg, metric::attempts, metric::asr,
    metric::acd,           metric::dtmf_percent,      metric::talk,     metric::charge};

std::vector<account_id> shuffled(std::vector<account_id> ids, std::mt19937_64& random) {
    std::shuffle(ids.begin(), ids.end(), random);
    return ids;
}

series_query hours_in_kyiv(const account_id& account, metric m) {
    return {account, m, bench::month, time_step::hour, kyiv};
}

void time_lineside(const std::string& database) {
    std::mt19937_64 random(1);
    const bench::stopwatch opening;
    std::optional<engine> engine;
    engine.emplace(engine_options{.database = "sqlite:" + database});
    const double constructed = opening.seconds();
    (void)engine->async_list_accounts({.limit = 1}, block);
    const double opened = opening.seconds();
    const auto by_id = bench::accounts_of(*engine);
    const auto accounts = shuffled(by_id, random);

    double sum = 0; // so that nothing is optimised away
    bench::latencies cold, warm, busy, hours, days, json;
    for (const auto& account : accounts)
        cold.measure([&] {
            const auto s =
                engine->async_query_series(hours_in_kyiv(account, metrics[random() % metrics.size()]), block);
            sum += static_cast<double>(s.time.size());
        });
    std::string text;
    double json_bytes = 0;
    for (std::size_t i = 0; i < questions; ++i) {
        const auto query = hours_in_kyiv(accounts[random() % accounts.size()], metrics[random() % metrics.size()]);
        series s;
        warm.measure([&] { s = engine->async_query_series(query, block); });
        json.measure([&] {
            text.clear();
            wire::append_json(text, s);
        });
        json_bytes += static_cast<double>(text.size());
        const auto of_busy = hours_in_kyiv(by_id[random() % busiest], query.metric);
        busy.measure([&] { s = engine->async_query_series(of_busy, block); });
    }
    const auto ask = [&](bench::latencies& into, summary_period period, std::size_t expected) {
        for (std::size_t i = 0; i < questions; ++i) {
            const summary_query query{accounts[random() % accounts.size()], period,
                                      bench::month.to - std::chrono::milliseconds(1)};
            into.measure([&] { sum += static_cast<double>(engine->async_query_summary(query, block).rows.size()); });
        }
        sum -= static_cast<double>(expected * questions);
    };
    ask(hours, summary_period::live, 24);
    ask(days, summary_period::daily, 31);
    if (sum != static_cast<double>(744 * accounts.size()))
        throw std::runtime_error("not the expected numbers of points and rows");
    bench::report({{"open_ms", constructed * 1e3},
                   {"first_answer_ms", opened * 1e3},
                   {"cold_p50", cold.at(0.5)},
                   {"cold_p99", cold.at(0.99)},
                   {"warm_p50", warm.at(0.5)},
                   {"warm_p99", warm.at(0.99)},
                   {"busy_p50", busy.at(0.5)},
                   {"busy_p99", busy.at(0.99)},
                   {"hours_p50", hours.at(0.5)},
                   {"days_p50", days.at(0.5)},
                   {"json_p50", json.at(0.5)},
                   {"json_bytes", json_bytes / questions}});
}

// ---- SQLite

void prepare(const std::string& database, const std::string& path) {
    std::filesystem::remove(path);
    engine engine({.database = "sqlite:" + database});
    bench::sqlite db(path);
    db.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    const std::string columns = "(account INTEGER, start INTEGER, attempts INTEGER, answered INTEGER, talk_ms INTEGER,"
                                " dtmf_calls INTEGER, charge INTEGER, peak INTEGER, channel_ms INTEGER,"
                                " PRIMARY KEY (account, start)) WITHOUT ROWID";
    for (const std::string table : {"minutes", "hours", "days"})
        db.execute("CREATE TABLE " + table + columns);
    bench::sqlite::statement insert(db, "INSERT INTO minutes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    std::int64_t key = 0;
    for (const auto& account : bench::accounts_of(engine)) {
        std::vector<std::vector<std::int64_t>> of;
        std::vector<instant> time;
        for (const auto m : {metric::attempts, metric::answered, metric::talk, metric::dtmf_calls, metric::charge,
                             metric::live_channels, metric::live_channels_avg}) {
            auto s = engine.async_query_series({account, m, bench::month, time_step::minute, "UTC"}, block);
            of.push_back(std::move(s.numerator));
            time = std::move(s.time);
        }
        ++key;
        for (std::size_t i = 0; i < time.size(); ++i)
            if (of[0][i] != 0 || of[6][i] != 0)
                insert.run({key, time[i].time_since_epoch().count() / 60'000, of[0][i], of[1][i], of[2][i], of[3][i],
                            of[4][i], of[5][i], of[6][i]});
    }
    const std::string sums = ", sum(attempts), sum(answered), sum(talk_ms), sum(dtmf_calls), sum(charge), max(peak),"
                             " sum(channel_ms) FROM ";
    db.execute("INSERT INTO hours SELECT account, start / 60" + sums + "minutes GROUP BY 1, 2 ORDER BY 1, 2");
    db.execute("INSERT INTO days SELECT account, start / 24" + sums + "hours GROUP BY 1, 2 ORDER BY 1, 2");
    db.execute("COMMIT");
}

// An hour of Kyiv is an hour of UTC, so the rival may group by UTC's and is spared the zone.
void time_sqlite(const std::string& path) {
    std::mt19937_64 random(1);
    const bench::stopwatch opening;
    bench::sqlite db(path);
    db.execute("PRAGMA cache_size = -32768");
    std::deque<bench::sqlite::statement> series;
    for (const char* value :
         {"max(peak)", "sum(channel_ms)", "sum(attempts)", "sum(answered), sum(attempts)",
          "sum(talk_ms), sum(answered)", "sum(dtmf_calls), sum(answered)", "sum(talk_ms)", "sum(charge)"})
        series.emplace_back(db, std::string("SELECT start / 60, ") + value +
                                    " FROM minutes WHERE account = ? AND start >= ? AND start < ? GROUP BY 1");
    bench::sqlite::statement hours(db, "SELECT * FROM hours WHERE account = ? AND start >= ? AND start < ?");
    bench::sqlite::statement days(db, "SELECT * FROM days WHERE account = ? AND start >= ? AND start < ?");
    std::int64_t count = 0;
    bench::sqlite::statement(db, "SELECT max(account) FROM days").run({}, [&](sqlite3_stmt* row) {
        count = sqlite3_column_int64(row, 0);
    });
    const double opened = opening.seconds();

    std::int64_t sum = 0;
    const auto take = [&](sqlite3_stmt* row) {
        for (int i = 1; i < sqlite3_column_count(row); ++i)
            sum += sqlite3_column_int64(row, i);
    };
    const auto from = bench::month.from.time_since_epoch() / std::chrono::minutes(1);
    const auto to = bench::month.to.time_since_epoch() / std::chrono::minutes(1);
    const auto of = [&] { return 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(count)); };
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<std::int64_t>(i) + 1;
    std::shuffle(order.begin(), order.end(), random);
    bench::latencies cold, warm, busy, hour_rows, day_rows;
    for (const auto account : order)
        cold.measure([&] { series[random() % series.size()].run({account, from, to}, take); });
    for (std::size_t i = 0; i < questions / 2; ++i) {
        warm.measure([&, account = of()] { series[random() % series.size()].run({account, from, to}, take); });
        const auto of_busy = 1 + static_cast<std::int64_t>(random() % busiest);
        busy.measure([&] { series[random() % series.size()].run({of_busy, from, to}, take); });
    }
    for (std::size_t i = 0; i < questions; ++i) {
        hour_rows.measure([&, account = of()] { hours.run({account, to / 60 - 24, to / 60}, take); });
        day_rows.measure([&, account = of()] { days.run({account, from / 1'440, to / 1'440}, take); });
    }
    bench::report({{"open_ms", opened * 1e3},
                   {"cold_p50", cold.at(0.5)},
                   {"cold_p99", cold.at(0.99)},
                   {"warm_p50", warm.at(0.5)},
                   {"warm_p99", warm.at(0.99)},
                   {"busy_p50", busy.at(0.5)},
                   {"busy_p99", busy.at(0.99)},
                   {"hours_p50", hour_rows.at(0.5)},
                   {"days_p50", day_rows.at(0.5)},
                   {"sum", static_cast<double>(sum)}});
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::strcmp(argv[1], "prepare") == 0)
        prepare(argv[2], argv[3]);
    else if (argc == 3 && std::strcmp(argv[1], "lineside") == 0)
        time_lineside(argv[2]);
    else if (argc == 3 && std::strcmp(argv[1], "sqlite") == 0)
        time_sqlite(argv[2]);
    else
        return 2;
}
