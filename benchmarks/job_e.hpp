#pragma once

#include <lineside/account.hpp>
#include <lineside/error.hpp>

#include "wire/json.hpp"

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/// What the programs of job E share: what is asked, what is answered, and sockets.
namespace lineside::bench {

inline const account_id asked_account{"acme"};
inline constexpr std::string_view asked_target = "/v1/accounts/acme";

/// The account that everybody is asked for: about 300 bytes of JSON.
inline account sample_account() {
    account a;
    a.id = asked_account;
    a.name = "Acme Telephony";
    a.currency = "EUR";
    a.time_zone = "Europe/Kyiv";
    a.channel_limit = 120;
    a.contact_name = "Ann Smithers";
    a.tax = "20";
    return a;
}

/// The answer of those who work nothing out.
inline std::string ready_body() {
    std::string body;
    wire::append_json(body, sample_account());
    return body;
}
inline std::string ready_answer() {
    const auto body = ready_body();
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// What the process and its threads have worked until now, in the kernel too.
inline double cpu_seconds() {
    ::rusage u{};
    ::getrusage(RUSAGE_SELF, &u);
    const auto seconds = [](const ::timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(u.ru_utime) + seconds(u.ru_stime);
}

inline int checked(int result, const char* what) {
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

/// A TCP socket.
class plain_socket {
public:
    plain_socket() : fd_(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {}
    explicit plain_socket(int fd) noexcept : fd_(fd) {}
    plain_socket(plain_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    plain_socket& operator=(plain_socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~plain_socket() {
        if (fd_ >= 0)
            ::close(fd_);
    }

    [[nodiscard]] int fd() const noexcept { return fd_; }
    /// Of a server on this machine.
    void connect(std::uint16_t port) const {
        const auto address = at(port);
        checked(::connect(fd_, reinterpret_cast<const ::sockaddr*>(&address), sizeof address), "connect");
        no_delay();
    }
    void no_delay() const {
        const int on = 1;
        checked(::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
    }
    /// Returns the port.
    [[nodiscard]] std::uint16_t listen() const {
        auto address = at(0);
        ::socklen_t size = sizeof address;
        checked(::bind(fd_, reinterpret_cast<const ::sockaddr*>(&address), size), "bind");
        checked(::listen(fd_, SOMAXCONN), "listen");
        checked(::getsockname(fd_, reinterpret_cast<::sockaddr*>(&address), &size), "getsockname");
        return ntohs(address.sin_port);
    }
    /// The messages are short: a socket that takes only a part of one is not expected.
    void send(std::string_view bytes) const {
        if (checked(static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL)), "send") !=
            static_cast<int>(bytes.size()))
            throw std::runtime_error("the socket is full");
    }
    /// 0: the end.
    [[nodiscard]] std::size_t receive(char* to, std::size_t most) const {
        return static_cast<std::size_t>(checked(static_cast<int>(::recv(fd_, to, most, 0)), "recv"));
    }

private:
    static ::sockaddr_in at(std::uint16_t port) {
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return address;
    }

    int fd_;
};

} // namespace lineside::bench
