#include "rules/dispute.hpp"

#include <lineside/error.hpp>

#include "rules/dispute_patterns.hpp"
#include "rules/metrics.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <unordered_map>

namespace lineside::rules {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::size_t most_hours = 2'000;
constexpr std::int64_t one = 1'000'000'000; // nanos

std::int64_t floored(std::int64_t t, std::int64_t step) { return t - ((t % step) + step) % step; }

std::int64_t amount_or_zero(std::int64_t charge) { return charge == absent ? 0 : charge; }

nanos128 magnitude(nanos128 n) { return n < 0 ? -n : n; }

std::int64_t nanos_of(const money& m) { return m.units * one + m.nanos; }

// A side without calls has none to charge for; one without charges does not say.
bool charges_compared(const call_set& ours, const call_set& theirs) {
    if (ours.size() == 0 || theirs.size() == 0)
        return ours.reports_charges() || theirs.reports_charges();
    return ours.reports_charges() && theirs.reports_charges();
}

bool answered_only(dispute_population wanted, const call_set& ours, const call_set& theirs) {
    if (wanted != dispute_population::automatic)
        return wanted == dispute_population::answered;
    return ours.size() > 0 && theirs.size() > 0 && (ours.unanswered() == 0) != (theirs.unanswered() == 0);
}

} // namespace

std::int64_t rounded_up(std::int64_t ms, std::int64_t first_s, std::int64_t next_s) noexcept {
    if (ms <= 0)
        return 0;
    const auto first = first_s * 1'000;
    const auto next = next_s * 1'000;
    return ms <= first ? first : first + (ms - first + next - 1) / next * next;
}

std::int64_t rounded_to(std::int64_t nanos, std::uint32_t decimals, charge_rounding mode) noexcept {
    std::int64_t step = one;
    for (std::uint32_t i = 0; i < decimals; ++i)
        step /= 10;
    if (mode == charge_rounding::exact || step <= 1)
        return nanos;
    // Away from zero is up, as a price is rounded.
    const auto size = nanos128{nanos < 0 ? -nanos128{nanos} : nanos128{nanos}};
    const auto added = mode == charge_rounding::up ? step - 1 : mode == charge_rounding::half_up ? step / 2 : 0;
    const auto rounded = (size + added) / step * step;
    return static_cast<std::int64_t>(nanos < 0 ? -rounded : rounded);
}

void check_tolerance(const dispute_tolerance& t) {
    const auto refuse = [](const char* message, const char* member) {
        throw error(errc::invalid_argument, message, member);
    };
    if (t.start_ms.count() < 0 || t.start_ms.count() > hour_ms)
        refuse("the tolerance of starts is 0 to 3,600 seconds", "start_ms");
    if (t.length_ms.count() < 0 || t.length_ms.count() > hour_ms)
        refuse("the tolerance of lengths is 0 to 3,600 seconds", "length_ms");
    if (t.first_increment_s < 1 || t.first_increment_s > 3'600)
        refuse("an increment is 1 to 3,600 seconds", "first_increment_s");
    if (t.next_increment_s < 1 || t.next_increment_s > 3'600)
        refuse("an increment is 1 to 3,600 seconds", "next_increment_s");
    if (t.charge.units < 0 || t.charge.nanos < 0 || t.charge.units >= 1'000'000)
        refuse("the tolerance of charges is 0 to 1,000,000", "charge");
    if (t.charge_decimals > 9)
        refuse("charges have 0 to 9 decimals", "charge_decimals");
}

void comparison::side_sums::add(const compared_call& c) {
    ++calls;
    answered += c.answered() ? 1 : 0;
    talk += c.talk;
    billed += c.billed;
    charge += amount_or_zero(c.charge);
}

void comparison::side_sums::merge(const side_sums& other) {
    calls += other.calls;
    answered += other.answered;
    talk += other.talk;
    billed += other.billed;
    charge += other.charge;
}

void comparison::class_sums::merge(const class_sums& other) {
    count += other.count;
    calls += other.calls;
    billed += other.billed;
    charge += other.charge;
}

void comparison::period_sums::add(const class_sums& of_class) {
    const auto key = [](const class_sums& c) { return std::tuple(c.kind, c.rule); };
    const auto at = std::lower_bound(classes.begin(), classes.end(), of_class,
                                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    if (at != classes.end() && key(*at) == key(of_class))
        at->merge(of_class);
    else
        classes.insert(at, of_class);
}

void comparison::period_sums::merge(const period_sums& other) {
    ours.merge(other.ours);
    theirs.merge(other.theirs);
    for (const auto& c : other.classes)
        add(c);
}

comparison::comparison(const call_set& ours, const call_set& theirs, dispute_options options,
                       const std::function<void()>& check)
    : ours_(ours),
      theirs_(theirs),
      options_(std::move(options)),
      money_(charges_compared(ours, theirs)),
      answered_only_(answered_only(options_.population, ours, theirs)),
      tolerated_((check_tolerance(options_.tolerance), nanos_of(options_.tolerance.charge))),
      matched_(match_calls(ours, theirs, options_.tolerance.start_ms.count(), check)) {
    const auto by_hour = find_differences(check);
    mark_repeated();
    fill_report(by_hour);
    check();
    report_.findings = find_patterns({.ours = ours_,
                                      .theirs = theirs_,
                                      .matched = matched_,
                                      .differences = differences_,
                                      .money = money_,
                                      .left_out = answered_only_ && options_.population != dispute_population::answered
                                                      ? ours_not_compared_ + theirs_not_compared_
                                                      : 0});
}

comparison::hours comparison::find_differences(const std::function<void()>& check) {
    hours by_hour;
    auto last = by_hour.end();
    const auto period_at = [&](std::int64_t t) -> period_sums& {
        const auto start = floored(t, hour_ms);
        if (last == by_hour.end() || last->first != start)
            last = by_hour.try_emplace(start).first;
        return last->second;
    };
    const auto counts = [&](std::int64_t t, bool answered) {
        const bool in_range = options_.range.empty() || options_.range.contains(instant(duration(t)));
        return in_range && (answered || !answered_only_);
    };
    const auto record = [&](period_sums& to, const difference& d) {
        to.add(sums_of(d));
        differences_.push_back(d);
    };
    constexpr std::uint32_t check_every = 1U << 16U;
    for (std::uint32_t i = 0; i < ours_.size(); ++i) {
        if (i % check_every == 0)
            check();
        const auto& a = ours_[i];
        const auto j = matched_.of_ours[i];
        const bool both = j != matching::none;
        if (!counts(a.start, a.answered() || (both && theirs_[j].answered()))) {
            ++ours_not_compared_;
            theirs_not_compared_ += both ? 1 : 0;
            continue;
        }
        auto& p = period_at(a.start);
        p.ours.add(a);
        if (!both) {
            record(p, {.ours = i, .kind = difference_class::missing_in_theirs});
            continue;
        }
        ++report_.matched;
        if (const auto id = ours_.id_of(a); !id.empty() && id == theirs_.id_of(theirs_[j]))
            ++report_.matched_by_id;
        p.theirs.add(theirs_[j]);
        if (const auto d = classify(i, j))
            record(p, *d);
    }
    for (std::uint32_t j = 0; j < theirs_.size(); ++j) {
        if (j % check_every == 0)
            check();
        if (matched_.of_theirs[j] != matching::none)
            continue;
        const auto& b = theirs_[j];
        const auto start = matched_.by_our_clock(b.start);
        if (!counts(start, b.answered())) {
            ++theirs_not_compared_;
            continue;
        }
        auto& p = period_at(start);
        p.theirs.add(b);
        record(p, {.theirs = j, .kind = difference_class::missing_in_ours});
    }
    std::sort(differences_.begin(), differences_.end(), [this](const difference& a, const difference& b) {
        return std::tuple(time_of(a), a.ours, a.theirs) < std::tuple(time_of(b), b.ours, b.theirs);
    });
    return by_hour;
}

std::int64_t comparison::time_of(const difference& d) const {
    return d.ours != matching::none ? ours_[d.ours].start : matched_.by_our_clock(theirs_[d.theirs].start);
}

// --- one call

std::optional<difference> comparison::classify(std::uint32_t i, std::uint32_t j) const {
    const auto& a = ours_[i];
    const auto& b = theirs_[j];
    const bool same_length = a.billed == b.billed;
    const bool same_charge = !money_ || amount_or_zero(a.charge) == amount_or_zero(b.charge);
    if (same_length && same_charge)
        return std::nullopt;
    const auto by_length_rule = same_length ? std::uint8_t{0} : length_rule(a, b);
    auto by_charge_rule = std::uint8_t{0};
    if (!same_charge)
        by_charge_rule = !same_length && charge_follows(a, b) ? std::uint8_t{by_length} : charge_rule(a, b);
    const bool length_agrees = same_length || by_length_rule != 0;
    const bool charge_agrees = same_charge || by_charge_rule != 0;
    difference d{.ours = i, .theirs = j};
    if (length_agrees && charge_agrees)
        d.rule = by_length_rule | by_charge_rule;
    else if (length_agrees)
        d.kind = difference_class::rating;
    else if (charge_agrees)
        d.kind = difference_class::length;
    else
        d.kind = difference_class::length_and_rating;
    return d;
}

std::uint8_t comparison::length_rule(const compared_call& a, const compared_call& b) const {
    const auto& t = options_.tolerance;
    if (t.rounding != duration_rounding::exact && (rounds_to(a, b.billed) || rounds_to(b, a.billed)))
        return by_increments;
    return std::abs(a.billed - b.billed) <= t.length_ms.count() ? within_length : 0;
}

// Whether rounding the one gives the other: a length that is itself rounded, of one within the tolerance.
bool comparison::rounds_to(const compared_call& from, std::int64_t to) const {
    const auto& t = options_.tolerance;
    const bool seconds = t.rounding == duration_rounding::up_to_seconds;
    const std::int64_t first = seconds ? 1 : t.first_increment_s;
    const std::int64_t next = seconds ? 1 : t.next_increment_s;
    if (rounded_up(to, first, next) != to)
        return false;
    // Less than a second is a second to a switch that counts them.
    if (from.billed == 0 && from.answered() && to == first * 1'000)
        return true;
    const auto within = t.length_ms.count();
    for (const auto length : {from.billed, from.talk})
        if (rounded_up(length - within, first, next) <= to && to <= rounded_up(length + within, first, next))
            return true;
    return false;
}

std::uint8_t comparison::charge_rule(const compared_call& a, const compared_call& b) const {
    if (a.charge == absent || b.charge == absent)
        return 0;
    const auto& t = options_.tolerance;
    if (t.charge_mode != charge_rounding::exact &&
        (rounded_to(a.charge, t.charge_decimals, t.charge_mode) == b.charge ||
         rounded_to(b.charge, t.charge_decimals, t.charge_mode) == a.charge))
        return by_decimals;
    return magnitude(nanos128{a.charge} - b.charge) <= tolerated_ ? within_charge : 0;
}

// Whether both charged the same per second, as far as the decimals they write show.
bool comparison::charge_follows(const compared_call& a, const compared_call& b) const {
    if (a.charge == absent || b.charge == absent)
        return false;
    if (a.billed == 0 || b.billed == 0)
        return magnitude(a.billed == 0 ? a.charge : b.charge) <= tolerated_;
    const auto slack = nanos128{tolerated_} + ours_.charge_step() + theirs_.charge_step();
    return magnitude(nanos128{a.charge} * b.billed - nanos128{b.charge} * a.billed) <=
           slack * std::max(a.billed, b.billed);
}

comparison::class_sums comparison::sums_of(const difference& d) const {
    class_sums s{.kind = d.kind, .rule = d.rule, .count = 1};
    if (d.ours != matching::none) {
        s.calls += 1;
        s.billed += ours_[d.ours].billed;
        s.charge += amount_or_zero(ours_[d.ours].charge);
    }
    if (d.theirs != matching::none) {
        s.calls -= 1;
        s.billed -= theirs_[d.theirs].billed;
        s.charge -= amount_or_zero(theirs_[d.theirs].charge);
    }
    return s;
}

dispute_amount comparison::amount_of(const difference& d) const { return shown(sums_of(d)).amount; }

// A call that only one side has is often one it wrote twice.
void comparison::mark_repeated() {
    const auto hash = [](const compared_call& c) {
        auto h = static_cast<std::uint64_t>(c.start);
        for (const auto part : {c.callee, c.caller, static_cast<std::uint64_t>(c.billed)})
            h = (h ^ part) * 0x9e37'79b9'7f4a'7c15U ^ (h >> 29U);
        return h;
    };
    for (const bool our_side : {true, false}) {
        const auto& set = our_side ? ours_ : theirs_;
        const auto lone = our_side ? difference_class::missing_in_theirs : difference_class::missing_in_ours;
        const auto index = our_side ? &difference::ours : &difference::theirs;
        std::unordered_map<std::uint64_t, std::uint32_t> times;
        for (const auto& d : differences_)
            if (d.kind == lone)
                times.try_emplace(hash(set[d.*index]), 0);
        if (times.empty())
            continue;
        for (std::uint32_t i = 0; i < set.size(); ++i)
            if (const auto at = times.find(hash(set[i])); at != times.end())
                ++at->second;
        for (auto& d : differences_)
            if (d.kind == lone)
                d.repeated = times.at(hash(set[d.*index])) > 1 ? 1 : 0;
    }
}

// --- what is shown

void comparison::fill_report(const hours& by_hour) {
    period_sums total;
    hours by_day;
    std::vector<std::pair<nanos128, const hours::value_type*>> differing;
    for (const auto& hour : by_hour) {
        total.merge(hour.second);
        by_day[floored(hour.first, day_ms)].merge(hour.second);
        if (hour.second.classes.empty())
            continue;
        nanos128 weight = 0;
        for (const auto& c : hour.second.classes)
            weight += money_ ? magnitude(c.charge) : nanos128{std::abs(c.billed)};
        differing.emplace_back(weight, &hour);
    }
    const auto whole = shown(0, total);
    report_.ours = whole.ours;
    report_.theirs = whole.theirs;
    report_.difference = whole.difference;
    report_.classes = whole.classes;
    report_.zone_shift_ms = duration(matched_.offsets.front().whole_ms);
    report_.clock_skew_ms = duration(matched_.skew_ms);
    report_.differing_calls = differences_.size();
    report_.differing_hours = differing.size();
    for (const auto& [start, sums] : by_day)
        report_.days.push_back(shown(start, sums));
    if (differing.size() > most_hours) {
        std::stable_sort(differing.begin(), differing.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        differing.resize(most_hours);
        std::sort(differing.begin(), differing.end(),
                  [](const auto& a, const auto& b) { return a.second->first < b.second->first; });
    }
    for (const auto& [weight, hour] : differing)
        report_.hours.push_back(shown(hour->first, hour->second));
}

std::optional<money> comparison::shown_charge(nanos128 amount, bool reported) const {
    return reported ? std::optional(to_money(amount, options_.currency)) : std::nullopt;
}

dispute_totals comparison::shown(const side_sums& s, bool reports_charges) const {
    return {.calls = s.calls,
            .answered = s.answered,
            .talk_ms = duration(s.talk),
            .billed_ms = duration(s.billed),
            .charge = shown_charge(s.charge, reports_charges)};
}

dispute_class_total comparison::shown(const class_sums& s) const {
    return {.kind = s.kind,
            .rule = rule_name(s.rule),
            .count = s.count,
            .amount = {.calls = s.calls, .billed_ms = duration(s.billed), .charge = shown_charge(s.charge, money_)}};
}

dispute_period comparison::shown(std::int64_t start, const period_sums& p) const {
    dispute_period to;
    to.start = instant(duration(start));
    to.ours = shown(p.ours, ours_.reports_charges());
    to.theirs = shown(p.theirs, theirs_.reports_charges());
    to.difference = {.calls = static_cast<std::int64_t>(p.ours.calls) - static_cast<std::int64_t>(p.theirs.calls),
                     .billed_ms = duration(p.ours.billed - p.theirs.billed),
                     .charge = shown_charge(p.ours.charge - p.theirs.charge, money_)};
    for (const auto& c : p.classes)
        to.classes.push_back(shown(c));
    return to;
}

std::string comparison::rule_name(std::uint8_t rule) const {
    const auto& t = options_.tolerance;
    std::string name;
    switch (rule & length_rules) {
    case by_increments:
        name = t.rounding == duration_rounding::up_to_seconds
                   ? "up to full seconds"
                   : std::to_string(t.first_increment_s) + '/' + std::to_string(t.next_increment_s) + " s";
        break;
    case within_length: name = "within " + seconds_text(t.length_ms.count()); break;
    default: break;
    }
    const auto add = [&name](const std::string& text) { name += (name.empty() ? "" : ", ") + text; };
    switch (rule & charge_rules) {
    case within_charge: add("charge within " + to_string(t.charge)); break;
    case by_decimals:
        add("charge " + std::string(to_string(t.charge_mode)) + " to " + std::to_string(t.charge_decimals) +
            " decimals");
        break;
    default: break; // the charge follows the length
    }
    return name;
}

std::string comparison::text_of(const difference& d) const {
    const auto lone = [&](const char* where, const char* other) {
        return std::string("not in ") + where + (d.repeated != 0 ? std::string("; twice in ") + other : "");
    };
    if (d.ours == matching::none)
        return lone("ours", "theirs");
    if (d.theirs == matching::none)
        return lone("theirs", "ours");
    const auto& a = ours_[d.ours];
    const auto& b = theirs_[d.theirs];
    std::string text;
    if (a.answered() != b.answered())
        text = std::string("answered in ") + (a.answered() ? "ours" : "theirs") + " only; ";
    if (a.billed != b.billed)
        text += seconds_text(a.billed) + " against " + seconds_text(b.billed) + "; ";
    if (money_ && amount_or_zero(a.charge) != amount_or_zero(b.charge)) {
        const auto charge = [](const compared_call& c) {
            return c.charge == absent ? std::string("no charge") : to_string(to_money(c.charge, {}));
        };
        text += charge(a) + " against " + charge(b) + "; ";
    }
    text.resize(text.size() - 2);
    if (d.kind == difference_class::rounding)
        text += " (" + rule_name(d.rule) + ")";
    return text;
}

} // namespace lineside::rules
