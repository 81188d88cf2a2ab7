// One at a time and in order, whatever runs below; what a strand promises.

#include "net/serial_executor.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace lineside {

namespace {

namespace asio = boost::asio;
using net::serial_executor;

// As everybody has it.
asio::any_io_executor over(asio::any_io_executor below) { return serial_executor::over(std::move(below)); }

TEST(serial_executor, many_threads_run_one_at_a_time_and_each_ones_in_order) {
    constexpr unsigned callers = 4;
    constexpr unsigned each = 2'000;
    asio::thread_pool below(3);
    const auto strand = over(below.get_executor());
    std::atomic<unsigned> inside = 0;
    unsigned most = 0;
    std::vector<std::vector<unsigned>> seen(callers); // guarded by the strand alone
    std::vector<std::thread> threads;
    for (unsigned c = 0; c < callers; ++c)
        threads.emplace_back([&, c] {
            for (unsigned i = 0; i < each; ++i) {
                auto run = [&, c, i] {
                    most = std::max(most, ++inside);
                    seen[c].push_back(i);
                    --inside;
                };
                i % 2 == 0 ? asio::post(strand, run) : asio::dispatch(strand, run);
            }
        });
    for (auto& t : threads)
        t.join();
    below.join();
    EXPECT_EQ(most, 1U);
    for (const auto& one : seen) {
        ASSERT_EQ(one.size(), each);
        EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
    }
}

TEST(serial_executor, what_is_dispatched_in_its_turn_runs_at_once_and_what_is_posted_does_not) {
    asio::io_context below;
    const auto strand = over(below.get_executor());
    std::vector<int> order;
    asio::post(strand, [&] {
        asio::post(strand, [&] { order.push_back(4); });
        asio::defer(strand, [&] { order.push_back(5); });
        order.push_back(1);
        asio::dispatch(strand, [&] { order.push_back(2); });
        order.push_back(3);
    });
    EXPECT_TRUE(order.empty());
    below.run();
    EXPECT_EQ(order, (std::vector{1, 2, 3, 4, 5}));
}

TEST(serial_executor, a_strand_in_a_strand_knows_both) {
    asio::io_context below;
    const auto one = over(below.get_executor());
    const auto other = over(below.get_executor());
    std::vector<int> order;
    asio::post(one, [&] {
        asio::dispatch(other, [&] {
            asio::dispatch(one, [&] { order.push_back(1); });
            asio::dispatch(other, [&] { order.push_back(2); });
            order.push_back(3);
        });
        order.push_back(4);
    });
    below.run();
    EXPECT_EQ(order, (std::vector{1, 2, 3, 4}));
    EXPECT_FALSE(one == other);
    EXPECT_TRUE(one == asio::any_io_executor(one));
}

TEST(serial_executor, what_throws_does_not_keep_the_rest_from_its_turn) {
    asio::io_context below;
    const auto strand = over(below.get_executor());
    std::vector<int> order;
    asio::post(strand, [&] {
        order.push_back(1);
        throw std::runtime_error("one");
    });
    asio::post(strand, [&] { order.push_back(2); });
    EXPECT_THROW(below.run(), std::runtime_error);
    EXPECT_EQ(order, (std::vector{1}));
    below.run();
    EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(serial_executor, keeps_the_context_running_while_it_is_tracked) {
    asio::io_context below;
    const auto strand = over(below.get_executor());
    auto tracked =
        std::make_unique<asio::any_io_executor>(asio::prefer(strand, asio::execution::outstanding_work.tracked));
    auto another = std::make_unique<asio::any_io_executor>(*tracked);
    tracked.reset();
    EXPECT_EQ(below.poll(), 0U);
    EXPECT_FALSE(below.stopped());
    another.reset();
    EXPECT_TRUE(below.stopped());
}

TEST(serial_executor, what_never_had_its_turn_is_let_go_with_the_context) {
    const auto held = std::make_shared<int>(1);
    std::optional<asio::any_io_executor> strand;
    {
        asio::io_context below;
        strand = over(below.get_executor());
        for (int i = 0; i < 3; ++i)
            asio::post(*strand, [held, again = *strand] {});
        EXPECT_EQ(held.use_count(), 4);
    }
    EXPECT_EQ(held.use_count(), 1);
}

} // namespace

} // namespace lineside
