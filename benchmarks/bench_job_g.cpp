// Job G, a call in C++, the floor under those of C and Python: bench_job_g DATABASE. Prints a line of JSON: what an account
// costs, what a month of one metric in hours, and what a point of it to whoever adds them up.

#include "support.hpp"

#include <array>

namespace {

using namespace lineside;

constexpr std::size_t rounds = 11;
constexpr std::size_t calls = 20'000;
constexpr std::size_t series_calls = 500;
constexpr std::size_t reads = 2'000;

template <class Operation>
double microseconds_each(std::size_t count, Operation operation) {
    const bench::stopwatch watch;
    for (std::size_t i = 0; i < count; ++i)
        operation();
    return watch.seconds() * 1e6 / static_cast<double>(count);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        return 2;
    engine engine({.database = "sqlite:" + std::string(argv[1])});
    account_query first;
    first.limit = 1;
    const auto asked = engine.async_list_accounts(first, block).items.at(0).id;
    series_query month;
    month.account = asked;
    month.metric = metric::attempts;
    month.range = bench::month;
    month.zone = "UTC";

    std::size_t points = 0;
    double sum = 0;
    std::array<std::vector<double>, 3> us;
    for (std::size_t round = 0; round < rounds; ++round) {
        us[0].push_back(microseconds_each(calls, [&] { (void)engine.async_get_account(asked, block); }));
        us[1].push_back(microseconds_each(series_calls, [&] { (void)engine.async_query_series(month, block); }));
        const auto one = engine.async_query_series(month, block);
        points = one.value.size();
        us[2].push_back(microseconds_each(reads, [&] {
            for (const double value : one.value)
                sum += value;
        }));
    }
    const auto median = [&](std::size_t of) { return bench::latencies(us[of]).at(0.5); };
    bench::report({{"call_us", median(0)},
                   {"series_us", median(1)},
                   {"point_ns", median(2) * 1e3 / static_cast<double>(points)},
                   {"points", static_cast<double>(points)},
                   {"sum", sum}});
}
