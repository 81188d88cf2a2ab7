// A process that dies within an operation leaves all of it or nothing, and what was acknowledged stays.

#include "integration/portal_script.hpp"
#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <functional>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lineside {
namespace {

using test::portal_script;
using test::undisturbed_portal;

// A process of its own that says something after each acknowledged step.
class working_child {
public:
    explicit working_child(const std::function<void(const std::function<void()>& acknowledge)>& work) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::runtime_error("pipe");
        pid_ = ::fork();
        if (pid_ == 0) {
            const rlimit none{};
            ::setrlimit(RLIMIT_CORE, &none);
            int status = 0;
            try {
                work([to = ends[1]] {
                    if (::write(to, "a", 1) != 1)
                        ::_exit(3);
                });
            } catch (const std::exception& e) {
                std::cerr << e.what() << std::endl;
                status = 1;
            }
            ::_exit(status);
        }
        ::close(ends[1]);
        from_ = ends[0];
    }
    working_child(const working_child&) = delete;
    working_child& operator=(const working_child&) = delete;
    ~working_child() {
        if (pid_ > 0) {
            kill();
            (void)wait();
        }
        ::close(from_);
    }

    /// Whether it came to one more.
    bool read_one() {
        char c = 0;
        ssize_t n = 0;
        do
            n = ::read(from_, &c, 1);
        while (n < 0 && errno == EINTR);
        return n == 1;
    }
    void kill() const { ::kill(pid_, SIGKILL); }
    /// Its exit status, or minus the signal that ended it.
    int wait() { return test::wait_for(std::exchange(pid_, -1)); }

private:
    pid_t pid_ = -1;
    int from_ = -1;
};

std::string picture_in(const std::string& database, std::size_t steps) {
    portal_script script;
    engine e(script.options(database));
    return script.picture(e, steps);
}

} // namespace

TEST(portal_durability, a_kill_anywhere_in_a_long_day_loses_nothing_that_was_acknowledged) {
    constexpr std::size_t kills = 30;
    const test::scratch_dir dir;
    undisturbed_portal whole;
    std::mt19937_64 random(11);
    std::size_t first = 0;
    for (std::size_t kill = 0; kill < kills; ++kill) {
        working_child child([&](const auto& acknowledge) {
            portal_script script;
            engine e(script.options(dir.database()));
            for (auto step = first;; ++step) {
                script.run(e, step);
                acknowledge();
            }
        });
        auto acknowledged = first;
        for (auto until = first + 1 + random() % 30; acknowledged < until && child.read_one();)
            ++acknowledged;
        child.kill();
        while (child.read_one()) // said before it died
            ++acknowledged;
        ASSERT_EQ(child.wait(), -SIGKILL);

        first = acknowledged;
        if (picture_in(dir.database(), first) == whole.after(first))
            continue;
        // One more may have been kept and not yet acknowledged.
        ++first;
        ASSERT_EQ(picture_in(dir.database(), first), whole.after(first))
            << "after " << acknowledged << " steps, " << portal_script::name_of(acknowledged);
    }
    EXPECT_GT(first, kills * 10);
}

// The process dies of a write: at each part of what an operation writes, from its first byte to beyond its last.
TEST(portal_durability, a_process_that_dies_at_any_write_of_an_operation_leaves_all_of_it_or_nothing) {
    constexpr std::size_t base = 3 * portal_script::kinds;
    const test::scratch_dir dir;
    const auto file = dir.path() / "test.db";
    undisturbed_portal whole;
    {
        portal_script script;
        engine e(script.options(dir.database()));
        for (std::size_t step = 0; step < base; ++step)
            script.run(e, step);
    }
    for (auto step = base; step < base + portal_script::kinds; ++step) {
        SCOPED_TRACE(portal_script::name_of(step));
        const auto before = whole.after(step);
        const auto after = whole.after(step + 1);
        ASSERT_NE(before, after);
        // Where the log ends after the operation, were it let finish, says where it can be broken off.
        const auto copy = dir.path() / "copy.db";
        const std::string database = "sqlite:" + copy.string();
        const auto start_over = [&] {
            for (const auto* tail : {"", "-wal", "-shm"})
                std::filesystem::remove(copy.string() + tail);
            std::filesystem::copy_file(file, copy);
        };
        const auto run_within = [&](rlim_t bytes) {
            working_child child([&](const auto& acknowledge) {
                portal_script script;
                engine e(script.options(database));
                rlimit limit{};
                ::getrlimit(RLIMIT_FSIZE, &limit);
                limit.rlim_cur = std::min(bytes, limit.rlim_max);
                ::setrlimit(RLIMIT_FSIZE, &limit);
                script.run(e, step);
                acknowledge();
                ::raise(SIGKILL);
            });
            const bool acknowledged = child.read_one();
            const int status = child.wait();
            EXPECT_EQ(status, acknowledged ? -SIGKILL : -SIGXFSZ);
            return acknowledged;
        };
        start_over();
        ASSERT_TRUE(run_within(RLIM_INFINITY));
        const auto end = std::filesystem::file_size(copy.string() + "-wal");
        ASSERT_GT(end, 4'096U);
        ASSERT_EQ(picture_in(database, step + 1), after);

        constexpr rlim_t page = 4'096;
        std::size_t undone = 0;
        const auto apart = std::max<rlim_t>(page, end / 8);
        for (rlim_t room = page / 2; room < end + page; room += apart) {
            start_over();
            const bool acknowledged = run_within(room);
            if (acknowledged || picture_in(database, step) != before) {
                ASSERT_EQ(picture_in(database, step + 1), after) << "with room for " << room << " of " << end;
                continue;
            }
            ++undone;
            {
                portal_script script;
                engine e(script.options(database));
                script.run(e, step);
            }
            ASSERT_EQ(picture_in(database, step + 1), after) << "done again, with room for " << room << " of " << end;
        }
        EXPECT_GT(undone, 0U);

        portal_script script;
        engine e(script.options(dir.database()));
        script.run(e, step);
    }
}

// What fires is in the history together with what tells of it, and each of them once.
TEST(portal_durability, an_alert_and_what_tells_of_it_are_kept_together_or_not_at_all) {
    const account_id acme("acme");
    const test::scratch_dir dir;
    const auto options = [&](std::size_t step) {
        engine_options o;
        o.database = dir.database();
        o.delivery.on_alert = [](const alert_event&) {};
        o.clock = [step] {
            return instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 10)) + std::chrono::minutes(2 * step);
        };
        return o;
    };
    {
        engine e(options(0));
        (void)e.async_create_account({.id = acme}, block);
        for (int i = 0; i < 3; ++i) {
            alert_rule r;
            r.account = acme;
            r.title = "failures " + std::to_string(i);
            r.area = alert_area::consecutive_failures;
            r.op = alert_operator::greater_or_equal;
            r.threshold = 3;
            r.repeat_period = std::chrono::minutes(1);
            (void)e.async_create_alert_rule(std::move(r), block);
        }
    }
    std::mt19937_64 random(12);
    std::size_t step = 1;
    std::size_t events_before = 0;
    for (int kill = 0; kill < 15; ++kill, step += 10) {
        working_child child([&](const auto& acknowledge) {
            for (auto now = step; now < step + 10; ++now) {
                engine e(options(now));
                std::vector<call> calls(3);
                for (std::size_t i = 0; i < calls.size(); ++i) {
                    calls[i].source = "switch";
                    calls[i].call_id = std::to_string(now) + "-" + std::to_string(i);
                    calls[i].account_id = acme;
                    calls[i].start_time = calls[i].end_time.emplace(options(now).clock());
                    calls[i].outcome = call_outcome::busy;
                }
                acknowledge();
                (void)e.async_import_calls({std::move(calls), {}}, block);
                acknowledge();
                (void)e.async_run_due_work({}, block);
                acknowledge();
            }
        });
        for (auto until = 1 + random() % 20; until > 0 && child.read_one();)
            --until;
        child.kill();
        ASSERT_EQ(child.wait(), -SIGKILL);

        engine e(options(step + 10));
        const auto look = [&] {
            alert_event_query q{.account = acme, .limit = 1'000};
            auto events = e.async_list_alert_events(q, block).items;
            std::reverse(events.begin(), events.end());
            for (std::size_t i = 0; i < events.size(); ++i)
                EXPECT_EQ(events[i].number, i + 1) << "the history has a gap";
            delivery_query d{.account = acme, .limit = 1'000};
            const auto deliveries = e.async_list_deliveries(d, block).items;
            EXPECT_EQ(deliveries.size(),
                      static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const alert_event& x) {
                          return x.kind == alert_event_kind::fired || x.kind == alert_event_kind::repeated;
                      })));
            return std::pair(events.size(), deliveries);
        };
        EXPECT_GE(look().first, events_before) << "what was told is gone";
        (void)e.async_run_due_work({}, block);
        const auto [events, deliveries] = look();
        for (const auto& d : deliveries)
            EXPECT_EQ(d.status, delivery_status::delivered) << d.id;
        events_before = events;
    }
    EXPECT_GT(events_before, 30U);
}

namespace {

const account_id keyed_account("acme");

engine_options keyed_options(const std::string& database) {
    engine_options o;
    o.database = database;
    o.identity.password_memory_kib = 64;
    o.clock = [] { return instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 10)); };
    return o;
}

constexpr std::size_t keyed_kinds = 6;

/// One call of many, under a key of its own; what it answers, as text.
std::string keyed_step(portal& p, std::size_t step) {
    const auto name = std::to_string(step);
    call_options once;
    once.idempotency_key = "step-" + name;
    switch (step % keyed_kinds) {
    case 0: return p.async_create_payment({.account = keyed_account, .total = {5, 0, "EUR"}}, once, block).id;
    case 1: {
        contact_create c{.account = keyed_account, .name = "Robin", .email = "robin" + name + "@acme.example"};
        c.password = secret("nineteen blue kettles");
        return p.async_create_contact(std::move(c), once, block).id.value();
    }
    case 2: {
        sign_in_request r;
        r.email = "robin" + std::to_string(step - 1) + "@acme.example";
        r.password = secret("nineteen blue kettles");
        return std::string(p.async_sign_in(std::move(r), once, block).token.reveal());
    }
    case 3: {
        api_key_create k{.account = keyed_account, .name = "key"};
        k.scopes = {permission::view_company};
        return std::string(p.async_create_key(std::move(k), once, block).text.reveal());
    }
    case 4: return p.async_add_block({keyed_account, {}, {}}, once, block).id;
    default: return p.async_claim_extension({keyed_account, {}, {}, {}}, once, block).number;
    }
}

/// How much there is of everything that such steps make, and how much of it is in the log.
std::vector<std::size_t> keyed_effects(portal& p) {
    const auto contacts = p.async_list_contacts({.account = keyed_account, .limit = 1'000}, block).items;
    std::size_t sessions = 0;
    for (const auto& c : contacts)
        sessions += p.async_list_sessions({keyed_account, c.id}, block).items.size();
    return {p.async_list_payments({.account = keyed_account, .limit = 1'000}, block).items.size(),
            contacts.size(),
            sessions,
            p.async_list_keys({.account = keyed_account, .limit = 1'000}, block).items.size(),
            p.async_list_blocks({.account = keyed_account, .limit = 1'000}, block).items.size(),
            p.async_list_extensions({.account = keyed_account, .limit = 5'000}, block).items.size(),
            p.async_list_access_log({.account = keyed_account, .limit = 5'000}, block).items.size()};
}

void open_keyed_account(portal& p) {
    (void)p.async_create_account({.id = keyed_account, .currency = "EUR"}, block);
    (void)p.async_set_numbering({.block_size = 10}, block);
}
void open_keyed_account(const std::string& database) {
    engine e(keyed_options(database));
    open_keyed_account(e);
}

} // namespace

TEST(portal_durability, a_keyed_call_that_is_repeated_after_a_kill_has_one_effect) {
    constexpr int kills = 30;
    const test::scratch_dir dir;
    open_keyed_account(dir.database());
    // What as many steps come to, each asked for once.
    engine whole(keyed_options("sqlite::memory:"));
    open_keyed_account(whole);
    std::mt19937_64 random(13);
    std::size_t next = 0;
    for (int kill = 0; kill < kills; ++kill) {
        working_child child([&](const auto& acknowledge) {
            engine e(keyed_options(dir.database()));
            for (auto step = next;; ++step) {
                (void)keyed_step(e, step);
                acknowledge();
            }
        });
        const auto first = next;
        for (auto until = next + 1 + random() % 12; next < until && child.read_one();)
            ++next;
        child.kill();
        while (child.read_one()) // said before it died
            ++next;
        ASSERT_EQ(child.wait(), -SIGKILL);

        engine e(keyed_options(dir.database()));
        ++next; // the one that was not acknowledged, asked for again
        for (auto step = first; step < next; ++step)
            EXPECT_EQ(keyed_step(e, step), keyed_step(e, step));
        for (auto step = first; step < next; ++step)
            (void)keyed_step(whole, step);
        ASSERT_EQ(keyed_effects(e), keyed_effects(whole)) << "after " << next << " steps";
    }
    EXPECT_GT(next, kills * 4U);
}

// The process dies of a write, at each part of what a keyed call writes.
TEST(portal_durability, a_keyed_call_that_dies_at_any_write_is_done_once_when_it_is_repeated) {
    const test::scratch_dir dir;
    const auto file = dir.path() / "test.db";
    open_keyed_account(dir.database());
    const auto copy = dir.path() / "copy.db";
    const std::string database = "sqlite:" + copy.string();
    std::size_t kept = 0;
    std::size_t undone = 0;
    for (std::size_t step = 0; step < keyed_kinds; ++step) {
        const auto start_over = [&] {
            for (const auto* tail : {"", "-wal", "-shm"})
                std::filesystem::remove(copy.string() + tail);
            std::filesystem::copy_file(file, copy);
        };
        const auto run_within = [&](rlim_t bytes) {
            working_child child([&](const auto& acknowledge) {
                engine e(keyed_options(database));
                rlimit limit{};
                ::getrlimit(RLIMIT_FSIZE, &limit);
                limit.rlim_cur = std::min(bytes, limit.rlim_max);
                ::setrlimit(RLIMIT_FSIZE, &limit);
                (void)keyed_step(e, step);
                acknowledge();
                ::raise(SIGKILL);
            });
            (void)child.read_one();
            (void)child.wait();
        };
        start_over();
        run_within(RLIM_INFINITY);
        const auto end = std::filesystem::file_size(copy.string() + "-wal");
        std::vector<std::size_t> before;
        std::vector<std::size_t> after;
        {
            engine e(keyed_options(database));
            after = keyed_effects(e);
        }
        {
            start_over();
            engine e(keyed_options(database));
            before = keyed_effects(e);
        }
        ASSERT_NE(before, after);
        constexpr rlim_t page = 4'096;
        for (rlim_t room = page / 2; room < end + page; room += std::max<rlim_t>(page, end / 8)) {
            start_over();
            run_within(room);
            engine e(keyed_options(database));
            const auto found = keyed_effects(e);
            ASSERT_TRUE(found == before || found == after) << "step " << step << ", with room for " << room;
            ++(found == before ? undone : kept);
            (void)keyed_step(e, step);
            ASSERT_EQ(keyed_effects(e), after) << "step " << step << ", with room for " << room << " of " << end;
        }
        engine e(keyed_options(dir.database()));
        (void)keyed_step(e, step);
    }
    EXPECT_GT(kept, 0U);
    EXPECT_GT(undone, 0U);
}

} // namespace lineside
