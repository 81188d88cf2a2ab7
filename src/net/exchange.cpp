#include "net/exchange.hpp"

#include "net/short_exchange.hpp"
#include "net/streamed_exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace lineside::net {

namespace asio = boost::asio;

namespace {

// Where a coroutine waits for a short exchange.
class waiting_coroutine final : public exchange_listener {
public:
    explicit waiting_coroutine(const asio::any_io_executor& e)
        : news(e, std::chrono::steady_clock::time_point::max()) {}

    void exchanged(const std::exception_ptr& f, http_response&& a) override {
        over = true;
        failure = f;
        answer = std::move(a);
        news.cancel();
    }

    asio::steady_timer news;
    bool over = false;
    std::exception_ptr failure;
    http_response answer;
};

asio::awaitable<http_response> wait_for_short(connection& over, const http_call& call, const exchange_terms& terms,
                                              exchange_progress& progress) {
    const auto w = std::make_shared<waiting_coroutine>(co_await asio::this_coro::executor);
    auto& running = begin_exchange(over, call, terms, progress, w);
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    for (bool cancelled = false; !w->over;) {
        (void)co_await w->news.async_wait(asio::as_tuple(asio::deferred));
        if (!w->over && !std::exchange(cancelled, true))
            running.cancel();
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (w->failure)
        std::rethrow_exception(w->failure);
    co_return std::move(w->answer);
}

} // namespace

asio::awaitable<http_response> exchange(connection& over, const http_call& call, const exchange_terms& terms,
                                        exchange_progress& progress) {
    return is_short(call) ? wait_for_short(over, call, terms, progress) : exchange_streams(over, call, terms, progress);
}

} // namespace lineside::net
