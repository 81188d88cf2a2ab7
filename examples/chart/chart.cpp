// chart: one metric over a day in the customer's own time zone, drawn as bars.
#include <lineside/lineside.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

using namespace lineside;

int main(int, char** argv) {
    try {
        engine portal({.database = "sqlite::memory:"});
        import_request records;
        records.input = open_file(argv[1]).value();
        (void)portal.async_import_records(std::move(records), block);

        series_query query{.account = account_id("harbour"), .metric = metric::attempts};
        query.range = {parse_instant("2026-03-10").value(), parse_instant("2026-03-11").value()};
        query.zone = "Europe/Kyiv";
        const series line = portal.async_query_series(query, block);

        // Columns of equal length; offset_s is what the zone adds to UTC at that moment.
        const double most = *std::max_element(line.value.begin(), line.value.end());
        std::printf("%s per hour, %s\n", line.unit.c_str(), line.zone.c_str());
        for (std::size_t i = 0; i < line.time.size(); ++i) {
            const auto local = line.time[i] + std::chrono::seconds(line.offset_s[i]);
            const auto bar = static_cast<std::size_t>(line.value[i] / most * 40);
            std::printf("%s %s %.0f\n", to_string(local).substr(11, 5).c_str(), std::string(bar, '#').c_str(),
                        line.value[i]);
        }
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
