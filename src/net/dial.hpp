#pragma once

#include <lineside/error.hpp>

#include "net/connection.hpp"
#include "net/http_client.hpp"
#include "net/lookup.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lineside::net {

/// No connection came about.
class dial_error : public error {
public:
    enum class next : std::uint8_t {
        again, ///< the next try may fare better
        never,
    };

    dial_error(errc e, std::string message, error_code cause, next n)
        : error(make_error_code(e), diagnostics{std::move(message), {}, {}, 0, cause}),
          next_(n) {}
    [[nodiscard]] bool may_pass() const noexcept { return next_ == next::again; }

private:
    next next_;
};

/// Makes connections to one server: looks up its name, connects to the first of its addresses that takes it (RFC 8305),
/// asks a proxy where there is one, and makes it secure. On the executor's strand.
class dialer {
public:
    /// Throws `lineside::error`: invalid_argument (a file of `options.tls`).
    dialer(boost::asio::any_io_executor executor, const http_client_options& options, std::shared_ptr<watchdog> dog);
    dialer(const dialer&) = delete;
    dialer& operator=(const dialer&) = delete;

    /// Throws `dial_error`, unavailable where it takes longer than `options.connect`; operation_aborted. The dialer outlives it.
    [[nodiscard]] boost::asio::awaitable<std::unique_ptr<connection>> dial();
    /// Of a connection that has served: the next one need not begin from nothing.
    void keep_session(connection& of);

private:
    class attempt;

    [[nodiscard]] boost::asio::awaitable<std::unique_ptr<connection>> connect() const;
    [[nodiscard]] boost::asio::awaitable<std::vector<address_bytes>> find(const std::string& host) const;
    [[nodiscard]] boost::asio::awaitable<void> ask_proxy(plain_stream& proxy) const;
    [[nodiscard]] boost::asio::awaitable<void> secure(secure_stream& s) const;

    const boost::asio::any_io_executor executor_;
    const http_client_options& options_;
    const std::shared_ptr<watchdog> dog_;
    const std::shared_ptr<name_lookups> lookups_ = std::make_shared<name_lookups>();
    mutable std::optional<boost::asio::ssl::context> tls_;
    std::shared_ptr<SSL_SESSION> session_;
};

/// As a URL writes them: an IPv6 address in brackets.
[[nodiscard]] std::string authority_of(const std::string& host, std::uint16_t port);

} // namespace lineside::net
