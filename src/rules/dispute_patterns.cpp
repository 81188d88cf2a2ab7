#include "rules/dispute_patterns.hpp"

#include "rules/dispute.hpp"
#include "rules/metrics.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace lineside::rules {

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::size_t most_samples = 200'000;
constexpr std::size_t fewest = 3; // calls that make a pattern

enum class side : std::uint8_t { ours, theirs };

std::string_view name_of_side(side s) { return s == side::ours ? "ours" : "theirs"; }

bool nearly_all(std::size_t part, std::size_t whole) { return part * 10 >= whole * 9; }

std::string count_text(std::uint64_t n) {
    auto text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3)
        text.insert(i - 3, 1, ',');
    return text;
}

std::string calls_text(std::uint64_t part, std::uint64_t whole) {
    return part == whole ? count_text(whole) + " calls" : count_text(part) + " of " + count_text(whole) + " calls";
}

std::string amount_text(nanos128 nanos) { return to_string(to_money(nanos, {})); }

// --- clocks

std::string length_text(std::int64_t ms) {
    const auto minutes = ms / minute;
    std::string text = minutes >= 60 ? std::to_string(minutes / 60) + " h" : "";
    if (minutes % 60 != 0)
        text += (text.empty() ? "" : " ") + std::to_string(minutes % 60) + " min";
    return text;
}

std::string utc_offset(std::int64_t ms) {
    const auto minutes = std::abs(ms) / minute;
    auto text = std::string("UTC") + (ms < 0 ? "-" : "+") + std::to_string(minutes / 60);
    if (minutes % 60 != 0)
        text += ':' + std::to_string(minutes % 60);
    return text;
}

void find_clocks(const matching& matched, std::vector<std::string>& to) {
    auto offsets = matched.offsets;
    std::erase_if(offsets, [](const auto& o) { return o.calls == 0; });
    std::sort(offsets.begin(), offsets.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    if (offsets.size() == 1 && offsets.front().whole_ms != 0) {
        const auto whole = offsets.front().whole_ms;
        to.push_back("their export is in " + utc_offset(whole) + ": its times are " + length_text(std::abs(whole)) +
                     (whole > 0 ? " later" : " earlier") + " than ours");
    }
    if (offsets.size() > 1)
        to.push_back("their export is in " + utc_offset(offsets[0].whole_ms) + ", and from " +
                     to_string(instant(duration(offsets[1].first - offsets[1].whole_ms))) + " on in " +
                     utc_offset(offsets[1].whole_ms));
    if (std::abs(matched.skew_ms) >= 2 * second)
        to.push_back("their clock is " + seconds_text(std::abs(matched.skew_ms)) +
                     (matched.skew_ms > 0 ? " ahead of ours" : " behind ours"));
}

// --- lengths

struct length_pair {
    std::int64_t billed[2] = {}; // by side
    std::int64_t talk[2] = {};
    std::int64_t with_ring[2] = {-1, -1}; // -1: not known
};

enum class shape : std::uint8_t { as_is, up, cut, nearest };

struct rounding {
    shape how = shape::as_is;
    std::int64_t first_s = 1;
    std::int64_t next_s = 1;
};

// The simplest first: of equally good ones the first is taken.
constexpr rounding roundings[] = {
    {shape::up, 1, 1},   {shape::up, 60, 60},  {shape::up, 30, 6},     {shape::up, 6, 6},        {shape::up, 60, 1},
    {shape::up, 30, 1},  {shape::up, 60, 6},   {shape::up, 12, 6},     {shape::up, 30, 30},      {shape::up, 10, 10},
    {shape::up, 15, 15}, {shape::up, 20, 20},  {shape::up, 60, 30},    {shape::up, 5, 5},        {shape::up, 180, 60},
    {shape::cut, 1, 1},  {shape::cut, 60, 60}, {shape::nearest, 1, 1}, {shape::nearest, 60, 60},
};

std::int64_t rounded(std::int64_t ms, const rounding& r) {
    const auto step = r.next_s * second;
    switch (r.how) {
    case shape::as_is: return ms;
    case shape::up: return rounded_up(ms, r.first_s, r.next_s);
    case shape::cut: return ms / step * step;
    case shape::nearest: return (ms + step / 2) / step * step;
    }
    return ms;
}

std::string rounding_text(const rounding& r) {
    const char* how = r.how == shape::up    ? "rounded up to "
                      : r.how == shape::cut ? "cut to "
                                            : "rounded to the nearest ";
    if (r.first_s != r.next_s || (r.first_s != 1 && r.first_s != 60))
        return how + std::to_string(r.first_s) + '/' + std::to_string(r.next_s) + " s";
    const std::string unit = r.first_s == 1 ? "second" : "minute";
    return r.how == shape::nearest ? how + unit : std::string(how) + "full " + unit + 's';
}

struct hypothesis {
    side whose = side::theirs; // who does it
    bool rings = false;
    rounding how{};
};

// What the one side wrote, made of what the other did.
bool explains(const hypothesis& h, const length_pair& p) {
    const auto doer = static_cast<std::size_t>(h.whose);
    const auto other = 1 - doer;
    const auto written = p.billed[doer];
    const auto fits = [&](std::int64_t from) {
        if (h.how.how == shape::as_is)
            return std::abs(from - written) < second;
        // A switch that counts whole seconds has dropped up to one.
        return rounded(from, h.how) == written ||
               (h.how.how == shape::up && from % second == 0 && rounded(from + second - 1, h.how) == written);
    };
    if (h.rings)
        return p.with_ring[other] >= 0 && fits(p.with_ring[other]);
    return fits(p.billed[other]) || fits(p.talk[other]);
}

std::vector<length_pair> length_pairs(const compared_calls& calls) {
    std::vector<length_pair> pairs;
    const auto step = calls.ours.size() / most_samples + 1;
    for (std::uint64_t i = 0; i < calls.ours.size(); i += step) {
        const auto j = calls.matched.of_ours[i];
        if (j == matching::none)
            continue;
        const compared_call* both[] = {&calls.ours[static_cast<std::uint32_t>(i)], &calls.theirs[j]};
        if (!both[0]->answered() || !both[1]->answered())
            continue;
        auto& p = pairs.emplace_back();
        for (std::size_t s = 0; s < 2; ++s) {
            p.billed[s] = both[s]->billed;
            p.talk[s] = both[s]->talk;
            if (both[s]->ring != compared_call::no_ring)
                p.with_ring[s] = both[s]->talk + both[s]->ring;
        }
    }
    return pairs;
}

void find_lengths(const compared_calls& calls, std::vector<std::string>& to) {
    const auto pairs = length_pairs(calls);
    const auto differ = static_cast<std::size_t>(
        std::count_if(pairs.begin(), pairs.end(), [](const auto& p) { return p.billed[0] != p.billed[1]; }));
    if (differ < fewest)
        return;
    std::vector<hypothesis> all;
    for (const bool rings : {false, true})
        for (const auto whose : {side::theirs, side::ours}) {
            if (rings)
                all.push_back({whose, rings, {}});
            for (const auto& r : roundings)
                all.push_back({whose, rings, r});
        }
    std::optional<hypothesis> best;
    std::size_t best_fits = 0;
    for (const auto& h : all) {
        std::size_t fits = 0;
        std::size_t differing_fits = 0;
        for (const auto& p : pairs)
            if (explains(h, p)) {
                ++fits;
                differing_fits += p.billed[0] != p.billed[1] ? 1 : 0;
            }
        // A little better is only luck: the simpler one stays.
        if (nearly_all(fits, pairs.size()) && nearly_all(differing_fits, differ) &&
            fits > best_fits + best_fits / 100) {
            best = h;
            best_fits = fits;
        }
    }
    if (best) {
        const std::string whose(name_of_side(best->whose));
        const auto how_many = " (" + calls_text(best_fits, pairs.size()) + ")";
        if (!best->rings)
            to.push_back(whose + " is " + rounding_text(best->how) + how_many);
        else
            to.push_back("rings are billed in " + whose +
                         (best->how.how == shape::as_is ? "" : ", " + rounding_text(best->how)) + how_many);
        return;
    }
    std::map<std::int64_t, std::size_t> apart;
    for (const auto& p : pairs)
        if (p.billed[0] != p.billed[1])
            ++apart[p.billed[1] - p.billed[0]];
    const auto most =
        std::max_element(apart.begin(), apart.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (nearly_all(most->second, differ))
        to.push_back("theirs is " + seconds_text(std::abs(most->first)) + (most->first > 0 ? " longer" : " shorter") +
                     " on " + calls_text(most->second, pairs.size()));
}

// --- charges

struct charge_pair {
    std::int64_t charge[2] = {};
    std::int64_t billed[2] = {};
    std::uint64_t callee = 0; // of ours
};

// A rate per minute, in nanos.
struct rate_range {
    nanos128 above = 0;
    nanos128 below = 0;

    [[nodiscard]] bool contains(nanos128 rate) const { return above < rate && rate < below; }
};

// The rates that give this charge, however it was rounded to its decimals.
rate_range rates_of(std::int64_t charge, std::int64_t billed, std::int64_t step) {
    return {(nanos128{charge} - step) * minute / billed, (nanos128{charge} + step) * minute / billed + 1};
}

// The one with the fewest decimals: people make price lists.
nanos128 simplest(const rate_range& r) {
    for (nanos128 step = 1'000'000'000; step > 1; step /= 10) {
        const auto value = (r.above / step + 1) * step;
        if (r.contains(value))
            return value;
    }
    return r.above + 1;
}

// At least four decimals, and as many on both sides.
std::pair<std::string, std::string> rate_texts(nanos128 a, nanos128 b) {
    auto x = amount_text(a);
    auto y = amount_text(b);
    const auto decimals = [](const std::string& s) { return s.size() - s.find('.') - 1; };
    const auto wanted = std::max({std::size_t{4}, decimals(x), decimals(y)});
    x.append(wanted - decimals(x), '0');
    y.append(wanted - decimals(y), '0');
    return {x, y};
}

class charge_patterns {
public:
    charge_patterns(const compared_calls& calls, std::vector<std::string>& to)
        : calls_(calls),
          to_(to),
          step_{calls.ours.charge_step(), calls.theirs.charge_step()} {}

    void find() {
        collect();
        if (all_.size() < fewest)
            return;
        if (find_decimals() || find_rates() || find_fee())
            return;
        find_factor();
    }

private:
    void collect() {
        std::size_t candidates = 0;
        for (const auto& d : calls_.differences)
            candidates += differs_in_charge(d) ? 1 : 0;
        const auto step = candidates / most_samples + 1;
        std::size_t seen = 0;
        for (const auto& d : calls_.differences) {
            if (!differs_in_charge(d) || seen++ % step != 0)
                continue;
            const auto& a = calls_.ours[d.ours];
            const auto& b = calls_.theirs[d.theirs];
            all_.push_back({{a.charge, b.charge}, {a.billed, b.billed}, a.callee});
            same_length_ += a.billed == b.billed ? 1 : 0;
        }
    }
    [[nodiscard]] bool differs_in_charge(const difference& d) const {
        if (d.ours == matching::none || d.theirs == matching::none || d.kind == difference_class::length)
            return false;
        const auto& a = calls_.ours[d.ours];
        const auto& b = calls_.theirs[d.theirs];
        if (d.kind == difference_class::rounding && a.billed != b.billed)
            return false;
        return a.charge != absent && b.charge != absent && a.charge != b.charge && a.billed > 0 && b.billed > 0;
    }

    // One side writes fewer decimals.
    bool find_decimals() {
        if (step_[0] == step_[1] || same_length_ != all_.size())
            return false;
        const std::size_t doer = step_[0] > step_[1] ? 0 : 1;
        std::uint32_t decimals = 9;
        for (auto step = step_[doer]; step > 1; step /= 10)
            --decimals;
        for (const auto mode : {charge_rounding::half_up, charge_rounding::up, charge_rounding::down}) {
            const auto fits = static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [&](const auto& p) {
                return rounded_to(p.charge[1 - doer], decimals, mode) == p.charge[doer];
            }));
            if (!nearly_all(fits, all_.size()))
                continue;
            const char* how = mode == charge_rounding::half_up ? "rounded to "
                              : mode == charge_rounding::up    ? "rounded up to "
                                                               : "cut to ";
            to_.push_back("charges are " + std::string(how) + std::to_string(decimals) + " decimals in " +
                          std::string(name_of_side(static_cast<side>(doer))) + " (" + calls_text(fits, all_.size()) +
                          " that differ)");
            return true;
        }
        return false;
    }

    [[nodiscard]] std::pair<rate_range, rate_range> ranges(const charge_pair& p) const {
        return {rates_of(p.charge[0], p.billed[0], step_[0]), rates_of(p.charge[1], p.billed[1], step_[1])};
    }

    // Long calls tell the rates exactly; all others have to fit.
    bool find_rates() {
        auto longest = all_;
        std::stable_sort(longest.begin(), longest.end(),
                         [](const auto& a, const auto& b) { return a.billed[0] > b.billed[0]; });
        longest.resize(std::min<std::size_t>(longest.size(), 1'000));
        std::map<std::pair<nanos128, nanos128>, std::size_t> votes;
        for (const auto& p : longest) {
            const auto [a, b] = ranges(p);
            ++votes[{simplest(a), simplest(b)}];
        }
        std::vector<std::pair<std::size_t, std::pair<nanos128, nanos128>>> candidates;
        for (const auto& [rates, n] : votes)
            if (rates.first != rates.second)
                candidates.emplace_back(n, rates);
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        candidates.resize(std::min<std::size_t>(candidates.size(), 20));

        std::vector<bool> explained(all_.size());
        std::vector<std::string> sentences;
        std::size_t in_all = 0;
        for (const auto& [n, rates] : candidates) {
            std::vector<std::size_t> fits;
            for (std::size_t i = 0; i < all_.size(); ++i)
                if (const auto [a, b] = ranges(all_[i]);
                    !explained[i] && a.contains(rates.first) && b.contains(rates.second))
                    fits.push_back(i);
            if (fits.size() < fewest || fits.size() * 20 < all_.size() || sentences.size() == 5)
                continue;
            for (const auto i : fits)
                explained[i] = true;
            in_all += fits.size();
            const auto [x, y] = rate_texts(rates.first, rates.second);
            auto sentence =
                "rate " + x + " against " + y + " on " + calls_text(fits.size(), all_.size()) + " rated differently";
            if (const auto prefix = common_prefix(fits); prefix.size() > 1)
                sentence += ", to numbers that begin with " + prefix;
            sentences.push_back(std::move(sentence));
        }
        if (in_all * 2 < all_.size())
            return false;
        to_.insert(to_.end(), sentences.begin(), sentences.end());
        return true;
    }

    [[nodiscard]] std::string common_prefix(const std::vector<std::size_t>& fits) const {
        std::optional<std::string> prefix;
        for (const auto i : fits) {
            const auto digits = calls_.ours.digits(all_[i].callee);
            if (!prefix)
                prefix.emplace(digits.view());
            const auto end = std::mismatch(prefix->begin(), prefix->end(), digits.view().begin(), digits.view().end());
            prefix->erase(end.first, prefix->end());
        }
        return prefix.value_or(std::string());
    }

    bool find_fee() {
        std::map<std::int64_t, std::size_t> apart;
        for (const auto& p : all_)
            ++apart[p.charge[1] - p.charge[0]];
        const auto most = std::max_element(apart.begin(), apart.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        if (!nearly_all(most->second, all_.size()))
            return false;
        to_.push_back("theirs charges " + amount_text(std::abs(most->first)) + (most->first > 0 ? " more" : " less") +
                      " a call on " + calls_text(most->second, all_.size()) + " rated differently");
        return true;
    }

    // The factor of the dearest calls is the most exact.
    void find_factor() {
        const auto dearest = std::max_element(all_.begin(), all_.end(),
                                              [](const auto& a, const auto& b) { return a.charge[0] < b.charge[0]; });
        if (dearest->charge[0] <= 0)
            return;
        const auto hundredths_of_percent = (nanos128{dearest->charge[1]} * 20'000 / dearest->charge[0] + 1) / 2;
        const auto fits = static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [&](const auto& p) {
            const auto off = nanos128{p.charge[1]} * 10'000 - nanos128{p.charge[0]} * hundredths_of_percent;
            return (off < 0 ? -off : off) <= 10'000 * (nanos128{step_[0]} + step_[1]);
        }));
        const auto more = hundredths_of_percent - 10'000;
        if (more == 0 || !nearly_all(fits, all_.size()))
            return;
        to_.push_back("theirs charges " + amount_text((more < 0 ? -more : more) * 10'000'000) + " % " +
                      (more > 0 ? "more" : "less") + " on " + calls_text(fits, all_.size()) + " rated differently");
    }

    const compared_calls& calls_;
    std::vector<std::string>& to_;
    const std::int64_t step_[2];
    std::vector<charge_pair> all_;
    std::size_t same_length_ = 0;
};

// --- what is missing

// Many missing calls in a row, with none that is on both sides between them: a switch or an export that stood still.
void find_gap(const compared_calls& calls, side whose, std::vector<std::string>& to) {
    const auto lone = whose == side::theirs ? difference_class::missing_in_theirs : difference_class::missing_in_ours;
    const auto start_of = [&](const difference& d) {
        return whose == side::theirs ? calls.ours[d.ours].start
                                     : calls.matched.by_our_clock(calls.theirs[d.theirs].start);
    };
    std::vector<std::int64_t> missing;
    for (const auto& d : calls.differences)
        if (d.kind == lone && d.repeated == 0)
            missing.push_back(start_of(d));
    if (missing.size() < 10)
        return;
    // How many calls on both sides started before each missing one: equal numbers make a row.
    std::vector<std::uint64_t> between(missing.size());
    for (std::uint32_t i = 0; i < calls.ours.size(); ++i)
        if (calls.matched.of_ours[i] != matching::none) {
            const auto after = std::upper_bound(missing.begin(), missing.end(), calls.ours[i].start) - missing.begin();
            if (static_cast<std::size_t>(after) < missing.size())
                ++between[static_cast<std::size_t>(after)];
        }
    std::size_t best = 0;
    std::size_t best_end = 0;
    for (std::size_t begin = 0, end = 0; begin < missing.size(); begin = end) {
        end = begin + 1;
        while (end < missing.size() && between[end] == 0)
            ++end;
        if (end - begin > best_end - best) {
            best = begin;
            best_end = end;
        }
    }
    const auto in_row = best_end - best;
    if (in_row < 10 || in_row * 5 < missing.size() || calls.matched.by_id + calls.matched.by_numbers == 0)
        return;
    const auto at = [&](std::size_t i) { return to_string(instant(duration(missing[i]))); };
    to.push_back(std::string(name_of_side(whose)) + " has nothing from " + at(best) + " to " + at(best_end - 1) + ", " +
                 count_text(in_row) + " of its " + count_text(missing.size()) + " missing calls");
}

void find_repeated(const compared_calls& calls, std::vector<std::string>& to) {
    std::uint64_t twice[2] = {};
    for (const auto& d : calls.differences)
        if (d.repeated != 0)
            ++twice[d.ours == matching::none ? 1 : 0];
    for (const auto s : {side::ours, side::theirs})
        if (const auto n = twice[static_cast<std::size_t>(s)]; n > 0)
            to.push_back(std::string(name_of_side(s)) + " has " + count_text(n) + (n == 1 ? " call" : " calls") +
                         " twice");
}

} // namespace

std::string seconds_text(std::int64_t ms) {
    auto text = std::to_string(ms / second);
    if (const auto rest = std::abs(ms % second); rest != 0) {
        auto decimals = std::to_string(second + rest).substr(1);
        decimals.erase(decimals.find_last_not_of('0') + 1);
        text += '.' + decimals;
    }
    return text + " s";
}

std::vector<std::string> find_patterns(const compared_calls& calls) {
    std::vector<std::string> found;
    find_clocks(calls.matched, found);
    if (calls.left_out > 0)
        found.push_back(std::string(name_of_side(calls.ours.unanswered() == 0 ? side::ours : side::theirs)) +
                        " has answered calls only: " + count_text(calls.left_out) +
                        " that were not answered are not compared");
    find_lengths(calls, found);
    if (calls.money)
        charge_patterns(calls, found).find();
    for (const auto s : {side::ours, side::theirs})
        find_gap(calls, s, found);
    find_repeated(calls, found);
    return found;
}

} // namespace lineside::rules
