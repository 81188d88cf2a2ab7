// Job B, calls that arrive: bench_job_b FILE CALLS FOLDER PROGRAM BATCH
//   rules          the exact duplicate check and the roll-up alone: what any store would have to add to
//   engine-memory  import_calls on a database that dies with the engine
//   engine         import_calls on a file: acknowledged means that it survives a kill
//   sqlite-full    UPSERT of minute, hour, day and month rows; synchronous = FULL
//   sqlite-normal  the same, synchronous = NORMAL: the last transactions may be lost with the machine
//   append         the floor: the journal's bytes appended to a file, fdatasync a batch

#include "portal/engine/calls/call_buffer.hpp"
#include "store/identity.hpp"
#include "store/segment.hpp"
#include "support.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <filesystem>
#include <memory>
#include <unordered_map>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace lineside;

constexpr std::string_view source = "switch";

call call_of(const call_view& v) {
    const auto at = [](std::int64_t ms) { return instant(duration(ms)); };
    call c;
    c.source = source;
    c.call_id = v.call_id;
    c.account_id = account_id(std::string(v.account));
    c.direction = v.direction;
    c.cli = v.cli;
    c.destination = v.destination;
    c.start_time = at(v.start);
    if (v.answer != absent)
        c.answer_time = at(v.answer);
    c.end_time = at(v.end);
    c.duration_ms = duration(v.talk);
    c.outcome = v.outcome;
    c.sip_code = static_cast<std::uint16_t>(v.sip_code);
    if (v.dtmf_digits != absent)
        c.dtmf_digits = static_cast<std::uint32_t>(v.dtmf_digits);
    c.charge = money{v.charge / 1'000'000'000, static_cast<std::int32_t>(v.charge % 1'000'000'000), {}};
    return c;
}

std::vector<call> first_calls(const std::string& path, std::size_t count) {
    std::vector<call> calls;
    calls.reserve(count);
    bench::read_calls(path, [&](const call_view& v) {
        if (calls.size() < count)
            calls.push_back(call_of(v));
    });
    return calls;
}

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }
std::int64_t nanos(const call& c) { return c.charge->units * 1'000'000'000 + c.charge->nanos; }

// ---- the rules alone

// Identities seen: open addressing, and the real ids compared wherever hashes agree.
class seen_calls {
public:
    explicit seen_calls(const std::vector<store::stored_call>& calls) : calls_(calls), slots_(1 << 12) {}

    bool insert(std::uint32_t index) {
        if (++count_ * 2 > slots_.size())
            grow();
        const auto& c = calls_[index];
        return place(slots_, store::hash_identity(c.source, c.view.call_id, c.view.branch), index);
    }

private:
    struct slot {
        std::uint64_t hash = 0;
        std::uint32_t index = none;
    };
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    bool place(std::vector<slot>& slots, std::uint64_t hash, std::uint32_t index) const {
        const auto mask = slots.size() - 1;
        for (auto at = hash & mask;; at = (at + 1) & mask) {
            auto& s = slots[at];
            if (s.index == none) {
                s = {hash, index};
                return true;
            }
            if (s.hash == hash && calls_[s.index].view.call_id == calls_[index].view.call_id)
                return false;
        }
    }
    void grow() {
        std::vector<slot> larger(slots_.size() * 4);
        for (const auto& s : slots_)
            if (s.index != none)
                place(larger, s.hash, s.index);
        slots_.swap(larger);
    }

    const std::vector<store::stored_call>& calls_;
    std::vector<slot> slots_;
    std::size_t count_ = 0;
};

// Each account's day is rolled up once, when the traffic has moved on: the cost a call, not the freshness.
void rules_only(const call_buffer& arrived) {
    constexpr std::int64_t day_ms = store::day_ms;
    struct open_day {
        std::vector<rules::call_facts> calls;
        std::vector<rules::live_span> carried;
    };
    const auto& calls = arrived.calls();
    std::vector<open_day> accounts(arrived.accounts().size());
    std::vector<rules::cell> cells(1'440);
    rules::roller roller;
    seen_calls seen(calls);
    std::int64_t today = calls.front().view.start / day_ms;
    const auto close_day = [&] {
        const auto tomorrow = (today + 1) * day_ms;
        for (auto& day : accounts) {
            roller.run(day.calls, day.carried, today * day_ms, 60'000, cells);
            std::erase_if(day.carried, [&](const auto& span) { return span.end <= tomorrow; });
            for (const auto& c : day.calls)
                if (c.end > tomorrow)
                    day.carried.push_back({c.start, c.end});
            day.calls.clear();
        }
    };
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
        if (!seen.insert(i))
            continue;
        const auto& c = calls[i].view;
        if (c.start / day_ms != today) {
            close_day();
            today = c.start / day_ms;
        }
        accounts[arrived.account_of()[i]].calls.push_back(bench::facts_of(c));
    }
    close_day();
}

// ---- the engine

std::vector<call_batch> batches_of(std::vector<call> calls, std::size_t size) {
    std::vector<call_batch> batches;
    for (auto& c : calls) {
        if (batches.empty() || batches.back().calls.size() == size)
            batches.emplace_back().calls.reserve(size);
        batches.back().calls.push_back(std::move(c));
    }
    return batches;
}

// The clock runs with the traffic, so that the calls are new ones and not yesterday's.
double engine_seconds(const std::string& database, std::vector<call_batch> batches) {
    std::atomic<instant> now{};
    engine engine({.database = database, .clock = [&] { return now.load(); }});
    const bench::stopwatch watch;
    for (auto& batch : batches) {
        now = batch.calls.back().start_time + std::chrono::seconds(1);
        engine.async_import_calls(std::move(batch), block);
    }
    return watch.seconds();
}

// ---- SQLite

// What one call adds to its minute, hour, day and month. It keeps neither calls nor live channels and takes duplicates
// for new: all to the rival's advantage.
double sqlite_seconds(const std::string& path, const char* synchronous, const std::vector<call>& calls,
                      std::size_t batch) {
    bench::sqlite db(path);
    db.execute(std::string("PRAGMA journal_mode = WAL; PRAGMA synchronous = ") + synchronous);
    std::deque<bench::sqlite::statement> upserts;
    for (const std::string table : {"minutes", "hours", "days", "months"}) {
        db.execute("CREATE TABLE " + table +
                   "(account INTEGER, start INTEGER, attempts INTEGER, answered INTEGER, talk_ms INTEGER,"
                   " dtmf_calls INTEGER, charge INTEGER, PRIMARY KEY (account, start)) WITHOUT ROWID");
        upserts.emplace_back(db, "INSERT INTO " + table +
                                     " VALUES (?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET attempts = attempts + 1,"
                                     " answered = answered + excluded.answered, talk_ms = talk_ms + excluded.talk_ms,"
                                     " dtmf_calls = dtmf_calls + excluded.dtmf_calls,"
                                     " charge = charge + excluded.charge");
    }
    bench::sqlite::statement begin(db, "BEGIN IMMEDIATE");
    bench::sqlite::statement commit(db, "COMMIT");
    std::unordered_map<std::string_view, std::int64_t> accounts;
    const bench::stopwatch watch;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (i % batch == 0)
            begin.run({});
        const auto& c = calls[i];
        const auto account = accounts.emplace(c.account_id.value(), accounts.size()).first->second;
        const auto day = std::chrono::floor<std::chrono::days>(c.start_time);
        const std::chrono::year_month_day date{day};
        const std::array<std::int64_t, 4> starts{
            ms(c.start_time) / 60'000, ms(c.start_time) / 3'600'000, day.time_since_epoch().count(),
            static_cast<int>(date.year()) * 12 + static_cast<std::int64_t>(static_cast<unsigned>(date.month()))};
        for (std::size_t level = 0; level < starts.size(); ++level)
            upserts[level].run({account, starts[level], c.answered() ? 1 : 0, c.duration_ms.count(),
                                c.dtmf_digits.value_or(0) > 0 ? 1 : 0, nanos(c)});
        if ((i + 1) % batch == 0 || i + 1 == calls.size())
            commit.run({});
    }
    return watch.seconds();
}

// ---- the floor

double append_seconds(const std::string& path, const std::string& input, std::size_t calls, std::size_t batch) {
    std::vector<std::string> pieces;
    std::deque<std::string> texts;
    std::vector<store::stored_call> waiting;
    store::segment_encoder encoder;
    const auto encode = [&] {
        std::vector<const store::stored_call*> of(waiting.size());
        std::transform(waiting.begin(), waiting.end(), of.begin(), [](const auto& c) { return &c; });
        encoder.encode_journal(of, pieces.emplace_back());
        waiting.clear();
        texts.clear();
    };
    std::size_t seen = 0;
    bench::read_calls(input, [&](const call_view& v) {
        if (seen++ >= calls)
            return;
        auto& kept = waiting.emplace_back(store::stored_call{v});
        for (const auto member :
             {&call_view::call_id, &call_view::account, &call_view::cli, &call_view::destination, &call_view::currency})
            kept.view.*member = texts.emplace_back(v.*member);
        if (waiting.size() == batch)
            encode();
    });
    if (!waiting.empty())
        encode();
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const bench::stopwatch watch;
    for (const auto& piece : pieces)
        if (::write(file, piece.data(), piece.size()) < 0 || ::fdatasync(file) != 0)
            throw std::runtime_error("cannot write " + path);
    const auto seconds = watch.seconds();
    ::close(file);
    return seconds;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 6)
        return 2;
    const std::string input = argv[1];
    const auto count = std::stoull(argv[2]);
    const auto folder = std::filesystem::path(argv[3]);
    const std::string_view program = argv[4];
    const auto batch = std::stoull(argv[5]);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);

    double seconds = 0;
    if (program == "append") {
        seconds = append_seconds(folder / "log", input, count, batch);
    } else if (program == "rules") {
        call_buffer arrived;
        bench::read_calls(input, [&](const call_view& v) {
            if (arrived.size() < count)
                arrived.add(v, 0, true);
        });
        const bench::stopwatch watch;
        rules_only(arrived);
        seconds = watch.seconds();
    } else {
        auto calls = first_calls(input, count);
        if (program == "engine-memory") {
            seconds = engine_seconds("sqlite::memory:", batches_of(std::move(calls), batch));
        } else if (program == "engine") {
            seconds = engine_seconds("sqlite:" + (folder / "calls.db").string(), batches_of(std::move(calls), batch));
        } else {
            seconds = sqlite_seconds(folder / "rival.db", program == "sqlite-full" ? "FULL" : "NORMAL", calls, batch);
        }
    }
    std::filesystem::remove_all(folder);
    bench::report({{"seconds", seconds}, {"rate", static_cast<double>(count) / seconds}});
}
