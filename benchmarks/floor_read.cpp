// The floors of job A: floor_read read|newlines|parse|rules FILE
//   read      the bytes, nothing else
//   newlines  and count the rows
//   parse     Lineside's reader, every row validated, into a sink that counts
//   rules     parse, and roll every account and minute up in memory: no duplicate check, no store

#include "support.hpp"

#include <map>
#include <unordered_map>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace lineside;

template <class Take>
void read_bytes(const char* path, Take take) {
    std::vector<char> buffer(std::size_t{256} << 10U);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    for (;;) {
        const auto n = ::read(file, buffer.data(), buffer.size());
        if (n <= 0)
            break;
        take(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
    }
    ::close(file);
}

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t minutes_a_day = 1'440;

using days_of_account = std::map<std::int64_t, std::vector<rules::call_facts>>;

// The cells of each day go out of scope again: what is measured is working them out.
std::uint64_t roll_up(days_of_account& days, rules::roller& roller) {
    std::vector<rules::cell> cells(minutes_a_day);
    std::vector<rules::live_span> carried;
    std::uint64_t peaks = 0;
    for (auto& [day, calls] : days) {
        std::sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
        std::erase_if(carried, [from = day * day_ms](const auto& span) { return span.end <= from; });
        roller.run(calls, carried, day * day_ms, 60'000, cells);
        for (const auto& cell : cells)
            peaks += cell.live_peak;
        for (const auto& c : calls)
            if (c.end > (day + 1) * day_ms)
                carried.push_back({c.start, c.end});
    }
    return peaks;
}

double rules_only(const std::string& path) {
    std::unordered_map<std::string, days_of_account> accounts;
    std::string key;
    bench::read_calls(path, [&](const call_view& c) {
        key.assign(c.account);
        accounts[key][c.start / day_ms].push_back(bench::facts_of(c));
    });
    rules::roller roller;
    std::uint64_t peaks = 0;
    for (auto& [id, days] : accounts)
        peaks += roll_up(days, roller);
    return static_cast<double>(peaks);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    const std::string_view what = argv[1];
    const bench::stopwatch watch;
    double result = 0;
    if (what == "read")
        read_bytes(argv[2], [&](std::string_view bytes) { result += static_cast<double>(bytes.size()); });
    else if (what == "newlines")
        read_bytes(argv[2], [&](std::string_view bytes) {
            result += static_cast<double>(std::count(bytes.begin(), bytes.end(), '\n'));
        });
    else if (what == "parse")
        bench::read_calls(argv[2], [&](const call_view& c) { result += static_cast<double>(c.talk); });
    else
        result = rules_only(argv[2]);
    bench::report({{"seconds", watch.seconds()}, {"result", result}});
}
