#include "cli/simulate.hpp"

#include <algorithm>
#include <set>

namespace lineside::cli {

namespace {

using std::chrono::milliseconds;

std::string padded(std::uint64_t n, std::size_t digits) {
    auto text = std::to_string(n);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string hex(std::uint64_t bits) {
    std::string text;
    for (unsigned shift = 64; shift != 0;)
        text += "0123456789abcdef"[(bits >> (shift -= 4)) & 15U];
    return text;
}

} // namespace

call_simulator::call_simulator(simulate_options options, instant begin)
    : options_(std::move(options)),
      random_(options_.seed),
      key_(scatter(~options_.seed)),
      next_start_(begin) {
    schedule_start();
}

void call_simulator::schedule_start() {
    constexpr std::uint64_t ms_in_1000_s = 1'000'000;
    const auto gap =
        static_cast<std::uint64_t>(random_.exponential()) * ms_in_1000_s / options_.calls_in_1000_s + rest_;
    next_start_ += milliseconds(static_cast<std::int64_t>(gap >> 16U));
    rest_ = gap & 0xFFFFU;
}

milliseconds call_simulator::shortened(milliseconds real, std::int64_t least) const {
    return std::max(milliseconds(least), real / options_.speed);
}

std::string call_simulator::number_of(const destination& d) {
    constexpr std::uint64_t powers[] = {10'000'000, 100'000'000, 1'000'000'000}; // of 7, 8 and 9 digits
    return std::string(d.prefix) + padded(random_.below(powers[d.digits - 7]), d.digits);
}

call_event call_simulator::begin_call(instant at) {
    const auto number = figures_.started++;
    const auto& customer = options_.customers[random_.below(options_.customers.size())];
    const auto& called = destinations[random_.below(destinations.size())];
    const bool outbound = random_.chance(80);

    call_event e;
    e.source = options_.source;
    e.call_id = hex(scatter(key_ + number)); // a bijection: no id comes twice
    e.at = at;
    const auto later = [&](call_event_kind kind, instant when) {
        auto next = e;
        next.kind = kind;
        next.at = when;
        agenda_.emplace(std::pair(when, number), std::move(next));
    };
    if (random_.chance(answered_percent)) {
        const auto answer = at + shortened(ring_time(random_), 1);
        const auto talk = shortened(talk_time(random_), 2);
        std::set<instant> digits;
        if (random_.chance(keyed_percent))
            for (auto left = 1 + random_.below(most_digits); left > 0; --left)
                digits.insert(answer + milliseconds(1 + static_cast<std::int64_t>(random_.below(
                                                            static_cast<std::uint64_t>(talk.count() - 1)))));
        later(call_event_kind::answered, answer);
        for (const auto when : digits)
            later(call_event_kind::digit, when);
        later(call_event_kind::ended, answer + talk);
    } else {
        later(call_event_kind::ended, at + shortened(try_time(random_, ending_of(random_)), 1));
    }
    told_.emplace(number, at);

    e.account = customer.account;
    e.cli = number_of({outbound ? "4930" : "4420", 8, 0});
    e.destination = number_of(called);
    e.direction = outbound ? call_direction::outbound : call_direction::inbound;
    if (!customer.currency.empty())
        e.rate = money{0, static_cast<std::int32_t>(called.price_per_min * 1'000), customer.currency};
    return e;
}

call_event call_simulator::take_from_agenda() {
    auto first = agenda_.extract(agenda_.begin());
    auto& e = first.mapped();
    const auto number = first.key().second;
    if (e.kind == call_event_kind::ended) {
        ++figures_.ended;
        told_.erase(number);
    } else {
        figures_.answered += e.kind == call_event_kind::answered;
        told_[number] = e.at;
    }
    return std::move(e);
}

std::vector<call_event> call_simulator::until(instant now) {
    std::vector<call_event> happened;
    while (next() <= now) {
        if (!agenda_.empty() && agenda_.begin()->first.first <= next_start_) {
            happened.push_back(take_from_agenda());
            continue;
        }
        if (figures_.in_progress() < options_.most_calls)
            happened.push_back(begin_call(next_start_));
        else
            ++figures_.left_out;
        schedule_start();
    }
    return happened;
}

std::vector<call_event> call_simulator::finish(instant now) {
    auto happened = until(now);
    for (auto& [when, e] : agenda_) {
        if (e.kind != call_event_kind::ended)
            continue;
        e.at = std::max(now, told_.at(when.second) + milliseconds(1));
        happened.push_back(std::move(e));
        ++figures_.ended;
    }
    agenda_.clear();
    told_.clear();
    next_start_ = instant::max();
    return happened;
}

instant call_simulator::next() const {
    return agenda_.empty() ? next_start_ : std::min(next_start_, agenda_.begin()->first.first);
}

std::string simulated_line(const simulated& figures, milliseconds since) {
    const auto seconds = static_cast<std::uint64_t>(since.count() / 1'000);
    return std::to_string(seconds / 60) + ':' + padded(seconds % 60, 2) + "  " + std::to_string(figures.in_progress()) +
           " in progress, " + std::to_string(figures.started) + " started, " + std::to_string(figures.answered) +
           " answered, " + std::to_string(figures.ended) + " ended";
}

} // namespace lineside::cli
