#include "integration/contract/contract.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(tokens);

const instant noon = at("2026-03-10T12:00:00Z");
const account_id nobody("nobody");

// Runs a coroutine to its end in this thread.
template <class Body>
void run(Body body) {
    asio::io_context context;
    std::exception_ptr failure;
    asio::co_spawn(context, std::move(body), [&](std::exception_ptr e) { failure = e; });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
}

// An import that goes on until it is stopped, told when it has begun.
class endless_import {
public:
    explicit endless_import(std::function<void()> on_begin = {}) : begin_(std::move(on_begin)) {
        request.format = record_format::lineside;
        request.input = std::make_shared<endless>(*this);
    }
    import_request request;

private:
    struct endless final : byte_source {
        explicit endless(endless_import& o) : owner(o) {}
        std::size_t read(std::span<char> to) override {
            if (auto begin = std::exchange(owner.begin_, {}))
                begin();
            std::string text = n == 0 ? to_csv({}) : "";
            const auto row = to_csv({failed_call("endless-" + std::to_string(n++), noon)});
            text += row.substr(row.find('\n') + 1);
            text = text.substr(0, to.size());
            std::copy(text.begin(), text.end(), to.begin());
            return text.size();
        }
        endless_import& owner;
        std::uint64_t n = 0;
    };
    std::function<void()> begin_;
};

// ---- forms ----------------------------------------------------------------------------------------------------------

TEST_P(tokens, a_callback_gets_the_code_and_the_value) {
    (void)import({failed_call("1", noon)});
    std::promise<std::pair<error_code, account>> done;
    lineside().async_get_account(acme, [&](error_code ec, account a) { done.set_value({ec, std::move(a)}); });
    const auto [ec, a] = done.get_future().get();
    EXPECT_FALSE(ec);
    EXPECT_EQ(a.id, acme);

    std::promise<error_code> failed;
    call_options options;
    options.details = std::make_shared<diagnostics>();
    lineside().async_get_account(nobody, options, [&](error_code e, account) { failed.set_value(e); });
    EXPECT_EQ(failed.get_future().get(), errc::not_found);
    EXPECT_NE(options.details->message.find("nobody"), std::string::npos);
}

TEST_P(tokens, co_await_gives_the_value_or_throws_with_diagnostics) {
    (void)import({failed_call("1", noon)});
    run([&]() -> asio::awaitable<void> {
        const account a = co_await lineside().async_get_account(acme);
        EXPECT_EQ(a.id, acme);
        const call_query q{.account = acme};
        const auto page = co_await lineside().async_query_calls(q);
        EXPECT_EQ(page.items.size(), 1U);
        bool thrown = false;
        try {
            (void)co_await lineside().async_get_account(nobody);
        } catch (const error& e) {
            thrown = true;
            EXPECT_EQ(e.code(), errc::not_found);
            EXPECT_EQ(e.details().field, "account");
            EXPECT_NE(std::string(e.what()).find("nobody"), std::string::npos);
        }
        EXPECT_TRUE(thrown);
    });
}

TEST_P(tokens, as_tuple_gives_the_code_instead) {
    (void)import({failed_call("1", noon)});
    run([&]() -> asio::awaitable<void> {
        auto [ec, a] = co_await lineside().async_get_account(nobody, asio::as_tuple(asio::use_awaitable));
        EXPECT_EQ(ec, errc::not_found);
        EXPECT_EQ(a, account{});
        auto [ok, b] = co_await lineside().async_get_account(acme, asio::as_tuple(asio::use_awaitable));
        EXPECT_FALSE(ok);
        EXPECT_EQ(b.id, acme);
    });
}

TEST_P(tokens, futures_throw_with_diagnostics_if_asked) {
    (void)import({failed_call("1", noon)});
    EXPECT_EQ(lineside().async_get_account(acme, asio::use_future).get().id, acme);
    EXPECT_EQ(lineside().async_get_account(acme, with_diagnostics(asio::use_future)).get().id, acme);
    try {
        (void)lineside().async_get_account(nobody, asio::use_future).get();
        ADD_FAILURE() << "nothing was thrown";
    } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), errc::not_found);
    }
    try {
        (void)lineside().async_get_account(nobody, with_diagnostics(asio::use_future)).get();
        ADD_FAILURE() << "nothing was thrown";
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::not_found);
        EXPECT_NE(std::string(e.what()).find("nobody"), std::string::npos);
    }
}

TEST_P(tokens, every_operation_takes_every_token) {
    (void)import({failed_call("1", noon)});
    // GCC 12 destroys a braced request within a co_await expression twice: each has a name.
    const call_batch batch{{failed_call("2", noon)}, attempt_coverage::all_attempts};
    const auto text = to_csv({failed_call("3", noon)});
    run([&]() -> asio::awaitable<void> {
        auto& p = lineside();
        const time_range range{noon, noon + hours(1)};
        const account fresh{.id = account_id("fresh")};
        (void)co_await p.async_create_account(fresh);
        const account_query accounts;
        (void)co_await p.async_list_accounts(accounts);
        (void)co_await p.async_import_calls(batch);
        import_request records;
        records.format = record_format::lineside;
        records.input = from_text(text);
        EXPECT_EQ((co_await p.async_import_records(records)).imported, 1U);
        const series_query points{acme, metric::attempts, range};
        EXPECT_EQ((co_await p.async_query_series(points)).numerator.at(0), 3);
        const summary_query rows{.account = acme};
        EXPECT_EQ((co_await p.async_query_summary(rows)).rows.size(), 24U);
        const statistics_query cells{.summary = rows};
        EXPECT_EQ((co_await p.async_query_statistics(cells)).sum, "3");
        const explain_query why{acme, metric::attempts, range};
        EXPECT_EQ((co_await p.async_explain(why)).call_count, 3U);
        export_request q;
        q.what = call_query{.account = acme};
        q.write = [](std::string_view) {};
        EXPECT_EQ((co_await p.async_export_data(q)).rows, 3U);
    });
}

TEST_P(tokens, a_handler_may_be_move_only) {
    (void)import({failed_call("1", noon)});
    std::promise<account> done;
    lineside().async_get_account(acme, [kept = std::make_unique<int>(7), &done](error_code, account a) {
        EXPECT_EQ(*kept, 7);
        done.set_value(std::move(a));
    });
    EXPECT_EQ(done.get_future().get().id, acme);
}

// ---- where handlers run ---------------------------------------------------------------------------------------------

TEST_P(tokens, a_handler_runs_on_its_executor_and_never_inside_the_initiating_function) {
    (void)import({failed_call("1", noon)});
    asio::io_context context;
    const auto here = std::this_thread::get_id();
    for (int i = 0; i < 50; ++i) {
        bool initiating = true;
        bool completed = false;
        const auto handler = [&](error_code, const auto&) {
            EXPECT_FALSE(initiating);
            EXPECT_EQ(std::this_thread::get_id(), here);
            completed = true;
        };
        if (i % 2 == 0)
            lineside().async_get_account(acme, asio::bind_executor(context, handler));
        else
            lineside().async_get_account(nobody, asio::bind_executor(context, handler));
        initiating = false;
        // The pending operation counts as work: the context does not run dry before it.
        context.restart();
        context.run();
        EXPECT_TRUE(completed);
    }
}

TEST_P(tokens, without_an_executor_a_handler_runs_on_the_portals_own) {
    (void)import({failed_call("1", noon)});
    std::promise<std::thread::id> where;
    lineside().async_get_account(acme,
                                 [&](error_code, const account&) { where.set_value(std::this_thread::get_id()); });
    EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
}

TEST_P(tokens, handlers_on_a_strand_never_run_at_the_same_time) {
    (void)import({failed_call("1", noon)});
    asio::io_context context;
    auto strand = asio::make_strand(context);
    int inside = 0;
    int done = 0;
    for (int i = 0; i < 200; ++i)
        lineside().async_get_account(acme, asio::bind_executor(strand, [&](error_code, const account&) {
                                         EXPECT_EQ(++inside, 1);
                                         ++done;
                                         --inside;
                                     }));
    std::thread other([&] { context.run(); });
    context.run();
    other.join();
    EXPECT_EQ(done, 200);
}

TEST_P(tokens, a_handler_may_start_the_next_operation) {
    (void)import({failed_call("1", noon)});
    std::promise<std::uint64_t> done;
    lineside().async_get_account(acme, [&](error_code, const account& a) {
        lineside().async_query_calls({.account = a.id}, [&](error_code, const page<call>& calls) {
            // And block in it.
            const auto again = lineside().async_query_calls({.account = acme}, block);
            done.set_value(calls.items.size() + again.items.size());
        });
    });
    EXPECT_EQ(done.get_future().get(), 2U);
}

// ---- cancellation and deadlines --------------------------------------------------------------------------------------

TEST_P(tokens, every_type_of_cancellation_but_none_stops_an_operation) {
    for (const auto type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::io_context context;
        asio::cancellation_signal signal;
        std::promise<void> begun;
        std::promise<void> go_on;
        endless_import endless([&] {
            begun.set_value();
            go_on.get_future().wait();
        });
        std::optional<error_code> result;
        lineside().async_import_records(
            endless.request,
            asio::bind_cancellation_slot(
                signal.slot(), asio::bind_executor(context, [&](error_code ec, const auto&) { result = ec; })));
        begun.get_future().wait();
        signal.emit(asio::cancellation_type::none);
        signal.emit(type);
        go_on.set_value();
        context.run();
        EXPECT_EQ(result, errc::cancelled);
        signal.emit(type); // too late, and nobody's business
    }
}

TEST_P(tokens, cancelling_a_coroutine_cancels_what_it_waits_for) {
    asio::io_context context;
    asio::cancellation_signal signal;
    endless_import endless([&] { asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); }); });
    std::optional<error_code> result;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            try {
                (void)co_await lineside().async_import_records(endless.request);
            } catch (const error& e) {
                result = e.code();
                EXPECT_NE(std::string(e.what()).find("import it again"), std::string::npos);
            }
        },
        asio::bind_cancellation_slot(signal.slot(), asio::detached));
    context.run();
    EXPECT_EQ(result, errc::cancelled);
}

TEST_P(tokens, a_stop_token_stops_the_blocking_and_the_asynchronous_form) {
    for (const bool blocking : {true, false}) {
        std::stop_source stop;
        endless_import endless([&] { stop.request_stop(); });
        call_options options;
        options.stop = stop.get_token();
        const auto d = failure_of(
            [&] {
                return blocking
                           ? lineside().async_import_records(endless.request, options, block)
                           : lineside()
                                 .async_import_records(endless.request, options, with_diagnostics(asio::use_future))
                                 .get();
            },
            errc::cancelled);
        EXPECT_NE(d.message, "");
    }
}

TEST_P(tokens, an_operation_that_is_stopped_before_it_begins_does_nothing) {
    std::stop_source stop;
    stop.request_stop();
    call_options options;
    options.stop = stop.get_token();
    (void)failure_of(
        [&] {
            return lineside().async_import_calls({{failed_call("1", noon)}, {}}, options, block);
        },
        errc::cancelled);
    (void)failure_of([&] { return lineside().async_create_account(account{.id = acme}, options, block); },
                     errc::cancelled);
    EXPECT_TRUE(lineside().async_list_accounts({}, block).items.empty());
}

TEST_P(tokens, past_its_deadline_an_operation_is_timed_out) {
    endless_import blocking;
    endless_import asynchronous;
    call_options options;
    options.timeout = std::chrono::milliseconds(1);
    (void)failure_of([&] { return lineside().async_import_records(blocking.request, options, block); },
                     errc::timed_out);
    (void)failure_of(
        [&] {
            return lineside()
                .async_import_records(asynchronous.request, options, with_diagnostics(asio::use_future))
                .get();
        },
        errc::timed_out);
}

TEST_P(tokens, a_write_callback_may_stop_its_own_export) {
    random_calls random(1);
    (void)import(random.within({noon - days(20), noon}, 3'000));
    std::stop_source stop;
    call_options options;
    options.stop = stop.get_token();
    export_request q{.what = call_query{.account = acme}};
    q.write = [&](std::string_view) { stop.request_stop(); };
    (void)failure_of([&] { return lineside().async_export_data(q, options, block); }, errc::cancelled);
}

// ---- many at a time -------------------------------------------------------------------------------------------------

// Every batch adds ten calls of one minute each, or corrects ten calls it knows to a common talk time: whoever looks at
// any time sees whole batches only.
TEST_P(tokens, eight_threads_see_only_whole_batches) {
    settings.storage.journal_calls = 200; // folds now and then
    settings.storage.import_batch_calls = 40;
    constexpr int writers = 3;
    constexpr int rounds = 25;
    const auto make = [](int writer, int round, duration talk) {
        std::vector<call> calls;
        for (int i = 0; i < 10; ++i) {
            auto c =
                charged(answered_call(std::to_string(writer) + "-" + std::to_string(round) + "-" + std::to_string(i),
                                      noon - hours(3) + minutes(writer) + seconds(i), talk),
                        "0.10");
            c.account_id = account_id("account-" + std::to_string(writer));
            calls.push_back(c);
        }
        return calls;
    };
    for (int w = 0; w < writers; ++w)
        (void)import(make(w, 0, seconds(60)));

    std::atomic<int> writing = writers;
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w)
        threads.emplace_back([&, w] {
            for (int round = 1; round <= rounds; ++round) {
                EXPECT_EQ(import(make(w, round, seconds(60))).imported, 10U);
                if (round % 5 == 0) { // and back again
                    EXPECT_EQ(import(make(w, round, seconds(61))).restated, 10U);
                    EXPECT_EQ(import(make(w, round, seconds(60))).restated, 10U);
                }
            }
            --writing;
        });
    threads.emplace_back([&] { // an import of records into an account of its own
        random_calls random(2);
        for (int round = 0; round < 5; ++round) {
            const auto calls = random.within({noon - days(3), noon}, 300, account_id("records"));
            EXPECT_EQ(import_text(to_csv(calls)).imported, 300U);
        }
    });
    for (int reader = 0; reader < 4; ++reader)
        threads.emplace_back([&, reader] {
            std::vector<std::uint64_t> seen(writers, 0);
            for (int n = 0; writing > 0 || n < 20; ++n) {
                const auto w = static_cast<std::size_t>(n % writers);
                const account_id id("account-" + std::to_string(w));
                summary_query q{.account = id,
                                .period = reader % 2 == 0 ? summary_period::live : summary_period::daily};
                std::uint64_t attempts = 0;
                std::int64_t talk = 0;
                std::int64_t charge = 0;
                for (const auto& r : lineside().async_query_summary(q, block).rows) {
                    attempts += r.attempts;
                    talk += static_cast<std::int64_t>(r.talk_s);
                    if (r.charge)
                        charge += r.charge->nanos / 1'000'000 + r.charge->units * 1'000;
                }
                ASSERT_EQ(attempts % 10, 0U);
                const auto batches = static_cast<std::int64_t>(attempts / 10);
                ASSERT_EQ(charge, batches * 1'000);
                // At most one of the batches is at its correction.
                ASSERT_TRUE(talk == batches * 600 || talk == batches * 600 + 10) << talk << " of " << batches;
                ASSERT_GE(attempts, seen[w]) << "nothing that was seen is gone";
                seen[w] = attempts;
                if (n % 5 == 0) {
                    const auto calls = lineside().async_query_calls({.account = id, .limit = 5'000}, block).items;
                    ASSERT_EQ(calls.size() % 10, 0U);
                    std::set<std::string> ids;
                    for (const auto& c : calls)
                        ids.insert(c.call_id);
                    ASSERT_EQ(ids.size(), calls.size()) << "no call twice";
                    ASSERT_GE(calls.size(), attempts);
                }
            }
        });
    for (auto& t : threads)
        t.join();
    for (int w = 0; w < writers; ++w)
        EXPECT_EQ(all_calls(account_id("account-" + std::to_string(w))).size(), (rounds + 1) * 10U);
    EXPECT_EQ(all_calls(account_id("records")).size(), 1'500U);
}

} // namespace
} // namespace lineside::contract
