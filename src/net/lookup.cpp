#include "net/lookup.hpp"

#include <lineside/error.hpp>

#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace lineside::net {

namespace {

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
    explicit question(std::string h) : host(std::move(h)) {}

    const std::string host;
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

} // namespace

std::vector<address_bytes> look_up(const std::shared_ptr<name_lookups>& all, const std::string& host,
                                   std::chrono::steady_clock::time_point deadline,
                                   const std::function<bool()>& cancelled) {
    if (const auto known = address_of(host))
        return {*known};
    if (!enter(*all))
        throw error(errc::exhausted, "too many names are still being looked up");
    const auto q = std::make_shared<question>(host);
    try {
        std::thread([all, q] {
            ask(*q);
            --all->running;
        }).detach();
    } catch (...) {
        --all->running;
        throw error(errc::exhausted, "there is no thread to look up a name");
    }
    std::unique_lock lock(q->mutex);
    while (!q->answered.wait_for(lock, cancellation_interval, [&] { return q->done; })) {
        if (cancelled && cancelled())
            throw error(errc::cancelled, "cancelled");
        if (std::chrono::steady_clock::now() >= deadline)
            throw error(errc::timed_out, "the host's name is not found in time");
    }
    if (q->status != 0)
        throw error(errc::unavailable, std::string("the host's name is not found: ") + ::gai_strerror(q->status));
    return q->addresses;
}

} // namespace lineside::net
