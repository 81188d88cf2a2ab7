#include "net/lookup.hpp"

#include <lineside/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>

#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr auto cancellation_interval = std::chrono::milliseconds(20);

address_bytes mapped(const in_addr& v4) {
    address_bytes bytes{};
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(bytes.data() + 12, &v4, 4);
    return bytes;
}

std::optional<address_bytes> address_of(const std::string& host) {
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1)
        return mapped(v4);
    address_bytes v6{};
    if (::inet_pton(AF_INET6, host.c_str(), v6.data()) == 1)
        return v6;
    return std::nullopt;
}

// A question to the resolver, shared by who asks and who waits.
struct question {
    explicit question(std::string h, int f = -1) : host(std::move(h)), finished(f) {}
    question(const question&) = delete;
    question& operator=(const question&) = delete;
    ~question() { close_pipe(); }

    void close_pipe() {
        if (finished != -1)
            ::close(std::exchange(finished, -1));
    }

    const std::string host;
    // The end of a pipe that is closed with the answer: whoever waits at the other end may be gone, and its executor too.
    int finished;
    std::mutex mutex;
    std::condition_variable answered; // what follows
    bool done = false;
    int status = 0;
    std::vector<address_bytes> addresses;
};

void ask(question& q) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int status = ::getaddrinfo(q.host.c_str(), nullptr, &hints, &found);
    std::vector<address_bytes> addresses;
    if (status == 0) {
        for (const auto* a = found; a != nullptr; a = a->ai_next) {
            if (a->ai_family == AF_INET) {
                addresses.push_back(mapped(reinterpret_cast<const sockaddr_in*>(a->ai_addr)->sin_addr));
            } else if (a->ai_family == AF_INET6) {
                auto& v6 = addresses.emplace_back();
                std::memcpy(v6.data(), &reinterpret_cast<const sockaddr_in6*>(a->ai_addr)->sin6_addr, v6.size());
            }
        }
        ::freeaddrinfo(found);
    }
    const std::lock_guard guard(q.mutex);
    q.status = status;
    q.addresses = std::move(addresses);
    q.done = true;
    q.answered.notify_all();
    q.close_pipe();
}

// Counts one lookup from here on; false: there are too many.
bool enter(name_lookups& all) {
    auto running = all.running.load();
    do
        if (running >= most_lookups)
            return false;
    while (!all.running.compare_exchange_weak(running, running + 1));
    return true;
}

// Lets a thread ask. Throws exhausted.
void start(const std::shared_ptr<name_lookups>& all, const std::shared_ptr<question>& q) {
    if (!enter(*all))
        throw error(errc::exhausted, "too many names are still being looked up");
    try {
        std::thread([all, q] {
            ask(*q);
            --all->running;
        }).detach();
    } catch (...) {
        --all->running;
        throw error(errc::exhausted, "there is no thread to look up a name");
    }
}

// The answer that has come.
std::vector<address_bytes> take(question& q) {
    if (q.status == 0)
        return std::move(q.addresses);
    const bool for_now = q.status == EAI_AGAIN;
    throw error(make_error_code(errc::unavailable),
                diagnostics{std::string("the host's name is not found: ") + ::gai_strerror(q.status),
                            {},
                            {},
                            0,
                            for_now ? error_code(asio::error::host_not_found_try_again)
                                    : error_code(asio::error::host_not_found)});
}

} // namespace

std::vector<address_bytes> look_up(const std::shared_ptr<name_lookups>& all, const std::string& host,
                                   std::chrono::steady_clock::time_point deadline,
                                   const std::function<bool()>& cancelled) {
    if (const auto known = address_of(host))
        return {*known};
    const auto q = std::make_shared<question>(host);
    start(all, q);
    std::unique_lock lock(q->mutex);
    while (!q->answered.wait_for(lock, cancellation_interval, [&] { return q->done; })) {
        if (cancelled && cancelled())
            throw error(errc::cancelled, "cancelled");
        if (std::chrono::steady_clock::now() >= deadline)
            throw error(errc::timed_out, "the host's name is not found in time");
    }
    return take(*q);
}

asio::awaitable<std::vector<address_bytes>> look_up(std::shared_ptr<name_lookups> all, std::string host) {
    if (const auto known = address_of(host))
        co_return std::vector{*known};
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw error(errc::exhausted, "there is no pipe to wait for a name");
    const auto q = std::make_shared<question>(host, ends[1]);
    asio::posix::stream_descriptor finished(co_await asio::this_coro::executor, ends[0]);
    start(all, q);
    const auto [ec] =
        co_await finished.async_wait(asio::posix::descriptor_base::wait_read, asio::as_tuple(asio::deferred));
    if (ec)
        throw boost::system::system_error(ec);
    const std::lock_guard guard(q->mutex);
    co_return take(*q);
}

tcp::endpoint endpoint_of(const address_bytes& a, std::uint16_t port) {
    asio::ip::address_v6::bytes_type bytes;
    std::copy(a.begin(), a.end(), bytes.begin());
    const asio::ip::address_v6 v6(bytes);
    if (v6.is_v4_mapped())
        return {asio::ip::make_address_v4(asio::ip::v4_mapped, v6), port};
    return {v6, port};
}

} // namespace lineside::net
