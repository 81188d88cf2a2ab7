#include "net/happy_eyeballs.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

// Shared with the attempts that lose, which end after it.
struct race {
    explicit race(const asio::any_io_executor& e) : executor(e), news(e) {}

    void start(const tcp::endpoint& to, const std::shared_ptr<race>& self) {
        auto& socket = running.emplace_back(executor);
        const auto at = std::prev(running.end());
        socket.async_connect(to, [self, at](error_code ec) { self->ended(at, ec); });
    }

    void ended(std::list<tcp::socket>::iterator at, error_code ec) {
        if (over)
            return;
        if (!ec && !winner)
            winner.emplace(std::move(*at));
        if (ec)
            last = ec;
        running.erase(at);
        news.cancel();
    }

    void stop() {
        over = true;
        error_code ignored;
        for (auto& socket : running)
            socket.close(ignored);
    }

    asio::any_io_executor executor;
    asio::steady_timer news;
    std::list<tcp::socket> running;
    std::optional<tcp::socket> winner;
    error_code last = asio::error::host_not_found;
    bool over = false;
};

} // namespace

std::vector<tcp::endpoint> in_turns(std::vector<tcp::endpoint> all) {
    if (all.empty())
        return all;
    const auto first = all.front().protocol();
    const auto others =
        std::stable_partition(all.begin(), all.end(), [&](const tcp::endpoint& e) { return e.protocol() == first; });
    std::vector<tcp::endpoint> out;
    out.reserve(all.size());
    for (auto a = all.begin(), b = others; a != others || b != all.end();) {
        if (a != others)
            out.push_back(*a++);
        if (b != all.end())
            out.push_back(*b++);
    }
    return out;
}

asio::awaitable<tcp::socket> connect_to_first(std::vector<tcp::endpoint> all, std::chrono::milliseconds next) {
    const auto r = std::make_shared<race>(co_await asio::this_coro::executor);
    const std::unique_ptr<race, void (*)(race*)> at_the_end(r.get(), [](race* x) { x->stop(); });
    auto to = all.cbegin();
    auto patience = clock::now();
    while (!r->winner) {
        if (to != all.cend() && (r->running.empty() || clock::now() >= patience)) {
            r->start(*to++, r);
            patience = clock::now() + next;
        } else if (r->running.empty()) {
            throw boost::system::system_error(r->last);
        }
        r->news.expires_at(to == all.cend() ? clock::time_point::max() : patience);
        (void)co_await r->news.async_wait(asio::as_tuple(asio::deferred));
    }
    co_return std::move(*r->winner);
}

} // namespace lineside::net
