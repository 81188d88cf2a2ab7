// hello: a portal in this process, a day of call records, and how many of them were answered.
#include <lineside/lineside.hpp>

#include <cstdio>

using namespace lineside;

int main(int, char** argv) {
    try {
        engine portal({.database = "sqlite::memory:"});

        import_request records;
        records.input = open_file(argv[1]).value();
        const import_report report = portal.async_import_records(std::move(records), block);
        std::printf("%llu calls\n", static_cast<unsigned long long>(report.imported));

        summary_query day{.account = account_id("harbour"), .period = summary_period::daily};
        day.range = time_range{parse_instant("2026-03-10").value(), parse_instant("2026-03-11").value()};
        const summary_row row = portal.async_query_summary(day, block).rows.at(0);
        std::printf("%llu answered: ASR %.2f %%, ACD %.2f s\n", static_cast<unsigned long long>(row.answered),
                    row.asr.value(), row.acd_s.value());
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
