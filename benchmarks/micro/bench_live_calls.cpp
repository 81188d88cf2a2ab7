// Live calls: events and admissions in the rules and through an engine, and the least that any keyed set must do.

#include <lineside/engine.hpp>

#include "rules/live_calls.hpp"

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using namespace lineside;
using namespace lineside::rules;

constexpr std::int64_t noon = 1'772'366'400'000;
constexpr std::uint32_t accounts = 1'000;

std::string uuid(std::mt19937_64& random) {
    char text[37];
    const std::uint64_t a = random();
    const std::uint64_t b = random();
    std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(a),
                  static_cast<unsigned>(a >> 32U & 0xffffU), static_cast<unsigned>(a >> 48U),
                  static_cast<unsigned>(b & 0xffffU), static_cast<unsigned long long>(b >> 16U));
    return text;
}

// Steady traffic: so many calls in progress, each start followed 1.8 s later by the answer of every other call, and in
// the mean 3 minutes later by its end. Events in the order of time.
struct traffic {
    explicit traffic(std::size_t in_progress) {
        std::mt19937_64 random(7);
        std::exponential_distribution<double> talk(1.0 / 180'000);
        const std::size_t calls = std::max<std::size_t>(in_progress * 4, 200'000);
        const double gap = 180'000.0 / static_cast<double>(in_progress);
        ids.reserve(calls);
        for (std::size_t i = 0; i < calls; ++i) {
            ids.push_back(uuid(random));
            live_event e;
            e.call_id = ids.back();
            e.account = static_cast<std::uint32_t>(1 + random() % accounts);
            e.cli = "+442071838750";
            e.destination = "+4930901820";
            e.direction = call_direction::outbound;
            e.order = {i, static_cast<std::int64_t>(static_cast<double>(i) * gap)};
            events.push_back(e);
            const std::int64_t start = e.order.at;
            e.account = 0;
            e.cli = e.destination = {};
            if (i % 2 == 0) {
                e.kind = call_event_kind::answered;
                e.order = {i + 1, start + 1'800};
                events.push_back(e);
            }
            e.kind = call_event_kind::ended;
            e.order = {i + 2, start + 2'000 + static_cast<std::int64_t>(talk(random))};
            events.push_back(e);
        }
        std::stable_sort(events.begin(), events.end(),
                         [](const live_event& a, const live_event& b) { return a.order.at < b.order.at; });
        length = events.back().order.at + 1'000;
    }

    std::vector<std::string> ids;
    std::vector<live_event> events;
    std::int64_t length = 0;
};

constexpr std::size_t batch = 1'000;

// The traffic over and over, each time later; call ids come back long after they are forgotten.
template <class Apply>
void replay(benchmark::State& state, Apply apply) {
    const traffic t(static_cast<std::size_t>(state.range(0)));
    std::vector<live_event> some;
    std::string texts; // as a reader hands them on: just written
    std::int64_t told = 0;
    std::size_t at = 0;
    std::int64_t base = noon;
    for (auto _ : state) {
        state.PauseTiming();
        if (at == t.events.size()) {
            at = 0;
            base += t.length + 3'600'000;
        }
        const std::size_t n = std::min(batch, t.events.size() - at);
        some.assign(t.events.begin() + static_cast<std::ptrdiff_t>(at),
                    t.events.begin() + static_cast<std::ptrdiff_t>(at + n));
        texts.clear();
        texts.reserve(n * 36);
        for (auto& e : some) {
            e.order.at += base;
            texts += e.call_id;
            e.call_id = std::string_view(texts).substr(texts.size() - e.call_id.size());
        }
        at += n;
        state.ResumeTiming();
        apply(some);
        told += static_cast<std::int64_t>(n);
    }
    state.SetItemsProcessed(told);
}

void live_events(benchmark::State& state) {
    live_calls live({.seed = 11});
    replay(state, [&](const std::vector<live_event>& events) {
        live.apply(events, events.back().order.at);
        benchmark::DoNotOptimize(live.take_minutes());
    });
}
BENCHMARK(live_events)->Arg(1'000)->Arg(10'000)->Arg(100'000);

// The floor: a standard hash map that knows nothing but which calls there are.
void floor_hash_map(benchmark::State& state) {
    std::unordered_map<std::string, std::int64_t> calls;
    replay(state, [&](const std::vector<live_event>& events) {
        for (const auto& e : events) {
            if (e.kind == call_event_kind::started)
                calls.emplace(e.call_id, e.order.at);
            else if (const auto call = calls.find(std::string(e.call_id)); call != calls.end()) {
                if (e.kind == call_event_kind::ended)
                    calls.erase(call);
                else
                    call->second = e.order.at;
            }
        }
    });
}
BENCHMARK(floor_hash_map)->Arg(1'000)->Arg(10'000)->Arg(100'000);

// The floor of ours: the table alone, insert and erase.
void floor_table(benchmark::State& state) {
    live_table table(11);
    replay(state, [&](const std::vector<live_event>& events) {
        for (const auto& e : events) {
            const auto hash = table.hash(e.key());
            const auto i = table.find(hash, e.key());
            if (e.kind == call_event_kind::started)
                table.insert(hash, e.key(), e.cli, e.destination);
            else if (i != live_table::none) {
                if (e.kind == call_event_kind::ended)
                    table.erase(i);
                else
                    table[i].answered = e.order.at;
            }
        }
    });
}
BENCHMARK(floor_table)->Arg(1'000)->Arg(10'000)->Arg(100'000);

// Asks for a channel, and hangs up what was admitted ten thousand calls before.
void admissions(benchmark::State& state) {
    std::mt19937_64 random(7);
    std::vector<std::string> ids(200'000);
    std::generate(ids.begin(), ids.end(), [&] { return uuid(random); });
    live_calls live({.seed = 11});
    std::int64_t now = noon;
    std::size_t at = 0;
    constexpr std::size_t in_progress = 10'000;
    for (auto _ : state) {
        live_event e;
        e.call_id = ids[at % ids.size()];
        e.account = static_cast<std::uint32_t>(1 + at % accounts);
        now = noon + static_cast<std::int64_t>(at) * 4;
        benchmark::DoNotOptimize(live.admit(e, 30, std::nullopt, now));
        if (at >= in_progress) {
            live_event end;
            end.kind = call_event_kind::ended;
            end.call_id = ids[(at - in_progress) % ids.size()];
            end.order.at = now;
            live.apply(end, now);
        }
        ++at;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(admissions);

// ---- through an engine

class folder {
public:
    folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "lineside-XXXXXX").string();
        if (::mkdtemp(pattern.data()) != nullptr)
            path_ = pattern;
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string database() const { return "sqlite:" + (path_ / "live.db").string(); }

private:
    std::filesystem::path path_;
};

engine_options options_of(const std::string& database, const std::int64_t& now) {
    engine_options o;
    o.database = database;
    o.clock = [&now] { return instant(duration(now)); };
    return o;
}

void engine_events(benchmark::State& state, const std::string& database) {
    const traffic t(10'000);
    std::int64_t now = noon;
    engine e(options_of(database, now));
    std::size_t at = 0;
    std::int64_t told = 0;
    for (auto _ : state) {
        state.PauseTiming();
        if (at == t.events.size()) {
            at = 0;
            now += 3'600'000;
        }
        const std::size_t n = std::min(batch, t.events.size() - at);
        const std::int64_t base = now - t.events[at].order.at;
        call_event_batch some;
        for (std::size_t i = at; i < at + n; ++i) {
            const auto& from = t.events[i];
            auto& to = some.events.emplace_back();
            to.kind = from.kind;
            to.source = "switch";
            to.call_id = from.call_id;
            to.at = instant(duration(from.order.at + base));
            to.sequence = from.order.sequence;
            if (from.account != 0)
                to.account = account_id("acct-" + std::to_string(from.account));
            to.cli = from.cli;
            to.destination = from.destination;
            to.direction = from.direction;
        }
        at += n;
        now += 100;
        state.ResumeTiming();
        benchmark::DoNotOptimize(e.async_report_call_events(std::move(some), block));
        told += static_cast<std::int64_t>(n);
    }
    state.SetItemsProcessed(told);
}
void engine_events_in_memory(benchmark::State& state) { engine_events(state, "sqlite::memory:"); }
BENCHMARK(engine_events_in_memory)->MinTime(2);
void engine_events_on_a_file(benchmark::State& state) {
    const folder f;
    engine_events(state, f.database());
}
BENCHMARK(engine_events_on_a_file)->MinTime(2);

void engine_admissions(benchmark::State& state, const std::string& database) {
    std::int64_t now = noon;
    engine e(options_of(database, now));
    account a;
    a.id = account_id("acme");
    a.channel_limit = 1'000'000;
    (void)e.async_create_account(a, block);
    std::uint64_t n = 0;
    for (auto _ : state) {
        admission_request r;
        r.account = a.id;
        r.source = "switch";
        r.call_id = std::to_string(++n);
        ++now;
        benchmark::DoNotOptimize(e.async_admit_call(std::move(r), block));
    }
    state.SetItemsProcessed(state.iterations());
}
void engine_admissions_in_memory(benchmark::State& state) { engine_admissions(state, "sqlite::memory:"); }
BENCHMARK(engine_admissions_in_memory);
void engine_admissions_on_a_file(benchmark::State& state) {
    const folder f;
    engine_admissions(state, f.database());
}
BENCHMARK(engine_admissions_on_a_file);

} // namespace
