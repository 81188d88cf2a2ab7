#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/simulate.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <iterator>
#include <limits>
#include <mutex>
#include <random>
#include <utility>

// Calls in progress that nobody makes.
namespace lineside::cli {

namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr option known_options[] = {
    {"--account", "ID,...", "whose calls", presence::required},
    {"--rate", "N", "calls a second of all accounts together, 0.001 to 1000; 2 unless given"},
    {"--seconds", "N", "how long; until Ctrl-C unless given, and with 0"},
    {"--speed", "N", "calls are so many times shorter than real ones, 1 to 1000; 1 unless given"},
    {"--most", "N", "calls in progress at a time, 1 to 100000; 1000 unless given"},
    {"--source", "NAME", "the switch that tells of them; 'simulator' unless given"},
    {"--seed", "S", "the same number gives the same calls, everywhere"},
    {"--json", "", "what was done as JSON"},
};

// "2", "0.5": thousandths.
std::uint64_t rate_from(std::string_view text) {
    constexpr std::uint64_t most = 1'000;
    const auto point = text.find('.');
    auto decimals = point == std::string_view::npos ? std::string("0") : std::string(text.substr(point + 1));
    if (decimals.size() > 3)
        wrong_value("--rate", "at most three decimals");
    decimals.append(decimals.empty() ? 0 : 3 - decimals.size(), '0');
    const auto rate =
        1'000 * number_from(text.substr(0, point), "--rate", 0, most) + number_from(decimals, "--rate", 0, 999);
    if (rate == 0 || rate > 1'000 * most)
        wrong_value("--rate", "it is from 0.001 to 1000");
    return rate;
}

simulate_options options_of(session& s) {
    const auto& args = s.args();
    simulate_options o;
    o.calls_in_1000_s = args.has("--rate") ? rate_from(args.get("--rate")) : o.calls_in_1000_s;
    if (args.has("--speed"))
        o.speed = static_cast<std::uint32_t>(number_of(args, "--speed", 1, 1'000));
    if (args.has("--most"))
        o.most_calls = number_of(args, "--most", 1, 100'000);
    if (args.has("--source"))
        o.source = text_of(args, "--source");
    if (args.has("--seed"))
        o.seed = number_of(args, "--seed", 0, std::numeric_limits<std::uint64_t>::max());
    else
        o.seed = std::uint64_t{std::random_device()()} << 32U | std::random_device()();
    const auto ids = list_from(args.get("--account"));
    if (ids.empty())
        wrong_value("--account", "it names no account");
    // An event of an unknown account would make one.
    for (const auto& id : ids) {
        auto a = s.open().async_get_account(account_id(id), s.options(), block);
        o.customers.push_back({std::move(a.id), std::move(a.currency)});
    }
    return o;
}

/// One line on standard error while somebody watches.
class progress_line_display {
public:
    ~progress_line_display() { clear(); }

    void show(const simulated& figures, milliseconds since) {
        if (!errors_are_watched())
            return;
        std::fprintf(stderr, "\r%s\033[K", simulated_line(figures, since).c_str());
        std::fflush(stderr);
        drawn_ = true;
    }
    void clear() {
        if (std::exchange(drawn_, false))
            std::fputs("\r\033[K", stderr);
    }

private:
    bool drawn_ = false;
};

/// Tells the portal what happens. Whatever comes between, in the end each call it told of is over.
class simulation {
public:
    explicit simulation(session& s) : session_(s), calls_(options_of(s), begin_) {}

    void run(milliseconds length) {
        const auto stop = session_.options().stop;
        try {
            for (auto now = milliseconds(0); now < length && !stop.stop_requested(); now = since()) {
                tell(calls_.until(begin_ + now));
                display_.show(calls_.figures(), now);
                const auto next = std::clamp<milliseconds>(calls_.next() - begin_, now + least_pause, now + most_pause);
                wait(stop, std::min(length, next));
            }
        } catch (...) {
            display_.clear();
            try {
                end();
            } catch (const error& e) {
                // What failed first is what is reported.
                if (told_any_)
                    std::fprintf(stderr, "lineside: calls stay in progress: %s\n", e.what());
            }
            throw;
        }
        display_.clear();
        end();
    }
    [[nodiscard]] const simulated& figures() const noexcept { return calls_.figures(); }

private:
    static constexpr milliseconds least_pause{50};   // what happens within it is told in one batch
    static constexpr milliseconds most_pause{1'000}; // for the line on the terminal
    static constexpr std::size_t events_a_batch = 1'000;

    [[nodiscard]] milliseconds since() const {
        return std::chrono::duration_cast<milliseconds>(steady::now() - steady_begin_);
    }
    void end() { tell(calls_.finish(begin_ + since())); }
    void tell(std::vector<call_event> events) {
        std::move(events.begin(), events.end(), std::back_inserter(untold_));
        while (!untold_.empty()) {
            const auto end = untold_.begin() + static_cast<std::ptrdiff_t>(std::min(untold_.size(), events_a_batch));
            // Ctrl-C does not stop it half-way. What may have been lost is told again: that comes to the same.
            call_options options;
            options.timeout = std::chrono::seconds(20);
            (void)session_.open().async_report_call_events({{untold_.begin(), end}}, options, block);
            untold_.erase(untold_.begin(), end);
            told_any_ = true;
        }
    }
    // Until then, or a stop.
    void wait(const std::stop_token& stop, milliseconds until) {
        std::unique_lock lock(mutex_);
        stopped_.wait_until(lock, stop, steady_begin_ + until, [] { return false; });
    }

    session& session_;
    // The wall clock is looked at once, so that it may be set without a call that ends before it began.
    instant begin_ = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    steady::time_point steady_begin_ = steady::now();
    call_simulator calls_;
    std::vector<call_event> untold_;
    bool told_any_ = false;
    progress_line_display display_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
};

exit_status run(session& s) {
    const auto& args = s.args();
    const auto seconds = args.has("--seconds") ? number_of(args, "--seconds", 0, 31'536'000) : 0;
    simulation calls(s);
    calls.run(seconds == 0 ? milliseconds::max() : milliseconds(1'000 * seconds));
    const auto& f = calls.figures();
    if (form_of(args) == output_form::json)
        write_output("{\"started\":" + std::to_string(f.started) + ",\"answered\":" + std::to_string(f.answered) +
                     ",\"ended\":" + std::to_string(f.ended) + ",\"left_out\":" + std::to_string(f.left_out) + "}\n");
    else
        write_output(std::to_string(f.started) + " calls started, " + std::to_string(f.answered) + " answered, " +
                     std::to_string(f.ended) + " ended, " + std::to_string(f.left_out) + " left out\n");
    return exit_status::done;
}

} // namespace

command simulate_command() {
    return {
        {"simulate", "",
         "Makes up calls in progress and tells the portal of them as a switch does, in real time; in the end all of "
         "them are over. To try live data with.",
         known_options, "lineside simulate --account acct-0001 --rate 5 --speed 10"},
        run};
}

} // namespace lineside::cli
