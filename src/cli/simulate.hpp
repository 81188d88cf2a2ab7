#pragma once

#include <lineside/channel.hpp>
#include <lineside/id.hpp>
#include <lineside/time.hpp>

#include "cli/traffic.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lineside::cli {

struct simulate_options {
    struct customer {
        account_id account{};
        std::string currency{}; ///< of the rates; empty: its calls have none
    };

    std::vector<customer> customers{};     ///< at least one; each gets as many calls
    std::string source = "simulator";      ///< the switch that tells of them
    std::uint64_t calls_in_1000_s = 2'000; ///< that are attempted; at least 1
    std::uint32_t speed = 1;               ///< calls are so many times shorter than real ones; at least 1
    std::size_t most_calls = 1'000;        ///< in progress at a time; an attempt beyond it is not made
    std::uint64_t seed = 0;
};

struct simulated {
    std::uint64_t started = 0;
    std::uint64_t answered = 0;
    std::uint64_t ended = 0;
    std::uint64_t left_out = 0; ///< attempts that were not made

    [[nodiscard]] std::uint64_t in_progress() const noexcept { return started - ended; }
    bool operator==(const simulated&) const = default;
};

/// Makes up calls as a switch tells of them: each is started once, perhaps answered (45 %), perhaps sends digits, and is
/// ended once, in this order, each event later than the one before. Starts are a Poisson process. The options and the
/// time it begins at decide what happens when, however often it is asked.
class call_simulator {
public:
    call_simulator(simulate_options options, instant begin);

    /// What has happened since the last time and up to `now`, in the order of time.
    [[nodiscard]] std::vector<call_event> until(instant now);
    /// The same; then ends what is in progress. Nothing happens any more.
    [[nodiscard]] std::vector<call_event> finish(instant now);
    /// When something happens next.
    [[nodiscard]] instant next() const;
    [[nodiscard]] const simulated& figures() const noexcept { return figures_; }

private:
    void schedule_start();
    call_event begin_call(instant at);
    call_event take_from_agenda();
    [[nodiscard]] std::chrono::milliseconds shortened(std::chrono::milliseconds real, std::int64_t least) const;
    [[nodiscard]] std::string number_of(const destination& d);

    simulate_options options_;
    random_source random_;
    std::uint64_t key_;
    simulated figures_{};
    instant next_start_;
    std::uint64_t rest_ = 0; // of a millisecond, in 1/65,536, that the last start was too early
    // What is still to happen to calls in progress. No two events of a call have the same time.
    std::map<std::pair<instant, std::uint64_t>, call_event> agenda_{};
    std::map<std::uint64_t, instant> told_{}; // of each call in progress, when its last event was
};

/// `0:12  17 in progress, 24 started, 11 answered, 7 ended`
[[nodiscard]] std::string simulated_line(const simulated& figures, std::chrono::milliseconds since);

} // namespace lineside::cli
