// What an engine promises beside being a portal.

#include <lineside/engine.hpp>

#include "integration/contract/contract.hpp"
#include "support/scratch_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace lineside {
namespace {

using contract::acme;
using contract::failed_call;
using contract::failure_of;

const instant noon = contract::at("2026-03-10T12:00:00Z");

std::ptrdiff_t threads() {
    std::thread([] {}).join(); // a sanitizer's own thread comes with the first
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

// Rows without end; tells once that it was asked.
class endless_rows final : public byte_source {
public:
    std::size_t read(std::span<char> to) override {
        if (n_ == 0)
            begun.set_value();
        auto text = contract::to_csv({failed_call(std::to_string(n_), noon)});
        if (n_++ > 0)
            text.erase(0, text.find('\n') + 1);
        text.resize(std::min(text.size(), to.size()));
        std::copy(text.begin(), text.end(), to.begin());
        return text.size();
    }
    std::promise<void> begun;

private:
    std::uint64_t n_ = 0;
};

TEST(engine, impossible_options_are_refused_by_name) {
    const auto refused = [](engine_options options) {
        return failure_of(
                   [&] {
                       const engine e(std::move(options));
                       return 0;
                   },
                   errc::invalid_argument)
            .field;
    };
    EXPECT_EQ(refused({.threads = 0}), "threads");
    EXPECT_EQ(refused({.threads = 65}), "threads");
    EXPECT_EQ(refused({.storage = {.import_batch_calls = 0}}), "storage.import_batch_calls");
    EXPECT_EQ(refused({.database = "mysql://x"}), "database");
}

TEST(engine, blocking_calls_start_no_thread) {
    const auto before = threads();
    engine e{engine_options{}};
    (void)e.async_import_calls({{failed_call("1", noon)}, {}}, block);
    import_request records;
    records.format = record_format::lineside;
    records.input = contract::from_text(contract::to_csv({failed_call("2", noon)}));
    (void)e.async_import_records(records, block);
    EXPECT_EQ(e.async_query_calls({.account = acme}, block).items.size(), 2U);
    EXPECT_EQ(threads(), before);
    EXPECT_EQ(e.async_get_account(acme, asio::use_future).get().id, acme);
    EXPECT_EQ(threads(), before + 2);
}

TEST(engine, threads_are_gone_with_the_engine) {
    const auto before = threads();
    {
        engine e(engine_options{.threads = 3});
        (void)e.async_list_accounts({}, asio::use_future).get();
    }
    EXPECT_EQ(threads(), before);
}

TEST(engine, closing_cancels_what_is_running_and_waits_for_it) {
    const test::scratch_dir dir;
    const auto rows = std::make_shared<endless_rows>();
    std::optional<error_code> running;
    std::optional<error_code> waiting;
    {
        engine e(engine_options{.database = dir.database(), .threads = 1});
        import_request request;
        request.format = record_format::lineside;
        request.input = rows;
        e.async_import_records(request, [&](error_code ec, const import_report&) { running = ec; });
        e.async_list_accounts({}, [&](error_code ec, const page<account>&) { waiting = ec; }); // behind it
        rows->begun.get_future().wait();
    }
    EXPECT_EQ(running, errc::cancelled);
    EXPECT_EQ(waiting, errc::cancelled);
    engine again(engine_options{.database = dir.database()});
    (void)again.async_list_accounts({}, block);
}

TEST(engine, a_handler_on_the_hosts_executor_may_run_when_the_engine_is_gone) {
    asio::io_context context;
    std::optional<error_code> result;
    {
        engine e(context, engine_options{});
        e.async_list_accounts({}, [&](error_code ec, const page<account>&) { result = ec; });
    }
    EXPECT_FALSE(result);
    context.run();
    ASSERT_TRUE(result);
    EXPECT_TRUE(!*result || *result == errc::cancelled);
}

TEST(engine, handlers_without_an_executor_run_on_the_hosts) {
    asio::io_context context;
    engine e(context, engine_options{});
    EXPECT_TRUE(e.get_executor() == portal::executor_type(context.get_executor()));
    bool done = false;
    e.async_list_accounts({}, [&](error_code, const page<account>&) {
        EXPECT_TRUE(context.get_executor().running_in_this_thread());
        done = true;
    });
    context.run();
    EXPECT_TRUE(done);
}

// An engine that tells in which thread it works, asked on a context of the test's own.
class lending_engine : public testing::Test {
protected:
    lending_engine() {
        account a;
        a.id = acme;
        (void)lineside.async_create_account(std::move(a), block);
        lent.thread = asking_thread::lent;
    }

    std::atomic<std::thread::id> worked_in;
    asio::io_context context;
    engine lineside{context, {.clock = [this] {
                        worked_in = std::this_thread::get_id();
                        return noon;
                    }}};
    call_options lent;
};

TEST_F(lending_engine, a_short_read_is_done_in_the_lent_thread_and_what_may_take_longer_is_not) {
    const auto mine = std::this_thread::get_id();
    std::size_t answers = 0;
    lineside.async_get_account(acme, lent, [&](error_code ec, const account& a) {
        EXPECT_FALSE(ec);
        EXPECT_EQ(a.id, acme);
        EXPECT_TRUE(context.get_executor().running_in_this_thread());
        ++answers;
    });
    EXPECT_EQ(worked_in.load(), mine);
    EXPECT_EQ(answers, 0U);
    (void)context.run();

    context.restart();
    lineside.async_list_accounts({}, lent, [&](error_code ec, const page<account>&) { answers += ec ? 0 : 1; });
    (void)context.run();
    EXPECT_NE(worked_in.load(), mine);

    worked_in = mine;
    context.restart();
    lineside.async_get_account(acme, [&](error_code ec, const account&) { answers += ec ? 0 : 1; });
    (void)context.run();
    EXPECT_NE(worked_in.load(), mine);
    EXPECT_EQ(answers, 3U);
}

TEST_F(lending_engine, a_chain_of_calls_in_a_lent_thread_does_not_use_up_the_stack) {
    std::size_t left = 2'000;
    std::size_t depth = 0;
    std::size_t deepest = 0;
    std::function<void()> ask = [&] {
        lineside.async_get_account(acme, lent, [&](error_code ec, const account&) {
            EXPECT_FALSE(ec);
            deepest = std::max(deepest, ++depth);
            if (--left > 0)
                ask();
            --depth;
        });
    };
    asio::post(context, ask);
    (void)context.run();
    EXPECT_EQ(left, 0U);
    EXPECT_EQ(deepest, 2U); // one in a lent thread within one that was not
}

TEST_F(lending_engine, what_is_refused_is_told_and_logged_once_from_a_lent_thread_too) {
    api_key_create wanted;
    wanted.account = acme;
    wanted.name = "Calls only";
    wanted.scopes = {permission::view_calls};
    const auto grant = lineside.async_create_key(std::move(wanted), block);
    const auto reader = lineside.as({grant.text.copy(), "192.0.2.1", "test"});
    std::optional<error_code> denied;
    std::optional<error_code> unknown;
    reader->async_get_account(acme, lent, [&](error_code ec, const account&) { denied = ec; });
    lineside.async_get_account(account_id("nobody"), lent, [&](error_code ec, const account&) { unknown = ec; });
    (void)context.run();
    EXPECT_EQ(denied, errc::permission_denied);
    EXPECT_EQ(unknown, errc::not_found);
    access_log_query log;
    log.account = acme;
    const auto entries = lineside.async_list_access_log(std::move(log), block).items;
    EXPECT_EQ(std::count_if(entries.begin(), entries.end(),
                            [](const access_entry& e) { return e.outcome == access_outcome::refused; }),
              1);
}

TEST_F(lending_engine, a_handler_in_a_lent_thread_may_end_the_engine) {
    std::optional<engine> one(std::in_place, context, engine_options{});
    account a;
    a.id = acme;
    (void)one->async_create_account(std::move(a), block);
    bool ended = false;
    asio::post(context, [&] {
        one->async_get_account(acme, lent, [&](error_code ec, const account&) {
            EXPECT_FALSE(ec);
            one.reset();
            ended = true;
        });
    });
    (void)context.run();
    EXPECT_TRUE(ended);
}

TEST(engine, the_system_clock_is_used_unless_there_is_another) {
    engine e{engine_options{}};
    const auto before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto created = e.async_create_account(account{.id = acme}, block).created_at;
    EXPECT_LE(before, created);
    EXPECT_LE(created, std::chrono::system_clock::now());
}

} // namespace
} // namespace lineside
