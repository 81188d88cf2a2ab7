#include "integration/contract/contract.hpp"

#include <algorithm>

// However the calls came in, the answers are the same.
namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(equivalence);

const instant noon = at("2026-03-10T12:00:00Z");
const time_range week{noon - days(6), noon + hours(20)};

// What happened, in order: calls for the first time, again as they were, and corrected.
struct history {
    std::vector<call> events;
    std::vector<call> final_state;
};

history make_history(std::uint64_t seed, std::size_t n) {
    random_calls random(seed);
    history h;
    std::vector<call> known;
    const auto account = [&] { return account_id(random.chance(3) ? "zulu" : random.chance(2) ? "mike" : "acme"); };
    while (h.events.size() < n) {
        if (known.empty() || !random.chance(3)) {
            auto c = random.within(week, account());
            c.source = "one"; // an import of records has one
            known.push_back(c);
            h.events.push_back(c);
            continue;
        }
        auto& c = known[static_cast<std::size_t>(random.number(0, static_cast<std::int64_t>(known.size()) - 1))];
        const auto move = [&](duration by) {
            c.start_time += by;
            for (auto* t : {&c.answer_time, &c.end_time})
                if (*t)
                    **t += by;
        };
        switch (random.number(0, 5)) {
        case 0: break; // a duplicate
        case 1: move(minutes(random.number(-90, 90))); break;
        case 2: move(hours(random.number(-70, 70))); break;
        case 3: c.account_id = account(); break;
        case 4: c.charge = money{random.number(0, 9), 0, "EUR"}; break;
        default:
            if (!c.end_time)
                c.end_time = c.answer_time.value_or(c.start_time) + minutes(random.number(0, 3'000));
            else
                c.hangup_cause = "corrected " + std::to_string(random.number(0, 9));
        }
        h.events.push_back(c);
    }
    h.final_state = known;
    return h;
}

struct totals {
    std::uint64_t imported = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t restated = 0;

    totals& operator+=(const import_report& r) {
        imported += r.imported;
        duplicates += r.duplicates;
        restated += r.restated;
        EXPECT_EQ(r.read, r.imported + r.duplicates + r.restated);
        EXPECT_EQ(r.rejected, 0U);
        return *this;
    }
    bool operator==(const totals&) const = default;
};

// gtest prints a parameter it does not know byte by byte.
[[maybe_unused]] void PrintTo(const totals& t, std::ostream* out) {
    *out << t.imported << " imported, " << t.duplicates << " duplicates, " << t.restated << " restated";
}

enum class way { value_batches, records };

// Feeds the events in random batches, opening the portal again now and then.
totals feed(const backend& to, portal_settings settings, const std::vector<call>& events, way how, std::size_t most,
            std::uint64_t seed, std::unique_ptr<hosted_portal>& host) {
    random_calls random(seed);
    host = to.open(settings);
    totals sum;
    for (std::size_t at = 0; at < events.size();) {
        const auto n =
            std::min(events.size() - at, static_cast<std::size_t>(random.number(1, static_cast<std::int64_t>(most))));
        std::vector<call> batch(events.begin() + static_cast<std::ptrdiff_t>(at),
                                events.begin() + static_cast<std::ptrdiff_t>(at + n));
        at += n;
        if (how == way::value_batches) {
            sum += host->get().async_import_calls({batch, {}}, block);
        } else {
            import_request q;
            q.format = record_format::lineside;
            q.source = "one";
            q.name = "piece";
            q.input = from_text(to_csv(batch), 5'000);
            sum += host->get().async_import_records(q, block);
        }
        if (random.chance(8))
            host->reopen(settings);
    }
    return sum;
}

TEST_P(equivalence, journal_columns_and_records_give_the_same_answers) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(seed);
        const auto h = make_history(seed, 900);
        // What the answers should be: every call once, as it was last heard of, in one batch.
        const auto plain = GetParam().open(settings);
        (void)plain->get().async_import_calls({h.final_state, {}}, block);
        const auto wanted = everything(plain->get(), noon);

        struct variant {
            const char* name;
            way how;
            std::size_t most; // calls of a batch
            std::size_t journal_calls;
            std::size_t import_batch_calls;
        };
        constexpr variant variants[] = {
            {"a journal that holds all", way::value_batches, 25, 262'144, 131'072},
            {"a journal that is full again and again", way::value_batches, 25, 60, 131'072},
            {"no journal", way::value_batches, 60, 0, 131'072},
            {"one large batch", way::value_batches, 1'000'000, 0, 131'072},
            {"records in small batches", way::records, 400, 262'144, 7},
            {"records in one piece", way::records, 1'000'000, 262'144, 64},
            {"records in one batch", way::records, 1'000'000, 262'144, 131'072},
        };
        std::optional<totals> counted;
        for (const auto& v : variants) {
            SCOPED_TRACE(v.name);
            auto with = settings;
            with.storage.journal_calls = v.journal_calls;
            with.storage.import_batch_calls = v.import_batch_calls;
            std::unique_ptr<hosted_portal> host;
            const auto sum = feed(GetParam(), with, h.events, v.how, v.most, seed * 100, host);
            EXPECT_EQ(everything(host->get(), noon), wanted);
            EXPECT_EQ(sum, counted.value_or(sum)) << "the reports agree too";
            counted = sum;
            host->reopen(with);
            EXPECT_EQ(everything(host->get(), noon), wanted);
        }
    }
}

TEST_P(equivalence, ways_may_be_mixed) {
    for (std::uint64_t seed = 11; seed <= 14; ++seed) {
        SCOPED_TRACE(seed);
        const auto h = make_history(seed, 600);
        const auto plain = GetParam().open(settings);
        (void)plain->get().async_import_calls({h.final_state, {}}, block);
        random_calls random(seed);
        auto with = settings;
        with.storage.journal_calls = 100;
        with.storage.import_batch_calls = 20;
        const auto host = GetParam().open(with);
        for (std::size_t at = 0; at < h.events.size();) {
            const auto n = std::min<std::size_t>(h.events.size() - at, random.chance(4) ? 150 : 10);
            const std::vector<call> batch(h.events.begin() + static_cast<std::ptrdiff_t>(at),
                                          h.events.begin() + static_cast<std::ptrdiff_t>(at + n));
            at += n;
            if (random.chance(3)) {
                import_request q;
                q.format = record_format::lineside;
                q.source = "one";
                q.name = random.chance(2) ? "a" : "b";
                q.input = from_text(to_csv(batch));
                (void)host->get().async_import_records(q, block);
            } else {
                (void)host->get().async_import_calls({batch, {}}, block);
            }
            if (random.chance(10))
                clock.advance(hours(random.number(0, 40))); // some calls come late
            if (random.chance(8))
                host->reopen(with);
            if (random.chance(8)) // somebody looks in between
                (void)host->get().async_list_accounts({}, block);
        }
        EXPECT_EQ(everything(host->get(), noon), everything(plain->get(), noon));
    }
}

} // namespace
} // namespace lineside::contract
