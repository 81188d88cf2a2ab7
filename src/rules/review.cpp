#include "rules/review.hpp"

#include "rules/ip_range.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <set>
#include <tuple>
#include <utility>

namespace lineside::rules {

namespace {

constexpr std::size_t most_anomalies = 100;
constexpr std::size_t most_movers = 20;
constexpr std::size_t most_expiring = 100;
constexpr double beyond_chance = 3; // standard errors: of 370 metrics that stand still, one seems to move

// ---- sign-ins

struct habits {
    std::set<std::string> networks;
    std::set<std::string> programs;
    bool known = false;

    void learn(const std::string& network, const std::string& program) {
        known = true;
        if (!network.empty())
            networks.insert(network);
        if (!program.empty())
            programs.insert(program);
    }
};

// Failures in a sliding time; a burst is told when it begins and again only after it was over.
class burst_watch {
public:
    burst_watch(std::uint32_t many, duration within) : many_(many), within_(within) {}

    // Whether a burst begins with this one.
    bool see(instant at) {
        while (!recent_.empty() && at - recent_.front() > within_)
            recent_.pop_front();
        recent_.push_back(at);
        if (recent_.size() < many_) {
            on_ = false;
            return false;
        }
        return !std::exchange(on_, true);
    }

private:
    std::uint32_t many_;
    duration within_;
    std::deque<instant> recent_;
    bool on_ = false;
};

class anomaly_finder {
public:
    void learn(const sign_in_fact& f) {
        if (f.result == sign_in_result::in)
            habits_[f.who].learn(network_of(f.source_ip), program_of(f.user_agent));
    }

    void see(const sign_in_fact& f) {
        const auto network = network_of(f.source_ip);
        switch (f.result) {
        case sign_in_result::in: see_entry(f, network); break;
        case sign_in_result::wrong: see_failure(f, network); break;
        case sign_in_result::wrong_code: see_code(f); break;
        }
    }

    std::vector<sign_in_anomaly> take() { return std::move(found_); }

private:
    void see_entry(const sign_in_fact& f, const std::string& network) {
        const auto program = program_of(f.user_agent);
        auto& h = habits_[f.who];
        if (h.known) {
            if (!network.empty() && !h.networks.contains(network))
                tell(f.at, f.who, "new_network", f.source_ip);
            if (!program.empty() && !h.programs.contains(program))
                tell(f.at, f.who, "new_program", f.user_agent);
        }
        h.learn(network, program);
    }

    // A burst against one person is told of the person; one that is spread over several of the network.
    void see_failure(const sign_in_fact& f, const std::string& network) {
        const auto of_person = by_person_.try_emplace(f.who, burst_failures, burst_time).first;
        const bool person = of_person->second.see(f.at);
        bool from_network = false;
        if (!network.empty())
            from_network = by_network_.try_emplace(network, burst_failures, burst_time).first->second.see(f.at);
        if (person)
            tell(f.at, f.who, "failed_burst", f.source_ip);
        else if (from_network)
            tell(f.at, {}, "failed_burst", network);
    }

    void see_code(const sign_in_fact& f) {
        if (codes_.try_emplace(f.who, burst_codes, burst_code_time).first->second.see(f.at))
            tell(f.at, f.who, "failed_codes", f.source_ip);
    }

    void tell(instant at, std::string_view who, std::string_view code, std::string_view source) {
        if (found_.size() < most_anomalies)
            found_.push_back({at, std::string(who), std::string(code), std::string(source), {}});
    }

    std::map<std::string, habits, std::less<>> habits_;
    std::map<std::string, burst_watch, std::less<>> by_person_;
    std::map<std::string, burst_watch, std::less<>> by_network_;
    std::map<std::string, burst_watch, std::less<>> codes_;
    std::vector<sign_in_anomaly> found_;
};

// ---- movers

// A move in standard errors of its noise; without noise any move is beyond chance.
bool is_beyond_chance(double move, double variance) {
    return variance <= 0 ? move != 0 : std::abs(move) > beyond_chance * std::sqrt(variance);
}

double hundredths(double x) { return std::floor(x * 100 + 0.5) / 100; }

struct weighed_move {
    metric_move move;
    double weight; // how far, in least moves
};

void add_asr(const std::string& name, const destination_facts& b, const destination_facts& w,
             std::vector<weighed_move>& to) {
    if (b.attempts < fewest_attempts || w.attempts < fewest_attempts || b.uncovered > 0 || w.uncovered > 0)
        return;
    const auto share = [](const destination_facts& f) {
        return static_cast<double>(f.answered) / static_cast<double>(f.attempts);
    };
    const double move = share(w) - share(b);
    const double all = static_cast<double>(b.answered + w.answered) / static_cast<double>(b.attempts + w.attempts);
    const double variance =
        all * (1 - all) * (1 / static_cast<double>(b.attempts) + 1 / static_cast<double>(w.attempts));
    if (std::abs(move) * 100 < least_asr_move || !is_beyond_chance(move, variance))
        return;
    to.push_back({{metric::asr, name, hundredths(share(b) * 100), hundredths(share(w) * 100), w.attempts},
                  std::abs(move) * 100 / least_asr_move});
}

void add_acd(const std::string& name, const destination_facts& b, const destination_facts& w,
             std::vector<weighed_move>& to) {
    if (b.answered < fewest_answered || w.answered < fewest_answered || b.talk_ms == 0)
        return;
    const auto mean = [](const destination_facts& f) {
        return static_cast<double>(f.talk_ms) / 1'000 / static_cast<double>(f.answered);
    };
    const auto noise = [&](const destination_facts& f) {
        const auto n = static_cast<double>(f.answered);
        return std::max(0.0, f.talk_squares / n - mean(f) * mean(f)) / n;
    };
    const double move = mean(w) - mean(b);
    if (std::abs(move) < least_acd_move * mean(b) || !is_beyond_chance(move, noise(b) + noise(w)))
        return;
    to.push_back({{metric::acd, name, hundredths(mean(b)), hundredths(mean(w)), w.answered},
                  std::abs(move) / mean(b) / least_acd_move});
}

} // namespace

std::string network_of(std::string_view address) {
    auto ip = parse_ip(address);
    if (!ip)
        return {};
    if (ip->is_v4()) {
        std::string text;
        for (std::size_t i = 12; i < 15; ++i)
            text += std::to_string(ip->bytes[i]) + '.';
        return text + "0/24";
    }
    std::string text;
    for (std::size_t i = 0; i < 6; i += 2) {
        char digits[5];
        const auto group = static_cast<unsigned>(ip->bytes[i]) << 8U | ip->bytes[i + 1];
        const auto end = std::to_chars(digits, digits + sizeof digits, group, 16).ptr;
        text.append(digits, end);
        text += ':';
    }
    return text + ":/48";
}

std::string program_of(std::string_view user_agent) {
    std::string name;
    bool in_version = false;
    for (const char c : user_agent) {
        const bool digit = c >= '0' && c <= '9';
        in_version = digit || (in_version && (c == '.' || c == '_'));
        if (!in_version)
            name += c;
    }
    return name;
}

std::vector<sign_in_anomaly> sign_in_anomalies(std::span<const sign_in_fact> before,
                                               std::span<const sign_in_fact> week) {
    anomaly_finder finder;
    for (const auto& f : before)
        finder.learn(f);
    for (const auto& f : week)
        finder.see(f);
    return finder.take();
}

void destination_facts::count(bool is_answered, bool attempts_known, std::int64_t talk) {
    ++attempts;
    uncovered += attempts_known ? 0 : 1;
    if (!is_answered)
        return;
    const double seconds = static_cast<double>(talk) / 1'000;
    ++answered;
    talk_ms += static_cast<std::uint64_t>(talk);
    talk_squares += seconds * seconds;
}

std::string_view country_of(std::string_view destination) noexcept {
    // Of two digits; 1 and 7 stand alone, all others have three.
    constexpr std::string_view two =
        " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 "
        "61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
    constexpr std::size_t shortest_number = 7;
    if (destination.starts_with('+'))
        destination.remove_prefix(1);
    else if (destination.starts_with("00"))
        destination.remove_prefix(2);
    if (destination.size() < shortest_number || destination.front() == '0' ||
        !std::all_of(destination.begin(), destination.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return {};
    if (destination.front() == '1' || destination.front() == '7')
        return destination.substr(0, 1);
    const char wanted[] = {' ', destination[0], destination[1], ' '};
    return destination.substr(0, two.find(std::string_view(wanted, 4)) != std::string_view::npos ? 2 : 3);
}

std::vector<metric_move> movers(const facts_by_destination& before, const facts_by_destination& week) {
    std::vector<weighed_move> found;
    for (const auto& [name, w] : week) {
        const auto b = before.find(name);
        if (b == before.end())
            continue;
        add_asr(name, b->second, w, found);
        add_acd(name, b->second, w, found);
    }
    // All calls first, then by how far they moved.
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::tuple(!a.move.destination.empty(), -a.weight) < std::tuple(!b.move.destination.empty(), -b.weight);
    });
    if (found.size() > most_movers)
        found.resize(most_movers);
    std::vector<metric_move> moves;
    moves.reserve(found.size());
    for (auto& f : found)
        moves.push_back(std::move(f.move));
    return moves;
}

std::vector<expiring_thing> about_to_expire(std::vector<expiring_thing> things, time_range week) {
    std::erase_if(things, [&](const expiring_thing& t) { return t.at < week.from || t.at >= week.to + expiry_notice; });
    std::sort(things.begin(), things.end(),
              [](const auto& a, const auto& b) { return std::tie(a.at, a.what, a.id) < std::tie(b.at, b.what, b.id); });
    if (things.size() > most_expiring)
        things.resize(most_expiring);
    return things;
}

} // namespace lineside::rules
