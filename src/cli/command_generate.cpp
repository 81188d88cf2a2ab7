#include "cli/generate.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "cli/values.hpp"

namespace lineside::cli {

namespace {

constexpr option options[] = {
    {"--calls", "N", "how many calls", presence::required},
    {"--accounts", "N", "of how many accounts: acct-0001 has the most traffic", presence::required},
    {"--days", "N", "over how many days", presence::required},
    {"--seed", "S", "the same number gives the same calls, everywhere", presence::required},
    {"--start", "T", "when they begin; 2026-03-01 unless given"},
};

exit_status run(session& s) {
    const auto& args = s.args();
    generate_options g;
    g.calls = number_of(args, "--calls", 0, 100'000'000'000);
    g.accounts = static_cast<std::uint32_t>(number_of(args, "--accounts", 1, 1'000'000));
    g.days = static_cast<std::uint32_t>(number_of(args, "--days", 1, 3'660));
    g.seed = number_of(args, "--seed", 0, std::numeric_limits<std::uint64_t>::max());
    g.start = time_of(args, "--start").value_or(instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)));
    if (g.start < instant{})
        wrong_value("--start", "there was no telephone traffic worth generating before 1970");
    generate_calls(g, [stop = s.options().stop](std::string_view piece) {
        if (stop.stop_requested())
            throw error(errc::cancelled, "interrupted");
        write_output(piece);
    });
    return exit_status::done;
}

} // namespace

command generate_command() {
    return {{"generate", "", "Write made-up calls as Lineside CSV, to try things with.", options,
             "lineside generate --calls 100000 --accounts 20 --days 31 --seed 1 > calls.csv"},
            run};
}

} // namespace lineside::cli
