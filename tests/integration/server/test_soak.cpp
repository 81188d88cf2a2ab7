// A server under everything at once, round after round: what a round took it gives back. A few rounds by default; for as
// long as LINESIDE_SOAK_SECONDS says by command.

#include <lineside/client.hpp>
#include <lineside/engine.hpp>

#include "integration/server/live_clients.hpp"
#include "integration/server/server_test.hpp"
#include "support/scratch_dir.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace lineside::served {
namespace {

constexpr const char* operator_key = "the-operators-token-of-thirty-two-bytes-at-least";
constexpr std::size_t warm_up = 4;
constexpr std::size_t rounds = 12;
/// Of the client that all share: one for each thread that uses it, with both ends in this process.
constexpr std::size_t connections = 3;
/// What caches may still take after the warm-up, however long the soak lasts.
constexpr std::size_t allowance = std::size_t{4} << 20U;

std::size_t descriptors() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}
/// In use, by the allocator's own count; 0 where a sanitizer stands in its place.
std::size_t heap() {
    const auto m = ::mallinfo2();
    return m.uordblks + m.hblkhd;
}
std::chrono::seconds asked_for() {
    const auto* text = std::getenv("LINESIDE_SOAK_SECONDS");
    return std::chrono::seconds(text == nullptr ? 0 : std::atol(text));
}

class soak : public testing::Test {
protected:
    soak() : engine_(small_caches(dir_)), server_(engine_, generous()) {
        (void)engine_.async_create_account({.id = acme}, block);
        for (int i = 0; i < 300; ++i)
            records_ += "switch,call-" + std::to_string(i) + ",acme,2026-03-10T10:00:00Z,2026-03-10T10:01:00Z\n";
    }

    [[nodiscard]] client_options far() const {
        client_options o;
        o.connections = connections;
        o.base_url = server_.url();
        o.token = secret(operator_key);
        return o;
    }

    void tell(call_event_kind kind, const std::string& name, int calls = 1) {
        call_event_batch batch;
        for (int i = 0; i < calls; ++i) {
            call_event e;
            e.kind = kind;
            e.source = "switch";
            e.call_id = name + "-" + std::to_string(i);
            e.at = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
            e.account = acme;
            batch.events.push_back(e);
        }
        (void)client_.async_report_call_events(std::move(batch), block);
    }

    // ---- who asks, each on a thread of its own

    void reads(std::size_t) {
        for (int i = 0; i < 20; ++i) {
            (void)client_.async_get_account({acme}, block);
            series_query q;
            q.account = acme;
            q.range = {at("2026-03-10T00:00:00Z"), at("2026-03-11T00:00:00Z")};
            EXPECT_EQ(client_.async_query_series(q, block).time.size(), 24U);
            call_query calls;
            calls.account = acme;
            calls.range = q.range;
            (void)client_.async_query_calls(calls, block);
        }
    }
    // Names come again: an engine remembers each for ten minutes after its call.
    void live_calls(std::size_t round) {
        for (const auto kind : {call_event_kind::started, call_event_kind::answered, call_event_kind::ended})
            tell(kind, std::to_string(round % warm_up), 50);
    }
    void watches(std::size_t) {
        for (int i = 0; i < 8; ++i) {
            client of_its_own(far());
            watch_request r;
            r.account = acme;
            r.topics = {watch_topic::channels, watch_topic::live_calls};
            const auto first = of_its_own.watch(r);
            EXPECT_EQ(first->async_next(block).kind, watch_kind::snapshot);
            const auto unread = of_its_own.watch(r);
            event_client lines(raw_client(server_.port()),
                               get("/v1/accounts/acme/live?topics=channels").by(operator_key));
            (void)lines.next("channels");
        }
    }
    void strangers(std::size_t round) {
        for (int i = 0; i < 20; ++i) {
            const auto invented = "lss_" + std::to_string(round) + "_" + std::to_string(i);
            raw_client wrong(server_.port());
            wrong.send(get("/v1/identity").by(invented).bytes());
            EXPECT_EQ(wrong.read_answer().status, 401U);
            raw_client garbage(server_.port());
            (void)garbage.try_send(std::string("\x16\x03\x01", 3) + "no request at all\r\n\r\n");
            (void)garbage.read_to_end();
            raw_client cut_off(server_.port());
            cut_off.send("POST /v1/accounts HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{\"id\":");
            socket_client rude(raw_client(server_.port()), handshake().by(operator_key));
            rude.say_raw(frame(0x8fU, "an opcode that is none"));
            rude.wait_for_end();
        }
    }
    void tables(std::size_t) {
        const auto file = dir_.path() / "calls.csv";
        std::ofstream(file) << "source,call_id,account_id,start_time,end_time\n" << records_;
        import_request q;
        q.input = open_file(file.string()).value();
        q.name = "calls.csv";
        const auto report = client_.async_import_records(std::move(q), block);
        EXPECT_EQ(report.imported + report.duplicates, 300U);
        std::size_t written = 0;
        export_request table;
        table.what = call_query{.account = acme};
        table.write = [&](std::string_view piece) { written += piece.size(); };
        (void)client_.async_export_data(std::move(table), block);
        EXPECT_GT(written, 0U);
    }

    void all_at_once(std::size_t round) {
        std::vector<std::thread> threads;
        for (const auto who : {&soak::reads, &soak::live_calls, &soak::watches, &soak::strangers, &soak::tables})
            threads.emplace_back([this, who, round] {
                try {
                    (this->*who)(round);
                } catch (const std::exception& e) {
                    ADD_FAILURE() << e.what();
                }
            });
        for (auto& t : threads)
            t.join();
    }
    /// Of those who left the server hears when it has something to tell them. The fewest descriptors that were seen while
    /// it had, and no fewer than `enough`.
    std::size_t descriptors_at_rest(std::size_t enough = 0) {
        auto fewest = descriptors();
        for (int i = 0; fewest > enough && i < 1'000; ++i) {
            tell(call_event_kind::started, "quiet");
            tell(call_event_kind::ended, "quiet");
            fewest = std::min(fewest, descriptors());
        }
        return fewest;
    }

private:
    static engine_options small_caches(const test::scratch_dir& dir) {
        engine_options o;
        o.database = dir.database();
        o.storage.cache_bytes = std::size_t{1} << 20U;
        o.live.interval = std::chrono::milliseconds(0);
        return o;
    }
    static server_options generous() {
        server_options o;
        o.operator_token = secret(operator_key);
        o.limits.request_burst = 1'000'000;
        o.limits.requests_per_second = 1'000'000;
        return o;
    }

    const test::scratch_dir dir_;
    std::string records_;
    engine engine_;
    server server_;
    client client_{far()};
};

TEST_F(soak, what_a_round_takes_it_gives_back) {
    const auto until = std::chrono::steady_clock::now() + asked_for();
    std::size_t round = 0;
    for (; round < warm_up; ++round)
        all_at_once(round);
    const auto most_descriptors = descriptors_at_rest() + 2 * (connections - 1);
    const auto heap_before = heap();
    std::size_t least = std::size_t(-1);
    for (; round < warm_up + rounds || std::chrono::steady_clock::now() < until; ++round) {
        all_at_once(round);
        EXPECT_LE(descriptors_at_rest(most_descriptors), most_descriptors);
        least = std::min(round % rounds == 0 ? std::size_t(-1) : least, heap()); // of late
    }
    EXPECT_LE(least, heap_before + allowance);
    RecordProperty("rounds", static_cast<int>(round));
    RecordProperty("heap_before", std::to_string(heap_before));
    RecordProperty("heap_after", std::to_string(least));
}

} // namespace
} // namespace lineside::served
