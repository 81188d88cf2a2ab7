#include "rules/alert_meter.hpp"

#include "model/call_view.hpp"

#include <algorithm>
#include <tuple>

namespace lineside::rules {

namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t day_ms = 86'400'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    const auto q = a / b;
    return a % b < 0 ? q - 1 : q;
}

// The day a spend at `t` belongs to: at midnight, the one that ends.
std::int64_t spend_day(std::int64_t t) { return floor_div(t - 1, day_ms); }

bool is_answered(const call_facts& c) { return c.outcome == call_outcome::answered; }

std::uint64_t busiest_second(std::vector<std::int64_t>& seconds) {
    std::sort(seconds.begin(), seconds.end());
    std::uint64_t most = 0;
    for (auto at = seconds.begin(); at != seconds.end();) {
        const auto next = std::upper_bound(at, seconds.end(), *at);
        most = std::max(most, static_cast<std::uint64_t>(next - at));
        at = next;
    }
    return most;
}

} // namespace

alert_meter::alert_meter(alert_area area, duration sample_period, duration step, instant first)
    : area_(area),
      step_(step.count()),
      width_(sample_period / step) {
    const auto t = first.time_since_epoch().count();
    const auto last = floor_div(t, step_);
    if (area == alert_area::daily_spend)
        front_ = spend_day(t) * day_ms / step_;
    else if (area == alert_area::balance)
        front_ = last - 1;
    else
        front_ = last - width_;
    passed_ = front_;
}

instant alert_meter::earliest() const noexcept { return instant(duration(front_ * step_)); }

std::int64_t alert_meter::step_at(std::int64_t t) const noexcept { return floor_div(t, step_); }

alert_meter::bucket* alert_meter::ahead_at(std::int64_t index) { return index < passed_ ? nullptr : &ahead_[index]; }

void alert_meter::add(const call_facts& call) {
    if (call.end == absent || area_ == alert_area::channels)
        return;
    if (area_ == alert_area::cps)
        add_started(call);
    else if (call.end != still_live)
        add_ended(call);
}

void alert_meter::add_started(const call_facts& call) {
    if (auto* b = ahead_at(step_at(call.start))) {
        ++b->sum.calls;
        b->seconds.push_back(floor_div(call.start, second_ms));
    }
}

void alert_meter::peak(instant begin, std::uint64_t count) {
    if (auto* b = ahead_at(step_at(begin.time_since_epoch().count())))
        b->peak = std::max(b->peak, count);
}

void alert_meter::add_ended(const call_facts& call) {
    // From a step's begin, excluded, to its end: what ends at t is known at t. A call of no length at midnight counts
    // on the day that begins.
    const auto known =
        area_ == alert_area::daily_spend ? std::max(call.end, floor_div(call.start, day_ms) * day_ms + 1) : call.end;
    const auto index = step_at(known - 1);
    const nanos128 charge = call.charge == absent ? 0 : call.charge;
    auto* b = ahead_at(index);
    if (b == nullptr) {
        // A balance forgets nothing.
        if (area_ == alert_area::balance)
            amount_ -= charge;
        return;
    }
    if (area_ == alert_area::daily_spend && floor_div(call.start, day_ms) != spend_day((index + 1) * step_))
        return;
    ++b->sum.calls;
    b->amount += area_ == alert_area::balance ? -charge : charge;
    b->sum.uncovered += call.attempts_known ? 0 : 1;
    if (call.pdd != absent) {
        b->sum.pdd_ms += static_cast<std::uint64_t>(call.pdd);
        ++b->sum.pdd_calls;
    }
    if (is_answered(call)) {
        ++b->sum.answered;
        b->sum.talk_ms += static_cast<std::uint64_t>(call.talk);
    }
    if (area_ == alert_area::consecutive_failures)
        b->ended.push_back({call.end, call.start, is_answered(call)});
}

void alert_meter::credit(instant at, nanos128 amount) {
    if (auto* b = ahead_at(step_at(at.time_since_epoch().count() - 1)))
        b->amount += amount;
    else
        amount_ += amount;
}

void alert_meter::pass(bucket& b, std::int64_t index) {
    if (area_ == alert_area::daily_spend) {
        if (const auto day = spend_day((index + 1) * step_); day != day_) {
            day_ = day;
            amount_ = 0;
            sum_ = {};
        }
    }
    sum_.calls += b.sum.calls;
    sum_.answered += b.sum.answered;
    sum_.uncovered += b.sum.uncovered;
    sum_.talk_ms += b.sum.talk_ms;
    sum_.pdd_ms += b.sum.pdd_ms;
    sum_.pdd_calls += b.sum.pdd_calls;
    amount_ += b.amount;
    window_.push_back(b.sum);
    switch (area_) {
    case alert_area::cps: pass_peak(busiest_second(b.seconds), index); break;
    case alert_area::channels: pass_peak(b.peak, index); break;
    case alert_area::consecutive_failures: pass_failures(b.ended, index); break;
    default: break;
    }
}

void alert_meter::pass_peak(std::uint64_t peak, std::int64_t index) {
    while (!peaks_.empty() && peaks_.back().count <= peak)
        peaks_.pop_back();
    peaks_.push_back({index, peak});
}

void alert_meter::pass_failures(std::vector<finished_call>& ended, std::int64_t index) {
    std::sort(ended.begin(), ended.end(), [](const finished_call& x, const finished_call& y) {
        return std::tie(x.end, x.start, x.answered) < std::tie(y.end, y.start, y.answered);
    });
    const auto last_answered =
        std::find_if(ended.rbegin(), ended.rend(), [](const finished_call& c) { return c.answered; });
    if (last_answered != ended.rend()) {
        failures_.clear();
        failures_in_a_row_ = 0;
    }
    if (const auto since = static_cast<std::uint64_t>(last_answered - ended.rbegin()); since > 0) {
        failures_.push_back({index, since});
        failures_in_a_row_ += since;
    }
}

void alert_meter::drop(std::int64_t index) {
    const auto& gone = window_.front();
    if (area_ != alert_area::daily_spend) {
        sum_.calls -= gone.calls;
        sum_.answered -= gone.answered;
        sum_.uncovered -= gone.uncovered;
        sum_.talk_ms -= gone.talk_ms;
        sum_.pdd_ms -= gone.pdd_ms;
        sum_.pdd_calls -= gone.pdd_calls;
    }
    window_.pop_front();
    if (!peaks_.empty() && peaks_.front().index == index)
        peaks_.pop_front();
    if (!failures_.empty() && failures_.front().index == index) {
        failures_in_a_row_ -= failures_.front().count;
        failures_.pop_front();
    }
}

observation alert_meter::look(instant t) {
    const auto until = step_at(t.time_since_epoch().count());
    for (; passed_ < until; ++passed_) {
        const auto next = ahead_.begin();
        bucket none;
        const bool told = next != ahead_.end() && next->first == passed_;
        pass(told ? next->second : none, passed_);
        if (told)
            ahead_.erase(next);
    }
    for (; front_ < until - width_; ++front_)
        drop(front_);

    observation seen{.at = t, .samples = sum_.calls};
    const auto ratio = [&](double numerator, std::uint64_t denominator) {
        seen.samples = denominator;
        if (denominator > 0)
            seen.value = numerator / static_cast<double>(denominator);
    };
    switch (area_) {
    case alert_area::asr:
        seen.hits = sum_.answered;
        ratio(100.0 * static_cast<double>(sum_.answered), sum_.calls);
        if (sum_.uncovered > 0)
            seen.value.reset();
        break;
    case alert_area::acd: ratio(static_cast<double>(sum_.talk_ms) / second_ms, sum_.answered); break;
    case alert_area::pdd: ratio(static_cast<double>(sum_.pdd_ms), sum_.pdd_calls); break;
    case alert_area::cps:
    case alert_area::channels: seen.value = peaks_.empty() ? 0.0 : static_cast<double>(peaks_.front().count); break;
    case alert_area::consecutive_failures:
        // What some source does not record makes the row no shorter; where none records it, there is no row.
        if (sum_.calls == 0 || sum_.uncovered < sum_.calls)
            seen.value = static_cast<double>(failures_in_a_row_);
        break;
    case alert_area::balance: seen.samples = 0; [[fallthrough]];
    case alert_area::daily_spend: seen.value = static_cast<double>(amount_) / 1e9; break;
    }
    return seen;
}

} // namespace lineside::rules
