// The rules alone, without a database: calendar, live channels, roll-up, number blocks and their rivals.

#include "model/call_view.hpp"
#include "rules/calendar.hpp"
#include "rules/concurrency.hpp"
#include "rules/number_blocks.hpp"
#include "rules/rollup.hpp"

#include <boost/icl/interval_map.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <vector>

namespace {

using namespace lineside;
using namespace lineside::rules;

// ---- calendar

void calendar_edges(benchmark::State& state, time_step step) {
    const zone z = zone::find("America/New_York").value();
    using namespace std::chrono;
    const time_range march{sys_days{2026y / 3 / 1}, sys_days{2026y / 4 / 1}};
    std::size_t edges = 0;
    for (auto _ : state)
        edges += bucket_edges(z, march, step).size();
    state.SetItemsProcessed(static_cast<std::int64_t>(edges));
}
BENCHMARK_CAPTURE(calendar_edges, minutes_of_a_month, time_step::minute);
BENCHMARK_CAPTURE(calendar_edges, hours_of_a_month, time_step::hour);
BENCHMARK_CAPTURE(calendar_edges, days_of_a_month, time_step::day);

void calendar_resolve(benchmark::State& state) {
    const zone z = zone::find("America/New_York").value();
    std::int64_t civil = 1'772'323'200'000;
    for (auto _ : state)
        benchmark::DoNotOptimize(z.resolve(civil += 61'000));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(calendar_resolve);

// ---- calls of a day

constexpr std::int64_t day_ms = 86'400'000;

std::vector<call_facts> calls_of_a_day(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::exponential_distribution<double> talk_time(1.0 / 180'000);
    std::vector<call_facts> calls(count);
    for (call_facts& c : calls) {
        const bool answered = random() % 100 < 45;
        c.start = static_cast<std::int64_t>(random() % day_ms);
        c.outcome = answered ? call_outcome::answered : call_outcome::busy;
        c.talk = answered ? static_cast<std::int64_t>(talk_time(random)) : 0;
        c.end = c.start + 2'000 + static_cast<std::int64_t>(random() % 20'000) + c.talk;
        c.billed = c.talk;
        c.pdd = random() % 2 != 0 ? absent : 2'000;
        c.charge = static_cast<std::int64_t>(random() % 100'000'000);
        c.dtmf_digits = static_cast<std::int64_t>(random() % 4);
    }
    std::sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
    return calls;
}

// Several days in turn, so that no branch predictor knows one by heart.
std::vector<std::vector<call_facts>> days_of_calls(std::size_t count) {
    std::vector<std::vector<call_facts>> days(std::clamp<std::size_t>(200'000 / count, 2, 64));
    for (std::size_t i = 0; i < days.size(); ++i)
        days[i] = calls_of_a_day(count, i);
    return days;
}

void live_channels_of_a_day(benchmark::State& state) {
    std::vector<std::vector<live_span>> days;
    for (const auto& calls : days_of_calls(static_cast<std::size_t>(state.range(0))))
        std::transform(calls.begin(), calls.end(), std::back_inserter(days.emplace_back()), [](const call_facts& c) {
            return live_span{c.start, c.end};
        });
    std::vector<live_channels> buckets(static_cast<std::size_t>(state.range(1)));
    concurrency_sweep sweep;
    std::int64_t items = 0;
    for (std::size_t i = 0; auto _ : state) {
        const auto& spans = days[i++ % days.size()];
        sweep.run(spans, 0, day_ms / state.range(1), buckets);
        benchmark::DoNotOptimize(buckets.data());
        items += static_cast<std::int64_t>(spans.size());
    }
    state.SetItemsProcessed(items);
}
BENCHMARK(live_channels_of_a_day)
    ->ArgNames({"calls", "buckets"})
    ->ArgsProduct({{40, 300, 4'000, 43'000}, {24, 96, 1'440}});

void roll_up_a_day(benchmark::State& state) {
    const auto days = days_of_calls(static_cast<std::size_t>(state.range(0)));
    std::vector<cell> cells(static_cast<std::size_t>(state.range(1)));
    roller r;
    std::int64_t items = 0;
    for (std::size_t i = 0; auto _ : state) {
        const auto& calls = days[i++ % days.size()];
        r.run(calls, {}, 0, day_ms / state.range(1), cells);
        benchmark::DoNotOptimize(cells.data());
        items += static_cast<std::int64_t>(calls.size());
    }
    state.SetItemsProcessed(items);
}
BENCHMARK(roll_up_a_day)->ArgNames({"calls", "buckets"})->ArgsProduct({{40, 300, 4'000, 43'000}, {24, 96, 1'440}});

// ---- number blocks: 10^7 numbers, 10^5 blocks of 20 to 80 numbers, one in every hundred but the last ten

constexpr std::uint64_t slot = 100;
constexpr std::uint64_t slots = 100'000;
constexpr std::uint64_t capacity = slot * slots;
constexpr std::uint64_t free_slots = 10; // where the next free block of a hundred is

using blocks = std::vector<number_span>;

const blocks& shuffled_blocks() {
    static const blocks all = [] {
        std::mt19937_64 random(7);
        blocks b;
        for (std::uint64_t i = 0; i + free_slots < slots; ++i) {
            const std::uint64_t first = i * slot + random() % 20;
            b.push_back({7, first, first + 19 + random() % 60});
        }
        std::shuffle(b.begin(), b.end(), random);
        return b;
    }();
    return all;
}

// Every rival has the same five operations; ours goes through the rules, with rests that are over a moment later.
class ours {
public:
    [[nodiscard]] std::uint32_t owner_of(std::uint64_t n) const { return blocks_.owner_of(number{7, n}); }
    bool claim(std::uint32_t owner, const number_span& b) { return blocks_.claim(owner, b, now_).has_value(); }
    void free(std::uint32_t owner, const number_span& b) {
        benchmark::DoNotOptimize(blocks_.release(owner, b, now_));
        now_ += number_blocks::default_rest;
    }
    number_span next(std::uint32_t owner, std::uint64_t size) {
        return *blocks_.allocate(owner, {number{7, 0}, size}, now_);
    }

private:
    number_blocks blocks_;
    instant now_{};
};

class std_map {
public:
    [[nodiscard]] std::uint32_t owner_of(std::uint64_t n) const {
        auto i = map_.upper_bound(n);
        if (i == map_.begin())
            return 0;
        --i;
        return n <= i->second.last ? i->second.owner : 0;
    }
    bool claim(std::uint32_t owner, const number_span& b) {
        const auto after = map_.upper_bound(b.last);
        if (after != map_.begin() && std::prev(after)->second.last >= b.first)
            return false;
        map_.emplace_hint(after, b.first, value{b.last, owner});
        return true;
    }
    void free(std::uint32_t, const number_span& b) { map_.erase(b.first); }
    number_span next(std::uint32_t owner, std::uint64_t size) {
        std::uint64_t first = 0;
        for (const auto& [begin, held] : map_) {
            if (begin >= first + size)
                break;
            first = (held.last / size + 1) * size;
        }
        const number_span b{7, first, first + size - 1};
        claim(owner, b);
        return b;
    }

private:
    struct value {
        std::uint64_t last;
        std::uint32_t owner;
    };
    std::map<std::uint64_t, value> map_;
};

class boost_icl {
public:
    [[nodiscard]] std::uint32_t owner_of(std::uint64_t n) const {
        const auto i = map_.find(n);
        return i == map_.end() ? 0 : i->second;
    }
    bool claim(std::uint32_t owner, const number_span& b) {
        if (boost::icl::intersects(map_, interval(b)))
            return false;
        map_.add({interval(b), owner});
        return true;
    }
    void free(std::uint32_t, const number_span& b) { map_.erase(interval(b)); }
    number_span next(std::uint32_t owner, std::uint64_t size) {
        std::uint64_t first = 0;
        for (const auto& [range, held] : map_) {
            if (range.lower() >= first + size)
                break;
            first = ((range.upper() - 1) / size + 1) * size;
        }
        const number_span b{7, first, first + size - 1};
        claim(owner, b);
        return b;
    }

private:
    static boost::icl::right_open_interval<std::uint64_t> interval(const number_span& b) {
        return {b.first, b.last + 1};
    }
    boost::icl::interval_map<std::uint64_t, std::uint32_t, boost::icl::partial_absorber, std::less,
                             boost::icl::inplace_plus, boost::icl::inter_section,
                             boost::icl::right_open_interval<std::uint64_t>>
        map_;
};

// Owners 1, 2, 3 ... in turn; neighbours never have the same one.
std::uint32_t owner_of(const number_span& b) { return static_cast<std::uint32_t>(b.first / slot % 5'000 + 1); }

template <class Rival>
Rival full() {
    Rival r;
    for (const number_span& b : shuffled_blocks())
        r.claim(owner_of(b), b);
    return r;
}

template <class Rival>
void block_owner_of(benchmark::State& state) {
    const Rival r = full<Rival>();
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> numbers(1 << 16);
    for (auto& n : numbers)
        n = random() % capacity;
    for (std::size_t i = 0; auto _ : state)
        benchmark::DoNotOptimize(r.owner_of(numbers[i++ % numbers.size()]));
    state.SetItemsProcessed(state.iterations());
}

template <class Rival>
void block_claim(benchmark::State& state) {
    for (auto _ : state) {
        Rival r = full<Rival>();
        benchmark::DoNotOptimize(r);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(shuffled_blocks().size()));
}

template <class Rival>
void block_free_and_claim(benchmark::State& state) {
    Rival r = full<Rival>();
    std::mt19937_64 random(3);
    const blocks& all = shuffled_blocks();
    for (auto _ : state) {
        const number_span& b = all[random() % all.size()];
        r.free(owner_of(b), b);
        if (!r.claim(owner_of(b), b))
            state.SkipWithError("a freed block cannot be claimed");
    }
    state.SetItemsProcessed(state.iterations());
}

template <class Rival>
void block_next_free(benchmark::State& state) {
    Rival r = full<Rival>();
    for (auto _ : state) {
        const number_span b = r.next(1, slot);
        if (b.first != capacity - free_slots * slot)
            state.SkipWithError("not the next free block");
        r.free(1, b);
    }
    state.SetItemsProcessed(state.iterations());
}

#define LINESIDE_RIVALS(operation)          \
    BENCHMARK_TEMPLATE(operation, ours);    \
    BENCHMARK_TEMPLATE(operation, std_map); \
    BENCHMARK_TEMPLATE(operation, boost_icl)

LINESIDE_RIVALS(block_owner_of);
LINESIDE_RIVALS(block_claim);
LINESIDE_RIVALS(block_free_and_claim);
LINESIDE_RIVALS(block_next_free);

} // namespace
