#include "net/http_server.hpp"

#include <lineside/error.hpp>

#include "net/http_connection.hpp"
#include "net/http_server_state.hpp"
#include "net/http_server_tls.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <mutex>
#include <utility>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

// Without descriptors or memory for another connection: a while, so that those there are can end.
constexpr auto accept_pause = std::chrono::milliseconds(100);

asio::any_io_executor one_at_a_time(const asio::any_io_executor& executor, http_threads threads) {
    if (threads == http_threads::one)
        return executor;
    return asio::make_strand(executor);
}

tcp::acceptor listen_at(const asio::any_io_executor& executor, const http_server_options& options) {
    error_code ec;
    const auto address = asio::ip::make_address(options.host, ec);
    if (ec)
        throw error(errc::invalid_argument, options.host + " is no address to listen at", "host");
    const tcp::endpoint at(address, options.port);
    tcp::acceptor acceptor(executor);
    acceptor.open(at.protocol(), ec);
    if (!ec)
        acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec && address.is_v6())
        acceptor.set_option(asio::ip::v6_only(false), ec);
    if (!ec)
        acceptor.bind(at, ec);
    if (!ec)
        acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        throw error(make_error_code(ec == boost::system::errc::address_not_available ? errc::invalid_argument
                                                                                     : errc::unavailable),
                    diagnostics{"the server cannot listen at " + options.host + " port " +
                                    std::to_string(options.port) + ": " + ec.message(),
                                "host",
                                {},
                                0,
                                ec});
    return acceptor;
}

} // namespace

class http_server::listener : public std::enable_shared_from_this<listener> {
public:
    listener(asio::any_io_executor executor, http_server_options options, handler handle, refuser refuse)
        : executor_(std::move(executor)),
          options_(std::move(options)),
          own_(one_at_a_time(executor_, options_.threads)),
          tls_(options_.tls ? make_server_context(*options_.tls) : nullptr),
          acceptor_(listen_at(own_, options_)),
          port_(acceptor_.local_endpoint().port()),
          pause_(own_),
          state_(std::make_shared<http_server_state>(own_, options_.limits, std::move(handle), std::move(refuse))) {}

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] http_server_figures figures() const {
        const auto& f = state_->figures;
        return {f.accepted, f.refused, f.bad_requests, f.failed_handshakes, state_->open()};
    }

    void start() {
        asio::post(own_, [self = shared_from_this()] { self->accept(); });
    }

    void reload_certificate() {
        if (!options_.tls)
            return;
        auto fresh = make_server_context(*options_.tls);
        const std::lock_guard guard(mutex_);
        tls_ = std::move(fresh);
    }

    void stop(std::chrono::milliseconds grace, std::function<void()> stopped) {
        asio::post(own_, [self = shared_from_this(), grace, stopped = std::move(stopped)]() mutable {
            if (std::exchange(self->stopped_, true))
                return;
            error_code ignored;
            self->acceptor_.close(ignored);
            self->pause_.cancel();
            self->state_->drain(grace, std::move(stopped));
        });
    }

private:
    void accept() {
        if (stopped_)
            return;
        acceptor_.async_accept(one_at_a_time(executor_, options_.threads), peer_,
                               [self = shared_from_this()](error_code ec, tcp::socket socket) {
                                   if (self->stopped_)
                                       return;
                                   if (!ec)
                                       self->take(std::move(socket));
                                   if (!ec || ec == asio::error::connection_aborted)
                                       self->accept();
                                   else
                                       self->pause();
                               });
    }

    void pause() {
        pause_.expires_after(accept_pause);
        pause_.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->accept();
        });
    }

    void take(tcp::socket socket) {
        ++state_->figures.accepted;
        auto place = state_->admit(peer_.address());
        if (!place) {
            ++state_->figures.refused;
            return;
        }
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        serve_connection(std::move(socket), peer_, state_, std::move(*place), context());
    }

    [[nodiscard]] std::shared_ptr<asio::ssl::context> context() const {
        const std::lock_guard guard(mutex_);
        return tls_;
    }

    const asio::any_io_executor executor_;
    const http_server_options options_;
    const asio::any_io_executor own_; // what follows lives on it
    mutable std::mutex mutex_;
    std::shared_ptr<asio::ssl::context> tls_; // guarded by mutex_
    tcp::acceptor acceptor_;
    const std::uint16_t port_;
    tcp::endpoint peer_; // of the next connection
    asio::steady_timer pause_;
    bool stopped_ = false;
    const std::shared_ptr<http_server_state> state_;
};

http_server::http_server(asio::any_io_executor executor, http_server_options options, handler handle, refuser refuse)
    : listener_(
          std::make_shared<listener>(std::move(executor), std::move(options), std::move(handle), std::move(refuse))) {}

// Where it was not stopped, it stops by itself.
http_server::~http_server() { listener_->stop({}, nullptr); }

void http_server::start() { listener_->start(); }
std::uint16_t http_server::port() const { return listener_->port(); }
http_server_figures http_server::figures() const { return listener_->figures(); }
void http_server::reload_certificate() { listener_->reload_certificate(); }
void http_server::stop(std::chrono::milliseconds grace, std::function<void()> stopped) {
    listener_->stop(grace, std::move(stopped));
}

} // namespace lineside::net
