#include "rules/call_matching.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <span>
#include <string_view>

namespace lineside::rules {

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t quarter = 15 * minute;
constexpr std::int64_t widest_offset = 15 * hour; // between two time zones of the world, and more
constexpr std::int64_t id_tolerance = hour;
constexpr std::size_t long_id = 16;                // longer than a counter or a time
constexpr std::size_t nearest = 32;                // candidates looked at per call ...
constexpr std::size_t most_candidates = 4'000'000; // ... fewer where so many calls have the same numbers
constexpr std::size_t most_samples = 2'000'000;
constexpr std::uint32_t sampled_keys = 200'000;

struct entry {
    std::uint64_t key = 0;
    std::int64_t start = 0;
    std::uint32_t index = 0;
};

struct candidate {
    std::int64_t apart = 0;
    std::int64_t longer = 0;
    std::uint32_t ours = 0; // position in the group
    std::uint32_t theirs = 0;

    auto operator<=>(const candidate&) const = default;
};

std::uint64_t scattered(std::uint64_t key) { return (key * 0x9e37'79b9'7f4a'7c15U) >> 32U; }

// Which calls belong to the same group, and which of a group can be the same.
enum class criterion : std::uint8_t { id, both_numbers, called_number };

class matcher {
public:
    matcher(const call_set& ours, const call_set& theirs, std::int64_t tolerance, const std::function<void()>& check)
        : ours_(ours),
          theirs_(theirs),
          tolerance_(tolerance),
          check_(check) {
        result_.of_ours.assign(ours.size(), matching::none);
        result_.of_theirs.assign(theirs.size(), matching::none);
    }

    matching run() {
        auto shift = find_shift(criterion::id);
        if (shift.calls < 1'000)
            if (const auto other = find_shift(criterion::both_numbers); other.calls > shift.calls)
                shift = other;
        match_all(shift.ms);
        // An export in local time changes its offset with the seasons: what is left is looked at once more.
        const auto left = std::min(ours_.size(), theirs_.size()) - (result_.by_id + result_.by_numbers);
        if (result_.by_id + result_.by_numbers > 0 && left > 0)
            match_rest_shifted(left);
        measure_skew();
        return std::move(result_);
    }

private:
    // --- groups

    [[nodiscard]] std::uint64_t key_of(const call_set& set, const compared_call& c, criterion by) const {
        if (by == criterion::id) {
            const auto id = set.id_of(c);
            return id.empty() ? 0 : std::hash<std::string_view>{}(id) | 1U;
        }
        const auto callee = std::uint64_t{ending_of(set.digits(c.callee))} << 32U;
        return callee == 0 || by == criterion::called_number ? callee : callee | ending_of(set.digits(c.caller));
    }

    // Of one key in `every`: a sample of keys has all the calls of each.
    std::vector<entry> entries(const call_set& set, const std::vector<std::uint32_t>& matched, criterion by,
                               std::uint64_t every) const {
        std::vector<entry> all;
        const auto open = static_cast<std::size_t>(std::count(matched.begin(), matched.end(), matching::none));
        all.reserve(every == 1 ? open : 0);
        for (std::uint32_t i = 0; i < set.size(); ++i) {
            if (matched[i] != matching::none)
                continue;
            if (const auto key = key_of(set, set[i], by); key != 0 && (every == 1 || scattered(key) % every == 0))
                all.push_back({key, set[i].start, i});
        }
        check_();
        std::sort(all.begin(), all.end(), [&set](const entry& a, const entry& b) {
            if (a.key != b.key)
                return a.key < b.key;
            if (a.start != b.start)
                return a.start < b.start;
            if (const auto x = set[a.index].billed, y = set[b.index].billed; x != y)
                return x < y;
            return a.index < b.index;
        });
        check_();
        return all;
    }

    // Calls visit(ours, theirs) for every key that stands on both sides.
    template <class Visit>
    void each_group(criterion by, std::uint64_t every, Visit visit) {
        const auto ours = entries(ours_, result_.of_ours, by, every);
        const auto theirs = entries(theirs_, result_.of_theirs, by, every);
        const auto end_of_group = [](const std::vector<entry>& all, std::size_t begin) {
            auto end = begin;
            while (end < all.size() && all[end].key == all[begin].key)
                ++end;
            return end;
        };
        for (std::size_t i = 0, j = 0, visited = 0; i < ours.size() && j < theirs.size();) {
            if (ours[i].key < theirs[j].key) {
                ++i;
            } else if (theirs[j].key < ours[i].key) {
                ++j;
            } else {
                const auto i_end = end_of_group(ours, i);
                const auto j_end = end_of_group(theirs, j);
                visit(std::span(ours).subspan(i, i_end - i), std::span(theirs).subspan(j, j_end - j));
                i = i_end;
                j = j_end;
                if (++visited % 4096 == 0)
                    check_();
            }
        }
    }

    [[nodiscard]] bool can_be_same(const compared_call& a, const compared_call& b, criterion by) const {
        switch (by) {
        case criterion::id: {
            const auto id = ours_.id_of(a);
            return id == theirs_.id_of(b) && (id.size() >= long_id || same_number(a.callee, b.callee));
        }
        case criterion::both_numbers: return same_number(a.callee, b.callee) && same_number(a.caller, b.caller);
        case criterion::called_number:
            return same_number(a.callee, b.callee) &&
                   (ours_.digits(a.caller).tells_nobody() || theirs_.digits(b.caller).tells_nobody());
        }
        return false;
    }
    [[nodiscard]] bool same_number(std::uint64_t a, std::uint64_t b) const {
        return correspond(ours_.digits(a), theirs_.digits(b));
    }

    // --- how far the clocks are apart

    // The most frequent difference of the starts of calls that can be the same, give or take the tolerance; of equally
    // frequent ones the smallest. Each call of ours has one voice for each call of theirs, so large groups, which know
    // little, are left out unless there is nothing else.
    struct found_shift {
        std::int64_t ms = 0;
        std::size_t calls = 0; // that speak for it
    };
    found_shift find_shift(criterion by) {
        const auto every = std::min(ours_.size(), theirs_.size()) / sampled_keys + 1;
        std::vector<std::int64_t> apart;
        for (const std::size_t largest : {std::size_t{8}, std::size_t{1'000}}) {
            each_group(by, every, [&](std::span<const entry> a, std::span<const entry> b) {
                if (a.size() > largest || b.size() > largest || apart.size() > most_samples)
                    return;
                for (const auto& x : a)
                    for (const auto& y : b)
                        if (const auto d = y.start - x.start;
                            std::abs(d) <= widest_offset && can_be_same(ours_[x.index], theirs_[y.index], by))
                            apart.push_back(d);
            });
            if (apart.size() >= 3)
                break;
        }
        return densest(apart);
    }

    [[nodiscard]] found_shift densest(std::vector<std::int64_t>& apart) const {
        if (apart.empty())
            return {};
        std::sort(apart.begin(), apart.end());
        const auto width = std::max<std::int64_t>(2 * tolerance_, second);
        std::size_t best = 0;
        std::size_t best_end = 0;
        const auto middle = [&](std::size_t begin, std::size_t end) { return apart[begin + (end - begin) / 2]; };
        for (std::size_t begin = 0, end = 0; begin < apart.size(); ++begin) {
            while (end < apart.size() && apart[end] - apart[begin] <= width)
                ++end;
            const auto more = (end - begin) > (best_end - best);
            const auto as_many = (end - begin) == (best_end - best);
            if (more || (as_many && std::abs(middle(begin, end)) < std::abs(middle(best, best_end)))) {
                best = begin;
                best_end = end;
            }
        }
        const auto shift = middle(best, best_end);
        // Two calls far apart are no evidence of anything.
        if (std::abs(shift) > width && best_end - best < 3)
            return {};
        return {shift, best_end - best};
    }

    // --- matching

    void match_all(std::int64_t shift) {
        result_.offsets.push_back({});
        auto& offset = result_.offsets.back();
        const auto nearest_quarter =
            static_cast<std::int64_t>(std::llround(static_cast<double>(shift) / static_cast<double>(quarter))) *
            quarter;
        if (std::abs(shift - nearest_quarter) <= std::max(tolerance_, 2 * minute))
            offset.whole_ms = nearest_quarter;
        offset.skew_ms = shift - offset.whole_ms;
        offset.first = std::numeric_limits<std::int64_t>::max();
        offset.last = std::numeric_limits<std::int64_t>::min();
        if (result_.offsets.size() == 1)
            match_groups(criterion::id, shift, std::max(id_tolerance, tolerance_));
        match_groups(criterion::both_numbers, shift, tolerance_);
        match_groups(criterion::called_number, shift, tolerance_);
    }

    void match_rest_shifted(std::uint64_t left) {
        const auto first = result_.offsets.front();
        const auto shift = find_shift(criterion::both_numbers);
        if (shift.calls == 0)
            return;
        const auto further = shift.ms - first.whole_ms - first.skew_ms;
        const auto quarters =
            static_cast<std::int64_t>(std::llround(static_cast<double>(further) / static_cast<double>(quarter)));
        if (quarters == 0 || std::abs(quarters) > 8 || std::abs(further - quarters * quarter) > tolerance_)
            return;
        const auto before = result_.by_numbers;
        const auto saved_ours = result_.of_ours;
        const auto saved_theirs = result_.of_theirs;
        match_all(shift.ms);
        const auto gained = result_.by_numbers - before;
        if (gained >= 5 && gained * 4 >= left)
            return;
        result_.of_ours = saved_ours;
        result_.of_theirs = saved_theirs;
        result_.by_numbers = before;
        result_.offsets.pop_back();
    }

    void match_groups(criterion by, std::int64_t shift, std::int64_t tolerance) {
        each_group(by, 1, [&](std::span<const entry> a, std::span<const entry> b) {
            match_best(by, a, b, shift, tolerance);
            if (a.size() > nearest || b.size() > nearest)
                match_in_order(by, a, b, shift, tolerance);
        });
    }

    // The nearest starts first.
    void match_best(criterion by, std::span<const entry> a, std::span<const entry> b, std::int64_t shift,
                    std::int64_t tolerance) {
        candidates_.clear();
        const auto most = std::clamp<std::size_t>(most_candidates / a.size(), 1, nearest);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const auto& x = ours_[a[i].index];
            const auto due = a[i].start + shift;
            // From where it is due outwards, the nearer side first.
            auto up = static_cast<std::size_t>(
                std::lower_bound(b.begin(), b.end(), due, [](const entry& e, std::int64_t t) { return e.start < t; }) -
                b.begin());
            auto down = up;
            for (std::size_t looked = 0; looked < most; ++looked) {
                const auto above = up < b.size() ? b[up].start - due : tolerance + 1;
                const auto below = down > 0 ? due - b[down - 1].start : tolerance + 1;
                const auto apart = std::min(above, below);
                if (apart > tolerance)
                    break;
                const auto j = above <= below ? up++ : --down;
                const auto& y = theirs_[b[j].index];
                if (can_be_same(x, y, by))
                    candidates_.push_back({apart, std::abs(x.billed - y.billed), static_cast<std::uint32_t>(i),
                                           static_cast<std::uint32_t>(j)});
            }
        }
        std::sort(candidates_.begin(), candidates_.end());
        for (const auto& c : candidates_)
            pair(by, a[c.ours].index, b[c.theirs].index);
    }

    // What is left where so many calls have the same numbers at the same time that not every pair can be looked at.
    void match_in_order(criterion by, std::span<const entry> a, std::span<const entry> b, std::int64_t shift,
                        std::int64_t tolerance) {
        // Over the matched ones of theirs leads a path, which is shortened as it is walked.
        next_.resize(b.size() + 1);
        for (std::size_t j = 0; j <= b.size(); ++j)
            next_[j] = static_cast<std::uint32_t>(j);
        const auto open_from = [&](std::size_t j) {
            while (next_[j] != j || (j < b.size() && result_.of_theirs[b[j].index] != matching::none)) {
                if (next_[j] == j)
                    next_[j] = static_cast<std::uint32_t>(j + 1);
                next_[j] = next_[next_[j]];
                j = next_[j];
            }
            return j;
        };
        std::size_t from = 0;
        for (const auto& e : a) {
            if (result_.of_ours[e.index] != matching::none)
                continue;
            const auto due = e.start + shift;
            while (from < b.size() && b[from].start < due - tolerance)
                ++from;
            auto j = open_from(from);
            for (std::size_t looked = 0; looked < nearest && j < b.size() && b[j].start <= due + tolerance;
                 ++looked, j = open_from(j + 1))
                if (can_be_same(ours_[e.index], theirs_[b[j].index], by)) {
                    pair(by, e.index, b[j].index);
                    break;
                }
        }
    }

    void pair(criterion by, std::uint32_t ours, std::uint32_t theirs) {
        if (result_.of_ours[ours] != matching::none || result_.of_theirs[theirs] != matching::none)
            return;
        result_.of_ours[ours] = theirs;
        result_.of_theirs[theirs] = ours;
        ++(by == criterion::id ? result_.by_id : result_.by_numbers);
        auto& offset = result_.offsets.back();
        ++offset.calls;
        offset.first = std::min(offset.first, theirs_[theirs].start);
        offset.last = std::max(offset.last, theirs_[theirs].start);
    }

    // The nearest of the whole offsets is the one a pair was matched with: they are a quarter hour apart at least.
    void measure_skew() {
        if (result_.by_id + result_.by_numbers == 0)
            return;
        std::vector<std::int64_t> rest;
        rest.reserve(result_.by_id + result_.by_numbers);
        for (std::uint32_t i = 0; i < ours_.size(); ++i) {
            if (result_.of_ours[i] == matching::none)
                continue;
            const auto apart = theirs_[result_.of_ours[i]].start - ours_[i].start;
            auto least = apart - result_.offsets.front().whole_ms;
            for (const auto& o : result_.offsets)
                if (std::abs(apart - o.whole_ms) < std::abs(least))
                    least = apart - o.whole_ms;
            rest.push_back(least);
        }
        const auto middle = rest.begin() + static_cast<std::ptrdiff_t>(rest.size() / 2);
        std::nth_element(rest.begin(), middle, rest.end());
        result_.skew_ms = *middle;
    }

    const call_set& ours_;
    const call_set& theirs_;
    const std::int64_t tolerance_;
    const std::function<void()>& check_;
    matching result_;
    std::vector<candidate> candidates_;
    std::vector<std::uint32_t> next_;
};

} // namespace

std::int64_t matching::by_our_clock(std::int64_t their_start) const noexcept {
    const auto& main = offsets.front();
    for (const auto& o : offsets)
        if (o.calls > 0 && o.first <= their_start && their_start <= o.last &&
            !(main.first <= their_start && their_start <= main.last))
            return their_start - o.whole_ms - o.skew_ms;
    return their_start - main.whole_ms - main.skew_ms;
}

matching match_calls(const call_set& ours, const call_set& theirs, std::int64_t tolerance_ms,
                     const std::function<void()>& check) {
    return matcher(ours, theirs, tolerance_ms, check).run();
}

} // namespace lineside::rules
