// A disk that fills: what no longer fits fails with an error that says so and leaves nothing half-done, and when there is
// room again everything goes on.

#include "integration/contract/contract.hpp"
#include "integration/portal_script.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

namespace lineside {
namespace {

using contract::acme;
using test::portal_script;
using test::undisturbed_portal;

// Room for what SQLite writes, in bytes: beyond it the system says that the disk is full, as the disk would.
class small_disk {
public:
    small_disk() {
        auto* vfs = sqlite3_vfs_find(nullptr);
        replace(vfs, "pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(&pwrite_within));
        replace(vfs, "pwrite", reinterpret_cast<sqlite3_syscall_ptr>(&pwrite_within));
        replace(vfs, "write", reinterpret_cast<sqlite3_syscall_ptr>(&write_within));
    }
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;
    ~small_disk() {
        set_room(unlimited);
        auto* vfs = sqlite3_vfs_find(nullptr);
        for (const auto* name : replaced_)
            vfs->xSetSystemCall(vfs, name, nullptr);
    }

    static constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
    void set_room(std::int64_t bytes) { room = bytes; }

private:
    void replace(sqlite3_vfs* vfs, const char* name, sqlite3_syscall_ptr with) {
        if (vfs->xGetSystemCall(vfs, name) == nullptr)
            return; // SQLite was built to use another one
        EXPECT_EQ(vfs->xSetSystemCall(vfs, name, with), SQLITE_OK);
        replaced_.push_back(name);
    }
    static bool fits(std::size_t bytes) {
        if (room == unlimited)
            return true;
        if (room < static_cast<std::int64_t>(bytes)) {
            errno = ENOSPC;
            return false;
        }
        room -= static_cast<std::int64_t>(bytes);
        return true;
    }
    static ssize_t pwrite_within(int file, const void* from, std::size_t bytes, off_t at) {
        return fits(bytes) ? ::pwrite(file, from, bytes, at) : -1;
    }
    static ssize_t write_within(int file, const void* from, std::size_t bytes) {
        return fits(bytes) ? ::write(file, from, bytes) : -1;
    }

    static inline std::atomic<std::int64_t> room = unlimited;
    std::vector<const char*> replaced_;
};

template <class Run>
std::optional<error_code> failure_code(Run run) {
    try {
        run();
        return std::nullopt;
    } catch (const error& e) {
        return e.code();
    }
}

} // namespace

TEST(full_disk, an_operation_that_does_not_fit_says_so_and_changes_nothing) {
    constexpr std::size_t base = 2 * portal_script::kinds;
    const test::scratch_dir dir;
    small_disk disk;
    undisturbed_portal whole;
    portal_script script;
    std::optional<engine> e;
    e.emplace(script.options(dir.database()));
    for (std::size_t step = 0; step < base; ++step)
        script.run(*e, step);
    for (auto step = base; step < base + portal_script::kinds; ++step) {
        SCOPED_TRACE(portal_script::name_of(step));
        const auto before = whole.after(step);
        // For nothing, and for half a page.
        for (const std::int64_t room : {0, 2'000}) {
            SCOPED_TRACE(testing::Message() << "room for " << room);
            disk.set_room(room);
            EXPECT_EQ(failure_code([&] { script.run(*e, step); }), errc::exhausted);
            EXPECT_EQ(script.picture(*e, step), before) << "while the disk is full";
        }
        disk.set_room(small_disk::unlimited);
        EXPECT_EQ(script.picture(*e, step), before);
        // Every other time by an engine that did not see the full disk.
        if (step % 2 == 0) {
            e.reset();
            e.emplace(script.options(dir.database()));
            EXPECT_EQ(script.picture(*e, step), before) << "opened again";
        }
        script.run(*e, step);
        EXPECT_EQ(script.picture(*e, step + 1), whole.after(step + 1)) << "when there was room again";
    }
    e.reset();
    engine again(script.options(dir.database()));
    constexpr auto end = base + portal_script::kinds;
    EXPECT_EQ(script.picture(again, end), whole.after(end));
}

TEST(full_disk, an_import_keeps_whole_batches_and_goes_on_when_there_is_room) {
    const instant now = contract::at("2026-03-10T12:00:00Z");
    contract::random_calls random(3);
    const auto calls = random.within({now - contract::days(3), now}, 6'000);
    const auto text = contract::to_csv(calls);
    const auto options = [&](const std::string& database) {
        engine_options o;
        o.database = database;
        o.storage.import_batch_calls = 500;
        o.storage.journal_calls = 2'000;
        o.clock = [now] { return now; };
        return o;
    };
    const auto import = [&](portal& p) {
        import_request request;
        request.format = record_format::lineside;
        request.input = contract::from_text(text);
        request.name = "calls.csv";
        return p.async_import_records(std::move(request), block);
    };
    const time_range month{now - contract::days(30), now + contract::days(1)};
    const auto stored = [&](portal& p) {
        const auto e = p.async_explain({acme, metric::attempts, month, 0}, block);
        return e.call_count + e.open_calls;
    };

    engine undisturbed(options("sqlite::memory:"));
    (void)import(undisturbed);
    const auto wanted = contract::everything(undisturbed, now);

    const test::scratch_dir dir;
    small_disk disk;
    std::uint64_t kept = 0;
    {
        engine e(options(dir.database()));
        for (const std::int64_t room : {20'000, 150'000, 250'000}) {
            disk.set_room(room);
            EXPECT_EQ(failure_code([&] { (void)import(e); }), errc::exhausted);
            disk.set_room(small_disk::unlimited);
            const auto found = e.async_list_accounts({}, block).items.empty() ? 0 : stored(e);
            EXPECT_GE(found, kept) << "what was stored is gone";
            EXPECT_EQ(found % 500, 0U) << "a batch is there in part";
            kept = found;
        }
        EXPECT_GT(kept, 0U);
        EXPECT_LT(kept, calls.size());
        const auto report = import(e);
        EXPECT_EQ(report.imported + report.duplicates, calls.size());
        EXPECT_EQ(contract::everything(e, now), wanted);
    }
    engine e(options(dir.database()));
    EXPECT_EQ(contract::everything(e, now), wanted);
}

TEST(full_disk, live_calls_are_what_was_acknowledged) {
    const instant now = contract::at("2026-03-10T12:00:00Z");
    const test::scratch_dir dir;
    small_disk disk;
    const auto options = [&] {
        engine_options o;
        o.database = dir.database();
        o.clock = [now] { return now; };
        return o;
    };
    account a{.id = acme};
    a.channel_limit = 2;
    {
        engine e(options());
        (void)e.async_create_account(a, block);
        const auto admit = [&](const char* id) {
            return e.async_admit_call({.account = acme, .source = "switch", .call_id = id}, block).admitted;
        };
        const auto tell = [&](const char* id, call_event_kind kind) {
            call_event event;
            event.kind = kind;
            event.source = "switch";
            event.call_id = id;
            event.at = now;
            event.account = acme;
            return e.async_report_call_events({{event}}, block).applied;
        };
        EXPECT_TRUE(admit("first"));
        disk.set_room(0);
        EXPECT_EQ(failure_code([&] { (void)admit("second"); }), errc::exhausted);
        EXPECT_EQ(failure_code([&] { (void)tell("third", call_event_kind::started); }), errc::exhausted);
        EXPECT_EQ(failure_code([&] { (void)tell("first", call_event_kind::ended); }), errc::exhausted);
        EXPECT_EQ(e.async_get_channels({acme}, block).in_use, 1U);
        disk.set_room(small_disk::unlimited);
        EXPECT_TRUE(admit("second"));
        EXPECT_FALSE(admit("third"));
        EXPECT_EQ(tell("first", call_event_kind::ended), 1U);
        EXPECT_EQ(e.async_get_channels({acme}, block).in_use, 1U);
    }
    engine e(options());
    EXPECT_EQ(e.async_get_channels({acme}, block).in_use, 1U);
    EXPECT_EQ(e.async_list_live_calls({.account = acme}, block).items.at(0).call_id, "second");
}

// Reading needs no room: neither does it when the use of a session or key would be written.
TEST(full_disk, whoever_is_signed_in_goes_on_reading) {
    auto now = contract::at("2026-03-10T12:00:00Z");
    const test::scratch_dir dir;
    small_disk disk;
    engine_options options;
    options.database = dir.database();
    options.clock = [&now] { return now; };
    engine e(std::move(options));
    (void)e.async_create_account({.id = acme}, block);
    api_key_create k{.account = acme, .name = "program", .scopes = {permission::view_company}};
    credential who;
    who.token = e.async_create_key(std::move(k), block).text;
    const auto customer = e.as(std::move(who));
    disk.set_room(0);
    for (int i = 0; i < 3; ++i) {
        now += contract::minutes(2);
        EXPECT_EQ(customer->async_get_account({}, block).id, acme);
    }
    EXPECT_EQ(failure_code([&] { (void)customer->async_get_balance({}, block); }), errc::permission_denied)
        << "a refusal that cannot be logged is a refusal";
    EXPECT_EQ(failure_code([&] {
                  (void)e.as({secret("no such token"), {}, {}})->async_get_balance({}, block);
              }),
              errc::unauthenticated);
}

} // namespace lineside
