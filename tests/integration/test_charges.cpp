#include "portal/engine/calls/ledger.hpp"
#include "portal/engine/money/charges.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

// What an account's calls have cost, read while rollups lag behind.
namespace lineside {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t nanos = 1'000'000'000;

std::int64_t midnight_of(std::chrono::year_month_day date) {
    return std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::sys_days(date)).time_since_epoch().count();
}

class charges : public testing::Test {
protected:
    /// Answered calls of a minute each that cost one each.
    void commit(std::int64_t day_begin, int count) {
        call_buffer batch;
        for (int i = 0; i < count; ++i) {
            const auto id = std::to_string(++made_);
            call_view call;
            call.call_id = id;
            call.account = "acme";
            call.start = day_begin + i * 1'000;
            call.answer = call.start;
            call.end = call.start + 60'000;
            call.talk = 60'000;
            call.outcome = call_outcome::answered;
            call.charge = nanos;
            call.currency = "EUR";
            batch.add(call, source_, true);
        }
        (void)ledger_.commit(batch, 0);
    }
    [[nodiscard]] std::int64_t total() {
        auto view = ledger_.view();
        const auto account = view.stored->find_account("acme").value();
        return static_cast<std::int64_t>(read_charges(view, account) / nanos);
    }
    [[nodiscard]] std::size_t stale_days() {
        auto view = ledger_.view();
        const auto account = view.stored->find_account("acme").value();
        return view.stored->stale_days(account.key, store::day_of(0), store::day_of(midnight_of(next_year))).size();
    }
    void settle() { ledger_.settle({}); }

    static constexpr auto next_year = std::chrono::year(2027) / 1 / 1;
    const std::int64_t march = midnight_of(std::chrono::year(2026) / 3 / 1);

private:
    std::unique_ptr<store::store> db_ = store::open_store("sqlite::memory:", {});
    ledger ledger_{*db_, 0, [] { return instant(duration(midnight_of(next_year))); }};
    std::uint32_t source_ = ledger_.source_key("switch");
    int made_ = 0;
};

} // namespace

TEST_F(charges, of_days_whose_rollups_lag_behind_come_from_the_calls_and_count_once) {
    commit(march, 3);
    EXPECT_GT(stale_days(), 0U);
    EXPECT_EQ(total(), 3);
    settle();
    EXPECT_EQ(stale_days(), 0U);
    EXPECT_EQ(total(), 3);

    // The day that is rolled up and has a newcomer, another one of its month, and one of the next month.
    commit(march, 2);
    commit(march + 30 * day_ms, 5);
    commit(march + 31 * day_ms, 7);
    EXPECT_GE(stale_days(), 3U);
    EXPECT_EQ(total(), 17);
    settle();
    EXPECT_EQ(stale_days(), 0U);
    EXPECT_EQ(total(), 17);
}

} // namespace lineside
