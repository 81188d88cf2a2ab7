// Job E, live fan-out: bench_job_e_watch SUBSCRIBERS ROUNDS spread|together
// A server over an engine in memory, on one core; in a process of its own, on another core, the subscribers: web sockets
// that each watch the channels of an account, ten to an account. Each second every account has one call more, so each
// subscriber an update: one account after the other all through the second, or all accounts at the same time. Prints
// a line of JSON: from the event's report until the frame is there, and what a subscriber costs the server.

#include <lineside/engine.hpp>
#include <lineside/server.hpp>

#include "job_e.hpp"
#include "support.hpp"

#include <sched.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>

namespace {

using namespace lineside;
using clock_type = std::chrono::steady_clock; // the same for all processes

constexpr std::size_t of_an_account = 10;
constexpr std::chrono::milliseconds engine_interval{20};

struct task {
    std::size_t subscribers = 0;
    std::size_t rounds = 0;
    bool together = false;

    [[nodiscard]] std::size_t accounts() const { return (subscribers + of_an_account - 1) / of_an_account; }
};

account_id account_at(std::size_t i) { return account_id("a" + std::to_string(i)); }

/// What both processes see.
struct outcome {
    double p50 = 0;
    double p99 = 0;
    double longest = 0;
    double frames = 0;
    double cpu_us = 0; ///< of the subscribers, a frame
};

template <class T>
T* shared_memory(std::size_t count) {
    void* at = ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mmap");
    return static_cast<T*>(at);
}

/// When each account's count of channels became what it is: by account and round.
class diary {
public:
    explicit diary(const task& t)
        : rounds_(t.rounds + 1),
          times_(shared_memory<clock_type::rep>(t.accounts() * rounds_)) {}

    void note(std::size_t account, std::size_t round) {
        at(account, round) = clock_type::now().time_since_epoch().count();
    }
    [[nodiscard]] double us_since(std::size_t account, std::size_t round) const {
        const clock_type::duration took(clock_type::now().time_since_epoch().count() - at(account, round));
        return std::chrono::duration<double, std::micro>(took).count();
    }

private:
    [[nodiscard]] clock_type::rep& at(std::size_t account, std::size_t round) const {
        return times_[account * rounds_ + round];
    }

    std::size_t rounds_;
    clock_type::rep* times_;
};

/// A pipe between the two processes: lines of text.
class line_pipe {
public:
    line_pipe() { bench::checked(::pipe(ends_.data()), "pipe"); }

    void tell(std::string line) const {
        line += '\n';
        bench::checked(static_cast<int>(::write(ends_[1], line.data(), line.size())), "write");
    }
    [[nodiscard]] std::string hear() const {
        std::string line;
        for (char c = 0; ::read(ends_[0], &c, 1) == 1 && c != '\n';)
            line += c;
        if (line.empty())
            throw std::runtime_error("the other process has gone");
        return line;
    }
    void only_hear() const { ::close(ends_[1]); }
    void only_tell() const { ::close(ends_[0]); }

private:
    std::array<int, 2> ends_{};
};

void allow_descriptors(std::size_t wanted) {
    ::rlimit limit{};
    bench::checked(::getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    if (limit.rlim_max < wanted)
        throw std::runtime_error("the hard limit of descriptors is " + std::to_string(limit.rlim_max) + ", and " +
                                 std::to_string(wanted) + " are needed (ulimit -Hn)");
    limit.rlim_cur = std::max<::rlim_t>(limit.rlim_cur, wanted);
    bench::checked(::setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

void stay_on(unsigned core) {
    if (core >= std::thread::hardware_concurrency())
        return;
    ::cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    bench::checked(::sched_setaffinity(0, sizeof set, &set), "sched_setaffinity");
}

// ---- Subscribers

class subscriber {
public:
    subscriber(std::uint16_t port, const std::string& token, std::size_t account) : account_(account) {
        socket_.connect(port);
        socket_.send("GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Protocol: lineside.v1\r\nAuthorization: Bearer " +
                     token + "\r\n\r\n");
        std::string head;
        for (char c = 0; !head.ends_with("\r\n\r\n"); head += c)
            if (socket_.receive(&c, 1) == 0)
                break;
        if (!head.starts_with("HTTP/1.1 101 "))
            throw std::runtime_error("no web socket: " + head);
        say(0x81, R"({"id":1,"subscribe":{"account":")" + account_at(account).value() + R"(","topics":["channels"]}})");
    }

    [[nodiscard]] int fd() const noexcept { return socket_.fd(); }
    [[nodiscard]] std::size_t account() const noexcept { return account_; }

    /// Takes what has come; `each` sees how many channels are in use after each update.
    template <class Each>
    void receive(Each each) {
        std::array<char, 8'192> bytes;
        const auto size = socket_.receive(bytes.data(), bytes.size());
        if (size == 0)
            throw std::runtime_error("the server has hung up");
        unread_.append(bytes.data(), size);
        std::string_view rest = unread_;
        while (rest.size() >= 2) {
            const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(rest[i])}; };
            std::size_t length = byte(1);
            std::size_t head = 2;
            if (length == 126) {
                head = 4;
                if (rest.size() < head)
                    break;
                length = byte(2) << 8U | byte(3);
            }
            if (rest.size() < head + length)
                break;
            take(byte(0), rest.substr(head, length), each);
            rest.remove_prefix(head + length);
        }
        unread_.erase(0, unread_.size() - rest.size());
        if (unread_.empty())
            unread_.shrink_to_fit();
    }

private:
    // Masked with zeros, as short as all that is said here.
    void say(unsigned first, std::string_view payload) const {
        std::string frame{static_cast<char>(first), static_cast<char>(0x80U | payload.size()), 0, 0, 0, 0};
        socket_.send(frame.append(payload));
    }
    template <class Each>
    void take(std::size_t first, std::string_view payload, Each& each) const {
        constexpr std::size_t ping = 0x89;
        constexpr std::string_view member = "\"in_use\":";
        if (first == ping)
            return say(0x8a, payload);
        const auto at = payload.find(member);
        if (at == std::string_view::npos)
            throw std::runtime_error("not an update: " + std::string(payload));
        std::size_t in_use = 0;
        std::from_chars(payload.data() + at + member.size(), payload.data() + payload.size(), in_use);
        each(in_use);
    }

    bench::plain_socket socket_;
    std::size_t account_;
    std::string unread_;
};

void subscribe_all(const task& t, const diary& told, const line_pipe& from_server, const line_pipe& to_server,
                   outcome& seen) {
    stay_on(1);
    const auto port = static_cast<std::uint16_t>(std::stoul(from_server.hear()));
    const int events = bench::checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    std::vector<std::unique_ptr<subscriber>> all;
    std::string token;
    std::size_t ready = 0;
    std::size_t done = 0;
    std::size_t frames = 0;
    std::vector<double> us;
    us.reserve(t.subscribers * t.rounds);
    const auto look = [&](int timeout) {
        std::array<::epoll_event, 256> some{};
        const int n = bench::checked(::epoll_wait(events, some.data(), some.size(), timeout), "epoll_wait");
        for (int i = 0; i < n; ++i) {
            auto& one = *static_cast<subscriber*>(some[static_cast<std::size_t>(i)].data.ptr);
            one.receive([&](std::size_t in_use) {
                if (in_use == 0) { // what there is when it begins to watch
                    ++ready;
                    return;
                }
                ++frames;
                us.push_back(told.us_since(one.account(), in_use));
                done += in_use == t.rounds ? 1 : 0;
            });
        }
    };
    for (std::size_t i = 0; i < t.subscribers; ++i) {
        if (i % of_an_account == 0)
            token = from_server.hear();
        auto& one = *all.emplace_back(std::make_unique<subscriber>(port, token, i / of_an_account));
        ::epoll_event e{.events = EPOLLIN, .data = {.ptr = &one}};
        bench::checked(::epoll_ctl(events, EPOLL_CTL_ADD, one.fd(), &e), "epoll_ctl");
        look(0);
    }
    while (ready < t.subscribers)
        look(-1);
    to_server.tell("all are there");
    const double cpu = bench::cpu_seconds();
    while (done < t.subscribers)
        look(-1);
    seen.frames = static_cast<double>(frames);
    seen.cpu_us = (bench::cpu_seconds() - cpu) / seen.frames * 1e6;
    bench::latencies sorted(std::move(us));
    seen.p50 = sorted.at(0.5);
    seen.p99 = sorted.at(0.99);
    seen.longest = sorted.at(1);
    to_server.tell("all is seen");
}

// ---- The server

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

std::string sign_in(portal& p, const account_id& a) {
    account fresh;
    fresh.id = a;
    (void)p.async_create_account(std::move(fresh), block);
    contact_create c;
    c.account = a;
    c.name = a.value();
    c.email = a.value() + "@customers.example";
    c.role = role::administrator;
    c.password = secret("vbxr jhqp fmtw zgdk");
    sign_in_request in;
    in.email = c.email;
    in.password = c.password.copy();
    (void)p.async_create_contact(std::move(c), block);
    return std::string(p.async_sign_in(std::move(in), block).token.reveal());
}

call_event one_more_call(std::size_t account, std::size_t round) {
    call_event e;
    e.source = "switch";
    e.call_id = std::to_string(account) + '-' + std::to_string(round);
    e.at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    e.account = account_at(account);
    e.cli = "+442071838750";
    e.destination = "+4930901820";
    e.direction = call_direction::outbound;
    return e;
}

void publish(portal& p, const task& t, diary& told) {
    const auto begin = clock_type::now();
    const std::chrono::nanoseconds second = std::chrono::seconds(1);
    for (std::size_t round = 1; round <= t.rounds; ++round) {
        call_event_batch batch;
        for (std::size_t a = 0; a < t.accounts(); ++a) {
            batch.events.push_back(one_more_call(a, round));
            if (t.together && a + 1 < t.accounts())
                continue;
            const auto part = t.together ? std::size_t{0} : a;
            std::this_thread::sleep_until(begin + second * static_cast<std::int64_t>(round - 1) +
                                          second * static_cast<std::int64_t>(part) /
                                              static_cast<std::int64_t>(t.accounts()));
            for (std::size_t i = part; i <= a; ++i)
                told.note(i, round);
            (void)p.async_report_call_events(std::exchange(batch, {}), block);
        }
    }
}

void serve(const task& t, diary& told, const line_pipe& to_subscribers, const line_pipe& from_subscribers,
           const outcome& seen) {
    stay_on(0);
    engine_options keeping;
    keeping.live.interval = engine_interval;
    keeping.identity.password_memory_kib = 64; // nothing here depends on what a password costs
    engine portal(std::move(keeping));
    std::vector<std::string> tokens;
    for (std::size_t a = 0; a < t.accounts(); ++a)
        tokens.push_back(sign_in(portal, account_at(a)));
    server_options options;
    options.limits.connections = options.limits.connections_of_address = options.limits.watchers = t.subscribers + 1;
    const server s(portal, std::move(options));
    const double before = resident_bytes();
    to_subscribers.tell(std::to_string(s.port()));
    for (const auto& token : tokens)
        to_subscribers.tell(token);
    (void)from_subscribers.hear();
    const double after = resident_bytes();
    const double cpu = bench::cpu_seconds();
    publish(portal, t, told);
    (void)from_subscribers.hear();
    const double worked = bench::cpu_seconds() - cpu;
    const auto subscribers = static_cast<double>(t.subscribers);
    bench::report({{"p50", seen.p50},
                   {"p99", seen.p99},
                   {"longest", seen.longest},
                   {"frames", seen.frames},
                   {"coalesced", subscribers * static_cast<double>(t.rounds) - seen.frames},
                   {"cpu_us", worked / seen.frames * 1e6},
                   {"subscriber_cpu_us", seen.cpu_us},
                   {"bytes", (after - before) / subscribers}});
}

} // namespace

int main(int argc, char** argv) {
    task t;
    if (argc == 4) {
        t.subscribers = std::strtoull(argv[1], nullptr, 10);
        t.rounds = std::strtoull(argv[2], nullptr, 10);
        t.together = std::string_view(argv[3]) == "together";
    }
    if (t.subscribers == 0 || t.rounds == 0 || (!t.together && std::string_view(argv[3]) != "spread")) {
        std::fputs("usage: bench_job_e_watch SUBSCRIBERS ROUNDS spread|together\n", stderr);
        return 2;
    }
    try {
        allow_descriptors(t.subscribers + 100);
        diary told(t);
        auto& seen = *shared_memory<outcome>(1);
        const line_pipe down;
        const line_pipe up;
        const auto child = bench::checked(::fork(), "fork");
        if (child == 0) {
            down.only_hear();
            up.only_tell();
            subscribe_all(t, told, down, up, seen);
            return 0;
        }
        down.only_tell();
        up.only_hear();
        serve(t, told, down, up, seen);
        ::waitpid(child, nullptr, 0);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
