// Job E, clients of one server: bench_job_e_client PROGRAM PORT TOKEN CONNECTIONS REQUESTS
//   lineside  `lineside::client` with all that is on by default: pool, deadline, retries, request ids, typed decoding
//   beast     Boost.Beast, asynchronous: heads are parsed, bodies stay text
//   curl      libcurl's multi interface over epoll, likewise
//   epoll     the floor, and the load that servers are put under: a request that is ready, and the end of an answer
// All of them in one thread, each connection with one request under way. Prints a line of JSON.

#include <lineside/client.hpp>

#include "job_e.hpp"
#include "support.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#ifdef LINESIDE_BENCH_CURL
#include <curl/curl.h>
#endif

#include <array>
#include <charconv>
#include <cstdlib>
#include <iterator>
#include <memory>

#include <sys/epoll.h>

namespace {

using namespace lineside;

struct task {
    std::uint16_t port = 0;
    std::string token;
    std::size_t connections = 1;
    std::size_t requests = 0;
};

/// Counts requests and times them, but for the first tenth, which warms up.
class meter {
public:
    using clock = std::chrono::steady_clock;

    explicit meter(std::size_t requests) : warm_(requests / 10), left_(requests + warm_) { us_.reserve(requests); }

    /// Whether one more is to be sent.
    [[nodiscard]] bool take() noexcept { return left_ > 0 && left_-- > 0; }
    void answered(clock::time_point sent) {
        last_ = clock::now();
        if (++answers_ > warm_) {
            us_.push_back(std::chrono::duration<double, std::micro>(last_ - sent).count());
        } else if (answers_ == warm_) {
            begun_ = last_;
            cpu_ = bench::cpu_seconds();
        }
    }
    void report() {
        const auto n = static_cast<double>(us_.size());
        const double cpu = bench::cpu_seconds() - cpu_;
        const double seconds = std::chrono::duration<double>(last_ - begun_).count();
        bench::latencies all(std::move(us_));
        bench::report({{"seconds", seconds},
                       {"requests_s", n / seconds},
                       {"p50", all.at(0.5)},
                       {"p99", all.at(0.99)},
                       {"cpu_us", cpu / n * 1e6}});
    }

private:
    std::size_t warm_;
    std::size_t left_;
    std::size_t answers_ = 0;
    clock::time_point begun_ = clock::now();
    clock::time_point last_{};
    double cpu_ = bench::cpu_seconds();
    std::vector<double> us_;
};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

// ---- Lineside

class lineside_caller {
public:
    lineside_caller(client& c, meter& m) : client_(c), meter_(m) { ask(); }

private:
    void ask() {
        if (!meter_.take())
            return;
        client_.async_get_account(bench::asked_account,
                                  [this, sent = meter::clock::now()](error_code ec, const account& a) {
                                      if (ec || a.id != bench::asked_account)
                                          fail("lineside: " + ec.message());
                                      meter_.answered(sent);
                                      ask();
                                  });
    }

    client& client_;
    meter& meter_;
};

void run_lineside(const task& t, meter& m) {
    asio::io_context io(1);
    client_options options;
    options.base_url = "http://127.0.0.1:" + std::to_string(t.port);
    options.token = secret(t.token);
    options.connections = t.connections;
    client c(io, std::move(options));
    std::vector<std::unique_ptr<lineside_caller>> callers;
    for (std::size_t i = 0; i < t.connections; ++i)
        callers.push_back(std::make_unique<lineside_caller>(c, m));
    io.run();
}

// ---- Beast

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

class beast_caller {
public:
    beast_caller(asio::io_context& io, const task& t, meter& m) : socket_(io), meter_(m) {
        socket_.connect({asio::ip::address_v4::loopback(), t.port});
        socket_.set_option(tcp::no_delay(true));
        request_.method(http::verb::get);
        request_.target({bench::asked_target.data(), bench::asked_target.size()});
        request_.set(http::field::host, "127.0.0.1:" + std::to_string(t.port));
        request_.set(http::field::user_agent, "beast");
        request_.set(http::field::accept, "application/json");
        request_.set(http::field::authorization, "Bearer " + t.token);
        ask();
    }

private:
    void ask() {
        if (!meter_.take())
            return;
        sent_ = meter::clock::now();
        http::async_write(socket_, request_, [this](error_code ec, std::size_t) {
            if (ec)
                fail("beast: " + ec.message());
            receive();
        });
    }
    void receive() {
        answer_ = {};
        http::async_read(socket_, buffer_, answer_, [this](error_code ec, std::size_t) {
            if (ec || answer_.result() != http::status::ok)
                fail("beast: " + ec.message());
            meter_.answered(sent_);
            ask();
        });
    }

    tcp::socket socket_;
    beast::flat_buffer buffer_;
    http::request<http::empty_body> request_;
    http::response<http::string_body> answer_;
    meter& meter_;
    meter::clock::time_point sent_{};
};

void run_beast(const task& t, meter& m) {
    asio::io_context io(1);
    std::vector<std::unique_ptr<beast_caller>> callers;
    for (std::size_t i = 0; i < t.connections; ++i)
        callers.push_back(std::make_unique<beast_caller>(io, t, m));
    io.run();
}

// ---- libcurl

#ifdef LINESIDE_BENCH_CURL

class curl_client {
public:
    curl_client(const task& t, meter& m)
        : multi_(::curl_multi_init()),
          events_(bench::checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
          url_("http://127.0.0.1:" + std::to_string(t.port) + std::string(bench::asked_target)),
          meter_(m) {
        fields_ = ::curl_slist_append(nullptr, ("Authorization: Bearer " + t.token).c_str());
        fields_ = ::curl_slist_append(fields_, "Accept: application/json");
        ::curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &curl_client::follow);
        ::curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
        ::curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &curl_client::set_timer);
        ::curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        ::curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(t.connections));
        for (std::size_t i = 0; i < t.connections; ++i) {
            auto& one = transfers_.emplace_back(std::make_unique<transfer>());
            ::curl_easy_setopt(one->easy, CURLOPT_URL, url_.c_str());
            ::curl_easy_setopt(one->easy, CURLOPT_HTTPHEADER, fields_);
            ::curl_easy_setopt(one->easy, CURLOPT_WRITEFUNCTION, &curl_client::take);
            ::curl_easy_setopt(one->easy, CURLOPT_WRITEDATA, &one->body);
            ::curl_easy_setopt(one->easy, CURLOPT_PRIVATE, one.get());
            ask(*one);
        }
    }
    curl_client(const curl_client&) = delete;
    curl_client& operator=(const curl_client&) = delete;
    ~curl_client() {
        for (auto& one : transfers_)
            ::curl_easy_cleanup(one->easy);
        ::curl_multi_cleanup(multi_);
        ::curl_slist_free_all(fields_);
        ::close(events_);
    }

    void run() {
        std::array<::epoll_event, 256> ready{};
        while (under_way_ > 0) {
            const int n = bench::checked(::epoll_wait(events_, ready.data(), ready.size(), wait_), "epoll_wait");
            int running = 0;
            if (n == 0) {
                wait_ = -1;
                ::curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
            }
            for (int i = 0; i < n; ++i) {
                const auto& e = ready[static_cast<std::size_t>(i)];
                const int what = ((e.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                                 ((e.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0);
                ::curl_multi_socket_action(multi_, e.data.fd, what, &running);
            }
            take_answers();
        }
    }

private:
    struct transfer {
        ::CURL* easy = ::curl_easy_init();
        std::string body;
        meter::clock::time_point sent{};
    };

    void ask(transfer& one) {
        if (!meter_.take())
            return;
        one.body.clear();
        one.sent = meter::clock::now();
        ++under_way_;
        ::curl_multi_add_handle(multi_, one.easy);
    }
    void take_answers() {
        int left = 0;
        while (const auto* said = ::curl_multi_info_read(multi_, &left)) {
            if (said->data.result != CURLE_OK)
                fail(std::string("curl: ") + ::curl_easy_strerror(said->data.result));
            long status = 0;
            transfer* one = nullptr;
            ::curl_easy_getinfo(said->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            ::curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &one);
            if (status != 200)
                fail("curl: " + std::to_string(status));
            ::curl_multi_remove_handle(multi_, one->easy);
            --under_way_;
            meter_.answered(one->sent);
            ask(*one);
        }
    }
    static std::size_t take(const char* bytes, std::size_t size, std::size_t n, void* body) {
        static_cast<std::string*>(body)->append(bytes, size * n);
        return size * n;
    }
    static int set_timer(::CURLM*, long ms, void* self) {
        static_cast<curl_client*>(self)->wait_ = static_cast<int>(ms);
        return 0;
    }
    static int follow(::CURL*, ::curl_socket_t fd, int what, void* self, void* known) {
        auto& me = *static_cast<curl_client*>(self);
        ::epoll_event e{.events = 0, .data = {.fd = fd}};
        if (what == CURL_POLL_REMOVE)
            return ::epoll_ctl(me.events_, EPOLL_CTL_DEL, fd, &e);
        e.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
        ::curl_multi_assign(me.multi_, fd, self);
        return ::epoll_ctl(me.events_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &e);
    }

    ::CURLM* multi_;
    int events_;
    int wait_ = -1;
    ::curl_slist* fields_ = nullptr;
    const std::string url_;
    std::vector<std::unique_ptr<transfer>> transfers_;
    std::size_t under_way_ = 0;
    meter& meter_;
};

void run_curl(const task& t, meter& m) { curl_client(t, m).run(); }

#else

void run_curl(const task&, meter&) { fail("built without libcurl"); }

#endif

// ---- The floor

struct epoll_caller {
    bench::plain_socket socket;
    meter::clock::time_point sent{};
    std::array<char, 8'192> bytes{};
    std::size_t size = 0;

    /// True: there is a whole answer, which is 200.
    bool receive() {
        size += socket.receive(bytes.data() + size, bytes.size() - size);
        const std::string_view text(bytes.data(), size);
        const auto head = text.find("\r\n\r\n");
        if (head == std::string_view::npos)
            return false;
        constexpr std::string_view field = "Content-Length: ";
        const auto at = text.find(field);
        std::size_t length = 0;
        if (!text.starts_with("HTTP/1.1 200") || at > head)
            fail("epoll: " + std::string(text));
        std::from_chars(text.data() + at + field.size(), text.data() + head, length);
        if (size < head + 4 + length)
            return false;
        size = 0;
        return true;
    }
};

void run_epoll(const task& t, meter& m) {
    const std::string request =
        "GET " + std::string(bench::asked_target) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(t.port) +
        "\r\nUser-Agent: epoll\r\nAccept: application/json\r\n" + "Authorization: Bearer " + t.token + "\r\n\r\n";
    const int events = bench::checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    std::vector<std::unique_ptr<epoll_caller>> callers;
    std::size_t under_way = 0;
    const auto ask = [&](epoll_caller& one) {
        if (!m.take())
            return;
        one.sent = meter::clock::now();
        one.socket.send(request);
        ++under_way;
    };
    for (std::size_t i = 0; i < t.connections; ++i) {
        auto& one = *callers.emplace_back(std::make_unique<epoll_caller>());
        one.socket.connect(t.port);
        ::epoll_event e{.events = EPOLLIN, .data = {.ptr = &one}};
        bench::checked(::epoll_ctl(events, EPOLL_CTL_ADD, one.socket.fd(), &e), "epoll_ctl");
        ask(one);
    }
    std::array<::epoll_event, 256> ready{};
    while (under_way > 0) {
        const int n = bench::checked(::epoll_wait(events, ready.data(), ready.size(), -1), "epoll_wait");
        for (int i = 0; i < n; ++i) {
            auto& one = *static_cast<epoll_caller*>(ready[static_cast<std::size_t>(i)].data.ptr);
            if (!one.receive())
                continue;
            --under_way;
            m.answered(one.sent);
            ask(one);
        }
    }
    ::close(events);
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "";
#ifdef LINESIDE_BENCH_CURL
    if (what == "curl-version") {
        std::puts(::curl_version());
        return 0;
    }
#endif
    constexpr std::pair<std::string_view, void (*)(const task&, meter&)> programs[] = {
        {"lineside", &run_lineside}, {"beast", &run_beast}, {"curl", &run_curl}, {"epoll", &run_epoll}};
    const auto* const found =
        std::find_if(std::begin(programs), std::end(programs), [&](const auto& p) { return p.first == what; });
    if (argc != 6 || found == std::end(programs)) {
        std::fputs("usage: bench_job_e_client lineside|beast|curl|epoll PORT TOKEN CONNECTIONS REQUESTS\n", stderr);
        return 2;
    }
    task t;
    t.port = static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10));
    t.token = argv[3];
    t.connections = std::strtoull(argv[4], nullptr, 10);
    t.requests = std::strtoull(argv[5], nullptr, 10);
    try {
        meter m(t.requests);
        found->second(t, m);
        m.report();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
